//! Finds the next place where there may be something to do, at the speed of memory on clean text.
//!
//! Three looks take [`LANES`] bytes at a time, in plain loops that compilers turn into vector
//! instructions: one that knows Latin only, one that knows characters by their lead bytes, and one
//! that knows some more by all of theirs. What is suspect then gets a fourth look, by character.

use unicode_normalization::char::compose;

use super::Normalization;
use super::policy::{self, DECOMPOSES, Kind, LAST_MARK, MAYBE_STARTER, PLAIN, QUOTE, WIDTH};
use crate::lanes::{wide, within};
use crate::utf8::decode;

const LANES: usize = 32;
/// So many suspects are sooner looked at one by one.
const FEW: u8 = 3;
/// A window is its lanes and the two bytes after them, for a look ahead.
const WINDOW: usize = LANES + 2;

/// What came of a look.
enum Look {
    /// There is nothing to do up to here.
    Clean(usize),
    Suspect(usize),
}

pub(super) struct Scanner {
    /// The kinds that need repair, or at least a decision; bit 0 is [`DECOMPOSES`].
    stops: u32,
    /// No option asks for another form of a sign.
    keeps_signs: bool,
}

impl Scanner {
    pub(super) fn new(options: &Normalization) -> Scanner {
        let optional = |kind| matches!(kind, policy::NO_BREAK) || (QUOTE..=WIDTH).contains(&kind);
        let stops = (DECOMPOSES..=WIDTH)
            .filter(|&kind| kind != MAYBE_STARTER)
            .filter(|&kind| !optional(kind) || policy::is_folded(kind, options))
            .fold(0, |stops, kind| stops | 1 << (kind - DECOMPOSES));
        let keeps_signs = !(QUOTE..=WIDTH).any(|kind| policy::is_folded(kind, options));
        Scanner { stops, keeps_signs }
    }

    /// The first character at or after `from` that needs repair or a decision. What is before
    /// `from` has been settled.
    pub(super) fn next(&self, text: &str, from: usize) -> Option<usize> {
        wide(
            #[inline(always)]
            || self.find(text, from),
        )
    }

    #[inline(always)]
    fn find(&self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        // Until there is another script, half of the time is saved by not looking for one.
        let (mut at, mut latin) = (from, true);
        loop {
            let looked = match bytes[at..].first_chunk::<WINDOW>() {
                Some(window) if latin && is_calm(window, true, self.keeps_signs) => {
                    Look::Clean(at + LANES)
                }
                Some(window) if is_calm(window, false, self.keeps_signs) => {
                    latin = false;
                    Look::Clean(at + LANES)
                }
                Some(window) => self.look_closer(text, at, window),
                None if at == bytes.len() => return None,
                // Zeros after the end make a blank there suspect. They are so themselves, which
                // does no harm outside of the text.
                None => {
                    let mut window = [0; WINDOW];
                    let rest = &bytes[at..];
                    window[..rest.len()].copy_from_slice(rest);
                    self.look_closer(text, at, &window)
                }
            };
            match looked {
                Look::Clean(to) => at = to.min(bytes.len()),
                Look::Suspect(found) => return Some(found),
            }
        }
    }

    /// The other looks, at all suspects of a window.
    #[inline(always)]
    fn look_closer(&self, text: &str, at: usize, window: &[u8; WINDOW]) -> Look {
        let mut lanes = suspects(window);
        if lanes.iter().sum::<u8>() > FEW {
            acquit(&mut lanes, window, self.keeps_signs);
        }
        if lanes != [0; LANES] {
            let (words, _) = lanes.as_chunks::<8>();
            for (i, word) in words.iter().enumerate() {
                let mut word = u64::from_le_bytes(*word);
                while word != 0 {
                    let suspect = at + i * 8 + word.trailing_zeros() as usize / 8;
                    if suspect >= text.len() {
                        break;
                    }
                    if self.stops_at(text, suspect) {
                        return match indentation(text.as_bytes(), suspect) {
                            Some(end) => Look::Clean(end),
                            None => Look::Suspect(suspect),
                        };
                    }
                    word &= word - 1;
                }
            }
        }
        Look::Clean(at + LANES)
    }

    /// Whether the suspect is guilty.
    #[inline]
    fn stops_at(&self, text: &str, at: usize) -> bool {
        let bytes = text.as_bytes();
        if bytes[at] < 0x80 {
            // A single tab is as good as a single space; all other suspects are what they seem.
            return bytes[at] != b'\t' || bytes.get(at + 1).is_none_or(|&next| next <= b' ');
        }
        let (c, _) = decode(text, at);
        match policy::kind(c) {
            PLAIN => false,
            mark @ 1..=LAST_MARK => {
                kind_before(text, at).is_some_and(|k| (mark + 1..=LAST_MARK).contains(&k))
            }
            MAYBE_STARTER => {
                let before = text[..at].chars().next_back();
                let c = char::from_u32(c).unwrap_or_default();
                before.is_some_and(|before| compose(before, c).is_some())
            }
            kind => self.stops >> (kind - DECOMPOSES) & 1 != 0,
        }
    }
}

fn kind_before(text: &str, at: usize) -> Option<Kind> {
    text[..at].chars().next_back().map(|c| policy::kind(c as u32))
}

/// The end of the indentation that begins at `at`, if it does and it is left as it is.
fn indentation(bytes: &[u8], at: usize) -> Option<usize> {
    if at > 0 && bytes[at - 1] != b'\n' || !matches!(bytes[at], b' ' | b'\t') {
        return None;
    }
    let length = bytes[at..].iter().position(|b| !matches!(b, b' ' | b'\t'))?;
    matches!(bytes[at + length], b'!'..=b'~').then_some(at + length)
}

/// Whether there is nothing in the lanes but ASCII, letters of Latin or also of others that are plain
/// by their lead bytes and, if they are kept, typographic signs; and no two controls or blanks in a
/// row but two line feeds.
#[inline(always)]
fn is_calm(window: &[u8; WINDOW], latin: bool, keeps_signs: bool) -> bool {
    let mut any = 0;
    for i in 0..LANES {
        let (a, b, c) = (window[i], window[i + 1], window[i + 2]);
        // A continuation byte is less than -64 as a signed one: one comparison, not three.
        let leads = if latin { within(a, LATIN.0, LATIN.1) } else { leads_plain(a) };
        let letter = ((a as i8) < -64) | leads;
        let sign = keeps_signs & (a == 0xE2) & (b == 0x80) & within(c, SIGNS.0, SIGNS.1);
        let calm = within(a, b' ', b'~') | (a == b'\n') | letter | sign;
        let paragraph = (a == b'\n') & (b == b'\n') & (c != b'\n');
        any |= (!calm | (a.max(b) <= b' ') & !paragraph) as u8;
    }
    any == 0
}

/// 1 for every lane that needs a closer look: a control, a blank before something blank, the
/// first of three line feeds, or the lead byte of a character that is not known to be plain.
#[inline(always)]
fn suspects(window: &[u8; WINDOW]) -> [u8; LANES] {
    let mut lanes = [0; LANES];
    for i in 0..LANES {
        let (a, b, c) = (window[i], window[i + 1], window[i + 2]);
        let control = (a < b' ') & (a != b'\n') | (a == 0x7F);
        let blanks = (a == b' ') & (b <= b' ');
        let breaks = (a == b'\n') & (b == b'\n') & (c == b'\n');
        lanes[i] = (control | blanks | breaks | (a >= 0xC0) & !leads_plain(a)) as u8;
    }
    lanes
}

/// The lead bytes of U+00C0 to U+02FF, all plain.
const LATIN: (u8, u8) = (0xC3, 0xCB);

/// The third bytes of dashes, quotes, bullets and the ellipsis, U+2010 to U+2027.
const SIGNS: (u8, u8) = (0x90, 0xA7);

/// Whether all characters with this lead byte are plain, whatever the options: most letters of
/// Latin, Greek, Cyrillic and Armenian, ideographs from U+4000 on, Hangul syllables but the
/// first 4,096, private use to U+EFFF.
#[inline(always)]
pub(super) fn leads_plain(byte: u8) -> bool {
    within(byte, LATIN.0, 0xD5) & !within(byte, 0xCC, 0xCE) & (byte != 0xD2)
        | within(byte, 0xE4, 0xEE) & (byte != 0xEA)
}

/// Takes the suspicion from those whose first two or three bytes say that they are plain: letters of
/// Hebrew, Arabic, Devanagari, Thai, kana and Hangul, punctuation and, if they are kept, typographic signs.
#[inline(always)]
fn acquit(lanes: &mut [u8; LANES], window: &[u8; WINDOW], keeps_signs: bool) {
    for i in 0..LANES {
        let plain = is_plain(window[i], window[i + 1], window[i + 2], keeps_signs);
        lanes[i] &= !(plain as u8);
    }
}

/// Whether a character that begins with these bytes, its own and perhaps those of the next one, is plain.
#[inline(always)]
pub(super) fn is_plain(a: u8, b: u8, c: u8, keeps_signs: bool) -> bool {
    // U+00A1 to U+00BF but the soft hyphen and quotes.
    (a == 0xC2) & (b > 0xA0) & (b != 0xAD) & (keeps_signs | (b != 0xAB) & (b != 0xBB))
        // Hebrew from U+05D0 on.
        | (a == 0xD7) & (b >= 0x90)
        // Arabic but for its marks.
        | (a == 0xD8) & !within(b, 0x90, 0x9F)
        | (a == 0xD9) & ((b <= 0x8A) | (b >= 0xA0) & (b != 0xB0))
        | (a == 0xDA)
        | (a == 0xDB) & ((b <= 0x95) | (b >= 0xAE))
        // Devanagari but for nukta, virama and what decomposes.
        | (a == 0xE0) & (b == 0xA4) & (c != 0xBC)
        | (a == 0xE0) & (b == 0xA5) & ((c <= 0x8C) | (c >= 0xA0))
        // Thai but for the marks that have a class.
        | (a == 0xE0) & (b == 0xB8) & (c < 0xB8)
        | (a == 0xE0) & (b == 0xB9) & !within(c, 0x88, 0x8B)
        // U+2010 to U+2027.
        | keeps_signs & (a == 0xE2) & (b == 0x80) & within(c, SIGNS.0, SIGNS.1)
        // The first 1,024 syllables of Hangul.
        | (a == 0xEA) & (b >= 0xB0)
        // U+3001 to U+3029, and kana but for their marks.
        | (a == 0xE3) & (b == 0x80) & within(c, 0x81, 0xA9)
        | (a == 0xE3) & (b == 0x81)
        | (a == 0xE3) & (b == 0x82) & (c != 0x99) & (c != 0x9A)
        | (a == 0xE3) & (b == 0x83)
        // Full-width forms: U+FF00 to U+FF7F.
        | keeps_signs & (a == 0xEF) & within(b, 0xBC, 0xBD)
}

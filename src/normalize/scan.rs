//! Finds the next place where there may be something to do, at the speed of memory on clean text.
//!
//! The first looks (`looks.rs`) take [`LANES`] bytes at a time, and each of them one family of scripts.
//! Where they fail, closer ones ask of each character: one by its lead byte, and where that leaves
//! more than a few, one by all its bytes. What is suspect then is looked up, character by character.

use unicode_normalization::char::compose;

use super::Normalization;
use super::looks::{AHEAD, BACK, LANES, Look, SIGNS, Window};
use super::policy::{
    self, DECOMPOSES, Kind, LAST_MARK, MAYBE_MARK, MAYBE_STARTER, PLAIN, QUOTE, WIDTH,
};
use crate::lanes::{wide, within};
use crate::utf8::decode;

/// So many suspects are sooner looked at one by one.
const FEW: u8 = 3;

/// What came of a closer look.
enum Found {
    /// There is nothing to do up to here.
    Clean(usize),
    Suspect(usize),
}

pub(super) struct Scanner {
    /// The kinds that need repair, or at least a decision; bit 0 is [`DECOMPOSES`].
    stops: u32,
    /// No option asks for another form of a sign.
    keeps_signs: bool,
    /// The look that the text has last passed.
    look: Look,
}

impl Scanner {
    pub(super) fn new(options: &Normalization) -> Scanner {
        let optional = |kind| matches!(kind, policy::NO_BREAK) || (QUOTE..=WIDTH).contains(&kind);
        let stops = (DECOMPOSES..=WIDTH)
            .filter(|&kind| kind != MAYBE_STARTER)
            .filter(|&kind| !optional(kind) || policy::is_folded(kind, options))
            .fold(0, |stops, kind| stops | 1 << (kind - DECOMPOSES));
        let keeps_signs = !(QUOTE..=WIDTH).any(|kind| policy::is_folded(kind, options));
        Scanner { stops, keeps_signs, look: Look::Latin }
    }

    /// The first character at or after `from` that needs repair or a decision. What is before
    /// `from` has been settled.
    pub(super) fn next(&mut self, text: &str, from: usize) -> Option<usize> {
        wide(
            #[inline(always)]
            || match self.keeps_signs {
                true => self.find::<true>(text, from),
                false => self.find::<false>(text, from),
            },
        )
    }

    #[inline(always)]
    fn find<const KEEPS_SIGNS: bool>(&mut self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            let padded;
            let (source, start) = if at < BACK || bytes.len() - at < LANES + AHEAD {
                padded = window_at(bytes, at);
                (&padded[..], BACK)
            } else {
                (bytes, at)
            };
            let passed = self.look.pass::<KEEPS_SIGNS>(source, start) - start;
            at += passed;
            if passed > 0 {
                continue;
            }
            let Some(window) = source[start - BACK..].first_chunk() else { break };
            let look = Look::of(window);
            if look != self.look {
                self.look = look;
                continue;
            }
            match self.look_closer(text, at, window) {
                Found::Clean(to) => at = to,
                Found::Suspect(found) => return Some(found),
            }
        }
        None
    }

    /// The closer looks, at all suspects of a window.
    #[inline(always)]
    fn look_closer(&self, text: &str, at: usize, window: &Window) -> Found {
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
                            Some(end) => Found::Clean(end),
                            None => Found::Suspect(suspect),
                        };
                    }
                    word &= word - 1;
                }
            }
        }
        Found::Clean(at + LANES)
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
                // The looks let a mark pass that does not compose.
                let swaps = |k| k == MAYBE_MARK || (mark + 1..=LAST_MARK).contains(&k);
                kind_before(text, at).is_some_and(swaps)
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

/// The window at `at`, near an end of the text. What stands before and after the text gives nothing to do
/// in itself, but a blank at the end stands before another.
fn window_at(bytes: &[u8], at: usize) -> Window {
    let mut window = [b'x'; _];
    let start = at.saturating_sub(BACK);
    let end = bytes.len().min(at + LANES + AHEAD);
    window[BACK + start - at..BACK + end - at].copy_from_slice(&bytes[start..end]);
    if let Some(after) = window.get_mut(BACK + end - at) {
        *after = b' ';
    }
    window
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

/// 1 for every lane that needs a closer look: a control, a blank before something blank, the
/// first of three line feeds, or the lead byte of a character that is not known to be plain.
#[inline(always)]
fn suspects(window: &Window) -> [u8; LANES] {
    let mut lanes = [0; LANES];
    for i in 0..LANES {
        let [a, b, c] = [0, 1, 2].map(|to| window[BACK + i + to]);
        let control = (a < b' ') & (a != b'\n') | (a == 0x7F);
        let blanks = (a == b' ') & (b <= b' ');
        let breaks = (a == b'\n') & (b == b'\n') & (c == b'\n');
        lanes[i] = (control | blanks | breaks | (a >= 0xC0) & !leads_plain(a)) as u8;
    }
    lanes
}

/// Whether all characters with this lead byte are plain, whatever the options: most letters of
/// Latin, Greek, Cyrillic and Armenian, ideographs from U+4000 on, Hangul syllables but the
/// first 4,096, private use to U+EFFF.
#[inline(always)]
pub(super) fn leads_plain(byte: u8) -> bool {
    within(byte, 0xC3, 0xD5) & !within(byte, 0xCC, 0xCE) & (byte != 0xD2)
        | within(byte, 0xE4, 0xEE) & (byte != 0xEA)
}

/// Takes the suspicion from those whose first two or three bytes say that they are plain: letters of
/// Hebrew, Arabic, Devanagari, Thai, kana and Hangul, punctuation and, if they are kept, typographic signs.
#[inline(always)]
fn acquit(lanes: &mut [u8; LANES], window: &Window, keeps_signs: bool) {
    for i in 0..LANES {
        let [a, b, c] = [0, 1, 2].map(|to| window[BACK + i + to]);
        let plain = is_plain(a, b, c, keeps_signs);
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

//! Finds the next place where there may be something to do, at the speed of memory on clean text.
//!
//! Two looks take [`LANES`] bytes at a time, in plain loops that compilers turn into vector
//! instructions: one that knows Latin only, and one that knows all characters by their lead bytes.
//! What is suspect then gets a third look, by character.

use unicode_normalization::char::compose;

use super::Normalization;
use super::policy::{self, DECOMPOSES, Kind, LAST_MARK, MAYBE_STARTER, PLAIN, WIDTH};
use crate::lanes::wide;

const LANES: usize = 32;
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
}

impl Scanner {
    pub(super) fn new(options: &Normalization) -> Scanner {
        let optional =
            |kind| matches!(kind, policy::NO_BREAK) || (policy::QUOTE..=WIDTH).contains(&kind);
        let stops = (DECOMPOSES..=WIDTH)
            .filter(|&kind| kind != MAYBE_STARTER)
            .filter(|&kind| !optional(kind) || policy::is_folded(kind, options))
            .fold(0, |stops, kind| stops | 1 << (kind - DECOMPOSES));
        Scanner { stops }
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
        let mut at = from;
        loop {
            let looked = match bytes[at..].first_chunk::<WINDOW>() {
                Some(window) if is_calm(window) => Look::Clean(at + LANES),
                Some(window) => self.look_closer(text, at, suspects(window)),
                None if at == bytes.len() => return None,
                // Zeros after the end make a blank there suspect. They are so themselves, which
                // does no harm outside of the text.
                None => {
                    let mut window = [0; WINDOW];
                    let rest = &bytes[at..];
                    window[..rest.len()].copy_from_slice(rest);
                    self.look_closer(text, at, suspects(&window))
                }
            };
            match looked {
                Look::Clean(to) => at = to.min(bytes.len()),
                Look::Suspect(found) => return Some(found),
            }
        }
    }

    /// The third look, at all suspects of a window.
    #[inline(always)]
    fn look_closer(&self, text: &str, at: usize, lanes: [u8; LANES]) -> Look {
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
        let c = decode(bytes, at);
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

/// Decodes the character of two bytes or more that begins at `at`.
#[inline]
fn decode(bytes: &[u8], at: usize) -> u32 {
    let tail = |i: usize| u32::from(bytes[at + i] & 0x3F);
    match bytes[at] {
        lead @ ..0xE0 => u32::from(lead & 0x1F) << 6 | tail(1),
        lead @ 0xE0..0xF0 => u32::from(lead & 0xF) << 12 | tail(1) << 6 | tail(2),
        lead => u32::from(lead & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3),
    }
}

/// The end of the indentation that begins at `at`, if it does and it is left as it is.
fn indentation(bytes: &[u8], at: usize) -> Option<usize> {
    if at > 0 && bytes[at - 1] != b'\n' || !matches!(bytes[at], b' ' | b'\t') {
        return None;
    }
    let length = bytes[at..].iter().position(|b| !matches!(b, b' ' | b'\t'))?;
    matches!(bytes[at + length], b'!'..=b'~').then_some(at + length)
}

/// Whether there is nothing in the lanes but ASCII and the letters of Latin, and no two controls or
/// blanks in a row.
#[inline(always)]
fn is_calm(window: &[u8; WINDOW]) -> bool {
    let mut any = 0;
    for i in 0..LANES {
        let (a, b) = (window[i], window[i + 1]);
        // A continuation byte is less than -64 as a signed one: one comparison, not three.
        let calm =
            within(a, b' ', b'~') | (a == b'\n') | ((a as i8) < -64) | within(a, LATIN.0, LATIN.1);
        any |= !calm as u8 | (a.max(b) <= b' ') as u8;
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

/// Whether all characters with this lead byte are plain, whatever the options: most letters of
/// Latin, Greek, Cyrillic and Armenian, ideographs from U+4000 on, Hangul syllables but the
/// first 4,096, private use to U+EFFF.
#[inline(always)]
pub(super) fn leads_plain(byte: u8) -> bool {
    within(byte, LATIN.0, 0xD5) & !within(byte, 0xCC, 0xCE) & (byte != 0xD2)
        | within(byte, 0xE4, 0xEE) & (byte != 0xEA)
}

#[inline(always)]
fn within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

//! The first letters of a word, which say where in a table the cues are that begin like it.

use super::Finder;
use super::fold::{IN_WORD, UPPER};
use super::table::{LETTERS, stem, with_letter};

/// As many bytes as an opening is made of, or more.
pub(super) const MOST_BYTES: usize = 4 * LETTERS;

/// The next few letters at a place where a word begins.
pub(super) struct Opening {
    /// The key of the letters.
    key: u64,
    letters: usize,
    /// A bit for each number of letters after which a word may end.
    ends: u8,
    digit: bool,
}

impl Opening {
    #[inline(always)]
    pub(super) fn of(finder: &Finder, line: &str, start: usize) -> Opening {
        const NOT_ASCII: u64 = 0x0080_8080_8080_8080;
        match line.as_bytes()[start..].first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes)) {
            Some(bytes) if bytes & NOT_ASCII == 0 => Opening::of_ascii(&finder.classes, bytes),
            _ => Opening::of_any(finder, line, start),
        }
    }

    /// The opening of the first seven of these bytes.
    #[inline(always)]
    fn of_ascii(classes: &[u8; 128], bytes: u64) -> Opening {
        const CASE: u64 = 0x2020_2020_2020;
        let class = |at: usize| classes[(bytes >> (8 * at)) as usize & 0x7f];
        let (mut ends, mut last) = (0, class(0));
        for length in 1..LETTERS {
            let next = class(length);
            let may_end = last & IN_WORD != 0 && (next & IN_WORD == 0 || next & UPPER != 0);
            ends |= u8::from(may_end) << length;
            last = next;
        }
        let key = bytes & ((1 << (8 * LETTERS)) - 1) | CASE;
        Opening { key, letters: LETTERS, ends, digit: (bytes as u8).is_ascii_digit() }
    }

    fn of_any(finder: &Finder, line: &str, start: usize) -> Opening {
        let mut opening = Opening { key: 0, letters: 0, ends: 0, digit: false };
        let (mut at, mut in_word) = (start, false);
        while opening.letters < LETTERS && at < line.len() {
            let (c, end) = finder.folded(line, at);
            let may_end = in_word && (!c.in_word || c.upper);
            opening.ends |= u8::from(may_end) << opening.letters;
            opening.key = with_letter(opening.key, opening.letters, c.letter);
            opening.digit |= opening.letters == 0 && c.letter.is_ascii_digit();
            opening.letters += 1;
            (at, in_word) = (end, c.in_word);
        }
        if at == line.len() && in_word {
            opening.ends |= 1 << opening.letters;
        }
        opening
    }

    /// The keys that cues may have which begin so; `stems` are the lengths of keys after whose
    /// letters a word may go on.
    #[inline(always)]
    pub(super) fn keys(&self, stems: u8, mut each: impl FnMut(u64)) {
        let key = |length: usize| self.key & ((1 << (8 * length)) - 1);
        if self.letters == LETTERS {
            each(self.key);
        }
        for length in 1..LETTERS.min(self.letters + 1) {
            if self.ends >> length & 1 != 0 {
                each(key(length));
            }
            if stems >> length & 1 != 0 {
                each(stem(key(length)));
            }
        }
        if self.digit {
            each(stem(0));
        }
    }
}

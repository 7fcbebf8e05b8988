//! A text as the sieve sees it: one byte for each code point, and bits for what begins there.
//!
//! It is read piece by piece, so that a text of any length needs the same memory.

use super::fold::{Folder, IN_WORD, UPPER, is_inside_word};
use super::letter::{DIGIT, LINE_BREAK, SIGN, UNSPACED, WORD};
use super::sieve::Ahead;
use crate::lanes::{LANES, bits, is_ascii_alphanumeric, lanes, within};
use crate::utf8::decode;

/// Letters that are looked at from a place on, and before it.
pub(super) const AROUND: usize = 16;
/// Room for the letters of a piece, of those around it, and for what the last step has too many.
pub(super) const ROOM: usize = 1024;
const WORDS: usize = ROOM / 64 + 1;
/// Full stop, comma and apostrophe as bytes of letters: what numbers have between digits.
const NUMBER_SIGNS: [u8; 3] = [b'.' & (WORD - 1), b',' & (WORD - 1), b'\'' & (WORD - 1)];
/// Most letters of a line that is looked up as a whole.
pub(super) const LONGEST_LINE: usize = 96;

/// A bit for each letter.
pub(super) type Bits = [u64; WORDS];

/// A piece of a text.
///
/// The first [`AROUND`] letters are those before the piece, so many after it are those ahead.
pub(super) struct Letters {
    /// The byte of each letter, and zeros beyond the end of the text.
    pub(super) bytes: [u8; WORDS * 64],
    /// The kinds of each.
    kinds: [u8; WORDS * 64],
    /// Where words begin, of scripts with spaces between them.
    pub(super) words: Bits,
    /// Signs, and letters of other scripts.
    pub(super) signs: Bits,
    /// Where no sentence begins, because of a word and a space before.
    pub(super) inner: Bits,
    /// What follows a line break, or the beginning of the text.
    pub(super) lines: Bits,
    /// What follows a digit and is none.
    pub(super) after_numbers: Bits,
    /// What follows a word, or is a capital inside one.
    pub(super) after_words: Bits,
    /// The first letter after the piece.
    pub(super) end: usize,
    /// The byte of the text where the piece begins.
    from: usize,
    /// The same for every 64th letter of it.
    bytes_of_words: [usize; WORDS],
    /// The letters there are, with those ahead.
    count: usize,
    /// How far the text has been read, in bytes.
    read: usize,
}

/// Whether a code point is of a word and no number: such are the last of lines that are cues.
pub(super) fn ends_line(c: char) -> bool {
    is_inside_word(c) && !c.is_numeric()
}

impl Letters {
    pub(super) fn new() -> Letters {
        let mut kinds = [0; WORDS * 64];
        // Before the text, as if a line had ended.
        kinds[AROUND - 1] = LINE_BREAK;
        Letters {
            bytes: [0; WORDS * 64],
            kinds,
            words: [0; WORDS],
            signs: [0; WORDS],
            inner: [0; WORDS],
            lines: [0; WORDS],
            after_numbers: [0; WORDS],
            after_words: [0; WORDS],
            end: AROUND,
            from: 0,
            bytes_of_words: [0; WORDS],
            count: AROUND,
            read: 0,
        }
    }

    /// Reads the next piece; whether there is one.
    #[inline(always)]
    pub(super) fn next(&mut self, text: &str, folder: &Folder) -> bool {
        self.keep_ahead(text);
        let bytes = text.as_bytes();
        while self.count + LANES <= ROOM && self.read < bytes.len() {
            self.read_ascii(&bytes[self.read..]);
            self.read_chars(text, folder);
        }
        self.mark();
        self.end = self.count - AROUND;
        if self.read == bytes.len() {
            // Nothing is ahead.
            self.bytes[self.count..self.count + AROUND].fill(0);
            let last_is_word = self.kinds[self.count - 1] & IN_WORD != 0;
            self.after_words[self.count / 64] |= u64::from(last_is_word) << (self.count % 64);
            self.end = self.count;
        }
        self.end > AROUND
    }

    /// The letters from a place on.
    #[inline(always)]
    pub(super) fn ahead(&self, i: usize) -> Ahead {
        let eight =
            |at: usize| self.bytes[at..].first_chunk().map_or(0, |c| u64::from_le_bytes(*c));
        Ahead { first: eight(i), next: eight(i + 8) }
    }

    /// A bit for each number of letters from a place on after which a word may end.
    #[inline]
    pub(super) fn ends(&self, i: usize) -> u32 {
        bits_at(&self.after_words, i) as u32 & ((1 << AROUND) - 2)
    }

    /// Those before a place, the last one first.
    #[inline]
    pub(super) fn behind(&self, i: usize) -> Ahead {
        let first = self.bytes[..i].last_chunk().map_or(0, |c| u64::from_be_bytes(*c));
        Ahead { first, next: 0 }
    }

    /// The byte of the text where a letter of the piece begins.
    pub(super) fn byte(&self, text: &str, i: usize) -> usize {
        let (word, next) = (i / 64, self.bytes_of_words[i / 64 + 1]);
        let (start, from) = match word {
            0 => (AROUND, self.from),
            _ => (word * 64, self.bytes_of_words[word]),
        };
        if next.wrapping_sub(from) == (word + 1) * 64 - start {
            return from + i - start;
        }
        let rest = &text[from..];
        from + rest.char_indices().nth(i - start).map_or(rest.len(), |(at, _)| at)
    }

    /// Where the number may begin that ends before a place: `000` of `1,000` may be one. None if
    /// it may begin before the piece.
    pub(super) fn number_starts(&self, end: usize) -> Option<impl Iterator<Item = usize>> {
        let of_number = |byte: u8| byte.is_ascii_digit() || NUMBER_SIGNS.contains(&byte);
        let before = self.bytes[..end].iter().rposition(|&byte| !of_number(byte));
        let first = before.map_or(0, |at| at + 1);
        let begins = move |&i: &usize| bits_at(&self.words, i) & 1 != 0;
        (first >= AROUND).then(|| (first..end).filter(begins))
    }

    /// Whether there is a number that has no digits of ASCII, folded: `½`, `²`.
    pub(super) fn is_other_number(&self, text: &str, i: usize) -> bool {
        let byte = self.bytes[i];
        byte >= 0x80 && byte & WORD != 0 && text[self.byte(text, i)..].starts_with(char::is_numeric)
    }

    /// How many letters there are from a place to the last of the line that is of a word and no
    /// number; none if it is farther than [`LONGEST_LINE`].
    pub(super) fn rest_of_line(&self, text: &str, i: usize) -> Option<usize> {
        let next = (i / 64..WORDS).find_map(|word| {
            let from = if word == i / 64 { !0 << (i % 64) << 1 } else { !0 };
            let bits = self.lines[word] & from;
            (bits != 0).then(|| word * 64 + bits.trailing_zeros() as usize)
        });
        let mut end = next.unwrap_or(self.count);
        if next.is_none() {
            let rest = text[self.read..].chars().take_while(|&c| c != '\n').enumerate();
            let mut last = None;
            for (at, _) in rest.filter(|(_, c)| ends_line(*c)) {
                if end - i + at >= LONGEST_LINE {
                    return None;
                }
                last = Some(end - i + at + 1);
            }
            if last.is_some() {
                return last;
            }
        }
        while end > i + 1 {
            let byte = self.bytes[end - 1];
            let digit = byte.is_ascii_digit() || self.is_other_number(text, end - 1);
            if byte & WORD != 0 && !digit {
                break;
            }
            end -= 1;
        }
        (end - i <= LONGEST_LINE).then_some(end - i)
    }

    /// Makes the letters ahead the first ones of the next piece.
    #[inline(always)]
    fn keep_ahead(&mut self, text: &str) {
        let (kept, ahead) = (self.end - AROUND..self.count, self.count - self.end);
        let mut behind = text[..self.read].char_indices().rev();
        self.from =
            if ahead == 0 { self.read } else { behind.nth(ahead - 1).map_or(0, |(at, _)| at) };
        self.bytes_of_words = [usize::MAX; WORDS];
        self.bytes.copy_within(kept.clone(), 0);
        self.kinds.copy_within(kept, 0);
        self.count = AROUND + ahead;
    }

    /// Reads ASCII, as far as there is some.
    #[inline(always)]
    fn read_ascii(&mut self, rest: &[u8]) {
        let (lanes, length) = lanes(rest);
        let place = self.count..self.count + LANES;
        let in_word = lanes.map(|byte| if is_ascii_alphanumeric(byte) { 0xFF } else { 0 });
        let (bytes, kinds) = (&mut self.bytes[place.clone()], &mut self.kinds[place]);
        for i in 0..LANES {
            let byte = lanes[i];
            let kind = |holds: bool, kind: u8| if holds { kind } else { 0 };
            let sign = kind(byte > b' ', SIGN) | kind(byte == b'\n', LINE_BREAK);
            let upper = kind(within(byte, b'A', b'Z'), UPPER);
            let digit = kind(within(byte, b'0', b'9'), DIGIT);
            bytes[i] = byte & (WORD - 1) | (byte | WORD) & in_word[i];
            kinds[i] = sign & !in_word[i] | IN_WORD & in_word[i] | upper | digit;
        }
        let next_word = self.count.next_multiple_of(64);
        if next_word < self.count + length {
            self.bytes_of_words[next_word / 64] = self.read + next_word - self.count;
        }
        self.read += length;
        self.count += length;
    }

    /// Reads code points until what follows is ASCII, of which a sign or two between words of
    /// another script are too little for [`read_ascii`](Letters::read_ascii).
    #[inline(always)]
    fn read_chars(&mut self, text: &str, folder: &Folder) {
        const NEAR: usize = 3;
        let bytes = text.as_bytes();
        while self.count < ROOM && self.read < bytes.len() {
            let near = &bytes[self.read..bytes.len().min(self.read + NEAR)];
            if near.is_ascii() {
                break;
            }
            let (code, size) = decode(text, self.read);
            let letter = folder.letter(code);
            self.bytes[self.count] = letter.byte;
            self.kinds[self.count] = letter.kinds;
            if self.count.is_multiple_of(64) {
                self.bytes_of_words[self.count / 64] = self.read;
            }
            self.count += 1;
            self.read += size;
        }
    }

    /// Sets the bits for all letters that there are.
    #[inline(always)]
    fn mark(&mut self) {
        let marked = self.count.div_ceil(64);
        for bits in [
            &mut self.words,
            &mut self.signs,
            &mut self.inner,
            &mut self.lines,
            &mut self.after_numbers,
            &mut self.after_words,
        ] {
            bits[marked..].fill(0);
        }
        let mut last = Kinds::default();
        let (blocks, _) = self.kinds.as_chunks::<LANES>();
        for (number, kinds) in blocks[..marked].iter().enumerate() {
            let mask = u64::MAX >> (64 - (self.count - 64 * number).min(64));
            let bits = |kind: u8| bits(kinds, |kinds| kinds & kind != 0) & mask;
            let now = Kinds {
                word: bits(IN_WORD),
                upper: bits(UPPER),
                digit: bits(DIGIT),
                line_break: bits(LINE_BREAK),
                sign: bits(SIGN),
                unspaced: bits(UNSPACED),
                was_word: 0,
            };
            let before = |now: u64, last: u64| (now << 1 | last >> 63) & mask;
            let now = Kinds { was_word: before(now.word, last.word), ..now };
            let after_space = before(now.space(), last.space());
            let after_word_and_space = after_space & before(now.was_word, last.was_word);
            let glued = now.upper & !before(now.upper, last.upper);
            self.words[number] = now.word & !(now.was_word & !glued);
            self.signs[number] = now.sign;
            self.inner[number] = after_word_and_space | before(now.unspaced, last.unspaced);
            self.lines[number] = before(now.line_break, last.line_break);
            self.after_numbers[number] = before(now.digit, last.digit) & !now.digit;
            self.after_words[number] = now.was_word & (!now.word | now.upper);
            last = now;
        }
    }
}

/// What 64 letters are, as bits.
#[derive(Clone, Copy, Default)]
struct Kinds {
    word: u64,
    upper: u64,
    digit: u64,
    line_break: u64,
    sign: u64,
    unspaced: u64,
    /// The letter before is of a word.
    was_word: u64,
}

impl Kinds {
    fn space(self) -> u64 {
        !(self.word | self.sign | self.line_break)
    }
}

/// The 64 bits from a place on, or those there are.
#[inline]
pub(super) fn bits_at(all: &Bits, at: usize) -> u64 {
    let low = all.get(at / 64).copied().unwrap_or(0) >> (at % 64);
    match (at % 64, all.get(at / 64 + 1)) {
        (1.., Some(next)) => low | next << (64 - at % 64),
        _ => low,
    }
}

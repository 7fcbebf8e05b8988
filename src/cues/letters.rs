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
    pub(super) bytes: [u8; ROOM + AROUND],
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
    last: Last,
}

/// What the last letter read was.
#[derive(Clone, Copy, Default)]
struct Last {
    word: bool,
    upper: bool,
    digit: bool,
    line_break: bool,
    space: bool,
    unspaced: bool,
    /// The letter before the last one was of a word.
    before_word: bool,
}

/// Whether a code point is of a word and no number: such are the last of lines that are cues.
pub(super) fn ends_line(c: char) -> bool {
    is_inside_word(c) && !c.is_numeric()
}

impl Letters {
    pub(super) fn new() -> Letters {
        Letters {
            bytes: [0; ROOM + AROUND],
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
            last: Last { line_break: true, ..Last::default() },
        }
    }

    /// Reads the next piece; whether there is one.
    #[inline(always)]
    pub(super) fn next(&mut self, text: &str, folder: &Folder) -> bool {
        self.keep_ahead(text);
        let bytes = text.as_bytes();
        while self.count + LANES <= ROOM && self.read < bytes.len() {
            self.read_ascii(&bytes[self.read..]);
            while self.count < ROOM && bytes.get(self.read).is_some_and(|byte| !byte.is_ascii()) {
                self.read_chars(text, folder);
            }
        }
        self.end = self.count - AROUND;
        if self.read == bytes.len() {
            // Nothing is ahead.
            self.bytes[self.count..self.count + AROUND].fill(0);
            put(&mut self.after_words, self.count, self.last.word.into());
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
        let (end, ahead) = (self.end, self.count - self.end);
        let mut behind = text[..self.read].char_indices().rev();
        self.from =
            if ahead == 0 { self.read } else { behind.nth(ahead - 1).map_or(0, |(at, _)| at) };
        self.bytes_of_words = [usize::MAX; WORDS];
        self.bytes.copy_within(end - AROUND..self.count, 0);
        for bits in [
            &mut self.words,
            &mut self.signs,
            &mut self.inner,
            &mut self.lines,
            &mut self.after_numbers,
            &mut self.after_words,
        ] {
            let kept = bits_at(bits, end) & ((1 << ahead) - 1);
            bits.fill(0);
            bits[0] = kept << AROUND;
        }
        self.count = AROUND + ahead;
    }

    /// Reads ASCII, as far as there is some.
    #[inline(always)]
    fn read_ascii(&mut self, rest: &[u8]) {
        let (lanes, length) = lanes(rest);
        if length == 0 {
            return;
        }
        let letters = lanes.map(|byte| match is_ascii_alphanumeric(byte) {
            true => byte | WORD,
            false => byte & (WORD - 1),
        });
        self.bytes[self.count..self.count + LANES].copy_from_slice(&letters);
        let mask = u64::MAX >> (LANES - length);
        let bits = |holds: fn(u8) -> bool| bits(&lanes, holds) & mask;
        let word = bits(is_ascii_alphanumeric);
        let kinds = Kinds {
            word,
            upper: bits(|byte| within(byte, b'A', b'Z')),
            digit: bits(|byte| within(byte, b'0', b'9')),
            line_break: bits(|byte| byte == b'\n'),
            sign: bits(|byte| byte > b' ') & !word,
            unspaced: 0,
        };
        let next_word = self.count.next_multiple_of(64);
        if next_word < self.count + length {
            self.bytes_of_words[next_word / 64] = self.read + next_word - self.count;
        }
        self.read += length;
        self.add(length, kinds);
    }

    /// Reads up to 64 code points, until what follows is ASCII, of which a sign or two between words
    /// of another script are too little for [`read_ascii`](Letters::read_ascii).
    #[inline(always)]
    fn read_chars(&mut self, text: &str, folder: &Folder) {
        const NEAR: usize = 3;
        let bytes = text.as_bytes();
        let most = (ROOM - self.count).min(LANES);
        let mut kinds = [0; LANES];
        let mut length = 0;
        while length < most && self.read < bytes.len() {
            let near = &bytes[self.read..bytes.len().min(self.read + NEAR)];
            if near.is_ascii() {
                break;
            }
            let (code, size) = decode(text, self.read);
            let letter = folder.letter(code);
            let place = self.count + length;
            self.bytes[place] = letter.byte;
            kinds[length] = letter.kinds;
            if place.is_multiple_of(64) {
                self.bytes_of_words[place / 64] = self.read;
            }
            length += 1;
            self.read += size;
        }
        let bits = |kind: u8| bits(&kinds, |kinds| kinds & kind != 0);
        let kinds = Kinds {
            word: bits(IN_WORD),
            upper: bits(UPPER),
            digit: bits(DIGIT),
            line_break: bits(LINE_BREAK),
            sign: bits(SIGN),
            unspaced: bits(UNSPACED),
        };
        self.add(length, kinds);
    }

    /// Adds so many letters, 1 to 64, of some kinds.
    #[inline(always)]
    fn add(&mut self, length: usize, kinds: Kinds) {
        let Kinds { word, upper, digit, line_break, sign, unspaced } = kinds;
        let (last, mask) = (self.last, u64::MAX >> (64 - length));
        let before = |bits: u64, last: bool| (bits << 1 | u64::from(last)) & mask;
        let was_word = before(word, last.word);
        let was_break = before(line_break, last.line_break);
        let space = !(word | sign | line_break);
        let after_space = before(space, last.space) & before(was_word, last.before_word);
        let words = word & !(was_word & !(upper & !before(upper, last.upper)));
        put(&mut self.words, self.count, words);
        put(&mut self.signs, self.count, sign);
        put(&mut self.inner, self.count, after_space | before(unspaced, last.unspaced));
        for (bits, new) in [
            (&mut self.lines, was_break),
            (&mut self.after_numbers, before(digit, last.digit) & !digit),
        ] {
            if new != 0 {
                put(bits, self.count, new);
            }
        }
        put(&mut self.after_words, self.count, was_word & (!word | upper));
        let is_last = |bits: u64| bits >> (length - 1) & 1 != 0;
        self.last = Last {
            word: is_last(word),
            upper: is_last(upper),
            digit: is_last(digit),
            line_break: is_last(line_break),
            space: is_last(space),
            unspaced: is_last(unspaced),
            before_word: is_last(was_word),
        };
        self.count += length;
    }
}

/// What some letters are, as bits.
#[derive(Default)]
struct Kinds {
    word: u64,
    upper: u64,
    digit: u64,
    line_break: u64,
    sign: u64,
    unspaced: u64,
}

/// Sets bits from a place on.
#[inline(always)]
fn put(all: &mut Bits, at: usize, bits: u64) {
    all[at / 64] |= bits << (at % 64);
    if !at.is_multiple_of(64) {
        all[at / 64 + 1] |= bits >> (64 - at % 64);
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

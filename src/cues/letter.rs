//! A letter as the sieve sees it: a byte, and of which kinds it is.

use super::fold::{Folded, IN_WORD, UPPER, is_inside_word, is_spaced};

/// A folded code point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// The one of ASCII in lower case, others with the highest bit; with [`WORD`], or without for
    /// signs and blanks.
    pub(super) byte: u8,
    /// Bits: [`IN_WORD`], [`UPPER`], [`DIGIT`], [`LINE_BREAK`], [`SIGN`], [`UNSPACED`].
    pub(super) kinds: u8,
}

/// The bit of the bytes for letters in words.
pub(super) const WORD: u8 = 0x20;

/// A digit, or one that folds to such.
pub(super) const DIGIT: u8 = 4;
pub(super) const LINE_BREAK: u8 = 8;
/// Neither of a word nor blank.
pub(super) const SIGN: u8 = 16;
/// Of a word, in a script without spaces.
pub(super) const UNSPACED: u8 = 32;

impl Letter {
    pub(super) fn of(Folded { letter, in_word, upper }: Folded) -> Letter {
        let unspaced = !in_word && is_unspaced(letter);
        let byte = match letter.is_ascii() {
            true => letter as u8,
            false => byte_of(letter as u32),
        };
        let byte = match (in_word || unspaced, letter.is_ascii()) {
            (true, _) => byte | WORD,
            (false, true) => byte & (WORD - 1),
            (false, false) => byte & !WORD,
        };
        let kind = |set: bool, kind: u8| if set { kind } else { 0 };
        let kinds = kind(in_word, IN_WORD)
            | kind(upper, UPPER)
            | kind(letter.is_ascii_digit(), DIGIT)
            | kind(letter == '\n', LINE_BREAK)
            | kind(!in_word && letter > ' ', SIGN)
            | kind(unspaced, UNSPACED);
        Letter { byte, kinds }
    }

    /// One of a script without spaces that folds to itself.
    #[inline(always)]
    pub(super) fn unspaced(code: u32) -> Letter {
        Letter { byte: byte_of(code) | WORD, kinds: SIGN | UNSPACED }
    }
}

/// The byte for a code point that is not of ASCII.
#[inline(always)]
fn byte_of(code: u32) -> u8 {
    (code ^ code >> 6) as u8 | 0x80
}

/// Whether a code point is a letter of a script without spaces.
fn is_unspaced(c: char) -> bool {
    c as u32 >= 0x0e00 && !is_spaced(c) && is_inside_word(c)
}

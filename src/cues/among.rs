//! Which words of a line may begin a cue of a few rules: those that the line's key cues have
//! brought up.

#[cfg(feature = "toml")]
use super::grow::Pattern;
use super::table::GOLDEN;
#[cfg(feature = "toml")]
use super::table::NUMBER;

/// A set of what cues begin with, as hashes of their first four letters, or of the first two or
/// one of shorter cues.
#[derive(Debug)]
pub(crate) struct Among {
    buckets: [u64; WORDS],
}

const WORDS: usize = 64;
const BITS: u32 = u64::BITS.trailing_zeros() + WORDS.trailing_zeros();
/// The hash of all that begins with a number.
const NUMBERS: u16 = 0;
/// That of all that only ends a word.
const TAILS: u16 = 1;

impl Among {
    pub(crate) const NONE: Among = Among { buckets: [0; WORDS] };

    pub(super) fn insert(&mut self, hash: u16) {
        self.buckets[usize::from(hash / 64)] |= 1 << (hash % 64);
    }

    fn has(&self, hash: u16) -> bool {
        self.buckets[usize::from(hash / 64)] >> (hash % 64) & 1 != 0
    }

    /// Whether a cue may begin with four letters, as [`letters`] has them.
    #[inline]
    pub(super) fn hold(&self, letters: u32) -> bool {
        self.has(hash(letters, 4))
            || self.has(hash(letters, 2))
            || self.has(hash(letters, 1))
            || (letters as u8).is_ascii_digit() && self.has(NUMBERS)
    }

    /// Whether a cue may end a word, wherever in it it begins.
    pub(super) fn hold_tails(&self) -> bool {
        self.has(TAILS)
    }

    /// The hash of what a cue begins with.
    #[cfg(feature = "toml")]
    pub(super) fn hash(pattern: &Pattern) -> u16 {
        let first = letters(pattern.letters.iter().copied());
        let end = pattern.letters.iter().position(|&c| c == NUMBER);
        match end.unwrap_or(pattern.letters.len()) {
            _ if pattern.tail => TAILS,
            0 => NUMBERS,
            1 => hash(first, 1),
            2 | 3 => hash(first, 2),
            4.. => hash(first, 4),
        }
    }
}

/// The low bytes of the first four of some letters, all as in lower case.
pub(super) fn letters(letters: impl Iterator<Item = char>) -> u32 {
    let mut bytes = [0; 4];
    bytes.iter_mut().zip(letters).for_each(|(byte, letter)| *byte = letter as u32 as u8);
    u32::from_le_bytes(bytes) | LOWER
}

/// The bit that ASCII letters have in lower case.
pub(super) const LOWER: u32 = 0x2020_2020;

/// A hash of [`BITS`] bits of the first so many letters.
#[inline]
fn hash(letters: u32, length: u32) -> u16 {
    let first = u64::from(letters) << (64 - 8 * length);
    ((first ^ u64::from(length)).wrapping_mul(GOLDEN) >> (u64::BITS - BITS)) as u16
}

//! Which words of a line may begin a cue of a few rules: those that the line's key cues have
//! brought up.

#[cfg(feature = "toml")]
use super::grow::Pattern;
#[cfg(feature = "toml")]
use super::table::{NUMBER, TAIL};

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

impl Among {
    pub(crate) const NONE: Among = Among { buckets: [0; WORDS] };

    pub(super) fn insert(&mut self, hash: u16) {
        self.buckets[usize::from(hash / 64)] |= 1 << (hash % 64);
    }

    fn has(&self, hash: u16) -> bool {
        self.buckets[usize::from(hash / 64)] >> (hash % 64) & 1 != 0
    }

    /// Whether a cue may begin with four letters, less if the line ends.
    pub(super) fn hold(&self, letters: [char; 4]) -> bool {
        letters[0].is_ascii_digit() && self.has(NUMBERS)
            || self.has(hash(&letters))
            || self.has(hash(&letters[..2]))
            || self.has(hash(&letters[..1]))
    }

    /// The hash of what a cue begins with.
    #[cfg(feature = "toml")]
    pub(super) fn hash(pattern: &Pattern) -> u16 {
        let letters = &*pattern.letters;
        let end = letters.iter().position(|&c| c == NUMBER).unwrap_or(letters.len());
        match end {
            _ if pattern.tail => hash(&[TAIL]),
            0 => NUMBERS,
            4.. => hash(&letters[..4]),
            2.. => hash(&letters[..2]),
            1 => hash(&letters[..1]),
        }
    }
}

/// A hash of [`BITS`] bits.
fn hash(letters: &[char]) -> u16 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, &letter: &char| (hash ^ u64::from(letter as u32)).wrapping_mul(GOLDEN);
    (letters.iter().fold(letters.len() as u64, mix) >> (u64::BITS - BITS)) as u16
}

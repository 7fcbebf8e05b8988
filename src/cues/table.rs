//! The cues of some rules, laid out so that nothing has to be built before they are looked up.
//!
//! Cues that share their first letters stand together, as a small tree of letters, and a hash of
//! these letters says where. The table of the built-in rules is a static, written by a test; that
//! of a rule pack is grown when the pack is read (`grow.rs`).

use std::borrow::Cow;
use std::ops::Range;

/// What `<n>` in a cue becomes: a control, which no normalized text holds.
pub(super) const NUMBER: char = '\u{1}';

/// What the letters of a tail begin with, from its last one on: another such control.
pub(super) const TAIL: char = '\u{2}';

/// How many letters tell most cues that begin with `the` or `for` from prose.
pub(super) const LETTERS: usize = 6;

/// The multiplier of Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, The Art of Computer
/// Programming 3, 6.4).
pub(crate) const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The group of the cues that keep a rule from firing. No rule has so many groups.
pub(crate) const VETO: u8 = 7;

/// A rule that has a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use {
    pub(crate) rule: u32,
    /// Which of the rule's cue groups, or [`VETO`].
    pub(crate) group: u8,
}

/// The cues of some rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// A bit for each bucket, set if it holds cues; a power of two of them.
    pub(crate) filled: Cow<'static, [u64]>,
    /// How many are set before each of these words.
    pub(crate) ranks: Cow<'static, [u32]>,
    /// Where in the forest each bucket begins that holds cues, and the end of the last.
    pub(crate) starts: Cow<'static, [u32]>,
    /// The trees of letters, bucket by bucket. A node is
    ///
    /// - the length of what follows of it, then its number of letters in bytes, and the letters;
    /// - 0, or where in `uses` those of the cue are that ends here, times two, plus one if the
    ///   word may go on after it;
    /// - its children, which begin with different letters.
    pub(crate) forest: Cow<'static, [u8]>,
    /// Lists of uses as [`pack_use`] makes them, vetoes last, after the length of each; cues that stand
    /// together in rules share one. The first is empty.
    pub(crate) uses: Cow<'static, [u32]>,
    /// A bit for each length, less than [`LETTERS`], of the keys made by [`stem`].
    pub(crate) stem_lengths: u8,
    /// The last letters of the cues that only end a word, such as `*letter`.
    pub(crate) last: Cow<'static, str>,
}

/// In a use: the cue was written with `*` at its end, or ends with a sign.
const STEM: u32 = 0x80;
/// The bits of its group; those of its rule are above.
const GROUP: u32 = 0x7f;
const GROUP_BITS: u32 = 8;
/// As many as the bits above can tell apart.
#[cfg(feature = "toml")]
pub(super) const MOST_RULES: u32 = u32::MAX >> GROUP_BITS;

/// A use as a number; `stem` if the word may go on after the cue.
#[cfg(feature = "toml")]
pub(super) fn pack_use(used: Use, stem: bool) -> u32 {
    used.rule << GROUP_BITS | u32::from(used.group) | if stem { STEM } else { 0 }
}

/// The key of some letters and one more.
///
/// A cue of [`LETTERS`] letters or more has the key of so many, a shorter one that of all. Each
/// is a byte, with the bit that ASCII letters have in lower case.
pub(super) fn with_letter(key: u64, count: usize, letter: char) -> u64 {
    key | u64::from(letter as u32 & 0xff | 0x20) << (8 * count)
}

/// The key of a short cue after whose letters the word may go on, or a number begins.
pub(super) fn stem(key: u64) -> u64 {
    key | 1 << 63
}

/// The key of the cues that end a word with two letters.
pub(super) fn tail(before: char, last: char) -> u64 {
    let letters = (0..).zip([TAIL, last, before]);
    stem(letters.fold(0, |key, (count, letter)| with_letter(key, count, letter)))
}

/// The bucket of a key in a table of so many words of buckets, by Fibonacci hashing (Knuth, The
/// Art of Computer Programming 3, 6.4).
pub(super) fn bucket_of(key: u64, words: usize) -> usize {
    let bits = words.trailing_zeros() + u64::BITS.trailing_zeros();
    (key.wrapping_mul(GOLDEN) >> (u64::BITS - bits)) as usize
}

impl Table {
    /// The trees of the cues with a key, and perhaps others.
    #[inline(always)]
    pub(super) fn bucket(&self, key: u64) -> Option<Range<usize>> {
        let bucket = bucket_of(key, self.filled.len());
        let (word, bit) = (self.filled[bucket / 64], 1 << (bucket % 64));
        if word & bit == 0 {
            return None;
        }
        let before = (word & (bit - 1)).count_ones();
        let number = (self.ranks[bucket / 64] + before) as usize;
        Some(self.starts[number] as usize..self.starts[number + 1] as usize)
    }

    /// The node whose letters begin so, of those that stand side by side in a part of the forest, in
    /// order.
    #[inline]
    pub(super) fn node(&self, part: Range<usize>, letter: char) -> Option<Node<'_>> {
        let mut bytes = [0; 4];
        let letter = letter.encode_utf8(&mut bytes).as_bytes();
        let mut end = part.start;
        while end < part.end {
            let (length, at) = read_number(&self.forest, end);
            end = at + length;
            let label = at + 1..at + 1 + usize::from(self.forest[at]);
            let first = self.forest[label.start];
            if first > letter[0] {
                return None;
            }
            if first == letter[0]
                && (letter.len() == 1 || self.forest[label.start..].starts_with(letter))
            {
                let cue = label.start;
                let (uses, children) = read_number(&self.forest, label.end);
                let label = &self.forest[label];
                let (uses, stem) = (uses / 2, uses & 1 != 0);
                return Some(Node { label, cue, uses, stem, children: children..end });
            }
        }
        None
    }

    /// The uses in the list at a place; only those that let the word go on if it does.
    #[inline]
    pub(super) fn uses(&self, list: usize, whole: bool) -> impl Iterator<Item = Use> {
        let first = list + 1;
        let uses = self.uses[first..first + self.uses[list] as usize].iter();
        uses.filter(move |&used| whole || used & STEM != 0)
            .map(|used| Use { rule: used >> GROUP_BITS, group: (used & GROUP) as u8 })
    }
}

/// A node of a tree: letters, and what begins with them.
pub(super) struct Node<'t> {
    /// Its letters: one number, or one letter or more.
    pub(super) label: &'t [u8],
    /// Its place in the forest.
    pub(super) cue: usize,
    /// Those of the cue that ends here, for [`Table::uses`]; 0 if none does.
    pub(super) uses: usize,
    /// The cue may end within a word.
    pub(super) stem: bool,
    pub(super) children: Range<usize>,
}

/// A number in seven bits a byte, the lowest first, and where it ends.
#[inline]
fn read_number(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = bytes[at];
        at += 1;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return (number, at);
        }
        shift += 7;
    }
}

//! How cues begin: a look at the next few letters that tells most words of prose from cues.

use super::NUMBER;
use super::fold::{Folded, IN_WORD, UPPER};

/// The first letters of the cues.
#[derive(Debug)]
pub(super) struct Beginnings {
    /// The first [`LETTERS`] letters of the cues that have as many.
    long: Filter,
    /// All letters of the others.
    short: Filter,
    /// Those of `short` after which the word may go on, and a bit for each of their lengths.
    stems: Filter,
    stem_lengths: u8,
    /// The first letter of any cue.
    first: Filter,
}

/// Six letters tell most cues that begin with `the` or `for` from prose.
const LETTERS: usize = 6;

impl Beginnings {
    pub(super) fn new() -> Beginnings {
        let [long, short, stems, first] = std::array::from_fn(|_| Filter::new());
        Beginnings { long, short, stems, stem_lengths: 0, first }
    }

    /// Adds a cue; `ends_word` if its end must be the end of a word.
    ///
    /// Of a cue with a number among its first letters it adds what stands before the number, or
    /// the digits that the number may begin with.
    pub(super) fn insert(&mut self, letters: &[char], ends_word: bool) {
        match letters.iter().take(LETTERS).position(|&letter| letter == NUMBER) {
            None => {}
            Some(0) => return ('0'..='9').for_each(|digit| self.insert(&[digit], false)),
            Some(number) => return self.insert(&letters[..number], false),
        }
        let mut key = 0;
        for (count, &letter) in letters.iter().take(LETTERS).enumerate() {
            key = with_letter(key, count, letter);
            if count == 0 {
                self.first.insert(key);
            }
        }
        if letters.len() >= LETTERS {
            return self.long.insert(key);
        }
        self.short.insert(key);
        if !ends_word {
            self.stems.insert(key);
            self.stem_lengths |= 1 << letters.len();
        }
    }

    /// Whether some cue may begin with the ASCII letters in the first seven of these bytes.
    #[inline(always)]
    pub(super) fn may_begin_ascii(&self, bytes: u64, classes: &[u8; 128]) -> bool {
        const CASE: u64 = 0x2020_2020_2020_2020;
        let key = |length: usize| (bytes | CASE) & ((1 << (8 * length)) - 1);
        if self.long.contains(key(LETTERS)) {
            return true;
        }
        let class = |at: usize| classes[(bytes >> (8 * at)) as usize & 0x7f];
        (1..LETTERS).any(|length| {
            let (last, next) = (class(length - 1), class(length));
            let word_may_end = last & next & IN_WORD == 0 || next & UPPER != 0;
            self.may_end(key(length), length, word_may_end)
        })
    }

    /// Whether some cue may begin with these letters.
    pub(super) fn may_begin(&self, letters: impl Iterator<Item = Folded>) -> bool {
        let mut letters = letters.take(LETTERS + 1).peekable();
        let mut key = 0;
        for length in 1..LETTERS {
            let Some(c) = letters.next() else { return false };
            key = with_letter(key, length - 1, c.letter);
            if length == 1 && !self.first.contains(key) {
                return false;
            }
            let ends_word = |next: &Folded| !(c.in_word && next.in_word) || next.upper;
            if self.may_end(key, length, letters.peek().is_none_or(ends_word)) {
                return true;
            }
        }
        let last = letters.next();
        last.is_some_and(|c| self.long.contains(with_letter(key, LETTERS - 1, c.letter)))
    }

    /// Whether a cue of few letters may end where these do.
    fn may_end(&self, key: u64, length: usize, word_may_end: bool) -> bool {
        word_may_end && self.short.contains(key)
            || self.stem_lengths >> length & 1 != 0 && self.stems.contains(key)
    }
}

/// The key of some letters and one more: a byte each, with the bit that ASCII letters have in
/// lower case.
fn with_letter(key: u64, count: usize, letter: char) -> u64 {
    key | u64::from(letter as u32 & 0xff | 0x20) << (8 * count)
}

/// A set of keys, which may have more in it than was put there.
#[derive(Debug)]
struct Filter(Box<[u64]>);

impl Filter {
    const BITS: u32 = 16;

    fn new() -> Filter {
        Filter(vec![0; 1 << (Filter::BITS - 6)].into())
    }

    /// The bit of a key, by Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    fn bit(key: u64) -> u64 {
        key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - Filter::BITS)
    }

    fn insert(&mut self, key: u64) {
        let bit = Filter::bit(key);
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }

    fn contains(&self, key: u64) -> bool {
        let bit = Filter::bit(key);
        self.0[bit as usize / 64] & 1 << (bit % 64) != 0
    }
}

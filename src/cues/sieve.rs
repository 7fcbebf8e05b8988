//! Which places of a text are worth a look: those where a cue may begin that some rule cannot do
//! without.
//!
//! A rule fires only where each of its groups has a cue. One group, the key of the rule, is the one
//! whose cues are the rarest; where none of them begins, the rule has nothing to say. The first
//! letters of all key cues stand in bitmaps, and nearly all words of prose are in none of them.

use std::array::from_fn;
use std::borrow::Cow;

use super::fold::Folder;
use super::letters::{AROUND, Bits, Letters, WORD};
use super::table::GOLDEN;

/// A place that is worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// In bytes of the text.
    pub(crate) at: usize,
    pub(crate) scope: Scope,
}

/// Where around a spot to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// At the cues that begin there.
    Cue,
    /// From the beginning of a line, which is there, to the first letter of a word.
    Lead,
    /// In all of the line.
    Line,
}

/// The first letters of some rules' key cues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sieve {
    /// Of those that may stand anywhere.
    pub(crate) anywhere: Openings,
    /// Of those that only mean something at the beginning of a sentence.
    pub(crate) sentences: Openings,
    /// Of those that only mean something at the beginning of a line.
    pub(crate) leading: Openings,
    /// What of those must be looked for in the whole line.
    pub(crate) whole: Openings,
    /// What follows the number that a cue begins with.
    pub(crate) numbers: Openings,
    /// The last letters of cues that only end a word.
    pub(crate) tails: Openings,
    /// There is a cue that none of these can hold.
    pub(crate) every_line: bool,
}

/// A set of letters that cues begin with.
///
/// There is a bucket for the first four letters of each cue. Where it is set, another one tells more,
/// and then the letters are looked up among the hashes of all. Cues of less than four letters have a
/// bit for the first two instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Openings {
    /// A bit for each bucket.
    pub(crate) buckets: Cow<'static, [u64]>,
    /// A bit for each two letters.
    pub(crate) pairs: Cow<'static, [u64]>,
    /// Hashes, each in the first free cell from the one on that its upper bits say; a power of two
    /// of them, at least half of which are 0, which is none.
    pub(crate) hashes: Cow<'static, [u32]>,
}

/// As many buckets as the first cache holds.
const BUCKET_BITS: u32 = 18;
const BUCKET_WORDS: usize = 1 << (BUCKET_BITS - u64::BITS.trailing_zeros());
const PAIR_WORDS: usize = 1 << (16 - u64::BITS.trailing_zeros());

/// How many are looked up: as many of a cue as it has.
const LENGTHS: [usize; 8] = [16, 12, 8, 6, 4, 3, 2, 1];

/// The letters at a place.
#[derive(Clone, Copy)]
pub(super) struct Ahead {
    pub(super) first: u64,
    pub(super) next: u64,
}

impl Ahead {
    /// What has a bucket too, of a cue of eight letters or more.
    #[inline(always)]
    fn long(self) -> u64 {
        self.first ^ self.first >> 32 ^ self.first.wrapping_mul(GOLDEN) >> 32
    }

    /// The same of a cue of four letters or more.
    #[inline(always)]
    fn short(self) -> u64 {
        !self.first
    }

    /// The hash of so many of them, which is not 0.
    #[inline]
    fn hash(self, length: usize) -> u32 {
        let (head, rest) = (first(self.first, length), first(self.next, length.saturating_sub(8)));
        let mixed = (head ^ rest.wrapping_mul(GOLDEN).rotate_left(32)).wrapping_add(length as u64);
        (mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32 | 1
    }
}

/// The first so many of eight letters.
#[inline(always)]
fn first(letters: u64, length: usize) -> u64 {
    match length {
        8.. => letters,
        _ => letters & ((1 << (8 * length)) - 1),
    }
}

impl Openings {
    const NONE: Openings = Openings {
        buckets: Cow::Borrowed(&[0; BUCKET_WORDS]),
        pairs: Cow::Borrowed(&[0; PAIR_WORDS]),
        hashes: Cow::Borrowed(&[0]),
    };

    /// Buckets and pairs, of which there is a fixed number.
    #[inline(always)]
    fn sets(&self) -> (&[u64; BUCKET_WORDS], &[u64; PAIR_WORDS]) {
        let buckets = self.buckets.first_chunk().unwrap_or(&[0; BUCKET_WORDS]);
        (buckets, self.pairs.first_chunk().unwrap_or(&[0; PAIR_WORDS]))
    }

    /// Whether a cue may begin with the letters at a place.
    #[inline]
    fn hold(&self, ahead: Ahead) -> bool {
        let (buckets, pairs) = self.sets();
        held(buckets, pairs, ahead.first) && self.hold_all(ahead)
    }

    /// The same by all letters that count.
    #[inline]
    fn hold_all(&self, ahead: Ahead) -> bool {
        let (buckets, pairs) = self.sets();
        let any = |lengths: &[usize]| lengths.iter().any(|&length| self.has(ahead.hash(length)));
        let [long, short, tiny] = [&LENGTHS[..3], &LENGTHS[3..5], &LENGTHS[5..]];
        is_set(buckets, bucket(ahead.long())) && any(long)
            || is_set(buckets, bucket(ahead.short())) && any(short)
            || is_set(pairs, pair(ahead.first)) && any(tiny)
    }

    /// Those of some places of a piece where a cue may begin.
    #[inline(always)]
    fn each_held(&self, letters: &Letters, places: &Bits, mut found: impl FnMut(usize)) {
        let (buckets, pairs) = self.sets();
        each(places, letters.end, |i| {
            let ahead = letters.ahead(i);
            if held(buckets, pairs, ahead.first) && self.hold_all(ahead) {
                found(i);
            }
        });
    }

    fn has(&self, hash: u32) -> bool {
        let mut cells = cells(&self.hashes, hash);
        cells
            .find(|&cell| self.hashes[cell] == hash || self.hashes[cell] == 0)
            .is_some_and(|cell| self.hashes[cell] != 0)
    }

    /// Puts the hashes of all that was added into their cells.
    #[cfg(feature = "toml")]
    fn lay_out(&mut self) {
        self.add(std::iter::empty());
    }

    /// Adds some hashes.
    fn add(&mut self, new: impl Iterator<Item = u32>) {
        let old = self.hashes.iter().copied().filter(|&hash| hash != 0);
        let mut all: Vec<u32> = old.chain(new).collect();
        all.sort_unstable();
        all.dedup();
        let mut hashes = vec![0; (2 * all.len()).next_power_of_two()];
        for hash in all {
            let free = cells(&hashes, hash).find(|&cell| hashes[cell] == 0);
            hashes[free.unwrap_or(0)] = hash;
        }
        self.hashes = hashes.into();
    }

    fn is_empty(&self) -> bool {
        self.hashes.len() == 1
    }

    fn extend(&mut self, other: &Openings) {
        let add = |all: &mut [u64], more: &[u64]| {
            all.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
        };
        if other.is_empty() {
            return;
        }
        self.add(other.hashes.iter().copied().filter(|&hash| hash != 0));
        add(self.buckets.to_mut(), &other.buckets);
        add(self.pairs.to_mut(), &other.pairs);
    }

    /// Adds what a cue begins with: bytes of letters, as many as are looked at if there are so
    /// many. [`lay_out`](Openings::lay_out) is to follow.
    #[cfg(feature = "toml")]
    pub(super) fn insert(&mut self, bytes: &[u8]) {
        let letters = |from: usize| {
            let bytes = bytes.iter().skip(from).zip(0..8);
            bytes.fold(0, |letters, (&byte, at)| letters | u64::from(byte) << (8 * at))
        };
        let ahead = Ahead { first: letters(0), next: letters(8) };
        let length = LENGTHS.into_iter().find(|&length| length <= bytes.len()).unwrap_or(1);
        if length >= 4 {
            let more = if length >= 8 { ahead.long() } else { ahead.short() };
            for (word, bit) in [bucket(ahead.first), bucket(more)] {
                self.buckets.to_mut()[word] |= 1 << bit;
            }
        } else {
            let seconds = if length == 1 { 0..=0xFF } else { bytes[1]..=bytes[1] };
            for second in seconds {
                let (word, bit) = pair(u64::from_le_bytes([bytes[0], second, 0, 0, 0, 0, 0, 0]));
                self.pairs.to_mut()[word] |= 1 << bit;
            }
        }
        self.hashes.to_mut().push(ahead.hash(length));
    }
}

/// Whether a set may hold the letters at a place.
#[inline(always)]
fn held(buckets: &[u64; BUCKET_WORDS], pairs: &[u64; PAIR_WORDS], letters: u64) -> bool {
    is_set(buckets, bucket(letters)) | is_set(pairs, pair(letters))
}

#[inline(always)]
fn is_set<const WORDS: usize>(words: &[u64; WORDS], (word, bit): (usize, u32)) -> bool {
    words[word] >> bit & 1 != 0
}

/// The bucket of four letters, as a word and a bit, by Fibonacci hashing (Knuth, The Art of Computer
/// Programming 3, 6.4).
#[inline(always)]
fn bucket(letters: u64) -> (usize, u32) {
    let hash = (letters << 32).wrapping_mul(GOLDEN) >> (u64::BITS - BUCKET_BITS);
    ((hash / 64) as usize, (hash % 64) as u32)
}

/// The bit of two letters, as a word and a bit.
#[inline(always)]
fn pair(letters: u64) -> (usize, u32) {
    (((letters & 0xFFFF) / 64) as usize, (letters % 64) as u32)
}

/// The cells where a hash may be, in order.
fn cells(hashes: &[u32], hash: u32) -> impl Iterator<Item = usize> + use<> {
    let mask = hashes.len() - 1;
    let first = ((u64::from(hash) * hashes.len() as u64) >> 32) as usize;
    (0..=mask).map(move |step| (first + step) & mask)
}

impl Sieve {
    /// Lets nothing through.
    pub(crate) const NONE: Sieve = Sieve {
        anywhere: Openings::NONE,
        sentences: Openings::NONE,
        leading: Openings::NONE,
        whole: Openings::NONE,
        numbers: Openings::NONE,
        tails: Openings::NONE,
        every_line: false,
    };

    /// Makes it ready after cues have been put in.
    #[cfg(feature = "toml")]
    pub(super) fn lay_out(&mut self) {
        let Sieve { anywhere, sentences, leading, whole, numbers, tails, .. } = self;
        for openings in [anywhere, sentences, leading, whole, numbers, tails] {
            openings.lay_out();
        }
    }

    /// Adds what another one lets through.
    pub(super) fn extend(&mut self, other: &Sieve) {
        self.anywhere.extend(&other.anywhere);
        self.sentences.extend(&other.sentences);
        self.leading.extend(&other.leading);
        self.whole.extend(&other.whole);
        self.numbers.extend(&other.numbers);
        self.tails.extend(&other.tails);
        self.every_line |= other.every_line;
    }

    /// Appends the spots of a text, in order.
    pub(super) fn spots(&self, text: &str, folder: &Folder, spots: &mut Vec<Spot>) {
        let (numbers, tails) = (!self.numbers.is_empty(), !self.tails.is_empty());
        let mut letters = Letters::new(tails);
        while letters.next(text, folder) {
            self.anywhere_in(&letters, text, spots);
            self.leading_in(&letters, text, spots);
            if numbers {
                self.numbers_in(&letters, text, spots);
            }
            if tails {
                self.tails_in(&letters, text, spots);
            }
        }
        spots.sort_unstable();
    }

    fn anywhere_in(&self, letters: &Letters, text: &str, spots: &mut Vec<Spot>) {
        let starts: Bits = from_fn(|i| letters.words[i] | letters.signs[i]);
        let beginnings: Bits = from_fn(|i| starts[i] & !letters.inner[i]);
        for (openings, places) in [(&self.anywhere, &starts), (&self.sentences, &beginnings)] {
            openings.each_held(letters, places, |i| {
                spots.push(Spot { at: letters.byte(text, i), scope: Scope::Cue });
            });
        }
    }

    fn leading_in(&self, letters: &Letters, text: &str, spots: &mut Vec<Spot>) {
        let of_lead = if self.whole.is_empty() { Scope::Lead } else { Scope::Line };
        each(&letters.lines, letters.end, |start| {
            let mut push = |i, scope| spots.push(Spot { at: letters.byte(text, i), scope });
            if self.every_line {
                push(start, Scope::Line);
            }
            // Before the first letter of a word a cue may begin at each sign, and with a number.
            for i in start.. {
                let byte = letters.bytes[i];
                let is_numeric = || text[letters.byte(text, i)..].starts_with(char::is_numeric);
                if i == letters.end || byte.is_ascii_digit() || byte >= 0x80 && is_numeric() {
                    push(start, of_lead);
                    return;
                }
                if i > start && is_set(&letters.lines, (i / 64, (i % 64) as u32)) {
                    return;
                }
                if self.leading.hold(letters.ahead(i)) {
                    let whole = self.whole.hold(letters.ahead(i));
                    push(i, if whole { Scope::Line } else { Scope::Cue });
                }
                if byte & WORD != 0 {
                    return;
                }
            }
        });
    }

    fn numbers_in(&self, letters: &Letters, text: &str, spots: &mut Vec<Spot>) {
        each(&letters.after_numbers, letters.end, |i| {
            if self.numbers.hold(letters.ahead(i)) {
                spots.push(Spot { at: letters.byte(text, i), scope: Scope::Line });
            }
        });
    }

    fn tails_in(&self, letters: &Letters, text: &str, spots: &mut Vec<Spot>) {
        each(&letters.after_words, letters.end + 1, |i| {
            if self.tails.hold(letters.behind(i)) {
                spots.push(Spot { at: letters.byte(text, i), scope: Scope::Line });
            }
        });
    }
}

/// Calls for each bit of a piece, up to a place.
#[inline(always)]
fn each(bits: &Bits, end: usize, mut found: impl FnMut(usize)) {
    for (number, &word) in bits.iter().enumerate() {
        let first = number * 64;
        if first >= end {
            return;
        }
        let mut word = word;
        if number == 0 {
            word &= !0 << AROUND;
        }
        if end - first < 64 {
            word &= (1 << (end - first)) - 1;
        }
        while word != 0 {
            found(first + word.trailing_zeros() as usize);
            word &= word - 1;
        }
    }
}

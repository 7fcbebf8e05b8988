//! Which places of a text are worth a look: those where a cue may begin that some rule cannot do
//! without.
//!
//! A rule fires only where each of its groups has a cue. One group, the key of the rule, is the one
//! whose cues are the rarest; where none of them begins, the rule has nothing to say. The first
//! letters of all key cues stand in bitmaps, and nearly all words of prose are in none of them.

use std::array::from_fn;
use std::borrow::Cow;

use super::fold::Folder;
use super::letter::WORD;
use super::letters::{AROUND, Bits, Letters, ROOM};
use super::table::GOLDEN;
use crate::lanes::wide;

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
    /// Of those that only mean something if they are a line, with its length.
    pub(crate) lines: Openings,
    /// What of those that begin a line must be looked for in all of it.
    pub(crate) whole: Openings,
    /// What follows the number that a cue begins with.
    pub(crate) numbers: Openings,
    /// The same of those that only mean something at the beginning of a line.
    pub(crate) leading_numbers: Openings,
    /// A line may begin with any number.
    pub(crate) any_number: bool,
    /// The last letters of cues that only end a word.
    pub(crate) tails: Openings,
    /// There is a cue that none of these can hold.
    pub(crate) every_line: bool,
}

/// A set of letters that cues begin with.
///
/// There is a bucket for the first four letters of each cue. Where it is set, another one tells more,
/// and then the letters are looked up among the hashes of all: as many as the cue has where a word
/// ends after them, or for a cue that is long or lets the word go on the first ones. Cues of less than
/// four letters have a bit for the first two instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Openings {
    /// A bit for each bucket.
    pub(crate) buckets: Cow<'static, [u64]>,
    /// A bit for each two letters.
    pub(crate) pairs: Cow<'static, [u64]>,
    /// A bit for each number of first letters that are looked up.
    pub(crate) lengths: u32,
    /// Hashes, each in the first free cell from the one on that its upper bits say; a power of two
    /// of them, at least half of which are 0, which is none.
    pub(crate) hashes: Cow<'static, [u32]>,
}

/// As many buckets as the first cache holds.
const BUCKET_BITS: u32 = 18;
const BUCKET_WORDS: usize = 1 << (BUCKET_BITS - u64::BITS.trailing_zeros());
const PAIR_WORDS: usize = 1 << (16 - u64::BITS.trailing_zeros());

/// The byte of a digit of any value.
pub(super) const DIGIT: u8 = b'0';

/// How many first letters may be looked up: as many of a cue as it has.
#[cfg(feature = "toml")]
const LENGTHS: [usize; 8] = [16, 12, 8, 6, 4, 3, 2, 1];

/// A bit for each number of letters of cues that share a bucket.
const LONG: u32 = 0x1_ff00;
const SHORT: u32 = 0xf0;
const TINY: u32 = 0xe;

/// The letters at a place.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ahead {
    pub(super) first: u64,
    pub(super) next: u64,
}

impl Ahead {
    /// The first of some letters as bytes.
    #[cfg(feature = "toml")]
    fn of(bytes: &[u8]) -> Ahead {
        let letters = |from: usize| {
            let bytes = bytes.iter().skip(from).zip(0..8);
            bytes.fold(0, |letters, (&byte, at)| letters | u64::from(byte) << (8 * at))
        };
        Ahead { first: letters(0), next: letters(8) }
    }

    /// The same with [`DIGIT`] for all digits, of which a cue may have others.
    fn digits_alike(self) -> Ahead {
        const ALL: u64 = 0x0101_0101_0101_0101;
        let alike = |letters: u64| {
            let other = letters & (0xf0 * ALL) ^ (u64::from(DIGIT) * ALL);
            let not_zero = ((other & (0x7f * ALL)) + 0x7f * ALL) | other;
            letters & !((!not_zero >> 7 & ALL) * 0x0f)
        };
        Ahead { first: alike(self.first), next: alike(self.next) }
    }

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

    /// The hash of a cue of so many letters, of which no more than these count; it is not 0.
    #[inline]
    fn hash(self, length: usize) -> u32 {
        let (head, rest) = (first(self.first, length), first(self.next, length.saturating_sub(8)));
        let mixed = (head ^ rest.wrapping_mul(GOLDEN).rotate_left(32)).wrapping_add(length as u64);
        (mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32 | 1
    }

    /// The same of a cue that begins with so many letters.
    #[inline]
    fn hash_of_first(self, length: usize) -> u32 {
        self.hash(length) ^ 2
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
        lengths: 0,
        hashes: Cow::Borrowed(&[0]),
    };

    /// Buckets and pairs, of which there is a fixed number.
    #[inline(always)]
    fn sets(&self) -> (&[u64; BUCKET_WORDS], &[u64; PAIR_WORDS]) {
        let buckets = self.buckets.first_chunk().unwrap_or(&[0; BUCKET_WORDS]);
        (buckets, self.pairs.first_chunk().unwrap_or(&[0; PAIR_WORDS]))
    }

    /// Whether a cue may begin with the letters at a place, given a bit for each number of them
    /// after which a word ends.
    #[inline]
    fn hold(&self, ahead: Ahead, ends: u32) -> bool {
        let (buckets, pairs) = self.sets();
        held(buckets, pairs, ahead.first)
            && held_closer(buckets, pairs, ahead)
            && self.hold_all(ahead, ends)
    }

    /// The same by all letters that count.
    #[inline]
    fn hold_all(&self, ahead: Ahead, ends: u32) -> bool {
        let (buckets, pairs) = self.sets();
        let any = |lengths: u32| {
            ones(ends & lengths).any(|length| self.has(ahead.hash(length)))
                || ones(self.lengths & lengths).any(|length| self.has(ahead.hash_of_first(length)))
        };
        is_set(buckets, bucket(ahead.long())) && any(LONG)
            || is_set(buckets, bucket(ahead.short())) && any(SHORT)
            || is_set(pairs, pair(ahead.first)) && any(TINY)
    }

    /// Whether a cue may be a line that begins with the letters at a place and has so many.
    #[inline]
    fn hold_line(&self, ahead: Ahead, length: impl FnOnce() -> Option<usize>) -> bool {
        let (buckets, pairs) = self.sets();
        held(buckets, pairs, ahead.first)
            && length().is_some_and(|length| {
                let hash = ahead.hash(length);
                is_set(buckets, bucket(hash.into())) && self.has(hash)
            })
    }

    /// Those of some places of a piece where a cue may begin; `near` is room for a while.
    #[inline(always)]
    fn each_held(
        &self,
        letters: &Letters,
        places: &Bits,
        near: &mut [u16; ROOM],
        mut found: impl FnMut(usize),
    ) {
        let (buckets, pairs) = self.sets();
        // One in four is held at first, and of these one in four at a closer look, which no
        // processor can foretell: so there are no branches.
        let mut count = 0;
        each(places, letters.end, |i| {
            near[count % ROOM] = i as u16;
            count += usize::from(held(buckets, pairs, letters.ahead(i).first));
        });
        let mut nearer = 0;
        for place in 0..count {
            let i = near[place % ROOM];
            near[nearer % ROOM] = i;
            nearer += usize::from(held_closer(buckets, pairs, letters.ahead(i.into())));
        }
        for &i in &near[..nearer] {
            let i = usize::from(i);
            if self.hold_all(letters.ahead(i), letters.ends(i)) {
                found(i);
            }
        }
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
        self.lengths |= other.lengths;
        self.add(other.hashes.iter().copied().filter(|&hash| hash != 0));
        add(self.buckets.to_mut(), &other.buckets);
        add(self.pairs.to_mut(), &other.pairs);
    }

    /// Adds a cue, or with `goes_on` what cues begin with, as bytes of letters.
    /// [`lay_out`](Openings::lay_out) is to follow.
    #[cfg(feature = "toml")]
    pub(super) fn insert(&mut self, bytes: &[u8], goes_on: bool) {
        let ahead = Ahead::of(bytes);
        let first = LENGTHS.into_iter().find(|&length| length <= bytes.len()).unwrap_or(1);
        let length = if goes_on || bytes.len() >= LENGTHS[0] {
            self.lengths |= 1 << first;
            self.hashes.to_mut().push(ahead.hash_of_first(first));
            first
        } else {
            self.hashes.to_mut().push(ahead.hash(bytes.len()));
            bytes.len()
        };
        if length >= 4 {
            self.set(bucket(if length >= 8 { ahead.long() } else { ahead.short() }));
        }
        self.set_first(bytes, ahead);
    }

    /// Adds a cue that is a line, as bytes of all its letters; the same is to follow.
    #[cfg(feature = "toml")]
    pub(super) fn insert_line(&mut self, bytes: &[u8]) {
        let ahead = Ahead::of(bytes);
        let hash = ahead.hash(bytes.len());
        self.set(bucket(hash.into()));
        self.set_first(bytes, ahead);
        self.hashes.to_mut().push(hash);
    }

    /// Sets the bit for the first four letters of a cue, or the bits for two of them.
    #[cfg(feature = "toml")]
    fn set_first(&mut self, bytes: &[u8], ahead: Ahead) {
        if bytes.len() >= 4 {
            return self.set(bucket(ahead.first));
        }
        let seconds = if bytes.len() == 1 { 0..=0xFF } else { bytes[1]..=bytes[1] };
        for second in seconds {
            let (word, bit) = pair(u64::from_le_bytes([bytes[0], second, 0, 0, 0, 0, 0, 0]));
            self.pairs.to_mut()[word] |= 1 << bit;
        }
    }

    #[cfg(feature = "toml")]
    fn set(&mut self, (word, bit): (usize, u32)) {
        self.buckets.to_mut()[word] |= 1 << bit;
    }
}

/// What a set was asked last: a line of numbers asks the same again and again.
#[derive(Default)]
struct Asked {
    ahead: Ahead,
    ends: u32,
    held: bool,
}

impl Asked {
    #[inline]
    fn hold(&mut self, openings: &Openings, ahead: Ahead, ends: u32) -> bool {
        // No word ends after no letters: that bit says that something was asked.
        let ends_asked = ends | 1;
        if (self.ahead, self.ends) != (ahead, ends_asked) {
            *self = Asked { ahead, ends: ends_asked, held: openings.hold(ahead, ends) };
        }
        self.held
    }
}

/// Whether a set may hold the letters at a place.
#[inline(always)]
fn held(buckets: &[u64; BUCKET_WORDS], pairs: &[u64; PAIR_WORDS], letters: u64) -> bool {
    is_set(buckets, bucket(letters)) | is_set(pairs, pair(letters))
}

/// The same by more of them.
#[inline(always)]
fn held_closer(buckets: &[u64; BUCKET_WORDS], pairs: &[u64; PAIR_WORDS], ahead: Ahead) -> bool {
    is_set(buckets, bucket(ahead.long()))
        | is_set(buckets, bucket(ahead.short()))
        | is_set(pairs, pair(ahead.first))
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

/// The places of the bits that are set.
#[inline]
fn ones(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
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
        lines: Openings::NONE,
        whole: Openings::NONE,
        numbers: Openings::NONE,
        leading_numbers: Openings::NONE,
        any_number: false,
        tails: Openings::NONE,
        every_line: false,
    };

    /// Makes it ready after cues have been put in.
    #[cfg(feature = "toml")]
    pub(super) fn lay_out(&mut self) {
        self.sets_mut().into_iter().for_each(Openings::lay_out);
    }

    /// Adds what another one lets through.
    pub(super) fn extend(&mut self, other: &Sieve) {
        let others = other.sets();
        self.sets_mut().into_iter().zip(others).for_each(|(set, (_, other))| set.extend(other));
        self.any_number |= other.any_number;
        self.every_line |= other.every_line;
    }

    /// Its sets with their names.
    pub(crate) fn sets(&self) -> [(&'static str, &Openings); 8] {
        [
            ("anywhere", &self.anywhere),
            ("sentences", &self.sentences),
            ("leading", &self.leading),
            ("lines", &self.lines),
            ("whole", &self.whole),
            ("numbers", &self.numbers),
            ("leading_numbers", &self.leading_numbers),
            ("tails", &self.tails),
        ]
    }

    /// The same in the same order, to be changed.
    fn sets_mut(&mut self) -> [&mut Openings; 8] {
        let Sieve {
            anywhere,
            sentences,
            leading,
            lines,
            whole,
            numbers,
            leading_numbers,
            tails,
            ..
        } = self;
        [anywhere, sentences, leading, lines, whole, numbers, leading_numbers, tails]
    }

    /// Appends the spots of a text, in order.
    pub(super) fn spots(&self, text: &str, folder: &Folder, spots: &mut Vec<Spot>) {
        wide(
            #[inline(always)]
            || self.spots_in(text, folder, spots),
        )
    }

    #[inline(always)]
    fn spots_in(&self, text: &str, folder: &Folder, spots: &mut Vec<Spot>) {
        let (numbers, tails) = (!self.numbers.is_empty(), !self.tails.is_empty());
        let mut letters = Letters::new();
        let (mut near, mut lead) = ([0; ROOM], None);
        while letters.next(text, folder) {
            let first = spots.len();
            self.anywhere_in(&letters, text, &mut near, spots);
            lead = self.leading_in(&letters, text, lead, spots);
            if numbers {
                self.numbers_in(&letters, text, spots);
            }
            if tails {
                self.tails_in(&letters, text, spots);
            }
            spots[first..].sort_unstable();
        }
        // They are in order but for the leads of lines that began in an earlier piece.
        spots.sort();
    }

    #[inline(always)]
    fn anywhere_in(
        &self,
        letters: &Letters,
        text: &str,
        near: &mut [u16; ROOM],
        spots: &mut Vec<Spot>,
    ) {
        let starts: Bits = from_fn(|i| letters.words[i] | letters.signs[i]);
        let beginnings: Bits = from_fn(|i| starts[i] & !letters.inner[i]);
        for (openings, places) in [(&self.anywhere, &starts), (&self.sentences, &beginnings)] {
            openings.each_held(letters, places, near, |i| {
                spots.push(Spot { at: letters.byte(text, i), scope: Scope::Cue });
            });
        }
    }

    /// Looks where a cue may begin before the first letter of each line: at each sign and number,
    /// and at that letter. `open` is where the line begins whose first letter has not come yet;
    /// what it is after the piece is returned.
    fn leading_in(
        &self,
        letters: &Letters,
        text: &str,
        open: Option<usize>,
        spots: &mut Vec<Spot>,
    ) -> Option<usize> {
        let first = (AROUND / 64, (AROUND % 64) as u32);
        let open = open.filter(|_| !is_set(&letters.lines, first));
        let mut open = open.and_then(|line| self.lead_in(letters, text, AROUND, line, spots));
        each(&letters.lines, letters.end, |start| {
            let line = letters.byte(text, start);
            if self.every_line {
                spots.push(Spot { at: line, scope: Scope::Line });
            }
            open = self.lead_in(letters, text, start, line, spots);
        });
        open
    }

    /// The same for one line, from a place in its lead on.
    fn lead_in(
        &self,
        letters: &Letters,
        text: &str,
        start: usize,
        line: usize,
        spots: &mut Vec<Spot>,
    ) -> Option<usize> {
        let (mut asked, mut asked_after) = (Asked::default(), Asked::default());
        for i in start..letters.end {
            let byte = letters.bytes[i];
            let place = (i / 64, (i % 64) as u32);
            if i > start && is_set(&letters.lines, place) {
                return None;
            }
            let digit = byte.is_ascii_digit();
            if digit && (self.any_number || !self.whole.is_empty())
                || letters.is_other_number(text, i)
            {
                let scope = if self.whole.is_empty() { Scope::Lead } else { Scope::Line };
                spots.push(Spot { at: line, scope });
                return None;
            }
            if is_set(&letters.after_numbers, place)
                && asked_after.hold(
                    &self.leading_numbers,
                    letters.ahead(i).digits_alike(),
                    letters.ends(i),
                )
                && !push_number(letters, text, i, spots)
            {
                spots.push(Spot { at: line, scope: Scope::Lead });
                return None;
            }
            let begins = is_set(&letters.words, place) || is_set(&letters.signs, place);
            let is_last = byte & WORD != 0 && !digit;
            let is_line =
                |ahead| is_last && self.lines.hold_line(ahead, || letters.rest_of_line(text, i));
            let ahead = letters.ahead(i);
            if begins && (asked.hold(&self.leading, ahead, letters.ends(i)) || is_line(ahead)) {
                let scope =
                    if self.whole.hold(ahead, letters.ends(i)) { Scope::Line } else { Scope::Cue };
                spots.push(Spot { at: letters.byte(text, i), scope });
            }
            if is_last {
                return None;
            }
        }
        Some(line)
    }

    fn numbers_in(&self, letters: &Letters, text: &str, spots: &mut Vec<Spot>) {
        each(&letters.after_numbers, letters.end, |i| {
            if self.numbers.hold(letters.ahead(i).digits_alike(), letters.ends(i))
                && !push_number(letters, text, i, spots)
            {
                spots.push(Spot { at: letters.byte(text, i), scope: Scope::Line });
            }
        });
    }

    fn tails_in(&self, letters: &Letters, text: &str, spots: &mut Vec<Spot>) {
        each(&letters.after_words, letters.end + 1, |i| {
            if self.tails.hold(letters.behind(i), 0) {
                spots.push(Spot { at: letters.byte(text, i), scope: Scope::Line });
            }
        });
    }
}

/// Appends where the number may begin that ends before a place, if that is known.
fn push_number(letters: &Letters, text: &str, end: usize, spots: &mut Vec<Spot>) -> bool {
    let Some(starts) = letters.number_starts(end) else { return false };
    spots.extend(starts.map(|i| Spot { at: letters.byte(text, i), scope: Scope::Cue }));
    true
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

//! Grows a [`Table`] from cues.

use std::collections::{BTreeMap, HashMap};

use super::fold::Folder;
use super::table::{
    LETTERS, MOST_RULES, NUMBER, TAIL, Table, Use, VETO, bucket_of, pack_use, stem, tail,
    with_letter,
};
use crate::error::BuildError;
use crate::rules::RuleInfo;

/// Buckets for each cue: so many that few words of prose meet a filled one by chance, and no more
/// than the first cache holds, whose bits are read several times for each word.
const BUCKETS_PER_CUE: usize = 2;

/// The rules that use a cue, and whether they let the word go on after it.
type Uses = BTreeMap<Use, bool>;

/// A cue as it is compared.
pub(super) struct Pattern {
    /// Its folded letters, one or more, with [`NUMBER`] for `<n>`.
    pub(super) letters: Vec<char>,
    /// A word may go on after it.
    pub(super) goes_on: bool,
    /// It may begin inside a word.
    pub(super) tail: bool,
}

impl Pattern {
    /// The pattern of a cue, unless there is nothing in it.
    pub(super) fn of(cue: &str) -> Option<Pattern> {
        let folder = Folder::get();
        let number = NUMBER.encode_utf8(&mut [0; 4]).to_owned();
        let letters = folder.fold_str(cue.trim_matches('*')).replace("<n>", &number);
        let letters: Vec<char> = letters.chars().collect();
        let in_word = |c: &char| *c == NUMBER || folder.fold(*c).in_word;
        let goes_on = cue.ends_with('*') || !in_word(letters.last()?);
        let tail = cue.starts_with('*') && in_word(letters.first()?);
        Some(Pattern { letters, goes_on, tail })
    }
}

/// Cues on their way into a table.
#[derive(Default)]
pub(crate) struct Cues {
    /// By their letters; those of a tail from the last one on.
    cues: BTreeMap<Vec<char>, Uses>,
    rules: u32,
}

impl Cues {
    /// The cues of some rules.
    pub(crate) fn of<'r>(rules: impl IntoIterator<Item = &'r RuleInfo>) -> Cues {
        let mut cues = Cues::default();
        rules.into_iter().for_each(|rule| cues.push(rule.cues_by_group()));
        cues
    }

    /// Adds the cues of the next rule, with their groups.
    fn push<'c>(&mut self, cues: impl Iterator<Item = (&'c str, u8)>) {
        for (cue, group) in cues {
            let Some(Pattern { mut letters, goes_on, tail }) = Pattern::of(cue) else { continue };
            if tail {
                letters.push(TAIL);
                letters.reverse();
            }
            let new = Use { rule: self.rules, group };
            *self.cues.entry(letters).or_default().entry(new).or_default() |= goes_on;
        }
        self.rules += 1;
    }

    /// Their table.
    pub(crate) fn grow(self) -> Result<Table, BuildError> {
        let too_many = || BuildError::too_many_cues(self.rules, self.cues.len());
        if self.rules > MOST_RULES {
            return Err(too_many());
        }
        let (cues, uses) = share_uses(&self.cues);
        let words = (cues.len() * BUCKETS_PER_CUE).next_power_of_two().div_ceil(64);
        let (mut last, mut stem_lengths) = (String::new(), 0);
        // Cues that share a bucket stand in it in order, as their trees need it.
        let mut buckets: BTreeMap<usize, Vec<Cue<'_>>> = BTreeMap::new();
        for cue in cues {
            let (key, length) = key(&cue);
            buckets.entry(bucket_of(key, words)).or_default().push(cue);
            if key == stem(key) {
                stem_lengths |= 1 << length;
            }
            if let [TAIL, letter, ..] = cue.letters[..]
                && !last.ends_with(letter)
            {
                last.push(letter);
            }
        }
        let (mut starts, mut forest) = (Vec::new(), Vec::new());
        let mut filled = vec![0u64; words];
        for (bucket, cues) in buckets {
            filled[bucket / 64] |= 1 << (bucket % 64);
            starts.push(forest.len() as u32);
            write_nodes(&cues, 0, &mut forest);
        }
        starts.push(forest.len() as u32);
        if forest.len().max(uses.len()) > u32::MAX as usize {
            return Err(too_many());
        }
        let ranks = filled.iter().scan(0, |rank, word| {
            let before = *rank;
            *rank += word.count_ones();
            Some(before)
        });
        Ok(Table {
            ranks: ranks.collect::<Vec<u32>>().into(),
            filled: filled.into(),
            starts: starts.into(),
            forest: forest.into(),
            uses: uses.into(),
            stem_lengths,
            last: last.into(),
        })
    }
}

/// A cue on its way into a tree.
#[derive(Clone, Copy)]
struct Cue<'c> {
    letters: &'c [char],
    /// The place of its uses among those of the table.
    uses: usize,
    /// A word may go on after it.
    stem: bool,
}

/// The cues with the places of their uses, and the uses.
fn share_uses(cues: &BTreeMap<Vec<char>, Uses>) -> (Vec<Cue<'_>>, Vec<u32>) {
    let mut uses = vec![0];
    let mut places: HashMap<Vec<u32>, usize> = HashMap::new();
    let cues = cues.iter().map(|(letters, used)| {
        // The vetoes last, so that who wants none can stop at the first.
        let (vetoes, groups): (Vec<_>, Vec<_>) =
            used.iter().partition(|(used, _)| used.group == VETO);
        let list = groups.iter().chain(&vetoes).map(|&(&used, &stem)| pack_use(used, stem));
        let list: Vec<u32> = list.collect();
        let place = *places.entry(list).or_insert_with_key(|list| {
            uses.push(list.len() as u32);
            uses.extend(list);
            uses.len() - list.len() - 1
        });
        Cue { letters, uses: place, stem: used.values().any(|&stem| stem) }
    });
    (cues.collect(), uses)
}

/// The key of a cue, and how many letters it is made of.
///
/// Of a cue with a number among its first letters it is made of what stands before the number.
fn key(cue: &Cue<'_>) -> (u64, usize) {
    if let [TAIL, last, before, ..] = *cue.letters {
        return (tail(before, last), 0);
    }
    let first = &cue.letters[..cue.letters.len().min(LETTERS)];
    let number = first.iter().position(|&letter| letter == NUMBER);
    let first = &first[..number.unwrap_or(first.len())];
    let key = (0..).zip(first).fold(0, |key, (count, &letter)| with_letter(key, count, letter));
    let is_stem = first.len() < LETTERS && (number.is_some() || cue.stem);
    (if is_stem { stem(key) } else { key }, first.len())
}

/// Writes the trees of cues, in order, which share so many letters.
fn write_nodes(cues: &[Cue<'_>], depth: usize, forest: &mut Vec<u8>) {
    for cues in cues.chunk_by(|a, b| a.letters[depth] == b.letters[depth]) {
        let first = cues[0];
        let label = &first.letters[depth..depth + label_length(cues, depth)];
        let end = depth + label.len();
        let label: String = label.iter().collect();
        let mut node = vec![label.len() as u8];
        node.extend_from_slice(label.as_bytes());
        let ends_here = first.letters.len() == end;
        let uses = if ends_here { first.uses * 2 + usize::from(first.stem) } else { 0 };
        write_number(uses, &mut node);
        write_nodes(&cues[usize::from(ends_here)..], end, &mut node);
        write_number(node.len(), forest);
        forest.append(&mut node);
    }
}

/// How many letters cues that share one go on together; a number stands alone.
fn label_length(cues: &[Cue<'_>], depth: usize) -> usize {
    /// What a byte can count, if each letter has four.
    const LONGEST: usize = 63;
    let (first, last) = (&cues[0].letters[depth..], &cues[cues.len() - 1].letters[depth..]);
    let together = first.iter().zip(last).take_while(|(a, b)| a == b).count();
    match first[..together].iter().position(|&letter| letter == NUMBER) {
        Some(number) => number.max(1),
        None => together.min(LONGEST),
    }
}

fn write_number(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

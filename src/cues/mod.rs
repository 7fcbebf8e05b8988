//! Where cues stand in a line: one automaton, walked from where words begin.
//!
//! A cue begins where a word begins, so the automaton is not run over every byte. From each such
//! place the next few letters are looked up in a filter of a few kilobytes, and only what begins
//! like a cue is walked.

mod beginnings;
mod fold;

use std::collections::HashMap;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::{Anchored, nfa};

use crate::error::BuildError;
use crate::rules::Rule;
use beginnings::Beginnings;
pub(crate) use fold::{Folded, Folder, is_spaced};
use fold::{IN_WORD, UPPER};

/// Finds the cues of all rules.
///
/// A cue stands where its folded code points occur and its ends are ends of words. A cue written
/// with `*` at one end needs none there. Scripts without spaces between words need none at all.
/// `<n>` in a cue is any number.
#[derive(Debug)]
pub(crate) struct Finder {
    folder: Folder,
    cues: Vec<Cue>,
    uses: Vec<Use>,
    /// The rules that have no cues.
    cueless: Vec<usize>,
    /// The cues that begin a word, as an automaton without its failure links.
    heads: nfa::contiguous::NFA,
    start: StateID,
    /// The cue of each of its patterns.
    patterns: Vec<u32>,
    beginnings: Beginnings,
    /// The cues that only end a word, as `*letter` does; few.
    tails: Vec<(Vec<char>, u32)>,
    /// The last letters of these, less their upper bytes.
    last: [bool; 256],
    /// The classes of ASCII.
    classes: [u8; 128],
}

/// A code point that is the last letter of some tail; a class beside [`IN_WORD`] and [`UPPER`].
const TAIL: u8 = 4;

#[derive(Debug)]
struct Cue {
    /// Length in code points.
    chars: u32,
    /// Whether its end must be the end of a word.
    ends_word: bool,
    /// Its part of `Finder::uses`.
    uses: std::ops::Range<u32>,
}

/// A rule that has the cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) rule: u32,
    /// Which of the rule's cue groups; [`VETO`] for a cue that keeps it from firing.
    pub(crate) group: u8,
}

/// What `<n>` in a cue becomes: a control, which no normalized text holds.
const NUMBER: char = '\u{1}';

/// The letters of a cue, folded.
fn pattern_of(folder: &Folder, cue: &str) -> String {
    folder.fold_str(cue.trim_matches('*')).replace("<n>", NUMBER.encode_utf8(&mut [0; 4]))
}

/// The group of the cues that keep a rule from firing.
pub(crate) const VETO: u8 = u8::MAX;

/// A cue in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    cue: u32,
    /// Bytes of the line.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Hit {
    pub(crate) fn same_cue(&self, other: &Hit) -> bool {
        self.cue == other.cue
    }
}

impl Finder {
    pub(crate) fn new(rules: &[Rule]) -> Result<Finder, BuildError> {
        let folder = Folder::new();
        let mut index: HashMap<(String, [bool; 2]), usize> = HashMap::new();
        let mut users: Vec<Vec<Use>> = Vec::new();
        for (rule, number) in rules.iter().zip(0..) {
            for (cue, group) in rule.cues() {
                let pattern = pattern_of(&folder, cue);
                let in_word = |c| c == NUMBER || folder.fold(c).in_word;
                let whole = [
                    !cue.starts_with('*') && pattern.starts_with(in_word),
                    !cue.ends_with('*') && pattern.ends_with(in_word),
                ];
                let cue = *index.entry((pattern, whole)).or_insert(users.len());
                if cue == users.len() {
                    users.push(Vec::new());
                }
                let new = Use { rule: number, group };
                if users[cue].last() != Some(&new) {
                    users[cue].push(new);
                }
            }
        }
        let mut patterns: Vec<_> = index.into_iter().map(|(cue, number)| (number, cue)).collect();
        patterns.sort_unstable();
        let mut uses = Vec::new();
        let cues: Vec<Cue> = patterns
            .iter()
            .map(|(number, (pattern, whole))| {
                let begin = uses.len() as u32;
                uses.extend_from_slice(&users[*number]);
                let chars = pattern.chars().count() as u32;
                Cue { chars, ends_word: whole[1], uses: begin..uses.len() as u32 }
            })
            .collect();
        let mut beginnings = Beginnings::new();
        let (mut heads, mut numbers) = (Vec::new(), Vec::new());
        let (mut tails, mut last) = (Vec::new(), [false; 256]);
        for (number, (pattern, whole)) in &patterns {
            let letters: Vec<char> = pattern.chars().collect();
            let number = *number as u32;
            if !whole[0] && letters.first().is_some_and(|&c| folder.fold(c).in_word) {
                last[letters.last().map_or(0, |&c| low_byte(c))] = true;
                tails.push((letters, number));
            } else {
                beginnings.insert(&letters, whole[1]);
                numbers.push(number);
                heads.push(pattern);
            }
        }
        let too_many =
            |cause: &dyn std::fmt::Display| BuildError::too_many_cues(heads.len(), cause);
        let automaton = nfa::contiguous::NFA::builder().prefilter(false).build(&heads);
        let automaton = automaton.map_err(|error| too_many(&error))?;
        let start = automaton.start_state(Anchored::Yes).map_err(|error| too_many(&error))?;
        let classes = std::array::from_fn(|byte| class_of(folder.fold(byte as u8 as char), &last));
        let cueless = rules.iter().enumerate().filter(|(_, rule)| rule.is_cueless());
        Ok(Finder {
            cueless: cueless.map(|(number, _)| number).collect(),
            folder,
            cues,
            uses,
            heads: automaton,
            start,
            patterns: numbers,
            beginnings,
            tails,
            last,
            classes,
        })
    }

    /// The rules that have no cues, by index.
    pub(crate) fn cueless(&self) -> &[usize] {
        &self.cueless
    }

    /// The rules that have the cue of a hit.
    pub(crate) fn uses(&self, hit: Hit) -> &[Use] {
        let uses = &self.cues[hit.cue as usize].uses;
        &self.uses[uses.start as usize..uses.end as usize]
    }

    /// Appends the cues in a line, in order of their beginnings, the shorter before the longer.
    pub(crate) fn find(&self, line: &str, hits: &mut Vec<Hit>) {
        let found = hits.len();
        let mut before = 0;
        let mut at = 0;
        while at < line.len() {
            let (class, end) = self.class(line, at);
            // A capital glued to what stands before begins a word too.
            let begins_word = before & class & IN_WORD == 0 || class & !before & UPPER != 0;
            if begins_word && line.as_bytes()[at] != b' ' && self.begins_cue(line, at) {
                self.walk(line, at, hits);
            }
            if before & TAIL != 0 && (class & IN_WORD == 0 || class & UPPER != 0) {
                self.find_tails(line, at, hits);
            }
            (before, at) = (class, end);
        }
        if before & TAIL != 0 {
            self.find_tails(line, at, hits);
        }
        hits[found..].sort_unstable_by_key(|hit| (hit.start, hit.end));
    }

    /// The class of the code point at a byte, and the byte after it.
    #[inline(always)]
    fn class(&self, line: &str, at: usize) -> (u8, usize) {
        match self.classes.get(line.as_bytes()[at] as usize) {
            Some(&class) => (class, at + 1),
            None => {
                let (c, end) = self.folded(line, at);
                (class_of(c, &self.last), end)
            }
        }
    }

    /// Whether the letters from a byte on are like those of some cue.
    #[inline(always)]
    fn begins_cue(&self, line: &str, start: usize) -> bool {
        const SEVEN_ASCII: u64 = 0x0080_8080_8080_8080;
        let rest = &line.as_bytes()[start..];
        match rest.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes)) {
            Some(bytes) if bytes & SEVEN_ASCII == 0 => {
                self.beginnings.may_begin_ascii(bytes, &self.classes)
            }
            _ => self.beginnings.may_begin(line[start..].chars().map(|c| self.folder.fold(c))),
        }
    }

    /// Appends the cues that end a word at a byte, wherever in the word they begin.
    fn find_tails(&self, line: &str, end: usize, hits: &mut Vec<Hit>) {
        let last = line[..end].chars().next_back().map(|c| self.folder.fold(c));
        if !last.is_some_and(|last| self.ends_word(line, last, end)) {
            return;
        }
        for (letters, cue) in &self.tails {
            let mut rest = line[..end].char_indices().rev();
            let mut start = end;
            let same = letters.iter().rev().all(|&letter| {
                rest.next().is_some_and(|(at, c)| {
                    start = at;
                    self.folder.fold(c).letter == letter
                })
            });
            if same {
                hits.push(Hit { cue: *cue, start, end });
            }
        }
    }

    /// The code point at a byte, and the byte after it.
    #[inline]
    fn folded(&self, line: &str, at: usize) -> (Folded, usize) {
        let byte = line.as_bytes()[at];
        match byte.is_ascii() {
            true => (self.folder.fold(byte as char), at + 1),
            false => {
                let c = line[at..].chars().next().unwrap_or(' ');
                (self.folder.fold(c), at + c.len_utf8())
            }
        }
    }

    /// Appends the cues that begin at a byte.
    fn walk(&self, line: &str, start: usize, hits: &mut Vec<Hit>) {
        self.walk_on(line, start, (self.start, start, 0), hits);
    }

    /// Appends the cues that begin at a byte and go on from a state, a byte and so many letters.
    fn walk_on(
        &self,
        line: &str,
        start: usize,
        (mut state, mut at, mut chars): (StateID, usize, u32),
        hits: &mut Vec<Hit>,
    ) {
        let mut in_number = false;
        while at < line.len() {
            let (c, end) = self.folded(line, at);
            let digit = c.letter.is_ascii_digit();
            if digit && !in_number {
                // The number as a whole; below, its digits one by one.
                let number = self.heads.next_state(Anchored::Yes, state, NUMBER as u8);
                if !self.heads.is_dead(number) {
                    let whole = (number, self.number_end(line, at), chars + 1);
                    self.report(line, start, whole, c, hits);
                    self.walk_on(line, start, whole, hits);
                }
            }
            in_number = digit;
            let mut buffer = [0; 4];
            for &byte in c.letter.encode_utf8(&mut buffer).as_bytes() {
                state = self.heads.next_state(Anchored::Yes, state, byte);
            }
            if self.heads.is_dead(state) {
                return;
            }
            (at, chars) = (end, chars + 1);
            self.report(line, start, (state, at, chars), c, hits);
        }
    }

    /// The end of the number that begins at a byte: digits, perhaps with thousands or decimals
    /// (`1,000`, `4.8`), but not of a date, a time or a share (`12.03.2024`, `0:45`, `3/10`).
    fn number_end(&self, line: &str, start: usize) -> usize {
        let bytes = line.as_bytes();
        let digits = |from: usize| {
            let mut end = from;
            while end < line.len() && line.is_char_boundary(end) {
                match self.folded(line, end) {
                    (c, after) if c.letter.is_ascii_digit() => end = after,
                    _ => break,
                }
            }
            end
        };
        let sign = |at: usize, signs: &[u8]| bytes.get(at).is_some_and(|byte| signs.contains(byte));
        let goes_on = |at: usize| sign(at, b".,/:-") && digits(at + 1) > at + 1;
        let mut end = digits(start);
        if start > 0 && sign(start - 1, b".,/:-") {
            return end;
        }
        while sign(end, b".,'") {
            let after = digits(end + 1);
            match after - (end + 1) {
                3 => end = after,
                1 | 2 if !goes_on(after) => return after,
                _ => break,
            }
        }
        end
    }

    /// Appends the cues that end in a state, at a byte, after so many letters, the last being
    /// `last`.
    #[inline]
    fn report(
        &self,
        line: &str,
        start: usize,
        (state, end, chars): (StateID, usize, u32),
        last: Folded,
        hits: &mut Vec<Hit>,
    ) {
        if !self.heads.is_match(state) {
            return;
        }
        for i in 0..self.heads.match_len(state) {
            let cue = self.patterns[self.heads.match_pattern(state, i).as_usize()];
            let Cue { chars: length, ends_word, .. } = self.cues[cue as usize];
            // A state lists the cues that end there, wherever they begin.
            if length == chars && (!ends_word || self.ends_word(line, last, end)) {
                hits.push(Hit { cue, start, end });
            }
        }
    }

    /// Whether a word ends at a byte, after the code point `last`; also where a capital is glued
    /// to it, which after a capital begins a word only before a small letter.
    fn ends_word(&self, line: &str, last: Folded, at: usize) -> bool {
        if at == line.len() {
            return true;
        }
        let (next, end) = self.folded(line, at);
        let small_after = || line[end..].starts_with(char::is_lowercase);
        !next.in_word || next.upper && (!last.upper || small_after())
    }
}

fn low_byte(letter: char) -> usize {
    (letter as u32 & 0xff) as usize
}

/// The classes of a code point.
fn class_of(c: Folded, last: &[bool; 256]) -> u8 {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    flag(c.in_word, IN_WORD)
        | flag(c.upper, UPPER)
        | flag(c.in_word && last[low_byte(c.letter)], TAIL)
}

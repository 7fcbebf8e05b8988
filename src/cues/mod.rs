//! Where cues stand in a line: one pass of one automaton over the folded line.

mod fold;

use std::collections::HashMap;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::{Anchored, MatchKind, dfa};

use crate::error::BuildError;
use crate::rules::Rule;
pub(crate) use fold::Folder;

/// Finds the cues of all rules.
///
/// A cue stands where its folded code points occur and its ends are ends of words. A cue written
/// with `*` at an end needs none there. Scripts without spaces between words need none at all.
#[derive(Debug)]
pub(crate) struct Finder {
    folder: Folder,
    automaton: dfa::DFA,
    start: StateID,
    cues: Vec<Cue>,
    uses: Vec<Use>,
}

#[derive(Debug)]
struct Cue {
    /// Length in code points.
    chars: u32,
    /// Whether each end must be the end of a word.
    whole: [bool; 2],
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
                let pattern = cue.trim_matches('*');
                let whole = [
                    !cue.starts_with('*') && pattern.starts_with(in_spaced_word),
                    !cue.ends_with('*') && pattern.ends_with(in_spaced_word),
                ];
                let cue = *index.entry((folder.fold_str(pattern), whole)).or_insert(users.len());
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
        let automaton = dfa::DFA::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(aho_corasick::StartKind::Unanchored)
            .build(patterns.iter().map(|(_, (pattern, _))| pattern))
            .map_err(|error| BuildError::too_many_cues(patterns.len(), &error))?;
        let start = automaton
            .start_state(Anchored::No)
            .map_err(|error| BuildError::too_many_cues(patterns.len(), &error))?;
        let mut uses = Vec::new();
        let cues = patterns
            .iter()
            .map(|(number, (pattern, whole))| {
                let begin = uses.len() as u32;
                uses.extend_from_slice(&users[*number]);
                let chars = pattern.chars().count() as u32;
                Cue { chars, whole: *whole, uses: begin..uses.len() as u32 }
            })
            .collect();
        Ok(Finder { folder, automaton, start, cues, uses })
    }

    /// The rules that have the cue of a hit.
    pub(crate) fn uses(&self, hit: Hit) -> &[Use] {
        let uses = &self.cues[hit.cue as usize].uses;
        &self.uses[uses.start as usize..uses.end as usize]
    }

    /// Appends the cues in a line, in order of their ends.
    pub(crate) fn find(&self, line: &str, hits: &mut Vec<Hit>) {
        let mut state = self.start;
        let mut at = 0;
        let bytes = line.as_bytes();
        while at < bytes.len() {
            let byte = bytes[at];
            if byte < 0x80 {
                at += 1;
                let folded = self.folder.fold(byte as char) as u8;
                state = self.automaton.next_state(Anchored::No, state, folded);
            } else {
                let Some(c) = line[at..].chars().next() else { break };
                at += c.len_utf8();
                let mut buffer = [0; 4];
                for byte in self.folder.fold(c).encode_utf8(&mut buffer).bytes() {
                    state = self.automaton.next_state(Anchored::No, state, byte);
                }
            }
            if self.automaton.is_special(state) && self.automaton.is_match(state) {
                self.report(line, state, at, hits);
            }
        }
    }

    fn report(&self, line: &str, state: StateID, end: usize, hits: &mut Vec<Hit>) {
        for i in 0..self.automaton.match_len(state) {
            let number = self.automaton.match_pattern(state, i).as_u32();
            let cue = &self.cues[number as usize];
            let last = cue.chars.saturating_sub(1) as usize;
            let Some((start, _)) = line[..end].char_indices().rev().nth(last) else { continue };
            if (!cue.whole[0] || begins_word(line, start))
                && (!cue.whole[1] || ends_word(line, end))
            {
                hits.push(Hit { cue: number, start, end });
            }
        }
    }
}

/// Whether a word begins at `at`; also where a capital is glued to what stands before, as in
/// `was saidRead more`.
pub(crate) fn begins_word(line: &str, at: usize) -> bool {
    match (line[..at].chars().next_back(), line[at..].chars().next()) {
        (Some(before), Some(first)) if in_spaced_word(before) => {
            !before.is_uppercase() && first.is_uppercase()
        }
        _ => true,
    }
}

/// Whether a word ends at `at`; also where a capital is glued to it.
pub(crate) fn ends_word(line: &str, at: usize) -> bool {
    let mut rest = line[at..].chars();
    match (line[..at].chars().next_back(), rest.next()) {
        (Some(last), Some(after)) if in_spaced_word(after) => {
            let capital_of_next = rest.next().is_some_and(char::is_lowercase);
            after.is_uppercase() && (!last.is_uppercase() || capital_of_next)
        }
        _ => true,
    }
}

fn in_spaced_word(c: char) -> bool {
    c.is_alphanumeric() && is_spaced(c)
}

/// Whether the code point's script puts spaces between words.
pub(crate) fn is_spaced(c: char) -> bool {
    !matches!(c as u32,
        0x0e00..=0x0eff        // Thai, Lao
        | 0x1000..=0x109f      // Myanmar
        | 0x1780..=0x17ff      // Khmer
        | 0x2e80..=0xabff      // CJK, kana, Yi; also Hangul's neighbours
        | 0xac00..=0xd7af      // Hangul: particles are glued to words
        | 0xf900..=0xfaff
        | 0xff00..=0xffef
        | 0x20000..=0x3ffff)
}

//! What a rule saw in a text: for people who ask why it fired.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{RuleInfo, RulePack};
use crate::cues::{Cues, Finder};
use crate::error::BuildError;
use crate::normalize::{Normalization, normalize};
use crate::weigh;

/// Finds the cues of one rule in texts, as a cleaner does. [`RulePack::cue_finder`] makes one.
#[derive(Debug)]
pub struct CueFinder {
    finder: Finder,
    groups: usize,
    /// The cues with their groups.
    cues: Vec<(usize, String)>,
}

impl RulePack {
    /// A finder of the cues of a rule, which is given by its place in [`RulePack::rules`].
    ///
    /// # Errors
    ///
    /// The rule has more cues than a table can hold.
    ///
    /// # Panics
    ///
    /// The pack has no such rule.
    pub fn cue_finder(&self, rule: usize) -> Result<CueFinder, BuildError> {
        let groups = self.infos[rule].cues.iter().enumerate();
        let cues: Vec<(usize, String)> = groups
            .flat_map(|(group, cues)| cues.iter().map(move |cue| (group, cue.clone())))
            .collect();
        // A hit says which rule it is for, not which cue: so each cue is a rule of its own.
        let one = |(_, cue): &(usize, String)| RuleInfo {
            cues: vec![vec![cue.clone()]],
            none: Vec::new(),
            ..self.infos[rule].clone()
        };
        let rules: Vec<RuleInfo> = cues.iter().map(one).collect();
        let table = Cues::of(&rules).grow()?;
        let numbers = (0..rules.len() as u32).collect();
        let finder = Finder::new(vec![(Arc::new(table), numbers)], &[]);
        Ok(CueFinder { finder, groups: self.infos[rule].cues.len(), cues })
    }
}

impl CueFinder {
    /// The cues of each group that stand in a text, in order; of cues that overlap the first and
    /// longest.
    pub fn find(&self, text: &str) -> Vec<Vec<&str>> {
        let text = normalize(text, &Normalization::default()).text;
        let mut hits = Vec::new();
        self.finder.find(&text, &mut hits);
        hits.sort_by_key(|hit| (hit.start, Reverse(hit.end)));
        let mut groups = vec![Vec::new(); self.groups];
        let mut ends = vec![0; self.groups];
        for hit in hits {
            for used in self.finder.uses(hit) {
                let (group, cue) = &self.cues[used.rule as usize];
                if hit.start >= ends[*group] {
                    ends[*group] = hit.end;
                    groups[*group].push(cue.as_str());
                }
            }
        }
        groups
    }
}

/// Whether a line is prose, as the gates of rules have it.
pub fn is_prose(line: &str) -> bool {
    weigh::is_prose(line.trim())
}

//! The cues of the built-in packs as a plain list, for those who look for them in other ways.

use std::collections::BTreeSet;

use unfurnish::RulePack;

/// How many a DFA over every byte can hold in a reasonable size.
pub(crate) const PICKED: usize = 2_000;

/// All cues in small ASCII letters, each once, in order. Of `newsletter*` and `<n> comments` the
/// letters remain, and what is shorter than two bytes is left out: it would be found everywhere.
pub(crate) fn all() -> Vec<String> {
    let packs = RulePack::builtin();
    let rules = packs.iter().flat_map(RulePack::rules);
    let cues = rules.flat_map(|rule| rule.cues.iter().flatten());
    let plain = cues.map(|cue| cue.replace("<n>", "").replace('*', "").trim().to_ascii_lowercase());
    let unique: BTreeSet<String> = plain.filter(|cue| cue.len() > 1).collect();
    unique.into_iter().collect()
}

/// So many of them, evenly picked, so that every language has its share.
pub(crate) fn pick(all: &[String], count: usize) -> Vec<String> {
    let count = count.min(all.len());
    (0..count).map(|number| all[number * all.len() / count].clone()).collect()
}

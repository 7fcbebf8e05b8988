//! What the table must not lose.

use std::sync::Arc;

use super::{Cues, Finder, Table};
use crate::rules::{RuleInfo, RulePack, builtin, builtin_cues};

/// Whether the finder of a table finds a cue of a rule in all of a text.
fn finds(finder: &Finder, text: &str, rule: u32, group: u8) -> bool {
    let mut hits = Vec::new();
    finder.find(text, &mut hits);
    let mut whole = hits.iter().filter(|hit| (hit.start, hit.end) == (0, text.len()));
    whole.any(|hit| finder.uses(*hit).any(|used| (used.rule, used.group) == (rule, group)))
}

#[test]
fn every_builtin_cue_finds_itself() {
    let rules = builtin::RULES;
    let numbers = (0..rules.len() as u32).collect();
    let finder = Finder::new(vec![(Arc::new(builtin_cues::CUES.clone()), numbers)], rules);
    let packs = RulePack::builtin();
    let infos = packs.iter().flat_map(|pack| pack.rules());
    for (rule, info) in (0..).zip(infos) {
        for (cue, group) in info.cues_by_group() {
            let text = cue.trim_matches('*').replace("<n>", "2024");
            assert!(finds(&finder, &text, rule, group), "{}: {cue}", info.id);
        }
    }
}

/// Packs may be of any size: no rule, a cue longer than a label, cues that begin with one another.
#[test]
fn tables_of_any_size() {
    let table = |toml: &str| {
        let pack = RulePack::from_toml(toml).unwrap();
        let finder = Finder::new(
            vec![(pack.general.table.clone(), (0..pack.general.rules.len() as u32).collect())],
            &pack.general.rules,
        );
        (pack, finder)
    };
    assert!(!finds(&table("name = \"t\"").1, "word", 0, 0));
    let long = "слово ".repeat(99);
    let cues = [long.trim(), "слово", "с", "<n>", "<n> <n>", "*слог", "слово <n>"];
    let (pack, finder) =
        table(&format!("name = \"t\"\n[[rule]]\nid = \"other/a\"\nany = {cues:?}"));
    for cue in pack.rules()[0].cues[0].iter() {
        let text = cue.trim_matches('*').replace("<n>", "1,000");
        assert!(finds(&finder, &text, 0, 0), "{cue}");
    }
    let none: Table = Cues::of(&[] as &[RuleInfo]).grow().unwrap();
    assert!(none.forest.is_empty());
}

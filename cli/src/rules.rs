//! `unfurnish rules`.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;

use unfurnish::RulePack;

use crate::args::{RulesArgs, RulesCommand, read_pack};
use crate::failure::Failure;
use crate::measured;
use crate::tally::Count;

pub(crate) fn run(args: &RulesArgs) -> Result<(), Failure> {
    match &args.command {
        RulesCommand::List { packs } => list(&packs_of(packs)?),
        RulesCommand::Check { packs } => check(&packs_of(packs)?),
    }
}

/// Rule packs with the names they are reported by.
fn packs_of(paths: &[PathBuf]) -> Result<Vec<(String, RulePack)>, Failure> {
    if paths.is_empty() {
        let builtin = RulePack::builtin().into_iter();
        return Ok(builtin.map(|pack| (format!("{}.toml", pack.name()), pack)).collect());
    }
    paths.iter().map(|path| Ok((path.display().to_string(), read_pack(path)?))).collect()
}

fn list(packs: &[(String, RulePack)]) -> Result<(), Failure> {
    let rules: Vec<_> = packs.iter().flat_map(|(_, pack)| pack.rules()).collect();
    let width = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or(0).max(4);
    let measured: HashMap<_, _> =
        measured::rows().map(|(id, right, wrong)| (id, (right, wrong))).collect();
    let write = || -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        writeln!(
            out,
            "{:width$}  {:10}  {:>4}  {:>6}  {:>5}  {:>5}  cues",
            "rule", "category", "hits", "misses", "right", "wrong"
        )?;
        for rule in &rules {
            let (right, wrong) = measured.get(rule.id.as_str()).unwrap_or(&("-", "-"));
            writeln!(
                out,
                "{:width$}  {:10}  {:>4}  {:>6}  {right:>5}  {wrong:>5}  {}",
                rule.id,
                rule.category.name(),
                rule.hits.len(),
                rule.misses.len(),
                cues(&rule.cues),
            )?;
        }
        let cues = rules.iter().flat_map(|rule| &rule.cues).map(Vec::len).sum::<usize>();
        let (packs, rules) = (Count(packs.len() as u64, "pack"), Count(rules.len() as u64, "rule"));
        writeln!(out, "{packs}, {rules}, {}", Count(cues as u64, "cue"))?;
        out.flush()
    };
    write().map_err(|error| Failure::writing("stdout", &error))
}

/// The first cues of each group, and how many more there are: `also read | read also (+12)`.
fn cues(groups: &[Vec<String>]) -> String {
    const SHOWN: usize = 3;
    let group = |cues: &Vec<String>| {
        let shown = cues.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(" | ");
        match cues.len().saturating_sub(SHOWN) {
            0 => shown,
            more => format!("{shown} (+{more})"),
        }
    };
    groups.iter().map(group).collect::<Vec<_>>().join(" & ")
}

fn check(packs: &[(String, RulePack)]) -> Result<(), Failure> {
    let (mut rules, mut hits, mut misses) = (0, 0, 0);
    let mut failures = Vec::new();
    for (name, pack) in packs {
        for failure in pack.check().map_err(|error| Failure::at(name, error))? {
            let (line, rule, message) = (failure.line, failure.rule, failure.message);
            failures.push(format!("{name}:{line}: {rule}: {message}"));
        }
        rules += pack.rules().len();
        hits += pack.rules().iter().map(|rule| rule.hits.len()).sum::<usize>();
        misses += pack.rules().iter().map(|rule| rule.misses.len()).sum::<usize>();
    }
    let write = || -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for failure in &failures {
            writeln!(out, "{failure}")?;
        }
        if failures.is_empty() {
            writeln!(out, "{rules} rules, {hits} hits, {misses} misses hold")?;
        }
        out.flush()
    };
    write().map_err(|error| Failure::writing("stdout", &error))?;
    match failures.len() {
        0 => Ok(()),
        failed => {
            let checked = format!("{rules} rules, {hits} hits, {misses} misses");
            Err(Failure::new(format!("{checked}: {failed} of them fail")))
        }
    }
}

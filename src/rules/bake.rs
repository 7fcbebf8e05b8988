//! Writes `builtin.rs`, the built-in packs as Rust tables, and tests that it is fresh.

use std::fmt::Write;

use super::{List, Neighbours, Rule, RulePack, Str};
/// `BLESS=1 cargo test bake` rewrites the tables.
#[test]
fn builtin_tables_are_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/builtin.rs");
    let fresh = bake(&RulePack::builtin());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let stale = "src/rules/builtin.rs is stale; rewrite it with `BLESS=1 cargo test bake`";
    assert!(std::fs::read_to_string(path).unwrap() == fresh, "{stale}");
}

#[test]
fn builtin_packs_hold() {
    let failures: Vec<_> = RulePack::builtin()
        .iter()
        .flat_map(|pack| pack.check().unwrap())
        .map(|failure| format!("{} (line {}): {}", failure.rule, failure.line, failure.message))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn bake(packs: &[RulePack]) -> String {
    let mut out = String::from(
        "//! The built-in packs. Generated from `rules/*.toml` by `BLESS=1 cargo test bake`; do \
         not edit.\n\nuse std::borrow::Cow::Borrowed as B;\n\nuse super::{At, Neighbours, Rule, \
         Take, Zone};\nuse crate::category::{Category, CategorySet};\n\n/// The rules of each \
         pack.\npub(crate) fn packs() -> &'static [&'static [Rule]] {\n    PACKS\n}\n\n",
    );
    let names: Vec<_> = packs.iter().map(|pack| pack.name().to_uppercase()).collect();
    writeln!(out, "static PACKS: &[&[Rule]] = &[{}];", names.join(", ")).unwrap();
    for (pack, name) in packs.iter().zip(names) {
        writeln!(out, "\n#[rustfmt::skip]\nstatic {name}: &[Rule] = &[").unwrap();
        pack.rules.iter().for_each(|rule| out.push_str(&bake_rule(rule)));
        out.push_str("];\n");
    }
    out
}

fn bake_rule(rule: &Rule) -> String {
    let Rule { id, category, all, none, at, take, separator, count, capitals, headline, .. } = rule;
    let Rule { max_words, lines, zone, before, after, run, to_end, block, .. } = rule;
    let groups: Vec<_> = all.iter().map(bake_list).collect();
    let neighbours = |neighbours: &Neighbours| {
        let Neighbours { removed, headline, prose, edge } = neighbours;
        match *neighbours == Neighbours::ANY {
            true => "Neighbours::ANY".to_owned(),
            false => format!(
                "Neighbours {{ removed: CategorySet::from_bits({}), headline: {headline}, prose: \
                 {prose}, edge: {edge} }}",
                removed.bits()
            ),
        }
    };
    format!(
        "    Rule {{ id: B({id:?}), category: Category::{category:?}, all: B(&[{}]), none: {}, at: \
         At::{at:?}, take: Take::{take:?}, separator: {separator}, count: {count}, capitals: {capitals}, headline: {headline}, max_words: \
         {max_words}, lines: {lines}, zone: Zone::{zone:?}, before: {}, after: {}, run: {run:?}, \
         to_end: {to_end}, block: {block:?} }},\n",
        groups.join(", "),
        bake_list(none),
        neighbours(before),
        neighbours(after),
    )
}

fn bake_list(cues: &List<Str>) -> String {
    let cues: Vec<_> = cues.iter().map(|cue| format!("B({cue:?})")).collect();
    format!("B(&[{}])", cues.join(", "))
}

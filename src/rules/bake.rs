//! Writes the built-in packs as Rust tables, `builtin.rs` and `builtin_cues.rs`, and tests that
//! they are fresh.

use std::fmt::{Debug, Write};

use super::{Neighbours, Rule, RulePack};
use crate::cues::{Cues, Keys, Openings, Sieve, Table};

/// `BLESS=1 cargo test bake` rewrites the tables.
#[test]
fn builtin_tables_are_fresh() {
    let packs = RulePack::builtin();
    let table = Cues::of(packs.iter().flat_map(|pack| &*pack.infos)).grow().unwrap();
    let rules = packs.iter().flat_map(|pack| pack.general.rules.iter().zip(&*pack.infos));
    let keys = Keys::of(rules);
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/");
    let cues = bake_cues(&table, &keys);
    for (file, fresh) in [("builtin.rs", bake_rules(&packs, &cues)), ("builtin_cues.rs", cues)] {
        let path = format!("{directory}{file}");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let stale = "is stale; rewrite it with `BLESS=1 cargo test bake`";
        assert!(std::fs::read_to_string(path).unwrap() == fresh, "src/rules/{file} {stale}");
    }
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

fn bake_rules(packs: &[RulePack], cues: &str) -> String {
    let rules: String = packs.iter().flat_map(|pack| &pack.general.rules).map(bake_rule).collect();
    let version = fingerprint([&*rules, cues]);
    format!(
        "//! The built-in rules. Generated from `rules/*.toml` by `BLESS=1 cargo test bake`; do \
         not edit.\n\nuse std::borrow::Cow::Borrowed as B;\n\nuse super::{{At, Neighbours, Rule, \
         Take, Zone}};\nuse crate::category::{{Category, CategorySet}};\n\n/// A fingerprint of the rules \
         and their cues.\npub(crate) const VERSION: &str = \"{version:016x}\";\n\n/// The rules of all \
         packs, pack by pack.\n#[rustfmt::skip]\npub(crate) static RULES: &[Rule] = &[\n{rules}];\n",
    )
}

/// FNV-1a, which is enough to tell what nobody forges.
fn fingerprint(texts: [&str; 2]) -> u64 {
    let bytes = texts.into_iter().flat_map(str::bytes);
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    })
}

fn bake_rule(rule: &Rule) -> String {
    let Rule { id, category, groups, at, take, separator, count, capitals, headline, .. } = rule;
    let Rule { max_words, lines, zone, before, after, run, to_end, block, .. } = rule;
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
        "    Rule {{ id: B({id:?}), category: Category::{category:?}, groups: {groups}, at: \
         At::{at:?}, take: Take::{take:?}, separator: {separator}, count: {count}, capitals: \
         {capitals}, headline: {headline}, max_words: {max_words}, lines: {lines}, zone: \
         Zone::{zone:?}, before: {}, after: {}, run: {run:?}, to_end: {to_end}, block: {block:?} \
         }},\n",
        neighbours(before),
        neighbours(after),
    )
}

fn bake_cues(table: &Table, keys: &Keys) -> String {
    let Table { filled, ranks, starts, forest, uses, stem_lengths, last } = table;
    let mut out = String::from(
        "//! The cues of the built-in rules. Generated from `rules/*.toml` by `BLESS=1 cargo test \
         bake`; do not edit.\n\nuse std::borrow::Cow::Borrowed as B;\n\nuse crate::cues::{Keys, Openings, Sieve, Table};\n\n\
         #[rustfmt::skip]\npub(crate) static CUES: Table = Table {\n",
    );
    writeln!(out, "    stem_lengths: {stem_lengths},\n    last: B({last:?}),").unwrap();
    bake_numbers(&mut out, "filled", filled);
    bake_numbers(&mut out, "ranks", ranks);
    bake_numbers(&mut out, "starts", starts);
    bake_numbers(&mut out, "uses", uses);
    // A line for each bucket, so that a diff shows what changed.
    out.push_str("    forest: B(b\"");
    for bounds in starts.windows(2) {
        out.push_str("\\\n");
        for &byte in &forest[bounds[0] as usize..bounds[1] as usize] {
            match byte {
                b'"' | b'\\' => out.extend(['\\', byte.into()]),
                b'!'..=b'~' => out.push(byte.into()),
                _ => write!(out, "\\x{byte:02x}").unwrap(),
            }
        }
    }
    out.push_str("\"),\n};\n\n#[rustfmt::skip]\npub(crate) static KEYS: Keys = Keys {\n");
    bake_numbers(&mut out, "rules", &keys.rules);
    bake_numbers(&mut out, "openings", &keys.openings);
    bake_numbers(&mut out, "ends", &keys.ends);
    for (name, sieve) in [("usual", &keys.usual), ("optional", &keys.optional)] {
        let Sieve { any_number, every_line, .. } = sieve;
        writeln!(out, "    {name}: Sieve {{").unwrap();
        writeln!(out, "    any_number: {any_number},\n    every_line: {every_line},").unwrap();
        for (name, openings) in sieve.sets() {
            let Openings { buckets, pairs, lengths, hashes } = openings;
            writeln!(out, "    {name}: Openings {{\n    lengths: {lengths:#x},").unwrap();
            bake_numbers(&mut out, "buckets", &buckets[..]);
            bake_numbers(&mut out, "pairs", &pairs[..]);
            bake_numbers(&mut out, "hashes", hashes);
            out.push_str("    },\n");
        }
        out.push_str("    },\n");
    }
    out.push_str("};\n");
    out
}

fn bake_numbers<T: Debug>(out: &mut String, name: &str, numbers: &[T]) {
    const PER_LINE: usize = 12;
    writeln!(out, "    {name}: B(&[").unwrap();
    for line in numbers.chunks(PER_LINE) {
        let line: Vec<_> = line.iter().map(|number| format!("{number:?}")).collect();
        writeln!(out, "        {},", line.join(", ")).unwrap();
    }
    out.push_str("    ]),\n");
}

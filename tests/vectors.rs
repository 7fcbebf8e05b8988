//! Runs `tests/vectors.json`, as the tests of the C API and of the Python package do.
//!
//! A case has `name`, `input`, `output` and may have `options` (keys and values of `Builder::set`),
//! `rules` (the text of a rule pack), `removed` (spans in bytes of the input; default none) and
//! `abstained` (default false). People write them, no program does.

use std::collections::HashMap;

use serde_json::Value;
use unfurnish::{Builder, Cleaned, Cleaner};

fn cases() -> Vec<Value> {
    let text = include_str!("vectors.json");
    let file: Value = serde_json::from_str(text).expect("vectors.json is valid JSON");
    file["cases"].as_array().expect("it has cases").clone()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} is a string in {case}"))
}

/// The cleaner of a case; `None` if it has rules that this build cannot read.
fn cleaner(case: &Value) -> Option<Cleaner> {
    let mut builder = Cleaner::builder();
    for (key, value) in case["options"].as_object().into_iter().flatten() {
        builder = builder.set(key, value.as_str().expect("options are strings")).unwrap();
    }
    if let Some(rules) = case["rules"].as_str() {
        builder = with_rules(builder, rules)?;
    }
    Some(builder.build().unwrap())
}

#[cfg(feature = "toml")]
fn with_rules(builder: Builder, rules: &str) -> Option<Builder> {
    Some(builder.rules(unfurnish::RulePack::from_toml(rules).unwrap()))
}

#[cfg(not(feature = "toml"))]
fn with_rules(_: Builder, _: &str) -> Option<Builder> {
    None
}

/// What the account of a result makes of the input.
fn replay(input: &str, cleaned: &Cleaned<'_>) -> String {
    let removals = cleaned.removals().iter().map(|removal| (removal.span.clone(), ""));
    let edits = cleaned.edits().map(|edit| (edit.span, edit.replacement));
    let mut changes: Vec<_> = removals.chain(edits).collect();
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    let mut output = String::new();
    let mut at = 0;
    for (span, replacement) in changes {
        output.push_str(&input[at..span.start]);
        output.push_str(replacement);
        at = span.end;
    }
    output + &input[at..]
}

#[test]
fn vectors() {
    let keys = ["name", "options", "rules", "input", "output", "removed", "abstained"];
    let mut names = Vec::new();
    // Cleaners by options: without optimization one takes a while to build.
    let mut cleaners = HashMap::new();
    for case in cases() {
        let name = text(&case, "name");
        for key in case.as_object().expect("a case is an object").keys() {
            assert!(keys.contains(&key.as_str()), "{name}: there is no `{key}`");
        }
        assert!(!names.contains(&name.to_owned()), "{name}: twice");
        names.push(name.to_owned());
        let options = format!("{} {}", case["options"], case["rules"]);
        let Some(cleaner) = cleaners.entry(options).or_insert_with(|| cleaner(&case)) else {
            continue;
        };
        let input = text(&case, "input");
        let cleaned = cleaner.clean(input);
        assert_eq!(cleaned.text(), text(&case, "output"), "{name}");
        let removed: Vec<Value> = cleaned
            .removals()
            .iter()
            .map(|removal| {
                serde_json::json!({
                    "start": removal.span.start,
                    "end": removal.span.end,
                    "rule": removal.rule,
                    "category": removal.category.name(),
                })
            })
            .collect();
        assert_eq!(&removed, case["removed"].as_array().unwrap_or(&vec![]), "{name}");
        assert_eq!(cleaned.abstained(), case["abstained"].as_bool().unwrap_or(false), "{name}");
        assert_eq!(replay(input, &cleaned), cleaned.text(), "{name}: the account");
    }
    assert!(names.len() > 10);
}

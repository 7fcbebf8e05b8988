//! `tests/vectors.json`, the cases that the library, C, Python and the tool share.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{Dir, run};

#[test]
fn every_vector_holds() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    // One run for all cases with the same options.
    let mut groups: BTreeMap<Vec<String>, Vec<&Value>> = BTreeMap::new();
    let dir = Dir::new();
    for case in file["cases"].as_array().unwrap() {
        let mut args = Vec::new();
        for (key, value) in case["options"].as_object().into_iter().flatten() {
            args.extend([format!("--{key}"), value.as_str().unwrap().to_owned()]);
        }
        if let Some(rules) = case["rules"].as_str() {
            let pack = dir.write(&format!("{}.toml", groups.len()), rules);
            args.extend(["--rules".to_owned(), pack.display().to_string()]);
        }
        groups.entry(args).or_default().push(case);
    }
    for (options, cases) in groups {
        let lines = cases.iter().map(|case| json!({ "text": case["input"] }).to_string() + "\n");
        let mut args: Vec<&str> = vec!["clean", "--input-format", "jsonl", "--spans"];
        args.extend(options.iter().map(String::as_str));
        let out = run(args, lines.collect::<String>()).ok();
        assert_eq!(out.lines().count(), cases.len());
        for (line, case) in out.lines().zip(cases) {
            let row: Value = serde_json::from_str(line).unwrap();
            assert_eq!(row["text"], case["output"], "{}", case["name"]);
            let or = |key, default| case.get(key).cloned().unwrap_or(default);
            assert_eq!(row["unfurnish"]["removed"], or("removed", json!([])), "{}", case["name"]);
            let abstained = or("abstained", json!(false));
            assert_eq!(row["unfurnish"]["abstained"], abstained, "{}", case["name"]);
        }
    }
}

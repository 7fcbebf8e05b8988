//! Cleans `samples/` and compares with what people say should be left.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use unfurnish::Cleaner;

/// Samples that come out otherwise than they should. One that passes must be taken out of this
/// list.
const KNOWN_FAILURES: &[&str] = &["en-ferry", "es-cabras"];

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// The `text` of each row of a file, by `id`.
fn rows(file: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(samples().join(file)).expect("the file is there");
    let rows = text.lines().map(|line| {
        let row: Value = serde_json::from_str(line).expect("a row is JSON");
        let field = |key| row[key].as_str().expect("a row has id and text").to_owned();
        (field("id"), field("text"))
    });
    rows.collect()
}

/// All samples, by id or file name.
fn inputs() -> BTreeMap<String, String> {
    let mut inputs = rows("articles.jsonl");
    for entry in fs::read_dir(samples()).expect("the directory is there") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            inputs.insert(name, fs::read_to_string(path).expect("it is UTF-8"));
        }
    }
    inputs
}

#[test]
fn samples_are_cleaned() {
    let cleaner = Cleaner::new();
    let (inputs, expected) = (inputs(), rows("expected.jsonl"));
    assert!(inputs.keys().eq(expected.keys()), "every sample has an expectation");
    let mut report = String::new();
    for (id, input) in &inputs {
        let cleaned = cleaner.clean(input);
        let same = cleaned.text() == expected[id];
        if same == KNOWN_FAILURES.contains(&&**id) {
            report += &format!("{id}: {}\n", if same { "passes" } else { "fails" });
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let (got, wanted) = (lines(cleaned.text()), lines(&expected[id]));
            let list = |sign, these: &[String], those: &[String]| -> String {
                let only = these.iter().filter(|line| !those.contains(line));
                only.map(|line| format!("  {sign} {line}\n")).collect()
            };
            report += &(list("too much:", &got, &wanted) + &list("missing:", &wanted, &got));
        }
    }
    assert!(report.is_empty(), "not as listed:\n{report}");
}

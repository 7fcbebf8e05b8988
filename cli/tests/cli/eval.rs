//! `unfurnish eval`. The figures are those of a script in Python 3.11 on the same texts, with `difflib`,
//! `re.findall(r"\w+", …)` and `statistics.mean`; each stands where a person can count it, too.

use serde_json::{Value, json};

use crate::{Dir, args, run};

/// A pack with a rule that is wrong about the text below.
const PACK: &str = r#"name = "house"

[[rule]]
id = "related/elsewhere"
any = ["elsewhere on our site"]
separator = true
hits = ["Elsewhere on our site: Ten hotels", "Elsewhere on our site: Nine hotels"]
misses = ["He found it elsewhere on our site, he said."]
"#;

const VOTE: &str = "The vote is on Friday, and the polls open at eight.\n\n\
                    ALSO READ: Ten hotels with a view\n\n\
                    Turnout will be high.\n\n\
                    Elsewhere on our site: Nine hotels\n\n\
                    Here is the lot\n\n\
                    By Jane Doe";

const RAIN: &str = "It rained all day, and it rained all night.\n\n\
                    Share this article:\n\n\
                    And the day after it rained.";

/// Where a part of a text stands.
fn span(text: &str, part: &str) -> [usize; 2] {
    let start = text.find(part).unwrap();
    [start, start + part.len()]
}

fn mark(text: &str, part: &str, category: &str) -> Value {
    let [start, end] = span(text, part);
    json!({ "start": start, "end": end, "category": category })
}

/// Rows of each kind, as lines.
fn rows() -> String {
    let vote = json!({
        "doc": "vote", "set": "s", "view": "one", "lang": "xx", "text": VOTE,
        "marks": [
            mark(VOTE, "ALSO READ: Ten hotels with a view", "related"),
            mark(VOTE, "Here is the lot", "nav"),
            mark(VOTE, "By Jane Doe", "meta"),
        ],
        "unsure": [span(VOTE, "Turnout will be high.")],
    });
    let rain = json!({
        "id": 7, "view": "two", "text": RAIN,
        "marks": [mark(RAIN, "Share this article:", "share")],
    });
    let gold = |view: &str, text: &str| {
        let gold = "It rained all day, and it rained all night.\nAnd the day after it rained.";
        json!({ "set": "g", "id": "rain", "view": view, "type": "article", "text": text, "gold": gold })
    };
    let snippets = json!({
        "text": VOTE, "view": "one",
        "with": ["the polls\u{a0}open", "no such words"],
        "without": ["Ten hotels", "Here is the lot"],
    });
    let rows = [vote, rain, gold("one", RAIN), gold("two", "It rained all day."), snippets];
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// The report on the rows, in JSON.
fn report(more: &[&str]) -> Value {
    let dir = Dir::new();
    let (rows, pack) = (dir.write("rows.jsonl", rows()), dir.write("house.toml", PACK));
    let mut arguments = args!["eval", "--json", "--rules", pack, rows].to_vec();
    arguments.extend(more.iter().map(Into::into));
    serde_json::from_str(&run(arguments, "").ok()).unwrap()
}

/// Figures agree to six decimals.
#[track_caller]
fn check(found: &Value, want: Value) {
    for (key, want) in want.as_object().unwrap() {
        let found = found[key].as_f64().unwrap_or_else(|| panic!("{key}: {found}"));
        assert!((found - want.as_f64().unwrap()).abs() < 1e-6, "{key}: {found}, not {want}");
    }
}

#[test]
fn hand_marks() {
    let report = report(&["--rivals", "--show", "5"]);
    let marks = &report["marks"];
    let unfurnish = json!({
        "documents": 2, "marked_lines": 3,
        "doc_recall": 0.75, "line_recall": 2.0 / 3.0,
        "word_recall": 10.0 / 14.0, "word_precision": 10.0 / 16.0,
        "false_lines_per_1000": 250, "false_words_per_million": 187_500,
    });
    check(&marks["overall"]["unfurnish"], unfurnish);
    // C4's rules want an end of a sentence: all that is marked goes, and a line that is not.
    let c4 = json!({
        "doc_recall": 1, "line_recall": 1, "word_recall": 1, "word_precision": 0.7,
        "false_lines_per_1000": 250, "false_words_per_million": 187_500,
    });
    check(&marks["overall"]["c4"], c4);
    check(&marks["overall"]["nothing"], json!({ "line_recall": 0, "word_precision": 1 }));

    let vote = json!({
        "documents": 1, "doc_recall": 0.5, "line_recall": 0.5,
        "word_recall": 7.0 / 11.0, "word_precision": 7.0 / 13.0,
        "false_lines_per_1000": 500, "false_words_per_million": 6e6 / 17.0,
    });
    for (dimension, group) in [("set", "s"), ("view", "s/one"), ("language", "xx")] {
        check(&marks[dimension][group]["unfurnish"], vote.clone());
    }
    // The row names no language; its text does.
    check(&marks["language"]["English"]["unfurnish"], json!({ "doc_recall": 1 }));

    // Nothing was written otherwise, so the words are missing where something was removed.
    let spans = &report["spans"];
    for method in ["nothing", "unfurnish", "c4", "nemo", "phrases"] {
        assert_eq!(marks["overall"][method], spans["overall"][method], "{method}");
    }
    assert_eq!(marks["category"], spans["category"]);

    let categories = &marks["category"];
    let related = json!({ "lines": 1, "lines_gone": 1, "words": 7, "words_gone": 7 });
    check(&categories["related"]["unfurnish"], related);
    check(&categories["nav"]["unfurnish"], json!({ "lines": 1, "lines_gone": 0, "words": 4 }));
    check(&categories["meta"]["c4"], json!({ "lines": 1, "lines_gone": 1 }));

    let right = json!({
        "firings": 1, "right": 1, "wrong": 0, "marked_words": 7, "article_words": 0
    });
    check(&spans["rule"]["en/related/also-read"], right);
    let wrong = json!({
        "firings": 1, "right": 0, "wrong": 1, "marked_words": 0, "article_words": 6
    });
    check(&spans["rule"]["house/related/elsewhere"], wrong);
    assert_eq!(spans["false_removals"], json!(["vote: Elsewhere on our site: Nine hotels"]));
    assert_eq!(spans["missed"], json!(["vote: nav: Here is the lot"]));
}

#[test]
fn gold_texts() {
    let report = report(&[]);
    let gold = &report["gold"];
    let before = json!({
        "documents": 2,
        "shingle_f1": 0.547945205, "shingle_precision": 0.8, "shingle_recall": 0.416666667,
        "word_f1": 0.665071770, "word_precision": 0.916666667, "word_recall": 0.633333333,
    });
    check(&gold["overall"]["nothing"], before);
    let after = json!({
        "documents": 2,
        "shingle_f1": 0.702702703, "shingle_precision": 1, "shingle_recall": 0.541666667,
        "word_f1": 0.710526316, "word_precision": 1, "word_recall": 0.633333333,
    });
    check(&gold["overall"]["unfurnish"], after.clone());
    check(&gold["set"]["g"]["unfurnish"], after);
    check(&gold["view"]["g/two"]["unfurnish"], json!({ "documents": 1, "word_precision": 1 }));
    // One page, though two extractors have read it.
    let loss = json!({ "documents": 1, "lost_words_per_million": 0, "documents_changed": 0 });
    check(&gold["loss"]["unfurnish"], loss);
}

/// The normalizer joins what a soft hyphen parts. That is no removal, though two words are missing.
#[test]
fn soft_hyphens() {
    let row = json!({ "text": "It rain\u{ad}ed. Then it stopped.", "marks": [] });
    let report = run(["eval", "--json", "-"], row.to_string()).ok();
    let report: Value = serde_json::from_str(&report).unwrap();
    let words = json!({ "false_words_per_million": 2e6 / 6.0 });
    check(&report["marks"]["overall"]["unfurnish"], words);
    check(&report["spans"]["overall"]["unfurnish"], json!({ "false_words_per_million": 0 }));
}

#[test]
fn what_is_lost_of_a_gold_text() {
    let gold = "It rained.\n\nALSO READ: Ten hotels\n\nIt rained all day and all night again.";
    let rows: String = ["article", "forum"]
        .iter()
        .map(|kind| format!("{}\n", json!({ "text": "", "gold": gold, "type": kind })))
        .collect();
    let report: Value = serde_json::from_str(&run(["eval", "--json", "-"], rows).ok()).unwrap();
    let loss =
        json!({ "documents": 1, "lost_words_per_million": 4e6 / 14.0, "documents_changed": 1 });
    check(&report["gold"]["loss"]["unfurnish"], loss);
}

#[test]
fn snippets() {
    let report = report(&[]);
    let overall = &report["snippets"]["overall"];
    let before = json!({ "f1": 0.4, "precision": 1.0 / 3.0, "recall": 0.5, "accuracy": 0.25 });
    check(&overall["nothing"], before);
    check(&overall["unfurnish"], json!({ "f1": 0.5, "recall": 0.5, "accuracy": 0.5 }));
}

#[test]
fn the_cleaner_has_its_options() {
    let report = report(&["--disable", "house"]);
    check(&report["marks"]["overall"]["unfurnish"], json!({ "false_words_per_million": 0 }));
    assert_eq!(report["spans"]["rule"]["house/related/elsewhere"], Value::Null);
}

#[test]
fn tables() {
    let dir = Dir::new();
    let compressed = dir.write("rows.jsonl.gz", crate::gzip(rows().as_bytes()));
    let out = run(args!["eval", "--rivals", "--show", "1", compressed], "").ok();
    for start in
        ["hand marks, by span ", "article text ", "snippets ", "gold text cleaned ", "related "]
    {
        assert!(out.lines().any(|line| line.starts_with(start)), "{start}: {out}");
    }
    assert!(out.contains("phrase list"), "{out}");
    assert!(out.ends_with("missed\n  vote: nav: Here is the lot\n"), "{out}");

    let out = run(args!["eval", "--markdown", compressed], "").ok();
    assert!(out.starts_with("|  | doc recall | line recall |"), "{out}");
    assert!(out.contains("\n| language | documents | unfurnish recall |"), "{out}");
    assert!(out.contains("\n| others | 2 | 66.7 % |"), "{out}");

    let out = run(args!["eval", "--rule-table", compressed], "").ok();
    assert!(out.starts_with("rule\tright\twrong\nen/related/also-read\t1\t0\n"), "{out}");
}

#[test]
fn nothing_to_score() {
    assert_eq!(run(["eval", "-"], "").ok(), "");
    assert_eq!(run(["eval", "--json", "-"], "\n").ok(), "{}\n");
}

/// Fails on row 3 and tells the cause.
#[track_caller]
fn cause(bad: &str) -> String {
    let dir = Dir::new();
    let input = dir.write(
        "rows.jsonl",
        format!("{}\n{bad}\n", r#"{"text":"x","gold":"x"}"#.to_owned() + "\n"),
    );
    let error = run(args!["eval", input], "").failed();
    let place = format!("unfurnish: {}:3: ", input.display());
    error.strip_prefix(&place).unwrap_or_else(|| panic!("{error}")).trim_end().to_owned()
}

#[test]
fn bad_rows() {
    for (bad, want) in [
        (r#"{"text":"x","#, "not a JSON object: EOF while parsing a value at byte 12"),
        (r#"[1]"#, "not a JSON object: invalid type: sequence, expected a map"),
        (r#"{"gold":"x"}"#, "it has no field `text`"),
        (r#"{"text":1}"#, "the field `text`: invalid type: integer `1`, expected a string"),
        (r#"{"text":"x"}"#, "it has none of the fields `marks`, `gold`, `with`, `without`"),
        (
            r#"{"text":"x","marks":7}"#,
            "the field `marks`: invalid type: integer `7`, expected a sequence",
        ),
        (
            r#"{"text":"x","marks":[{"start":0,"category":"nav"}]}"#,
            "the field `marks`: it has no field `end`",
        ),
        (
            r#"{"text":"x","marks":[{"start":0,"end":2,"category":"nav"}]}"#,
            "the field `marks`: 0 to 2 is no part of the text, which has 1 byte",
        ),
        (
            r#"{"text":"éé","marks":[],"unsure":[[1,2]]}"#,
            "the field `unsure`: 1 to 2 is no part of the text, which has 4 bytes",
        ),
    ] {
        assert_eq!(cause(bad), want, "{bad}");
    }
    let unknown = cause(r#"{"text":"x","marks":[{"start":0,"end":1,"category":"ads"}]}"#);
    assert!(
        unknown.starts_with("the field `marks`: unknown category `ads`; one of: "),
        "{unknown}"
    );
}

#[test]
fn bad_inputs() {
    let dir = Dir::new();
    let missing = dir.path("none.jsonl");
    let error = run(args!["eval", missing], "").failed();
    let want =
        format!("unfurnish: {}: cannot read: No such file or directory\n", missing.display());
    assert_eq!(error, want);
    assert_eq!(run(["eval"], "").status, Some(2));
    assert_eq!(run(["eval", "--json", "--markdown", "-"], "").status, Some(2));
}

//! `unfurnish explain`.

use crate::{Dir, FURNISHED, args, row, run};

#[test]
fn a_text_in_brackets() {
    let out = run(["explain"], FURNISHED).ok();
    assert_eq!(
        out,
        "The vote is on Friday.\n\n\
         [-ALSO READ: Ten hotels with a view-]{en/related/also-read}\n\n\
         Turnout will be high.\n\n\
         rule                  category    removals   words\n\
         en/related/also-read  related            1       7\n  \
         \"also read\": beginning of a sentence, then a separator or nothing, \
         no full stop at the end\n\
         1 document: 1 removal, 0 changes by the normalizer\n"
    );
}

#[test]
fn nothing_to_say() {
    let out = run(["explain"], "It rained.\n").ok();
    assert_eq!(out, "It rained.\n\n1 document: 0 removals, 0 changes by the normalizer\n");
    let out = run(["explain", "--keep", "related"], FURNISHED).ok();
    assert!(out.starts_with(FURNISHED), "{out}");
}

#[test]
fn a_text_that_is_nearly_all_furniture() {
    let out = run(["explain"], "He left.\n\nALSO READ: Ten hotels with a view\n").ok();
    assert_eq!(
        out,
        "(abstained: more would go than the budget allows, so nothing does)\n\
         He left.\n\n\
         [-ALSO READ: Ten hotels with a view-]{en/related/also-read}\n\n\
         1 document: 0 removals, 0 changes by the normalizer, 1 abstained\n"
    );
}

#[test]
fn colors() {
    let always = run(["explain", "--color", "always"], FURNISHED).ok();
    assert!(always.contains("\u{1b}[31mALSO READ: Ten hotels with a view\u{1b}[0m"), "{always:?}");
    assert!(always.contains("en/related/also-read"));
    assert!(!always.contains("[-"));
    for color in ["auto", "never"] {
        let plain = run(["explain", "--color", color], FURNISHED).ok();
        assert!(!plain.contains('\u{1b}'), "{plain:?}");
    }
}

#[test]
fn control_characters_are_not_obeyed() {
    let out = run(["explain", "--color", "always"], "It\u{1b}[2J rained.\r\n").ok();
    assert!(!out.contains("\u{1b}[2J"), "{out:?}");
}

#[test]
fn rows_have_headings() {
    let dir = Dir::new();
    let input =
        dir.write("a.jsonl", format!("{}\n\n{}\n", row(1, FURNISHED), row(2, "It rained.")));
    let out = run(args!["explain", input], "").ok();
    let name = input.display();
    assert!(out.starts_with(&format!("== {name}:1\nThe vote is on Friday.\n")), "{out}");
    assert!(out.contains(&format!("\n\n== {name}:3\nIt rained.\n")), "{out}");
    assert!(out.ends_with("2 documents: 1 removal, 0 changes by the normalizer\n"), "{out}");

    let input = dir.write("b.jsonl", "{\"text\":\"It rained.\"}\n[]\n");
    let error = run(args!["explain", input], "").failed();
    assert!(error.contains("b.jsonl:2: not a JSON object"), "{error}");
    let out = run(args!["explain", input, "--on-error", "skip"], "").ok();
    assert!(out.ends_with("normalizer, 1 row left out\n"), "{out}");
}

/// `explain` gives these reasons, in the order of the table.
#[track_caller]
fn assert_reasons(args: &[&str], text: &str, want: &[&str]) {
    let out = run(["explain"].iter().chain(args), text).ok();
    let table = out.split_once("\nrule ").expect("something goes").1;
    let reasons: Vec<_> =
        table.lines().skip(1).filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(reasons, want, "{out}");
}

const PROSE: &str =
    "The bridge was closed for most of the winter, and people went the long way round.\n";

#[test]
fn one_cue_of_each_group() {
    assert_reasons(
        &[],
        &format!(
            "{PROSE}\nSign up for OUR news\u{ad}letter and never miss a story from the valley again.\n\n{PROSE}"
        ),
        &["\"sign up\" + \"newsletter\" + \"our\": beginning of a sentence or clause"],
    );
}

#[test]
fn cues_that_differ_under_the_same_gates() {
    assert_reasons(
        &[],
        &format!(
            "{PROSE}Advertisement\n{PROSE}Advertisement\n{PROSE}Story continues below\n{PROSE}"
        ),
        &["2 × \"advertisement\" | \"story continues below\": whole line"],
    );
}

#[test]
fn a_heading_and_its_run() {
    let list = "Related stories\nTen islands to reach on foot\nThe last lamp on Gull Rock\n";
    assert_reasons(
        &[],
        &format!("{PROSE}\n{list}\n{PROSE}"),
        &["\"related stories\" and 2 headlines below: whole line"],
    );
}

#[test]
fn neighbours() {
    assert_reasons(
        &[],
        &format!("{PROSE}\nFacebook Twitter WhatsApp Print\nPinterest\n"),
        &[
            "\"pinterest\": whole line, after share",
            "\"facebook\" \"twitter\" … + \"facebook\" \"twitter\" …: nothing else in the line",
        ],
    );
    assert_reasons(
        &[],
        &format!(
            "{PROSE}\nShare Tweet\nFacebook Twitter\nbridges of the valley\nFacebook Twitter\n\
             Share Print\n\n{PROSE}"
        ),
        &[
            "among furniture: 4 of 5 lines between prose, after the first prose, before share",
            "2 × \"facebook\" \"twitter\" + \"facebook\" \"twitter\" | \"share\" \"print\" + \"share\" | \
             \"share\" \"tweet\" + \"share\" \"tweet\": nothing else in the line",
        ],
    );
}

#[test]
fn a_pack_of_ones_own() {
    let dir = Dir::new();
    let pack = dir.write(
        "house.toml",
        "name = \"house\"\n\
         [[rule]]\nid = \"nav/first\"\nany = [\"top\"]\nat = \"line\"\nafter = [\"edge\"]\n\
         [[rule]]\nid = \"nav/second\"\nmax_words = 3\nbefore = [\"prose\"]\nafter = [\"nav\"]\n",
    );
    let pack = pack.to_str().unwrap();
    assert_reasons(
        &["--rules", pack],
        &format!("\u{feff}TOP\nup and down\n{PROSE}"),
        &["\"top\": whole line, at the beginning of the text", "between nav and prose"],
    );
}

/// Each line of a page has what spoke for it and against it.
#[test]
fn the_lines_of_a_page() {
    let page = include_str!("../../../tests/pages/blog.de.txt");
    let page: String = page.lines().flat_map(|line| [line.get(2..).unwrap_or(""), "\n"]).collect();
    let out = run(["explain", "--profile", "page"], &page).ok();
    assert!(out.contains("{model/page}"), "{out}");
    let reasons_below = |line: &str| {
        let (_, rest) = out.split_once(line).unwrap_or_else(|| panic!("no {line:?} in {out}"));
        rest.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert!(reasons_below("%  Geschlafen habe ich").contains("for: "));
    assert!(!reasons_below("%  Geschlafen habe ich").contains("for: nothing"));
    assert!(!reasons_below("%  Impressum").contains("against: nothing"));
}

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
         en/related/also-read  related            1       7\n\
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

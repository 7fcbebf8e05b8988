//! The page of `clean --report`, as far as it can be told without a browser.

use crate::{Dir, args, row, run};

/// What the page's script reads.
fn data(page: &str) -> serde_json::Value {
    let (_, data) = page.split_once("id=\"data\"").unwrap();
    let (_, data) = data.split_once('>').unwrap();
    serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap()
}

const PROSE: &str =
    "The bridge was closed for most of the winter, and people went the long way round.";

/// More documents than are shown.
fn rows() -> String {
    (0..2_000)
        .map(|number| {
            let furniture = match number % 4 {
                0 => "ALSO READ: Ten hotels with a view".to_owned(),
                1 => "Sign up for our newsletter and get the news in your inbox!".to_owned(),
                2 => format!("Number {number}"),
                _ => "Sign up for our newsletter and get the news in your inbox!\n".repeat(9),
            };
            row(number, &format!("{PROSE}\n\n{furniture}\n\n{PROSE}\n")) + "\n"
        })
        .collect()
}

#[test]
fn sums_and_samples() {
    let dir = Dir::new();
    let input = dir.write("rows.jsonl", rows());
    let (out, page) = (dir.path("out.jsonl"), dir.path("report.html"));
    run(args!["clean", input, "-o", out, "--report", page], "").ok();
    let page = dir.read("report.html");
    let data = data(&page);
    let number = |key: &str| data[key].as_u64().unwrap();
    assert_eq!((number("documents"), number("changed"), number("abstained")), (2_000, 1_000, 500));
    assert_eq!(number("removed"), 500 * 7 + 500 * 12);
    let rules = data["rules"].as_array().unwrap();
    let rule = |number: usize, key: &str| rules[number][key].clone();
    assert_eq!((rule(0, "name"), rule(0, "words")), ("en/newsletter/sign-up".into(), 6000.into()));
    assert_eq!((rule(1, "name"), rule(1, "removals")), ("en/related/also-read".into(), 500.into()));
    let lost = data["lost"].as_array().unwrap();
    let all: u64 = lost.iter().map(|step| step[1].as_u64().unwrap()).sum();
    assert_eq!((all, lost[0][1].as_u64()), (1_500, Some(500)));

    let samples = data["samples"].as_array().unwrap();
    assert_eq!(samples.len(), 350);
    assert_eq!(samples.iter().filter(|sample| sample["abstained"] == true).count(), 50);
    for sample in samples {
        // Put together, the pieces are the text; what went is marked.
        let pieces = sample["pieces"].as_array().unwrap();
        let text = pieces.iter().map(|piece| piece[0].as_str().or(piece.as_str()).unwrap());
        assert!(text.collect::<String>().starts_with(PROSE));
        assert!(pieces.iter().any(|piece| piece.is_array()));
    }
}

/// The same samples whatever the number of threads; and cleaning does not notice.
#[test]
fn threads_make_no_difference() {
    let dir = Dir::new();
    let input = dir.write("rows.jsonl", rows().repeat(3));
    let clean = |threads: &str, name: &str| {
        let page = dir.path(name);
        run(args!["clean", input, "--threads", threads, "--report", page], "").ok()
    };
    let one = clean("1", "one.html");
    assert_eq!(clean("4", "four.html"), one);
    assert_eq!(dir.read("one.html"), dir.read("four.html"));
    assert_eq!(run(args!["clean", input], "").ok(), one);
}

#[test]
fn an_empty_page() {
    let dir = Dir::new();
    let page = dir.path("report.html");
    assert_eq!(run(args!["clean", "--input-format", "jsonl", "--report", page], "").ok(), "");
    assert_eq!(data(&dir.read("report.html"))["documents"], 0);
}

/// A run that fails leaves no page.
#[test]
fn no_page_of_a_run_that_fails() {
    let dir = Dir::new();
    let page = dir.path("report.html");
    run(args!["clean", "--input-format", "jsonl", "--report", page], "{").failed();
    assert_eq!(dir.names(), [] as [&str; 0]);
}

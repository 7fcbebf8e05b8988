//! The page of `clean --report`, as far as it can be told without a browser.

use parquet::basic::Compression;

use crate::parquet::{columns_of, parquet, strings};
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

/// Sites, languages and names are looked up in Parquet as they are in JSON lines.
#[test]
fn formats_make_no_difference() {
    let dir = Dir::new();
    let site = |row: usize| match row % 5 {
        0 => serde_json::json!({}),
        1 => serde_json::json!({"domain": "valley.example", "lang": "deu"}),
        2 => serde_json::json!({"url": format!("https://www.pier.example/{row}"), "id": "no"}),
        3 => {
            serde_json::json!({"domain": "pier.example", "language": "xx", "id": format!("id {row}")})
        }
        _ => serde_json::json!({"domain": "valley.example", "lang": "eng", "language": "fra"}),
    };
    let text = |row: usize| format!("{PROSE}\n\nALSO READ: Hotel {row} with a view\n\n{PROSE}\n");
    let lines: String = (0..3_000)
        .map(|row| {
            let mut fields = site(row);
            fields["text"] = text(row).into();
            fields.to_string() + "\n"
        })
        .collect();
    let names = ["id", "language", "text", "url", "domain", "lang"];
    let report = |name: &str, bytes: &[u8]| {
        // Rows without a name of their own are called after the input.
        let input = dir.write("rows", bytes);
        let page = dir.path("report.html");
        let format = if name == "jsonl" { "jsonl" } else { "parquet" };
        let args = args!["clean", input, "-o", dir.path("out"), "--report", page];
        let format = ["--input-format", format].map(Into::into);
        run(args.into_iter().chain(format), "").ok();
        data(&dir.read("report.html"))
    };
    let want = report("jsonl", lines.as_bytes());
    assert_eq!(want["sites"].as_array().unwrap().len(), 3);
    assert_eq!(want["languages"].as_array().unwrap().len(), 3, "{}", want["languages"]);
    assert_eq!(report("parquet", &strings(&columns_of(&lines, &names), 800)), want);
    let without: Vec<_> = columns_of(&lines, &["text"]);
    let bare = report("parquet", &strings(&without, 800));
    assert_eq!(bare["sites"][0]["name"], "(none)");
}

/// An id may be a number.
#[test]
fn names_that_are_numbers() {
    let dir = Dir::new();
    let input = dir.write("a.parquet", parquet(&[700, 300], Compression::SNAPPY, true));
    let page = dir.path("report.html");
    run(args!["clean", input, "-o", dir.path("b.parquet"), "--report", page], "").ok();
    let data = data(&dir.read("report.html"));
    let samples = data["samples"].as_array().unwrap();
    assert_eq!(samples.len(), 300);
    for sample in samples {
        let (name, text) =
            (sample["name"].as_str().unwrap(), sample["pieces"][0].as_str().unwrap());
        assert!(text.starts_with(&format!("{name}: ")), "{name}: {text}");
    }
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

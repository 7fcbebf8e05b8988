//! Web archives: records of text are cleaned, and what their headers say is true.

use std::fs;
use std::io::Read;

use flate2::bufread::GzDecoder;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::{CLEANED, Dir, FURNISHED, args, gzip, run};

fn sha1(block: &str) -> String {
    format!("sha1:{}", data_encoding::BASE32.encode(&Sha1::digest(block)))
}

/// A record as Common Crawl has it; `digest` is the head of its digests.
pub(crate) fn record(kind: &str, id: usize, block: &str, digest: &str) -> String {
    let sha = digest.replace("DIGEST", &sha1(block));
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/{id}\r\n\
         WARC-Date: 2024-05-0{}T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n\
         WARC-Identified-Content-Language: eng,deu\r\n{sha}\
         Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        id % 9 + 1,
        block.len()
    )
}

const DIGESTS: &str = "WARC-Block-Digest: DIGEST\r\nwarc-payload-digest:DIGEST\r\n";

/// What opens each of Common Crawl's files.
pub(crate) fn about() -> String {
    "WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n\
     WARC-Filename: a.warc.wet.gz\r\nContent-Type: application/warc-fields\r\n\
     Content-Length: 21\r\n\r\nSoftware-Info: test\r\n\r\n\r\n"
        .to_owned()
}

/// The members of a .gz file, each unpacked.
fn members(bytes: &[u8]) -> Vec<String> {
    let mut rest = bytes;
    let mut members = Vec::new();
    while !rest.is_empty() {
        let mut member = String::new();
        let mut decoder = GzDecoder::new(rest);
        decoder.read_to_string(&mut member).unwrap();
        rest = decoder.into_inner();
        members.push(member);
    }
    members
}

#[test]
fn members_headers_and_digests() {
    let dir = Dir::new();
    let texts = |text: &str| -> Vec<String> {
        let conversions = (0..500).map(|id| {
            let digests = if id % 3 == 0 { "" } else { DIGESTS };
            record("conversion", id, &format!("{id}: {text}"), digests)
        });
        std::iter::once(about()).chain(conversions).collect()
    };
    let before: Vec<_> = texts(FURNISHED).iter().map(|one| gzip(one.as_bytes())).collect();
    let input = dir.write("a.warc.wet.gz", before.concat());
    let out = dir.path("out/");
    for threads in ["1", "3"] {
        let args = ["--profile", "article", "--threads", threads].map(Into::into);
        run(args!["clean", input, "-o", out].into_iter().chain(args), "").ok();
        let after = fs::read(dir.path("out/a.warc.wet.gz")).unwrap();
        let want: Vec<_> =
            texts(CLEANED).iter().map(|one| one.replace("digest:sha1", "digest: sha1")).collect();
        assert_eq!(members(&after), want);
    }
    // Uncompressed and in Zstandard it is one after the other.
    for name in ["b.wet", "b.wet.zst"] {
        let out = dir.path(name);
        run(args!["clean", input, "-o", out, "--profile", "normalize"], "").ok();
        let bytes = fs::read(&out).unwrap();
        let bytes = if name.ends_with("zst") { zstd::decode_all(&*bytes).unwrap() } else { bytes };
        assert!(bytes == texts(FURNISHED).concat().as_bytes(), "{name}");
    }
}

#[test]
fn what_is_not_text_and_what_does_not_change_is_kept() {
    let odd = record("conversion", 1, "{}", "WARC-Block-Digest: md5:x\r\n")
        .replace("text/plain", "application/json");
    let same = record("conversion", 2, "It rained.", "WARC-Block-Digest: sha1:WRONG\r\n");
    let other = record("metadata", 3, FURNISHED, "");
    let input = [about(), odd, same, other].concat();
    let args = ["clean", "--input-format", "wet", "--profile", "article"];
    assert_eq!(run(args, &input).ok(), input);
}

#[test]
fn digests_of_other_kinds_would_be_wrong() {
    let input = record("conversion", 1, FURNISHED, "WARC-Block-Digest: md5:00\r\n");
    let args = ["clean", "--input-format", "wet", "--profile", "article"];
    assert_eq!(run(args, input).ok(), record("conversion", 1, CLEANED, ""));
}

#[test]
fn json_lines() {
    let dir = Dir::new();
    let plain = record("conversion", 3, FURNISHED, "")
        .replace("WARC-Identified-Content-Language: eng,deu\r\n", "");
    let input =
        dir.write("a.wet", [about(), record("conversion", 2, FURNISHED, ""), plain].concat());
    let out = dir.path("out.jsonl");
    run(args!["clean", input, "-o", out, "--profile", "article", "--spans"], "").ok();
    let out = dir.read("out.jsonl");
    assert!(out.starts_with(r#"{"url":"https://news.example/2","date":""#), "{out}");
    let rows: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let start = "The vote is on Friday.\n\n".len();
    let row = |id: usize, language: Value| {
        json!({
            "url": format!("https://news.example/{id}"),
            "date": format!("2024-05-0{}T10:00:00Z", id + 1),
            "language": language,
            "text": CLEANED,
            "unfurnish": {"removed": [{
                "start": start, "end": start + FURNISHED.len() - CLEANED.len(),
                "rule": "en/related/also-read", "category": "related",
            }], "abstained": false},
        })
    };
    assert_eq!(rows, [row(2, json!("eng,deu")), row(3, Value::Null)]);
    // In a folder its name says what it has become.
    run(args!["clean", input, "-o", dir.path("out/"), "--output-format", "jsonl"], "").ok();
    assert_eq!(fs::read_to_string(dir.path("out/a.wet.jsonl")).unwrap().lines().count(), 2);
    let error = run(args!["clean", input, "--spans"], "").failed();
    assert!(error.contains("add --output-format jsonl"), "{error}");
}

/// They are pages, and cleaned as such unless somebody says otherwise.
#[test]
fn the_profile_is_page() {
    let page = include_str!("../../../tests/pages/blog.de.txt");
    let page: String = page.lines().flat_map(|line| [line.get(2..).unwrap_or(""), "\n"]).collect();
    let input = record("conversion", 1, &page, DIGESTS);
    let args = ["clean", "--input-format", "wet"];
    let page_profile = run(args.into_iter().chain(["--profile", "page"]), &input).ok();
    assert_eq!(run(args, &input).ok(), page_profile);
    assert_ne!(page_profile, input);
}

#[test]
fn responses_hold_html() {
    let response = record("response", 2, "HTTP/1.1 200 OK\r\n\r\n<p>It rained.", "");
    let good = record("conversion", 3, "It rained.", "");
    let input = [about(), response, good.clone()].concat();
    let args = ["clean", "--input-format", "warc", "--profile", "article"];
    let error = run(args, &input).failed();
    assert!(
        error.starts_with(
            "unfurnish: stdin: record 2: it is a `response`, which holds HTML: run an extractor"
        ),
        "{error}"
    );
    let skipped = run(args.into_iter().chain(["--on-error", "skip"]), &input);
    assert_eq!(skipped.status, Some(0));
    assert_eq!(skipped.stdout, [about(), good].concat().as_bytes());
    assert!(skipped.stderr.ends_with("unfurnish: 1 row left out\n"), "{}", skipped.stderr);
}

#[test]
fn what_is_no_record() {
    let good = record("conversion", 1, "It rained.", "");
    let cause = |bad: &str| {
        let args = ["clean", "--input-format", "wet"];
        let error = run(args, [&good, bad].concat()).failed();
        let place = "unfurnish: stdin: record 2: ";
        error.strip_prefix(place).unwrap_or_else(|| panic!("{error}")).trim_end().to_owned()
    };
    let broken = |what| format!("cannot read: not a WARC record: {what}");
    assert_eq!(cause("<html>\n"), broken("it does not begin with WARC/ and a version"));
    assert_eq!(cause("WARC/1.0\r\nA: b\r\n\r\n"), broken("its headers have no Content-Length"));
    let long = good.replace("Content-Length: 10", "Content-Length: 9");
    assert_eq!(cause(&long), broken("it does not end where its Content-Length says"));
    assert_eq!(
        cause(&format!("WARC/1.0\r\nA: {}", "b".repeat(1 << 17))),
        broken("its headers have no end")
    );
    let cut = "cannot read: it ends too early, as if cut off";
    for length in [5, 50, good.len() - 20, good.len() - 4, good.len() - 1] {
        assert_eq!(cause(&good[..length]), cut, "{length}");
    }
    let large = record("conversion", 2, &"It rained. ".repeat(100_000), "");
    let args = ["clean", "--input-format", "wet", "--max-row", "1M", "--profile", "normalize"];
    let args = args.into_iter().chain(["--on-error", "skip"]);
    let skipped = run(args, [&good[..], &large, &good].concat());
    assert_eq!(skipped.stdout, [&good[..], &good].concat().as_bytes());
    assert!(
        skipped.stderr.contains("stdin: record 2: it has more bytes than"),
        "{}",
        skipped.stderr
    );
}

//! What goes wrong, how it is told, and that nothing is left behind.

use std::fs;

use crate::{CLEANED, Dir, FURNISHED, args, gzip, names_in, row, run};

/// Fails on rows of JSON, on line 3, and tells the cause.
#[track_caller]
fn cause(bad: impl AsRef<[u8]>) -> String {
    let dir = Dir::new();
    let good = row(1, FURNISHED);
    let input = [good.as_bytes(), b"\n\n", bad.as_ref(), b"\n", good.as_bytes()].concat();
    let input = dir.write("in.jsonl", input);
    let error = run(args!["clean", input, "-o", dir.path("out.jsonl")], "").ended_at_row();
    assert_eq!(dir.names(), ["in.jsonl"]);
    let place = format!("unfurnish: {}:3: ", input.display());
    error.strip_prefix(&place).unwrap_or_else(|| panic!("{error}")).trim_end().to_owned()
}

#[test]
fn bad_rows() {
    assert_eq!(cause(r#"{"id":1}"#), "it has no field `text`");
    assert_eq!(cause(r#"{"text":null}"#), "the field `text` is null, not a string");
    assert_eq!(cause(r#"{"text":["x"]}"#), "the field `text` is an array, not a string");
    assert_eq!(cause(b"{\"text\":\"\xFF\"}"), "not UTF-8, at byte 10");
    let not_json = cause(r#"{"text":"It rained.",}"#);
    assert_eq!(not_json, "not a JSON object: trailing comma at byte 22");
}

#[test]
fn rows_before_the_bad_one_are_out() {
    let input = format!("{}\n[]\n{}\n", row(1, FURNISHED), row(2, FURNISHED));
    for threads in ["1", "2"] {
        let run = run(["clean", "--input-format", "jsonl", "--threads", threads], &input);
        assert_eq!(run.status, Some(1));
        assert_eq!(run.stdout, format!("{}\n", row(1, CLEANED)).as_bytes());
    }
}

#[test]
fn bad_rows_can_be_left_out() {
    let dir = Dir::new();
    let good: Vec<String> = (0..6_000).map(|id| row(id, FURNISHED)).collect();
    // Every two-hundredth row is followed by a bad one.
    let lines = good.iter().enumerate().map(|(id, row)| match id % 200 {
        199 => format!("{row}\n{{\"id\":{id}}}\n"),
        _ => format!("{row}\n"),
    });
    let input = dir.write("in.jsonl", lines.collect::<String>());
    let out = dir.path("out.jsonl");
    let run = run(args!["clean", input, "-o", out, "--on-error", "skip", "--threads", "2"], "");
    assert_eq!(run.status, Some(0));
    let name = input.display();
    let told: String = [201, 402, 603, 804, 1005]
        .iter()
        .map(|line| format!("unfurnish: {name}:{line}: it has no field `text`\n"))
        .collect();
    assert_eq!(run.stderr, format!("{told}unfurnish: 30 rows left out\n"));
    assert_eq!(dir.read("out.jsonl").lines().count(), 6_000);
}

#[test]
fn a_truncated_file() {
    let dir = Dir::new();
    let rows: String = (0..1000).map(|id| row(id * 7919, FURNISHED) + "\n").collect();
    let gz = gzip(rows.as_bytes());
    let zst = zstd::encode_all(rows.as_bytes(), 1).unwrap();
    for (name, whole) in [("in.jsonl.gz", gz), ("in.jsonl.zst", zst)] {
        for length in [0, whole.len() / 2, whole.len() - 1] {
            let dir = Dir::new();
            let input = dir.write(name, &whole[..length]);
            // It is no bad row that could be left out.
            let args = args!["clean", input, "-o", dir.path("out.jsonl"), "--on-error", "skip"];
            let error = run(args, "").failed();
            assert!(error.contains("cannot read: it ends too early"), "{length}: {error}");
            assert!(error.starts_with(&format!("unfurnish: {}:", input.display())), "{error}");
            assert_eq!(dir.names(), [name]);
        }
    }
    let fake = dir.write("fake.gz", "not compressed at all");
    let error = run(args!["clean", fake], "").failed();
    assert!(error.contains("fake.gz:1: cannot read: invalid gzip header"), "{error}");
}

#[test]
fn the_line_of_a_truncated_file() {
    let dir = Dir::new();
    let first = gzip(format!("{}\n", row(1, "x")).repeat(10_000).as_bytes());
    let input = dir.write("in.jsonl.gz", [&first[..], b"\x1f\x8b\x08"].concat());
    let error = run(args!["clean", input, "-o", dir.path("out.jsonl")], "").failed();
    assert!(error.contains("in.jsonl.gz:10001: cannot read: "), "{error}");
}

#[test]
fn inputs_that_cannot_be_read() {
    let dir = Dir::new();
    let missing = dir.path("missing.txt");
    let error = run(args!["clean", missing], "").failed();
    let name = missing.display();
    assert_eq!(error, format!("unfurnish: {name}: cannot read: No such file or directory\n"));
    let good = dir.write("good.txt", FURNISHED);
    // Told before anything is written.
    let run = run(args!["clean", good, dir.0.path()], "");
    assert_eq!((run.status, run.stdout.len()), (Some(1), 0));
    assert!(run.stderr.contains("cannot read: it is a directory"), "{}", run.stderr);
}

#[test]
fn outputs_that_cannot_be_written() {
    let dir = Dir::new();
    let input = dir.write("a.txt", FURNISHED);
    let out = dir.path("no/such/out.txt");
    let error = run(args!["clean", input, "-o", out], "").failed();
    let name = out.display();
    assert_eq!(error, format!("unfurnish: {name}: cannot write: No such file or directory\n"));
    // A file is no directory.
    let error = run(args!["clean", input, "-o", dir.path("a.txt/b.txt")], "").failed();
    assert!(error.contains("cannot write: Not a directory"), "{error}");
    assert_eq!(dir.names(), ["a.txt"]);
    #[cfg(target_os = "linux")]
    {
        let error = run(args!["clean", input, "-o", "/dev/full"], "").failed();
        assert_eq!(error, "unfurnish: /dev/full: cannot write: No space left on device\n");
    }
}

#[test]
fn the_old_output_stays_when_a_run_fails() {
    let dir = Dir::new();
    dir.write("out.jsonl", "old");
    let out = dir.path("out.jsonl");
    run(args!["clean", "--input-format", "jsonl", "-o", out], "{}").failed();
    assert_eq!(dir.read("out.jsonl"), "old");
    assert_eq!(dir.names(), ["out.jsonl"]);
}

#[test]
fn of_several_outputs_the_complete_ones_stay() {
    let dir = Dir::new();
    let good = dir.write("a.jsonl", row(1, FURNISHED));
    let bad = dir.write("b.jsonl", format!("{}\n[]\n", row(1, FURNISHED)));
    for threads in ["1", "4"] {
        let out = dir.path("out/");
        run(args!["clean", good, bad, good, "-o", out], "").failed();
        assert!(!dir.path("out").exists());
        let other = dir.write("c.jsonl", row(1, FURNISHED));
        run(args!["clean", good, bad, other, "-o", out, "--threads", threads], "").failed();
        assert_eq!(dir.read("out/a.jsonl"), row(1, CLEANED));
        assert_eq!(names_in(&out), [".unfurnish.jsonl", "a.jsonl"]);
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn values_that_do_not_exist() {
    for (option, value, want) in [
        ("--profile", "x", "unknown profile `x`"),
        ("--remove", "meta,x", "unknown category `x`"),
        ("--keep", "x", "unknown category `x`"),
        ("--budget", "2", "budget `2` is not a number from 0 to 1"),
        ("--quotes", "x", "`quotes`"),
    ] {
        let error = run(["clean", option, value], "").failed();
        assert!(error.starts_with(&format!("unfurnish: {option}: ")), "{error}");
        assert!(error.contains(want), "{error}");
    }
    let error = run(["clean", "--disable", "en/nope"], "").failed();
    assert!(error.contains("no rule has the id `en/nope`"), "{error}");
}

#[test]
fn options_for_json_on_plain_text() {
    for args in
        [&["clean", "--spans"][..], &["clean", "--field", "x"], &["explain", "--field", "x"]]
    {
        let error = run(args, "x").failed();
        assert!(error.contains("add --input-format jsonl"), "{error}");
    }
}

#[test]
fn bad_rule_packs() {
    let dir = Dir::new();
    let pack = dir.write("my.toml", "this is not TOML");
    for command in [&["clean", "--rules"][..], &["explain", "--rules"], &["rules", "check"]] {
        let args = command.iter().map(Into::into).chain([pack.clone().into_os_string()]);
        let error = run(args, "x").failed();
        assert!(error.starts_with(&format!("unfurnish: {}: ", pack.display())), "{error}");
        assert!(error.contains("line 1"), "{error}");
    }
    let error = run(args!["clean", "--rules", dir.path("no.toml")], "x").failed();
    assert!(error.contains("no.toml: cannot read: No such file or directory"), "{error}");
}

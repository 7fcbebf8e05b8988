//! Folders and patterns in, a folder out; what a run notes, and what it need not do again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::{CLEANED, Dir, FURNISHED, args, gunzip, gzip, names_in, row, run};

/// A corpus of several formats and depths.
fn corpus(dir: &Dir) -> PathBuf {
    let root = dir.path("in");
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::create_dir_all(root.join(".hidden")).unwrap();
    let line = row(1, FURNISHED) + "\n";
    for (name, bytes) in [
        ("one.txt", FURNISHED.as_bytes().to_vec()),
        ("a/two.jsonl.gz", gzip(line.as_bytes())),
        ("a/b/three.ndjson", line.clone().into_bytes()),
        ("a/b/four.jsonl.xz", xz(line.as_bytes())),
        ("a/b/five.jsonl.bz2", bzip2(line.as_bytes())),
        ("a/picture.png", b"not a text".to_vec()),
        ("a/_success", Vec::new()),
        (".hidden/six.txt", b"x".to_vec()),
    ] {
        fs::write(root.join(name), bytes).unwrap();
    }
    root
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = liblzma::read::XzEncoder::new(bytes, 1);
    std::io::copy(&mut encoder, &mut out).unwrap();
    out
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = bzip2::read::BzEncoder::new(bytes, bzip2::Compression::fast());
    std::io::copy(&mut encoder, &mut out).unwrap();
    out
}

/// All files below a folder, with their bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for name in names_in(folder) {
        let path = folder.join(name);
        match path.is_dir() {
            true => files.extend(crate::folders::files(&path)),
            false => files.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    files
}

#[test]
fn a_folder_is_mirrored() {
    let dir = Dir::new();
    let root = corpus(&dir);
    let before = files(&root);
    let out = dir.path("out");
    for _ in 0..2 {
        let run = run(args!["clean", root, "-o", dir.path("out/")], "");
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        let told = format!("unfurnish: {}: 1 file of other kinds left out\n", root.display());
        assert_eq!(run.stderr, told);
    }
    assert_eq!(names_in(&out), [".unfurnish.jsonl", "a", "one.txt"]);
    assert_eq!(names_in(&out.join("a")), ["b", "two.jsonl.gz"]);
    let names = ["five.jsonl.zst", "four.jsonl.zst", "three.ndjson"];
    assert_eq!(names_in(&out.join("a/b")), names);
    let line = row(1, CLEANED) + "\n";
    assert_eq!(fs::read_to_string(out.join("one.txt")).unwrap(), CLEANED);
    assert_eq!(gunzip(&out.join("a/two.jsonl.gz")), line);
    assert_eq!(fs::read_to_string(out.join("a/b/three.ndjson")).unwrap(), line);
    for name in ["a/b/four.jsonl.zst", "a/b/five.jsonl.zst"] {
        let bytes = fs::read(out.join(name)).unwrap();
        assert_eq!(zstd::decode_all(&*bytes).unwrap(), line.as_bytes());
    }
    assert_eq!(files(&root), before);
}

#[test]
fn outputs_inside_of_the_input_are_no_inputs() {
    let dir = Dir::new();
    let root = corpus(&dir);
    let out = root.join("clean/");
    let clean = || assert_eq!(run(args!["clean", root, "-o", out], "").status, Some(0));
    clean();
    let first = files(&out);
    clean();
    assert_eq!(files(&out).len(), first.len());
}

#[test]
fn patterns() {
    let dir = Dir::new();
    let root = corpus(&dir);
    let pattern = root.join("**/*.[jn]*son*");
    let out = dir.path("out/");
    run(args!["clean", pattern, "-o", out], "").ok();
    assert_eq!(names_in(&out), [".unfurnish.jsonl", "a"]);
    assert_eq!(names_in(&out.join("a/b")), ["five.jsonl.zst", "four.jsonl.zst", "three.ndjson"]);
    let nothing = root.join("*.parquet");
    let error = run(args!["clean", nothing, "-o", out], "").failed();
    let name = nothing.display();
    assert_eq!(error, format!("unfurnish: {name}: cannot read: no file has such a name\n"));
}

#[test]
fn bz2_and_xz_are_not_written() {
    let dir = Dir::new();
    for name in ["out.jsonl.bz2", "out.xz"] {
        let out = dir.path(name);
        let error = run(args!["clean", "-o", out], "x").failed();
        assert!(error.contains("give it a name in .gz or .zst"), "{error}");
    }
    assert!(dir.names().is_empty());
}

#[test]
fn mislabelled_files_are_not_taken_for_text() {
    let dir = Dir::new();
    for (bytes, what) in [
        (gzip(b"x"), "gzip"),
        (zstd::encode_all(&b"x"[..], 1).unwrap(), "Zstandard"),
        (xz(b"x"), "xz"),
        (bzip2(b"x"), "bzip2"),
        (b"PAR1".to_vec(), "Parquet"),
    ] {
        for name in ["a.txt", "a.jsonl"] {
            let input = dir.write(name, &bytes);
            let error = run(args!["clean", input, "--on-error", "skip"], "").failed();
            let told = format!("unfurnish: {}: this is {what}: its name", input.display());
            assert!(error.starts_with(&told), "{error}");
        }
    }
}

/// Makes a file look as if it had been written at another time.
fn touch(path: &Path) {
    let file = fs::OpenOptions::new().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(1_000)).unwrap();
}

#[test]
fn only_what_is_missing_is_done_again() {
    let dir = Dir::new();
    let root = corpus(&dir);
    let (out, manifest) = (dir.path("out/"), dir.path("manifest.json"));
    let clean = |more: &[&str]| -> Vec<String> {
        let args = args!["clean", root, "-o", out, "--resume", "--manifest", manifest];
        let run = run(args.into_iter().chain(more.iter().map(Into::into)), "");
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        let manifest: Value = serde_json::from_str(&dir.read("manifest.json")).unwrap();
        // Of what was done before it knows all the same.
        assert_eq!(manifest["counts"]["documents"], 5);
        assert_eq!(manifest["counts"]["rules"]["en/related/also-read"]["removals"], 5);
        let inputs = manifest["inputs"].as_array().unwrap();
        let cleaned = inputs.iter().filter(|input| input["status"] == "cleaned");
        let name = |input: &Value| {
            let path = PathBuf::from(input["input"].as_str().unwrap());
            path.file_name().unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(inputs.len(), 5);
        let mut names: Vec<String> = cleaned.map(name).collect();
        names.sort();
        names
    };
    let all = ["five.jsonl.bz2", "four.jsonl.xz", "one.txt", "three.ndjson", "two.jsonl.gz"];
    assert_eq!(clean(&[]), all);
    assert!(clean(&[]).is_empty());
    // Threads change nothing.
    assert!(clean(&["--threads", "1"]).is_empty());

    fs::remove_file(out.join("one.txt")).unwrap();
    fs::write(out.join("a/b/three.ndjson"), "cut").unwrap();
    touch(&root.join("a/two.jsonl.gz"));
    assert_eq!(clean(&[]), ["one.txt", "three.ndjson", "two.jsonl.gz"]);
    assert!(clean(&[]).is_empty());

    // Other settings, other outputs.
    assert_eq!(clean(&["--quotes", "straighten"]), all);
    let pack = dir.write("my.toml", "name = \"my\"\n");
    assert_eq!(clean(&["--rules", pack.to_str().unwrap()]), all);
    fs::write(&pack, "name = \"mine\"\n").unwrap();
    assert_eq!(clean(&["--rules", pack.to_str().unwrap()]), all);

    // The end of a line that was never written to its end, and then the journal lost.
    let journal = out.join(".unfurnish.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, &text[..text.len() - 10]).unwrap();
    assert_eq!(clean(&["--rules", pack.to_str().unwrap()]).len(), 1);
    assert!(clean(&["--rules", pack.to_str().unwrap()]).is_empty());
    fs::remove_file(&journal).unwrap();
    assert_eq!(clean(&[]), all);
}

#[test]
fn without_a_folder_there_is_nothing_to_resume() {
    let error = run(["clean", "--resume"], "x").failed();
    assert!(error.starts_with("unfurnish: --resume: it goes by"), "{error}");
}

#[test]
fn what_a_killed_run_has_left_is_removed() {
    let dir = Dir::new();
    let root = corpus(&dir);
    let out = dir.path("out/");
    fs::create_dir_all(out.join("a")).unwrap();
    let left = ["a/.two.jsonl.gz.abC123.part", ".one.txt.zzzzzz.part"];
    let others = ["a/.else.txt.abC123.part", ".one.txt.long-name.part", "one.txt.part"];
    for name in left.iter().chain(&others) {
        fs::write(out.join(name), "x").unwrap();
    }
    assert_eq!(run(args!["clean", root, "-o", out, "--resume"], "").status, Some(0));
    for name in left {
        assert!(!out.join(name).exists(), "{name}");
    }
    for name in others {
        assert!(out.join(name).exists(), "{name}");
    }
}

#[test]
fn the_manifest() {
    let dir = Dir::new();
    let rows = format!("{}\n[]\n{}\nx\n", row(1, FURNISHED), row(2, "It rained."));
    let input = dir.write("a.jsonl", rows);
    let (out, manifest) = (dir.path("b.jsonl"), dir.path("m.json"));
    let args = args!["clean", input, "-o", out, "--manifest", manifest, "--on-error", "skip"];
    assert_eq!(run(args, "").status, Some(0));
    let read = || -> Value { serde_json::from_str(&dir.read("m.json")).unwrap() };
    let m = read();
    assert_eq!(m["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(m["rules"].as_str().unwrap().len(), 16);
    assert_eq!(m["options"]["on_error"], "skip");
    assert_eq!(m["error"], Value::Null);
    assert_eq!(m["bytes_written"], fs::metadata(&out).unwrap().len());
    let counts = &m["counts"];
    for (key, want) in [
        ("documents", 2),
        ("changed", 1),
        ("abstained", 0),
        ("removals", 1),
        ("words", 7),
        ("bytes", 35),
        ("rows_left_out", 2),
    ] {
        assert_eq!(counts[key], want, "{key}");
    }
    assert_eq!(counts["rules"]["en/related/also-read"]["words"], 7);
    let entry = &m["inputs"][0];
    assert_eq!(entry["bytes"], fs::metadata(&input).unwrap().len());
    assert_eq!(entry["left_out"][0]["row"], 2);
    assert_eq!(entry["left_out"][1]["reason"], "not a JSON object: expected value at byte 1");

    // A run that fails says why.
    let error = run(args!["clean", input, "-o", out, "--manifest", manifest], "").ended_at_row();
    assert_eq!(format!("unfurnish: {}\n", read()["error"].as_str().unwrap()), error);
}

/// One that cannot be read does not keep the others from being cleaned, if that is wanted.
#[test]
fn an_input_that_is_cut_off() {
    let dir = Dir::new();
    let root = corpus(&dir);
    let whole = fs::read(root.join("a/two.jsonl.gz")).unwrap();
    fs::write(root.join("a/two.jsonl.gz"), &whole[..whole.len() - 5]).unwrap();
    let (out, manifest) = (dir.path("out/"), dir.path("m.json"));
    let args = args!["clean", root, "-o", out, "--manifest", manifest, "--on-error", "skip"];
    let error = run(args, "").failed();
    assert!(error.contains("two.jsonl.gz:2: cannot read: it ends too early"), "{error}");
    assert!(error.ends_with("unfurnish: 1 input not read\n"), "{error}");
    assert_eq!(names_in(&out.join("a")), ["b"]);
    assert_eq!(names_in(&out.join("a/b")).len(), 3);
    assert!(out.join("one.txt").exists());
    let manifest: Value = serde_json::from_str(&dir.read("m.json")).unwrap();
    let inputs = manifest["inputs"].as_array().unwrap();
    assert_eq!(inputs.iter().filter(|input| input["status"] == "unread").count(), 1);
}

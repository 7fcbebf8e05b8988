//! Files in, files out.

use std::fs;

use crate::{CLEANED, Dir, FURNISHED, args, gunzip, gzip, names_in, row, run};

#[test]
fn a_text_is_cleaned() {
    let dir = Dir::new();
    let input = dir.write("a.txt", FURNISHED);
    assert_eq!(run(args!["clean", input], "").ok(), CLEANED);
    assert_eq!(run(["clean"], FURNISHED).ok(), CLEANED);
    assert_eq!(run(["clean", "-"], FURNISHED).ok(), CLEANED);
    assert_eq!(run(["clean"], "").ok(), "");
}

#[test]
fn invalid_utf8_in_a_text_is_replaced() {
    let run = run(["clean", "--summary"], b"It rained\xFF all day.");
    assert_eq!(run.stdout, "It rained\u{fffd} all day.".as_bytes());
    assert!(run.stderr.contains("1 invalid sequence"), "{}", run.stderr);
}

#[test]
fn options_reach_the_library() {
    let quoted = "“Quite so”";
    for (args, input, want) in [
        (&["--profile", "normalize"][..], FURNISHED, FURNISHED),
        (&["--keep", "related"], FURNISHED, FURNISHED),
        (&["--keep", "nav,related"], FURNISHED, FURNISHED),
        (&["--keep", "nav", "--keep", "related"], FURNISHED, FURNISHED),
        (&["--disable", "en/related"], FURNISHED, FURNISHED),
        (&["--budget", "0"], FURNISHED, FURNISHED),
        (&["--remove", "credit,caption"], FURNISHED, CLEANED),
        (&["--quotes", "keep"], quoted, quoted),
        (&["--quotes", "straighten"], quoted, "\"Quite so\""),
        (&["--dashes", "straighten"], "1–2", "1-2"),
        (&["--ellipsis", "dots"], "so…", "so..."),
        (&["--ligatures", "split"], "ﬁne", "fine"),
        (&["--width", "fold"], "ＡＢＣ", "ABC"),
        (&["--nbsp", "keep"], "5\u{a0}km", "5\u{a0}km"),
        (&["--nbsp", "space"], "5\u{a0}km", "5 km"),
    ] {
        let args = ["clean"].iter().chain(args);
        assert_eq!(run(args.clone(), input).ok(), want, "{:?}", args.collect::<Vec<_>>());
    }
}

#[test]
fn several_inputs_are_joined() {
    let dir = Dir::new();
    let a = dir.write("a.txt", FURNISHED);
    let b = dir.write("b.txt", format!("{FURNISHED}\n"));
    let empty = dir.write("empty.txt", "");
    let out = run(args!["clean", a, empty, "-", b], "From a pipe.\n").ok();
    assert_eq!(out, format!("{CLEANED}\nFrom a pipe.\n{CLEANED}\n"));

    // JSON lines by name; a line without a break does not run into the next.
    let a = dir.write("a.jsonl", row(1, FURNISHED));
    let b = dir.write("b.ndjson", row(2, FURNISHED) + "\n");
    let c = dir.write("c.jsonl.gz", gzip(row(3, FURNISHED).as_bytes()));
    let out = run(args!["clean", a, b, c, "--threads", "3"], "").ok();
    assert_eq!(out, [row(1, CLEANED), row(2, CLEANED), row(3, CLEANED)].join("\n"));
}

#[test]
fn many_texts_into_a_directory() {
    let dir = Dir::new();
    let inputs: Vec<_> = (0..20)
        .map(|id| dir.write(&format!("{id}.txt"), format!("{FURNISHED} {id}\n")))
        .chain([dir.write("x.jsonl.gz", gzip(row(1, FURNISHED).as_bytes()))])
        .chain([dir.write("empty.txt", "")])
        .collect();
    let out = dir.path("new/out/");
    let args = args!["clean", "--threads", "4", "-o", out].into_iter();
    assert_eq!(run(args.chain(inputs.into_iter().map(Into::into)), "").ok(), "");
    assert_eq!(dir.read("new/out/7.txt"), format!("{CLEANED} 7\n"));
    assert_eq!(dir.read("new/out/empty.txt"), "");
    assert_eq!(gunzip(&dir.path("new/out/x.jsonl.gz")), row(1, CLEANED));
    // And the journal.
    assert_eq!(names_in(&out).len(), 22 + 1);
}

#[test]
fn a_directory_needs_different_names() {
    let dir = Dir::new();
    fs::create_dir(dir.path("sub")).unwrap();
    let (a, b) = (dir.write("a.txt", "x"), dir.write("sub/a.txt", "x"));
    let error = run(args!["clean", a, b, "-o", dir.path("out/")], "").failed();
    assert!(error.contains("would both be written there"), "{error}");
    let error = run(args!["clean", "-o", dir.path("out/")], "x").failed();
    assert!(error.contains("stdin: it has no name"), "{error}");
    assert!(!dir.path("out").exists());
}

#[test]
fn formats_are_not_mixed() {
    let dir = Dir::new();
    let (a, b) = (dir.write("a.txt", "x"), dir.write("b.jsonl", "{\"text\":\"x\"}"));
    let error = run(args!["clean", a, b], "").failed();
    assert!(error.contains("of different formats"), "{error}");
}

#[test]
fn compressed_by_name() {
    let dir = Dir::new();
    let (input, want) = (row(1, FURNISHED) + "\n", row(1, CLEANED) + "\n");
    // Of two members, cut within a line.
    let members = [gzip(&input.as_bytes()[..20]), gzip(&input.as_bytes()[20..])].concat();
    let gz = dir.write("a.jsonl.gz", members);
    run(args!["clean", gz, "-o", dir.path("b.jsonl.zst")], "").ok();
    run(args!["clean", dir.path("b.jsonl.zst"), "-o", dir.path("c.jsonl.gz")], "").ok();
    let zst = fs::read(dir.path("b.jsonl.zst")).unwrap();
    assert_eq!(zstd::decode_all(&*zst).unwrap(), want.as_bytes());
    assert_eq!(gunzip(&dir.path("c.jsonl.gz")), want);

    // Two frames.
    let frame = zstd::encode_all(input.as_bytes(), 1).unwrap();
    let zst = dir.write("d.jsonl.zst", [&frame[..], &frame].concat());
    assert_eq!(run(args!["clean", zst], "").ok(), format!("{want}{want}"));

    let text = dir.write("a.txt.gz", gzip(FURNISHED.as_bytes()));
    assert_eq!(run(args!["clean", text], "").ok(), CLEANED);
    assert_eq!(dir.names(), ["a.jsonl.gz", "a.txt.gz", "b.jsonl.zst", "c.jsonl.gz", "d.jsonl.zst"]);
}

#[test]
fn compressed_output_is_the_same_with_any_number_of_threads() {
    let dir = Dir::new();
    let rows = |text| (0..5_000).map(|id| row(id, text) + "\n").collect::<String>();
    let input = dir.write("in.jsonl", rows(FURNISHED));
    for name in ["out.gz", "out.zst"] {
        let out = dir.path(name);
        let [one, four] = ["1", "4"].map(|threads| {
            run(args!["clean", input, "-o", out, "--threads", threads], "").ok();
            fs::read(&out).unwrap()
        });
        assert!(one == four, "{name}");
    }
    // One member and one frame, as simple readers want it.
    assert!(gunzip(&dir.path("out.gz")) == rows(CLEANED));
    let zst = fs::read(dir.path("out.zst")).unwrap();
    let mut decoder = zstd::Decoder::new(&*zst).unwrap().single_frame();
    let mut decoded = String::new();
    std::io::Read::read_to_string(&mut decoder, &mut decoded).unwrap();
    assert!(decoded == rows(CLEANED));

    run(args!["clean", "-o", dir.path("empty.gz")], "").ok();
    assert_eq!(gunzip(&dir.path("empty.gz")), "");
}

#[test]
fn the_output_may_be_the_input() {
    let dir = Dir::new();
    let rows = |text| (0..5_000).map(|id| row(id, text) + "\n").collect::<String>();
    let path = dir.write("a.jsonl", rows(FURNISHED));
    run(args!["clean", path, "-o", path], "").ok();
    assert!(dir.read("a.jsonl") == rows(CLEANED));
    let text = dir.write("b.txt", FURNISHED);
    run(args!["clean", text, "-o", dir.path("")], "").ok();
    assert_eq!(dir.read("b.txt"), CLEANED);
    assert_eq!(dir.names(), [".unfurnish.jsonl", "a.jsonl", "b.txt"]);
}

#[test]
fn the_summary() {
    let summary = |args: &[&str], input: &str| run(args.iter().copied(), input).stderr;
    assert_eq!(
        summary(&["clean", "--summary"], FURNISHED),
        "unfurnish: 1 document, 1 changed; 1 removal (7 words, 35 bytes); 0 abstained\n"
    );
    let rows = format!("{}\n\nnot json\n", [row(1, FURNISHED), row(2, "It rained.")].join("\n"));
    let args = ["clean", "--summary", "--input-format", "jsonl", "--on-error", "skip"];
    assert!(summary(&args, &rows).ends_with(
        "unfurnish: 2 documents, 1 changed; 1 removal (7 words, 35 bytes); 0 abstained; \
         1 row left out\n"
    ));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;
    use std::{fs, thread};

    use crate::{CLEANED, Dir, FURNISHED, args, run};

    fn mode(path: &std::path::Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn permissions_are_those_of_any_file() {
        let dir = Dir::new();
        let normal = dir.write("normal", "");
        let new = dir.path("new.txt");
        run(args!["clean", "-o", new], FURNISHED).ok();
        assert_eq!(mode(&new), mode(&normal));

        let old = dir.write("old.txt", "old");
        fs::set_permissions(&old, PermissionsExt::from_mode(0o640)).unwrap();
        run(args!["clean", "-o", old], FURNISHED).ok();
        assert_eq!(mode(&old), 0o640);
        assert_eq!(dir.read("old.txt"), CLEANED);
    }

    #[test]
    fn links_are_followed() {
        let dir = Dir::new();
        dir.write("target.txt", "old");
        for (link, target) in [("link", "target.txt"), ("dangling", "new.txt"), ("twice", "link")] {
            symlink(target, dir.path(link)).unwrap();
            run(args!["clean", "-o", dir.path(link)], FURNISHED).ok();
            assert!(dir.path(link).is_symlink());
            assert_eq!(dir.read(link), CLEANED);
        }
        assert_eq!(dir.names(), ["dangling", "link", "new.txt", "target.txt", "twice"]);
        symlink("loop", dir.path("loop")).unwrap();
        let error = run(args!["clean", "-o", dir.path("loop")], FURNISHED).failed();
        assert!(error.contains("symbolic links"), "{error}");
    }

    #[test]
    fn pipes_and_devices_are_written_directly() {
        let dir = Dir::new();
        let pipe = dir.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        run(args!["clean", "-o", pipe], FURNISHED).ok();
        assert_eq!(reader.join().unwrap(), CLEANED);
        assert_eq!(dir.names(), ["pipe"]);

        for stdout in ["-", "/dev/stdout"] {
            assert_eq!(run(["clean", "-o", stdout], FURNISHED).ok(), CLEANED);
        }
        assert_eq!(run(["clean", "-o", "/dev/null"], FURNISHED).ok(), "");
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

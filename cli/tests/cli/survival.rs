//! Runs that end before their time: killed, or without room to write. What was complete stays, nothing
//! else looks as if it were, and the next run does what is left.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use parquet::basic::Compression;

use crate::damage::Random;
use crate::parquet::parquet;
use crate::wet::record;
use crate::{Dir, FURNISHED, args, command, gzip, names_in, row, run};

/// How many runs are killed; KILLS in the environment says how many more.
const KILLS: usize = 12;

/// Inputs of each format, enough that a run takes a moment.
fn corpus(dir: &Dir, inputs: usize) -> PathBuf {
    let root = dir.path("in");
    fs::create_dir(&root).unwrap();
    let rows: String = (0..2_000).map(|id| row(id, FURNISHED) + "\n").collect();
    let records = (0..300).map(|id| record("conversion", id, FURNISHED, ""));
    let members: Vec<u8> = records.flat_map(|record| gzip(record.as_bytes())).collect();
    let kinds = [
        ("jsonl", rows.clone().into_bytes()),
        ("jsonl.gz", gzip(rows.as_bytes())),
        ("jsonl.zst", zstd::encode_all(rows.as_bytes(), 1).unwrap()),
        ("warc.wet.gz", members),
        ("parquet", parquet(&[400, 400], Compression::SNAPPY, true)),
        ("txt", FURNISHED.repeat(300).into_bytes()),
    ];
    for number in 0..inputs {
        let (ending, bytes) = &kinds[number % kinds.len()];
        fs::write(root.join(format!("{number}.{ending}")), bytes).unwrap();
    }
    root
}

/// Outputs by name, what is hidden aside.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = names_in(folder).into_iter().filter(|name| !name.starts_with('.'));
    names.map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
}

#[test]
fn runs_that_are_killed() {
    let kills = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let dir = Dir::new();
    let root = corpus(&dir, 24);
    let inputs = outputs(&root);
    let (want, out) = (dir.path("want/"), dir.path("out/"));
    let begin = Instant::now();
    run(args!["clean", root, "-o", want], "").ok();
    let whole = begin.elapsed();
    let want = outputs(&want);

    let mut random = Random(7);
    let mut complete = 0;
    for kill in 0..kills {
        let mut child = command()
            .args(["clean", "--resume", "-o"])
            .args([&out, &root])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        // From before the first output to after the last, since much is done already.
        thread::sleep(whole.mul_f64(random.below(1_000) as f64 / 1_500.0));
        child.kill().unwrap();
        child.wait().unwrap();
        if !out.exists() {
            continue;
        }
        let found = outputs(&out);
        for (name, bytes) in &found {
            assert!(want[name] == *bytes, "kill {kill}: {name} is not what it should be");
        }
        assert!(found.len() >= complete, "kill {kill}: something that was complete is lost");
        complete = found.len();
        if complete == want.len() {
            fs::remove_dir_all(&out).unwrap();
            complete = 0;
        }
    }
    run(args!["clean", root, "-o", out, "--resume"], "").ok();
    assert!(outputs(&out) == want);
    assert!(!names_in(&out).iter().any(|name| name.ends_with(".part")));
    assert!(outputs(&root) == inputs);
}

/// SIGINT and SIGTERM in the middle of a folder: complete outputs stay, the current one goes.
#[cfg(unix)]
#[test]
fn runs_that_are_told_to_stop() {
    let dir = Dir::new();
    let root = corpus(&dir, 12);
    let out = dir.path("out/");
    let mut random = Random(11);
    for signal in ["INT", "TERM"].into_iter().cycle().take(20) {
        let mut child = command()
            .args(["clean", "-o"])
            .args([&out, &root])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        while !out.exists() || outputs(&out).is_empty() {
            assert!(begin.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(random.below(5_000) as u64));
        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        child.wait().unwrap();
        let left = names_in(&out);
        assert!(!left.iter().any(|name| name.ends_with(".part")), "{signal}: {left:?}");
        fs::remove_dir_all(&out).unwrap();
    }
}

/// What a file may not grow beyond is an error like a full disk, and is told as one.
#[cfg(unix)]
#[test]
fn no_room_for_the_output() {
    let dir = Dir::new();
    let root = corpus(&dir, 6);
    let out = dir.path("out/");
    for name in names_in(&root) {
        let input = root.join(&name);
        // In blocks of 512 bytes; the signal that would come first is ignored.
        let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
        let output = Command::new("sh")
            .args(["-c", script, env!("CARGO_BIN_EXE_unfurnish"), "clean", "-o"])
            .args([&out, &input])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {told}");
        let place = out.join(&name);
        assert_eq!(told, format!("unfurnish: {}: cannot write: File too large\n", place.display()));
        assert_eq!(names_in(&out), [".unfurnish.jsonl"], "{name}");
    }
}

/// A file system of a quarter of a megabyte, where one may be mounted.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let dir = Dir::new();
    let root = corpus(&dir, 12);
    let disk = dir.path("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("no file system may be mounted here: skipped");
        return;
    }
    let want = dir.path("want/");
    run(args!["clean", root, "-o", want], "").ok();
    let want = outputs(&want);
    let out = disk.join("out/");
    let result = run(args!["clean", root, "-o", out], "");
    let (left, found) = (names_in(&out), outputs(&out));
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    let told = result.failed();
    assert!(told.contains("cannot write: No space left on device"), "{told}");
    assert!(!left.iter().any(|name| name.ends_with(".part")), "{left:?}");
    assert!(!found.is_empty() && found.len() < want.len(), "{left:?}");
    assert!(found.iter().all(|(name, bytes)| want[name] == *bytes));
}

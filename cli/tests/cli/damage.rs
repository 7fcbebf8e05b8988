//! Files that are cut off, flipped here and there, or called what they are not: whatever stands in
//! them, each is cleaned or named with a cause, in bounded time and memory, and nothing else happens.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use parquet::basic::{Compression, ZstdLevel};

use crate::folders::{bzip2, xz};
use crate::parquet::parquet;
use crate::wet::{about, record};
use crate::{Dir, FURNISHED, GO_ON, gzip, names_in, row};

/// How many files are damaged; DAMAGED in the environment says how many more. 20,000 take a few minutes.
const FILES: usize = 600;

/// How many of them one run is given.
const OF_A_RUN: usize = 200;

/// The bytes of memory that a run may have as a whole, with its threads and its code; in KiB.
#[cfg(target_os = "linux")]
const MEMORY: usize = 4 << 20;

/// Numbers by chance, the same ones each time (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) % limit.max(1) as u64) as usize
    }
}

/// A file of each format, whole, with the end of its name.
fn whole() -> Vec<(&'static str, Vec<u8>)> {
    let rows: String = (0..60).map(|id| row(id, FURNISHED) + "\n").collect();
    let records = |digest: &str| -> Vec<Vec<u8>> {
        let texts = (0..20).map(|id| record("conversion", id, FURNISHED, digest));
        std::iter::once(about()).chain(texts).map(String::into_bytes).collect()
    };
    let records = records("WARC-Block-Digest: DIGEST\r\n");
    let members: Vec<_> = records.iter().map(|record| gzip(record)).collect();
    let lines = rows.as_bytes();
    let zstd = Compression::ZSTD(ZstdLevel::default());
    vec![
        ("txt", FURNISHED.repeat(20).into_bytes()),
        ("txt.gz", gzip(FURNISHED.repeat(20).as_bytes())),
        ("jsonl", lines.to_vec()),
        ("jsonl.gz", [gzip(&lines[..2_000]), gzip(&lines[2_000..])].concat()),
        ("jsonl.zst", zstd::encode_all(lines, 1).unwrap()),
        ("jsonl.bz2", bzip2(lines)),
        ("jsonl.xz", xz(lines)),
        ("wet", records.concat()),
        ("warc.wet.gz", members.concat()),
        ("plain.parquet", parquet(&[40, 25], Compression::UNCOMPRESSED, false)),
        ("snappy.parquet", parquet(&[40, 25], Compression::SNAPPY, true)),
        ("gzip.parquet", parquet(&[40], Compression::GZIP(Default::default()), true)),
        ("brotli.parquet", parquet(&[40], Compression::BROTLI(Default::default()), false)),
        ("lz4.parquet", parquet(&[40], Compression::LZ4_RAW, true)),
        ("zstd.parquet", parquet(&[40, 25], zstd, true)),
    ]
}

/// Damages some bytes in one of the ways that disks, networks and people do.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let length = bytes.len();
    match random.below(6) {
        0 => bytes.truncate(random.below(length)),
        1 | 2 => {
            for _ in 0..=random.below(8) {
                let place = random.below(length);
                bytes[place] ^= 1 << random.below(8);
            }
        }
        // Where the metadata of most formats is.
        3 => {
            let place = length - 1 - random.below(length.min(600));
            bytes[place] = random.below(256) as u8;
        }
        4 => {
            let start = random.below(length);
            let end = (start + random.below(600)).min(length);
            bytes[start..end].fill(0);
        }
        _ => {
            let start = random.below(length);
            let end = (start + random.below(300)).min(length);
            let piece = bytes[start..end].to_vec();
            let place = random.below(length);
            bytes.splice(place..place, piece);
        }
    }
}

#[test]
fn damaged_files() {
    let files = std::env::var("DAMAGED").map_or(FILES, |files| files.parse().unwrap());
    let whole = whole();
    let seed = 20_240_501;
    let mut random = Random(seed);
    let (mut cleaned, mut unread) = (0, 0);
    let mut first = 0;
    for round in 0.. {
        // What stops at the first that is damaged is given one at a time, and fewer of them.
        let (policy, of_a_run) = match round % 2 {
            0 => ("skip", OF_A_RUN),
            _ => ("fail", OF_A_RUN / 10),
        };
        let last = files.min(first + of_a_run);
        if first == last {
            break;
        }
        let dir = Dir::new();
        let (root, out) = (dir.path("in"), dir.path("out/"));
        fs::create_dir(&root).unwrap();
        fs::create_dir(&out).unwrap();
        for number in first..last {
            let (ending, bytes) = &whole[random.below(whole.len())];
            let mut bytes = bytes.clone();
            // One in ten is whole, and called what it is not.
            let ending = match random.below(10) {
                0 => whole[random.below(whole.len())].0,
                _ => {
                    damage(&mut bytes, &mut random);
                    ending
                }
            };
            fs::write(root.join(format!("{number:06}.{ending}")), bytes).unwrap();
        }
        let names = names_in(&root);
        let runs: Vec<Vec<String>> = match policy {
            "skip" => vec![names],
            _ => names.into_iter().map(|name| vec![name]).collect(),
        };
        for names in runs {
            let inputs = names.iter().map(|name| root.join(name));
            let mut command = bounded();
            command.args(["clean", "--threads", "2", "--on-error", policy, "-o"]);
            match policy {
                // With what reads other columns beside that of the texts.
                "skip" => command
                    .arg(&out)
                    .args(["--site-field", "meta.title", "--report"])
                    .arg(dir.path("report.html")),
                _ => command.arg(output(&out, &names[0])),
            };
            let begin = Instant::now();
            let ended = command.args(inputs).output().unwrap();
            let told = String::from_utf8(ended.stderr).unwrap();
            assert!(begin.elapsed() < Duration::from_secs(120), "seed {seed}, {first}: too long");
            assert!(matches!(ended.status.code(), Some(0 | 1)), "{:?}: {told}", ended.status);
            assert!(!told.contains("panicked"), "seed {seed}, {first}: {told}");
            for name in names {
                let written = output(&out, &name).exists();
                let place = root.join(&name);
                let is_told = told.contains(&format!("unfurnish: {}: ", place.display()))
                    || told.contains(&format!("unfurnish: {}:", place.display()));
                assert!(written || is_told, "{name} has no output and no cause: {told}");
                cleaned += usize::from(written);
                unread += usize::from(!written);
            }
        }
        let left = names_in(&out);
        assert!(!left.iter().any(|name| name.ends_with(".part")), "{left:?}");
        first = last;
    }
    assert_eq!(cleaned + unread, files);
    // Damage is found where there is a sum to find it, and does not matter in many other places.
    assert!(cleaned > files / 20 && unread > files / 20, "{cleaned} cleaned, {unread} not");
    println!("{cleaned} cleaned, {unread} not read");
}

/// Where the output of an input goes in a folder.
fn output(out: &Path, name: &str) -> PathBuf {
    let rewritten = name.strip_suffix(".bz2").or(name.strip_suffix(".xz"));
    out.join(rewritten.map_or(name.to_owned(), |name| format!("{name}.zst")))
}

/// The tool with a limit to its memory, where the system has one that holds.
#[cfg(target_os = "linux")]
fn bounded() -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_unfurnish")]).stdin(Stdio::null());
    command
}

#[cfg(not(target_os = "linux"))]
fn bounded() -> Command {
    let mut command = crate::command();
    command.stdin(Stdio::null());
    command
}

/// Small files that grow: what is in them is not kept, whatever they are.
#[test]
fn bombs() {
    let dir = Dir::new();
    let zeros = vec![b'0'; 200 << 20];
    let line =
        [b"{\"text\":\"", &zeros[..], b"\"}\n", row(2, "It rained.").as_bytes(), b"\n"].concat();
    for (name, bytes) in
        [("a.jsonl.gz", gzip(&line)), ("a.jsonl.zst", zstd::encode_all(&line[..], 1).unwrap())]
    {
        let input = dir.write(name, bytes);
        let place = input.display();
        let cause = "it has more bytes than --max-row allows";
        let mut command = bounded();
        command.args(["clean", "--threads", "1", "--max-row", "1M"]).arg(&input);
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, format!("unfurnish: {place}:1: {cause}\n{GO_ON}"));
        let mut command = bounded();
        command.args(["clean", "--threads", "1", "--max-row", "1M", "--on-error", "skip"]);
        let output = command.arg(&input).output().unwrap();
        assert_eq!(output.stdout, (row(2, "It rained.") + "\n").as_bytes());
        assert_eq!(output.status.code(), Some(0));
    }
    let text = dir.write("a.txt.gz", gzip(&zeros));
    let output = bounded().args(["clean", "--max-row", "1M"]).arg(&text).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let cause = "it has more bytes than --max-row allows";
    assert_eq!(told, format!("unfurnish: {}: {cause}\n", text.display()));
}

//! Runs the binary and looks at what comes out.

mod damage;
mod errors;
mod eval;
mod explain;
mod files;
mod folders;
mod jsonl;
mod learn;
mod parquet;
mod readme;
mod report;
mod rules;
mod site_corpus;
mod streams;
mod survival;
mod vectors;
mod wet;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// A text with one piece of furniture, as it stands in JSON too: without anything to escape.
const FURNISHED: &str =
    "The vote is on Friday.\n\nALSO READ: Ten hotels with a view\n\nTurnout will be high.";
const CLEANED: &str = "The vote is on Friday.\n\nTurnout will be high.";

/// What a run of the binary gave.
struct Run {
    status: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Run {
    /// Standard output of a run that went well and had nothing to say.
    #[track_caller]
    fn ok(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (Some(0), ""));
        String::from_utf8(self.stdout).unwrap()
    }

    /// Standard error of a run that failed.
    #[track_caller]
    fn failed(self) -> String {
        assert_eq!(self.status, Some(1), "{}", self.stderr);
        self.stderr
    }

    /// The same of one that ended at a bad row, less what there is to do about it.
    #[track_caller]
    fn ended_at_row(self) -> String {
        let told = self.failed();
        told.strip_suffix(GO_ON).unwrap_or_else(|| panic!("{told}")).to_owned()
    }
}

/// What is told after a bad row.
const GO_ON: &str = "unfurnish: with --on-error skip the run goes on after such rows\n";

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unfurnish"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>, stdin: impl AsRef<[u8]>) -> Run {
    let mut child = command().args(args).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = stdin.as_ref().to_vec();
    // In a thread: the child may write before it has read all. It may also not care to read.
    let writer = thread::spawn(move || drop(input.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A directory for a test, gone at its end.
struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Dir {
        Dir(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names in it, sorted: nothing else may be left behind.
    fn names(&self) -> Vec<String> {
        names_in(self.0.path())
    }
}

/// The names in a directory, sorted.
fn names_in(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Arguments of several kinds in one list.
macro_rules! args {
    ($($arg:expr),* $(,)?) => {
        [$(std::ffi::OsString::from(&$arg)),*]
    };
}
use args;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(path: &Path) -> String {
    let file = fs::File::open(path).unwrap();
    std::io::read_to_string(flate2::read::GzDecoder::new(file)).unwrap()
}

/// A row of JSON without a line break.
fn row(id: usize, text: &str) -> String {
    serde_json::json!({ "id": id, "text": text }).to_string()
}

#[test]
fn help_and_version() {
    let version = run(["--version"], "").ok();
    assert_eq!(version, format!("unfurnish {}\n", env!("CARGO_PKG_VERSION")));
    for args in [
        &["--help"][..],
        &["clean", "--help"],
        &["explain", "-h"],
        &["learn", "-h"],
        &["eval", "-h"],
        &["rules", "-h"],
    ] {
        assert!(run(args, "").ok().contains("Usage: unfurnish"), "{args:?}");
    }
    assert!(run(["clean", "--help"], "").ok().contains("Examples:"));
}

#[test]
fn wrong_command_lines() {
    for args in [&[][..], &["tidy"], &["clean", "--nope"], &["clean", "--threads", "0"]] {
        assert_eq!(run(args, "").status, Some(2), "{args:?}");
    }
}

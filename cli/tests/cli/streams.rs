//! Pipes: what comes is passed on, and nobody waits for nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::{CLEANED, FURNISHED, command, row};

#[test]
fn lines_are_passed_on_as_they_come() {
    for threads in ["1", "2"] {
        let mut child = command()
            .args(["clean", "--input-format", "jsonl", "--threads", threads])
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        for id in 0..3 {
            // The beginning of the next line must not hold this one back.
            write!(stdin, "{}\n{{\"half\":", row(id, FURNISHED)).unwrap();
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            assert!(line.contains(&format!("\"id\":{id}")) && line.ends_with("}\n"), "{line}");
            assert!(!line.contains("ALSO READ"), "{line}");
            writeln!(stdin, "1,\"text\":\"x\"}}").unwrap();
            line.clear();
            stdout.read_line(&mut line).unwrap();
            assert_eq!(line, "{\"half\":1,\"text\":\"x\"}\n");
        }
        drop(stdin);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let rows = (row(1, FURNISHED) + "\n").repeat(100_000);
    for threads in ["1", "4"] {
        let mut child = command()
            .args(["clean", "--input-format", "jsonl", "--summary", "--threads", threads])
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writer = thread::spawn({
            let rows = rows.clone();
            move || drop(stdin.write_all(rows.as_bytes()))
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, row(1, CLEANED) + "\n");
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
        writer.join().unwrap();
    }
}

/// The reader of the input is blocked; that is no reason to stay.
#[test]
fn an_error_does_not_wait_for_more_input() {
    let start = Instant::now();
    for threads in ["1", "4"] {
        let mut child = command()
            .args(["clean", "--input-format", "jsonl", "--threads", threads])
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"not json\n").unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1));
        let mut error = String::new();
        child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        assert!(error.starts_with("unfurnish: stdin:1: not a JSON object"), "{error}");
        drop(stdin);
    }
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    let dir = crate::Dir::new();
    for signal in ["INT", "TERM"] {
        let mut child = command()
            .args(["clean", "--input-format", "jsonl", "-o"])
            .arg(dir.path("out.jsonl"))
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(row(1, FURNISHED).as_bytes()).unwrap();
        // Until the unfinished output is there; and a moment more, until it is watched over.
        while dir.names().is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(100));
        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert!(child.wait().unwrap().signal().is_some());
        assert!(dir.names().is_empty(), "{signal}: {:?}", dir.names());
    }
}

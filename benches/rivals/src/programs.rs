//! Runs the programs that measure in other languages, and reads what they print.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::row::Row;

pub(crate) struct Output {
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

/// Rows and notes of a program; a note that it is not there, or that it failed.
pub(crate) fn run(name: &str, program: Option<&Path>, arguments: &[PathBuf]) -> Output {
    let mut output = Output { rows: Vec::new(), notes: Vec::new() };
    let lines = match program {
        Some(program) if program.exists() => lines(program, arguments),
        _ => Err("not installed".into()),
    };
    match lines {
        Ok(lines) => {
            for line in lines.lines() {
                if let Some(row) = Row::parse(line) {
                    output.rows.push(row);
                } else if let Some(note) = line.strip_prefix("note\t") {
                    output.notes.push(note.to_owned());
                }
            }
        }
        Err(error) => output.notes.push(format!("{name}: {error}")),
    }
    output
}

/// One row of the command line: its name, and numbers.
pub(crate) struct Timing {
    pub(crate) name: String,
    pub(crate) milliseconds: f64,
    pub(crate) cpu: f64,
    pub(crate) megabytes: f64,
}

pub(crate) fn command_line(
    python: &Path,
    arguments: &[PathBuf],
) -> Result<Vec<Timing>, Box<dyn Error>> {
    let timing = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, milliseconds, cpu, megabytes] = fields[..] else {
            return Err(format!("command_line.py printed {line}").into());
        };
        Ok(Timing {
            name: name.to_owned(),
            milliseconds: milliseconds.parse()?,
            cpu: cpu.parse()?,
            megabytes: megabytes.parse()?,
        })
    };
    lines(python, arguments)?.lines().map(timing).collect()
}

fn lines(program: &Path, arguments: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("failed, {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

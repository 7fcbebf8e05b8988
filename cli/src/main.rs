//! The command-line tool `unfurnish`.
//!
//! - `args`: what can be asked for; the help texts.
//! - `clean`, `explain`, `eval`, `rules`: one module per command.
//! - `plan`, `work`: what `clean` reads and writes, and what it does to each batch in between.
//! - `settings`, `manifest`, `journal`: what a run was asked for, what it did, and what need not be done
//!   again.
//! - `measured`: how good each rule is.
//! - `input`, `output`, `compression`, `interrupt`: files, standard streams, and what is in between.
//! - `jsonl`, `wet`, `columns`: where the text stands in a line of JSON, in a web archive and in a
//!   Parquet file, and how it is put back.
//! - `parallel`: many threads, results in order.
//! - `tally`, `progress`, `failure`: what is told to the person in front of it.

mod args;
mod clean;
mod cleaners;
mod columns;
mod compression;
mod eval;
mod explain;
mod failure;
mod input;
mod interrupt;
mod journal;
mod jsonl;
mod labels;
mod learn;
mod manifest;
mod measured;
mod output;
mod page;
mod parallel;
mod plan;
mod progress;
mod report;
mod rules;
mod settings;
mod tally;
mod wet;
mod why;
mod work;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::{Failure, tell};

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Clean(args) => clean::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Rules(args) => rules::run(&args),
    };
    match result {
        // Whoever reads us has enough: no reason to complain.
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(Failure::Told(message)) => {
            tell(message);
            ExitCode::FAILURE
        }
        Err(Failure::Row(message)) => {
            tell(message);
            tell("with --on-error skip the run goes on after such rows");
            ExitCode::FAILURE
        }
    }
}

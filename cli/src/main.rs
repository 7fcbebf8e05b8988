//! The command-line tool `unfurnish`.
//!
//! - `args`: what can be asked for; the help texts.
//! - `clean`, `explain`, `eval`, `rules`: one module per command.
//! - `measured`: how good each rule is.
//! - `input`, `output`, `compression`, `interrupt`: files, standard streams, and what is in between.
//! - `jsonl`: where the text stands in a line of JSON, and how it is put back.
//! - `parallel`: many threads, results in order.
//! - `tally`, `progress`, `failure`: what is told to the person in front of it.

mod args;
mod clean;
mod compression;
mod eval;
mod explain;
mod failure;
mod input;
mod interrupt;
mod jsonl;
mod measured;
mod output;
mod page;
mod parallel;
mod progress;
mod rules;
mod tally;
mod why;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::{Failure, tell};

fn main() -> ExitCode {
    let result = match Args::parse().command {
        Command::Clean(args) => clean::run(&args),
        Command::Explain(args) => explain::run(&args),
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
    }
}

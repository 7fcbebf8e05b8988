//! `unfurnish clean`.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::available_parallelism;

use unfurnish::Cleaner;

use crate::args::{CleanArgs, Format, OnError};
use crate::compression::{Compression, Piece};
use crate::failure::{Failure, tell};
use crate::input::{self, Batch, Batches, NEEDS_JSONL, Source};
use crate::jsonl::{self, Row};
use crate::output::Outputs;
use crate::parallel;
use crate::progress::Progress;
use crate::tally::{Count, Tally};

pub(crate) fn run(args: &CleanArgs) -> Result<(), Failure> {
    let sources = input::sources(&args.input)?;
    if args.spans && sources.iter().all(|source| source.format == Format::Text) {
        return Err(Failure::at("--spans", NEEDS_JSONL));
    }
    let cleaner = args.cleaning.cleaner()?;
    let threads = threads(args, &sources);
    let mut outputs = Outputs::new(args.output.as_deref(), &sources, threads)?;
    let work = Work {
        cleaner,
        sources: Arc::clone(&sources),
        compressions: outputs.compressions(&sources),
        field: args.input.field().to_owned(),
        spans: args.spans,
        on_error: args.input.on_error,
    };

    let told = io::stderr().is_terminal();
    let read = Arc::new(AtomicU64::new(0));
    let shown = told && !(outputs.is_stdout() && io::stdout().is_terminal());
    let mut progress = Progress::new(shown, Arc::clone(&read), input::total_size(&sources));
    let mut tally = Tally::default();
    let mut skips = Vec::new();
    parallel::in_order(
        threads,
        Batches::new(sources, read),
        move |batch| batch.map(|batch| work.clean(batch)),
        |result| {
            let result = result?;
            tally += result.tally;
            skips.extend(result.skips);
            skips.truncate(SKIPS_TOLD);
            // What ends with an error is not complete, even if there is no more of it.
            let last = result.last && result.failure.is_none();
            outputs.write(result.source, &result.piece, last)?;
            progress.update(tally.documents);
            result.failure.map_or(Ok(()), Err)
        },
    )?;
    drop(progress);
    let summary = args.summary || told && !outputs.is_stdout();
    outputs.finish()?;

    if tally.skipped > 0 {
        for skip in &skips {
            tell(skip);
        }
        tell(format_args!("{} left out", Count(tally.skipped, "row")));
    }
    if summary {
        tell(tally);
    }
    Ok(())
}

/// How many of the rows left out are told one by one.
const SKIPS_TOLD: usize = 5;

fn threads(args: &CleanArgs, sources: &[Source]) -> usize {
    // A single text is a single piece of work.
    if sources.len() == 1 && sources[0].format == Format::Text {
        return 1;
    }
    match args.threads {
        Some(threads) => usize::from(threads),
        None => available_parallelism().map_or(1, |threads| threads.get()),
    }
}

/// What is done to each batch.
struct Work {
    cleaner: Cleaner,
    sources: Arc<[Source]>,
    /// Of the output of each of the sources.
    compressions: Vec<Compression>,
    field: String,
    spans: bool,
    on_error: OnError,
}

/// What became of a batch.
#[derive(Default)]
struct Done {
    source: usize,
    last: bool,
    /// What is to be written; empty as long as `bytes` is growing.
    piece: Piece,
    bytes: Vec<u8>,
    tally: Tally,
    /// The first rows that were left out: where and why.
    skips: Vec<String>,
    /// What ends the work after `bytes`.
    failure: Option<Failure>,
}

impl Work {
    fn clean(&self, batch: Batch) -> Done {
        let mut done = Done { source: batch.source, last: batch.last, ..Done::default() };
        match self.sources[batch.source].format {
            Format::Text => self.clean_text(batch.bytes, &mut done),
            Format::Jsonl => self.clean_lines(&batch, &mut done),
        }
        done.piece = self.compressions[batch.source].pack(std::mem::take(&mut done.bytes));
        done
    }

    fn clean_text(&self, text: Vec<u8>, done: &mut Done) {
        let cleaned = self.cleaner.clean_bytes(&text);
        let changed = cleaned.text().as_bytes() != text;
        done.tally.add(&text, &cleaned, changed);
        done.bytes = if changed { cleaned.into_text().into_owned().into_bytes() } else { text };
    }

    fn clean_lines(&self, batch: &Batch, done: &mut Done) {
        // A little more than the input, for what the spans add.
        done.bytes.reserve(batch.bytes.len() + batch.bytes.len() / 16);
        for (number, line) in jsonl::lines(&batch.bytes, batch.first_line) {
            let Err(cause) = self.clean_line(line, done) else { continue };
            let name = &self.sources[batch.source].name;
            match self.on_error {
                OnError::Fail => {
                    done.failure = Some(Failure::at_line(name, number, cause));
                    return;
                }
                OnError::Skip => {
                    done.tally.skipped += 1;
                    if done.skips.len() < SKIPS_TOLD {
                        done.skips.push(format!("{name}:{number}: {cause}"));
                    }
                }
            }
        }
    }

    fn clean_line(&self, line: &[u8], done: &mut Done) -> Result<(), String> {
        let (json, line_break) = jsonl::split_break(line)?;
        let Some(json) = json else {
            done.bytes.extend_from_slice(line);
            return Ok(());
        };
        let row = Row::parse(json, &self.field)?;
        row.clean(&self.cleaner, self.spans, &mut done.bytes, &mut done.tally)?;
        done.bytes.extend_from_slice(line_break);
        Ok(())
    }
}

//! `unfurnish eval`.
//!
//! - `row`: what is known of a text.
//! - `rivals`: what it is cleaned by.
//! - `words`, `align`: words as Python has them, and which of them are left.
//! - `marks`, `gold`, `measure`: scores of one document, and their sums.
//! - `report`: sums by group and by rule; `json`, `table`: how they are written.

mod align;
mod gold;
mod json;
mod marks;
mod measure;
mod report;
mod rivals;
mod row;
mod table;
mod words;

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::available_parallelism;

use unfurnish::Cleaner;

use crate::args::EvalArgs;
use crate::cleaners::Cleaners;
use crate::columns::Wanted;
use crate::failure::Failure;
use crate::input::{self, Batch, Batches, Folders, Rows, Source, TOO_LARGE};
use crate::jsonl;
use crate::labels::Fields;
use crate::parallel;
use crate::progress::Progress;

use gold::{GoldScores, SnippetScores};
use marks::MarkedText;
use report::{Outcome, Report, Scores};
use rivals::Method;
use row::{Row, Truth};

pub(crate) fn run(args: &EvalArgs) -> Result<(), Failure> {
    let input = args.input();
    let sources: Arc<[Source]> = input::sources(&input, Folders::Refused(""))?.into();
    let judge = Judge {
        cleaners: args.cleaning.cleaners()?,
        fields: Fields::of_site(args.site.site_field.as_deref()),
        methods: if args.rivals { &Method::ALL } else { &Method::OWN },
        sources: Arc::clone(&sources),
    };
    let mut report = Report::new(judge.methods, args.show);
    let read = Arc::new(AtomicU64::new(0));
    let mut progress = Progress::new(true, Arc::clone(&read), input::total_size(&sources));
    parallel::in_order(
        available_parallelism().map_or(1, |threads| threads.get()),
        Batches::new(sources, Wanted::default(), input.max_row.0, read),
        move |batch| judge.batch(&batch?),
        |outcomes| {
            outcomes?.into_iter().for_each(|outcome| report.add(outcome));
            progress.update(report.documents());
            Ok(())
        },
    )?;
    drop(progress);

    let mut out = BufWriter::new(io::stdout().lock());
    let written = match args {
        EvalArgs { json: true, .. } => json::write(&mut out, &report),
        EvalArgs { markdown: true, .. } => table::write_markdown(&mut out, &report),
        EvalArgs { rule_table: true, .. } => table::write_rule_table(&mut out, &report),
        _ => table::write(&mut out, &report),
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing("stdout", &error))
}

/// Cleans texts and scores what is left.
struct Judge {
    cleaners: Cleaners,
    fields: Fields,
    methods: &'static [Method],
    sources: Arc<[Source]>,
}

impl Judge {
    fn batch(&self, batch: &Batch) -> Result<Vec<Outcome>, Failure> {
        let name = &self.sources[batch.source].name;
        let mut outcomes = Vec::new();
        let (first, lines) = match &batch.rows {
            Rows::Lines { first, bytes } => (*first, &bytes[..]),
            Rows::TooLarge { row } => return Err(Failure::at_line(name, *row, TOO_LARGE)),
            Rows::Text(_) | Rows::Records { .. } | Rows::Columns(_) => return Ok(outcomes),
        };
        for (number, line) in jsonl::lines(lines, first) {
            let judged = jsonl::split_break(line).and_then(|(json, _)| {
                let Some(json) = json else { return Ok(None) };
                let cleaner = self.cleaners.of(self.fields.of_json(json).site.as_deref());
                let place = || format!("{name}:{number}");
                Ok(Some(self.row(&cleaner, &Row::parse(json)?, place)))
            });
            outcomes.extend(judged.map_err(|cause| Failure::at_line(name, number, cause))?);
        }
        Ok(outcomes)
    }

    fn row(&self, cleaner: &Cleaner, row: &Row, place: impl Fn() -> String) -> Outcome {
        let mut outcome = Outcome::of(row, place);
        let clean = |method: &Method| method.clean(cleaner, &row.text);
        match &row.truth {
            Truth::Marks(truth) => {
                let mut text = MarkedText::new(&row.text, truth);
                for method in self.methods {
                    let output = clean(method);
                    let (marks, spans) =
                        (text.judge_words(&output.text), text.judge_spans(&output.removed));
                    if *method == Method::Unfurnish {
                        outcome.tell(&text, &spans);
                    }
                    let (marks, spans) = (marks.scores, spans.scores);
                    outcome.scores.push(Scores { marks, spans, ..Scores::default() });
                }
                for removal in cleaner.clean(&row.text).removals() {
                    let (marked, article) = text.taken(removal);
                    outcome.fired(removal, marked, article);
                }
            }
            Truth::Gold { gold, article } => {
                let score = |method| GoldScores::of(gold, &clean(method).text);
                let score = |method| Scores { gold: score(method), ..Scores::default() };
                outcome.scores.extend(self.methods.iter().map(score));
                if *article {
                    let left = |method: &Method| method.clean(cleaner, gold);
                    let count = |method| words::words(&left(method).text).count() as u64;
                    let after = self.methods.iter().map(count).collect();
                    outcome.lose(row, words::words(gold).count() as u64, after);
                }
            }
            Truth::Snippets { with, without } => {
                let score = |method| SnippetScores::of(with, without, &clean(method).text);
                let score = |method| Scores { snippets: score(method), ..Scores::default() };
                outcome.scores.extend(self.methods.iter().map(score));
            }
        }
        outcome
    }
}

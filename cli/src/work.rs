//! What is done to each batch, in any thread.

use std::sync::Arc;

use parquet::data_type::ByteArray;
use unfurnish::Cleaned;

use crate::args::{Format, OnError};
use crate::cleaners::Cleaners;
use crate::columns::{Stretch, Values};
use crate::compression::{Compression, Piece};
use crate::failure::Failure;
use crate::input::{Batch, Lease, Rows, Source, TOO_LARGE};
use crate::journal::LeftOut;
use crate::jsonl::{self, Row};
use crate::labels::{Fields, Labels};
use crate::report::{Document, Part, Watch};
use crate::tally::Tally;
use crate::wet::{Kind, Record};

/// How many of the rows of an input that are left out are listed.
pub(crate) const LISTED: usize = 1_000;

pub(crate) struct Work {
    pub(crate) cleaners: Cleaners,
    /// For WET files, if they are cleaned in another way.
    pub(crate) page_cleaners: Option<Cleaners>,
    /// What is looked up beside a text, if somebody wants to know.
    pub(crate) fields: Option<Arc<Fields>>,
    /// Who makes a report.
    pub(crate) watch: Option<Arc<Watch>>,
    pub(crate) sources: Arc<[Source]>,
    /// Of the output of each of the sources.
    pub(crate) compressions: Vec<Compression>,
    pub(crate) field: String,
    pub(crate) spans: bool,
    pub(crate) on_error: OnError,
    /// The bytes that a row may have.
    pub(crate) longest: usize,
    /// Records become lines of JSON.
    pub(crate) to_jsonl: bool,
}

/// What became of a batch.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) source: usize,
    pub(crate) last: bool,
    /// What is to be written.
    pub(crate) piece: Piece,
    /// What is to be written of a column.
    pub(crate) values: Values,
    pub(crate) tally: Tally,
    pub(crate) report: Part,
    /// The first rows that were left out.
    pub(crate) left_out: Vec<LeftOut>,
    /// What ends the work after all that.
    pub(crate) failure: Option<Failure>,
    /// Given back when this is dropped.
    _lease: Lease,
}

/// A text that was cleaned, and what is said beside it.
struct Text<'t> {
    row: u64,
    labels: Labels,
    bytes: &'t [u8],
    cleaners: &'t Cleaners,
}

/// A row that cannot be cleaned. After it comes nothing more unless it may be left out.
struct Stop;

impl Work {
    pub(crate) fn clean(&self, batch: Batch) -> Done {
        let Batch { source, rows, last, lease } = batch;
        let mut done = Done { source, last, _lease: lease, ..Done::default() };
        // After what ends the work nothing more is looked at; it stands in `done`.
        let _: Result<(), Stop> = match rows {
            Rows::Text(text) => {
                self.clean_text(text, &mut done);
                Ok(())
            }
            Rows::Lines { first, bytes } => self.clean_lines(first, &bytes, &mut done),
            Rows::Records { first, records } => self.clean_records(first, &records, &mut done),
            Rows::Columns(stretch) => self.clean_column(stretch, &mut done),
            Rows::TooLarge { row } => self.bad_row(&mut done, row, TOO_LARGE.to_owned()),
        };
        // What ends with an error is not complete, even if there is no more of it.
        done.last &= done.failure.is_none();
        done
    }

    fn bad_row(&self, done: &mut Done, row: u64, reason: String) -> Result<(), Stop> {
        match self.on_error {
            OnError::Fail => {
                done.failure = Some(Failure::Row(self.sources[done.source].at(row, reason)));
                Err(Stop)
            }
            OnError::Skip => {
                done.tally.rows_left_out += 1;
                if done.left_out.len() < LISTED {
                    done.left_out.push(LeftOut { row, reason });
                }
                Ok(())
            }
        }
    }

    /// Notes what became of a text.
    fn note(&self, text: &Text<'_>, cleaned: &Cleaned<'_>, changed: bool, done: &mut Done) {
        done.tally.add(text.bytes, cleaned, changed);
        let Some(watch) = &self.watch else { return };
        let source = &self.sources[done.source];
        let document = Document {
            source: done.source,
            row: text.row,
            place: &|| match source.format {
                Format::Text => source.name.clone(),
                _ => format!("{}:{}", source.name, text.row),
            },
            labels: &text.labels,
            text: text.bytes,
            cleaned,
        };
        watch.note(&document, text.cleaners, &mut done.report);
    }

    fn clean_text(&self, text: Vec<u8>, done: &mut Done) {
        let cleaners = &self.cleaners;
        let cleaner = cleaners.of(None);
        let cleaned = cleaner.clean_bytes(&text);
        let changed = cleaned.text().as_bytes() != text;
        let noted = Text { row: 1, labels: Labels::default(), bytes: &text, cleaners };
        self.note(&noted, &cleaned, changed, done);
        let bytes = if changed { cleaned.into_text().into_owned().into_bytes() } else { text };
        done.piece = self.compressions[done.source].pack(bytes);
    }

    fn clean_lines(&self, first: u64, lines: &[u8], done: &mut Done) -> Result<(), Stop> {
        // A little more than the input, for what the spans add.
        let mut out = Vec::with_capacity(lines.len() + lines.len() / 16);
        let result = jsonl::lines(lines, first).try_for_each(|(number, line)| {
            self.clean_line(number, line, &mut out, done)
                .or_else(|cause| self.bad_row(done, number, cause))
        });
        done.piece = self.compressions[done.source].pack(out);
        result
    }

    fn clean_line(
        &self,
        row: u64,
        line: &[u8],
        out: &mut Vec<u8>,
        done: &mut Done,
    ) -> Result<(), String> {
        if line.len() > self.longest {
            return Err(TOO_LARGE.to_owned());
        }
        let (json, line_break) = jsonl::split_break(line)?;
        let Some(json) = json else {
            out.extend_from_slice(line);
            return Ok(());
        };
        let parsed = Row::parse(json, &self.field)?;
        let labels = self.fields.as_ref().map(|fields| fields.of_json(json)).unwrap_or_default();
        let cleaner = self.cleaners.of(labels.site.as_deref());
        parsed.clean(&cleaner, self.spans, out, |text, cleaned, changed| {
            let noted = Text { row, labels, bytes: text.as_bytes(), cleaners: &self.cleaners };
            self.note(&noted, cleaned, changed, done);
        })?;
        out.extend_from_slice(line_break);
        Ok(())
    }

    fn clean_records(&self, first: u64, records: &[Record], done: &mut Done) -> Result<(), Stop> {
        let compression = self.compressions[done.source];
        // In web archives a record is a member of its own.
        let by_record = compression == Compression::GzipMembers;
        let mut out = Vec::new();
        let result = (first..).zip(records).try_for_each(|(number, record)| {
            match record.kind() {
                Kind::Response => self.bad_row(done, number, RESPONSE.to_owned())?,
                Kind::Text => self.clean_record(number, record, &mut out, done),
                Kind::Other if self.to_jsonl => {}
                Kind::Other => record.write(&mut out),
            }
            if by_record && !out.is_empty() {
                done.piece.append(&compression.pack(std::mem::take(&mut out)));
            }
            Ok(())
        });
        // An archive without records is one empty member.
        if !by_record || first == 1 && records.is_empty() {
            done.piece = compression.pack(out);
        }
        result
    }

    fn clean_record(&self, row: u64, record: &Record, out: &mut Vec<u8>, done: &mut Done) {
        let cleaners = self.page_cleaners.as_ref().unwrap_or(&self.cleaners);
        let labels =
            self.fields.as_ref().map(|fields| fields.of_record(record)).unwrap_or_default();
        let cleaner = cleaners.of(labels.site.as_deref());
        let cleaned = cleaner.clean_bytes(&record.block);
        let changed = cleaned.text().as_bytes() != record.block;
        let noted = Text { row, labels, bytes: &record.block, cleaners };
        self.note(&noted, &cleaned, changed, done);
        match (self.to_jsonl, changed) {
            (true, _) => {
                jsonl::write_row(&record.page(cleaned.text()), &cleaned, self.spans, out);
            }
            (false, true) => record.write_with(cleaned.text().as_bytes(), out),
            (false, false) => record.write(out),
        }
    }

    fn clean_column(&self, mut stretch: Stretch, done: &mut Done) -> Result<(), Stop> {
        // Columns come one by one.
        let mut values = stretch.texts.pop().unwrap_or_default();
        let labels = self.fields.as_ref().map(|fields| stretch.labels(fields));
        let rows: Vec<usize> = values.rows().collect();
        let result = values.values.iter_mut().zip(rows).try_for_each(|(value, row)| {
            let labels = labels.as_ref().and_then(|labels| labels.get(row)).cloned();
            let row = stretch.first_row + row as u64;
            match self.clean_value(value, row, labels.unwrap_or_default(), done) {
                Ok(None) => Ok(()),
                Ok(Some(cleaned)) => {
                    *value = cleaned;
                    Ok(())
                }
                Err(cause) => self.bad_row(done, row, cause),
            }
        });
        done.values = values;
        result
    }

    /// What is to stand in the place of a value, if it changes.
    fn clean_value(
        &self,
        value: &ByteArray,
        row: u64,
        labels: Labels,
        done: &mut Done,
    ) -> Result<Option<ByteArray>, String> {
        if value.len() > self.longest {
            return Err(TOO_LARGE.to_owned());
        }
        let text = jsonl::utf8(value.data())?;
        let cleaners = &self.cleaners;
        let cleaner = cleaners.of(labels.site.as_deref());
        let cleaned = cleaner.clean(text);
        let changed = cleaned.text() != text;
        let noted = Text { row, labels, bytes: text.as_bytes(), cleaners };
        self.note(&noted, &cleaned, changed, done);
        Ok(changed.then(|| own(cleaned)))
    }
}

fn own(cleaned: Cleaned<'_>) -> ByteArray {
    ByteArray::from(cleaned.into_text().into_owned().into_bytes())
}

/// Said of records that hold HTML.
pub(crate) const RESPONSE: &str = "it is a `response`, which holds HTML: run an extractor over the WARC file \
                        first, and clean the text that it gives";

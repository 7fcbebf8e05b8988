//! All inputs, one after the other, a bounded number of bytes at a time.

use std::io;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::lines::{LineReader, Piece};
use super::source::Source;
use crate::args::Format;
use crate::columns::{self, Stretch, Wanted};
use crate::compression::mislabelled;
use crate::failure::{Failure, Plain};
use crate::wet::{self, Record};

/// The bytes that may be in flight, waiting, being worked on or about to be written. One batch may
/// be larger: then it is alone.
const IN_FLIGHT: usize = 64 << 20;

/// A piece of an input. Every input that can be read to its end has a last one, which may be empty.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Which of the sources.
    pub(crate) source: usize,
    pub(crate) rows: Rows,
    pub(crate) last: bool,
    /// To be kept as long as the batch, or what has become of it, is in memory.
    pub(crate) lease: Lease,
}

/// What is in a batch. Rows are numbered from 1.
#[derive(Debug)]
pub(crate) enum Rows {
    /// All of an input that is one text.
    Text(Vec<u8>),
    /// Complete lines of JSON.
    Lines { first: u64, bytes: Vec<u8> },
    /// Complete records of a web archive.
    Records { first: u64, records: Vec<Record> },
    /// Values of some columns, side by side.
    Columns(Stretch),
    /// A row that is larger than a row may be, and was not kept.
    TooLarge { row: u64 },
}

impl Rows {
    fn size(&self) -> usize {
        match self {
            Rows::Text(bytes) | Rows::Lines { bytes, .. } => bytes.len(),
            Rows::Records { records, .. } => records.iter().map(Record::size).sum(),
            Rows::Columns(stretch) => stretch.size(),
            Rows::TooLarge { .. } => 0,
        }
    }
}

/// Reads all sources, one after the other.
pub(crate) struct Batches {
    sources: Arc<[Source]>,
    /// What is read of Parquet files.
    columns: Wanted,
    /// The bytes that a row may have.
    longest: usize,
    /// After a source that cannot be read come the others, or nothing.
    go_on: bool,
    progress: Arc<AtomicU64>,
    budget: Arc<Budget>,
    /// The source that is being read, or is next.
    source: usize,
    reader: Option<Reader>,
}

enum Reader {
    Lines(LineReader),
    Records(wet::Reader),
    Columns(Box<columns::Reader>),
}

impl Batches {
    /// `progress` will count the bytes read, as stored.
    pub(crate) fn new(
        sources: Arc<[Source]>,
        columns: Wanted,
        longest: usize,
        progress: Arc<AtomicU64>,
    ) -> Batches {
        let budget = Arc::default();
        Batches {
            sources,
            columns,
            longest,
            go_on: false,
            progress,
            budget,
            source: 0,
            reader: None,
        }
    }

    /// Goes on with the next source after one that cannot be read.
    pub(crate) fn going_on(self, go_on: bool) -> Batches {
        Batches { go_on, ..self }
    }

    fn read(&mut self) -> Result<Batch, Failure> {
        let source = &self.sources[self.source];
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => none.insert(open(source, &self.columns, self.longest, &self.progress)?),
        };
        let (rows, last) = match reader {
            Reader::Lines(reader) => read_lines(reader, source)?,
            Reader::Records(reader) => reader.read().map_err(|error| {
                Failure::new(source.at(error.record, cannot_read(&error.cause)))
            })?,
            Reader::Columns(reader) => {
                let (stretch, last) =
                    reader.read().map_err(|cause| Failure::at(&source.name, cause))?;
                (Rows::Columns(stretch), last)
            }
        };
        let lease = self.budget.lease(rows.size());
        let batch = Batch { source: self.source, rows, last, lease };
        if last {
            self.next_source();
        }
        Ok(batch)
    }

    fn next_source(&mut self) {
        self.source += 1;
        self.reader = None;
    }
}

impl Iterator for Batches {
    /// A failure is one of the source that is being read.
    type Item = Result<Batch, Failure>;

    fn next(&mut self) -> Option<Result<Batch, Failure>> {
        if self.source >= self.sources.len() {
            return None;
        }
        let batch = self.read();
        if batch.is_err() {
            self.next_source();
            if !self.go_on {
                self.source = self.sources.len();
            }
        }
        Some(batch)
    }
}

fn open(
    source: &Source,
    columns: &Wanted,
    longest: usize,
    progress: &Arc<AtomicU64>,
) -> Result<Reader, Failure> {
    if source.format == Format::Parquet {
        let reader = columns::Reader::open(source, columns, progress);
        let reader = reader.map_err(|cause| Failure::at(&source.name, cause))?;
        return Ok(Reader::Columns(Box::new(reader)));
    }
    let input = source.open(progress).map_err(|error| source.cannot_read(&error))?;
    Ok(match source.format {
        Format::Wet => Reader::Records(wet::Reader::new(input, longest)),
        _ => Reader::Lines(LineReader::new(input, source.size.is_none(), longest)),
    })
}

fn read_lines(reader: &mut LineReader, source: &Source) -> Result<(Rows, bool), Failure> {
    let first = reader.line;
    let read = match source.format {
        Format::Text => reader.read_all(source.size).map(|text| match text {
            Some(bytes) => Ok((Rows::Text(bytes), true)),
            None => Err(Failure::at(&source.name, TOO_LARGE)),
        }),
        _ => reader.read_lines().map(|(piece, last)| match piece {
            Piece::Lines(bytes) => Ok((Rows::Lines { first, bytes }, last)),
            Piece::TooLong => Ok((Rows::TooLarge { row: first }, last)),
        }),
    };
    let (rows, last) =
        read.map_err(|error| Failure::new(source.at(reader.line, cannot_read(&error))))??;
    // A file that is something else would come out as rubbish that looks like a text.
    if let (1, Rows::Text(bytes) | Rows::Lines { bytes, .. }) = (first, &rows)
        && let Some(what) = mislabelled(bytes)
    {
        return Err(Failure::at(&source.name, format_args!("this is {what}")));
    }
    Ok((rows, last))
}

/// Said of a row that is larger than a row may be.
pub(crate) const TOO_LARGE: &str = "it has more bytes than --max-row allows";

fn cannot_read(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "cannot read: it ends too early, as if cut off".to_owned(),
        _ => format!("cannot read: {}", Plain(error)),
    }
}

/// How many bytes are in flight.
#[derive(Default)]
struct Budget {
    leased: Mutex<usize>,
    freed: Condvar,
}

impl Budget {
    /// Waits until there is room.
    fn lease(self: &Arc<Self>, bytes: usize) -> Lease {
        let mut leased = self.leased.lock().unwrap_or_else(PoisonError::into_inner);
        while *leased > 0 && leased.saturating_add(bytes) > IN_FLIGHT {
            leased = self.freed.wait(leased).unwrap_or_else(PoisonError::into_inner);
        }
        *leased += bytes;
        Lease { bytes, budget: Some(Arc::clone(self)) }
    }
}

/// Some of the bytes that may be in flight, given back when dropped.
#[derive(Default)]
pub(crate) struct Lease {
    bytes: usize,
    budget: Option<Arc<Budget>>,
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lease({})", self.bytes)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            *budget.leased.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
            budget.freed.notify_one();
        }
    }
}

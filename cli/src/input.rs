//! Inputs: what they are called, what they hold, and how they are read, batch by batch.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::{memchr_iter, memrchr};

use crate::args::{Format, InputArgs};
use crate::compression::Compression;
use crate::failure::{Failure, Plain};

/// What is read at a time from files: fits in the cache of a core, and a thread that gets one has
/// something to do.
const BATCH: usize = 256 << 10;

/// What is read at most at a time from pipes: what one holds, usually.
const LIVE_BATCH: usize = 64 << 10;

/// An input that was asked for, not yet open.
#[derive(Debug)]
pub(crate) struct Source {
    /// As the user wrote it, or `stdin`.
    pub(crate) name: String,
    /// `None` for standard input.
    pub(crate) path: Option<PathBuf>,
    pub(crate) format: Format,
    /// In bytes as stored, if it is a regular file.
    size: Option<u64>,
}

impl Source {
    fn new(path: &Path, format: Option<Format>) -> Result<Source, Failure> {
        if path == Path::new("-") {
            let size = stdin_size();
            let format = format.unwrap_or(Format::Text);
            return Ok(Source { name: "stdin".to_owned(), path: None, format, size });
        }
        let name = path.display().to_string();
        let cannot_read = |cause: &str| Failure::at(&name, format_args!("cannot read: {cause}"));
        let metadata =
            fs::metadata(path).map_err(|error| cannot_read(&Plain(&error).to_string()))?;
        if metadata.is_dir() {
            return Err(cannot_read("it is a directory"));
        }
        let size = metadata.is_file().then_some(metadata.len());
        let format = format.unwrap_or_else(|| Format::of(path));
        Ok(Source { name, path: Some(path.to_owned()), format, size })
    }

    fn open(&self, progress: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        let progress = Arc::clone(progress);
        match &self.path {
            Some(path) => {
                let raw = Counted { raw: File::open(path)?, progress };
                Compression::of(path).reader(raw)
            }
            None => Ok(Box::new(Counted { raw: io::stdin(), progress })),
        }
    }
}

/// The inputs that `args` name, standard input if none.
pub(crate) fn sources(args: &InputArgs) -> Result<Arc<[Source]>, Failure> {
    let stdin = [PathBuf::from("-")];
    let paths = if args.inputs.is_empty() { &stdin[..] } else { &args.inputs };
    let sources: Arc<[Source]> =
        paths.iter().map(|path| Source::new(path, args.input_format)).collect::<Result<_, _>>()?;
    if args.field.is_some() && sources.iter().all(|source| source.format == Format::Text) {
        return Err(Failure::at("--field", NEEDS_JSONL));
    }
    Ok(sources)
}

/// Said of options that are of no use with plain text.
pub(crate) const NEEDS_JSONL: &str =
    "the input is plain text; if it is JSON lines, add --input-format jsonl";

/// The size of all sources together, if it is known.
pub(crate) fn total_size(sources: &[Source]) -> Option<u64> {
    sources.iter().map(|source| source.size).sum()
}

#[cfg(unix)]
fn stdin_size() -> Option<u64> {
    use std::os::fd::AsFd;
    let stdin = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    let metadata = stdin.metadata().ok()?;
    metadata.is_file().then_some(metadata.len())
}

#[cfg(not(unix))]
fn stdin_size() -> Option<u64> {
    None
}

/// Counts the bytes that are read, as stored.
struct Counted<R> {
    raw: R,
    progress: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.raw.read(buffer)?;
        self.progress.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A piece of an input: complete lines of JSON, or one text. Every input has a last one, which
/// may be empty.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Which of the sources.
    pub(crate) source: usize,
    /// The number of its first line, from 1.
    pub(crate) first_line: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) last: bool,
}

/// Reads all sources, one after the other. Ends after a failure.
pub(crate) struct Batches {
    sources: Arc<[Source]>,
    progress: Arc<AtomicU64>,
    /// The source that is being read, or is next.
    source: usize,
    reader: Option<LineReader>,
}

impl Batches {
    /// `progress` will count the bytes read, as stored.
    pub(crate) fn new(sources: Arc<[Source]>, progress: Arc<AtomicU64>) -> Batches {
        Batches { sources, progress, source: 0, reader: None }
    }

    fn read(&mut self) -> Result<Batch, Failure> {
        let source = &self.sources[self.source];
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => {
                let input = source.open(&self.progress).map_err(|error| {
                    Failure::at(&source.name, format_args!("cannot read: {}", Plain(&error)))
                })?;
                none.insert(LineReader {
                    input,
                    live: source.size.is_none(),
                    rest: Vec::new(),
                    line: 1,
                })
            }
        };
        let first_line = reader.line;
        let batch = match source.format {
            Format::Text => reader.read_all(source.size),
            Format::Jsonl => reader.read_lines(),
        };
        let (bytes, last) = batch.map_err(|error| {
            let cause = match error.kind() {
                io::ErrorKind::UnexpectedEof => "it ends too early, as if cut off".to_owned(),
                _ => Plain(&error).to_string(),
            };
            Failure::at_line(&source.name, reader.line, format_args!("cannot read: {cause}"))
        })?;
        let batch = Batch { source: self.source, first_line, bytes, last };
        if last {
            self.source += 1;
            self.reader = None;
        }
        Ok(batch)
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, Failure>;

    fn next(&mut self) -> Option<Result<Batch, Failure>> {
        if self.source >= self.sources.len() {
            return None;
        }
        let batch = self.read();
        if batch.is_err() {
            self.source = self.sources.len();
        }
        Some(batch)
    }
}

struct LineReader {
    input: Box<dyn Read + Send>,
    /// What comes may be all for a while: pass it on. Files are read in batches of full size.
    live: bool,
    /// The beginning of a line whose end has not been read.
    rest: Vec<u8>,
    /// The number of the line that comes next; after an error, of the line where it happened.
    line: u64,
}

impl LineReader {
    /// Complete lines, and whether they are the last; the very last may lack its line break.
    fn read_lines(&mut self) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = std::mem::take(&mut self.rest);
        let last = loop {
            let searched = bytes.len();
            let read = self.read_some(&mut bytes);
            if read.is_err() {
                self.line += count_lines(&bytes);
            }
            if read? {
                break true;
            }
            if let Some(end) = memrchr(b'\n', &bytes[searched..]) {
                let rest = &bytes[searched + end + 1..];
                self.rest.reserve(rest.len() + BATCH);
                self.rest.extend_from_slice(rest);
                bytes.truncate(searched + end + 1);
                break false;
            }
        };
        self.line += count_lines(&bytes);
        Ok((bytes, last))
    }

    /// Reads a batch, or of a live input what there is; true at the end.
    fn read_some(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        if !self.live {
            bytes.reserve(BATCH);
            let count = self.input.by_ref().take(BATCH as u64).read_to_end(bytes)?;
            return Ok(count < BATCH);
        }
        let length = bytes.len();
        bytes.resize(length + LIVE_BATCH, 0);
        let count = loop {
            match self.input.read(&mut bytes[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        bytes.truncate(length + count.as_ref().unwrap_or(&0));
        Ok(count? == 0)
    }

    /// All there is.
    fn read_all(&mut self, size: Option<u64>) -> io::Result<(Vec<u8>, bool)> {
        let mut bytes = Vec::with_capacity(size.unwrap_or(0) as usize + 1);
        let read = self.input.read_to_end(&mut bytes);
        if read.is_err() {
            self.line += count_lines(&bytes);
        }
        read?;
        Ok((bytes, true))
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

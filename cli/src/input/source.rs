//! Inputs that were asked for: files, standard input, folders and patterns.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use glob::MatchOptions;
use walkdir::{DirEntry, WalkDir};

use crate::args::{Format, InputArgs};
use crate::compression::Compression;
use crate::failure::{Failure, Plain, tell};
use crate::tally::Count;

/// An input that was asked for, not yet open.
#[derive(Debug)]
pub(crate) struct Source {
    /// As the user wrote it, or `stdin`.
    pub(crate) name: String,
    /// `None` for standard input.
    pub(crate) path: Option<PathBuf>,
    pub(crate) format: Format,
    /// What it is called in a folder of outputs: its own name, below the folder that was asked
    /// for. `None` for standard input.
    pub(crate) place: Option<PathBuf>,
    /// In bytes as stored, if it is a regular file.
    pub(crate) size: Option<u64>,
    pub(crate) modified: Option<SystemTime>,
}

/// What is done with inputs that are folders.
#[derive(Clone, Copy)]
pub(crate) enum Folders<'p> {
    /// It is an error, and said why.
    Refused(&'static str),
    /// They are walked; a folder of outputs in one of them is no input.
    Walked { except: Option<&'p Path> },
}

impl Source {
    fn stdin(format: Option<Format>) -> Source {
        let format = format.unwrap_or(Format::Text);
        let size = stdin_size();
        Source { name: "stdin".to_owned(), path: None, format, place: None, size, modified: None }
    }

    /// A file, below a folder that was asked for or by itself.
    fn file(
        path: &Path,
        root: Option<&Path>,
        metadata: &fs::Metadata,
        format: Option<Format>,
    ) -> Source {
        let below = root.and_then(|root| path.strip_prefix(root).ok()).map(Path::to_owned);
        Source {
            name: path.display().to_string(),
            path: Some(path.to_owned()),
            format: format.or(Format::of(path)).unwrap_or(Format::Text),
            place: below.or_else(|| path.file_name().map(PathBuf::from)),
            size: metadata.is_file().then_some(metadata.len()),
            modified: metadata.modified().ok(),
        }
    }

    /// The stored bytes; those that are read are added to `progress`.
    pub(crate) fn open(&self, progress: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        let progress = Arc::clone(progress);
        match &self.path {
            Some(path) => {
                let raw = Counted { raw: File::open(path)?, progress };
                Compression::of(path).reader(raw)
            }
            None => Ok(Box::new(Counted { raw: io::stdin(), progress })),
        }
    }

    /// What is wrong with a row, from 1, and where it is.
    pub(crate) fn at(&self, row: u64, cause: impl Display) -> String {
        let name = &self.name;
        match self.format {
            Format::Text | Format::Jsonl => format!("{name}:{row}: {cause}"),
            Format::Parquet => format!("{name}: row {row}: {cause}"),
            Format::Wet => format!("{name}: record {row}: {cause}"),
        }
    }

    pub(crate) fn cannot_read(&self, error: &io::Error) -> Failure {
        cannot_read(&self.name, &Plain(error).to_string())
    }
}

fn cannot_read(name: &str, cause: &str) -> Failure {
    Failure::at(name, format_args!("cannot read: {cause}"))
}

/// The inputs that `args` name, standard input if none.
pub(crate) fn sources(args: &InputArgs, folders: Folders<'_>) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    if args.inputs.is_empty() {
        sources.push(Source::stdin(args.input_format));
    }
    for path in &args.inputs {
        if path == Path::new("-") {
            sources.push(Source::stdin(args.input_format));
            continue;
        }
        let name = path.display().to_string();
        match (fs::metadata(path), pattern(path)) {
            (Ok(metadata), _) if metadata.is_dir() => match folders {
                Folders::Refused(why) => {
                    return Err(cannot_read(&name, &format!("it is a directory{why}")));
                }
                Folders::Walked { except } => walk(path, except, args.input_format, &mut sources)?,
            },
            (Ok(metadata), _) => {
                sources.push(Source::file(path, None, &metadata, args.input_format));
            }
            (Err(_), Some(pattern)) => matches(pattern, args.input_format, &mut sources)?,
            (Err(error), None) => return Err(cannot_read(&name, &Plain(&error).to_string())),
        }
    }
    let of_text = |source: &Source| source.format == Format::Text;
    if !args.fields.is_empty() && sources.iter().all(of_text) {
        return Err(Failure::at("--field", NEEDS_JSONL));
    }
    let is_jsonl = |source: &Source| source.format == Format::Jsonl;
    if args.fields.len() > 1 && sources.iter().any(is_jsonl) {
        return Err(Failure::at("--field", "JSON lines have one field of text, not several"));
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

/// All files in a folder whose names say what they hold, by name; all there are if `format` is
/// given. Names with a dot or an underscore in front are somebody's own business, as they are for
/// most tools that read folders.
fn walk(
    root: &Path,
    except: Option<&Path>,
    format: Option<Format>,
    sources: &mut Vec<Source>,
) -> Result<(), Failure> {
    let except = except.and_then(|path| path.canonicalize().ok());
    let is_except = |entry: &DirEntry| {
        entry.file_type().is_dir() && except.is_some() && entry.path().canonicalize().ok() == except
    };
    let is_hidden = |entry: &DirEntry| {
        matches!(entry.file_name().as_encoded_bytes().first(), Some(b'.' | b'_'))
    };
    let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let mut passed_over = 0;
    for entry in
        entries.filter_entry(|entry| entry.depth() == 0 || !(is_hidden(entry) || is_except(entry)))
    {
        let failed = |error: walkdir::Error| {
            let place = error.path().unwrap_or(root).display().to_string();
            match error.io_error() {
                Some(error) => cannot_read(&place, &Plain(error).to_string()),
                None => cannot_read(&place, "a symbolic link leads back to where it stands"),
            }
        };
        let entry = entry.map_err(failed)?;
        let metadata = entry.metadata().map_err(failed)?;
        if metadata.is_file() {
            match format.or(Format::of(entry.path())) {
                Some(format) => {
                    sources.push(Source::file(entry.path(), Some(root), &metadata, Some(format)));
                }
                None => passed_over += 1,
            }
        }
    }
    if passed_over > 0 {
        let files = Count(passed_over, "file");
        tell(format_args!("{}: {files} of other kinds left out", root.display()));
    }
    Ok(())
}

/// The path as a pattern, if it has the signs of one.
fn pattern(path: &Path) -> Option<&str> {
    path.to_str().filter(|path| path.contains(['*', '?', '[']))
}

/// All files that match a pattern, by name.
fn matches(
    pattern: &str,
    format: Option<Format>,
    sources: &mut Vec<Source>,
) -> Result<(), Failure> {
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
    let paths = glob::glob_with(pattern, options).map_err(|error| Failure::at(pattern, error))?;
    // What is before the first sign of a pattern is where outputs are mirrored from.
    let literal = |part: &Component<'_>| {
        !part.as_os_str().as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte))
    };
    let root: PathBuf = Path::new(pattern).components().take_while(literal).collect();
    let before = sources.len();
    for path in paths {
        let path = path.map_err(|error| cannot_read(pattern, &Plain(error.error()).to_string()))?;
        let metadata = fs::metadata(&path).map_err(|error| {
            cannot_read(&path.display().to_string(), &Plain(&error).to_string())
        })?;
        if metadata.is_file() {
            sources.push(Source::file(&path, Some(&root), &metadata, format));
        }
    }
    match sources.len() == before {
        true => Err(cannot_read(pattern, "no file has such a name")),
        false => Ok(()),
    }
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

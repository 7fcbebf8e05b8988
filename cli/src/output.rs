//! Outputs: standard output, a file that appears when it is complete, or a directory of such files.

use std::collections::HashMap;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::compression::{Compression, Piece, Writer};
use crate::failure::{Failure, Plain};
use crate::input::Source;
use crate::interrupt;

/// Where the results of all inputs go.
pub(crate) enum Outputs {
    /// One after the other.
    Joined {
        output: Output,
        /// The source that was written last.
        source: usize,
        /// What was written ends within a line.
        open_line: bool,
    },
    /// Each into a file of its own; `current` is being written.
    Separate { paths: Vec<PathBuf>, current: Option<Output>, threads: usize },
}

impl Outputs {
    /// Standard output for none and `-`; a directory if `path` is one or ends in a slash; a file.
    ///
    /// `threads` may compress.
    pub(crate) fn new(
        path: Option<&Path>,
        sources: &[Source],
        threads: usize,
    ) -> Result<Outputs, Failure> {
        match path {
            Some(path) if is_directory(path) => {
                let paths = paths_in(path, sources)?;
                fs::create_dir_all(path)
                    .map_err(|error| Failure::writing(path.display(), &error))?;
                Ok(Outputs::Separate { paths, current: None, threads })
            }
            _ => {
                let formats = sources.iter().map(|source| source.format);
                if formats.clone().any(|format| Some(format) != formats.clone().next()) {
                    return Err(Failure::new(
                        "the inputs are of different formats: write them to a directory, \
                         or say which one they have with --input-format",
                    ));
                }
                let output = Output::open(path, threads)?;
                Ok(Outputs::Joined { output, source: 0, open_line: false })
            }
        }
    }

    /// Whether this is standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        matches!(self, Outputs::Joined { output: Output { kind: Kind::Stdout, .. }, .. })
    }

    /// How the result of each of the sources is to be packed.
    pub(crate) fn compressions(&self, sources: &[Source]) -> Vec<Compression> {
        match self {
            Outputs::Joined { output, .. } => vec![output.compression(); sources.len()],
            Outputs::Separate { paths, .. } => {
                paths.iter().map(|path| Compression::of(path)).collect()
            }
        }
    }

    /// Writes a result of a source, its last or not. Sources come in order.
    pub(crate) fn write(&mut self, from: usize, piece: &Piece, last: bool) -> Result<(), Failure> {
        match self {
            Outputs::Joined { output, source, open_line } => {
                if let Some(end) = piece.last_byte {
                    // A last line without a line break must not run into the next source.
                    if *source != from && *open_line {
                        output.write(&output.compression().pack(b"\n".to_vec()))?;
                    }
                    (*source, *open_line) = (from, end != b'\n');
                    output.write(piece)?;
                }
            }
            Outputs::Separate { paths, current, threads } => {
                let mut output = match current.take() {
                    Some(output) => output,
                    None => Output::open(Some(&paths[from]), *threads)?,
                };
                output.write(piece)?;
                match last {
                    true => output.finish()?,
                    false => *current = Some(output),
                }
            }
        }
        Ok(())
    }

    /// All is written.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Outputs::Joined { output, .. } => output.finish(),
            Outputs::Separate { .. } => Ok(()),
        }
    }
}

fn is_directory(path: &Path) -> bool {
    let last = path.as_os_str().as_encoded_bytes().last();
    path.is_dir() || last.is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}

/// The sources' own names in a directory.
fn paths_in(directory: &Path, sources: &[Source]) -> Result<Vec<PathBuf>, Failure> {
    let mut taken: HashMap<PathBuf, &str> = HashMap::new();
    let mut paths = Vec::new();
    for source in sources {
        let Some(name) = source.path.as_deref().and_then(Path::file_name) else {
            let cause = "it has no name that a file in a directory could have";
            return Err(Failure::at(&source.name, cause));
        };
        let path = directory.join(name);
        if let Some(other) = taken.insert(path.clone(), &source.name) {
            let place = path.display();
            let cause = format!("{other} and {} would both be written there", source.name);
            return Err(Failure::at(place, cause));
        }
        paths.push(path);
    }
    Ok(paths)
}

/// One output that is being written.
pub(crate) struct Output {
    name: String,
    kind: Kind,
}

enum Kind {
    Stdout,
    /// A pipe or a device, written as it comes.
    Direct(Writer),
    /// A file that takes its name at the end; until then, dropping it removes it.
    Pending {
        writer: Writer,
        temporary: TempPath,
        path: PathBuf,
    },
}

impl Output {
    fn open(path: Option<&Path>, threads: usize) -> Result<Output, Failure> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            return Ok(Output { name: "stdout".to_owned(), kind: Kind::Stdout });
        };
        let name = path.display().to_string();
        match Kind::open(path, threads) {
            Ok(kind) => Ok(Output { name, kind }),
            Err(error) => Err(Failure::at(name, format_args!("cannot write: {}", Plain(&error)))),
        }
    }

    fn compression(&self) -> Compression {
        match &self.kind {
            Kind::Stdout => Compression::None,
            Kind::Direct(writer) | Kind::Pending { writer, .. } => writer.compression(),
        }
    }

    fn write(&mut self, piece: &Piece) -> Result<(), Failure> {
        let result = match &mut self.kind {
            Kind::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(piece.bytes()).and_then(|()| stdout.flush())
            }
            Kind::Direct(writer) => writer.write(piece).and_then(|()| writer.flush()),
            Kind::Pending { writer, .. } => writer.write(piece),
        };
        result.map_err(|error| Failure::writing(&self.name, &error))
    }

    fn finish(self) -> Result<(), Failure> {
        let result = match self.kind {
            Kind::Stdout => io::stdout().flush(),
            Kind::Direct(writer) => writer.finish(),
            Kind::Pending { writer, temporary, path } => {
                writer.finish().and_then(|()| temporary.persist(path).map_err(|error| error.error))
            }
        };
        result.map_err(|error| Failure::writing(&self.name, &error))
    }
}

impl Kind {
    fn open(path: &Path, threads: usize) -> io::Result<Kind> {
        let compression = Compression::of(path);
        let path = follow_links(path)?;
        let old = match fs::metadata(&path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if is_device(&path) || old.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            let file = OpenOptions::new().write(true).open(&path)?;
            return Ok(Kind::Direct(compression.writer(file, threads)?));
        }
        if old.is_some() {
            // Renaming would replace a file that must not be written; writing would not.
            OpenOptions::new().write(true).open(&path)?;
        }
        let (file, temporary) = temporary_beside(&path)?.into_parts();
        interrupt::will_remove(&temporary);
        if let Some(metadata) = old {
            file.set_permissions(metadata.permissions())?;
        }
        Ok(Kind::Pending { writer: compression.writer(file, threads)?, temporary, path })
    }
}

/// A new file in the directory of `path`, with the permissions of any new file.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    if let Some(permissions) = new_file_permissions() {
        builder.permissions(permissions);
    }
    builder.tempfile_in(directory)
}

#[cfg(unix)]
fn new_file_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<Permissions> {
    None
}

fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Names of open files and of devices, which cannot be replaced by a file.
fn is_device(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// What a symbolic link leads to, which need not exist. Writing must not replace the link.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        if is_device(&path) || !path.is_symlink() {
            return Ok(path);
        }
        let target = fs::read_link(&path)?;
        path = path.parent().map_or(target.clone(), |parent| parent.join(&target));
    }
    Err(io::Error::other("too many symbolic links"))
}

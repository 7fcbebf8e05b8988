//! Outputs: standard output, a file that appears when it is complete, or a folder of such files.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::args::Format;
use crate::compression::{Compression, Piece, Writer};
use crate::failure::{Failure, Plain};
use crate::input::Source;
use crate::interrupt;

/// Whether an output of that name is a folder with one file for each input.
pub(crate) fn is_folder(path: &Path) -> bool {
    let last = path.as_os_str().as_encoded_bytes().last();
    path.is_dir() || last.is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}

/// Where the output of each of the sources goes in a folder: under its own place, with another
/// ending where it is written in another way.
pub(crate) fn paths_in(
    folder: &Path,
    sources: &[Source],
    written: impl Fn(&Source) -> Format,
) -> Result<Vec<PathBuf>, Failure> {
    let mut taken: HashMap<PathBuf, &str> = HashMap::new();
    let mut paths = Vec::new();
    for source in sources {
        let Some(place) = &source.place else {
            let cause = "it has no name that a file in a directory could have";
            return Err(Failure::at(&source.name, cause));
        };
        let mut path = folder.join(place);
        let compression = Compression::of(place);
        let new_format = written(source) != source.format;
        if new_format || compression.written() != compression {
            let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.truncate(name.len() - compression.extension().len());
            name.push_str(if new_format { ".jsonl" } else { "" });
            name.push_str(compression.written().extension());
            path.set_file_name(name);
        }
        if let Some(other) = taken.insert(path.clone(), &source.name) {
            let place = path.display();
            let cause = format!("{other} and {} would both be written there", source.name);
            return Err(Failure::at(place, cause));
        }
        paths.push(path);
    }
    Ok(paths)
}

/// What the bytes of an output are written into, and how many they are.
pub(crate) struct Raw {
    kind: RawKind,
    pub(crate) written: u64,
}

enum RawKind {
    Stdout(io::Stdout),
    File(File),
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.kind {
            RawKind::Stdout(stdout) => stdout.write(bytes)?,
            RawKind::File(file) => file.write(bytes)?,
        };
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.kind {
            RawKind::Stdout(stdout) => stdout.flush(),
            RawKind::File(file) => file.flush(),
        }
    }
}

/// The place of one output, that is not complete before [`commit`](Target::commit).
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Kind,
}

enum Kind {
    /// Standard output, a pipe or a device, written as it comes.
    Direct,
    /// A file that takes its name at the end; until then, dropping it removes it.
    Pending { temporary: TempPath, path: PathBuf },
}

impl Target {
    /// Standard output for none and `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<(Target, Raw), Failure> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            let raw = Raw { kind: RawKind::Stdout(io::stdout()), written: 0 };
            return Ok((Target { name: "stdout".to_owned(), kind: Kind::Direct }, raw));
        };
        let name = path.display().to_string();
        match Kind::open(path) {
            Ok((kind, file)) => {
                let raw = Raw { kind: RawKind::File(file), written: 0 };
                Ok((Target { name, kind }, raw))
            }
            Err(error) => Err(Failure::at(name, format_args!("cannot write: {}", Plain(&error)))),
        }
    }

    /// Whether who reads it reads along.
    fn is_live(&self) -> bool {
        matches!(self.kind, Kind::Direct)
    }

    /// All is written: the file takes its name, and whatever becomes of the machine, it has all
    /// its bytes.
    pub(crate) fn commit(self, mut raw: Raw) -> Result<(), Failure> {
        let commit = || -> io::Result<()> {
            raw.flush()?;
            if let (Kind::Pending { temporary, path }, RawKind::File(file)) = (self.kind, raw.kind)
            {
                file.sync_all()?;
                temporary.persist(&path).map_err(|error| error.error)?;
                sync_folder(&path);
            }
            Ok(())
        };
        commit().map_err(|error| Failure::writing(&self.name, &error))
    }
}

/// Makes a new name last. Not all file systems can, and the bytes are safe without.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(folder_of(path)) {
        let _ = folder.sync_all();
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// One output made of pieces.
pub(crate) struct Output {
    target: Target,
    writer: Writer<Raw>,
    /// What was written ends within a line.
    open_line: bool,
    compression: Compression,
}

impl Output {
    /// `threads` may compress.
    pub(crate) fn open(
        path: Option<&Path>,
        compression: Compression,
        threads: usize,
    ) -> Result<Output, Failure> {
        let (target, raw) = Target::open(path)?;
        match compression.writer(raw, threads) {
            Ok(writer) => Ok(Output { target, writer, open_line: false, compression }),
            Err(error) => Err(Failure::writing(&target.name, &error)),
        }
    }

    pub(crate) fn write(&mut self, piece: &Piece) -> Result<(), Failure> {
        let Some(end) = piece.last_byte else { return Ok(()) };
        self.open_line = end != b'\n';
        let written = self.writer.write(piece);
        let live = self.target.is_live();
        written
            .and_then(|()| if live { self.writer.flush() } else { Ok(()) })
            .map_err(|error| Failure::writing(&self.target.name, &error))
    }

    /// What comes now is of another input: it must not run into a line of the last.
    pub(crate) fn end_line(&mut self) -> Result<(), Failure> {
        match self.open_line {
            true => self.write(&self.compression.pack(b"\n".to_vec())),
            false => Ok(()),
        }
    }

    /// All is written; how many bytes that are.
    pub(crate) fn finish(self) -> Result<u64, Failure> {
        let raw =
            self.writer.finish().map_err(|error| Failure::writing(&self.target.name, &error))?;
        let written = raw.written;
        self.target.commit(raw)?;
        Ok(written)
    }
}

impl Kind {
    fn open(path: &Path) -> io::Result<(Kind, File)> {
        let path = follow_links(path)?;
        let old = match fs::metadata(&path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if is_device(&path) || old.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            return Ok((Kind::Direct, OpenOptions::new().write(true).open(&path)?));
        }
        if old.is_some() {
            // Renaming would replace a file that must not be written; writing would not.
            OpenOptions::new().write(true).open(&path)?;
        }
        let temporary = interrupt::create_unfinished(|| temporary_beside(&path))?;
        let (file, temporary) = temporary.into_parts();
        if let Some(metadata) = old {
            file.set_permissions(metadata.permissions())?;
        }
        Ok((Kind::Pending { temporary, path }, file))
    }
}

/// Removes what runs that were killed have left of outputs that are now to be made: files of the
/// names that unfinished ones have.
pub(crate) fn remove_unfinished(paths: &[PathBuf]) {
    let folders: BTreeSet<&Path> = paths.iter().map(|path| folder_of(path)).collect();
    let prefixes: HashSet<(&Path, OsString)> =
        paths.iter().map(|path| (folder_of(path), unfinished_prefix(path))).collect();
    for folder in folders {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap_or_default();
            let prefix = name
                .strip_suffix(UNFINISHED)
                .and_then(|name| name.split_at_checked(name.len().checked_sub(RANDOM)?))
                .map(|(prefix, _)| OsString::from(prefix));
            if prefix.is_some_and(|prefix| prefixes.contains(&(folder, prefix))) {
                // What cannot be removed stays and does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The end of the name of an unfinished file, and the letters before it that are drawn by lot.
const UNFINISHED: &str = ".part";
const RANDOM: usize = 6;

fn unfinished_prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    prefix
}

/// A new file in the directory of `path`, with the permissions of any new file.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let prefix = unfinished_prefix(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(UNFINISHED).rand_bytes(RANDOM);
    if let Some(permissions) = new_file_permissions() {
        builder.permissions(permissions);
    }
    builder.tempfile_in(folder_of(path))
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

pub(crate) fn is_stdout(path: &Path) -> bool {
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

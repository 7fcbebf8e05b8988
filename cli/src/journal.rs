//! Which outputs in a folder are complete, and what they were made from: what `--resume` goes by.
//!
//! A line of JSON is appended after an output has taken its name. Whoever is killed in between has
//! an output that is made once more; a line that was not written to its end says nothing.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::input::Source;
use crate::tally::Tally;

const NAME: &str = ".unfurnish.jsonl";

/// An output that is complete.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    /// Its name in the folder.
    output: String,
    pub(crate) bytes: u64,
    fingerprint: String,
    input: Input,
    pub(crate) counts: Tally,
    pub(crate) left_out: Vec<LeftOut>,
}

/// What tells that an input is the same as it was.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
struct Input {
    path: PathBuf,
    bytes: Option<u64>,
    /// When it was changed, in nanoseconds since 1970.
    modified: Option<u64>,
}

/// A row that was left out.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct LeftOut {
    pub(crate) row: u64,
    pub(crate) reason: String,
}

/// The journal of a folder.
pub(crate) struct Journal {
    folder: PathBuf,
    fingerprint: String,
    entries: HashMap<String, Entry>,
    file: File,
}

impl Journal {
    /// Opens the journal of a folder, or begins one; what it says is only read if that is `wanted`.
    pub(crate) fn open(folder: &Path, fingerprint: &str, wanted: bool) -> Result<Journal, Failure> {
        let path = folder.join(NAME);
        let open = || -> io::Result<(File, HashMap<String, Entry>)> {
            fs::create_dir_all(folder)?;
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
            end_last_line(&mut file)?;
            let entries = if wanted { read(&mut file)? } else { HashMap::new() };
            Ok((file, entries))
        };
        let (file, entries) = open().map_err(|error| Failure::writing(path.display(), &error))?;
        let (folder, fingerprint) = (folder.to_owned(), fingerprint.to_owned());
        Ok(Journal { folder, fingerprint, entries, file })
    }

    /// What it says of an output, if that is what it would be made into again.
    pub(crate) fn complete(&self, source: &Source, output: &Path) -> Option<&Entry> {
        let entry = self.entries.get(&self.name(output))?;
        let is_same = entry.fingerprint == self.fingerprint
            && Some(&entry.input) == Input::of(source).as_ref()
            && fs::metadata(output).is_ok_and(|output| output.len() == entry.bytes);
        is_same.then_some(entry)
    }

    /// Notes that an output is complete.
    pub(crate) fn add(
        &mut self,
        source: &Source,
        output: &Path,
        bytes: u64,
        counts: Tally,
        left_out: Vec<LeftOut>,
    ) -> Result<(), Failure> {
        let Some(input) = Input::of(source) else { return Ok(()) };
        let (output, fingerprint) = (self.name(output), self.fingerprint.clone());
        let entry = Entry { output, bytes, fingerprint, input, counts, left_out };
        let line = serde_json::to_string(&entry).expect("its keys are strings") + "\n";
        // In one go: several runs may write into a folder.
        self.file
            .write_all(line.as_bytes())
            .map_err(|error| Failure::writing(self.folder.join(NAME).display(), &error))
    }

    fn name(&self, output: &Path) -> String {
        output.strip_prefix(&self.folder).unwrap_or(output).to_string_lossy().into_owned()
    }
}

impl Input {
    /// None if it is standard input.
    fn of(source: &Source) -> Option<Input> {
        let path = source.path.as_deref()?;
        let modified = source.modified.and_then(since_1970);
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Some(Input { path, bytes: source.size, modified })
    }
}

fn since_1970(time: SystemTime) -> Option<u64> {
    u64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
}

/// Whoever was killed while writing must not spoil the next line.
fn end_last_line(file: &mut File) -> io::Result<()> {
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(())
}

fn read(file: &mut File) -> io::Result<HashMap<String, Entry>> {
    file.rewind()?;
    let mut lines = Vec::new();
    file.read_to_end(&mut lines)?;
    let entries = lines
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Entry>(line).ok())
        .map(|entry| (entry.output.clone(), entry));
    // Of several for an output the last one counts.
    Ok(entries.collect())
}

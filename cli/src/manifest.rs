//! The manifest of a run: what was asked for, what was read and written, what went and why.

use std::io::Write;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::failure::Failure;
use crate::input::Source;
use crate::journal::{Entry, LeftOut};
use crate::output::Target;
use crate::settings::Settings;
use crate::tally::Tally;

/// What became of an input.
#[derive(Debug, Serialize)]
struct InputEntry {
    input: String,
    /// As stored, if it is known.
    bytes: Option<u64>,
    output: Option<String>,
    /// As stored; those of an output of many inputs are only in the sum.
    bytes_written: Option<u64>,
    status: Status,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    documents: u64,
    rows_left_out: u64,
    /// The first of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<LeftOut>,
}

impl InputEntry {
    fn new(
        source: &Source,
        status: Status,
        output: Option<(&Path, u64)>,
        counts: &Tally,
        left_out: &[LeftOut],
    ) -> InputEntry {
        InputEntry {
            input: source.name.clone(),
            bytes: source.size,
            output: output.map(|(path, _)| path.display().to_string()),
            bytes_written: output.map(|(_, bytes)| bytes),
            status,
            error: None,
            documents: counts.documents,
            rows_left_out: counts.rows_left_out,
            left_out: left_out.to_vec(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// It was read to its end.
    Cleaned,
    /// Its output was complete.
    Resumed,
    /// It could not be read, or not to its end.
    Unread,
}

/// What is known of a run, while it is going on and at its end.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    /// In seconds since 1970.
    started: u64,
    seconds: f64,
    /// Worked out where somebody asks for them, which takes a moment.
    #[serde(flatten)]
    settings: Option<Settings>,
    /// What ended the run, if it did not go well.
    error: Option<String>,
    pub(crate) bytes_written: u64,
    pub(crate) counts: Tally,
    inputs: Vec<InputEntry>,
}

impl Manifest {
    pub(crate) fn new(settings: Option<Settings>) -> Manifest {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Manifest {
            started: since_1970.map_or(0, |time| time.as_secs()),
            seconds: 0.0,
            settings,
            error: None,
            bytes_written: 0,
            counts: Tally::default(),
            inputs: Vec::new(),
        }
    }

    /// Empty if nobody has asked for the settings.
    pub(crate) fn fingerprint(&self) -> &str {
        self.settings.as_ref().map_or("", |settings| &settings.fingerprint)
    }

    /// An input that was read to its end. Of an output of several inputs the size is not known.
    pub(crate) fn add_cleaned(
        &mut self,
        source: &Source,
        output: Option<(&Path, u64)>,
        counts: &Tally,
        left_out: &[LeftOut],
    ) {
        self.add(InputEntry::new(source, Status::Cleaned, output, counts, left_out), counts);
    }

    /// An input of which the output was complete before.
    pub(crate) fn add_resumed(&mut self, source: &Source, output: &Path, entry: &Entry) {
        let output = Some((output, entry.bytes));
        let new = InputEntry::new(source, Status::Resumed, output, &entry.counts, &entry.left_out);
        self.add(new, &entry.counts);
    }

    /// An input that could not be read, and has no output.
    pub(crate) fn add_unread(&mut self, source: &Source, error: String) {
        let counts = Tally::default();
        let new = InputEntry::new(source, Status::Unread, None, &counts, &[]);
        self.add(InputEntry { error: Some(error), ..new }, &counts);
    }

    fn add(&mut self, input: InputEntry, counts: &Tally) {
        self.bytes_written += input.bytes_written.unwrap_or(0);
        self.counts += counts;
        self.inputs.push(input);
    }

    /// How many inputs could not be read.
    pub(crate) fn unread(&self) -> usize {
        self.inputs.iter().filter(|input| input.status == Status::Unread).count()
    }

    /// Writes it when the run is over.
    pub(crate) fn write(
        &mut self,
        path: &Path,
        seconds: f64,
        error: Option<String>,
    ) -> Result<(), Failure> {
        (self.seconds, self.error) = (seconds, error);
        let mut text = serde_json::to_vec_pretty(self).expect("its keys are strings");
        text.push(b'\n');
        let (target, mut raw) = Target::open(Some(path))?;
        raw.write_all(&text).map_err(|error| Failure::writing(path.display(), &error))?;
        target.commit(raw)
    }
}

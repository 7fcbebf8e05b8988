//! `unfurnish learn`: the furniture of each site that no general rule knows.
//!
//! - `fold`: what lines are told apart by.
//! - `observe`: what one document says about the lines of its site.
//! - `record`, `sort`: how that adds up, in bounded memory and over many processes.
//! - `site`: which of the lines are furniture.
//! - `pack`: the rules that take them.

mod fold;
mod observe;
mod pack;
mod record;
mod site;
mod sort;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::available_parallelism;

use serde::{Deserialize, Serialize};
use unfurnish::Cleaned;

use crate::args::{Format, LearnArgs, OnError};
use crate::clean::ROWS_TOLD;
use crate::cleaners::Cleaners;
use crate::columns::Wanted;
use crate::failure::{Failure, Plain, tell};
use crate::input::{self, Batch, Batches, Folders, Rows, Source, TOO_LARGE};
use crate::jsonl::{self, Row};
use crate::labels::{Fields, Labels};
use crate::output::{Raw, Target};
use crate::parallel;
use crate::progress::Progress;
use crate::settings::digest;
use crate::tally::Count;
use crate::wet::{Kind, Record};
use crate::work::RESPONSE;
use fold::Folder;
use observe::{Document, observe};
use pack::Found;
use record::{Key, Value};
use site::{Site, Thresholds};
use sort::{MEMORY, Merge, Run, Sorter};

pub(crate) fn run(args: &LearnArgs) -> Result<(), Failure> {
    let folder = Arc::new(Folder::new());
    let Counted { head, records, unread } =
        if args.merge { merge(args)? } else { count(args, &folder)? };
    match args.partial {
        true => write_whole(args.output.as_deref(), |out| {
            head.write(&mut *out)?;
            sort::write_all(out, records).map(|_| ())
        }),
        false => write_pack(args, records, &folder),
    }?;
    match unread {
        0 => Ok(()),
        unread => Err(Failure::new(format!("{} not read to the end", Count(unread, "input")))),
    }
}

/// What was counted.
struct Counted {
    head: Head,
    records: Merge,
    /// Inputs of which the rest could not be read.
    unread: u64,
}

/// What partial counts must share to be put together. It stands at the beginning of their files.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    /// Of this program: with another one the general rules may leave other lines.
    version: String,
    /// A digest of the general rules' version, the field that names the site, and the options of the cleaning.
    settings: String,
}

/// What such a file begins with.
const MAGIC: &str = "unfurnish learn";

impl Head {
    fn write(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "{MAGIC} {}", serde_json::to_string(self)?)
    }

    /// What a file begins with, if it is one of partial counts.
    fn read(input: &mut impl BufRead) -> io::Result<Option<Head>> {
        /// Longer than any.
        const LONGEST: u64 = 1 << 16;
        let mut line = Vec::new();
        io::Read::take(input, LONGEST).read_until(b'\n', &mut line)?;
        let json = line.strip_prefix(MAGIC.as_bytes());
        Ok(json.and_then(|json| serde_json::from_slice(json).ok()))
    }
}

/// Counts the lines of all documents.
fn count(args: &LearnArgs, folder: &Arc<Folder>) -> Result<Counted, Failure> {
    let sources: Arc<[Source]> =
        input::sources(&args.input, Folders::Walked { except: None })?.into();
    if let Some(source) = sources.iter().find(|source| !source.format.says_site()) {
        let cause = "only JSON lines, Parquet and WET files say of which site a text is";
        return Err(Failure::at(&source.name, cause));
    }
    let packs = args.cleaning.packs()?;
    let of_options = (unfurnish::rules_version(), &args.group_by, &args.cleaning, packs);
    let head = Head { version: unfurnish::VERSION.to_owned(), settings: digest(&of_options) };
    let fields = Arc::new(Fields::of_site(args.group_by.as_deref()).and_name());
    let wanted =
        Wanted { texts: args.input.columns(), fields: Some(Arc::clone(&fields)), by_row: true };
    let work = Work {
        cleaners: args.cleaning.cleaners()?,
        folder: Arc::clone(folder),
        sources: Arc::clone(&sources),
        field: args.input.field().to_owned(),
        fields,
        group_by: args.group_by.clone().unwrap_or_default(),
        on_error: args.input.on_error,
        longest: args.input.max_row.0,
    };
    let read = Arc::new(AtomicU64::new(0));
    let mut progress = Progress::new(true, Arc::clone(&read), input::total_size(&sources));
    let threads = available_parallelism().map_or(1, |threads| threads.get());
    let skips = args.input.on_error == OnError::Skip;
    let batches = Batches::new(Arc::clone(&sources), wanted, work.longest, read).going_on(skips);
    let mut sorter = Sorter::new(MEMORY);
    let (mut documents, mut left_out, mut unread) = (0, 0, 0);
    parallel::in_order(
        threads,
        batches,
        move |batch| batch.and_then(|batch| work.observe(batch)),
        |seen| {
            let seen = match seen {
                Err(failure) if skips => {
                    progress.tell(failure);
                    unread += 1;
                    return Ok(());
                }
                seen => seen?,
            };
            for row in &seen.left_out {
                if left_out < ROWS_TOLD {
                    progress.tell(row);
                }
                left_out += 1;
            }
            documents += seen.documents.len() as u64;
            progress.update(documents);
            for records in seen.documents {
                records.into_iter().for_each(|(key, value)| sorter.add(key, value));
                sorter.make_room().map_err(failed)?;
            }
            Ok(())
        },
    )?;
    drop(progress);
    if left_out > 0 {
        tell(format_args!("{} left out", Count(left_out, "row")));
    }
    Ok(Counted { head, records: sorter.finish().map_err(failed)?, unread })
}

/// An error of a run, which says of which.
fn failed(error: io::Error) -> Failure {
    Failure::new(Plain(&error).to_string())
}

/// What is done to each batch.
struct Work {
    cleaners: Cleaners,
    folder: Arc<Folder>,
    sources: Arc<[Source]>,
    field: String,
    fields: Arc<Fields>,
    group_by: String,
    on_error: OnError,
    /// The bytes that a row may have.
    longest: usize,
}

/// What a batch says.
#[derive(Default)]
struct Observed {
    documents: Vec<Vec<(Key, Value)>>,
    /// The rows that were left out: where and why.
    left_out: Vec<String>,
}

impl Work {
    fn observe(&self, batch: Batch) -> Result<Observed, Failure> {
        let source = &self.sources[batch.source];
        let mut seen = Observed::default();
        let mut enter = |row: u64, records: Result<Option<Vec<(Key, Value)>>, String>| {
            match records {
                Ok(records) => seen.documents.extend(records),
                Err(cause) if self.on_error == OnError::Skip => {
                    seen.left_out.push(source.at(row, cause));
                }
                Err(cause) => return Err(Failure::Row(source.at(row, cause))),
            }
            Ok(())
        };
        match &batch.rows {
            Rows::Lines { first, bytes } => {
                for (row, line) in jsonl::lines(bytes, *first) {
                    enter(row, self.observe_line(source, row, line))?;
                }
            }
            Rows::Records { first, records } => {
                for (row, record) in (*first..).zip(records) {
                    enter(row, self.observe_record(source, row, record))?;
                }
            }
            Rows::TooLarge { row } => enter(*row, Err(TOO_LARGE.to_owned()))?,
            Rows::Columns(stretch) => {
                let rows = stretch.texts_by_row().into_iter().zip(stretch.labels(&self.fields));
                for (row, (texts, labels)) in (stretch.first_row..).zip(rows) {
                    enter(row, self.observe_values(source, row, &texts, labels))?;
                }
            }
            // There are no such inputs.
            Rows::Text(_) => {}
        }
        Ok(seen)
    }

    fn observe_line(
        &self,
        source: &Source,
        row: u64,
        line: &[u8],
    ) -> Result<Option<Vec<(Key, Value)>>, String> {
        if line.len() > self.longest {
            return Err(TOO_LARGE.to_owned());
        }
        let Some(json) = jsonl::split_break(line)?.0 else { return Ok(None) };
        let (text, _) = Row::parse(json, &self.field)?.text();
        self.observe_texts(source, row, &[&text], self.fields.of_json(json)).map(Some)
    }

    fn observe_record(
        &self,
        source: &Source,
        row: u64,
        record: &Record,
    ) -> Result<Option<Vec<(Key, Value)>>, String> {
        match record.kind() {
            Kind::Text => {
                let text = String::from_utf8_lossy(&record.block);
                self.observe_texts(source, row, &[&text], self.fields.of_record(record)).map(Some)
            }
            Kind::Response => Err(RESPONSE.to_owned()),
            Kind::Other => Ok(None),
        }
    }

    /// The values of a row, which is no document if it has none.
    fn observe_values(
        &self,
        source: &Source,
        row: u64,
        values: &[&[u8]],
        labels: Labels,
    ) -> Result<Option<Vec<(Key, Value)>>, String> {
        if values.is_empty() {
            return Ok(None);
        }
        if values.iter().any(|value| value.len() > self.longest) {
            return Err(TOO_LARGE.to_owned());
        }
        let texts: Vec<&str> =
            values.iter().map(|value| jsonl::utf8(value)).collect::<Result<_, _>>()?;
        self.observe_texts(source, row, &texts, labels).map(Some)
    }

    /// The texts of a document, which are cleaned each by itself.
    fn observe_texts(
        &self,
        source: &Source,
        row: u64,
        texts: &[&str],
        labels: Labels,
    ) -> Result<Vec<(Key, Value)>, String> {
        let site = labels.site.ok_or_else(|| match source.format {
            Format::Parquet => format!("it has nothing in the column `{}`", self.group_by),
            Format::Wet => "it has no WARC-Target-URI".to_owned(),
            _ => format!("it has no field `{}`", self.group_by),
        })?;
        let name = labels.name.unwrap_or_else(|| format!("{}:{row}", source.name));
        let cleaner = self.cleaners.of(Some(&site));
        let cleaned: Vec<Cleaned<'_>> = texts.iter().map(|text| cleaner.clean(text)).collect();
        let texts: Vec<&str> = cleaned.iter().map(Cleaned::text).collect();
        Ok(observe(&Document { site: &site, name: &name, texts: &texts }, &self.folder))
    }
}

/// Puts partial counts together.
fn merge(args: &LearnArgs) -> Result<Counted, Failure> {
    let mut known: Option<(String, Head)> = None;
    let mut runs = Vec::new();
    for path in &args.input.inputs {
        let name = path.display().to_string();
        let cannot_read =
            |error: io::Error| Failure::at(&name, format_args!("cannot read: {}", Plain(&error)));
        let mut input = BufReader::new(File::open(path).map_err(cannot_read)?);
        let Some(head) = Head::read(&mut input).map_err(cannot_read)? else {
            return Err(Failure::at(name, "`unfurnish learn --partial` has not made it"));
        };
        runs.push(Run::new(&name, input).map_err(cannot_read)?);
        match &known {
            None => known = Some((name, head)),
            Some((_, known)) if *known == head => {}
            Some((other, _)) => {
                let cause = format!("another version made it, or other options, than {other}");
                return Err(Failure::at(name, cause));
            }
        }
    }
    let (_, head) = known.ok_or_else(|| Failure::new("--merge needs the files of --partial"))?;
    Ok(Counted { head, records: Merge::new(runs, Vec::new()).map_err(failed)?, unread: 0 })
}

fn write_pack(args: &LearnArgs, records: Merge, folder: &Folder) -> Result<(), Failure> {
    let thresholds = Thresholds { documents: args.min_documents, share: args.min_share };
    let (mut found, mut documents, mut sites) = (Vec::new(), 0, 0);
    let mut site: Option<Site> = None;
    let mut finish = |site: Option<Site>| {
        let Some(site) = site else { return };
        let (name, documents) = (site.name.clone(), site.documents);
        let lines = site.recurring();
        if !lines.is_empty() {
            found.push(Found { site: name, documents, lines });
        }
    };
    for record in records {
        let (Key { about, .. }, value) = record.map_err(failed)?;
        match value {
            Value::Site { name, documents: of_site } => {
                finish(site.replace(Site::new(name, of_site)));
                documents += of_site;
                sites += 1;
            }
            value => {
                if let Some(site) = &mut site {
                    site.add(about, value, thresholds, folder);
                }
            }
        }
    }
    finish(site);
    found.sort_by(|a, b| a.site.cmp(&b.site));
    let stem = args.output.as_deref().and_then(Path::file_stem);
    let name = stem.map_or("sites".into(), |stem| stem.to_string_lossy());
    let pack = pack::write(&name, documents, sites, &found);
    write_whole(args.output.as_deref(), |out| out.write_all(pack.as_bytes()))
}

/// A file that is there when it is complete, or standard output.
fn write_whole(
    path: Option<&Path>,
    write: impl FnOnce(&mut Raw) -> io::Result<()>,
) -> Result<(), Failure> {
    let (target, mut raw) = Target::open(path)?;
    write(&mut raw).map_err(|error| Failure::writing(&target.name, &error))?;
    target.commit(raw)
}

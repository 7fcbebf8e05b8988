//! `unfurnish clean`.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::available_parallelism;
use std::time::Instant;

use unfurnish::{Profile, RulePack};

use crate::args::{CleanArgs, Format, OnError};
use crate::cleaners::Cleaners;
use crate::columns::{self, Values, Wanted, WriteError};
use crate::compression::Compression;
use crate::failure::{Failure, tell};
use crate::input::{self, Batches, Source};
use crate::journal::{Journal, LeftOut};
use crate::labels::Fields;
use crate::manifest::Manifest;
use crate::output::{Output, Target, is_folder, is_stdout};
use crate::parallel;
use crate::plan::{Outputs, Plan};
use crate::progress::Progress;
use crate::report::Report;
use crate::settings::Settings;
use crate::tally::{Count, Tally};
use crate::work::{Done, LISTED, Work};

pub(crate) fn run(args: &CleanArgs) -> Result<(), Failure> {
    let start = Instant::now();
    let is_asked = args.manifest.is_some() || args.output.as_deref().is_some_and(is_folder);
    let settings = is_asked.then(|| Settings::new(args)).transpose()?;
    let mut manifest = Manifest::new(settings);
    let result = clean(args, &mut manifest);
    if let Some(path) = &args.manifest {
        let error = result.as_ref().err().map(ToString::to_string);
        manifest.write(path, start.elapsed().as_secs_f64(), error)?;
    }
    result?;

    let rows = manifest.counts.rows_left_out;
    if rows > 0 {
        tell(format_args!("{} left out", Count(rows, "row")));
    }
    let to_stdout = args.output.as_deref().is_none_or(is_stdout);
    if args.summary || io::stderr().is_terminal() && !to_stdout {
        tell(&manifest.counts);
    }
    match manifest.unread() {
        0 => Ok(()),
        unread => Err(Failure::new(format!("{} not read", Count(unread as u64, "input")))),
    }
}

/// How many of the rows left out are told one by one.
pub(crate) const ROWS_TOLD: u64 = 5;

fn clean(args: &CleanArgs, manifest: &mut Manifest) -> Result<(), Failure> {
    let Plan { sources, outputs, compressions, to_jsonl } = Plan::new(args, manifest)?;
    let threads = threads(args, &sources);
    let packs = args.cleaning.packs()?;
    let cleaners = Cleaners::new(args.cleaning.builder_with(&packs)?, packs.clone())?;
    if cleaners.know_sites() && !sources.iter().any(|source| source.format.says_site()) {
        let cause = "they are for the texts of sites, and only JSON lines, Parquet and WET say of \
                     which site a text is";
        return Err(Failure::at("--rules", cause));
    }
    let report = args.report.as_ref().map(|_| Report::new());
    let fields = fields(args, cleaners.know_sites()).map(Arc::new);
    let columns = args.input.columns();
    let wanted = Wanted { texts: columns.clone(), fields: fields.clone(), by_row: false };
    let work = Work {
        page_cleaners: page_cleaners(args, &packs, &sources)?,
        cleaners,
        fields,
        watch: report.as_ref().map(Report::watch),
        sources: Arc::clone(&sources),
        compressions: compressions.clone(),
        field: args.input.field().to_owned(),
        spans: args.spans,
        on_error: args.input.on_error,
        longest: args.input.max_row.0,
        to_jsonl,
    };
    let in_folder = matches!(outputs, Outputs::Folder { .. });
    let go_on = in_folder && args.input.on_error == OnError::Skip;
    let read = Arc::new(AtomicU64::new(0));
    let total = input::total_size(&sources);
    let batches =
        Batches::new(Arc::clone(&sources), wanted, args.input.max_row.0, Arc::clone(&read));
    let results = parallel::ordered(threads, batches.going_on(go_on), move |batch| {
        batch.map(|batch| work.clean(batch))
    });
    let on_terminal =
        !in_folder && args.output.as_deref().is_none_or(is_stdout) && io::stdout().is_terminal();
    let mut run = Run {
        results,
        sources: &sources,
        columns,
        threads,
        go_on,
        progress: Progress::new(!on_terminal, read, total),
        documents: 0,
        told: 0,
        report,
        manifest,
    };
    match outputs {
        Outputs::Joined(path) => run.joined(path.as_deref(), &compressions)?,
        Outputs::Folder { paths, mut journal } => {
            for (number, (path, compression)) in paths.iter().zip(compressions).enumerate() {
                run.separate(number, path, compression, &mut journal)?;
            }
        }
    }
    match (run.report, &args.report) {
        (Some(report), Some(path)) => report.write(path),
        _ => Ok(()),
    }
}

/// What is looked up beside a text, for the rules of sites and for the report.
fn fields(args: &CleanArgs, know_sites: bool) -> Option<Fields> {
    let mut fields = Fields::of_site(args.site.site_field.as_deref());
    fields.needs_site |= know_sites;
    match args.report {
        Some(_) => Some(fields.and_language().and_name()),
        None => know_sites.then_some(fields),
    }
}

fn threads(args: &CleanArgs, sources: &[Source]) -> usize {
    // A single text is a single piece of work.
    if sources.len() == 1 && sources[0].format == Format::Text {
        return 1;
    }
    match args.threads {
        Some(threads) => usize::from(threads),
        None => available_parallelism().map_or(1, |threads| threads.get()),
    }
}

/// WET files are whole pages, if nobody says otherwise.
fn page_cleaners(
    args: &CleanArgs,
    packs: &[RulePack],
    sources: &[Source],
) -> Result<Option<Cleaners>, Failure> {
    let wanted = args.cleaning.profile().is_none()
        && sources.iter().any(|source| source.format == Format::Wet);
    match wanted {
        true => {
            let builder = args.cleaning.builder_with(packs)?.profile(Profile::Page);
            Cleaners::new(builder, packs.to_vec()).map(Some)
        }
        false => Ok(None),
    }
}

/// A run that is going on.
struct Run<'r> {
    /// Of all batches, in order.
    results: Box<dyn Iterator<Item = Result<Result<Done, Failure>, Failure>>>,
    sources: &'r [Source],
    columns: Vec<String>,
    threads: usize,
    /// After an input that cannot be read come the others.
    go_on: bool,
    progress: Progress,
    documents: u64,
    /// Rows left out that were told one by one.
    told: u64,
    report: Option<Report>,
    manifest: &'r mut Manifest,
}

/// What there is to say of an input that was read.
#[derive(Default)]
struct Account {
    counts: Tally,
    left_out: Vec<LeftOut>,
    /// Its last batch has come.
    complete: bool,
}

/// Why an input has no output.
enum Trouble {
    /// It cannot be read; others may be.
    Input(Failure),
    /// The run is over.
    Run(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Run(failure)
    }
}

impl Run<'_> {
    /// All inputs into one output.
    fn joined(&mut self, path: Option<&Path>, compressions: &[Compression]) -> Result<(), Failure> {
        if self.sources[0].format == Format::Parquet {
            return match self.file(0, path) {
                Ok((bytes, account)) => {
                    self.enter(0, path.map(|path| (path, bytes)), &account);
                    Ok(())
                }
                Err(Trouble::Input(failure) | Trouble::Run(failure)) => Err(failure),
            };
        }
        let mut output = Output::open(path, compressions[0], self.threads)?;
        for number in 0..self.sources.len() {
            match self.stream(number, &mut output) {
                Ok(account) => self.enter(number, None, &account),
                Err(Trouble::Input(failure) | Trouble::Run(failure)) => return Err(failure),
            }
        }
        self.manifest.bytes_written = output.finish()?;
        Ok(())
    }

    /// An input into an output of its own.
    fn separate(
        &mut self,
        number: usize,
        path: &Path,
        compression: Compression,
        journal: &mut Journal,
    ) -> Result<(), Failure> {
        let source = &self.sources[number];
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| Failure::writing(folder.display(), &error))?;
        }
        let written = match source.format {
            Format::Parquet => self.file(number, Some(path)),
            _ => Output::open(Some(path), compression, self.threads)
                .map_err(Trouble::Run)
                .and_then(|mut output| {
                    let account = self.stream(number, &mut output)?;
                    Ok((output.finish()?, account))
                }),
        };
        match written {
            Ok((bytes, account)) => {
                self.enter(number, Some((path, bytes)), &account);
                journal.add(source, path, bytes, account.counts, account.left_out)
            }
            Err(Trouble::Input(failure)) if self.go_on => {
                let message = failure.to_string();
                self.progress.tell(&message);
                self.manifest.add_unread(source, message);
                Ok(())
            }
            Err(Trouble::Input(failure) | Trouble::Run(failure)) => Err(failure),
        }
    }

    fn enter(&mut self, number: usize, output: Option<(&Path, u64)>, account: &Account) {
        let Account { counts, left_out, .. } = account;
        self.manifest.add_cleaned(&self.sources[number], output, counts, left_out);
    }

    /// Writes the pieces of an input.
    fn stream(&mut self, number: usize, output: &mut Output) -> Result<Account, Trouble> {
        let mut account = Account::default();
        let mut begun = false;
        while !account.complete {
            let done = self.next(number, &mut account)?;
            // A last line without a line break must not run into the next input.
            if !begun && done.piece.last_byte.is_some() {
                output.end_line()?;
                begun = true;
            }
            output.write(&done.piece)?;
            done.failure.map_or(Ok(()), Err)?;
        }
        Ok(account)
    }

    /// Writes a Parquet file, and says how many bytes it has.
    fn file(&mut self, number: usize, path: Option<&Path>) -> Result<(u64, Account), Trouble> {
        let mut account = Account::default();
        let source = &self.sources[number];
        let (target, raw) = Target::open(path)?;
        let columns = self.columns.clone();
        let written = columns::write(source, &columns, raw, || -> Result<Values, Trouble> {
            let done = self.next(number, &mut account)?;
            done.failure.map_or(Ok(done.values), |failure| Err(failure.into()))
        });
        let raw = written.map_err(|error| match error {
            WriteError::Input(cause) => Trouble::Input(Failure::at(&source.name, cause)),
            WriteError::Output(error) => Trouble::Run(Failure::writing(&target.name, &error)),
            WriteError::Values(trouble) => trouble,
        });
        // What is left of it must not be taken for the next; a file without row groups has one
        // batch that nobody has asked for.
        while !account.complete && !matches!(raw, Err(Trouble::Run(_))) {
            match self.next(number, &mut account) {
                Ok(_) => {}
                Err(Trouble::Input(failure)) if raw.is_ok() => return Err(Trouble::Input(failure)),
                Err(Trouble::Input(_)) => break,
                Err(trouble) => return Err(trouble),
            }
        }
        let raw = raw?;
        let bytes = raw.written;
        target.commit(raw)?;
        Ok((bytes, account))
    }

    /// What became of the next batch of an input.
    fn next(&mut self, number: usize, account: &mut Account) -> Result<Done, Trouble> {
        let source = &self.sources[number];
        let result = self.results.next().ok_or_else(|| {
            Failure::at(&source.name, "a thread that reads it came to an unexpected end")
        })??;
        let mut done = result.map_err(|failure| {
            // An input has no batches after this.
            account.complete = true;
            Trouble::Input(failure)
        })?;
        account.complete = done.last;
        for left_out in &done.left_out {
            if self.told < ROWS_TOLD {
                self.progress.tell(source.at(left_out.row, &left_out.reason));
                self.told += 1;
            }
            if account.left_out.len() < LISTED {
                account.left_out.push(left_out.clone());
            }
        }
        account.counts += &done.tally;
        if let Some(report) = &mut self.report {
            report.add(std::mem::take(&mut done.report));
        }
        self.documents += done.tally.documents;
        self.progress.update(self.documents);
        Ok(done)
    }
}

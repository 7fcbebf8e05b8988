//! What a run is going to read and write.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::args::{CleanArgs, Format};
use crate::compression::Compression;
use crate::failure::Failure;
use crate::input::{self, Folders, NEEDS_JSONL, Source};
use crate::journal::Journal;
use crate::manifest::Manifest;
use crate::output::{is_folder, is_stdout, paths_in, remove_unfinished};

pub(crate) struct Plan {
    pub(crate) sources: Arc<[Source]>,
    pub(crate) outputs: Outputs,
    /// Of the output of each of the sources.
    pub(crate) compressions: Vec<Compression>,
    /// Records of web archives become lines of JSON.
    pub(crate) to_jsonl: bool,
}

/// Where the results go.
pub(crate) enum Outputs {
    /// One after the other, to a file or to standard output.
    Joined(Option<PathBuf>),
    /// Each to a file in a folder.
    Folder { paths: Vec<PathBuf>, journal: Journal },
}

impl Plan {
    /// Inputs that need not be cleaned again are entered into the manifest.
    pub(crate) fn new(args: &CleanArgs, manifest: &mut Manifest) -> Result<Plan, Failure> {
        let folder = args.output.as_deref().filter(|path| is_folder(path));
        let folders = match folder {
            Some(_) => Folders::Walked { except: folder },
            None => Folders::Refused(": its files need one to go to, such as -o OUT/"),
        };
        if args.resume && folder.is_none() {
            let cause = "it goes by what is in a directory of outputs, such as -o OUT/";
            return Err(Failure::at("--resume", cause));
        }
        let sources = input::sources(&args.input, folders)?;
        let to_jsonl = to_jsonl(args);
        let written = |format| match (format, to_jsonl) {
            (Format::Wet, true) => Format::Jsonl,
            (other, _) => other,
        };
        check(args, &sources, to_jsonl)?;
        let Some(folder) = folder else {
            let path = args.output.clone().filter(|path| !is_stdout(path));
            check_joined(&sources, path.as_deref())?;
            let compressions = sources.iter().map(|source| match &path {
                Some(path) => compression(path, written(source.format)),
                None => Compression::None,
            });
            let compressions = compressions.collect();
            return Ok(Plan {
                sources: sources.into(),
                outputs: Outputs::Joined(path),
                compressions,
                to_jsonl,
            });
        };

        let all_paths = paths_in(folder, &sources, |source| written(source.format))?;
        let journal = Journal::open(folder, manifest.fingerprint(), args.resume)?;
        let (mut to_do, mut paths) = (Vec::new(), Vec::new());
        for (source, path) in sources.into_iter().zip(all_paths) {
            match journal.complete(&source, &path) {
                Some(entry) => manifest.add_resumed(&source, &path, entry),
                None => {
                    to_do.push(source);
                    paths.push(path);
                }
            }
        }
        if args.resume {
            remove_unfinished(&paths);
        }
        let pairs = paths.iter().zip(&to_do);
        let compressions =
            pairs.map(|(path, source)| compression(path, written(source.format))).collect();
        let outputs = Outputs::Folder { paths, journal };
        Ok(Plan { sources: to_do.into(), outputs, compressions, to_jsonl })
    }
}

fn compression(path: &Path, format: Format) -> Compression {
    match (Compression::of(path), format) {
        (Compression::Gzip, Format::Wet) => Compression::GzipMembers,
        // Its columns are compressed, and not the whole.
        (_, Format::Parquet) => Compression::None,
        (other, _) => other,
    }
}

/// Whether records of web archives are to become lines of JSON: by the name of the output unless it
/// is said.
fn to_jsonl(args: &CleanArgs) -> bool {
    let named = || args.output.as_deref().and_then(Format::of);
    args.output_format.or_else(named) == Some(Format::Jsonl)
}

/// Options that do not go with what the inputs hold.
fn check(args: &CleanArgs, sources: &[Source], to_jsonl: bool) -> Result<(), Failure> {
    let formats = || sources.iter().map(|source| source.format);
    if let Some(format) = args.output_format {
        let can_be = |input| input == format || (input, format) == (Format::Wet, Format::Jsonl);
        if !formats().all(can_be) {
            let cause = "only WET files can become something else, which is jsonl";
            return Err(Failure::at("--output-format", cause));
        }
    }
    let has_place = |format| match format {
        Format::Jsonl => true,
        Format::Wet => to_jsonl,
        Format::Text | Format::Parquet => false,
    };
    if args.spans && !formats().any(has_place) {
        let cause = match formats().next() {
            Some(Format::Parquet) => "a Parquet file has no place for them, only JSON lines have",
            Some(Format::Wet) => "a WET file has no place for them: add --output-format jsonl",
            _ => NEEDS_JSONL,
        };
        return Err(Failure::at("--spans", cause));
    }
    Ok(())
}

/// Inputs that cannot be written one after the other.
fn check_joined(sources: &[Source], path: Option<&Path>) -> Result<(), Failure> {
    let formats = || sources.iter().map(|source| source.format);
    if formats().any(|format| Some(format) != formats().next()) {
        return Err(Failure::new(
            "the inputs are of different formats: write them to a directory, \
             or say which one they have with --input-format",
        ));
    }
    if sources.len() > 1 && sources[0].format == Format::Parquet {
        return Err(Failure::new(
            "several Parquet files do not become one: write them to a directory, such as -o OUT/",
        ));
    }
    match path {
        Some(path) if Compression::of(path).written() != Compression::of(path) => {
            let cause = "cannot write: .bz2 and .xz are only read; give it a name in .gz or .zst";
            Err(Failure::at(path.display(), cause))
        }
        _ => Ok(()),
    }
}

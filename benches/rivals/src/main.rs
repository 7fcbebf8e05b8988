//! unfurnish beside its limits and its rivals, on the same texts: `make rivals`.
//!
//! Rust is measured here, C and Python in programs that this one runs. It prints tables, ratios
//! first, and writes them down with machine and versions. Every answer is checked: by what is known
//! of the texts, or by what another one found in them.

mod aims;
mod clock;
mod corpus;
mod cues;
mod files;
mod heap;
mod limits;
mod linear;
mod machine;
mod matchers;
mod options;
mod ours;
mod programs;
mod record;
mod row;
mod rows;
#[path = "../../speed/texts.rs"]
mod texts;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use unfurnish::Cleaner;

use crate::corpus::Corpus;
use crate::matchers::Matchers;
use crate::options::{Options, USAGE};
use crate::record::Record;
use crate::row::{Row, hash};

#[global_allocator]
static ALLOCATOR: heap::Counting = heap::Counting;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [linear::BUILD_ONCE] => linear::build_once(),
        ["copy-lines", input, output] => files::copy_lines(input, output)?,
        ["recode", input, output] => files::recode(input, output)?,
        ["unpack", input, output] => files::unpack(input, output)?,
        ["rows", "jsonl", bytes, output] => rows::jsonl(bytes.parse()?, output)?,
        ["rows", "parquet", codec, bytes, output] => rows::parquet(codec, bytes.parse()?, output)?,
        ["--help"] => print!("{USAGE}"),
        _ => measure(&Options::parse(arguments.into_iter())?)?,
    }
    Ok(())
}

fn measure(options: &Options) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(&options.work)?;
    let mut corpora = corpus::generated(options.bytes, options.line);
    for path in &options.corpora {
        corpora.push(corpus::read(path, options.view.as_deref())?);
    }
    let all_cues = cues::all();
    let matchers = Matchers::new(&all_cues);

    let mut rows = Vec::new();
    for corpus in &corpora {
        eprintln!("{}, {:.1} MB", corpus.name, corpus.bytes() as f64 / 1e6);
        rows.extend(limits::measure(corpus));
        rows.extend(ours::measure(corpus));
        rows.extend(matchers.measure(corpus));
    }
    let (more, mut notes) = in_other_languages(options, &corpora, &all_cues)?;
    let mistakes = mistakes(&more, &corpora, &matchers);
    rows.extend(more);
    notes.insert(0, format!("{} cues, of which {} are picked", all_cues.len(), cues::PICKED));

    eprintln!("storms and cues of one's own");
    let one_line = corpora.iter().find(|corpus| corpus.name == "english-one-line");
    let record = Record {
        options,
        memory: one_line.map(|corpus| linear::memory(&corpus.documents[0])),
        storms: linear::storms(),
        many_cues: linear::many_cues(&corpora[0])?,
        built: linear::build()?,
        command_line: command_line(options, &mut notes)?,
        corpora: &corpora,
        rows,
        notes,
        mistakes,
    };
    let markdown = record.markdown();
    print!("{markdown}");
    if let Some(directory) = &options.record {
        fs::create_dir_all(directory)?;
        let path = directory.join(format!("{}-{}.md", machine::date(), machine::slug()));
        fs::write(&path, markdown)?;
        eprintln!("written to {}", path.display());
    }
    if record.mistakes.is_empty() { Ok(()) } else { Err("wrong answers, see above".into()) }
}

/// C and Python, on the same texts.
fn in_other_languages(
    options: &Options,
    corpora: &[Corpus],
    all_cues: &[String],
) -> Result<(Vec<Row>, Vec<String>), Box<dyn Error>> {
    let work = &options.work;
    let lines = |cues: &[String]| cues.iter().map(|cue| format!("{cue}\n")).collect::<String>();
    let (picked, all) = (work.join("cues.txt"), work.join("all-cues.txt"));
    fs::write(&picked, lines(&cues::pick(all_cues, cues::PICKED)))?;
    fs::write(&all, lines(all_cues))?;
    let mut files = Vec::new();
    let mut with_rivals = Vec::new();
    for corpus in corpora {
        let path = corpus.write(work)?;
        if corpus.with_rivals {
            with_rivals.push(path.clone());
        }
        files.push(path);
    }
    let hyperscan = |name: &str, cues: PathBuf| {
        eprintln!("{name}");
        let arguments = [vec![name.into(), cues], files.clone()].concat();
        programs::run(name, options.hyperscan.as_deref(), &arguments)
    };
    eprintln!("C");
    let c = programs::run("C", options.clean.as_deref(), &files);
    let hyperscan_picked = hyperscan(HYPERSCAN, picked.clone());
    let hyperscan_all = hyperscan(HYPERSCAN_ALL, all);
    eprintln!("Python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/rivals.py");
    let arguments = [vec![script.into(), picked], with_rivals].concat();
    let python = programs::run("Python", options.python.as_deref(), &arguments);

    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for output in [c, hyperscan_picked, hyperscan_all, python] {
        rows.extend(output.rows);
        notes.extend(output.notes);
    }
    Ok((rows, notes))
}

const HYPERSCAN: &str = "Hyperscan";
const HYPERSCAN_ALL: &str = "Hyperscan, all cues";

/// Rows from other languages whose answer is not what Rust found in the same documents.
fn mistakes(rows: &[Row], corpora: &[Corpus], matchers: &Matchers) -> Vec<String> {
    let (cleaner, normalizer) = (Cleaner::new(), ours::normalizer());
    let mut mistakes = Vec::new();
    for row in rows {
        let Some(corpus) = corpora.iter().find(|corpus| corpus.name == row.corpus) else {
            continue;
        };
        let documents = &corpus.documents[..row.documents];
        let cleaned = |by: &Cleaner| hash(documents.iter().map(|text| by.clean(text).into_text()));
        let expected = match row.what.as_str() {
            what if what.starts_with("article, ") => cleaned(&cleaner),
            what if what.starts_with("normalize, ") => cleaned(&normalizer),
            HYPERSCAN => matchers.all_places(corpus, false).to_string(),
            HYPERSCAN_ALL => matchers.all_places(corpus, true).to_string(),
            "Python re alternation" => matchers.alternation(documents).to_string(),
            // Nothing is known of what the others make of a text, but that they say it twice.
            _ => continue,
        };
        if row.answer != expected {
            let Row { corpus, what, answer, .. } = row;
            mistakes.push(format!("{what}, {corpus}: {answer}, not {expected}"));
        }
    }
    mistakes
}

fn command_line(
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<Vec<programs::Timing>, Box<dyn Error>> {
    let (Some(python), Some(tool)) = (&options.python, &options.tool) else {
        notes.push("command line: not measured".to_owned());
        return Ok(Vec::new());
    };
    eprintln!("command line");
    // Eight times the size of a corpus: long enough for threads to begin and end.
    corpus::write_json_lines(8 * options.bytes, &options.work)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/command_line.py");
    let harness = std::env::current_exe()?;
    let arguments = [script.into(), tool.clone(), harness, options.work.clone()];
    Ok(programs::command_line(python, &arguments).unwrap_or_else(|error| {
        notes.push(format!("command line: {error}"));
        Vec::new()
    }))
}

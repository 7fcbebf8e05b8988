//! What `train.py` leaves to the library: features, and how much of each line belongs to the article.
//!
//!     unfurnish-train samples OUT PAGES.jsonl… --witness [EXTRACTED.jsonl…]
//!     unfurnish-train look-again OUT
//!     unfurnish-train clean CLEANED.jsonl WEIGHTS NUMBERS PAGES.jsonl…
//!
//! `samples` fills the folder `OUT`, with numbers little-endian:
//!
//! - `pages.jsonl`: of each page its fields but the texts
//! - `names.json`: the names of the features
//! - `lines.u32`: of each line the number of its page, its words as scores count them, how much of
//!   them is in the article in thousandths, where its hashes begin, and its words as the model
//!   counts them
//! - `features.u8`, `hashes.u32`: the features and the hashed words of the lines
//! - `texts.jsonl`: of each page the text of each line
//!
//! A page without gold text is compared with what extractors made of it, the witnesses: a line is as
//! much of the article as they agree that it is.
//!
//! `look-again` makes `again.u8` of `scored.u8`, features with the scores of the pass before. `clean`
//! cleans the pages with the given numbers, counted over all files, by other weights than those in
//! the library.

#[path = "../../cli/src/eval/align.rs"]
mod align;

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};
use unfurnish::training::{NAMES, Sample, Trial, WIDTH, look_again};
use unfurnish::{Cleaner, Profile};

#[derive(Deserialize)]
struct Row {
    set: String,
    id: String,
    domain: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    view: String,
    text: String,
    gold: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

fn all_rows(paths: &[&str]) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for path in paths {
        let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
        let reader: Box<dyn BufRead> = match path.ends_with(".zst") {
            true => Box::new(BufReader::new(zstd::Decoder::new(file)?)),
            false => Box::new(BufReader::new(file)),
        };
        for line in reader.lines() {
            rows.push(serde_json::from_str(&line?)?);
        }
    }
    Ok(rows)
}

/// A page and what became of it.
struct Judged {
    row: Row,
    sample: Sample,
    /// How many words each line has, and how much of them is in the article, in thousandths.
    lines: Vec<(u32, u32)>,
}

fn judge(row: Row, witnesses: &[String], cleaner: &Cleaner, word: &Regex) -> Judged {
    let words = |text: &str| -> Vec<String> {
        word.find_iter(&text.to_lowercase()).map(|word| word.as_str().to_owned()).collect()
    };
    let sample = Sample::of(&row.text, cleaner);
    let of_lines: Vec<Vec<String>> =
        sample.lines.iter().map(|line| words(&sample.text[line.clone()])).collect();
    let truths: Vec<Vec<String>> = match &row.gold {
        Some(gold) => vec![words(gold)],
        None => witnesses.iter().map(|text| words(text)).collect(),
    };
    let mut shares = vec![0; of_lines.len()];
    for truth in &truths {
        let mut numbers = HashMap::new();
        let mut number = |word: &String| {
            let next = numbers.len() as u32;
            *numbers.entry(word.clone()).or_insert(next)
        };
        let page: Vec<u32> = of_lines.iter().flatten().map(&mut number).collect();
        let truth: Vec<u32> = truth.iter().map(&mut number).collect();
        let kept = align::kept(&page, &truth);
        let mut at = 0;
        for (share, words) in shares.iter_mut().zip(&of_lines) {
            let count = kept[at..at + words.len()].iter().filter(|kept| **kept).count();
            at += words.len();
            *share += (1000 * count).checked_div(words.len()).unwrap_or(0) as u32;
        }
    }
    let count = truths.len().max(1) as u32;
    let counts = of_lines.iter().map(|words| words.len() as u32);
    let lines = counts.zip(shares.into_iter().map(|share| share / count)).collect();
    Judged { row, sample, lines }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &arguments[..] {
        ["samples", out, files @ ..] => samples(Path::new(out), files),
        ["look-again", folder] => look_again_at(Path::new(folder)),
        ["clean", out, weights, numbers, pages @ ..] => clean(out, weights, numbers, pages),
        _ => Err("the documentation of train/src/main.rs says how to call it".into()),
    }
}

fn samples(out: &Path, files: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut parts = files.split(|file| *file == "--witness");
    let (pages, extracted) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let mut witnesses: HashMap<(String, String), Vec<String>> = HashMap::new();
    for row in all_rows(extracted)? {
        witnesses.entry((row.set, row.id)).or_default().push(row.text);
    }
    let cleaner = Cleaner::builder().profile(Profile::Page).build()?;
    let word = Regex::new(r"[\p{L}\p{N}_]+")?;
    let judged = in_order(all_rows(pages)?, |row| {
        let key = (row.set.clone(), row.id.clone());
        let witnesses = witnesses.get(&key).map_or(&[][..], Vec::as_slice);
        judge(row, witnesses, &cleaner, &word)
    });

    fs::create_dir_all(out)?;
    let create = |name: &str| File::create(out.join(name)).map(BufWriter::new);
    let (mut pages, mut texts) = (create("pages.jsonl")?, create("texts.jsonl")?);
    let (mut lines, mut features) = (create("lines.u32")?, create("features.u8")?);
    let mut hashes = create("hashes.u32")?;
    fs::write(out.join("names.json"), json!(NAMES).to_string())?;
    let mut hashes_before = 0;
    for (page, Judged { row, sample, lines: judged }) in judged.iter().enumerate() {
        writeln!(pages, "{}", about(row, None))?;
        let text: Vec<&str> = sample.lines.iter().map(|line| &sample.text[line.clone()]).collect();
        writeln!(texts, "{}", json!(text))?;
        for (line, &(words, share)) in judged.iter().enumerate() {
            features.write_all(&sample.rows[line])?;
            for value in [page as u32, words, share, hashes_before, sample.words[line]] {
                lines.write_all(&value.to_le_bytes())?;
            }
            hashes_before += sample.hashes[line].len() as u32;
            let mut each = sample.hashes[line].iter();
            each.try_for_each(|hash| hashes.write_all(&hash.to_le_bytes()))?;
        }
    }
    for mut file in [pages, texts, lines, features, hashes] {
        file.flush()?;
    }
    Ok(())
}

/// A row without its text; with what it was cleaned to and should have been, if that is known.
fn about(row: &Row, cleaned: Option<&str>) -> Value {
    let told_by = row.gold.clone().unwrap_or_else(|| row.with.join("\n") + &row.text);
    let language = whatlang::detect_lang(&told_by).map(|language| language.code());
    json!({
        "set": row.set, "id": row.id, "domain": row.domain, "language": language, "type": row.kind,
        "view": row.view, "with": row.with, "without": row.without, "cleaned": cleaned,
        "gold": row.gold,
    })
}

fn look_again_at(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut features = fs::read(folder.join("scored.u8"))?;
    let (rows, _) = features.as_chunks_mut::<WIDTH>();
    let lines = fs::read(folder.join("lines.u32"))?;
    let numbers = lines.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
    let numbers: Vec<u32> = numbers.collect();
    let (lines, _) = numbers.as_chunks::<5>();
    let mut start = 0;
    for page in lines.chunk_by(|a, b| a[0] == b[0]) {
        let words: Vec<u32> = page.iter().map(|line| line[4]).collect();
        look_again(&mut rows[start..start + page.len()], &words);
        start += page.len();
    }
    Ok(fs::write(folder.join("again.u8"), &features)?)
}

fn clean(out: &str, weights: &str, numbers: &str, pages: &[&str]) -> Result<(), Box<dyn Error>> {
    let trial = Trial::read(&fs::read(weights)?).ok_or("these are no weights")?;
    let numbers = fs::read_to_string(numbers)?;
    let numbers: HashSet<usize> = numbers.lines().map(str::parse).collect::<Result<_, _>>()?;
    let rows = all_rows(pages)?.into_iter().enumerate();
    let rows = rows.filter(|(number, _)| numbers.contains(number)).map(|(_, row)| row).collect();
    let cleaner = Cleaner::builder().profile(Profile::Page).build()?;
    let cleaned = in_order(rows, |row| about(&row, Some(&trial.clean(&row.text, &cleaner))));
    let mut out = BufWriter::new(File::create(out)?);
    cleaned.iter().try_for_each(|row| writeln!(out, "{row}"))?;
    Ok(out.flush()?)
}

/// Does something with each of many things, in two threads, and gives the results in order.
fn in_order<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    const THREADS: usize = 2;
    let queue = std::sync::Mutex::new(things.into_iter().enumerate());
    let (sender, receiver) = mpsc::channel();
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        for _ in 0..THREADS {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                loop {
                    let next = queue.lock().expect("no worker panics").next();
                    let Some((number, thing)) = next else { break };
                    let _ = sender.send((number, work(thing)));
                }
            });
        }
        drop(sender);
        receiver.iter().collect()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

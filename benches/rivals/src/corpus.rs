//! Texts that are measured: made up in nine languages, or read from files of JSON lines.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::texts::{self, LANGUAGES, Language};

pub(crate) struct Corpus {
    /// Also the name of its file.
    pub(crate) name: String,
    pub(crate) documents: Vec<String>,
    /// What `article` must make of each document, where that is known.
    pub(crate) expected: Option<Vec<String>>,
    /// Whether the rivals are measured on it too; they are many and slow.
    pub(crate) with_rivals: bool,
}

impl Corpus {
    pub(crate) fn bytes(&self) -> usize {
        self.documents.iter().map(String::len).sum()
    }

    /// Writes a file for the programs in other languages: each document after its length, 32 bits,
    /// little-endian.
    pub(crate) fn write(&self, directory: &Path) -> Result<PathBuf, Box<dyn Error>> {
        let path = directory.join(&self.name).with_extension("bin");
        let mut file = BufWriter::new(File::create(&path)?);
        for document in &self.documents {
            file.write_all(&u32::try_from(document.len())?.to_le_bytes())?;
            file.write_all(document.as_bytes())?;
        }
        file.flush()?;
        Ok(path)
    }
}

/// The corpora that this program makes up, of about so many bytes each; `line` is the length of the
/// one text that has no line break.
pub(crate) fn generated(bytes: usize, line: usize) -> Vec<Corpus> {
    let mut corpora = Vec::new();
    let mut add = |name: String, documents: Vec<String>, expected, with_rivals| {
        corpora.push(Corpus { name, documents, expected: Some(expected), with_rivals });
    };
    for language in &LANGUAGES {
        let documents = prose(language, bytes, 3 << 10);
        add(format!("{}-3KB", language.name), documents.clone(), documents, true);
    }
    let english = &texts::ENGLISH;
    let articles = prose(english, bytes, 3 << 10);
    let furnished = articles.iter().map(|article| texts::furnish(english, article)).collect();
    add("english-furnished-3KB".into(), furnished, articles, true);
    for (name, size, with_rivals) in [("200B", 200, true), ("100KB", 100 << 10, false)] {
        let documents = prose(english, bytes, size);
        add(format!("english-{name}"), documents.clone(), documents, with_rivals);
    }
    let large = vec![texts::article(english, 50 << 20)];
    add("english-50MB".into(), large.clone(), large, false);
    let german = prose(&texts::GERMAN, bytes, 3 << 10);
    let decomposed = german.iter().map(|text| text.nfd().collect()).collect();
    add("german-NFD-3KB".into(), decomposed, german, true);
    let one_line = vec![texts::article(english, line).replace("\n\n", " ")];
    add("english-one-line".into(), one_line.clone(), one_line, false);
    corpora
}

/// Articles of a size: pieces of one long article, which are not all alike.
pub(crate) fn prose(language: &Language, bytes: usize, size: usize) -> Vec<String> {
    let mut documents = Vec::new();
    let mut document = String::new();
    for paragraph in texts::article(language, bytes).split("\n\n") {
        // Short ones are sentences: paragraphs are longer than they are to be.
        let pieces =
            if size < 1 << 10 { paragraph.split_inclusive(". ") } else { whole(paragraph) };
        for piece in pieces {
            if !document.is_empty() {
                document.push_str("\n\n");
            }
            document.push_str(piece.trim_end());
            if document.len() >= size {
                documents.push(std::mem::take(&mut document));
            }
        }
    }
    documents
}

/// A paragraph in one piece.
fn whole(paragraph: &str) -> std::str::SplitInclusive<'_, &'static str> {
    paragraph.split_inclusive("\0")
}

/// The texts of JSON lines, plain or compressed by zstd: field `text` of the rows of a view, or of
/// all rows.
pub(crate) fn read(path: &Path, view: Option<&str>) -> Result<Corpus, Box<dyn Error>> {
    let file = File::open(path)?;
    let compressed = path.extension().is_some_and(|extension| extension == "zst");
    let input: Box<dyn Read> =
        if compressed { Box::new(zstd::Decoder::new(file)?) } else { Box::new(file) };
    let mut documents = Vec::new();
    let mut views = BTreeSet::new();
    for line in BufReader::new(input).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let row_view = row["view"].as_str();
        views.extend(row_view.map(str::to_owned));
        if view.is_none() || row_view == view {
            let text = row["text"].as_str().ok_or("a row has no text")?;
            documents.push(text.to_owned());
        }
    }
    if documents.is_empty() {
        return Err(format!("{}: no texts; its views are {views:?}", path.display()).into());
    }
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut name = file_name.split('.').next().unwrap_or_default().to_owned();
    if let Some(view) = view {
        name = format!("{name}-{view}");
    }
    Ok(Corpus { name, documents, expected: None, with_rivals: true })
}

/// Writes articles with furniture as JSON lines, plain and compressed, and what they should become.
pub(crate) fn write_json_lines(bytes: usize, directory: &Path) -> Result<(), Box<dyn Error>> {
    let english = &texts::ENGLISH;
    let articles = prose(english, bytes, 3 << 10);
    let lines = |texts: &mut dyn Iterator<Item = String>| {
        let row = |(id, text): (usize, String)| {
            format!("{}\n", serde_json::json!({ "id": id, "text": text }))
        };
        texts.enumerate().map(row).collect::<String>()
    };
    let input = lines(&mut articles.iter().map(|article| texts::furnish(english, article)));
    fs::write(directory.join("articles.jsonl.zst"), zstd::encode_all(input.as_bytes(), 0)?)?;
    fs::write(directory.join("articles.jsonl"), input)?;
    fs::write(directory.join("expected.jsonl"), lines(&mut articles.into_iter()))?;
    Ok(())
}

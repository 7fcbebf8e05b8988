//! Samples of documents: which ones, and what of them is kept.
//!
//! Every document has a hash of where it stands, and those with the smallest hashes are the sample. So it
//! is the same whatever the number of threads, and a document that is none is never copied.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use twox_hash::XxHash3_64;
use unfurnish::{Category, Removal};

use super::Document;

/// Another one gives other samples.
const SEED: u64 = 1;

/// What a document is drawn by.
pub(super) fn hash(source: usize, row: u64) -> u64 {
    let place = [source as u64, row].map(u64::to_le_bytes);
    XxHash3_64::oneshot_with_seed(SEED, place.as_flattened())
}

/// The hash from which on none is a sample any more.
pub(super) struct Limit(AtomicU64);

impl Default for Limit {
    fn default() -> Limit {
        Limit(AtomicU64::new(u64::MAX))
    }
}

impl Limit {
    pub(super) fn admits(&self, hash: u64) -> bool {
        hash < self.0.load(Ordering::Relaxed)
    }
}

/// The samples so far, by their hashes.
pub(super) struct Reservoir {
    most: usize,
    samples: BTreeMap<u64, Sample>,
}

impl Reservoir {
    pub(super) fn new(most: usize) -> Reservoir {
        Reservoir { most, samples: BTreeMap::new() }
    }

    /// Takes those with the smallest hashes.
    pub(super) fn extend(&mut self, samples: Vec<Sample>, limit: &Limit) {
        for sample in samples {
            // Of two columns of a row the first is as good.
            self.samples.entry(sample.hash).or_insert(sample);
            if self.samples.len() > self.most {
                self.samples.pop_last();
            }
        }
        if self.samples.len() == self.most
            && let Some((&last, _)) = self.samples.last_key_value()
        {
            limit.0.store(last, Ordering::Relaxed);
        }
    }

    pub(super) fn into_samples(self) -> Vec<Sample> {
        self.samples.into_values().collect()
    }
}

/// A document to be shown.
pub(super) struct Sample {
    hash: u64,
    pub(super) name: String,
    pub(super) site: Option<String>,
    pub(super) language: String,
    pub(super) words: u64,
    /// Words that went.
    pub(super) removed: u64,
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a document's text.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Piece {
    Kept(String),
    Removed(String, #[serde(serialize_with = "by_name")] Category, String),
    /// So many letters that are not shown.
    Skipped(usize),
}

fn by_name<S: serde::Serializer>(category: &Category, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(category.name())
}

/// Bytes of what stays that are shown on either side of what went, if there is more.
const AROUND: usize = 600;
/// Most bytes of one piece that went.
const LONGEST: usize = 4_000;
/// Most pieces of a document.
const MOST_PIECES: usize = 400;

impl Sample {
    pub(super) fn new(
        hash: u64,
        document: &Document<'_>,
        removals: &[Removal<'_>],
        language: &str,
        (words, removed): (u64, u64),
    ) -> Sample {
        let Document { labels, text, place, .. } = document;
        Sample {
            hash,
            name: labels.name.clone().unwrap_or_else(place),
            site: labels.site.clone(),
            language: language.to_owned(),
            words,
            removed,
            pieces: pieces(text, removals),
        }
    }
}

fn pieces(text: &[u8], removals: &[Removal<'_>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for removal in removals {
        kept(text, end..removal.span.start, &mut pieces);
        let gone = &text[removal.span.clone()];
        let shown = shorter(gone, LONGEST);
        pieces.push(Piece::Removed(shown, removal.category, removal.rule.to_owned()));
        end = removal.span.end;
        if pieces.len() > MOST_PIECES {
            break;
        }
    }
    let rest = if pieces.len() > MOST_PIECES { end } else { text.len() };
    kept(text, end..rest, &mut pieces);
    if rest < text.len() {
        pieces.push(Piece::Skipped(letters(&text[rest..])));
    }
    pieces
}

/// Adds what stays: its beginning and its end, if it is long.
fn kept(text: &[u8], span: Range<usize>, pieces: &mut Vec<Piece>) {
    let Range { start, end } = span;
    let piece = |span: Range<usize>| Piece::Kept(String::from_utf8_lossy(&text[span]).into_owned());
    if start == end {
        return;
    }
    if end - start <= 3 * AROUND {
        return pieces.push(piece(start..end));
    }
    let (head, tail) = (gap(text, start + AROUND), gap(text, end - AROUND));
    pieces.extend([
        piece(start..head),
        Piece::Skipped(letters(&text[head..tail])),
        piece(tail..end),
    ]);
}

/// A byte at or before another, between words if they are no longer than [`AROUND`].
fn gap(text: &[u8], at: usize) -> usize {
    let before = text[at - AROUND..at].iter().rposition(u8::is_ascii_whitespace);
    before.map_or_else(|| boundary(text, at), |space| at - AROUND + space + 1)
}

fn shorter(text: &[u8], most: usize) -> String {
    match text.len() <= most {
        true => String::from_utf8_lossy(text).into_owned(),
        false => format!("{}…", String::from_utf8_lossy(&text[..boundary(text, most)])),
    }
}

fn letters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A byte at or a little before another, where no character is cut.
fn boundary(text: &[u8], at: usize) -> usize {
    let is_inside = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
    (at.saturating_sub(3)..=at).rev().find(|at| !is_inside(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(row: u64) -> Sample {
        Sample {
            hash: hash(0, row),
            name: row.to_string(),
            site: None,
            language: String::new(),
            words: 0,
            removed: 0,
            pieces: Vec::new(),
        }
    }

    /// The same documents, in whatever order and batches they come; and all parts of the input are
    /// among them.
    #[test]
    fn samples_are_the_same_in_any_order() {
        let draw = |rows: Vec<u64>, batch: usize| {
            let (limit, mut reservoir) = (Limit::default(), Reservoir::new(100));
            for rows in rows.chunks(batch) {
                let rows = rows.iter().filter(|row| limit.admits(hash(0, **row)));
                let samples = rows.map(|row| sample(*row)).collect();
                reservoir.extend(samples, &limit);
            }
            let names = reservoir.into_samples().into_iter().map(|sample| sample.name);
            names.map(|name| name.parse().unwrap()).collect::<Vec<u64>>()
        };
        let forth = draw((0..20_000).collect(), 64);
        assert_eq!(forth.len(), 100);
        assert_eq!(forth, draw((0..20_000).rev().collect(), 1));
        for part in 0..4 {
            let count = forth.iter().filter(|row| *row / 5_000 == part).count();
            assert!((10..45).contains(&count), "{count}");
        }
    }

    /// What went is whole, what stays is near it, and nothing is lost without a word.
    #[test]
    fn long_texts_are_shortened() {
        let text = format!("{}GONE{}GONE{}", "é".repeat(3_000), "a".repeat(100), "b".repeat(5_000));
        let removal = |start: usize| Removal {
            span: start..start + 4,
            rule: "r",
            category: Category::Related,
        };
        let removals = [removal(6_000), removal(6_104)];
        let pieces = pieces(text.as_bytes(), &removals);
        let count: usize = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Kept(text) | Piece::Removed(text, ..) => text.chars().count(),
                Piece::Skipped(letters) => *letters,
            })
            .sum();
        assert_eq!(count, text.chars().count());
        assert_eq!(pieces.len(), 9, "{pieces:?}");
        assert_eq!(pieces[4], Piece::Kept("a".repeat(100)));
        assert_eq!(pieces[3], Piece::Removed("GONE".to_owned(), Category::Related, "r".to_owned()));
    }
}

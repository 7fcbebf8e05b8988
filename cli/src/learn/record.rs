//! What is counted of the lines of sites, so that counts of parts add up to those of the whole.
//!
//! Records are sorted by their keys: first a site, then its lines, then which line follows which.
//! Two records with the same key make one, whatever the order they come in.

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

/// What a record is about. Sites and lines stand here as hashes of 64 bits: among ten million
/// lines of a site, two are taken for one with a probability of 3 in a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) site: u64,
    pub(super) about: About,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum About {
    Site,
    Line(u64),
    /// The second of these comes right below the first, or is [`EDGE`].
    Pair(u64, u64),
}

/// The end of a text, above its first line and below its last.
pub(super) const EDGE: u64 = 0;

/// What is known about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Value {
    Site {
        name: String,
        documents: u64,
    },
    Line(Box<Line>),
    /// The documents in which they stand so.
    Pair(u64),
}

/// A line of a site, as its documents have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The documents that have it.
    pub(super) documents: u64,
    /// Those that have it more than once between prose.
    pub(super) repeated: u64,
    /// Those in which a title comes right below it, and prose soon after that.
    pub(super) above_title: u64,
    /// Those that have no prose at all.
    pub(super) without_prose: u64,
    /// The line as it stands in a text: the least and the greatest of its forms, which may differ
    /// in case, numbers, dates and signs.
    pub(super) least: String,
    pub(super) greatest: Option<String>,
    /// The articles that have it, by hashes of what their versions share, in order: of more than
    /// [`MOST_ARTICLES`] the smallest ones.
    pub(super) articles: Vec<u64>,
    /// Names of documents that have it: the two whose hashes are the smallest, which is a sample
    /// that does not depend on the order of the documents.
    pub(super) samples: Vec<String>,
}

/// Names of documents that are told for each line.
const SAMPLES: usize = 2;

/// Articles that are told apart for each line; of more, the smallest hashes tell about how many there are.
const MOST_ARTICLES: usize = 16;

pub(super) fn hash(text: &str) -> u64 {
    // Nothing has the hash that stands for the end of a text.
    hash_bytes(text.as_bytes()).max(EDGE + 1)
}

pub(super) fn hash_bytes(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

impl Value {
    /// Adds what another record with the same key knows.
    pub(super) fn add(&mut self, other: Value) {
        match (self, other) {
            (Value::Site { documents, .. }, Value::Site { documents: more, .. })
            | (Value::Pair(documents), Value::Pair(more)) => *documents += more,
            (Value::Line(line), Value::Line(other)) => line.add(*other),
            // The key tells the kind.
            _ => {}
        }
    }

    /// About how many bytes it takes in memory, with its key.
    pub(super) fn size(&self) -> usize {
        /// An entry of a table that is two thirds full, and what an allocation costs.
        const ENTRY: usize = 96;
        const TEXT: usize = 40;
        ENTRY
            + match self {
                Value::Pair(_) => 0,
                Value::Site { name, .. } => TEXT + name.len(),
                Value::Line(line) => {
                    let texts = line.samples.iter().chain([&line.least]).chain(&line.greatest);
                    let articles = TEXT + size_of_val(&*line.articles);
                    let texts = texts.map(|text| TEXT + text.len()).sum::<usize>();
                    size_of::<Line>() + articles + texts
                }
            }
    }
}

impl Line {
    /// Whether it is in so many articles, of which versions count once. Of more than
    /// [`MOST_ARTICLES`] this is a guess: half as many as are wanted are enough.
    pub(super) fn has_articles(&self, least: f64) -> bool {
        match self.articles[..] {
            // Spread evenly, so many hashes lie below the largest of them.
            [.., largest] if self.articles.len() == MOST_ARTICLES => {
                let about = MOST_ARTICLES as f64 * u64::MAX as f64 / largest as f64;
                about >= least / 2.0
            }
            _ => self.articles.len() as f64 >= least,
        }
    }

    fn add(&mut self, other: Line) {
        self.documents += other.documents;
        self.repeated += other.repeated;
        self.above_title += other.above_title;
        self.without_prose += other.without_prose;
        let mut texts = [std::mem::take(&mut self.least), other.least];
        texts.sort_unstable();
        let [least, rest] = texts;
        let greatest =
            [self.greatest.take(), other.greatest, Some(rest)].into_iter().flatten().max();
        self.greatest = greatest.filter(|text| *text > least);
        self.least = least;
        self.articles.extend(other.articles);
        self.articles.sort_unstable();
        self.articles.dedup();
        self.articles.truncate(MOST_ARTICLES);
        self.samples.extend(other.samples);
        self.samples.sort_by_cached_key(|name| (hash(name), name.clone()));
        self.samples.dedup();
        self.samples.truncate(SAMPLES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u64) -> Line {
        Line {
            documents: number,
            repeated: number / 2,
            above_title: 1,
            without_prose: number % 2,
            least: format!("line {}", number * 7 % 5),
            greatest: None,
            articles: vec![hash(&(number % 5).to_string())],
            samples: vec![format!("document {}", number % 6)],
        }
    }

    #[test]
    fn many_articles_are_estimated() {
        let of = |articles: u64| {
            let mut hashes: Vec<u64> = (0..articles).map(|n| hash(&n.to_string())).collect();
            hashes.sort_unstable();
            hashes.truncate(MOST_ARTICLES);
            Line { articles: hashes, ..line(1) }
        };
        for articles in [20, 100, 1_000, 20_000] {
            let (line, articles) = (of(articles), articles as f64);
            assert!(line.has_articles(16.0) && line.has_articles(articles), "{articles}");
            assert!(!line.has_articles(4.0 * articles), "{articles}");
        }
    }

    /// Whatever the order and the grouping, the sum is the same.
    #[test]
    fn lines_add_up() {
        let sum = |numbers: &[u64]| {
            let mut lines = numbers.iter().map(|&number| line(number));
            let mut first = lines.next().unwrap();
            lines.for_each(|line| first.add(line));
            first
        };
        let whole = sum(&[1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!((whole.documents, &*whole.least), (36, "line 0"));
        assert_eq!(whole.greatest.as_deref(), Some("line 4"));
        assert_eq!(whole, sum(&[8, 3, 5, 1, 2, 7, 6, 4]));
        assert!(whole.has_articles(5.0) && !whole.has_articles(6.0));
        let mut parts = sum(&[4, 8]);
        parts.add(sum(&[7, 1, 6]));
        parts.add(sum(&[5, 2, 3]));
        assert_eq!(whole, parts);
    }
}

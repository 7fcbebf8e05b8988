//! Scores against the text of the article as people have it, and against snippets of it.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::AddAssign;

use super::measure::{Figure, Mean, Measure, Part, f1};
use super::words::{Vocabulary, single_spaced};

/// Words of a shingle.
const SHINGLE: usize = 4;

/// Counts over some texts whose article is known.
#[derive(Clone, Default)]
pub(super) struct GoldScores {
    documents: u64,
    /// Of shingles. Documents weigh the same, whatever their length.
    shingle_precision: Mean,
    shingle_recall: Mean,
    word_f1: Mean,
    word_precision: Mean,
    word_recall: Mean,
}

impl GoldScores {
    pub(super) fn of(gold: &str, output: &str) -> GoldScores {
        let mut vocabulary = Vocabulary::default();
        let (wanted, got) = (vocabulary.numbers(gold), vocabulary.numbers(output));
        let shared = Overlap::of(shingles(&wanted), shingles(&got));

        // The text is lowered before its words are told, which is not the same for `İ`.
        let (wanted, got) = (gold.to_lowercase(), output.to_lowercase());
        let (wanted, got) = (vocabulary.numbers(&wanted), vocabulary.numbers(&got));
        let words = Overlap::of(wanted.iter(), got.iter());
        let (precision, recall) = match words.wanted {
            0 => (None, None),
            _ => (words.precision().or(Some(0.0)), words.recall()),
        };
        let word_f1 = match (precision, recall) {
            (Some(precision), Some(recall)) => f1(precision, recall),
            _ if words.got == 0 => 1.0,
            _ => 0.0,
        };
        GoldScores {
            documents: 1,
            shingle_precision: Mean::of(shared.precision()),
            shingle_recall: Mean::of(shared.recall()),
            word_f1: Mean::of(Some(word_f1)),
            word_precision: Mean::of(precision),
            word_recall: Mean::of(recall),
        }
    }

    pub(super) fn measures(&self) -> Vec<Measure> {
        let (precision, recall) = (self.shingle_precision.value(), self.shingle_recall.value());
        let shingle_f1 = precision.zip(recall).map(|(precision, recall)| f1(precision, recall));
        let measure = |key, heading, figure| Measure { key, heading, figure };
        let share = |key, heading, share| measure(key, heading, Figure::Share(share));
        vec![
            measure("documents", "documents", Figure::Count(self.documents)),
            share("shingle_f1", "shingle F1", shingle_f1),
            share("shingle_precision", "precision", precision),
            share("shingle_recall", "recall", recall),
            share("word_f1", "word F1", self.word_f1.value()),
            share("word_precision", "precision", self.word_precision.value()),
            share("word_recall", "recall", self.word_recall.value()),
        ]
    }
}

impl AddAssign<&GoldScores> for GoldScores {
    fn add_assign(&mut self, other: &GoldScores) {
        self.documents += other.documents;
        self.shingle_precision += other.shingle_precision;
        self.shingle_recall += other.shingle_recall;
        self.word_f1 += other.word_f1;
        self.word_precision += other.word_precision;
        self.word_recall += other.word_recall;
    }
}

/// Four words each; a shorter text is one shingle.
fn shingles(words: &[u32]) -> impl Iterator<Item = &[u32]> {
    words.windows(SHINGLE.min(words.len()).max(1))
}

/// How many things two texts have, and have in common, each as often as it occurs.
struct Overlap {
    wanted: u64,
    got: u64,
    common: u64,
}

impl Overlap {
    fn of<T: Eq + Hash>(wanted: impl Iterator<Item = T>, got: impl Iterator<Item = T>) -> Overlap {
        let mut overlap = Overlap { wanted: 0, got: 0, common: 0 };
        let mut left: HashMap<T, u64> = HashMap::new();
        for thing in wanted {
            overlap.wanted += 1;
            *left.entry(thing).or_default() += 1;
        }
        for thing in got {
            overlap.got += 1;
            if let Some(left) = left.get_mut(&thing).filter(|left| **left > 0) {
                *left -= 1;
                overlap.common += 1;
            }
        }
        overlap
    }

    fn precision(&self) -> Option<f64> {
        Part { part: self.common, whole: self.got }.share()
    }

    fn recall(&self) -> Option<f64> {
        Part { part: self.common, whole: self.wanted }.share()
    }
}

/// Counts over snippets that must stay or go.
#[derive(Clone, Default)]
pub(super) struct SnippetScores {
    documents: u64,
    /// Those that must stay, and are there.
    with: Part,
    /// Those that must go, and are there.
    without: Part,
}

impl SnippetScores {
    pub(super) fn of(with: &[String], without: &[String], output: &str) -> SnippetScores {
        let output = single_spaced(output);
        let mut scores = SnippetScores { documents: 1, ..SnippetScores::default() };
        with.iter().for_each(|one| scores.with.count(output.contains(&single_spaced(one))));
        without.iter().for_each(|one| scores.without.count(output.contains(&single_spaced(one))));
        scores
    }

    pub(super) fn measures(&self) -> Vec<Measure> {
        let precision = Part { part: self.with.part, whole: self.with.part + self.without.part };
        let right = self.with.part + self.without.whole - self.without.part;
        let accuracy = Part { part: right, whole: self.with.whole + self.without.whole };
        // One positive of those that are wanted or there.
        let f1 = Part {
            part: 2 * self.with.part,
            whole: self.with.part + self.without.part + self.with.whole,
        };
        let measure = |key, heading, figure| Measure { key, heading, figure };
        let share = |key, heading, part: Part| measure(key, heading, Figure::Share(part.share()));
        vec![
            measure("documents", "documents", Figure::Count(self.documents)),
            share("f1", "F1", f1),
            share("precision", "precision", precision),
            share("recall", "recall", self.with),
            share("accuracy", "accuracy", accuracy),
        ]
    }
}

impl AddAssign<&SnippetScores> for SnippetScores {
    fn add_assign(&mut self, other: &SnippetScores) {
        self.documents += other.documents;
        self.with += other.with;
        self.without += other.without;
    }
}

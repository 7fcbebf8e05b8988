//! Scores against furniture that was marked by hand.

use std::ops::{AddAssign, Range};

use unfurnish::{Category, Removal};

use super::align;
use super::measure::{Figure, Mean, Measure, Part};
use super::row::Marks;
use super::words::{Vocabulary, words};

/// A text whose words are told apart by the marks.
pub(super) struct MarkedText<'t> {
    text: &'t str,
    words: Vec<Word>,
    numbers: Vec<u32>,
    vocabulary: Vocabulary,
}

struct Word {
    start: usize,
    /// From 0.
    line: usize,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// Not scored.
    Unsure,
    /// Of the article.
    Article,
    /// Furniture.
    Marked(Category),
}

/// What a cleaner did to a text.
pub(super) struct Judgement {
    pub(super) scores: MarkScores,
    /// Lines that lost words of the article.
    pub(super) wronged: Vec<usize>,
    /// Lines of which furniture of a default category stayed.
    pub(super) missed: Vec<(Category, usize)>,
}

impl<'t> MarkedText<'t> {
    pub(super) fn new(text: &'t str, truth: &Marks) -> MarkedText<'t> {
        let (mut line, mut end) = (0, 0);
        let word = |word: regex::Match<'_>| {
            let start = word.start();
            line += text[end..start].matches('\n').count();
            end = start;
            let mark = || truth.marks.iter().find(|(span, _)| span.contains(&start));
            let kind = match truth.unsure.iter().any(|span| span.contains(&start)) {
                true => Kind::Unsure,
                false => mark().map_or(Kind::Article, |(_, category)| Kind::Marked(*category)),
            };
            Word { start, line, kind }
        };
        let words = words(text).map(word).collect();
        let mut vocabulary = Vocabulary::default();
        let numbers = vocabulary.lower_numbers(text);
        MarkedText { text, words, numbers, vocabulary }
    }

    /// A line as it is shown to people: not all of a long one.
    pub(super) fn line(&self, line: usize) -> String {
        let line = self.text.split('\n').nth(line).unwrap_or_default();
        line.trim().chars().take(160).collect()
    }

    /// What became of the words: those that cannot be found in `output` are gone. That needs no
    /// account of what was removed, but takes a word that was written otherwise for a removal.
    pub(super) fn judge_words(&mut self, output: &str) -> Judgement {
        let kept = align::kept(&self.numbers, &self.vocabulary.lower_numbers(output));
        self.judge(&kept)
    }

    /// What became of the words: those in `removed` are gone. The spans are in order.
    pub(super) fn judge_spans(&self, removed: &[Range<usize>]) -> Judgement {
        let mut kept = vec![true; self.words.len()];
        removed.iter().for_each(|span| kept[self.words_in(span)].fill(false));
        self.judge(&kept)
    }

    /// The words that begin in a span.
    fn words_in(&self, span: &Range<usize>) -> Range<usize> {
        let before = |end: usize| self.words.partition_point(|word| word.start < end);
        before(span.start)..before(span.end)
    }

    fn judge(&self, kept: &[bool]) -> Judgement {
        let mut scores = MarkScores { documents: 1, ..MarkScores::default() };
        let mut article_lines: Vec<(usize, Part)> = Vec::new();
        let mut marked_lines: Vec<((usize, Category), Part)> = Vec::new();
        for (word, kept) in self.words.iter().zip(kept) {
            match word.kind {
                Kind::Unsure => {}
                Kind::Article => {
                    scores.article_words.count(!kept);
                    last_of(&mut article_lines, word.line).count(!kept);
                }
                Kind::Marked(category) => {
                    scores.marked_words[category as usize].count(!kept);
                    last_of(&mut marked_lines, (word.line, category)).count(!kept);
                }
            }
        }

        let mut default_lines = Part::default();
        let mut missed = Vec::new();
        for ((line, category), words) in marked_lines {
            let gone = words.part as f64 >= GONE * words.whole as f64;
            scores.marked_lines[category as usize].count(gone);
            if category.removed_by_default() {
                default_lines.count(gone);
                if !gone {
                    missed.push((category, line));
                }
            }
        }
        scores.document_recall = Mean::of(default_lines.share());
        for (_, words) in &article_lines {
            scores.article_lines.count(words.part as f64 > WRONGED * words.whole as f64);
        }
        let wronged = article_lines.iter().filter(|(_, words)| words.part > 0);
        Judgement { scores, wronged: wronged.map(|(line, _)| *line).collect(), missed }
    }

    /// What a removal took: words under marks, and words of the article.
    pub(super) fn taken(&self, removal: &Removal<'_>) -> (u64, u64) {
        let words = &self.words[self.words_in(&removal.span)];
        words.iter().fold((0, 0), |(marked, article), word| match word.kind {
            Kind::Unsure => (marked, article),
            Kind::Article => (marked, article + 1),
            Kind::Marked(_) => (marked + 1, article),
        })
    }
}

/// The share of its words that must go for a marked line to be gone. The rest may be a name
/// that stands elsewhere in the text too, and is aligned with it.
const GONE: f64 = 0.8;

/// The share of its words that a line of the article must lose to be a false removal.
const WRONGED: f64 = 0.5;

/// The count under a key of the line that is being counted: it is among the last, or not yet there.
/// A line has a key for each category at most.
fn last_of<K: PartialEq>(counts: &mut Vec<(K, Part)>, key: K) -> &mut Part {
    let first = counts.len().saturating_sub(Category::ALL.len());
    let index = match counts[first..].iter().position(|(other, _)| *other == key) {
        Some(index) => first + index,
        None => {
            counts.push((key, Part::default()));
            counts.len() - 1
        }
    };
    &mut counts[index].1
}

/// Counts over some documents.
#[derive(Clone, Default)]
pub(super) struct MarkScores {
    documents: u64,
    /// Of the share of lines that went, over documents that have furniture of default categories.
    document_recall: Mean,
    /// Lines of the article that lost most of their words.
    article_lines: Part,
    /// Words of the article that went.
    article_words: Part,
    /// By category, those that went.
    marked_lines: [Part; Category::ALL.len()],
    marked_words: [Part; Category::ALL.len()],
}

impl MarkScores {
    pub(super) fn documents(&self) -> u64 {
        self.documents
    }

    /// Lines of a category that went.
    pub(super) fn lines(&self, category: Category) -> Part {
        self.marked_lines[category as usize]
    }

    /// Words of a category that went.
    pub(super) fn words(&self, category: Category) -> Part {
        self.marked_words[category as usize]
    }

    /// Words of the article that went.
    pub(super) fn article_words(&self) -> Part {
        self.article_words
    }

    /// Over all default categories.
    pub(super) fn line_recall(&self) -> Option<f64> {
        of_defaults(&self.marked_lines).share()
    }

    pub(super) fn measures(&self) -> Vec<Measure> {
        let words = of_defaults(&self.marked_words);
        let removed = Part { part: words.part, whole: words.part + self.article_words.part };
        let precision =
            (self.article_words.whole + words.whole > 0).then(|| removed.share().unwrap_or(1.0));
        let measure = |key, heading, figure| Measure { key, heading, figure };
        vec![
            measure("documents", "documents", Figure::Count(self.documents)),
            measure(
                "marked_lines",
                "marked lines",
                Figure::Count(of_defaults(&self.marked_lines).whole),
            ),
            measure("doc_recall", "doc recall", Figure::Share(self.document_recall.value())),
            measure("line_recall", "line recall", Figure::Share(self.line_recall())),
            measure("word_recall", "word recall", Figure::Share(words.share())),
            measure("word_precision", "word precision", Figure::Share(precision)),
            measure(
                "false_lines_per_1000",
                "false lines/1000",
                Figure::Rate(self.article_lines.per(1e3)),
            ),
            measure(
                "false_words_per_million",
                "false words/million",
                Figure::Rate(self.article_words.per(1e6)),
            ),
        ]
    }
}

fn of_defaults(counts: &[Part]) -> Part {
    let mut sum = Part::default();
    let defaults = Category::ALL.into_iter().filter(|category| category.removed_by_default());
    defaults.for_each(|category| sum += counts[category as usize]);
    sum
}

impl AddAssign<&MarkScores> for MarkScores {
    fn add_assign(&mut self, other: &MarkScores) {
        self.documents += other.documents;
        self.document_recall += other.document_recall;
        self.article_lines += other.article_lines;
        self.article_words += other.article_words;
        for category in Category::ALL {
            self.marked_lines[category as usize] += other.marked_lines[category as usize];
            self.marked_words[category as usize] += other.marked_words[category as usize];
        }
    }
}

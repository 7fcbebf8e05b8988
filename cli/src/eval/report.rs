//! The sums over all documents.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use unfurnish::{Category, Removal};

use super::gold::{GoldScores, SnippetScores};
use super::marks::{Judgement, MarkScores, MarkedText};
use super::measure::{Figure, Measure, Part};
use super::rivals::Method;
use super::row::Row;

/// Everything that was found out.
pub(super) struct Report {
    pub(super) methods: &'static [Method],
    documents: u64,
    /// With the scores of each method.
    pub(super) groups: BTreeMap<Group, Vec<Scores>>,
    pub(super) rules: BTreeMap<String, RuleScores>,
    /// By set and id: words of the gold text, and how many each method leaves.
    losses: HashMap<(Option<String>, String), Loss>,
    /// Lines that lost words of the article, and furniture that stayed; as many as wanted.
    pub(super) wronged: Vec<String>,
    pub(super) missed: Vec<String>,
    /// How many of those are wanted.
    shown: usize,
}

/// What the scores are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dimension {
    Overall,
    Set,
    View,
    Type,
    Language,
}

impl Dimension {
    pub(super) const ALL: [Dimension; 5] =
        [Dimension::Overall, Dimension::Set, Dimension::View, Dimension::Type, Dimension::Language];

    pub(super) fn name(self) -> &'static str {
        match self {
            Dimension::Overall => "overall",
            Dimension::Set => "set",
            Dimension::View => "view",
            Dimension::Type => "type",
            Dimension::Language => "language",
        }
    }
}

/// Some of the documents, such as those in German.
pub(super) type Group = (Dimension, String);

/// Sums over documents. Each is of one kind, and so are the rows of most inputs.
#[derive(Clone, Default)]
pub(super) struct Scores {
    /// Of the words that are missing in what is left.
    pub(super) marks: MarkScores,
    /// Of the words in what was removed.
    pub(super) spans: MarkScores,
    pub(super) gold: GoldScores,
    pub(super) snippets: SnippetScores,
}

impl AddAssign<&Scores> for Scores {
    fn add_assign(&mut self, other: &Scores) {
        self.marks += &other.marks;
        self.spans += &other.spans;
        self.gold += &other.gold;
        self.snippets += &other.snippets;
    }
}

/// A kind of rows, and its figures.
pub(super) struct Kind {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    /// Whether tables show it for each group, too.
    pub(super) grouped: bool,
    measures: fn(&Scores) -> Vec<Measure>,
}

pub(super) const KINDS: [Kind; 4] = [
    Kind {
        key: "marks",
        title: "hand marks, aligned",
        grouped: false,
        measures: |scores| scores.marks.measures(),
    },
    Kind {
        key: "spans",
        title: "hand marks, by span",
        grouped: true,
        measures: |scores| scores.spans.measures(),
    },
    Kind {
        key: "gold",
        title: "article text",
        grouped: true,
        measures: |scores| scores.gold.measures(),
    },
    Kind {
        key: "snippets",
        title: "snippets",
        grouped: true,
        measures: |scores| scores.snippets.measures(),
    },
];

impl Kind {
    /// `None` if there are no documents of this kind.
    pub(super) fn measures(&self, scores: &Scores) -> Option<Vec<Measure>> {
        let measures = (self.measures)(scores);
        (!matches!(measures[0].figure, Figure::Count(0))).then_some(measures)
    }
}

/// What a rule did to texts with marks.
pub(super) struct RuleScores {
    pub(super) category: Category,
    pub(super) firings: u64,
    /// Firings that took marked words and none of the article.
    pub(super) right: u64,
    /// Firings that took words of the article.
    pub(super) wrong: u64,
    pub(super) marked_words: u64,
    pub(super) article_words: u64,
}

/// Words of a gold text before, and after each method.
struct Loss {
    before: u64,
    after: Vec<u64>,
}

/// What became of one document.
pub(super) struct Outcome {
    name: String,
    groups: Vec<Group>,
    /// Of each method.
    pub(super) scores: Vec<Scores>,
    rules: Vec<(String, RuleScores)>,
    loss: Option<((Option<String>, String), Loss)>,
    wronged: Vec<String>,
    missed: Vec<String>,
}

impl Outcome {
    /// `place` names rows that have no name.
    pub(super) fn of(row: &Row, place: impl Fn() -> String) -> Outcome {
        let mut groups = vec![(Dimension::Overall, String::new())];
        groups.extend(row.set.clone().map(|set| (Dimension::Set, set)));
        let view = row.view.as_ref().map(|view| match &row.set {
            Some(set) => format!("{set}/{view}"),
            None => view.clone(),
        });
        let of_kind = |kind: &String| match &view {
            Some(view) => format!("{view}/{kind}"),
            None => kind.clone(),
        };
        groups.extend(row.kind.as_ref().map(|kind| (Dimension::Type, of_kind(kind))));
        groups.extend(view.map(|view| (Dimension::View, view)));
        let language = row.language.clone().unwrap_or_else(|| language_of(&row.text));
        groups.push((Dimension::Language, language));
        Outcome {
            name: row.name.clone().unwrap_or_else(place),
            groups,
            scores: Vec::new(),
            rules: Vec::new(),
            loss: None,
            wronged: Vec::new(),
            missed: Vec::new(),
        }
    }

    /// Keeps the lines that may be shown.
    pub(super) fn tell(&mut self, text: &MarkedText<'_>, judgement: &Judgement) {
        let wronged = judgement.wronged.iter();
        self.wronged = wronged.map(|line| format!("{}: {}", self.name, text.line(*line))).collect();
        let missed = judgement.missed.iter();
        self.missed = missed
            .map(|(category, line)| format!("{}: {category}: {}", self.name, text.line(*line)))
            .collect();
    }

    /// A rule fired and took so many words.
    pub(super) fn fired(&mut self, removal: &Removal<'_>, marked_words: u64, article_words: u64) {
        let scores = RuleScores {
            category: removal.category,
            firings: 1,
            right: u64::from(marked_words > 0 && article_words == 0),
            wrong: u64::from(article_words > 0),
            marked_words,
            article_words,
        };
        self.rules.push((removal.rule.to_owned(), scores));
    }

    /// What is left of the words of the gold text.
    pub(super) fn lose(&mut self, row: &Row, before: u64, after: Vec<u64>) {
        let id = row.id.clone().unwrap_or_else(|| self.name.clone());
        self.loss = Some(((row.set.clone(), id), Loss { before, after }));
    }
}

/// The name of the language in English.
fn language_of(text: &str) -> String {
    let found = whatlang::detect(text).filter(|info| info.is_reliable());
    found.map_or("unknown", |info| info.lang().eng_name()).to_owned()
}

impl Report {
    pub(super) fn new(methods: &'static [Method], shown: usize) -> Report {
        Report {
            methods,
            documents: 0,
            groups: BTreeMap::new(),
            rules: BTreeMap::new(),
            losses: HashMap::new(),
            wronged: Vec::new(),
            missed: Vec::new(),
            shown,
        }
    }

    pub(super) fn documents(&self) -> u64 {
        self.documents
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        self.documents += 1;
        for group in outcome.groups {
            let sums = self.groups.entry(group);
            let sums = sums.or_insert_with(|| vec![Scores::default(); self.methods.len()]);
            sums.iter_mut().zip(&outcome.scores).for_each(|(sum, scores)| *sum += scores);
        }
        for (rule, scores) in outcome.rules {
            match self.rules.get_mut(&rule) {
                None => drop(self.rules.insert(rule, scores)),
                Some(sum) => {
                    sum.firings += scores.firings;
                    sum.right += scores.right;
                    sum.wrong += scores.wrong;
                    sum.marked_words += scores.marked_words;
                    sum.article_words += scores.article_words;
                }
            }
        }
        // The same page comes once from each extractor.
        self.losses.extend(outcome.loss);
        let (wronged, missed) = (self.shown - self.wronged.len(), self.shown - self.missed.len());
        self.wronged.extend(outcome.wronged.into_iter().take(wronged));
        self.missed.extend(outcome.missed.into_iter().take(missed));
    }

    /// The groups of a dimension.
    pub(super) fn by(&self, dimension: Dimension) -> impl Iterator<Item = (&str, &[Scores])> {
        let groups = self.groups.iter().filter(move |((of, _), _)| *of == dimension);
        groups.map(|((_, name), scores)| (name.as_str(), scores.as_slice()))
    }

    /// The scores of all documents, by method.
    pub(super) fn overall(&self) -> &[Scores] {
        self.by(Dimension::Overall).next().map_or(&[], |(_, scores)| scores)
    }

    /// What a method takes from texts that should stay whole.
    pub(super) fn loss(&self, method: usize) -> Option<Vec<Measure>> {
        let (mut before, mut after, mut changed) = (0, 0, Part::default());
        for loss in self.losses.values() {
            before += loss.before;
            after += loss.after[method];
            changed.count(loss.after[method] != loss.before);
        }
        // The normalizer may make two words of one, so there may be more of them than before.
        let lost = (before > 0).then(|| 1e6 * (1.0 - after as f64 / before as f64));
        let measure = |key, heading, figure| Measure { key, heading, figure };
        (changed.whole > 0).then(|| {
            vec![
                measure("documents", "documents", Figure::Count(changed.whole)),
                measure("lost_words_per_million", "lost words/million", Figure::Rate(lost)),
                measure("documents_changed", "changed", Figure::Share(changed.share())),
            ]
        })
    }

    /// Words of the article that the rules of a category took, per million.
    pub(super) fn false_words_by(&self, category: Category) -> Option<f64> {
        let of_category = self.rules.values().filter(|rule| rule.category == category);
        let part = of_category.map(|rule| rule.article_words).sum();
        let whole = self.overall().first()?.spans.article_words().whole;
        Part { part, whole }.per(1e6)
    }
}

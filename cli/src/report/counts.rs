//! Sums over documents: by category, rule, language and site, and how much each of them lost.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::Serialize;
use unfurnish::Category;
use whatlang::Lang;

use super::Document;
use crate::labels::Labels;
use crate::tally::words;

/// Sums over some documents.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) documents: u64,
    pub(super) changed: u64,
    pub(super) abstained: u64,
    pub(super) words: u64,
    pub(super) removed: u64,
    pub(super) rules: BTreeMap<String, Rule>,
    pub(super) languages: BTreeMap<String, Group>,
    pub(super) sites: BTreeMap<String, Group>,
    /// The documents that lost a share of their words up to each of [`STEPS`].
    pub(super) lost: [u64; STEPS.len()],
}

/// What a rule took.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Rule {
    #[serde(skip)]
    pub(super) category: Category,
    pub(super) removals: u64,
    pub(super) words: u64,
}

/// What went from some documents.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct Group {
    pub(super) documents: u64,
    pub(super) words: u64,
    pub(super) removed: u64,
}

/// Shares of words, in hundredths. The first is that of documents that lost nothing.
pub(super) const STEPS: [u64; 9] = [0, 1, 2, 5, 10, 20, 30, 50, 100];

/// Most sites, and most languages, that are counted one by one; those that come later are counted
/// together.
const MOST_GROUPS: usize = 10_000;

/// What these are called.
const OTHERS: &str = "(others)";

/// What a document is counted under that says nothing of its site.
const NO_SITE: &str = "(none)";

impl Counts {
    /// Adds a document, and says how many words it has and how many it lost.
    pub(super) fn note(&mut self, document: &Document<'_>, language: &str) -> (u64, u64) {
        let Document { text, cleaned, labels, .. } = document;
        let mut removed = 0;
        for removal in cleaned.removals() {
            let words = words(&text[removal.span.clone()]);
            removed += words;
            let rule = Rule { category: removal.category, removals: 1, words };
            add(&mut self.rules, removal.rule, rule);
        }
        let words = words(text);
        self.documents += 1;
        self.abstained += u64::from(cleaned.abstained());
        self.changed += u64::from(!cleaned.removals().is_empty());
        self.words += words;
        self.removed += removed;
        if !cleaned.abstained() {
            let step = STEPS.iter().position(|step| removed * 100 <= step * words);
            self.lost[step.unwrap_or(STEPS.len() - 1)] += 1;
        }
        let group = Group { documents: 1, words, removed };
        add_group(&mut self.languages, language, group);
        add_group(&mut self.sites, labels.site.as_deref().unwrap_or(NO_SITE), group);
        (words, removed)
    }

    pub(super) fn add(&mut self, other: Counts) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.abstained += other.abstained;
        self.words += other.words;
        self.removed += other.removed;
        other.rules.into_iter().for_each(|(id, rule)| add(&mut self.rules, &id, rule));
        for (name, group) in other.languages {
            add_group(&mut self.languages, &name, group);
        }
        other.sites.into_iter().for_each(|(name, group)| add_group(&mut self.sites, &name, group));
        self.lost.iter_mut().zip(other.lost).for_each(|(sum, more)| *sum += more);
    }
}

fn add<T: AddAssign>(sums: &mut BTreeMap<String, T>, name: &str, more: T) {
    match sums.get_mut(name) {
        Some(sum) => *sum += more,
        None => {
            sums.insert(name.to_owned(), more);
        }
    }
}

fn add_group(groups: &mut BTreeMap<String, Group>, name: &str, more: Group) {
    let full = groups.len() >= MOST_GROUPS && !groups.contains_key(name);
    add(groups, if full { OTHERS } else { name }, more);
}

impl AddAssign for Rule {
    fn add_assign(&mut self, other: Rule) {
        self.removals += other.removals;
        self.words += other.words;
    }
}

impl AddAssign for Group {
    fn add_assign(&mut self, other: Group) {
        self.documents += other.documents;
        self.words += other.words;
        self.removed += other.removed;
    }
}

/// The language as the row says it, or the one that the text seems to be in.
pub(super) fn language(labels: &Labels, text: &[u8]) -> String {
    /// As much as is enough to tell.
    const BYTES: usize = 1_000;
    match &labels.language {
        Some(said) => Lang::from_code(said).map_or(&**said, |lang| lang.eng_name()).to_owned(),
        None => {
            let start: Cow<'_, str> = String::from_utf8_lossy(&text[..text.len().min(BYTES)]);
            let found = whatlang::detect(&start).filter(|info| info.is_reliable());
            found.map_or("unknown", |info| info.lang().eng_name()).to_owned()
        }
    }
}

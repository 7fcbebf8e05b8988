//! Which rule fires on which line, given the lines around it.
//!
//! Each line's cues are gathered once (`evidence`). Rules then fire in rounds, because a line may
//! be furniture only next to furniture, until a round changes nothing: what is left would fire
//! no rule if it came in again, which makes cleaning idempotent.

mod document;
mod evidence;
#[cfg(all(test, feature = "toml"))]
mod oracle;
mod sentences;
mod shape;

use std::cell::RefCell;
use std::ops::Range;

use crate::cues::Finder;
use crate::lines::content_lines;
use crate::page::Said;
use crate::rules::Rule;
use document::Document;
use evidence::{Evidence, Scratch, gather};
use shape::Shape;

/// What is to go from a normalized text.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Spans in bytes of the normalized text, in order, none overlapping, with the rule's index;
    /// [`MODEL`] for what the model of profile `page` takes.
    pub(crate) cuts: Vec<(Range<usize>, usize)>,
    /// More would have gone than the budget allows; `cuts` is empty.
    pub(crate) abstained: bool,
}

/// The index that stands for the model instead of a rule.
pub(crate) const MODEL: usize = usize::MAX;

/// Rounds before a text is given up as a riddle. Articles take two or three.
const MAX_ROUNDS: usize = 16;

thread_local! {
    /// A text without furniture goes through without an allocation, once its thread has warmed up.
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch::new()) };
}

/// Weighs the lines of a normalized text; `budget` is the share of words that may go.
pub(crate) fn weigh(text: &str, rules: &[Rule], finder: &Finder, budget: f64) -> Verdict {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.reset(rules.len());
        let gather = |line: &str| gather(line, rules, finder, scratch);
        weigh_lines(text, (rules, finder.cueless()), budget, gather)
    })
}

fn weigh_lines(
    text: &str,
    (rules, cueless): (&[Rule], &[usize]),
    budget: f64,
    mut gather: impl FnMut(&str) -> Evidence,
) -> Verdict {
    let mut found = Vec::new();
    for (number, line) in content_lines(text).enumerate() {
        let evidence = gather(&text[line]);
        if !evidence.is_empty() {
            found.push((number, evidence));
        }
    }
    let may_fire = found.iter().any(|(_, evidence)| evidence.may_fire());
    if !may_fire && !opens_with_furniture(text, rules, cueless) {
        return Verdict::default();
    }
    let mut document = Document::new(text, (rules, cueless), found);
    let mut rounds = 0;
    while document.round(&mut gather) {
        rounds += 1;
        if rounds == MAX_ROUNDS {
            return Verdict { cuts: Vec::new(), abstained: true };
        }
    }
    if !document.within(budget) {
        return Verdict { cuts: Vec::new(), abstained: true };
    }
    Verdict { cuts: document.cuts(), abstained: false }
}

/// Weighs the lines of a whole page: what rules take goes, and of the other lines those that
/// `choose` does not want, given where all of them are and what the rules say of each.
pub(crate) fn weigh_page(
    text: &str,
    rules: &[Rule],
    finder: &Finder,
    choose: impl FnOnce(&[Range<usize>], &[Said]) -> Vec<bool>,
) -> Verdict {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.reset(rules.len());
        let mut gather = |line: &str| gather(line, rules, finder, scratch);
        let lines = content_lines(text).enumerate();
        let found: Vec<_> = lines.map(|(number, line)| (number, gather(&text[line]))).collect();
        let mut document = Document::new(text, (rules, finder.cueless()), found);
        let candidates = document.candidates();
        let mut rounds = 0;
        while document.round(&mut gather) {
            rounds += 1;
            if rounds == MAX_ROUNDS {
                return Verdict { cuts: Vec::new(), abstained: true };
            }
        }
        let (lines, said) = document.said(&candidates);
        document.keep(&choose(&lines, &said));
        Verdict { cuts: document.cuts(), abstained: false }
    })
}

/// Whether the content of a line is prose.
#[cfg(feature = "toml")]
pub(crate) fn is_prose(line: &str) -> bool {
    Shape::of(line).prose
}

/// Whether a rule without cues may fire on the first line, which takes no other furniture.
fn opens_with_furniture(text: &str, rules: &[Rule], cueless: &[usize]) -> bool {
    let Some(first) = content_lines(text).next() else { return false };
    let shape = Shape::of(&text[first]);
    let may_fire = |rule: &Rule| rule.after.edge && shape.words <= rule.max_words.into();
    !shape.prose && cueless.iter().any(|&rule| may_fire(&rules[rule]))
}

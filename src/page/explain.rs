//! What spoke for and against each line of a page.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::features::Feature;
use super::{Again, Model, Page, Said, choose};

/// What profile `page` made of a line; see [`Cleaner::page_lines`](crate::Cleaner::page_lines).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLine {
    /// The line, normalized, without blanks around it.
    pub text: String,
    /// How likely the model takes it to be of the article, in hundredths.
    pub likelihood: u8,
    /// Whether it stays, as far as model and rules take whole lines.
    pub stays: bool,
    /// What spoke for it and against it, the strongest first.
    pub reasons: Vec<Reason>,
}

/// One thing that spoke for or against a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it is, in words.
    pub feature: &'static str,
    /// Which line it is seen in: 0 for the line itself, -1 for the one above.
    pub line: i32,
    /// How much it raised the odds' logarithm, in 1024ths; below 0 it spoke against.
    pub weight: i32,
}

pub(crate) fn explain(
    model: &Model,
    text: &str,
    lines: &[Range<usize>],
    said: &[Said],
) -> Vec<PageLine> {
    let (mut page, mut likelihoods) = (Page::default(), Vec::new());
    page.read(text, lines, said);
    let mut weights: Vec<Weights> = vec![Weights::new(); lines.len()];
    model.score(&mut page, &mut Again::default(), &mut likelihoods, |pass, columns| {
        for (line, weights) in weights.iter_mut().enumerate() {
            pass.attribute(columns, line, |place, weight| {
                *weights.entry((place.below(), place.feature())).or_insert(0) += weight;
            });
        }
    });
    let stay = choose(&likelihoods, &page.words);
    let lines = lines.iter().zip(said).zip(weights).enumerate();
    lines
        .map(|(number, ((line, said), weights))| PageLine {
            text: text[line.clone()].to_owned(),
            likelihood: (100 * u32::from(likelihoods[number]) / 65_536) as u8,
            stays: stay[number] && said.gone.is_none(),
            reasons: reasons(weights),
        })
        .collect()
}

/// How much each feature moved a line's score, and in which line beside it.
type Weights = BTreeMap<(i32, usize), i32>;

fn reasons(mut weights: Weights) -> Vec<Reason> {
    // What a pass thinks of the line is explained by what it went by.
    weights.remove(&(0, Feature::Score as usize));
    let reason =
        |((line, feature), weight)| Reason { feature: Feature::NAMES[feature], line, weight };
    let mut reasons: Vec<Reason> = weights.into_iter().map(reason).collect();
    reasons.sort_by_key(|reason| Reverse(reason.weight.abs()));
    reasons
}

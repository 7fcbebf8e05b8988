//! Which rule fires on which line, given the lines around it.
//!
//! Each line's cues are gathered once (`evidence`). Rules then fire in rounds, because a line may
//! be furniture only next to furniture, until a round changes nothing: what is left would fire
//! no rule if it came in again, which makes cleaning idempotent.

mod document;
mod evidence;
mod lists;
#[cfg(all(test, feature = "toml"))]
mod oracle;
mod sentences;
mod shape;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::lines::{content_lines, line_at, lines_above};
use crate::page::Said;
use crate::rules::Rule;
use document::Document;
pub(crate) use evidence::Known;
use evidence::{Look, Scratch, gather_parts, look};
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

thread_local! {
    /// A text without furniture goes through without an allocation, once its thread has warmed up.
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch::new()) };
}

/// Weighs the lines of a normalized text; `budget` is the share of words that may go.
pub(crate) fn weigh(text: &str, known: Known<'_>, budget: f64) -> Verdict {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.reset(known.rules.len());
        let found = look_at_spots(text, known, scratch);
        let candidates = found.iter().any(|(_, look)| !look.evidence.candidates.is_empty());
        let may_fire = candidates
            || found.iter().any(|(line, look)| may_spread(text, line, look, known, scratch))
            || opens_with_furniture(text, known);
        if !may_fire {
            return Verdict::default();
        }
        let mut document = Document::new(text, known, found);
        if !(document.settle(scratch) && document.within(budget)) {
            return Verdict { cuts: Vec::new(), abstained: true };
        }
        Verdict { cuts: document.cuts(), abstained: false }
    })
}

/// The lines of a text that may be furniture whatever is beside them, with what speaks for it.
fn look_at_spots(
    text: &str,
    known: Known<'_>,
    scratch: &mut Scratch,
) -> Vec<(Range<usize>, Rc<Look>)> {
    let mut spots = scratch.take_spots();
    known.finder.scout(text, known.scout, &mut spots);
    let mut found: Vec<(Range<usize>, Rc<Look>)> = Vec::new();
    let mut seen = Seen::new();
    let (mut rest, mut read) = (&*spots, 0);
    while let Some(first) = rest.first() {
        let (whole, line) = line_at(text, read, first.at);
        let (here, others) = rest.split_at(rest.partition_point(|spot| spot.at <= whole.end));
        (rest, read) = (others, whole.end);
        if line.is_empty() {
            continue;
        }
        let (before, place) = seen.find(&text[line.clone()]);
        let look = match before {
            Some(before) => before.map(|number| Rc::clone(&found[number].1)),
            None => look(&text[line.clone()], line.start, here, known, scratch)
                .filter(|look| !(look.spread.is_empty() && look.evidence.is_empty()))
                .map(Rc::new),
        };
        seen.lines[place].1 = look.is_some().then_some(found.len());
        found.extend(look.map(|look| (line, look)));
    }
    scratch.give_back(spots);
    found
}

/// Lines that were looked at last, with the numbers of what was found in them: `Share`, `Reply` and
/// the headings of tables come again and again.
struct Seen<'t> {
    lines: [(&'t str, Option<usize>); 64],
}

impl<'t> Seen<'t> {
    fn new() -> Seen<'t> {
        Seen { lines: [("", None); 64] }
    }

    /// What was found in a line that says the same, if it was looked at; and the place that the line
    /// has now.
    fn find(&mut self, line: &'t str) -> (Option<Option<usize>>, usize) {
        let (first, last) = (line.as_bytes()[0], line.as_bytes()[line.len() - 1]);
        let place =
            (line.len() + 5 * usize::from(first) + 3 * usize::from(last)) % self.lines.len();
        let (before, found) = std::mem::replace(&mut self.lines[place], (line, None));
        ((before == line).then_some(found), place)
    }
}

/// Whether a rule has all its groups in a line that has its key and the lines beside it, as far as
/// it may be spread.
fn may_spread(
    text: &str,
    line: &Range<usize>,
    look: &Look,
    known: Known<'_>,
    scratch: &mut Scratch,
) -> bool {
    if look.spread.is_empty() {
        return false;
    }
    let reach = usize::from(known.scout.most_lines) - 1;
    let goes_on = |span: &Range<usize>| Shape::of(&text[span.clone()]).goes_on(&text[span.clone()]);
    let mut lines = vec![line.clone()];
    for span in lines_above(text, line.start).take(reach) {
        if !lines.last().is_some_and(goes_on) {
            break;
        }
        lines.push(span);
    }
    let below = content_lines(&text[line.end..]).take(reach);
    let below = below.map(|span| line.end + span.start..line.end + span.end);
    lines.extend(below.take_while(goes_on));
    let mut groups = vec![0; look.spread.len()];
    for span in lines {
        for part in gather_parts(&text[span], &look.spread, known, scratch) {
            let places = look.spread.iter().zip(&mut groups);
            places.filter(|(rule, _)| **rule == part.rule).for_each(|(_, all)| *all |= part.groups);
        }
    }
    look.spread.iter().zip(groups).any(|(&rule, all)| all == known.rules[rule].all_groups())
}

/// Weighs the lines of a whole page: what rules take goes, and of the other lines those that
/// `choose` does not want, given where all of them are and what the rules say of each.
pub(crate) fn weigh_page(
    text: &str,
    known: Known<'_>,
    choose: impl FnOnce(&[Range<usize>], &[Said]) -> Vec<bool>,
) -> Verdict {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.reset(known.rules.len());
        let found = look_at_spots(text, known, scratch);
        let mut document = Document::new(text, known, found);
        let candidates = document.candidates();
        if !document.settle(scratch) {
            return Verdict { cuts: Vec::new(), abstained: true };
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
fn opens_with_furniture(text: &str, Known { rules, finder, .. }: Known<'_>) -> bool {
    let Some(first) = content_lines(text).next() else { return false };
    let shape = Shape::of(&text[first]);
    let may_fire = |rule: &Rule| rule.after.edge && shape.words <= rule.max_words.into();
    !shape.prose && finder.cueless().iter().any(|&rule| may_fire(&rules[rule]))
}

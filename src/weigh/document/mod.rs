//! The lines of a text in context: which candidates the neighbours agree with, and what goes.

mod agree;
mod cut;

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::MODEL;
use super::evidence::{Candidate, Known, Look, Part, Scratch, gather_parts, look_anew};
use super::shape::{Shape, count_words, ends_sentence};
use crate::category::{Category, CategorySet};
use crate::lines::content_lines;
use crate::page::Said;
use crate::rules::{Rule, Take};
use cut::apart;

/// The lines of a text and what became of them.
pub(super) struct Document<'t, 'r> {
    text: &'t str,
    known: Known<'r>,
    rules: &'r [Rule],
    lines: Vec<Line<'t>>,
    /// The rule of each firing, in order.
    firings: Vec<usize>,
    /// Bytes of lines that were looked at again because something was cut out of them.
    again: usize,
}

struct Line<'t> {
    /// Where its content stands in the document.
    span: Range<usize>,
    /// What is left of its content.
    text: Cow<'t, str>,
    /// What was cut out of it, in bytes of the document, with the firing.
    cuts: Vec<(Range<usize>, usize)>,
    /// Where in `text` something was cut out, and of which categories.
    scars: Vec<(usize, CategorySet)>,
    shape: Shape,
    /// What speaks for furniture, if anything does: lines that say the same share it.
    look: Option<Rc<Look>>,
    /// The rules of which it is known what parts it has.
    known: Vec<usize>,
    /// The firing that took it whole.
    gone: Option<usize>,
    /// What went of its block when the round began.
    block: Block,
    /// The nearest lines that are left.
    previous: Option<usize>,
    next: Option<usize>,
    /// What went from between this line and the nearest ones that are left.
    above: CategorySet,
    below: CategorySet,
}

impl Line<'_> {
    fn candidates(&self) -> &[Candidate] {
        self.look.as_deref().map_or(&[], |look| &look.evidence.candidates)
    }

    fn ends_with_comma(&self) -> bool {
        self.text.ends_with([',', '،', '，'])
    }

    fn parts(&self) -> &[Part] {
        self.look.as_deref().map_or(&[], |look| &look.evidence.parts)
    }

    /// The rules that may be spread over it and the lines beside it, because it has their keys.
    fn spread(&self) -> &[usize] {
        self.look.as_deref().map_or(&[], |look| &look.spread)
    }
}

/// How many lines went of those from the prose above a line to the prose below it.
#[derive(Clone, Copy, Default)]
struct Block {
    above: usize,
    gone: usize,
    lines: usize,
}

impl Block {
    /// Whether it is what a rule asks for.
    fn suits(self, (above, gone, percent): (u16, u16, u16)) -> bool {
        self.above >= above.into()
            && self.gone >= gone.into()
            && 100 * self.gone >= usize::from(percent) * self.lines
    }
}

/// What a round knows of the text as a whole.
#[derive(Clone, Copy)]
struct Outline {
    /// The first and the last line of prose.
    prose: Option<(usize, usize)>,
    /// The first line with half of the words above it.
    half: usize,
}

/// Rounds before a text is given up as a riddle. Articles take two or three.
const MAX_ROUNDS: usize = 16;
/// How many bytes of each byte of a text, and how many more, are looked at again before it is one.
const MAX_AGAIN: (usize, usize) = (2, 1 << 14);
/// Most words of a line that is only the continuation of a broken sentence.
const CONTINUATION_WORDS: u32 = 20;
/// The categories whose notices run over several sentences.
const NOTICES: [Category; 4] =
    [Category::Legal, Category::Newsletter, Category::Promo, Category::Comments];
/// How many of a hundred bytes of such a line must have gone for the rest to go, and most bytes
/// of that rest.
const NOTICE_PERCENT: usize = 30;
const NOTICE_BYTES: usize = 400;
/// How many of a hundred words must stand between the first line of prose and the last one, or the
/// text is a list, a table or a poem, and what is above and below its prose is no edge.
const BODY_PERCENT: u64 = 50;

impl<'t, 'r> Document<'t, 'r> {
    /// A document, with the evidence found in some of its lines.
    pub(super) fn new(
        text: &'t str,
        known: Known<'r>,
        found: Vec<(Range<usize>, Rc<Look>)>,
    ) -> Self {
        let spans = content_lines(text).enumerate();
        let mut lines: Vec<Line<'t>> = spans
            .map(|(number, span)| Line {
                text: Cow::Borrowed(&text[span.clone()]),
                cuts: Vec::new(),
                scars: Vec::new(),
                shape: Shape::of(&text[span.clone()]),
                span,
                look: None,
                known: Vec::new(),
                gone: None,
                block: Block::default(),
                previous: number.checked_sub(1),
                next: Some(number + 1),
                above: CategorySet::EMPTY,
                below: CategorySet::EMPTY,
            })
            .collect();
        if let Some(last) = lines.last_mut() {
            last.next = None;
        }
        let mut number = 0;
        for (span, look) in found {
            number += lines[number..].partition_point(|line| line.span.start < span.start);
            let line = &mut lines[number];
            line.known = look.evidence.spread();
            line.look = Some(look);
        }
        Document { text, known, rules: known.rules, lines, firings: Vec::new(), again: 0 }
    }

    /// Lets rules fire until none can; false if they do not come to an end.
    pub(super) fn settle(&mut self, scratch: &mut Scratch) -> bool {
        let most = MAX_AGAIN.0 * self.text.len() + MAX_AGAIN.1;
        for _ in 0..MAX_ROUNDS {
            if !self.round(scratch) {
                return true;
            }
            if self.again > most {
                return false;
            }
        }
        false
    }

    /// Lets every rule fire that can, and says whether one did.
    fn round(&mut self, scratch: &mut Scratch) -> bool {
        let outline = self.outline();
        self.count_blocks();
        let before = self.firings.len();
        // Down for what follows furniture, up for what precedes it.
        for number in (0..self.lines.len()).chain((0..self.lines.len()).rev()) {
            self.fire_parts(number, scratch);
            self.fire_candidates(number, outline, scratch);
            self.fire_cueless(number, outline);
        }
        self.firings.len() > before
    }

    /// Whether no more than a share of the words went.
    pub(super) fn within(&self, budget: f64) -> bool {
        let mut gone = 0u64;
        for line in self.lines.iter().filter(|line| line.gone.is_some() || !line.cuts.is_empty()) {
            let left = if line.gone.is_none() { count_words(&line.text) } else { 0 };
            gone += u64::from(count_words(&self.text[line.span.clone()]) - left);
        }
        // Most texts lose little, and a few lines of what is left are enough to say so.
        let mut left = 0u64;
        let mut lines = self.lines.iter().filter(|line| line.gone.is_none());
        while gone as f64 > budget * (gone + left) as f64 {
            match lines.next() {
                Some(line) => left += u64::from(count_words(&line.text)),
                None => return false,
            }
        }
        true
    }

    /// The categories of the rules that would fire on each line.
    pub(super) fn candidates(&self) -> Vec<CategorySet> {
        let categories = |line: &Line<'_>| {
            let candidates = line.candidates().iter();
            candidates.map(|candidate| self.rules[candidate.rule].category).collect()
        };
        self.lines.iter().map(categories).collect()
    }

    /// Where the lines are, and what the rules say of each, given those that might have fired.
    pub(super) fn said(&self, candidates: &[CategorySet]) -> (Vec<Range<usize>>, Vec<Said>) {
        let category = |firing: usize| self.rules[self.firings[firing]].category;
        let said = self.lines.iter().zip(candidates).map(|(line, &candidates)| Said {
            // What is kept by default speaks for no furniture, wherever else it is removed.
            gone: line.gone.map(category).filter(|category| category.removed_by_default()),
            partly: !line.cuts.is_empty(),
            candidates,
        });
        (self.lines.iter().map(|line| line.span.clone()).collect(), said.collect())
    }

    /// Takes the lines that are not to be kept, for the model.
    pub(super) fn keep(&mut self, kept: &[bool]) {
        let firing = self.fire(MODEL);
        for (line, kept) in self.lines.iter_mut().zip(kept) {
            if !kept && line.gone.is_none() {
                line.gone = Some(firing);
            }
        }
    }

    /// The outline of what is left.
    fn outline(&self) -> Outline {
        let left = |line: &Line<'_>| line.gone.is_none();
        let is_prose = |line: &Line<'_>| left(line) && line.shape.prose;
        let words = |line: &Line<'_>| if left(line) { u64::from(line.shape.words) } else { 0 };
        let count = |lines: &[Line<'_>]| lines.iter().map(words).sum::<u64>();
        let all = count(&self.lines);
        let first = self.lines.iter().position(is_prose);
        let prose = first.and_then(|first| Some((first, self.lines.iter().rposition(is_prose)?)));
        let mut above = 0;
        let half = self.lines.iter().position(|line| {
            let late = 2 * above >= all;
            above += words(line);
            late
        });
        Outline {
            prose: prose.filter(|&(first, last)| {
                100 * count(&self.lines[first..=last]) >= BODY_PERCENT * all
            }),
            half: half.unwrap_or(self.lines.len()),
        }
    }

    /// Counts what went of each block of lines between prose. Lines of the categories that are kept
    /// by default speak for no furniture: a date does not make its neighbours a menu.
    fn count_blocks(&mut self) {
        let (rules, firings) = (self.rules, &self.firings);
        let is_prose = |line: &Line<'_>| line.gone.is_none() && line.shape.prose;
        let category = |line: &Line<'_>| line.gone.map(|firing| rules[firings[firing]].category);
        let is_furniture =
            |line: &Line<'_>| category(line).is_some_and(Category::removed_by_default);
        for block in self.lines.split_mut(is_prose) {
            let furniture = block.iter().filter(|line| is_furniture(line)).count();
            let optional = block.iter().filter(|line| line.gone.is_some()).count() - furniture;
            let lines = block.len() - optional;
            let mut above = 0;
            for line in block {
                line.block = Block { above, gone: furniture, lines };
                above += usize::from(is_furniture(line));
            }
        }
    }

    /// Takes a line whatever it says, if a rule agrees with what is beside it.
    fn fire_cueless(&mut self, number: usize, outline: Outline) {
        let line = &self.lines[number];
        // A headline over prose may be that prose's heading.
        let heads_prose =
            line.shape.headline && line.next.is_some_and(|next| self.lines[next].shape.prose);
        if line.gone.is_some() || line.shape.prose || heads_prose {
            return;
        }
        let agreed = self.known.finder.cueless().iter().find(|&&index| {
            let rule = &self.rules[index];
            let fits = line.shape.words <= rule.max_words.into()
                && (line.shape.headline || !rule.headline)
                && line.block.suits(rule.block);
            let take = 0..line.text.len();
            let candidate = Candidate { rule: index, take, heading: false, groups: 0 };
            fits && self.agrees(number, &candidate, outline)
        });
        if let Some(&rule) = agreed {
            let firing = self.fire(rule);
            self.take_line(number, firing);
        }
    }

    fn fire_candidates(&mut self, number: usize, outline: Outline, scratch: &mut Scratch) {
        let line = &self.lines[number];
        if line.gone.is_some() || line.candidates().is_empty() {
            return;
        }
        let agreed = line.candidates().iter().filter(|c| self.agrees(number, c, outline));
        let mut agreed: Vec<Candidate> = agreed.cloned().collect();
        let whole = 0..line.text.len();
        // Of rules that agree on the line, the one that asks most of its anchor names it, and of
        // those the one that takes most below, and of those the first.
        let by_claim = |candidate: &&Candidate| {
            let rule = &self.rules[candidate.rule];
            (rule.at, std::cmp::Reverse((rule.to_end, rule.run.1)), candidate.rule)
        };
        let taking = agreed.iter().filter(|candidate| candidate.take == whole);
        if let Some(candidate) = taking.min_by_key(by_claim) {
            let (rule, heading) = (candidate.rule, candidate.heading);
            let firing = self.fire(rule);
            self.take_line(number, firing);
            self.take_continuations(number, number, firing);
            if heading {
                self.take_run(number, firing);
            }
            if self.rules[rule].to_end {
                self.take_below(number, firing);
            }
            return;
        }
        agreed.sort_by_key(|c| (c.take.start, std::cmp::Reverse(c.take.end), c.rule));
        // What is spared must not keep from firing what it overlaps.
        loop {
            let chosen = apart(&line.text, &agreed);
            let spared = self.inner_sentences(line, &chosen);
            if spared.is_empty() {
                agreed = chosen;
                break;
            }
            agreed.retain(|one| !spared.contains(&(one.rule, one.take.end)));
        }
        let Some(last) = agreed.last() else { return };
        let run = last.heading && last.take.end == whole.end;
        self.cut(number, &agreed);
        if run {
            self.take_run(number, self.firings.len() - 1);
        }
        self.end_notice(number);
        self.look_again(number, scratch);
    }

    /// Takes the rest of a notice whose beginning was cut: what a site says of its links, its
    /// newsletter or its comments goes on to the end of the line.
    fn end_notice(&mut self, number: usize) {
        let line = &self.lines[number];
        let Some((first, firing)) = line.cuts.first() else { return };
        let (begins, firing) = (first.start == line.span.start, *firing);
        let gone: usize = line.cuts.iter().map(|(cut, _)| cut.len()).sum();
        let much = 100 * gone >= NOTICE_PERCENT * line.span.len();
        let notice = NOTICES.contains(&self.rules[self.firings[firing]].category);
        if line.gone.is_none() && begins && much && notice && line.text.len() <= NOTICE_BYTES {
            self.take_line(number, firing);
        }
    }

    /// Weighs anew what is left of a line that was cut.
    fn look_again(&mut self, number: usize, scratch: &mut Scratch) {
        let line = &mut self.lines[number];
        if line.gone.is_none() {
            self.again += line.text.len();
            line.shape = Shape::of(&line.text);
            line.look = look_anew(&line.text, self.known, scratch).map(Rc::new);
            line.known = line.look.as_ref().map_or(Vec::new(), |look| look.evidence.spread());
        }
    }

    /// Gathers the parts of rules that may be spread over a line and those below.
    fn gather_parts(&mut self, number: usize, scratch: &mut Scratch) {
        let reach = self.known.scout.most_lines.into();
        let goes_on = |line: &Line<'_>| line.shape.goes_on(&line.text);
        let below =
            |&number: &usize| self.lines[number].next.filter(|&next| goes_on(&self.lines[next]));
        let near = std::iter::successors(Some(number), below).take(reach);
        let mut rules = near.clone().flat_map(|number| self.lines[number].spread()).peekable();
        if rules.peek().is_none() {
            return;
        }
        let rules: Vec<usize> = rules.copied().collect();
        for number in near.collect::<Vec<_>>() {
            let line = &mut self.lines[number];
            let mut new = rules.clone();
            new.retain(|rule| !line.known.contains(rule));
            if !new.is_empty() {
                let mut parts = gather_parts(&line.text, &new, self.known, scratch);
                if !parts.is_empty() {
                    let look = Rc::make_mut(line.look.get_or_insert_default());
                    look.evidence.parts.append(&mut parts);
                }
                line.known.append(&mut new);
            }
        }
    }

    /// Fires the rules whose groups of cues are spread over this line and the next ones.
    fn fire_parts(&mut self, number: usize, scratch: &mut Scratch) {
        if self.lines[number].gone.is_some() {
            return;
        }
        self.gather_parts(number, scratch);
        let line = &self.lines[number];
        // What only goes on below is no part of prose.
        let begins = |part: &&Part| !line.shape.prose || part.groups & 1 != 0;
        let spread = line.parts().iter().filter(begins).find_map(|part| {
            let rule = &self.rules[part.rule];
            let mut groups = part.groups;
            let mut words = count_words(&line.text[part.start..]);
            let below = std::iter::successors(line.next, |&n| self.lines[n].next);
            for (below, count) in below.zip(2usize..).take(usize::from(rule.lines) - 1) {
                let line = &self.lines[below];
                words += line.shape.words;
                if words > rule.max_words.into() || !line.shape.goes_on(&line.text) {
                    break;
                }
                let same = line.parts().iter().filter(|other| other.rule == part.rule);
                let more = same.fold(0, |all, other| all | other.groups);
                groups |= more;
                if more != 0 && groups == rule.all_groups() {
                    return Some((part.clone(), count));
                }
            }
            None
        });
        let Some((part, count)) = spread else { return };
        if part.start > 0 {
            let take = part.start..self.lines[number].text.len();
            self.cut(number, &[Candidate { rule: part.rule, take, heading: false, groups: 0 }]);
            self.look_again(number, scratch);
        } else {
            let firing = self.fire(part.rule);
            self.take_line(number, firing);
        }
        let firing = self.firings.len() - 1;
        let mut last = number;
        for _ in 1..count {
            let Some(below) = self.lines[last].next else { break };
            self.take_line(below, firing);
            last = below;
        }
        self.take_continuations(number, last, firing);
    }

    fn fire(&mut self, rule: usize) -> usize {
        self.firings.push(rule);
        self.firings.len() - 1
    }

    fn take_line(&mut self, number: usize, firing: usize) {
        let Line { previous, next, above, below, .. } = self.lines[number];
        let mut between = above.union(below);
        between.insert(self.rules[self.firings[firing]].category);
        if let Some(previous) = previous {
            self.lines[previous].next = next;
            self.lines[previous].below = between;
        }
        if let Some(next) = next {
            self.lines[next].previous = previous;
            self.lines[next].above = between;
        }
        let line = &mut self.lines[number];
        line.gone = Some(firing);
        line.look = None;
    }

    /// Takes the headline-shaped lines below a line that went or was cut at its end.
    fn take_run(&mut self, number: usize, firing: usize) {
        let rule = &self.rules[self.firings[firing]];
        for _ in 0..self.run(number, rule) {
            if let Some(next) = self.lines[number].next {
                self.take_line(next, firing);
                self.lines[number].next = self.lines[next].next;
            }
        }
    }

    /// Takes all lines below a line that went.
    fn take_below(&mut self, number: usize, firing: usize) {
        while let Some(next) = self.lines[number].next {
            self.take_line(next, firing);
            self.lines[number].next = self.lines[next].next;
        }
    }

    /// Takes the rest of a sentence that line breaks have broken, above and below lines that
    /// went.
    fn take_continuations(&mut self, first: usize, last: usize, firing: usize) {
        let rule = &self.rules[self.firings[firing]];
        if rule.lines < 2 || rule.take != Take::Sentence {
            return;
        }
        let continues = |line: &Line<'_>| line.text.starts_with(char::is_lowercase);
        let short = |line: &Line<'_>| line.shape.words <= CONTINUATION_WORDS;
        let mut at = first;
        for _ in 1..rule.lines {
            let Some(previous) = self.lines[at].previous else { break };
            let line = &self.lines[previous];
            let open = line.ends_with_comma() || continues(&self.lines[at]);
            if !short(line) || !open || ends_sentence(&line.text) {
                break;
            }
            self.take_line(previous, firing);
            at = previous;
        }
        let mut at = last;
        for _ in 1..rule.lines {
            let Some(next) = self.lines[at].next else { break };
            let line = &self.lines[next];
            if !short(line) || !continues(line) || ends_sentence(&self.lines[at].text) {
                break;
            }
            self.take_line(next, firing);
            at = next;
        }
    }
}

//! What goes of a line, in bytes of the document, and which gaps go with lines that went.

use std::borrow::Cow;
use std::ops::Range;

use super::{Candidate, Document, Line};
use crate::category::CategorySet;
use crate::cues::{is_alphanumeric, is_inside_word};
use crate::rules::Take;
use crate::weigh::sentences::{core, is_decoration};
use crate::weigh::shape::{MOST_WORDS, count_words_up_to};

/// Groups of a rule that may take a sentence from the midst of a paragraph.
const SURE_GROUPS: u8 = 3;
/// Words beside a sentence that are no paragraph around it.
const FEW_WORDS: u32 = 4;

impl Document<'_, '_> {
    /// What went, in bytes of the document, with the index of the rule.
    pub(in crate::weigh) fn cuts(&self) -> Vec<(Range<usize>, usize)> {
        let mut cuts = Vec::new();
        let mut number = 0;
        while number < self.lines.len() {
            let line = &self.lines[number];
            if line.gone.is_none() {
                let own = line.cuts.iter();
                cuts.extend(own.map(|(span, firing)| (span.clone(), self.firings[*firing])));
                number += 1;
                continue;
            }
            let gone = self.lines[number..].iter().take_while(|line| line.gone.is_some()).count();
            self.cut_block(number..number + gone, &mut cuts);
            number += gone;
        }
        cuts
    }

    /// The cuts for a run of lines that all went: one a firing, and with them the shorter one of
    /// the gaps around, so that the longer one is left.
    fn cut_block(&self, block: Range<usize>, cuts: &mut Vec<(Range<usize>, usize)>) {
        let end_of = |number: usize| self.lines[number].span.end;
        let start_of = |number: usize| {
            let content = self.lines[number].span.start;
            self.text[..content].rfind('\n').map_or(0, |at| at + 1)
        };
        let breaks =
            |span: Range<usize>| memchr::memchr_iter(b'\n', &self.text.as_bytes()[span]).count();
        let (first, last) = (start_of(block.start), end_of(block.end - 1));
        let above = block.start.checked_sub(1).map(end_of);
        let below = (block.end < self.lines.len()).then(|| start_of(block.end));
        let (mut start, end) = match (above, below) {
            (None, None) => (0, self.text.len()),
            (None, Some(below)) => (first, below),
            (Some(above), None) => (above, last),
            (Some(above), Some(below)) if breaks(above..first) < breaks(last..below) => {
                (above, last)
            }
            (Some(_), Some(below)) => (first, below),
        };
        for number in block.clone() {
            let firing = self.lines[number].gone;
            let more = number + 1 < block.end;
            if more && self.lines[number + 1].gone == firing {
                continue;
            }
            let stop = if more { start_of(number + 1) } else { end };
            cuts.extend(firing.map(|firing| (start..stop, self.firings[firing])));
            start = stop;
        }
    }

    /// The rules and the ends of sentences to be spared because they stand in the midst of a paragraph
    /// and few cues speak against them: sites put theirs at its beginning or end. What goes side by
    /// side is looked at as one.
    pub(super) fn inner_sentences(
        &self,
        line: &Line<'_>,
        chosen: &[Candidate],
    ) -> Vec<(usize, usize)> {
        let text = &*line.text;
        let beside = |one: &Candidate, next: &Candidate| {
            text[one.take.end..next.take.start].chars().all(is_decoration)
        };
        let few = |text: &str| count_words_up_to(text, FEW_WORDS + 1) <= FEW_WORDS;
        let mut spared = Vec::new();
        if line.shape.words >= MOST_WORDS {
            return spared;
        }
        for group in chosen.chunk_by(beside) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            let is_inner = !few(&text[..first.take.start]) && !few(&text[last.take.end..]);
            let weak = |one: &&Candidate| {
                let sentence = self.rules[one.rule].take == Take::Sentence;
                is_inner && sentence && one.groups < SURE_GROUPS
            };
            spared.extend(group.iter().filter(weak).map(|one| (one.rule, one.take.end)));
        }
        spared
    }

    /// Cuts parts out of a line, in order and none overlapping; takes the line whole if nothing
    /// is left of it.
    pub(super) fn cut(&mut self, number: usize, candidates: &[Candidate]) {
        let text = &self.lines[number].text;
        let mut takes: Vec<Range<usize>> = candidates.iter().map(|c| c.take.clone()).collect();
        // A mark or a joiner at a cut's end would join what is left before it.
        let joins = |c: &char| is_inside_word(*c) && !is_alphanumeric(*c);
        let mut after = 0;
        for take in &mut takes {
            take.start = take.start.max(after);
            let marks = text[take.end..].chars().take_while(joins);
            take.end += marks.map(char::len_utf8).sum::<usize>();
            after = take.end;
        }
        // A space stays between what is left on both sides, and none at the end. What is cut side by
        // side leaves one together: before which byte does each begin?
        let mut begins: Vec<usize> = takes.iter().map(|take| take.start).collect();
        for at in 1..takes.len() {
            if takes[at - 1].end >= takes[at].start {
                begins[at] = begins[at - 1];
            }
        }
        let (mut end, mut next) = (text.len(), usize::MAX);
        for (take, begin) in takes.iter_mut().zip(begins).rev() {
            let last = take.end < next;
            next = take.start;
            if take.end >= end {
                *take = text[..take.start].trim_end().len()..end;
                end = take.start;
            } else if last && begin > 0 && !text[..begin].ends_with(char::is_whitespace) {
                take.end = take.start + text[take.clone()].trim_end().len();
            }
        }
        let mut left = String::with_capacity(text.len());
        let mut scars = Vec::new();
        let mut old_scars = self.lines[number].scars.iter().peekable();
        let mut at = 0;
        for (take, candidate) in takes.iter().zip(candidates) {
            while let Some((scar, categories)) = old_scars.next_if(|(scar, _)| *scar < take.start) {
                scars.push((left.len() + scar - at, *categories));
            }
            left.push_str(&text[at..take.start]);
            at = take.end;
            let mut categories = CategorySet::EMPTY;
            categories.insert(self.rules[candidate.rule].category);
            while let Some((_, inside)) = old_scars.next_if(|(scar, _)| *scar <= take.end) {
                categories = categories.union(*inside);
            }
            scars.push((left.len(), categories));
        }
        scars.extend(old_scars.map(|(scar, categories)| (left.len() + scar - at, *categories)));
        left.push_str(&text[at..]);
        if core(&left, false).is_empty() {
            let firing = self.fire(candidates[0].rule);
            return self.take_line(number, firing);
        }
        let mut cuts = Vec::new();
        let line = &self.lines[number];
        let mut old = line.cuts.iter().cloned().peekable();
        let mut offset = line.span.start;
        for (take, candidate) in takes.into_iter().zip(candidates) {
            while let Some(cut) = old.next_if(|(cut, _)| cut.start <= offset + take.start) {
                offset += cut.0.len();
                cuts.push(cut);
            }
            let start = offset + take.start;
            while let Some((inside, _)) = old.next_if(|(cut, _)| cut.start < offset + take.end) {
                offset += inside.len();
            }
            self.firings.push(candidate.rule);
            cuts.push((start..offset + take.end, self.firings.len() - 1));
        }
        cuts.extend(old);
        let line = &mut self.lines[number];
        line.text = Cow::Owned(left);
        line.scars = scars;
        line.cuts = cuts;
    }
}

/// Of candidates in order, those that do not overlap one before them.
pub(super) fn apart(line: &str, agreed: &[Candidate]) -> Vec<Candidate> {
    let mut end = 0;
    let mut chosen = agreed.to_vec();
    chosen.retain_mut(|candidate| {
        let take = &mut candidate.take;
        // Two sentences that follow each other both want the space between them.
        let between = |span: Range<usize>| line[span].chars().all(is_decoration);
        let apart = take.start >= end || take.end > end && between(take.start..end);
        if apart {
            take.start = take.start.max(end);
        }
        end = end.max(take.end);
        apart
    });
    chosen
}

//! The lines of a text in context: which candidates the neighbours agree with, and what goes.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::MODEL;
use super::evidence::{Candidate, Known, Look, Part, Scratch, gather_parts, look_anew};
use super::sentences::{core, is_decoration};
use super::shape::{MOST_WORDS, Shape, count_words, count_words_up_to, ends_sentence};
use crate::category::{Category, CategorySet};
use crate::cues::{is_alphanumeric, is_inside_word};
use crate::lines::content_lines;
use crate::page::Said;
use crate::rules::{At, Neighbours, Rule, Take, Zone};

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
/// Groups of a rule that may take a sentence from the midst of a paragraph.
const SURE_GROUPS: u8 = 3;
/// How soon in a thread of comments there is a sign that it is one, in lines, and most words of a
/// line with a date or a name.
const THREAD_LINES: usize = 8;
const DATELINE_WORDS: u32 = 8;
/// Words beside a sentence that are no paragraph around it.
const FEW_WORDS: u32 = 4;
/// Fewest words of a line of text that was wrapped, but for its last one.
const WRAPPED_WORDS: u32 = 5;
/// Most items of a list of links that go with the first of them.
const MOST_ITEMS: usize = 30;

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

    /// What went, in bytes of the document, with the index of the rule.
    pub(super) fn cuts(&self) -> Vec<(Range<usize>, usize)> {
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

    /// The rules and the ends of sentences to be spared because they stand in the midst of a paragraph
    /// and few cues speak against them: sites put theirs at its beginning or end. What goes side by
    /// side is looked at as one.
    fn inner_sentences(&self, line: &Line<'_>, chosen: &[Candidate]) -> Vec<(usize, usize)> {
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

    /// Whether the lines around agree with a candidate.
    fn agrees(&self, number: usize, candidate: &Candidate, outline: Outline) -> bool {
        let rule = &self.rules[candidate.rule];
        let line = &self.lines[number];
        let zone = match (rule.zone, outline.prose) {
            (Zone::Anywhere, _) => true,
            (Zone::Late, _) => number >= outline.half,
            (_, None) => false,
            (Zone::Head, Some((first, _))) => number <= first,
            (Zone::Body, Some((first, _))) => number > first,
            (Zone::Tail, Some((_, last))) => number >= last,
            (Zone::Edges, Some((first, last))) => number <= first || number >= last,
        };
        let above = (candidate.take.start == 0).then_some((line.above, line.previous));
        let below = (candidate.take.end == line.text.len()).then_some((line.below, line.next));
        // Half of a sentence is not enough to tell, unless the rule takes the other half along.
        let (begun, goes_on) = self.wrapped(number);
        let along = above.is_some() && rule.lines > 1;
        let clause = || line.previous.is_some_and(|above| self.lines[above].ends_with_comma());
        if above.is_some() && begun && !(along && clause()) || below.is_some() && goes_on && !along
        {
            return false;
        }
        zone && self.beside(rule.after, line, candidate.take.start, above)
            && self.beside(rule.before, line, candidate.take.end, below)
            && (!candidate.heading || self.run(number, rule) >= rule.run.0.into())
            && (!rule.to_end || self.heads_thread(number))
    }

    /// Whether what follows a line, if anything does, looks like a thread or a form of comments:
    /// soon there is a number, as of a date, or a sentence or two buttons of comments. Manuals have
    /// one button too, `Add a comment`.
    fn heads_thread(&self, number: usize) -> bool {
        let Line { text, next, .. } = &self.lines[number];
        let numbered = |text: &str| text.contains(|c: char| c.is_numeric());
        let speaks = |candidate: &Candidate| {
            let rule = &self.rules[candidate.rule];
            let comments = rule.category == Category::Comments && !rule.to_end;
            if comments { 1 + u32::from(rule.at != At::Line) } else { 0 }
        };
        let below = |&number: &usize| self.lines[number].next;
        let signs = std::iter::successors(*next, below).take(THREAD_LINES).map(|number| {
            let line = &self.lines[number];
            let dated = line.shape.words <= DATELINE_WORDS && numbered(&line.text);
            let gone = line.above.contains(Category::Comments);
            let speaking = line.candidates().iter().map(speaks).max().unwrap_or(0);
            2 * u32::from(dated) + u32::from(gone) + speaking
        });
        next.is_none() || numbered(text) || signs.sum::<u32>() >= 2
    }

    /// Whether a line ends a sentence of the one above, and whether it begins one that goes on below.
    fn wrapped(&self, number: usize) -> (bool, bool) {
        let Line { previous, next, .. } = self.lines[number];
        (
            previous.is_some_and(|previous| self.runs_on(previous, number)),
            next.is_some_and(|next| self.runs_on(number, next)),
        )
    }

    /// Whether a line is a headline, and not the beginning of a paragraph.
    fn is_headline(&self, number: usize) -> bool {
        self.lines[number].shape.headline && !self.wrapped(number).1
    }

    /// Whether a sentence goes on from a line to the next one below, as in text of a fixed width.
    fn runs_on(&self, above: usize, below: usize) -> bool {
        let (first, second) = (&self.lines[above], &self.lines[below]);
        let long = |line: &Line<'_>| line.shape.words >= WRAPPED_WORDS;
        second.text.starts_with(char::is_lowercase)
            && long(first)
            && (long(second) || ends_sentence(&second.text))
            && !first.text.ends_with([':', '：'])
            && !ends_sentence(&first.text)
            && self.breaks(above, below) == 1
    }

    /// Whether what stands at one end of a candidate is what its rule wants there. `outside` is
    /// what lies beyond the line, if the candidate reaches the line's end.
    fn beside(
        &self,
        wanted: Neighbours,
        line: &Line<'_>,
        at: usize,
        outside: Option<(CategorySet, Option<usize>)>,
    ) -> bool {
        if wanted == Neighbours::ANY {
            return true;
        }
        let mut removed = CategorySet::EMPTY;
        let from = line.scars.partition_point(|(scar, _)| *scar < at);
        for (_, categories) in line.scars[from..].iter().take_while(|(scar, _)| *scar == at) {
            removed = removed.union(*categories);
        }
        let Some((gone, neighbour)) = outside else {
            return wanted.removed.intersects(removed);
        };
        wanted.removed.intersects(removed.union(gone))
            || wanted.headline && neighbour.is_some_and(|number| self.is_headline(number))
            || wanted.prose && neighbour.is_some_and(|number| self.lines[number].shape.prose)
            || wanted.edge && neighbour.is_none()
    }

    /// How many lines below would go with a line of the rule.
    fn run(&self, number: usize, rule: &Rule) -> usize {
        let bulleted = |number: usize| self.lines[number].text.starts_with(is_decoration);
        let most = usize::from(rule.run.1);
        let (mut count, mut last) = (0, number);
        while let Some(next) = self.lines[last].next
            && self.is_headline(next)
        {
            // An item of a list takes the others along.
            let same_list = (1..MOST_ITEMS).contains(&count) && bulleted(last) && bulleted(next);
            if count >= most && (most == 0 || !same_list) {
                break;
            }
            (count, last) = (count + 1, next);
        }
        // The last of several may be the heading of the prose below, if it stands no farther
        // from that than from the others.
        let heads_prose = self.lines[last].next.is_some_and(|next| {
            let above = self.lines[last].previous.map_or(0, |above| self.breaks(above, last));
            self.lines[next].shape.prose && self.breaks(last, next) <= above
        });
        if count > 1 && heads_prose && !bulleted(last) { count - 1 } else { count }
    }

    /// The line breaks between two lines.
    fn breaks(&self, above: usize, below: usize) -> usize {
        let between = self.lines[above].span.end..self.lines[below].span.start;
        memchr::memchr_iter(b'\n', &self.text.as_bytes()[between]).count()
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

    /// Cuts parts out of a line, in order and none overlapping; takes the line whole if nothing
    /// is left of it.
    fn cut(&mut self, number: usize, candidates: &[Candidate]) {
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
fn apart(line: &str, agreed: &[Candidate]) -> Vec<Candidate> {
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

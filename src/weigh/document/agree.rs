//! Whether the lines around agree with a candidate.

use super::{Candidate, Document, Line, Outline};
use crate::category::{Category, CategorySet};
use crate::rules::{At, Neighbours, Rule, Zone};
use crate::weigh::sentences::is_decoration;
use crate::weigh::shape::ends_sentence;

/// How soon in a thread of comments there is a sign that it is one, in lines, and most words of a
/// line with a date or a name.
const THREAD_LINES: usize = 8;
const DATELINE_WORDS: u32 = 8;
/// Most lines of cards of other articles, so that the end of a text is looked at by few of its headings,
/// and most words of the beginning of one.
const CARD_LINES: usize = 150;
const TEASER_WORDS: u32 = 50;
/// Fewest words of a line of text that was wrapped, but for its last one.
const WRAPPED_WORDS: u32 = 5;
/// Most items of a list of links that go with the first of them.
const MOST_ITEMS: usize = 30;

impl Document<'_, '_> {
    /// Whether the lines around agree with a candidate.
    pub(super) fn agrees(&self, number: usize, candidate: &Candidate, outline: Outline) -> bool {
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
            && (!rule.to_end
                || match rule.category {
                    Category::Comments => self.heads_thread(number),
                    _ => self.heads_cards(number),
                })
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

    /// Whether all that follows a line is cards of other articles: headlines, half of them with a date, a
    /// button that went or a text that breaks off, and never one paragraph below another.
    fn heads_cards(&self, number: usize) -> bool {
        if self.lines.len() - number > CARD_LINES {
            return false;
        }
        let below = |&number: &usize| self.lines[number].next;
        let (mut headlines, mut signs, mut headed) = (0, 0, false);
        for number in std::iter::successors(self.lines[number].next, below) {
            let line = &self.lines[number];
            signs += usize::from(line.above != CategorySet::EMPTY);
            if line.shape.prose {
                if !headed || line.shape.words > TEASER_WORDS {
                    return false;
                }
                headed = false;
                signs += usize::from(line.text.ends_with(['…', ']']) || line.text.ends_with("..."));
            } else if line.shape.words <= DATELINE_WORDS && has_year(&line.text) {
                signs += 1;
            } else {
                headlines += usize::from(line.shape.headline);
                headed = true;
            }
        }
        headlines >= 2 && 2 * signs >= headlines
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
    pub(super) fn run(&self, number: usize, rule: &Rule) -> usize {
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
}

/// Whether a year stands in a text, of the last century or this one.
fn has_year(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

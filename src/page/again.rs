//! Another look at a page: what the pass before thinks of the lines around each.

use std::ops::Range;

use super::columns::Columns;
use super::context::place_against;
use super::features::{Feature as F, few, level, share};

/// Scores from here on are likely, or sure, to be of the article.
const LIKELY: u8 = 128;
const SURE: u8 = 192;
/// Other lines between two likely ones of one stretch, at most.
const GAP: usize = 6;
/// Slots for lines that look alike.
const SLOTS: usize = 1 << 12;

/// Sums over some lines.
#[derive(Clone, Copy, Default)]
pub(super) struct Weight {
    /// Words, and words times score.
    words: u64,
    mass: u64,
}

impl Weight {
    fn of(score: u8, words: u32) -> Weight {
        // Lines without words weigh something, too.
        let words = u64::from(words) + 1;
        Weight { words, mass: words * u64::from(score) }
    }

    fn add(&mut self, other: Weight) {
        self.words += other.words;
        self.mass += other.mass;
    }

    fn less(self, other: Weight) -> Weight {
        Weight { words: self.words - other.words, mass: self.mass - other.mass }
    }

    fn score(self) -> u8 {
        self.mass.checked_div(self.words).unwrap_or(0) as u8
    }
}

/// Room for another look, kept for the next page.
#[derive(Default)]
pub(crate) struct Again {
    sums: Vec<Weight>,
    /// Slots of each line's look and indentation.
    slots: Vec<(usize, usize)>,
    alike: Vec<Weight>,
}

impl Again {
    /// Fills in what the words of the neighbours are worth.
    pub(crate) fn look_at_words(&mut self, columns: &mut Columns, words: &[u32]) {
        self.sum(columns.of(F::Learned), words);
        self.around(columns, F::LearnedNear, -3..4);
        self.around(columns, F::LearnedAround, -10..11);
        self.around(columns, F::LearnedFar, -30..31);
        self.around(columns, F::LearnedAbove, -8..0);
        self.around(columns, F::LearnedBelow, 1..9);
        let page = self.between(0, columns.lines()).score();
        columns.of_mut(F::PageLearned).fill(page);
    }

    /// Fills in what the scores say of the neighbours.
    pub(crate) fn look(&mut self, columns: &mut Columns, words: &[u32]) {
        self.sum(columns.of(F::Score), words);
        self.windows(columns);
        self.looks(columns, words);
        self.runs(columns);
        self.stretches(columns);
    }

    fn sum(&mut self, scores: &[u8], words: &[u32]) {
        let mut sum = Weight::default();
        self.sums.clear();
        self.sums.push(sum);
        for (&score, &words) in scores.iter().zip(words) {
            sum.add(Weight::of(score, words));
            self.sums.push(sum);
        }
    }

    fn between(&self, start: usize, end: usize) -> Weight {
        self.sums[end].less(self.sums[start])
    }

    /// Fills in the mean over the lines around each.
    fn around(&self, columns: &mut Columns, feature: F, reach: Range<isize>) {
        let lines = columns.lines();
        for (line, value) in columns.of_mut(feature).iter_mut().enumerate() {
            let at = |by: isize| line.saturating_add_signed(by).min(lines);
            *value = self.between(at(reach.start), at(reach.end)).score();
        }
    }

    fn windows(&self, columns: &mut Columns) {
        let lines = columns.lines();
        let all = self.between(0, lines);
        let squares: u64 = columns
            .of(F::Score)
            .iter()
            .zip(self.sums.windows(2))
            .map(|(&score, sums)| sums[1].less(sums[0]).mass * u64::from(score))
            .sum();
        let sure = squares.checked_div(all.mass).unwrap_or(0) as u8;
        self.around(columns, F::ScoreNear, -3..4);
        self.around(columns, F::ScoreAround, -10..11);
        self.around(columns, F::ScoreFar, -30..31);
        self.around(columns, F::ScoreAbove, -8..0);
        self.around(columns, F::ScoreBelow, 1..9);
        for (value, before) in columns.of_mut(F::MassAbove).iter_mut().zip(&self.sums) {
            *value = part(before.mass, all.mass);
        }
        columns.of_mut(F::PageMass).fill(level((all.mass / 255) as usize));
        columns.of_mut(F::PageMassShare).fill(all.score());
        columns.of_mut(F::PageSure).fill(sure);
    }

    /// Lines with the same indentation, and those that begin and end the same way too.
    fn looks(&mut self, columns: &mut Columns, words: &[u32]) {
        self.slots.clear();
        self.slots.extend((0..columns.lines()).map(|line| {
            let indent = SLOTS + usize::from(columns.get(line, F::Indent));
            (look(columns, line), indent)
        }));
        // All zeros but while lines are looked at: there are more slots than most pages have lines.
        self.alike.resize(SLOTS + 256, Weight::default());
        let scores = columns.of(F::Score).iter().zip(words);
        for ((&score, &words), &(alike, indent)) in scores.zip(&self.slots) {
            self.alike[alike].add(Weight::of(score, words));
            self.alike[indent].add(Weight::of(score, words));
        }
        for (value, &(alike, _)) in columns.of_mut(F::ScoreAlike).iter_mut().zip(&self.slots) {
            *value = self.alike[alike].score();
        }
        for (value, &(_, indent)) in columns.of_mut(F::ScoreIndent).iter_mut().zip(&self.slots) {
            *value = self.alike[indent].score();
        }
        for &(alike, indent) in &self.slots {
            self.alike[alike] = Weight::default();
            self.alike[indent] = Weight::default();
        }
    }

    /// Lists and paragraphs.
    fn runs(&self, columns: &mut Columns) {
        let mut fill = |feature: F, ends: fn(&Columns, usize) -> bool| {
            let mut start = 0;
            for end in 1..=columns.lines() {
                if end < columns.lines() && !ends(columns, end) {
                    continue;
                }
                columns.of_mut(feature)[start..end].fill(self.between(start, end).score());
                start = end;
            }
        };
        fill(F::ScoreParagraph, |columns, below| columns.get(below, F::BlankAbove) != 0);
        fill(F::ScoreRun, |columns, below| {
            let same = |feature: F| columns.get(below - 1, feature) == columns.get(below, feature);
            !(same(F::Indent) && same(F::Bullet) && same(F::Prose))
        });
    }

    /// Stretches of likely lines, the distance to the likeliest, and to sure lines.
    fn stretches(&self, columns: &mut Columns) {
        let lines = columns.lines();
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for (line, &score) in columns.of(F::Score).iter().enumerate() {
            if score < LIKELY {
                continue;
            }
            match stretches.last_mut() {
                Some(stretch) if line - stretch.end < GAP => stretch.end = line + 1,
                _ => stretches.push(line..line + 1),
            }
        }
        let mass = |stretch: &Range<usize>| self.between(stretch.start, stretch.end).mass;
        let all = self.between(0, lines).mass;
        for stretch in &stretches {
            let own = mass(stretch);
            columns.of_mut(F::Mass)[stretch.clone()].fill(level((own / 255) as usize));
            columns.of_mut(F::MassShare)[stretch.clone()].fill(part(own, all));
        }
        // The first of the largest.
        let best =
            stretches.iter().rev().max_by_key(|stretch| mass(stretch)).cloned().unwrap_or(0..0);
        columns.of_mut(F::PageBest).fill(part(mass(&best), all));
        for (line, value) in columns.of_mut(F::ToBest).iter_mut().enumerate() {
            *value = place_against(&best, line);
        }
        let mut sure = usize::MAX;
        for line in 0..lines {
            columns.set(line, F::SureAbove, few(sure));
            sure = if columns.get(line, F::Score) >= SURE { 1 } else { sure.saturating_add(1) };
        }
        sure = usize::MAX;
        for line in (0..lines).rev() {
            columns.set(line, F::SureBelow, few(sure));
            sure = if columns.get(line, F::Score) >= SURE { 1 } else { sure.saturating_add(1) };
        }
    }
}

/// The slot of lines that look like one.
fn look(columns: &Columns, line: usize) -> usize {
    let of = |feature: F| usize::from(columns.get(line, feature));
    let size = of(F::Words).min(15) / 4;
    let look = ((of(F::Indent) * 16 + of(F::First)) * 16 + of(F::End)) * 4 + size;
    (look * 2 + of(F::BlankAbove)).wrapping_mul(0x9e37_79b1) % SLOTS
}

/// A part of a mass as a byte.
fn part(part: u64, whole: u64) -> u8 {
    share((part >> 8) as usize, (whole >> 8) as usize)
}

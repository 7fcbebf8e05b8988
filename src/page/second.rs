//! The second look at a page: what the first pass thinks of the lines around each.

use std::ops::Range;

use super::features::{Feature as F, Row, few, level, share};

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
    fn of(row: &Row, words: u32) -> Weight {
        // Lines without words weigh something, too.
        let words = u64::from(words) + 1;
        Weight { words, mass: words * u64::from(row[F::Score as usize]) }
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

/// Room for the second look, kept for the next page.
#[derive(Default)]
pub(crate) struct Second {
    sums: Vec<Weight>,
    alike: Vec<Weight>,
}

impl Second {
    /// Fills in what the scores in the rows say of their neighbours.
    pub(crate) fn look(&mut self, rows: &mut [Row], words: &[u32]) {
        self.sums.clear();
        let mut sum = Weight::default();
        self.sums.push(sum);
        for (row, &words) in rows.iter().zip(words) {
            sum.add(Weight::of(row, words));
            self.sums.push(sum);
        }
        self.windows(rows);
        self.looks(rows, words);
        self.runs(rows);
        self.stretches(rows);
    }

    fn between(&self, start: usize, end: usize) -> Weight {
        self.sums[end].less(self.sums[start])
    }

    fn windows(&self, rows: &mut [Row]) {
        let lines = rows.len();
        let all = self.between(0, lines);
        let squares: u64 = rows
            .iter()
            .zip(self.sums.windows(2))
            .map(|(row, sums)| sums[1].less(sums[0]).mass * u64::from(row[F::Score as usize]))
            .sum();
        let sure = squares.checked_div(all.mass).unwrap_or(0) as u8;
        for (line, row) in rows.iter_mut().enumerate() {
            let near = |above: usize, below: usize| {
                self.between(line.saturating_sub(above), (line + 1 + below).min(lines)).score()
            };
            let above = self.between(line.saturating_sub(8), line).score();
            let below = self.between(line + 1, (line + 9).min(lines)).score();
            let before = self.between(0, line).mass;
            let values = [
                (F::ScoreNear, near(3, 3)),
                (F::ScoreAround, near(10, 10)),
                (F::ScoreFar, near(30, 30)),
                (F::ScoreAbove, above),
                (F::ScoreBelow, below),
                (F::MassAbove, part(before, all.mass)),
                (F::PageMass, level((all.mass / 255) as usize)),
                (F::PageMassShare, all.score()),
                (F::PageSure, sure),
            ];
            for (feature, value) in values {
                row[feature as usize] = value;
            }
        }
    }

    /// Lines with the same indentation, and those that begin and end the same way too.
    fn looks(&mut self, rows: &mut [Row], words: &[u32]) {
        let look = |row: &Row| {
            let of = |feature: F| usize::from(row[feature as usize]);
            let size = of(F::Words).min(15) / 4;
            let look = ((of(F::Indent) * 16 + of(F::First)) * 16 + of(F::End)) * 4 + size;
            (look * 2 + of(F::BlankAbove)).wrapping_mul(0x9e37_79b1) % SLOTS
        };
        self.alike.clear();
        self.alike.resize(SLOTS + 256, Weight::default());
        for (row, &words) in rows.iter().zip(words) {
            let weight = Weight::of(row, words);
            self.alike[look(row)].add(weight);
            self.alike[SLOTS + usize::from(row[F::Indent as usize])].add(weight);
        }
        for row in rows {
            row[F::ScoreAlike as usize] = self.alike[look(row)].score();
            row[F::ScoreIndent as usize] =
                self.alike[SLOTS + usize::from(row[F::Indent as usize])].score();
        }
    }

    /// Lists and paragraphs.
    fn runs(&self, rows: &mut [Row]) {
        let mut fill = |feature: F, ends: fn(&Row, &Row) -> bool| {
            let mut start = 0;
            for end in 1..=rows.len() {
                if end < rows.len() && !ends(&rows[end - 1], &rows[end]) {
                    continue;
                }
                let score = self.between(start, end).score();
                rows[start..end].iter_mut().for_each(|row| row[feature as usize] = score);
                start = end;
            }
        };
        fill(F::ScoreParagraph, |_, below| below[F::BlankAbove as usize] != 0);
        fill(F::ScoreRun, |above, below| {
            let same = |feature: F| above[feature as usize] == below[feature as usize];
            !(same(F::Indent) && same(F::Bullet) && same(F::Prose))
        });
    }

    /// Stretches of likely lines, the distance to the likeliest, and to sure lines.
    fn stretches(&self, rows: &mut [Row]) {
        let lines = rows.len();
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for line in (0..lines).filter(|&line| rows[line][F::Score as usize] >= LIKELY) {
            match stretches.last_mut() {
                Some(stretch) if line - stretch.end < GAP => stretch.end = line + 1,
                _ => stretches.push(line..line + 1),
            }
        }
        let mass = |stretch: &Range<usize>| self.between(stretch.start, stretch.end).mass;
        let all = self.between(0, lines).mass;
        // The first of the largest.
        let best =
            stretches.iter().rev().max_by_key(|stretch| mass(stretch)).cloned().unwrap_or(0..0);
        let mut ahead = stretches.iter().peekable();
        let mut sure = usize::MAX;
        for (line, row) in rows.iter_mut().enumerate() {
            while ahead.next_if(|stretch| stretch.end <= line).is_some() {}
            let own = ahead
                .peek()
                .filter(|stretch| stretch.start <= line)
                .map_or(0, |stretch| mass(stretch));
            let to_best = line.saturating_sub(best.end.saturating_sub(1)).min(127) as i64
                - best.start.saturating_sub(line).min(127) as i64;
            row[F::Mass as usize] = level((own / 255) as usize);
            row[F::MassShare as usize] = part(own, all);
            row[F::PageBest as usize] = part(mass(&best), all);
            row[F::ToBest as usize] = (128 + to_best) as u8;
            row[F::SureAbove as usize] = few(sure);
            sure = if row[F::Score as usize] >= SURE { 1 } else { sure.saturating_add(1) };
        }
        sure = usize::MAX;
        for row in rows.iter_mut().rev() {
            row[F::SureBelow as usize] = few(sure);
            sure = if row[F::Score as usize] >= SURE { 1 } else { sure.saturating_add(1) };
        }
    }
}

/// A part of a mass as a byte.
fn part(part: u64, whole: u64) -> u8 {
    share((part >> 8) as usize, (whole >> 8) as usize)
}

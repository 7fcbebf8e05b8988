//! The lines of a page among each other: what stands around each, and what the page is like.

use std::ops::Range;

use super::features::{FEATURES, Feature as F, Row, difference, few, level, share};
use super::look::look;
use crate::category::{Category, CategorySet};

/// What the rules say of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Said {
    /// The category of the rule that takes the whole line.
    pub(crate) gone: Option<Category>,
    /// A rule takes a part of it.
    pub(crate) partly: bool,
    /// Categories of rules that would take it among other neighbours.
    pub(crate) candidates: CategorySet,
}

/// Lines without prose between two lines of prose of one stretch, at most.
const GAP: usize = 8;
/// Fewer words than this make a short line.
const SHORT_WORDS: u8 = 8;
/// A line that shares so much with the page's first one is that again, in 255ths.
const ECHO: u8 = 128;
/// A line counts in sums for so many words at most.
const MOST_WORDS: usize = 0xffff;
/// Slots of the vocabulary.
const SLOTS: usize = 1 << 15;
/// Most steps to the slot of a line among the lines, so that no page makes them collide.
const MOST_STEPS: usize = 8;

/// Sums over the lines before each.
#[derive(Clone, Copy, Default)]
struct Sums {
    words: u32,
    prose: u32,
    gone: u32,
    short: u32,
    bullets: u32,
    repeats: u32,
    numbers: u32,
    money: u32,
    times: u32,
    known: u32,
}

/// The rows of a page's lines. One is kept for all pages of a thread.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    /// How many words each line has.
    pub(crate) words: Vec<u32>,
    /// The hashes of all words, and where those of each line begin.
    hashes: Vec<u32>,
    starts: Vec<usize>,
    sums: Vec<Sums>,
    vocabulary: Vec<u8>,
    /// Hashes of lines and how often each has been seen.
    seen: Vec<(u32, u32)>,
}

impl Page {
    /// Fills in the rows of the lines of a normalized text, given the spans of their content and
    /// what the rules say of each.
    pub(crate) fn read(&mut self, text: &str, lines: &[Range<usize>], said: &[Said]) {
        self.rows.clear();
        self.words.clear();
        self.hashes.clear();
        self.starts.clear();
        let mut end = 0;
        for (line, said) in lines.iter().zip(said) {
            let mut row = [0; FEATURES];
            let between = &text[end..line.start];
            let indent = &between[between.rfind('\n').map_or(0, |at| at + 1)..];
            let breaks = between.len() - indent.len();
            let blank = breaks > 1 && between[..breaks - 1].contains('\n');
            if blank {
                row[F::BlankAbove as usize] = 1;
                if let Some(above) = self.rows.last_mut() {
                    above[F::BlankBelow as usize] = 1;
                }
            }
            self.starts.push(self.hashes.len());
            let words = look(&text[line.clone()], indent, &mut row, &mut self.hashes);
            self.words.push(words.min(MOST_WORDS) as u32);
            row[F::Gone as usize] = said.gone.map_or(0, |category| 1 + category as u8);
            row[F::Partly as usize] = u8::from(said.partly);
            row[F::Candidate as usize] = Category::ALL
                .iter()
                .filter(|&&category| said.candidates.contains(category))
                .count() as u8;
            self.rows.push(row);
            end = line.end;
        }
        self.starts.push(self.hashes.len());
        self.compare_words();
        self.count_repeats();
        self.sum();
        self.measure_runs();
        self.measure_paragraphs();
        self.measure_stretches();
        self.place();
    }

    /// The hashes of a line's words.
    pub(crate) fn hashes(&self, line: usize) -> &[u32] {
        &self.hashes[self.starts[line]..self.starts[line + 1]]
    }

    /// Which words of each line the prose of the page has, and its first line.
    fn compare_words(&mut self) {
        self.vocabulary.clear();
        self.vocabulary.resize(SLOTS, 0);
        let slot = |hash: u32| hash as usize % SLOTS;
        let mut prose_words = 0;
        for (line, row) in self.rows.iter().enumerate() {
            if row[F::Prose as usize] != 0 {
                let hashes = &self.hashes[self.starts[line]..self.starts[line + 1]];
                prose_words += hashes.len();
                for &hash in hashes {
                    let count = &mut self.vocabulary[slot(hash)];
                    *count = count.saturating_add(1);
                }
            }
        }
        let frequent = (prose_words / 128).clamp(4, 250) as u8;
        let title: Vec<u32> = match self.rows.is_empty() {
            true => Vec::new(),
            false => self.hashes(0).iter().copied().take(24).collect(),
        };
        for line in 0..self.rows.len() {
            let hashes = &self.hashes[self.starts[line]..self.starts[line + 1]];
            let own = self.rows[line][F::Prose as usize];
            let (mut known, mut common, mut titled) = (0, 0, 0);
            for &hash in hashes {
                let count = self.vocabulary[slot(hash)];
                known += usize::from(count > own);
                common += usize::from(count >= frequent);
                titled += usize::from(title.contains(&hash));
            }
            let row = &mut self.rows[line];
            row[F::Known as usize] = share(known, hashes.len());
            row[F::Common as usize] = share(common, hashes.len());
            if line > 0 {
                row[F::Title as usize] = share(titled, hashes.len());
                row[F::TitleShare as usize] = share(titled, title.len());
            }
        }
    }

    /// How often each line stands in the page.
    fn count_repeats(&mut self) {
        let slots = (2 * self.rows.len()).next_power_of_two();
        self.seen.clear();
        self.seen.resize(slots, (0, 0));
        let identity = |hashes: &[u32], row: &Row| {
            let start = 1 + u32::from(row[F::Bytes as usize]);
            hashes
                .iter()
                .fold(start, |all, &hash| (all.rotate_left(5) ^ hash).wrapping_mul(0x9e37_79b1))
        };
        let slot = |seen: &[(u32, u32)], line: u32| {
            let first = line.wrapping_mul(0x85eb_ca6b) as usize >> 4;
            let steps = (0..MOST_STEPS).map(|step| (first + step) & (slots - 1));
            steps.into_iter().find(|&slot| seen[slot].1 == 0 || seen[slot].0 == line)
        };
        for line in 0..self.rows.len() {
            let identity = identity(self.hashes(line), &self.rows[line]);
            if let Some(slot) = slot(&self.seen, identity) {
                self.rows[line][F::RepeatsAbove as usize] = few(self.seen[slot].1 as usize);
                self.seen[slot] = (identity, self.seen[slot].1 + 1);
            }
        }
        for line in 0..self.rows.len() {
            let identity = identity(self.hashes(line), &self.rows[line]);
            if let Some(slot) = slot(&self.seen, identity) {
                self.rows[line][F::Repeats as usize] = few(self.seen[slot].1 as usize);
            }
        }
    }

    fn sum(&mut self) {
        self.sums.clear();
        let mut sums = Sums::default();
        self.sums.push(sums);
        for (row, &words) in self.rows.iter().zip(&self.words) {
            let has = |feature: F| u32::from(row[feature as usize] != 0);
            sums.words = sums.words.wrapping_add(words);
            sums.prose = sums.prose.wrapping_add(words * has(F::Prose));
            sums.gone += has(F::Gone);
            sums.short += u32::from(is_short(row));
            sums.bullets += has(F::Bullet);
            sums.repeats += u32::from(row[F::Repeats as usize] > 1);
            sums.numbers += has(F::Numbers);
            sums.money += has(F::Money);
            sums.times += has(F::Times);
            sums.known = sums.known.wrapping_add(words * u32::from(row[F::Known as usize]) / 255);
            self.sums.push(sums);
        }
    }

    /// The sums from one line to another.
    fn between(&self, start: usize, end: usize) -> Sums {
        let (a, b) = (&self.sums[start], &self.sums[end]);
        Sums {
            words: b.words.wrapping_sub(a.words),
            prose: b.prose.wrapping_sub(a.prose),
            gone: b.gone - a.gone,
            short: b.short - a.short,
            bullets: b.bullets - a.bullets,
            repeats: b.repeats - a.repeats,
            numbers: b.numbers - a.numbers,
            money: b.money - a.money,
            times: b.times - a.times,
            known: b.known.wrapping_sub(a.known),
        }
    }

    /// Lines in a row above and below each: short ones, lines alike, lines of a paragraph; how far
    /// prose and furniture are.
    fn measure_runs(&mut self) {
        let lines = self.rows.len();
        let mut run = Run::default();
        for line in 0..lines {
            let above = line.checked_sub(1).map(|above| self.rows[above]);
            let row = &mut self.rows[line];
            run.step(above.as_ref(), row, row[F::BlankAbove as usize] != 0);
            row[F::ShortAbove as usize] = few(run.short);
            row[F::AlikeAbove as usize] = few(run.alike);
            row[F::InParagraph as usize] = few(run.paragraph);
            row[F::ToProseAbove as usize] = few(run.prose);
            row[F::GoneAbove as usize] = few(run.gone);
            row[F::SinceTitle as usize] = few(run.title);
        }
        let mut run = Run::default();
        for line in (0..lines).rev() {
            let below = self.rows.get(line + 1).copied();
            let row = &mut self.rows[line];
            run.step(below.as_ref(), row, row[F::BlankBelow as usize] != 0);
            row[F::ShortBelow as usize] = few(run.short);
            row[F::AlikeBelow as usize] = few(run.alike);
            row[F::Paragraph as usize] =
                few(run.paragraph + usize::from(row[F::InParagraph as usize]) + 1);
            row[F::ToProseBelow as usize] = few(run.prose);
            row[F::GoneBelow as usize] = few(run.gone);
        }
    }

    /// The words between blank lines.
    fn measure_paragraphs(&mut self) {
        let mut start = 0;
        for end in 1..=self.rows.len() {
            if self.rows.get(end).is_some_and(|row| row[F::BlankAbove as usize] == 0) {
                continue;
            }
            let words = level(self.between(start, end).words as usize);
            for row in &mut self.rows[start..end] {
                row[F::ParagraphWords as usize] = words;
            }
            start = end;
        }
    }

    /// Stretches of prose: which each line is in, and the longest.
    fn measure_stretches(&mut self) {
        let all = self.sums.last().map_or(0, |sums| sums.prose as usize);
        let mut main = (0, 0..0);
        let mut stretches: Vec<(usize, Range<usize>)> = Vec::new();
        let prose = (0..self.rows.len()).filter(|&line| self.rows[line][F::Prose as usize] != 0);
        for line in prose {
            let words = self.words[line] as usize;
            match stretches.last_mut() {
                Some((sum, stretch)) if line - stretch.end < GAP => {
                    *sum += words;
                    stretch.end = line + 1;
                }
                _ => stretches.push((words, line..line + 1)),
            }
        }
        for (words, stretch) in &stretches {
            if *words > main.0 {
                main = (*words, stretch.clone());
            }
        }
        let indent = self.indent_of(&main.1);
        let mut stretches = stretches.into_iter().peekable();
        for (line, row) in self.rows.iter_mut().enumerate() {
            while stretches.next_if(|(_, stretch)| stretch.end <= line).is_some() {}
            if let Some((words, _)) = stretches.peek().filter(|(_, stretch)| stretch.start <= line)
            {
                row[F::Cluster as usize] = level(*words);
                row[F::ClusterShare as usize] = share(*words, all);
            }
            let to_main = line.saturating_sub(main.1.end.saturating_sub(1)).min(127) as i64
                - main.1.start.saturating_sub(line).min(127) as i64;
            row[F::ToMain as usize] = (128 + to_main) as u8;
            row[F::ProseIndent as usize] = difference(row[F::Indent as usize].into(), indent);
            row[F::PageMain as usize] = share(main.0, all);
        }
    }

    /// The indentation of most words of prose in some lines.
    fn indent_of(&self, lines: &Range<usize>) -> usize {
        let mut words = [0u64; 256];
        for (row, &count) in self.rows[lines.clone()].iter().zip(&self.words[lines.clone()]) {
            words[row[F::Indent as usize] as usize] +=
                u64::from(count) * u64::from(row[F::Prose as usize]);
        }
        let most = words.iter().max().copied().unwrap_or(0);
        words.iter().position(|&count| count == most).unwrap_or(0)
    }

    /// Where each line stands, what is around it, and what the page is like.
    fn place(&mut self) {
        let lines = self.rows.len();
        let all = self.between(0, lines);
        let of_all = |count: u32| share(count as usize, lines);
        for line in 0..lines {
            let window = |above: usize, below: usize| {
                self.between(line.saturating_sub(above), (line + 1 + below).min(lines))
            };
            let above = |lines: usize| self.between(line.saturating_sub(lines), line);
            let below = |count: usize| self.between(line + 1, (line + 1 + count).min(lines));
            let before = self.between(0, line);
            let (near, close) = (window(8, 8), window(3, 3));
            let places = [
                (F::Position, share(line, lines)),
                (F::LinesAbove, level(line)),
                (F::LinesBelow, level(lines - 1 - line)),
                (F::WordsAbove, share(before.words as usize, all.words as usize)),
                (F::ProseAbove, share(before.prose as usize, all.prose as usize)),
                (F::NearWords, level(close.words as usize)),
                (F::NearWordsAbove, level(above(5).words as usize)),
                (F::NearWordsBelow, level(below(5).words as usize)),
                (F::NearProseAbove, level(above(12).prose as usize)),
                (F::NearProseBelow, level(below(12).prose as usize)),
                (F::NearProse, level(window(40, 40).prose as usize)),
                (F::NearGone, few(near.gone as usize)),
                (F::NearShort, few(near.short as usize)),
                (F::NearBullets, few(near.bullets as usize)),
                (F::NearRepeats, few(near.repeats as usize)),
                (F::NearNumbers, few(near.numbers as usize)),
                (F::NearKnown, share(close.known as usize, close.words as usize)),
                (F::PageLines, level(lines)),
                (F::PageWords, level(all.words as usize)),
                (F::PageProse, level(all.prose as usize)),
                (F::PageProseShare, share(all.prose as usize, all.words as usize)),
                (F::PageGone, of_all(all.gone)),
                (F::PageBullets, of_all(all.bullets)),
                (F::PageRepeats, of_all(all.repeats)),
                (F::PageNumbers, of_all(all.numbers)),
                (F::PageMoney, of_all(all.money)),
                (F::PageTimes, of_all(all.times)),
            ];
            let row = &mut self.rows[line];
            for (feature, value) in places {
                row[feature as usize] = value;
            }
        }
    }
}

fn is_short(row: &Row) -> bool {
    row[F::Words as usize] < SHORT_WORDS && row[F::End as usize] < 8
}

/// Lines in a row that have something in common.
struct Run {
    short: usize,
    alike: usize,
    paragraph: usize,
    prose: usize,
    gone: usize,
    title: usize,
}

impl Default for Run {
    fn default() -> Run {
        // Nothing of it has been seen yet: it is far away.
        Run { short: 0, alike: 0, paragraph: 0, prose: 255, gone: 255, title: 255 }
    }
}

impl Run {
    /// Goes on from the line before, if there is one, to the next one.
    fn step(&mut self, before: Option<&Row>, row: &Row, blank: bool) {
        let Some(before) = before else { return };
        let same = |feature: F| before[feature as usize] == row[feature as usize];
        let next = |goes_on: bool, run: usize| if goes_on { run + 1 } else { 0 };
        self.short = next(is_short(before), self.short);
        self.alike = next(same(F::Indent) && same(F::Bullet) && same(F::Prose), self.alike);
        self.paragraph = next(!blank, self.paragraph);
        self.prose = if before[F::Prose as usize] != 0 { 1 } else { self.prose + 1 };
        self.gone = if before[F::Gone as usize] != 0 { 1 } else { self.gone + 1 };
        let echoes = before[F::Title as usize] >= ECHO && before[F::TitleShare as usize] >= ECHO;
        self.title = if echoes { 1 } else { self.title + 1 };
    }
}

//! The lines of a page among each other: what stands around each, and what the page is like.

use std::ops::Range;

use super::columns::Columns;
use super::features::{Feature as F, OF_LINE, difference, few, level, share};
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

/// The features of a page's lines. One is kept for all pages of a thread.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) columns: Columns,
    /// How many words each line has.
    pub(crate) words: Vec<u32>,
    /// The hashes of all words, and where those of each line begin.
    hashes: Vec<u32>,
    starts: Vec<usize>,
    sums: Vec<Sums>,
    vocabulary: Vec<u8>,
    /// What tells lines apart.
    identities: Vec<u32>,
    /// Identities of lines and how often each has been seen.
    seen: Vec<(u32, u32)>,
}

impl Page {
    /// Fills in the features of the lines of a normalized text, given the spans of their content and
    /// what the rules say of each.
    pub(crate) fn read(&mut self, text: &str, lines: &[Range<usize>], said: &[Said]) {
        self.columns.clear(lines.len());
        self.words.clear();
        self.hashes.clear();
        self.starts.clear();
        let mut end = 0;
        for (number, (line, said)) in lines.iter().zip(said).enumerate() {
            let mut row = [0; OF_LINE];
            let between = &text[end..line.start];
            let indent = &between[between.rfind('\n').map_or(0, |at| at + 1)..];
            let breaks = between.len() - indent.len();
            let blank = breaks > 1 && between[..breaks - 1].contains('\n');
            if blank {
                row[F::BlankAbove as usize] = 1;
                if let Some(above) = number.checked_sub(1) {
                    self.columns.set(above, F::BlankBelow, 1);
                }
            }
            self.starts.push(self.hashes.len());
            let words = look(&text[line.clone()], indent, &mut row, &mut self.hashes);
            self.words.push(words.min(MOST_WORDS) as u32);
            self.columns.put(number, &row);
            if let Some(category) = said.gone {
                self.columns.set(number, F::Gone, 1 + category as u8);
            }
            if said.partly {
                self.columns.set(number, F::Partly, 1);
            }
            let candidates = Category::ALL.iter().filter(|&&one| said.candidates.contains(one));
            self.columns.set(number, F::Candidate, candidates.count() as u8);
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
        self.describe();
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
        for (line, &prose) in self.columns.of(F::Prose).iter().enumerate() {
            if prose != 0 {
                let hashes = &self.hashes[self.starts[line]..self.starts[line + 1]];
                prose_words += hashes.len();
                for &hash in hashes {
                    let count = &mut self.vocabulary[slot(hash)];
                    *count = count.saturating_add(1);
                }
            }
        }
        let frequent = (prose_words / 128).clamp(4, 250) as u8;
        let lines = self.columns.lines();
        let title: Vec<u32> = match lines {
            0 => Vec::new(),
            _ => self.hashes(0).iter().copied().take(24).collect(),
        };
        for line in 0..lines {
            let hashes = &self.hashes[self.starts[line]..self.starts[line + 1]];
            let own = self.columns.get(line, F::Prose);
            let (mut known, mut common, mut titled) = (0, 0, 0);
            for &hash in hashes {
                let count = self.vocabulary[slot(hash)];
                known += usize::from(count > own);
                common += usize::from(count >= frequent);
                titled += usize::from(title.contains(&hash));
            }
            self.columns.set(line, F::Known, share(known, hashes.len()));
            self.columns.set(line, F::Common, share(common, hashes.len()));
            if line > 0 {
                self.columns.set(line, F::Title, share(titled, hashes.len()));
                self.columns.set(line, F::TitleShare, share(titled, title.len()));
            }
        }
    }

    /// How often each line stands in the page.
    fn count_repeats(&mut self) {
        let lines = self.columns.lines();
        let slots = (2 * lines).next_power_of_two();
        self.seen.clear();
        self.seen.resize(slots, (0, 0));
        self.identities.clear();
        for (line, &bytes) in self.columns.of(F::Bytes).iter().enumerate() {
            let mix = |all: u32, hash: &u32| (all.rotate_left(5) ^ hash).wrapping_mul(0x9e37_79b1);
            let hashes = &self.hashes[self.starts[line]..self.starts[line + 1]];
            self.identities.push(hashes.iter().fold(1 + u32::from(bytes), mix));
        }
        let slot = |seen: &[(u32, u32)], line: u32| {
            let first = line.wrapping_mul(0x85eb_ca6b) as usize >> 4;
            let steps = (0..MOST_STEPS).map(|step| (first + step) & (slots - 1));
            steps.into_iter().find(|&slot| seen[slot].1 == 0 || seen[slot].0 == line)
        };
        for (&identity, value) in self.identities.iter().zip(self.columns.of_mut(F::RepeatsAbove)) {
            if let Some(slot) = slot(&self.seen, identity) {
                *value = few(self.seen[slot].1 as usize);
                self.seen[slot] = (identity, self.seen[slot].1 + 1);
            }
        }
        for (&identity, value) in self.identities.iter().zip(self.columns.of_mut(F::Repeats)) {
            if let Some(slot) = slot(&self.seen, identity) {
                *value = few(self.seen[slot].1 as usize);
            }
        }
    }

    fn sum(&mut self) {
        let columns = &self.columns;
        let mut sums = Sums::default();
        self.sums.clear();
        self.sums.push(sums);
        for (line, &words) in self.words.iter().enumerate() {
            let has = |feature: F| u32::from(columns.get(line, feature) != 0);
            sums.words = sums.words.wrapping_add(words);
            sums.prose = sums.prose.wrapping_add(words * has(F::Prose));
            sums.gone += has(F::Gone);
            sums.short += u32::from(is_short(columns, line));
            sums.bullets += has(F::Bullet);
            sums.repeats += u32::from(columns.get(line, F::Repeats) > 1);
            sums.numbers += has(F::Numbers);
            sums.money += has(F::Money);
            sums.times += has(F::Times);
            let known = u32::from(columns.get(line, F::Known));
            sums.known = sums.known.wrapping_add(words * known / 255);
            self.sums.push(sums);
        }
    }

    /// Lines in a row above and below each: short ones, lines alike, lines of a paragraph; how far
    /// prose and furniture are.
    fn measure_runs(&mut self) {
        let lines = self.columns.lines();
        let (mut run, mut above) = (Run::default(), None);
        for line in 0..lines {
            let own = Brief::of(&self.columns, line);
            run.step(above, own, self.columns.get(line, F::BlankAbove) != 0);
            above = Some(own);
            self.columns.set(line, F::ShortAbove, few(run.short));
            self.columns.set(line, F::AlikeAbove, few(run.alike));
            self.columns.set(line, F::InParagraph, few(run.paragraph));
            self.columns.set(line, F::ToProseAbove, few(run.prose));
            self.columns.set(line, F::GoneAbove, few(run.gone));
            self.columns.set(line, F::SinceTitle, few(run.title));
        }
        let (mut run, mut below) = (Run::default(), None);
        for line in (0..lines).rev() {
            let own = Brief::of(&self.columns, line);
            run.step(below, own, self.columns.get(line, F::BlankBelow) != 0);
            below = Some(own);
            self.columns.set(line, F::ShortBelow, few(run.short));
            self.columns.set(line, F::AlikeBelow, few(run.alike));
            let above = usize::from(self.columns.get(line, F::InParagraph));
            self.columns.set(line, F::Paragraph, few(run.paragraph + above + 1));
            self.columns.set(line, F::ToProseBelow, few(run.prose));
            self.columns.set(line, F::GoneBelow, few(run.gone));
        }
    }

    /// The words between blank lines.
    fn measure_paragraphs(&mut self) {
        let lines = self.columns.lines();
        let mut start = 0;
        for end in 1..=lines {
            if end < lines && self.columns.get(end, F::BlankAbove) == 0 {
                continue;
            }
            let words = self.sums[end].words.wrapping_sub(self.sums[start].words);
            self.columns.of_mut(F::ParagraphWords)[start..end].fill(level(words as usize));
            start = end;
        }
    }

    /// Stretches of prose: which each line is in, and the longest.
    fn measure_stretches(&mut self) {
        let all = self.sums.last().map_or(0, |sums| sums.prose as usize);
        let mut main = (0, 0..0);
        let mut stretches: Vec<(usize, Range<usize>)> = Vec::new();
        for (line, &prose) in self.columns.of(F::Prose).iter().enumerate() {
            if prose == 0 {
                continue;
            }
            let words = self.words[line] as usize;
            match stretches.last_mut() {
                Some((sum, stretch)) if line - stretch.end < GAP => {
                    *sum += words;
                    stretch.end = line + 1;
                }
                _ => stretches.push((words, line..line + 1)),
            }
        }
        for (words, stretch) in stretches {
            self.columns.of_mut(F::Cluster)[stretch.clone()].fill(level(words));
            self.columns.of_mut(F::ClusterShare)[stretch.clone()].fill(share(words, all));
            if words > main.0 {
                main = (words, stretch);
            }
        }
        let (words, main) = main;
        let indent = self.indent_of(&main);
        for (line, value) in self.columns.of_mut(F::ToMain).iter_mut().enumerate() {
            *value = place_against(&main, line);
        }
        for line in 0..self.columns.lines() {
            let own = self.columns.get(line, F::Indent);
            self.columns.set(line, F::ProseIndent, difference(own.into(), indent));
        }
        self.columns.of_mut(F::PageMain).fill(share(words, all));
    }

    /// The indentation of most words of prose in some lines.
    fn indent_of(&self, lines: &Range<usize>) -> usize {
        let mut words = [0u64; 256];
        for line in lines.clone() {
            words[usize::from(self.columns.get(line, F::Indent))] +=
                u64::from(self.words[line]) * u64::from(self.columns.get(line, F::Prose));
        }
        let most = words.iter().max().copied().unwrap_or(0);
        words.iter().position(|&count| count == most).unwrap_or(0)
    }

    /// Where each line stands, and what is around it.
    fn place(&mut self) {
        let Page { columns, sums, .. } = self;
        let lines = columns.lines();
        let all = sums[lines];
        for (line, value) in columns.of_mut(F::Position).iter_mut().enumerate() {
            *value = share(line, lines);
        }
        for (line, value) in columns.of_mut(F::LinesAbove).iter_mut().enumerate() {
            *value = level(line);
        }
        for (line, value) in columns.of_mut(F::LinesBelow).iter_mut().enumerate() {
            *value = level(lines - 1 - line);
        }
        for (value, before) in columns.of_mut(F::WordsAbove).iter_mut().zip(&*sums) {
            *value = share(before.words as usize, all.words as usize);
        }
        for (value, before) in columns.of_mut(F::ProseAbove).iter_mut().zip(&*sums) {
            *value = share(before.prose as usize, all.prose as usize);
        }
        let words = |sums: &Sums| sums.words;
        let prose = |sums: &Sums| sums.prose;
        around(columns, sums, F::NearWords, -3..4, words, level);
        around(columns, sums, F::NearWordsAbove, -5..0, words, level);
        around(columns, sums, F::NearWordsBelow, 1..6, words, level);
        around(columns, sums, F::NearProseAbove, -12..0, prose, level);
        around(columns, sums, F::NearProseBelow, 1..13, prose, level);
        around(columns, sums, F::NearProse, -40..41, prose, level);
        around(columns, sums, F::NearGone, -8..9, |sums| sums.gone, few);
        around(columns, sums, F::NearShort, -8..9, |sums| sums.short, few);
        around(columns, sums, F::NearBullets, -8..9, |sums| sums.bullets, few);
        around(columns, sums, F::NearRepeats, -8..9, |sums| sums.repeats, few);
        around(columns, sums, F::NearNumbers, -8..9, |sums| sums.numbers, few);
        for (line, value) in columns.of_mut(F::NearKnown).iter_mut().enumerate() {
            let (from, to) = (&sums[line.saturating_sub(3)], &sums[(line + 4).min(lines)]);
            let known = to.known.wrapping_sub(from.known);
            *value = share(known as usize, to.words.wrapping_sub(from.words) as usize);
        }
    }

    /// What the page is like.
    fn describe(&mut self) {
        let lines = self.columns.lines();
        let all = self.sums[lines];
        let of_all = |count: u32| share(count as usize, lines);
        let values = [
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
        for (feature, value) in values {
            self.columns.of_mut(feature).fill(value);
        }
    }
}

/// Fills in a feature with the sum of something over the lines around each.
fn around(
    columns: &mut Columns,
    sums: &[Sums],
    feature: F,
    reach: Range<isize>,
    field: impl Fn(&Sums) -> u32,
    scale: impl Fn(usize) -> u8,
) {
    let lines = columns.lines();
    for (line, value) in columns.of_mut(feature).iter_mut().enumerate() {
        let at = |by: isize| &sums[line.saturating_add_signed(by).min(lines)];
        *value = scale(field(at(reach.end)).wrapping_sub(field(at(reach.start))) as usize);
    }
}

/// How far a line is above or below some lines, as a byte, 128 for inside.
pub(super) fn place_against(lines: &Range<usize>, line: usize) -> u8 {
    let below = line.saturating_sub(lines.end.saturating_sub(1)).min(127);
    let above = lines.start.saturating_sub(line).min(127);
    (128 + below - above) as u8
}

fn is_short(columns: &Columns, line: usize) -> bool {
    columns.get(line, F::Words) < SHORT_WORDS && columns.get(line, F::End) < 8
}

/// What runs of lines go by.
#[derive(Clone, Copy)]
struct Brief {
    short: bool,
    prose: bool,
    gone: bool,
    echoes: bool,
    /// Lines alike share it.
    look: [u8; 3],
}

impl Brief {
    fn of(columns: &Columns, line: usize) -> Brief {
        let get = |feature: F| columns.get(line, feature);
        Brief {
            short: is_short(columns, line),
            prose: get(F::Prose) != 0,
            gone: get(F::Gone) != 0,
            echoes: get(F::Title) >= ECHO && get(F::TitleShare) >= ECHO,
            look: [get(F::Indent), get(F::Bullet), get(F::Prose)],
        }
    }
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
    fn step(&mut self, before: Option<Brief>, own: Brief, blank: bool) {
        let Some(before) = before else { return };
        let next = |goes_on: bool, run: usize| if goes_on { run + 1 } else { 0 };
        self.short = next(before.short, self.short);
        self.alike = next(before.look == own.look, self.alike);
        self.paragraph = next(!blank, self.paragraph);
        self.prose = if before.prose { 1 } else { self.prose + 1 };
        self.gone = if before.gone { 1 } else { self.gone + 1 };
        self.title = if before.echoes { 1 } else { self.title + 1 };
    }
}

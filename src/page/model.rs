//! The trained model: reads its weights and scores lines with them, in integers alone.
//!
//! The file, all numbers little-endian:
//!
//! - the magic line [`MAGIC`]
//! - words: `u8` bits of a slot, `i16` bias, then as many `i8` weights as there are slots
//! - curve: for the sums from -8 to 8 in steps of 1/32, the likelihood in 65536ths, 512 `u16`
//! - three passes, each: `u16` trees, `i32` base; for each tree its six splits, each `i8` line, `u8`
//!   feature, `u8` threshold; then for each of its 64 leaves `i16`, and `u8` for how many lines of
//!   the training it has, in 255ths of the leaf with most
//!
//! All lines are asked all six questions of a tree: whether the feature, of the line so many below,
//! is above the threshold. The answers are the bits of the number of its leaf, the first the lowest.
//! Bases and leaves are in [`UNIT`]ths.

use super::again::Again;
use super::columns::{BLOCK, Columns, Place, Tile};
use super::context::Page;
use super::features::Feature;
use crate::lanes::wide;

pub(super) const MAGIC: &[u8] = b"unfurnish page model 2\n";
/// The weights.
pub(super) static WEIGHTS: &[u8] = include_bytes!("weights.bin");
/// What leaves and bases are counted in.
const UNIT: i32 = 1 << 10;
const CURVE: usize = 512;
/// Splits of a tree, and its leaves.
const DEPTH: usize = 6;
const LEAVES: usize = 1 << DEPTH;
/// What a pass takes to be no more likely than this, and what is around, in 256ths.
const FAR: u8 = 7;
/// Sums stay small with so many trees and such a base, at most.
const MOST_TREES: u16 = 4096;
const MOST_BASE: u32 = 1 << 20;
/// After so many trees a line whose sum is beyond the limit is sure, and no more are asked.
const ROUND: usize = 16;
const LIMIT: i32 = 4 * UNIT;
/// Most words of a line that the learned weights look at.
const MOST_WORDS: usize = 24;
/// What stands for the word before the first one and after the last one.
const EDGES: (u32, u32) = (12_345, 54_321);

/// The trained model.
#[derive(Debug)]
pub(crate) struct Model {
    bits: u32,
    bias: i32,
    words: Box<[i8]>,
    curve: Box<[u16; CURVE]>,
    passes: [Pass; 3],
}

/// Trees whose leaves are added up.
#[derive(Debug)]
pub(crate) struct Pass {
    base: i32,
    trees: Box<[Tree]>,
}

#[derive(Clone, Debug)]
struct Tree {
    splits: [Split; DEPTH],
    leaves: [i16; LEAVES],
    /// The means of the leaves that begin with the same answers, behind those with fewer answers.
    #[cfg(feature = "toml")]
    means: [i16; LEAVES],
}

/// A question.
#[derive(Clone, Copy, Debug)]
struct Split {
    place: Place,
    threshold: u8,
}

/// Whether a line is far from all that may be of the article, so that another look is of no use.
fn is_far(columns: &Columns, line: usize) -> bool {
    columns.get(line, Feature::Score) <= FAR && columns.get(line, Feature::ScoreAround) <= FAR
}

/// Reads numbers one after the other.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    fn i16(&mut self) -> Option<i16> {
        self.array().map(i16::from_le_bytes)
    }

    fn pass(&mut self) -> Option<Pass> {
        let count = self.u16().filter(|&count| count <= MOST_TREES)?;
        let base = i32::from_le_bytes(self.array()?);
        if base.unsigned_abs() > MOST_BASE {
            return None;
        }
        let trees = (0..count).map(|_| self.tree()).collect::<Option<_>>()?;
        Some(Pass { base, trees })
    }

    fn tree(&mut self) -> Option<Tree> {
        let mut split = || {
            let [below, feature, threshold] = self.array()?;
            Some(Split { place: Place::of(below as i8, feature)?, threshold })
        };
        let splits = [split()?, split()?, split()?, split()?, split()?, split()?];
        let (mut leaves, mut shares) = ([0; LEAVES], [0; LEAVES]);
        for (leaf, share) in leaves.iter_mut().zip(&mut shares) {
            (*leaf, *share) = (self.i16()?, self.u8()?);
        }
        Some(Tree {
            splits,
            leaves,
            #[cfg(feature = "toml")]
            means: means(&leaves, &shares),
        })
    }
}

impl Model {
    /// The model in the library.
    pub(crate) fn builtin() -> &'static Model {
        static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| {
            Model::read(WEIGHTS).expect("the weights in the library are tested")
        });
        &MODEL
    }

    /// Reads weights; `None` if they are none.
    pub(super) fn read(bytes: &[u8]) -> Option<Model> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC)?);
        let bits = reader.u8().filter(|bits| (1..=20).contains(bits))?;
        let bias = reader.i16()?;
        let words = reader.bytes(1 << bits)?.iter().map(|byte| *byte as i8).collect();
        let curve: Vec<u16> = (0..CURVE).map(|_| reader.u16()).collect::<Option<_>>()?;
        let model = Model {
            bits: bits.into(),
            bias: bias.into(),
            words,
            curve: curve.into_boxed_slice().try_into().ok()?,
            passes: [reader.pass()?, reader.pass()?, reader.pass()?],
        };
        reader.0.is_empty().then_some(model)
    }

    /// The likelihood that each line is of the article, in 65536ths. After each pass `passed` sees what
    /// it saw.
    pub(crate) fn score(
        &self,
        page: &mut Page,
        again: &mut Again,
        likelihoods: &mut Vec<u16>,
        mut passed: impl FnMut(&Pass, &Columns),
    ) {
        let lines = page.columns.lines();
        for line in 0..lines {
            page.columns.set(line, Feature::Learned, self.learned(page.hashes(line)));
        }
        again.look_at_words(&mut page.columns, &page.words);
        likelihoods.clear();
        likelihoods.resize(lines, 0);
        let [first, others @ ..] = &self.passes;
        self.pass(first, &page.columns, |_| true, likelihoods);
        passed(first, &page.columns);
        for pass in others {
            let scores = page.columns.of_mut(Feature::Score).iter_mut();
            scores.zip(&*likelihoods).for_each(|(score, likely)| *score = (likely >> 8) as u8);
            again.look(&mut page.columns, &page.words);
            let columns = &page.columns;
            self.pass(pass, columns, |line| !is_far(columns, line), likelihoods);
            passed(pass, columns);
        }
    }

    /// What the words of a line are worth on other pages, 128 for nothing.
    fn learned(&self, hashes: &[u32]) -> u8 {
        let hashes = &hashes[..hashes.len().min(MOST_WORDS)];
        let Some(&last) = hashes.last() else { return 128 };
        let pair = |a: u32, b: u32| {
            let mixed = a.wrapping_mul(0x9e37_79b1).wrapping_add(b).wrapping_mul(0x85eb_ca6b);
            i32::from(self.words[(mixed >> (32 - self.bits)) as usize])
        };
        let mask = (1 << self.bits) - 1;
        let mut sum = pair(last, EDGES.1);
        let mut before = EDGES.0;
        for &hash in hashes {
            sum += i32::from(self.words[(hash & mask) as usize]) + pair(before, hash);
            before = hash;
        }
        // Longer lines have more to say, but not as much more as they are longer.
        let count = 2 * hashes.len() as u32 + 1;
        let scale = (65_536 / count).isqrt() as i32;
        (128 + self.bias + ((sum * scale) >> 8)).clamp(0, 255) as u8
    }

    /// Scores the lines that are open with one pass.
    fn pass(
        &self,
        pass: &Pass,
        columns: &Columns,
        is_open: impl Fn(usize) -> bool,
        likelihoods: &mut [u16],
    ) {
        let mut tile = Tile::new();
        for (block, likelihoods) in likelihoods.chunks_mut(BLOCK).enumerate() {
            let first = block * BLOCK;
            let mut sums = [pass.base; BLOCK];
            // The lines that are not sure yet.
            let mut open =
                std::array::from_fn(|lane| lane < likelihoods.len() && is_open(first + lane));
            if open == [false; BLOCK] {
                continue;
            }
            columns.cut(first, &mut tile);
            let asked = open;
            for trees in pass.trees.chunks(ROUND) {
                if open == [false; BLOCK] {
                    break;
                }
                let round = add(trees, &tile);
                for lane in 0..BLOCK {
                    if open[lane] {
                        sums[lane] += round[lane];
                        open[lane] = sums[lane].abs() < LIMIT;
                    }
                }
            }
            for (lane, likelihood) in likelihoods.iter_mut().enumerate() {
                if asked[lane] {
                    *likelihood = self.likelihood(sums[lane]);
                }
            }
        }
    }

    fn likelihood(&self, sum: i32) -> u16 {
        let step = sum.clamp(-LIMIT, LIMIT) / (UNIT / 32) + CURVE as i32 / 2;
        self.curve[step.clamp(0, CURVE as i32 - 1) as usize]
    }
}

impl Pass {
    /// Tells how much each feature of a line, or of one beside it, moved the line's score.
    #[cfg(feature = "toml")]
    pub(super) fn attribute(
        &self,
        columns: &Columns,
        line: usize,
        mut tell: impl FnMut(Place, i32),
    ) {
        let mut tile = Tile::new();
        columns.cut(line, &mut tile);
        self.trees.iter().for_each(|tree| tree.attribute(&tile, &mut tell));
    }
}

impl Split {
    /// Sets a bit for each line of a block for which the answer is yes.
    #[inline(always)]
    fn ask(self, tile: &Tile, bit: u8, answers: &mut [u8; BLOCK]) {
        let values = tile.at(self.place);
        for lane in 0..BLOCK {
            answers[lane] |= if values[lane] > self.threshold { bit } else { 0 };
        }
    }
}

/// The sums of the leaves that a block of lines comes to in some trees, at most [`ROUND`].
fn add(trees: &[Tree], tile: &Tile) -> [i32; BLOCK] {
    // Sums are made afterwards, or what is before them would no longer be vectors.
    let mut leaves = [[0; BLOCK]; ROUND];
    wide(
        #[inline(always)]
        || {
            for (tree, leaves) in trees.iter().zip(&mut leaves) {
                for (level, split) in tree.splits.iter().enumerate() {
                    split.ask(tile, 1 << level, leaves);
                }
            }
        },
    );
    let mut sums = [0; BLOCK];
    for (tree, leaves) in trees.iter().zip(&leaves) {
        for (sum, &leaf) in sums.iter_mut().zip(leaves) {
            *sum += i32::from(tree.leaves[usize::from(leaf) % LEAVES]);
        }
    }
    sums
}

impl Tree {
    /// How much each answer changed the mean of the leaves that are left.
    #[cfg(feature = "toml")]
    fn attribute(&self, tile: &Tile, tell: &mut impl FnMut(Place, i32)) {
        let (mut leaf, mut mean) = (0, self.means[1]);
        for (level, split) in self.splits.iter().enumerate() {
            let mut answers = [0; BLOCK];
            split.ask(tile, 1 << level, &mut answers);
            leaf |= usize::from(answers[0]);
            let next = match level + 1 {
                DEPTH => self.leaves[leaf],
                count => self.means[(1 << count) + leaf],
            };
            tell(split.place, i32::from(next) - i32::from(mean));
            mean = next;
        }
    }
}

/// The mean of the leaves that begin with some answers, over the lines of the training, for all
/// answers that there may be to the first questions.
#[cfg(feature = "toml")]
fn means(leaves: &[i16; LEAVES], shares: &[u8; LEAVES]) -> [i16; LEAVES] {
    let mut means = [0; LEAVES];
    for count in 0..DEPTH {
        for answers in 0..1 << count {
            let (mut sum, mut lines) = (0, 0);
            for leaf in (answers..LEAVES).step_by(1 << count) {
                // A leaf without lines still counts for something.
                let share = 1 + 256 * i64::from(shares[leaf]);
                sum += share * i64::from(leaves[leaf]);
                lines += share;
            }
            means[(1 << count) + answers] = (sum / lines) as i16;
        }
    }
    means
}

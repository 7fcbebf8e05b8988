//! The trained model: reads its weights and scores lines with them, in integers alone.
//!
//! The file, all numbers little-endian:
//!
//! - the magic line [`MAGIC`]
//! - words: `u8` bits of a slot, `i16` bias, then as many `i8` weights as there are slots
//! - curve: for the sums from -8 to 8 in steps of 1/32, the likelihood in 65536ths, 512 `u16`
//! - two passes, each: `u16` trees, `i32` base; for each tree
//!   `u8` nodes, for each node `i8` line, `u8` feature, `u8` threshold, `i8` child up to it,
//!   `i8` child above it, `i16` mean; then a leaf more than nodes, `i16` each
//!
//! A child from 0 on is a node, another the leaf of its complement; no leaf is deeper than [`DEPTH`].
//! Bases, means and leaves are in
//! [`UNIT`]ths.

use super::context::Page;
use super::features::{FEATURES, Feature, Row};
use super::second::Second;

pub(super) const MAGIC: &[u8] = b"unfurnish page model 1\n";
/// The weights.
pub(super) static WEIGHTS: &[u8] = include_bytes!("weights.bin");
/// What leaves and bases are counted in.
const UNIT: i32 = 1 << 10;
const CURVE: usize = 512;
/// Most nodes on the way to a leaf, and leaves at most.
const DEPTH: usize = 6;
const WIDTH: usize = 1 << DEPTH;
/// What the first pass takes to be no more likely than this, and what is around, in 256ths.
const FAR: u8 = 7;
/// Sums stay small with so many trees and such a base, at most.
const MOST_TREES: u16 = 4096;
const MOST_BASE: u32 = 1 << 20;
/// Lines that are scored together.
const BATCH: usize = 64;
/// Lines that walk through a tree side by side, since each step of one waits for the last.
const LANES: usize = 8;
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
    passes: [Pass; 2],
}

#[derive(Debug)]
struct Pass {
    base: i32,
    trees: Box<[Tree]>,
}

/// Nodes and leaves of a tree as if all of it were [`DEPTH`] deep: the children of node `n` are `2n`
/// and `2n + 1`, the root is 1, and the leaves come after the last node. Every walk is as long as every
/// other and takes no branch.
#[derive(Clone, Debug)]
struct Tree {
    nodes: [Node; WIDTH],
    leaves: [i16; WIDTH],
    /// The mean of the leaves below each node.
    #[cfg(feature = "toml")]
    means: [i16; WIDTH],
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The feature's place, in bytes from the beginning of the line's own row.
    place: i16,
    threshold: u8,
}

/// A node as it stands in the file.
struct Branch {
    node: Node,
    children: [i8; 2],
    mean: i16,
}

/// Whether a line is far from all that may be of the article, so that a second look is of no use.
fn is_far(row: &Row) -> bool {
    row[Feature::Score as usize] <= FAR && row[Feature::ScoreAround as usize] <= FAR
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

    fn i8(&mut self) -> Option<i8> {
        self.array().map(i8::from_le_bytes)
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
        let count = usize::from(self.u8()?);
        let branches: Vec<Branch> = (0..count).map(|_| self.branch()).collect::<Option<_>>()?;
        let leaves: Vec<i16> = (0..=count).map(|_| self.i16()).collect::<Option<_>>()?;
        let root = if branches.is_empty() { !0 } else { 0 };
        let mut tree = Tree {
            nodes: [Node { place: 0, threshold: u8::MAX }; WIDTH],
            leaves: [0; WIDTH],
            #[cfg(feature = "toml")]
            means: [0; WIDTH],
        };
        tree.grow(1, root, &branches, &leaves)?;
        Some(tree)
    }

    fn branch(&mut self) -> Option<Branch> {
        let line = i16::from(self.i8()?);
        let feature = self.u8().filter(|&feature| usize::from(feature) < FEATURES)?;
        let place = line.checked_mul(FEATURES as i16)?.checked_add(feature.into())?;
        let node = Node { place, threshold: self.u8()? };
        Some(Branch { node, children: [self.i8()?, self.i8()?], mean: self.i16()? })
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
            passes: [reader.pass()?, reader.pass()?],
        };
        reader.0.is_empty().then_some(model)
    }

    /// The likelihood that each line is of the article, in 65536ths.
    pub(crate) fn score(&self, page: &mut Page, second: &mut Second, likelihoods: &mut Vec<u16>) {
        for line in 0..page.rows.len() {
            page.rows[line][Feature::Learned as usize] = self.learned(page.hashes(line));
        }
        likelihoods.clear();
        likelihoods.resize(page.rows.len(), 0);
        let [first, second_pass] = &self.passes;
        self.pass(first, &page.rows, |_| true, likelihoods);
        for (row, likelihood) in page.rows.iter_mut().zip(likelihoods.iter()) {
            row[Feature::Score as usize] = (likelihood >> 8) as u8;
        }
        second.look(&mut page.rows, &page.words);
        self.pass(second_pass, &page.rows, |row| !is_far(row), likelihoods);
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
        rows: &[Row],
        is_open: impl Fn(&Row) -> bool,
        likelihoods: &mut [u16],
    ) {
        let bytes = rows.as_flattened();
        for start in (0..rows.len()).step_by(BATCH) {
            let count = BATCH.min(rows.len() - start);
            // The lines that are not sure yet, and how many.
            let mut open = [0; BATCH];
            let mut left = 0;
            for line in (0..count).filter(|line| is_open(&rows[start + line])) {
                open[left] = line as u8;
                left += 1;
            }
            let mut sums = [pass.base; BATCH];
            let asked = (open, left);
            for trees in pass.trees.chunks(ROUND) {
                for lines in open[..left].chunks(LANES) {
                    // A lane without a line goes with the first one, for nothing.
                    let row = |lane: usize| {
                        let line = lines.get(lane).unwrap_or(&lines[0]);
                        (start + usize::from(*line)) * FEATURES
                    };
                    let rows = std::array::from_fn(row);
                    let mut sum = [0; LANES];
                    trees.iter().for_each(|tree| tree.add(bytes, rows, &mut sum));
                    for (line, sum) in lines.iter().zip(sum) {
                        sums[usize::from(*line) % BATCH] += sum;
                    }
                }
                let before = left;
                left = 0;
                for index in 0..before {
                    let line = open[index];
                    open[left] = line;
                    left += usize::from(sums[usize::from(line) % BATCH].abs() < LIMIT);
                }
            }
            for &line in &asked.0[..asked.1] {
                likelihoods[start + usize::from(line)] = self.likelihood(sums[usize::from(line)]);
            }
        }
    }

    fn likelihood(&self, sum: i32) -> u16 {
        let step = sum.clamp(-LIMIT, LIMIT) / (UNIT / 32) + CURVE as i32 / 2;
        self.curve[step.clamp(0, CURVE as i32 - 1) as usize]
    }

    /// Tells how much the features of a line moved its score in both passes, by their places from
    /// the beginning of its row.
    #[cfg(feature = "toml")]
    pub(super) fn attribute(&self, rows: &[Row], line: usize, mut tell: impl FnMut(i16, i32)) {
        for tree in self.passes.iter().flat_map(|pass| &pass.trees) {
            tree.attribute(rows.as_flattened(), line * FEATURES, &mut tell);
        }
    }
}

impl Tree {
    /// Puts a part of a tree, a branch or a leaf, at a node and below. `None` if it is not there, or
    /// too deep.
    fn grow(&mut self, at: usize, part: i8, branches: &[Branch], leaves: &[i16]) -> Option<()> {
        let Ok(number) = usize::try_from(part) else {
            let leaf = *leaves.get(usize::from(!part as u8))?;
            self.fill(at, leaf);
            return Some(());
        };
        if at >= WIDTH {
            return None;
        }
        let branch = branches.get(number)?;
        self.nodes[at] = branch.node;
        self.set_mean(at, branch.mean);
        self.grow(2 * at, branch.children[0], branches, leaves)?;
        self.grow(2 * at + 1, branch.children[1], branches, leaves)
    }

    /// Makes all leaves at and below a node the same.
    fn fill(&mut self, at: usize, leaf: i16) {
        match at.checked_sub(WIDTH) {
            Some(place) => self.leaves[place] = leaf,
            None => {
                self.set_mean(at, leaf);
                self.fill(2 * at, leaf);
                self.fill(2 * at + 1, leaf);
            }
        }
    }

    #[cfg_attr(not(feature = "toml"), expect(unused_variables, clippy::unused_self))]
    fn set_mean(&mut self, at: usize, mean: i16) {
        #[cfg(feature = "toml")]
        {
            self.means[at] = mean;
        }
    }

    /// Adds the leaves of lines whose rows begin at some bytes. Beyond the page everything is 0.
    #[inline(always)]
    fn add(&self, bytes: &[u8], rows: [usize; LANES], sums: &mut [i32; LANES]) {
        let mut at = [1; LANES];
        for _ in 0..DEPTH {
            for (at, row) in at.iter_mut().zip(rows) {
                *at = 2 * *at + usize::from(self.nodes[*at % WIDTH].is_below(bytes, row));
            }
        }
        for (sum, at) in sums.iter_mut().zip(at) {
            *sum += i32::from(self.leaves[at % WIDTH]);
        }
    }

    /// How much each node on the way to the leaf changed the mean.
    #[cfg(feature = "toml")]
    fn attribute(&self, bytes: &[u8], row: usize, tell: &mut impl FnMut(i16, i32)) {
        let mut at = 1;
        for _ in 0..DEPTH {
            let (node, mean) = (&self.nodes[at % WIDTH], self.means[at % WIDTH]);
            at = 2 * at + usize::from(node.is_below(bytes, row));
            let next = if at < WIDTH { self.means[at] } else { self.leaves[at % WIDTH] };
            tell(node.place, i32::from(next) - i32::from(mean));
        }
    }
}

impl Node {
    /// Whether a line goes on to the second child.
    #[inline(always)]
    fn is_below(&self, bytes: &[u8], row: usize) -> bool {
        let place = row.wrapping_add_signed(self.place.into());
        bytes.get(place).copied().unwrap_or(0) > self.threshold
    }
}

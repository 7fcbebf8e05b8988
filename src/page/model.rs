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
//! A child from 0 on is a node, another the leaf of its complement. Bases, means and leaves are in
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
/// Sums stay small with so many trees and such a base, at most.
const MOST_TREES: u16 = 4096;
const MOST_BASE: u32 = 1 << 20;
/// Lines that one tree scores before the next one does.
const BATCH: usize = 64;
/// After so many trees a line whose sum is beyond the limit is sure, and no more are asked.
const ROUND: usize = 24;
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

#[derive(Debug)]
struct Tree {
    nodes: Box<[Node]>,
    leaves: Box<[i16]>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The feature's place, in bytes from the beginning of the line's own row.
    place: i16,
    threshold: u8,
    children: [i8; 2],
    /// The mean of the leaves below.
    #[cfg_attr(not(feature = "toml"), expect(dead_code, reason = "only `explain` asks"))]
    mean: i16,
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
        let nodes = (0..count).map(|number| self.node(number, count)).collect::<Option<_>>()?;
        let leaves = (0..=count).map(|_| self.i16()).collect::<Option<_>>()?;
        Some(Tree { nodes, leaves })
    }

    /// A node; its children must be there, and nodes must come after it, so that every walk ends.
    fn node(&mut self, number: usize, count: usize) -> Option<Node> {
        let (line, feature) = (i16::from(self.i8()?), self.u8()?);
        let threshold = self.u8()?;
        let children = [self.i8()?, self.i8()?];
        let is_there = |child: &i8| match usize::try_from(*child) {
            Ok(node) => node > number && node < count,
            Err(_) => usize::from(!*child as u8) <= count,
        };
        let place = line.checked_mul(FEATURES as i16)?.checked_add(feature.into())?;
        let mean = self.i16()?;
        let fits = usize::from(feature) < FEATURES && children.iter().all(is_there);
        fits.then_some(Node { place, threshold, children, mean })
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
        self.pass(0, &page.rows, likelihoods);
        for (row, likelihood) in page.rows.iter_mut().zip(likelihoods.iter()) {
            row[Feature::Score as usize] = (likelihood >> 8) as u8;
        }
        second.look(&mut page.rows, &page.words);
        self.pass(1, &page.rows, likelihoods);
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

    /// Scores all lines with one pass.
    fn pass(&self, pass: usize, rows: &[Row], likelihoods: &mut Vec<u16>) {
        let pass = &self.passes[pass];
        let bytes = rows.as_flattened();
        likelihoods.clear();
        for start in (0..rows.len()).step_by(BATCH) {
            let count = BATCH.min(rows.len() - start);
            let mut sums = [pass.base; BATCH];
            // The lines that are not sure yet, and how many.
            let mut open: [u8; BATCH] = std::array::from_fn(|line| line as u8);
            let mut left = count;
            for trees in pass.trees.chunks(ROUND) {
                for tree in trees {
                    for &line in &open[..left] {
                        let row = (start + usize::from(line)) * FEATURES;
                        sums[usize::from(line)] += i32::from(tree.value(bytes, row));
                    }
                }
                let before = left;
                left = 0;
                for index in 0..before {
                    let line = open[index];
                    if sums[usize::from(line)].abs() < LIMIT {
                        open[left] = line;
                        left += 1;
                    }
                }
            }
            likelihoods.extend(sums[..count].iter().map(|&sum| self.likelihood(sum)));
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
    /// The leaf of a line whose row begins at a byte. Beyond the page everything is 0.
    #[inline]
    fn value(&self, bytes: &[u8], row: usize) -> i16 {
        let mut number = if self.nodes.is_empty() { !0 } else { 0 };
        while let Ok(node) = usize::try_from(number) {
            let node = &self.nodes[node];
            number = node.children[usize::from(node.is_above(bytes, row))];
        }
        self.leaves[!number as usize]
    }

    /// How much each node on the way to the leaf changed the mean.
    #[cfg(feature = "toml")]
    fn attribute(&self, bytes: &[u8], row: usize, tell: &mut impl FnMut(i16, i32)) {
        let mut number = if self.nodes.is_empty() { !0 } else { 0 };
        while let Ok(at) = usize::try_from(number) {
            let node = &self.nodes[at];
            number = node.children[usize::from(node.is_above(bytes, row))];
            let mean = match usize::try_from(number) {
                Ok(next) => self.nodes[next].mean,
                Err(_) => self.leaves[!number as usize],
            };
            tell(node.place, i32::from(mean) - i32::from(node.mean));
        }
    }
}

impl Node {
    #[inline(always)]
    fn is_above(&self, bytes: &[u8], row: usize) -> bool {
        let place = row.wrapping_add_signed(self.place.into());
        bytes.get(place).copied().unwrap_or(0) > self.threshold
    }
}

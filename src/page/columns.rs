//! The features of a page's lines, a column for each feature: many lines are asked the same at once.

use super::features::{FEATURES, Feature};

/// Lines that are looked at together.
pub(super) const BLOCK: usize = 32;
/// How far away a neighbour may be.
pub(super) const REACH: usize = 8;

/// The columns. Lines above the first one and below the last one are all zeros, as far as
/// neighbours reach.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    bytes: Vec<u8>,
    lines: usize,
    /// From one column to the next.
    stride: usize,
}

impl Columns {
    /// Makes room for so many lines, with all features 0.
    pub(super) fn clear(&mut self, lines: usize) {
        self.lines = lines;
        self.stride = REACH + lines.next_multiple_of(BLOCK);
        self.bytes.clear();
        self.bytes.resize(FEATURES * self.stride + 2 * REACH, 0);
    }

    /// How many lines there are.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// One feature of all lines.
    pub(super) fn of(&self, feature: Feature) -> &[u8] {
        let start = feature as usize * self.stride + REACH;
        &self.bytes[start..start + self.lines]
    }

    /// One feature of all lines.
    pub(super) fn of_mut(&mut self, feature: Feature) -> &mut [u8] {
        let start = feature as usize * self.stride + REACH;
        &mut self.bytes[start..start + self.lines]
    }

    /// One feature of one line.
    pub(super) fn get(&self, line: usize, feature: Feature) -> u8 {
        self.of(feature)[line]
    }

    /// Sets it.
    pub(super) fn set(&mut self, line: usize, feature: Feature, value: u8) {
        self.of_mut(feature)[line] = value;
    }

    /// Sets the first features of a line.
    pub(super) fn put(&mut self, line: usize, values: &[u8]) {
        assert!(line < self.lines);
        let column = self.bytes[REACH + line..].iter_mut().step_by(self.stride);
        column.zip(values).for_each(|(place, value)| *place = *value);
    }

    /// All features of a line.
    #[cfg(feature = "train")]
    pub(super) fn row(&self, line: usize) -> [u8; FEATURES] {
        let mut values = self.bytes[REACH + line..].iter().step_by(self.stride);
        std::array::from_fn(|_| values.next().copied().unwrap_or(0))
    }

    /// Cuts a block of lines into a tile, which has been of these columns all along or is new.
    pub(super) fn cut(&self, first: usize, tile: &mut Tile) {
        let columns = self.bytes[first..].chunks(self.stride);
        for (place, column) in tile.bytes.iter_mut().zip(columns) {
            // Columns of one block alone are shorter; what is beyond is zeros.
            let count = column.len().min(WIDTH);
            place[..count].copy_from_slice(&column[..count]);
        }
    }
}

/// A block of lines and of each side as many as neighbours reach.
pub(super) struct Tile {
    bytes: [[u8; WIDTH]; FEATURES],
}

/// Lines of a tile.
const WIDTH: usize = REACH + BLOCK + REACH;

/// Where a tile has a feature of the lines that are so far below those of the block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(u16);

impl Place {
    /// `None` if there is no such feature, or the lines are too far away.
    pub(super) fn of(below: i8, feature: u8) -> Option<Place> {
        let line = REACH.checked_add_signed(below.into()).filter(|&line| line <= 2 * REACH)?;
        let feature = usize::from(feature);
        (feature < FEATURES).then_some(Place((feature * WIDTH + line) as u16))
    }

    /// How far below.
    #[cfg(feature = "toml")]
    pub(super) fn below(self) -> i32 {
        i32::from(self.0) % WIDTH as i32 - REACH as i32
    }

    /// The number of the feature.
    #[cfg(feature = "toml")]
    pub(super) fn feature(self) -> usize {
        usize::from(self.0) / WIDTH
    }
}

impl Tile {
    pub(super) fn new() -> Tile {
        Tile { bytes: [[0; WIDTH]; FEATURES] }
    }

    /// What stands at a place, for each line of the block.
    #[inline(always)]
    pub(super) fn at(&self, place: Place) -> &[u8; BLOCK] {
        const LAST: usize = FEATURES * WIDTH - BLOCK;
        let rest = &self.bytes.as_flattened()[usize::from(place.0).min(LAST)..];
        rest.first_chunk().expect("as many are there, at most at the last place")
    }
}

#[test]
fn neighbours_beyond_the_page_are_zeros() {
    for lines in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK - 2] {
        let mut columns = Columns::default();
        columns.clear(lines);
        for feature in [Feature::Words, Feature::Known, Feature::PageLearned] {
            columns.of_mut(feature).fill(feature as u8 + 1);
        }
        for feature in [Feature::Words, Feature::Bytes, Feature::PageLearned] {
            let value = columns.of(feature).first().copied().unwrap_or(0);
            let mut tile = Tile::new();
            for first in (0..lines).step_by(BLOCK) {
                for below in -(REACH as i8)..=REACH as i8 {
                    let place = Place::of(below, feature as u8).unwrap();
                    columns.cut(first, &mut tile);
                    let inside = |lane: usize| {
                        let line = first as isize + lane as isize + isize::from(below);
                        (0..lines as isize).contains(&line)
                    };
                    let expected = std::array::from_fn(|lane| if inside(lane) { value } else { 0 });
                    assert_eq!(*tile.at(place), expected, "{lines} {feature:?} {first} {below}");
                }
            }
        }
    }
}

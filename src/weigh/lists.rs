//! The uses of a line's hits: what stands in a line again and again is used by the same rules, which
//! are looked through once.

use std::ops::Range;

use crate::cues::{GOLDEN, Use};

const CELLS: usize = 256;
const FEW: usize = 64;
/// More uses than this are not kept; a line of so many different cues begins anew.
const MOST_USES: usize = 1 << 16;

/// The lists of uses that were asked for last, as far as they were wanted.
pub(super) struct Lists {
    cells: Vec<Cell>,
    kept: Vec<Use>,
    /// The number of the asking that is going on: what is left of others counts for nothing.
    now: u64,
    /// There are so few hits that their lists are sooner looked through again.
    few: bool,
}

#[derive(Clone, Default)]
struct Cell {
    asked: u64,
    list: u64,
    kept: Range<usize>,
}

impl Lists {
    pub(super) const fn new() -> Lists {
        Lists { cells: Vec::new(), kept: Vec::new(), now: 0, few: true }
    }

    /// Makes them ready for so many hits, of which nothing has been asked.
    pub(super) fn begin(&mut self, hits: usize) {
        self.few = hits <= FEW;
        if !self.few {
            self.cells.resize(CELLS, Cell::default());
            self.kept.clear();
            self.now += 1;
        }
    }

    /// Whether a list has not been asked for, as far as is remembered.
    #[inline]
    pub(super) fn is_new(&mut self, list: u64) -> bool {
        if self.few {
            return true;
        }
        let cell = &mut self.cells[place(list)];
        let is_new = (cell.asked, cell.list) != (self.now, list);
        (cell.asked, cell.list) = (self.now, list);
        is_new
    }

    /// The uses of a list, made if it is new.
    #[inline]
    pub(super) fn uses<U: Iterator<Item = Use>>(
        &mut self,
        list: u64,
        make: impl FnOnce() -> U,
    ) -> &[Use] {
        if self.few {
            self.kept.clear();
            self.kept.extend(make());
            return &self.kept;
        }
        if self.kept.len() > MOST_USES {
            self.kept.clear();
            self.now += 1;
        }
        if self.is_new(list) {
            let from = self.kept.len();
            self.kept.extend(make());
            self.cells[place(list)].kept = from..self.kept.len();
        }
        &self.kept[self.cells[place(list)].kept.clone()]
    }
}

fn place(list: u64) -> usize {
    (list.wrapping_mul(GOLDEN) >> 56) as usize % CELLS
}

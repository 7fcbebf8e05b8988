//! Places of a line that what stood before follows again: what was found there is found here.

use std::ops::Range;

use super::Hit;
use super::table::GOLDEN;

/// A line that is shorter holds few places, and its own are sooner looked at.
const LONG: usize = 1 << 10;
const CELLS: usize = 64;

/// The last places of a line, by what follows them.
pub(super) struct Again {
    /// None of a line that is not long.
    cells: Vec<Place>,
}

/// A place of a line where cues were looked for.
#[derive(Clone, Copy, Default)]
struct Place {
    start: usize,
    /// How many bytes from there on tell what was found.
    reach: usize,
    /// The first hit there, and the first after it.
    hits: (usize, usize),
}

impl Again {
    pub(super) fn new(line: &str) -> Again {
        let cells = if line.len() < LONG { 0 } else { CELLS };
        Again { cells: vec![Place::default(); cells] }
    }

    /// Appends what is found at a place, if it is known; whether it is.
    #[inline(always)]
    pub(super) fn append(&self, line: &str, start: usize, hits: &mut Vec<Hit>) -> bool {
        !self.cells.is_empty() && self.append_moved(line.as_bytes(), start, hits)
    }

    fn append_moved(&self, line: &[u8], start: usize, hits: &mut Vec<Hit>) -> bool {
        let Some(cell) = cell(line, start) else { return false };
        let Place { start: before, reach, hits: (first, end) } = self.cells[cell];
        let same = reach > 0
            && start + reach <= line.len()
            && line[before - 1..before + reach] == line[start - 1..start + reach];
        if same {
            let from = hits.len();
            hits.extend_from_within(first..end);
            for hit in &mut hits[from..] {
                hit.start += start - before;
                hit.end += start - before;
            }
        }
        same
    }

    /// Keeps what was found at a place, given how far the line was read for it.
    #[inline(always)]
    pub(super) fn keep(&mut self, line: &str, start: usize, end: usize, hits: Range<usize>) {
        if !self.cells.is_empty() && end <= line.len() {
            let place = Place { start, reach: end - start, hits: (hits.start, hits.end) };
            cell(line.as_bytes(), start).into_iter().for_each(|cell| self.cells[cell] = place);
        }
    }
}

/// The cell of a place by the next bytes and the one before it: what a number is depends on that too.
fn cell(line: &[u8], start: usize) -> Option<usize> {
    let near = line[start.checked_sub(1)?..].first_chunk()?;
    Some((u64::from_le_bytes(*near).wrapping_mul(GOLDEN) >> 58) as usize % CELLS)
}

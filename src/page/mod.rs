//! Profile `page`: which lines of a whole web page are its article.
//!
//! - `features`: what the model is told of a line; `columns`: that, for all lines of a page.
//! - `look`: a line by itself; `context`: the lines around it, and what rules say of them.
//! - `model`: trees that make a likelihood of that, in three passes; `again`: what the pass before
//!   thinks of the lines around, for the next one.
//! - `choose`: from likelihoods to the lines that stay.
//!
//! All of it is integers, so that the same page comes out the same everywhere. `train/` makes the weights.

mod again;
mod choose;
mod columns;
mod context;
#[cfg(feature = "toml")]
mod explain;
mod features;
mod look;
mod model;
#[cfg(test)]
mod tests;
#[cfg(feature = "train")]
pub mod training;

use std::cell::RefCell;
use std::ops::Range;

use again::Again;
use choose::choose;
use context::Page;
pub(crate) use context::Said;
#[cfg(feature = "toml")]
pub(crate) use explain::explain;
#[cfg(feature = "toml")]
pub use explain::{PageLine, Reason};
pub(crate) use model::Model;

/// The rule id of what the model takes.
pub(crate) const RULE: &str = "model/page";

/// Room for a page, kept for the next one.
#[derive(Default)]
struct Room {
    page: Page,
    again: Again,
    likelihoods: Vec<u16>,
}

/// The room for a page of more lines is not kept.
const ROOMY: usize = 1 << 16;

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

/// Which lines of a normalized text stay, given the spans of their content and what the rules say of
/// each.
pub(crate) fn article_lines(
    model: &Model,
    text: &str,
    lines: &[Range<usize>],
    said: &[Said],
) -> Vec<bool> {
    ROOM.with_borrow_mut(|room| {
        let Room { page, again, likelihoods } = room;
        page.read(text, lines, said);
        model.score(page, again, likelihoods, |_, _| ());
        let stay = choose(likelihoods, &page.words);
        if lines.len() > ROOMY {
            *room = Room::default();
        }
        stay
    })
}

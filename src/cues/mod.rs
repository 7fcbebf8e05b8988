//! Where cues stand in a line: tables of cues, looked up where words begin.
//!
//! A cue begins where a word begins. From each such place the next few letters say whether and
//! where in a table there are cues that begin like this; these are walked letter by letter.

mod again;
mod among;
mod fold;
#[cfg(feature = "toml")]
mod grow;
mod keys;
mod letter;
mod letters;
mod opening;
mod sieve;
mod table;
#[cfg(all(test, feature = "toml"))]
mod tests;
mod walk;

use std::cell::Cell;
use std::sync::Arc;

use crate::rules::Rule;
use again::Again;
pub(crate) use among::Among;
pub(crate) use fold::{Folded, Folder, glues, is_alphanumeric, is_inside_word, is_spaced};
use fold::{IN_WORD, UPPER};
#[cfg(feature = "toml")]
pub(crate) use grow::Cues;
pub(crate) use keys::{Keys, PackKeys, Scout};
use opening::Opening;
pub(crate) use sieve::{Openings, Scope, Sieve, Spot};
pub(crate) use table::{GOLDEN, Table, Use, VETO};
use walk::Walk;

/// Finds the cues of all rules.
///
/// A cue stands where its folded code points occur and its ends are ends of words. A cue written
/// with `*` at one end needs none there. Scripts without spaces between words need none at all.
/// `<n>` in a cue is any number.
#[derive(Debug)]
pub(crate) struct Finder {
    folder: &'static Folder,
    /// With what the rules of each are numbered as here; [`OFF`] if their cues pass for nothing.
    tables: Vec<(Arc<Table>, Vec<u32>)>,
    /// The rules that have no cues.
    cueless: Vec<usize>,
    /// The last letters of tails, less their upper bytes.
    last: [bool; 256],
    /// The classes of ASCII.
    classes: [u8; 128],
}

/// The number of a rule that is off.
pub(crate) const OFF: u32 = u32::MAX;

/// A code point that is the last letter of some tail; a class beside [`IN_WORD`] and [`UPPER`].
const ENDS_TAIL: u8 = 4;

/// All cues of a line are found sooner at once if it has more spots than this, and one in fewer
/// bytes than this.
const CROWDED: (usize, usize) = (64, 16);

/// A cue in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Bytes of the line.
    pub(crate) start: usize,
    pub(crate) end: usize,
    table: u32,
    /// Its place in the table, and that of its uses.
    cue: u32,
    uses: u32,
    /// It ends a word.
    whole: bool,
}

impl Hit {
    pub(crate) fn same_cue(&self, other: &Hit) -> bool {
        (self.table, self.cue) == (other.table, other.cue)
    }

    /// A number for the uses it has, the same for all hits that have the same.
    #[inline]
    pub(crate) fn list(&self) -> u64 {
        u64::from(self.table) << 33 | u64::from(self.uses) << 1 | u64::from(self.whole)
    }
}

impl Finder {
    /// A finder of the cues in some tables, for rules by the numbers that those of each table have
    /// among these, or [`OFF`].
    pub(crate) fn new(mut tables: Vec<(Arc<Table>, Vec<u32>)>, rules: &[Rule]) -> Finder {
        tables.retain(|(_, numbers)| numbers.iter().any(|&number| number != OFF));
        let folder = Folder::get();
        let mut last = [false; 256];
        for letter in tables.iter().flat_map(|(table, _)| table.last.chars()) {
            last[low_byte(letter)] = true;
        }
        let classes = std::array::from_fn(|byte| class_of(folder.fold(byte as u8 as char), &last));
        let cueless = rules.iter().enumerate().filter(|(_, rule)| rule.is_cueless());
        let cueless = cueless.map(|(number, _)| number).collect();
        Finder { folder, tables, cueless, last, classes }
    }

    /// The rules that have no cues, by index.
    pub(crate) fn cueless(&self) -> &[usize] {
        &self.cueless
    }

    /// The rules that have the cue of a hit.
    #[inline]
    pub(crate) fn uses(&self, hit: Hit) -> impl Iterator<Item = Use> {
        let (table, numbers) = &self.tables[hit.table as usize];
        let uses = table.uses(hit.uses as usize, hit.whole);
        let uses = uses.map(|used| Use { rule: numbers[used.rule as usize], ..used });
        uses.filter(|used| used.rule != OFF)
    }

    /// Finds the cues in a line, in order of their beginnings, the shorter before the longer.
    pub(crate) fn find(&self, line: &str, hits: &mut Vec<Hit>) {
        hits.clear();
        self.append_where(line, 0, hits, true, |_| true);
    }

    /// Adds to the cues that were found in a line those that begin from a byte on, or at least
    /// those of some rules.
    pub(crate) fn append_among(&self, line: &str, from: usize, among: &Among, hits: &mut Vec<Hit>) {
        self.append_where(line, from, hits, among.hold_tails(), |at| {
            let letters = match line.as_bytes()[at..].first_chunk() {
                Some(bytes) if bytes.is_ascii() => u32::from_le_bytes(*bytes) | among::LOWER,
                _ => among::letters(line[at..].chars().map(|c| self.folder.fold(c).letter)),
            };
            among.hold(letters)
        });
    }

    /// Appends the cues that begin where something holds, and with `tails` those that end a word.
    #[inline]
    fn append_where(
        &self,
        line: &str,
        from: usize,
        hits: &mut Vec<Hit>,
        tails: bool,
        may_begin: impl Fn(usize) -> bool,
    ) {
        let mut again = Again::new(line);
        let mut before = self.class_before(line, from);
        let mut at = from;
        while at < line.len() {
            let (class, end) = self.class(line, at);
            if begins_word(before, class) && line.as_bytes()[at] != b' ' && may_begin(at) {
                self.find_again(line, at, &mut again, hits);
            }
            let may_end = before & class & IN_WORD == 0 || class & UPPER != 0;
            if tails && before & ENDS_TAIL != 0 && may_end {
                self.find_tails(line, at, hits);
            }
            (before, at) = (class, end);
        }
        if tails && before & ENDS_TAIL != 0 {
            self.find_tails(line, at, hits);
        }
        // Two keys of cues may share a bucket, and both be those of a text.
        hits.sort_unstable();
        hits.dedup();
    }

    /// Appends the places of a text that are worth a look for some rules, in order.
    pub(crate) fn scout(&self, text: &str, scout: &Scout, spots: &mut Vec<Spot>) {
        scout.sieve.spots(text, self.folder, spots);
        if let Some(sieve) = &scout.of_site {
            sieve.spots(text, self.folder, spots);
        }
    }

    /// Finds the cues in a line that spots lead to, as [`find`](Finder::find) does, or says that
    /// they ask for all cues of it. The line begins at a byte of the text of the spots.
    pub(crate) fn find_at(
        &self,
        line: &str,
        start: usize,
        spots: &[Spot],
        hits: &mut Vec<Hit>,
    ) -> bool {
        hits.clear();
        if spots.len() > CROWDED.0 && spots.len() * CROWDED.1 > line.len() {
            return true;
        }
        for spot in spots {
            match spot.scope {
                Scope::Cue => {
                    self.find_from(line, spot.at - start, hits);
                }
                Scope::Lead => self.append_lead(line, 0, hits),
                Scope::Line => return true,
            }
        }
        // A lead and what it holds, each in order: merged faster than sorted.
        hits.sort();
        hits.dedup();
        false
    }

    /// Finds the cues that begin from a byte on, but not after the first letter there.
    pub(crate) fn find_lead(&self, line: &str, from: usize, hits: &mut Vec<Hit>) {
        hits.clear();
        self.append_lead(line, from, hits);
    }

    fn append_lead(&self, line: &str, from: usize, hits: &mut Vec<Hit>) {
        let mut again = Again::new(line);
        let mut before = self.class_before(line, from);
        let mut at = from;
        while at < line.len() {
            let (class, end) = self.class(line, at);
            if begins_word(before, class) && line.as_bytes()[at] != b' ' {
                self.find_again(line, at, &mut again, hits);
            }
            if line[at..end].contains(char::is_alphabetic) {
                return;
            }
            (before, at) = (class, end);
        }
    }

    /// The class of the code point before a byte, 0 at the beginning of the line.
    fn class_before(&self, line: &str, at: usize) -> u8 {
        let last = line[..at].char_indices().next_back();
        last.map_or(0, |(at, _)| self.class(line, at).0)
    }

    /// The class of the code point at a byte, and the byte after it.
    #[inline(always)]
    fn class(&self, line: &str, at: usize) -> (u8, usize) {
        match self.classes.get(line.as_bytes()[at] as usize) {
            Some(&class) => (class, at + 1),
            None => {
                let (c, end) = self.folded(line, at);
                (class_of(c, &self.last), end)
            }
        }
    }

    /// The letter that the code point at a byte folds to, and the byte after it.
    #[inline(always)]
    fn letter(&self, line: &str, at: usize) -> (char, usize) {
        let byte = line.as_bytes()[at];
        match byte.is_ascii() {
            true => (byte.to_ascii_lowercase() as char, at + 1),
            false => {
                let (c, end) = self.folded(line, at);
                (c.letter, end)
            }
        }
    }

    /// The code point at a byte, and the byte after it.
    #[inline]
    fn folded(&self, line: &str, at: usize) -> (Folded, usize) {
        let byte = line.as_bytes()[at];
        match byte.is_ascii() {
            true => (self.folder.fold(byte as char), at + 1),
            false => {
                let c = line[at..].chars().next().unwrap_or(' ');
                (self.folder.fold(c), at + c.len_utf8())
            }
        }
    }

    /// Appends the cues that begin at a byte of a line of which others have been looked at.
    #[inline(always)]
    fn find_again(&self, line: &str, start: usize, again: &mut Again, hits: &mut Vec<Hit>) {
        if !again.append(line, start, hits) {
            let first = hits.len();
            let end = self.find_from(line, start, hits);
            again.keep(line, start, end, first..hits.len());
        }
    }

    /// Appends the cues that begin at a byte, in order; returns how far the line was read, or more.
    #[inline]
    fn find_from(&self, line: &str, start: usize, hits: &mut Vec<Hit>) -> usize {
        let before = hits.len();
        let opening = Opening::of(self, line, start);
        let reach = Cell::new(start + opening::MOST_BYTES);
        for (number, (table, _)) in self.tables.iter().enumerate() {
            opening.keys(table.stem_lengths, |key| {
                if let Some(trees) = table.bucket(key) {
                    Walk { finder: self, number, table, line, reach: &reach }
                        .ahead(trees, start, hits);
                }
            });
        }
        // So many are soon sorted; all those of a line would not be.
        hits[before..].sort_unstable();
        reach.get()
    }

    /// Appends the cues that end a word at a byte, wherever in the word they begin.
    fn find_tails(&self, line: &str, end: usize, hits: &mut Vec<Hit>) {
        let mut letters = line[..end].chars().rev().map(|c| self.folder.fold(c));
        let (Some(last), Some(before)) = (letters.next(), letters.next()) else { return };
        let key = table::tail(before.letter, last.letter);
        for (number, (table, _)) in self.tables.iter().enumerate() {
            if let Some(trees) = table.bucket(key) {
                Walk { finder: self, number, table, line, reach: &Cell::new(end) }
                    .back(trees, end, hits);
            }
        }
    }
}

/// Whether a word begins between code points of two classes, or a sign stands there; a capital
/// glued to what stands before begins one too.
fn begins_word(before: u8, class: u8) -> bool {
    before & class & IN_WORD == 0 || class & !before & UPPER != 0
}

fn low_byte(letter: char) -> usize {
    (letter as u32 & 0xff) as usize
}

/// The classes of a code point.
fn class_of(c: Folded, last: &[bool; 256]) -> u8 {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    flag(c.in_word, IN_WORD) | flag(c.upper, UPPER) | flag(last[low_byte(c.letter)], ENDS_TAIL)
}

//! From a place in a line through the trees of a table, letter by letter.

use std::cell::Cell;
use std::ops::Range;

use super::fold::{IN_WORD, UPPER};
use super::table::{NUMBER, Node, TAIL, Table};
use super::{Finder, Hit};

/// A walk in one table along one line.
#[derive(Clone, Copy)]
pub(super) struct Walk<'f> {
    pub(super) finder: &'f Finder,
    /// The number of the table among the finder's.
    pub(super) number: usize,
    pub(super) table: &'f Table,
    pub(super) line: &'f str,
    /// How far the line was read, or more.
    pub(super) reach: &'f Cell<usize>,
}

impl Walk<'_> {
    /// Appends the cues of some trees that begin at a byte.
    pub(super) fn ahead(self, trees: Range<usize>, start: usize, hits: &mut Vec<Hit>) {
        self.go_on(trees, start, (start, false), hits);
    }

    /// The same for cues that go on at a byte, after a digit or not: a number is found as a whole,
    /// from its first digit on.
    fn go_on(
        self,
        trees: Range<usize>,
        start: usize,
        (at, in_number): (usize, bool),
        hits: &mut Vec<Hit>,
    ) {
        if at == self.line.len() || trees.is_empty() {
            return;
        }
        let (first, mut end) = self.finder.letter(self.line, at);
        if first.is_ascii_digit()
            && !in_number
            && let Some(node) = self.table.node(trees.clone(), NUMBER)
        {
            let end = self.number_end(at);
            self.report(&node, start..end, at, hits);
            self.go_on(node.children, start, (end, false), hits);
        }
        let Some(node) = self.table.node(trees, first) else { return self.saw(end) };
        let (mut last, mut last_at) = (first, at);
        let mut rest = &node.label[first.len_utf8()..];
        while !rest.is_empty() {
            if end == self.line.len() {
                return self.saw(end);
            }
            last_at = end;
            (last, end) = self.finder.letter(self.line, end);
            match strip(rest, last) {
                Some(more) => rest = more,
                None => return self.saw(end),
            }
        }
        self.saw(end);
        self.report(&node, start..end, last_at, hits);
        self.go_on(node.children, start, (end, last.is_ascii_digit()), hits);
    }

    /// Notes how far the line was read, with the two code points after it that may tell whether a
    /// word ends there. Beyond the end of the line is the end itself.
    #[inline(always)]
    fn saw(self, end: usize) {
        const TWO: usize = 8;
        self.reach.set(self.reach.get().max(end + TWO));
    }

    /// Appends the tails of some trees that end at a byte.
    pub(super) fn back(self, trees: Range<usize>, end: usize, hits: &mut Vec<Hit>) {
        if let Some(node) = self.table.node(trees, TAIL) {
            self.back_along(&node, TAIL.len_utf8(), end..end, hits);
        }
    }

    /// The same for those of a node, of whose label so many bytes and of whose letters those
    /// between two bytes are compared.
    fn back_along(
        self,
        node: &Node<'_>,
        compared: usize,
        Range { mut start, end }: Range<usize>,
        hits: &mut Vec<Hit>,
    ) {
        let mut rest = &node.label[compared..];
        loop {
            let before = self.line[..start].chars().next_back();
            let letter = before.map(|c| self.finder.folder.fold(c).letter);
            if rest.is_empty() {
                self.report(node, start..end, self.last_before(end), hits);
                let next = letter.and_then(|l| self.table.node(node.children.clone(), l));
                return next.iter().for_each(|next| self.back_along(next, 0, start..end, hits));
            }
            match letter.and_then(|letter| strip(rest, letter)) {
                Some(more) => (rest, start) = (more, start - before.map_or(0, char::len_utf8)),
                None => return,
            }
        }
    }

    /// Where the last code point before a byte begins.
    fn last_before(self, end: usize) -> usize {
        end - self.line[..end].chars().next_back().map_or(0, char::len_utf8)
    }

    /// Appends the cue of a node if it may end where its place does, with the code point at a byte.
    #[inline]
    fn report(self, node: &Node<'_>, place: Range<usize>, last_at: usize, hits: &mut Vec<Hit>) {
        if node.uses == 0 {
            return;
        }
        let Range { start, end } = place;
        let whole = self.ends_word(last_at, end);
        if whole || node.stem {
            let (table, cue, uses) = (self.number as u32, node.cue as u32, node.uses as u32);
            hits.push(Hit { start, end, table, cue, uses, whole });
        }
    }

    /// The end of the number that begins at a byte: digits, perhaps with thousands or decimals
    /// (`1,000`, `4.8`), but not of a date, a time or a share (`12.03.2024`, `0:45`, `3/10`).
    fn number_end(&self, start: usize) -> usize {
        let line = self.line;
        let bytes = line.as_bytes();
        let digits = |from: usize| {
            let mut end = from;
            while end < line.len() && line.is_char_boundary(end) {
                match self.finder.folded(line, end) {
                    (c, after) if c.letter.is_ascii_digit() => end = after,
                    _ => break,
                }
            }
            self.saw(end);
            end
        };
        let sign = |at: usize, signs: &[u8]| bytes.get(at).is_some_and(|byte| signs.contains(byte));
        let goes_on = |at: usize| sign(at, b".,/:-") && digits(at + 1) > at + 1;
        let mut end = digits(start);
        if start > 0 && sign(start - 1, b".,/:-") {
            return end;
        }
        while sign(end, b".,'") {
            let after = digits(end + 1);
            match after - (end + 1) {
                3 => end = after,
                1 | 2 if !goes_on(after) => return after,
                _ => break,
            }
        }
        end
    }

    /// Whether a word ends at a byte, after the code point at another; also where a capital is
    /// glued to it, which after a capital begins a word only before a small letter.
    fn ends_word(self, last_at: usize, at: usize) -> bool {
        let line = self.line;
        if at == line.len() {
            return true;
        }
        let (next, end) = self.finder.class(line, at);
        let small_after = || line[end..].starts_with(char::is_lowercase);
        let upper = |class: u8| class & UPPER != 0;
        next & IN_WORD == 0
            || upper(next) && (!upper(self.finder.class(line, last_at).0) || small_after())
    }
}

/// What comes after a letter.
#[inline]
fn strip(label: &[u8], letter: char) -> Option<&[u8]> {
    match letter.is_ascii() {
        true => {
            label.split_first().filter(|(first, _)| **first == letter as u8).map(|(_, rest)| rest)
        }
        false => label.strip_prefix(letter.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

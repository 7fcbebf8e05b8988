//! Normalization Form C of one segment, by the algorithm of UAX #15.
//!
//! The iterator of unicode-normalization does the same; this keeps its buffer from one segment to
//! the next, which makes it several times faster on the few characters a segment has.

use super::policy::{self, LAST_MARK, MAYBE_MARK, MAYBE_STARTER, PLAIN};

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

/// Collects the characters of a segment and composes them.
#[derive(Default)]
pub(super) struct Composer {
    /// Canonical combining class and character, fully decomposed.
    chars: Vec<(u8, char)>,
}

impl Composer {
    pub(super) fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    pub(super) fn push(&mut self, c: char) {
        // Only what has a kind of its own is a mark; of those with class 0, most need no look-up.
        match policy::kind(c as u32) {
            PLAIN if c < '\u{C0}' => self.chars.push((0, c)),
            MAYBE_STARTER => self.chars.push((0, c)),
            1..=LAST_MARK | MAYBE_MARK => self.chars.push((canonical_combining_class(c), c)),
            _ => decompose_canonical(c, |c| self.chars.push((canonical_combining_class(c), c))),
        }
    }

    /// Appends the composed segment to `out` and starts a new one.
    pub(super) fn finish(&mut self, out: &mut String) {
        if self.chars.len() > 1 {
            self.order();
            self.compose();
        }
        out.extend(self.chars.drain(..).map(|(_, c)| c));
    }

    /// Canonical ordering: a stable sort of every run of marks.
    fn order(&mut self) {
        for run in self.chars.split_mut(|&(class, _)| class == 0) {
            if run.len() > 1 {
                run.sort_by_key(|&(class, _)| class);
            }
        }
    }

    /// Canonical composition, in place.
    fn compose(&mut self) {
        let mut starter: Option<usize> = None;
        let mut last_class = 0;
        let mut written = 0;
        for read in 0..self.chars.len() {
            let (class, c) = self.chars[read];
            if let Some(at) = starter {
                let blocked = written > at + 1 && last_class >= class;
                let composed = if blocked { None } else { compose(self.chars[at].1, c) };
                if let Some(composed) = composed {
                    self.chars[at].1 = composed;
                    continue;
                }
            }
            if class == 0 {
                starter = Some(written);
            }
            last_class = class;
            self.chars[written] = (class, c);
            written += 1;
        }
        self.chars.truncate(written);
    }
}

//! The account of what the normalizer did: which bytes of the input became which of the output.

use std::borrow::Cow;
use std::ops::Range;

/// A replacement by the normalizer: bytes of the input became bytes of the output.
///
/// A list of splices is sorted, none overlaps the next, and what lies between two of them is the
/// same in input and output. Those of [`normalize`](super::normalize) and [`compose`] do not even
/// touch each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) input: Range<usize>,
    pub(crate) output: Range<usize>,
}

/// A normalized text and the splices that led to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalized<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) splices: Vec<Splice>,
}

/// Decodes UTF-8; each maximal invalid sequence becomes one U+FFFD and one splice, so that two in
/// a row make two splices that touch.
pub(crate) fn decode(bytes: &[u8]) -> Normalized<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Normalized { text: Cow::Borrowed(text), splices: Vec::new() };
    }
    let mut text = String::with_capacity(bytes.len());
    let mut splices = Vec::new();
    let mut read = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        read += chunk.valid().len();
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            let written = text.len();
            text.push(char::REPLACEMENT_CHARACTER);
            splices.push(Splice { input: read..read + invalid, output: written..text.len() });
            read += invalid;
        }
    }
    Normalized { text: Cow::Owned(text), splices }
}

/// The splices of `second` after `first`, as if made in one step.
pub(crate) fn compose(first: &[Splice], second: &[Splice]) -> Vec<Splice> {
    // `middle` is the output of the first step and the input of the second. What touches there
    // becomes one splice; the shifts lead from the middle to the two ends.
    let (mut i, mut j) = (0, 0);
    let (mut to_input, mut to_output) = (0isize, 0isize);
    let mut composed = Vec::with_capacity(first.len().max(second.len()));
    loop {
        let start = match (first.get(i), second.get(j)) {
            (Some(a), Some(b)) => a.output.start.min(b.input.start),
            (Some(a), None) => a.output.start,
            (None, Some(b)) => b.input.start,
            (None, None) => return composed,
        };
        let mut end = start;
        let (input_start, output_start) =
            (start.wrapping_add_signed(to_input), start.wrapping_add_signed(to_output));
        loop {
            if let Some(a) = first.get(i).filter(|a| a.output.start <= end) {
                end = end.max(a.output.end);
                to_input = a.input.end.wrapping_sub(a.output.end) as isize;
                i += 1;
            } else if let Some(b) = second.get(j).filter(|b| b.input.start <= end) {
                end = end.max(b.input.end);
                to_output = b.output.end.wrapping_sub(b.input.end) as isize;
                j += 1;
            } else {
                break;
            }
        }
        composed.push(Splice {
            input: input_start..end.wrapping_add_signed(to_input),
            output: output_start..end.wrapping_add_signed(to_output),
        });
    }
}

/// Builds the output, from the first difference on.
pub(super) struct Writer<'t> {
    text: &'t str,
    out: String,
    splices: Vec<Splice>,
    /// The input up to here is in `out`.
    copied: usize,
}

impl<'t> Writer<'t> {
    pub(super) fn new(text: &'t str) -> Writer<'t> {
        Writer { text, out: String::new(), splices: Vec::new(), copied: 0 }
    }

    /// Whether nothing of the input before `at` is left in the output.
    pub(super) fn nothing_before(&self, at: usize) -> bool {
        at == self.copied && self.out.is_empty()
    }

    /// Puts `with` where `range` is in the input. What both have in common at their ends is not
    /// part of the splice; if they are equal, nothing happens.
    pub(super) fn put(&mut self, range: Range<usize>, with: &str) {
        let old = &self.text[range.clone()];
        if old == with {
            return;
        }
        let equal = |(a, b): &(u8, u8)| a == b;
        let mut head = old.bytes().zip(with.bytes()).take_while(equal).count();
        while !(old.is_char_boundary(head) && with.is_char_boundary(head)) {
            head -= 1;
        }
        let (old, with) = (&old[head..], &with[head..]);
        let ends = old.bytes().rev().zip(with.bytes().rev());
        let mut tail = ends.take_while(equal).count();
        while !(old.is_char_boundary(old.len() - tail) && with.is_char_boundary(with.len() - tail))
        {
            tail -= 1;
        }
        self.replace(range.start + head..range.end - tail, &with[..with.len() - tail]);
    }

    /// Puts `with` where `range` is in the input; they are known to differ.
    pub(super) fn replace(&mut self, range: Range<usize>, with: &str) {
        if self.out.capacity() == 0 {
            self.out.reserve(self.text.len());
        }
        let touches = self.splices.last().is_some_and(|last| last.input.end == range.start);
        self.out.push_str(&self.text[self.copied..range.start]);
        let written = self.out.len();
        self.out.push_str(with);
        self.copied = range.end;
        match self.splices.last_mut() {
            Some(last) if touches => {
                last.input.end = range.end;
                last.output.end = self.out.len();
            }
            _ => self.splices.push(Splice { input: range, output: written..self.out.len() }),
        }
    }

    pub(super) fn finish(mut self) -> Normalized<'t> {
        if self.splices.is_empty() {
            return Normalized { text: Cow::Borrowed(self.text), splices: self.splices };
        }
        self.out.push_str(&self.text[self.copied..]);
        Normalized { text: Cow::Owned(self.out), splices: self.splices }
    }
}

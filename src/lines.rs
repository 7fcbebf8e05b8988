//! Lines of a text: their content and the breaks between them.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

/// The spans of a text's lines that are not blank, less blanks at both ends, in bytes.
///
/// The text is normalized: `\n` is the only break.
pub(crate) fn content_lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    let mut start = 0;
    ends.filter_map(move |end| {
        let content = content(text, start..end);
        start = end + 1;
        (content.start < content.end).then_some(content)
    })
}

/// The spans of the lines above a byte that begins one or its content, from the nearest on.
pub(crate) fn lines_above(text: &str, at: usize) -> impl Iterator<Item = Range<usize>> {
    let mut end = memrchr(b'\n', &text.as_bytes()[..at]);
    std::iter::from_fn(move || {
        let stop = end?;
        end = memrchr(b'\n', &text.as_bytes()[..stop]);
        Some(content(text, end.map_or(0, |found| found + 1)..stop))
    })
    .filter(|content| !content.is_empty())
}

/// The line that holds a byte, or ends there, and its content; none of it is before `from`.
pub(crate) fn line_at(text: &str, from: usize, at: usize) -> (Range<usize>, Range<usize>) {
    let bytes = text.as_bytes();
    let start = memrchr(b'\n', &bytes[from..at]).map_or(from, |found| from + found + 1);
    let end = memchr(b'\n', &bytes[at..]).map_or(text.len(), |found| at + found);
    (start..end, content(text, start..end))
}

/// A line less the blanks at both ends.
fn content(text: &str, line: Range<usize>) -> Range<usize> {
    let content = &text[line.clone()];
    let indent = content.len() - content.trim_start_matches(BLANKS).len();
    line.start + indent..line.start + content.trim_end_matches(BLANKS).len()
}

/// Blanks that the normalizer leaves at a line's ends.
const BLANKS: [char; 3] = [' ', '\t', '\u{a0}'];

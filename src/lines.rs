//! Lines of a text: their content and the breaks between them.

use std::ops::Range;

use memchr::memchr_iter;

/// The spans of a text's lines that are not blank, less blanks at both ends, in bytes.
///
/// The text is normalized: `\n` is the only break.
pub(crate) fn content_lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    let mut start = 0;
    ends.filter_map(move |end| {
        let line = &text[start..end];
        let indent = line.len() - line.trim_start_matches(BLANKS).len();
        let content = start + indent..start + line.trim_end_matches(BLANKS).len();
        start = end + 1;
        (content.start < content.end).then_some(content)
    })
}

/// Blanks that the normalizer leaves at a line's ends.
const BLANKS: [char; 3] = [' ', '\t', '\u{a0}'];

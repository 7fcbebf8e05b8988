//! The shape of a line: prose, headline, or neither.

use crate::cues::{is_alphanumeric, is_inside_word, is_spaced};
use crate::lanes::{LANES, bits, is_ascii_alphanumeric, lanes};

/// What a line looks like, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Words, up to [`MOST_WORDS`]; in scripts without spaces two letters count as a word.
    pub(crate) words: u32,
    /// A sentence or more, as in the body of an article.
    pub(crate) prose: bool,
    /// Short, begins like a title, does not end like a sentence.
    pub(crate) headline: bool,
}

/// Fewest words of a line of prose that ends like a sentence, and of any line of prose.
const PROSE_WORDS: (u32, u32) = (12, 30);
/// More words than this are all the same: no rule takes so many but by the sentence.
pub(crate) const MOST_WORDS: u32 = 100;
/// Most digits of the number of a footnote.
const NOTE_DIGITS: usize = 3;
/// Most words of a headline.
const HEADLINE_WORDS: u32 = 20;

impl Shape {
    /// The shape of a line's content.
    pub(crate) fn of(line: &str) -> Shape {
        let words = count_words_up_to(line, MOST_WORDS);
        let sentence = ends_sentence(line);
        let prose = words >= if sentence { PROSE_WORDS.0 } else { PROSE_WORDS.1 };
        let first = line.chars().find(|c| c.is_alphanumeric());
        let unfinished = line.ends_with([':', '：', ',', '،', '、', ';']);
        let headline = !prose
            && words <= HEADLINE_WORDS
            && !unfinished
            && !is_statement(line)
            && first.is_some_and(|c| !c.is_lowercase());
        Shape { words, prose, headline }
    }

    /// Whether what was begun in the line above may go on in a line of this shape.
    pub(crate) fn goes_on(self, line: &str) -> bool {
        !self.prose || line.starts_with(char::is_lowercase)
    }
}

/// Words of a text: runs of letters and digits; in scripts without spaces, pairs of letters.
pub(crate) fn count_words(text: &str) -> u32 {
    count_words_up_to(text, u32::MAX)
}

/// The same, but no further once there are so many.
pub(crate) fn count_words_up_to(text: &str, most: u32) -> u32 {
    let (mut words, mut letters, mut inside) = (0, 0u32, false);
    let mut rest = text;
    while words + letters / 2 < most && !rest.is_empty() {
        let (lanes, ascii) = lanes(rest.as_bytes());
        if ascii > 0 {
            let (more, still_inside) = count_ascii(&lanes, ascii, inside);
            words = (words + more).min(most - letters / 2);
            inside = still_inside;
            rest = &rest[ascii..];
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        rest = &rest[c.len_utf8()..];
        let word = is_alphanumeric(c) || (inside && (matches!(c, '\'' | '’') || is_inside_word(c)));
        if word && !is_spaced(c) {
            letters += 1;
            inside = false;
        } else {
            words += u32::from(word && !inside);
            inside = word;
        }
    }
    words + letters.div_ceil(2)
}

/// The words that begin in the first so many bytes, and whether the last of them is still in one,
/// as before the first it is or not.
#[inline]
fn count_ascii(lanes: &[u8; LANES], length: usize, inside: bool) -> (u32, bool) {
    let mask = u64::MAX >> (LANES - length);
    let letters = bits(lanes, is_ascii_alphanumeric) & mask;
    let marks = bits(lanes, |byte| byte == b'\'') & mask;
    let after = |bits: u64| bits << 1 | u64::from(inside);
    // Apostrophes go on with a word, all that stand together: a sum carries through them.
    let first_marks = marks & !(marks << 1) & after(letters);
    let word = letters | marks & !marks.wrapping_add(first_marks);
    ((letters & !after(word)).count_ones(), word >> (length - 1) & 1 != 0)
}

/// Whether a text ends with a full stop, perhaps in a quotation or a bracket.
pub(crate) fn is_statement(text: &str) -> bool {
    let end = without_notes(text.trim_end()).trim_end_matches(CLOSERS);
    end.ends_with(['.', '。', '।', '۔']) && !end.ends_with("...")
}

/// Whether a line ends like a sentence, perhaps in a quotation or a bracket.
pub(crate) fn ends_sentence(line: &str) -> bool {
    without_notes(line).trim_end_matches(CLOSERS).ends_with(TERMINATORS)
}

/// A text without the marks of footnotes at its end: `… in a shallow sea.[2][3]`.
fn without_notes(mut text: &str) -> &str {
    while let Some((before, number)) = text.strip_suffix(']').and_then(|t| t.rsplit_once('['))
        && (1..=NOTE_DIGITS).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        text = before;
    }
    text
}

/// What ends a sentence.
pub(crate) const TERMINATORS: [char; 13] =
    ['.', '!', '?', '…', '。', '！', '？', '؟', '।', '۔', '։', '።', '‼'];
/// What may follow the end of a sentence before the space.
pub(crate) const CLOSERS: [char; 12] =
    ['"', '\'', '”', '’', '“', '»', '«', ')', ']', '」', '』', '）'];

#[test]
fn notes_end_no_sentence() {
    for (line, ends) in [
        ("It was laid down in a shallow sea.[2]", true),
        ("It was laid down in a shallow sea.[2][13]", true),
        ("The sea[2]", false),
        ("See part [a].", true),
        ("He wrote it down.[citation]", false),
        ("[1]", false),
        ("]", false),
    ] {
        assert_eq!(ends_sentence(line), ends, "{line}");
    }
}

#[test]
fn marks_part_no_words() {
    for (text, words) in
        [("नमस्ते दुनिया", 2), ("می\u{200c}خواهم", 1), ("क्\u{200d}ष", 1), ("don't go", 2)]
    {
        assert_eq!(count_words(text), words, "{text}");
    }
}

/// The fast count of words is the obvious one.
#[test]
fn words_are_counted_alike() {
    let alphabet = ["a", "Z", "0", "'", "''", "’", " ", ".", "é", "語", "ab", "x'y", "\u{301}"];
    let mut state = 7u32;
    for length in 0..400 {
        let text: String = (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                alphabet[(state >> 16) as usize % alphabet.len()]
            })
            .collect();
        let (mut words, mut letters, mut inside) = (0, 0, false);
        for c in text.chars() {
            let word =
                c.is_alphanumeric() || (inside && (matches!(c, '\'' | '’') || is_inside_word(c)));
            if word && !is_spaced(c) {
                letters += 1;
                inside = false;
            } else {
                words += u32::from(word && !inside);
                inside = word;
            }
        }
        assert_eq!(count_words(&text), words + u32::div_ceil(letters, 2), "{text}");
    }
}

//! Where sentences, quotations and decoration of a line begin and end.

use std::ops::Range;

use super::shape::{CLOSERS, TERMINATORS};

/// Byte offsets in a line where its sentences begin, the first one 0.
///
/// Bars and bullets between spaces part sentences too: `Print | Share`.
pub(crate) fn sentence_starts(line: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_ascii() && !matches!(c, '.' | '!' | '?' | '|') {
            continue;
        }
        if TERMINATORS.contains(&c) {
            let mut end = at + c.len_utf8();
            while let Some(&(next, d)) = chars.peek() {
                if !TERMINATORS.contains(&d) && !CLOSERS.contains(&d) {
                    break;
                }
                end = next + d.len_utf8();
                chars.next();
            }
            let rest = line[end..].trim_start();
            let spaced = rest.len() < line.len() - end;
            let begins = if matches!(c, '。' | '！' | '？') {
                true
            } else if spaced {
                !(rest.starts_with(char::is_lowercase) || c == '.' && abbreviates(&line[..at]))
            } else {
                // `… on Friday.Read more`: glued, unless it is a name, a number or an initial.
                end > at
                    && line[..at].ends_with(char::is_lowercase)
                    && rest.starts_with(char::is_uppercase)
            };
            if begins && !rest.is_empty() {
                starts.push(line.len() - rest.len());
            }
        } else if matches!(c, '|' | '•' | '·' | '►' | '»') && line[..at].ends_with(' ') {
            let end = at + c.len_utf8();
            let rest = line[end..].trim_start();
            if rest.len() < line.len() - end && !rest.is_empty() {
                starts.push(line.len() - rest.len());
            }
        }
    }
    starts
}

/// Whether a full stop after `text` is that of an abbreviation: an initial or a title.
fn abbreviates(text: &str) -> bool {
    const LONGEST: usize = 12;
    let in_word = |c: &char| c.is_alphanumeric() || *c == '.';
    let length =
        text.chars().rev().take(LONGEST).take_while(in_word).map(char::len_utf8).sum::<usize>();
    let word = &text[text.len() - length..];
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    initial || word.contains('.') || ABBREVIATIONS.iter().any(|a| a.eq_ignore_ascii_case(word))
}

/// Titles and references that a name or a number follows, in the languages of the packs.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "sra", "rev", "gen", "col", "sgt", "capt",
    "gov", "sen", "rep", "hon", "no", "nos", "nr", "vs", "fig", "vol", "pp", "ed", "eds", "approx",
    "ca", "bzw", "hr", "fr", "str", "mme", "mlle", "mm", "art", "ing", "lic", "ud", "uds",
];

/// The parts of a line inside quotation marks, in order.
///
/// A quotation that is not closed reaches to the end of the line.
pub(crate) fn quotations(line: &str) -> Vec<Range<usize>> {
    let mut quotations = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    if !line.contains(['"', '“', '„', '»', '「']) {
        return quotations;
    }
    let (last_left, last_right) = (line.rfind('«'), line.rfind('»'));
    for (at, c) in line.char_indices() {
        match open {
            Some((start, opener)) => {
                let closes = match opener {
                    '„' => matches!(c, '“' | '”' | '"'),
                    '“' => matches!(c, '”' | '"'),
                    '»' => c == '«',
                    '«' => c == '»',
                    '「' => c == '」',
                    _ => c == '"',
                };
                if closes {
                    quotations.push(start..at);
                    open = None;
                }
            }
            None if matches!(c, '„' | '“' | '「') => open = Some((at, c)),
            None if c == '"' && !before.is_alphanumeric() => open = Some((at, c)),
            // An arrow, not a quotation mark, unless its partner follows.
            None if c == '»' && last_left > Some(at) => open = Some((at, c)),
            None if c == '«' && last_right > Some(at) => open = Some((at, c)),
            None => {}
        }
        before = c;
    }
    if let Some((start, _)) = open {
        quotations.push(start..line.len());
    }
    quotations
}

/// Whether a code point is a bullet, an arrow, an opening bracket, a space: whatever may stand
/// before a sentence and is not the end of another.
pub(crate) fn is_decoration(c: char) -> bool {
    !c.is_alphanumeric() && !TERMINATORS.contains(&c) && !CLOSERS.contains(&c)
}

/// A line without bullets, arrows, brackets and punctuation around it; numbers too with `count`,
/// as in `(12) Comments`.
pub(crate) fn core(line: &str, count: bool) -> Range<usize> {
    let decoration = |c: char| {
        !c.is_alphanumeric() && !matches!(c, '"' | '“' | '„' | '”' | '@' | '#' | '&' | '%')
            || count && c.is_numeric()
    };
    let guillemets = line.contains('»') && line.contains('«');
    let strip = |c: char| decoration(c) && !(guillemets && matches!(c, '»' | '«'));
    let start = line.len() - line.trim_start_matches(strip).len();
    let end = line.trim_end_matches(strip).len();
    start..end.max(start)
}

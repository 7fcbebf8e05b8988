//! Where sentences, quotations and decoration of a line begin and end.

use std::ops::Range;

use super::shape::{CLOSERS, TERMINATORS};
use crate::cues::is_inside_word;

/// Byte offsets in a line where its sentences begin, the first one 0.
///
/// Bars and bullets between spaces part sentences too: `Print | Share`.
pub(crate) fn sentence_starts(line: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    while let Some(skipped) = line.as_bytes()[at..].iter().position(|&byte| may_part(byte)) {
        let sign = at + skipped;
        let Some(c) = line[sign..].chars().next() else { break };
        let (before, mut rest) = (&line[..sign], &line[sign + c.len_utf8()..]);
        let ends = TERMINATORS.contains(&c);
        if ends {
            let goes_on = |d: char| TERMINATORS.contains(&d) || CLOSERS.contains(&d);
            rest = rest.trim_start_matches(goes_on);
        }
        at = line.len() - rest.len();
        let next = rest.trim_start();
        let spaced = next.len() < rest.len();
        let begins = match c {
            '。' | '！' | '？' => true,
            _ if ends && spaced => {
                !(next.starts_with(char::is_lowercase) || c == '.' && abbreviates(before))
            }
            // `… on Friday.Read more`: glued, unless it is a name, a number or an initial.
            _ if ends => {
                before.ends_with(char::is_lowercase) && next.starts_with(char::is_uppercase)
            }
            '|' | '•' | '·' | '►' | '»' => spaced && before.ends_with(' '),
            _ => false,
        };
        if begins && !next.is_empty() {
            starts.push(line.len() - next.len());
        }
    }
    starts
}

/// Whether a byte is, or begins, a sign that may part sentences.
pub(crate) fn may_part(byte: u8) -> bool {
    matches!(byte, b'.' | b'!' | b'?' | b'|')
        || matches!(byte, 0xc2 | 0xd6 | 0xd8 | 0xdb | 0xe0..=0xe3 | 0xef)
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
        !is_inside_word(c) && !matches!(c, '"' | '“' | '„' | '”' | '@' | '#' | '&' | '%')
            || count && c.is_numeric()
    };
    let guillemets = line.contains('»') && line.contains('«');
    let strip = |c: char| decoration(c) && !(guillemets && matches!(c, '»' | '«'));
    let start = line.len() - line.trim_start_matches(strip).len();
    let end = line.trim_end_matches(strip).len();
    start..end.max(start)
}

#[test]
fn every_sign_may_part() {
    for sign in TERMINATORS.into_iter().chain(['|', '•', '·', '►', '»']) {
        let mut bytes = [0; 4];
        assert!(may_part(sign.encode_utf8(&mut bytes).as_bytes()[0]), "{sign}");
    }
}

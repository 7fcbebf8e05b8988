//! Words and blanks as Python's `re` and `str` have them, so that figures are the same as those of
//! scripts that count with `\w+`.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Matches, Regex};

/// Letters, numbers and underscores. The `\w` of the regex crate has combining marks too, and
/// would not break Devanagari at its vowel signs as Python does.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+").expect("the pattern is a constant"));

/// The words of a text and where they stand.
pub(super) fn words(text: &str) -> Matches<'static, '_> {
    WORD.find_iter(text)
}

/// White space as `str.isspace` has it: Unicode's and four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

/// A text with one space for each run of white space, and none around it.
pub(super) fn single_spaced(text: &str) -> String {
    let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Gives the same number to the same word, so that words are compared as numbers.
#[derive(Default)]
pub(super) struct Vocabulary(HashMap<Box<str>, u32>);

impl Vocabulary {
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.0.get(word) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).expect("a text has fewer words than u32 counts");
        self.0.insert(word.into(), number);
        number
    }

    pub(super) fn numbers(&mut self, text: &str) -> Vec<u32> {
        words(text).map(|word| self.number(word.as_str())).collect()
    }

    /// The same with each word in lower case.
    pub(super) fn lower_numbers(&mut self, text: &str) -> Vec<u32> {
        words(text).map(|word| self.number(&word.as_str().to_lowercase())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `re.findall(r"\w+", text)` gives in Python 3.11.
    #[test]
    fn words_are_those_of_python() {
        for (text, want) in [
            ("It's a co-op, no_1.", &["It", "s", "a", "co", "op", "no_1"][..]),
            ("हिन्दी", &["ह", "न", "द"]),
            ("e\u{301}te", &["e", "te"]),
            ("x² ½ Ⅻ 三 ٣", &["x²", "½", "Ⅻ", "三", "٣"]),
            ("Ⓐ ª 中文，字", &["ª", "中文", "字"]),
        ] {
            assert_eq!(words(text).map(|word| word.as_str()).collect::<Vec<_>>(), want, "{text}");
        }
    }

    #[test]
    fn single_spaces() {
        assert_eq!(single_spaced(" a\u{a0}\n b\x1c\u{3000}c\u{200b} "), "a b c\u{200b}");
        assert_eq!(single_spaced("\n"), "");
    }
}

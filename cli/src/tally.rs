//! What was done, in numbers.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use unfurnish::Cleaned;

/// Counts over some documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) documents: u64,
    pub(crate) changed: u64,
    pub(crate) abstained: u64,
    #[serde(flatten)]
    pub(crate) removed: Removed,
    /// Invalid sequences of UTF-8.
    pub(crate) invalid_utf8: u64,
    /// Rows left out.
    pub(crate) rows_left_out: u64,
    /// What went by which rule.
    pub(crate) rules: BTreeMap<String, Removed>,
}

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Removed {
    pub(crate) removals: u64,
    pub(crate) words: u64,
    pub(crate) bytes: u64,
}

impl Tally {
    /// Adds a document.
    pub(crate) fn add(&mut self, original: &[u8], cleaned: &Cleaned<'_>, changed: bool) {
        self.documents += 1;
        self.changed += u64::from(changed);
        self.abstained += u64::from(cleaned.abstained());
        self.invalid_utf8 += cleaned.invalid_sequences() as u64;
        for removal in cleaned.removals() {
            let text = &original[removal.span.clone()];
            let removed = Removed { removals: 1, words: words(text), bytes: text.len() as u64 };
            self.removed += removed;
            match self.rules.get_mut(removal.rule) {
                Some(rule) => *rule += removed,
                None => {
                    self.rules.insert(removal.rule.to_owned(), removed);
                }
            }
        }
    }
}

/// Words as the removal budget counts them: what white space separates.
pub(crate) fn words(text: &[u8]) -> u64 {
    String::from_utf8_lossy(text).split_whitespace().count() as u64
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.abstained += other.abstained;
        self.removed += other.removed;
        self.invalid_utf8 += other.invalid_utf8;
        self.rows_left_out += other.rows_left_out;
        for (rule, removed) in &other.rules {
            match self.rules.get_mut(rule) {
                Some(rule) => *rule += *removed,
                None => {
                    self.rules.insert(rule.clone(), *removed);
                }
            }
        }
    }
}

impl AddAssign for Removed {
    fn add_assign(&mut self, other: Removed) {
        self.removals += other.removals;
        self.words += other.words;
        self.bytes += other.bytes;
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} changed; {} ({}, {}); {} abstained",
            Count(self.documents, "document"),
            Number(self.changed),
            Count(self.removed.removals, "removal"),
            Count(self.removed.words, "word"),
            Count(self.removed.bytes, "byte"),
            Number(self.abstained),
        )?;
        if self.invalid_utf8 > 0 {
            write!(f, "; {} of UTF-8", Count(self.invalid_utf8, "invalid sequence"))?;
        }
        if self.rows_left_out > 0 {
            write!(f, "; {} left out", Count(self.rows_left_out, "row"))?;
        }
        Ok(())
    }
}

/// A number with a comma after each group of three: `1,234`.
pub(crate) struct Number(pub(crate) u64);

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

/// A number of things, given in the singular: `1 word`, `2 words`.
pub(crate) struct Count(pub(crate) u64, pub(crate) &'static str);

impl Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(number, thing) = *self;
        let plural = if number == 1 { "" } else { "s" };
        write!(f, "{} {thing}{plural}", Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, want) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (123456, "123,456"), (1234567, "1,234,567")]
        {
            assert_eq!(Number(number).to_string(), want);
        }
        assert_eq!(Count(1, "word").to_string(), "1 word");
        assert_eq!(Count(1000, "word").to_string(), "1,000 words");
    }
}

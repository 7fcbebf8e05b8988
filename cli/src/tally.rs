//! What was done, in numbers.

use std::fmt::{self, Display};
use std::ops::AddAssign;

use unfurnish::Cleaned;

/// Counts over some documents.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) documents: u64,
    changed: u64,
    abstained: u64,
    removals: u64,
    words: u64,
    bytes: u64,
    /// Invalid sequences of UTF-8.
    invalid: u64,
    /// Rows left out.
    pub(crate) skipped: u64,
}

impl Tally {
    /// Adds a document.
    pub(crate) fn add(&mut self, original: &[u8], cleaned: &Cleaned<'_>, changed: bool) {
        self.documents += 1;
        self.changed += u64::from(changed);
        self.abstained += u64::from(cleaned.abstained());
        self.invalid += cleaned.invalid_sequences() as u64;
        for removal in cleaned.removals() {
            let removed = &original[removal.span.clone()];
            self.removals += 1;
            self.words += words(removed);
            self.bytes += removed.len() as u64;
        }
    }
}

/// Words as the removal budget counts them: what white space separates.
pub(crate) fn words(text: &[u8]) -> u64 {
    String::from_utf8_lossy(text).split_whitespace().count() as u64
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.abstained += other.abstained;
        self.removals += other.removals;
        self.words += other.words;
        self.bytes += other.bytes;
        self.invalid += other.invalid;
        self.skipped += other.skipped;
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} changed; {} ({}, {}); {} abstained",
            Count(self.documents, "document"),
            Number(self.changed),
            Count(self.removals, "removal"),
            Count(self.words, "word"),
            Count(self.bytes, "byte"),
            Number(self.abstained),
        )?;
        if self.invalid > 0 {
            write!(f, "; {} of UTF-8", Count(self.invalid, "invalid sequence"))?;
        }
        if self.skipped > 0 {
            write!(f, "; {} left out", Count(self.skipped, "row"))?;
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

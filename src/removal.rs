//! What comes out of a cleaner: the text, and an account of every difference to the input.

use std::borrow::Cow;
use std::ops::Range;

use crate::category::Category;
use crate::normalize::Splice;

/// One piece of furniture that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal<'a> {
    /// Where it stood, in bytes of the input. Line breaks that went with it are included.
    pub span: Range<usize>,
    /// The id of the rule that decided, such as `en/related/also-read`.
    pub rule: &'a str,
    /// The category of the rule.
    pub category: Category,
}

/// One change by the normalizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<'a> {
    /// What was replaced, in bytes of the input.
    pub span: Range<usize>,
    /// What stands there now; empty where something was taken out.
    pub replacement: &'a str,
}

/// A cleaned text and the account of what was done to it.
///
/// Removals and edits are each in order of their spans and none overlaps another: replacing each
/// edit's span by its replacement and each removal's span by nothing turns the input into
/// [`text`](Cleaned::text).
#[derive(Clone, Debug, Default)]
pub struct Cleaned<'a> {
    pub(crate) normalized: Cow<'a, str>,
    /// The text without the removals; `None` where there are none.
    pub(crate) kept: Option<String>,
    pub(crate) removals: Vec<Removal<'a>>,
    /// The edits outside of all removals.
    pub(crate) splices: Vec<Splice>,
    pub(crate) abstained: bool,
    pub(crate) invalid: usize,
}

impl<'a> Cleaned<'a> {
    /// The cleaned text.
    pub fn text(&self) -> &str {
        self.kept.as_deref().unwrap_or(&self.normalized)
    }

    /// The cleaned text, borrowed from the input if nothing had to be changed.
    pub fn into_text(self) -> Cow<'a, str> {
        match self.kept {
            Some(text) => Cow::Owned(text),
            None => self.normalized,
        }
    }

    /// What was taken out, in order.
    pub fn removals(&self) -> &[Removal<'a>] {
        &self.removals
    }

    /// What the normalizer changed outside of the removals, in order.
    pub fn edits(&self) -> impl ExactSizeIterator<Item = Edit<'_>> {
        self.splices.iter().map(|splice| Edit {
            span: splice.input.clone(),
            replacement: &self.normalized[splice.output.clone()],
        })
    }

    /// Whether more would have gone than the removal budget allows, so that nothing was removed.
    pub fn abstained(&self) -> bool {
        self.abstained
    }

    /// How many invalid UTF-8 sequences became U+FFFD; 0 unless the input was bytes.
    pub fn invalid_sequences(&self) -> usize {
        self.invalid
    }
}

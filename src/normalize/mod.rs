//! Unicode and whitespace: what a text must look like before its lines are weighed.

mod nfc;
mod policy;
mod repair;
mod scan;
mod splice;
mod tables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::error::BuildError;

use repair::Repair;
use scan::Scanner;
pub(crate) use splice::{Normalized, Splice, compose, decode};

/// What to do with curly and angular quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quotes {
    /// Leave them.
    #[default]
    Keep,
    /// Turn them into `"` and `'`.
    Straighten,
}

/// What to do with dashes and hyphens other than `-`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dashes {
    /// Leave them.
    #[default]
    Keep,
    /// Turn them into `-`.
    Straighten,
}

/// What to do with the ellipsis U+2026.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ellipsis {
    /// Leave it.
    #[default]
    Keep,
    /// Turn it into three full stops.
    Dots,
}

/// What to do with Latin ligatures such as U+FB01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ligatures {
    /// Leave them.
    #[default]
    Keep,
    /// Turn them into their letters.
    Split,
}

/// What to do with full-width and half-width forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Width {
    /// Leave them.
    #[default]
    Keep,
    /// Full-width ASCII to ASCII, half-width katakana and hangul to their usual forms.
    Fold,
}

/// What to do with no-break spaces (U+00A0, U+202F).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nbsp {
    /// Turn them into spaces.
    #[default]
    Space,
    /// Leave them.
    Keep,
}

/// The options of the normalizer; what they do not name is always done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalization {
    quotes: Quotes,
    dashes: Dashes,
    ellipsis: Ellipsis,
    ligatures: Ligatures,
    width: Width,
    nbsp: Nbsp,
}

impl Normalization {
    /// What to do with curly and angular quotes.
    pub fn quotes(mut self, quotes: Quotes) -> Normalization {
        self.quotes = quotes;
        self
    }

    /// What to do with dashes.
    pub fn dashes(mut self, dashes: Dashes) -> Normalization {
        self.dashes = dashes;
        self
    }

    /// What to do with the ellipsis.
    pub fn ellipsis(mut self, ellipsis: Ellipsis) -> Normalization {
        self.ellipsis = ellipsis;
        self
    }

    /// What to do with Latin ligatures.
    pub fn ligatures(mut self, ligatures: Ligatures) -> Normalization {
        self.ligatures = ligatures;
        self
    }

    /// What to do with full-width and half-width forms.
    pub fn width(mut self, width: Width) -> Normalization {
        self.width = width;
        self
    }

    /// What to do with no-break spaces.
    pub fn nbsp(mut self, nbsp: Nbsp) -> Normalization {
        self.nbsp = nbsp;
        self
    }

    /// Sets an option by name; see [`Builder::set`](crate::Builder::set).
    pub(crate) fn set(&mut self, key: &str, value: &str) -> Result<(), BuildError> {
        match (key, value) {
            ("quotes", "keep") => self.quotes = Quotes::Keep,
            ("quotes", "straighten") => self.quotes = Quotes::Straighten,
            ("dashes", "keep") => self.dashes = Dashes::Keep,
            ("dashes", "straighten") => self.dashes = Dashes::Straighten,
            ("ellipsis", "keep") => self.ellipsis = Ellipsis::Keep,
            ("ellipsis", "dots") => self.ellipsis = Ellipsis::Dots,
            ("ligatures", "keep") => self.ligatures = Ligatures::Keep,
            ("ligatures", "split") => self.ligatures = Ligatures::Split,
            ("width", "keep") => self.width = Width::Keep,
            ("width", "fold") => self.width = Width::Fold,
            ("nbsp", "space") => self.nbsp = Nbsp::Space,
            ("nbsp", "keep") => self.nbsp = Nbsp::Keep,
            ("quotes" | "dashes" | "ellipsis" | "ligatures" | "width" | "nbsp", _) => {
                return Err(BuildError::option(format!("option `{key}` has no value `{value}`")));
            }
            _ => return Err(BuildError::option(format!("there is no option `{key}`"))),
        }
        Ok(())
    }
}

/// The version of the Unicode tables in use: major, minor, update.
pub fn unicode_version() -> (u8, u8, u8) {
    unicode_normalization::UNICODE_VERSION
}

/// Normalizes a text; borrowed, and without an allocation, if there is nothing to do.
pub(crate) fn normalize<'t>(text: &'t str, options: &Normalization) -> Normalized<'t> {
    let scanner = Scanner::new(options);
    let Some(mut found) = scanner.next(text, 0) else {
        return Normalized { text: Cow::Borrowed(text), splices: Vec::new() };
    };
    let mut repair = Repair::new(text, options);
    loop {
        let settled = repair.spot(found);
        match scanner.next(text, settled) {
            Some(next) => found = next,
            None => return repair.finish(),
        }
    }
}

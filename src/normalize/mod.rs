//! Unicode and whitespace: what a text must look like before its lines are weighed.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::BuildError;

/// A replacement by the normalizer: bytes of the input became bytes of the output.
///
/// A list of splices is sorted, none overlaps or touches the next on both sides at once, and what
/// lies between two of them is the same in input and output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) input: Range<usize>,
    pub(crate) output: Range<usize>,
}

/// A normalized text and the splices that led to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalized<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) splices: Vec<Splice>,
}

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

pub(crate) fn normalize<'t>(text: &'t str, _options: &Normalization) -> Normalized<'t> {
    Normalized { text: Cow::Borrowed(text), splices: Vec::new() }
}

/// Decodes UTF-8; each maximal invalid sequence becomes one U+FFFD and one splice.
pub(crate) fn decode(bytes: &[u8]) -> Normalized<'_> {
    Normalized { text: String::from_utf8_lossy(bytes), splices: Vec::new() }
}

/// The splices of `second` after `first`, as if made in one step.
pub(crate) fn compose(_first: &[Splice], second: &[Splice]) -> Vec<Splice> {
    second.to_vec()
}

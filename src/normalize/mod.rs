//! Unicode and whitespace: what a text must look like before its lines are weighed.
//!
//! [`normalize`] alternates between two parts: `scan` finds the next place where there may be
//! something to do, `repair` settles the segment or the run of blanks around it. What they know of
//! characters is in `policy`, and in `tables` made of it and the Unicode data.

mod looks;
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

/// What to do with curly and angular quotes: U+00AB, U+00BB, U+2018 to U+201F, U+2039, U+203A.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quotes {
    /// Leave them.
    #[default]
    Keep,
    /// Turn them into `"` and `'`.
    Straighten,
}

/// What to do with dashes, hyphens and minus other than `-`: U+2010 to U+2015, U+2212.
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

/// What to do with Latin ligatures, U+FB00 to U+FB06, and Armenian ones, U+FB13 to U+FB17.
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
    /// Full-width ASCII to ASCII, half-width katakana and hangul to their usual forms, the
    /// ideographic space U+3000 to a space.
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
///
/// - **Composition**: the text is in Normalization Form C ([UAX #15]); [`unicode_version`] says of
///   which version.
/// - **Line breaks**: CR LF, CR, U+000B, U+000C, U+0085, U+2028 and U+2029 become U+000A. Three or
///   more become two.
/// - **Blanks**: every space becomes U+0020; U+00A0 and U+202F by option. The ideographic space
///   U+3000 is a wide form: it stays unless [`Width::Fold`] makes it U+0020. Inside a line a run of
///   blanks becomes one: a tab if it holds one, so that table cells stay apart, else U+3000 if it
///   holds that, else a space. Blanks before a line have a meaning in code and verse and stay,
///   blanks after it go.
/// - **Always out**: controls but tab and line feed, byte order marks, soft hyphens, word joiners,
///   interlinear annotation (U+FFF9 to U+FFFB), deprecated format characters (U+206A to U+206F,
///   U+E0001).
/// - **Out, unless the script needs them**: zero width joiner and non-joiner stay next to letters
///   of scripts that join or form conjuncts (Arabic, Hebrew, Indic, Mongolian …) and the joiner
///   between emoji ([UTS #51]), but one, not two in a row. Zero width space stays between letters
///   of scripts without spaces (Thai, Lao, Khmer, Myanmar …: Line_Break=SA, [UAX #14]). U+180E
///   stays between Mongolian letters, bidi controls in lines that hold right-to-left letters
///   ([UAX #9]), tags in the flag of a region, variation selectors after a visible character, one
///   each.
/// - **Always kept**: U+FFFD, noncharacters, private use, U+034F, U+02BC, fillers.
///
/// Normalizing what has been normalized changes nothing.
///
/// [UAX #9]: https://www.unicode.org/reports/tr9/
/// [UAX #14]: https://www.unicode.org/reports/tr14/
/// [UAX #15]: https://www.unicode.org/reports/tr15/
/// [UTS #51]: https://www.unicode.org/reports/tr51/
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
    let mut scanner = Scanner::new(options);
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

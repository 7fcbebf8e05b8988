/*!
Takes the furniture out of text.

*Furniture* is what a site puts into and around an article and its author did not write for the
reader: newsletter prompts, `ALSO READ:` links, lists of other headlines, share bars, cookie
notices, subscription promotion, comment forms. The input is text, as an extractor gives it,
never HTML. Unicode and whitespace are repaired on the way.

# Example

```
let text = "The vote is on Friday.\n\nALSO READ: Ten hotels with a view\n\nTurnout will be high.";
let cleaner = unfurnish::Cleaner::new();
let cleaned = cleaner.clean(text);
assert_eq!(cleaned.text(), "The vote is on Friday.\n\nTurnout will be high.");
assert_eq!(cleaned.removals()[0].rule, "en/related/also-read");
assert_eq!(&text[cleaned.removals()[0].span.clone()], "ALSO READ: Ten hotels with a view\n\n");
```

# Overview

- [`Cleaner`] is the type you use: immutable, shared between threads, made by [`Cleaner::new`]
  or [`Cleaner::builder`].
- [`Cleaned`] is what came out: the text, borrowed when nothing changed, and why.
- [`Removal`] is one piece that was taken out: its bytes in the input, its rule, its category.
- [`Edit`] is one change by the normalizer.
- [`Category`] says what kind of furniture it was, [`Profile`] how far to go.
- [`RulePack`] holds rules of your own; [`Normalization`] the options of the normalizer.

`clean` cannot fail; only [`Builder::build`] can, and never because of a text.

# Crate features

Both are off by default.

- `toml`: rule packs at run time, `RulePack::from_toml`; what a page's lines were chosen by,
  `Cleaner::page_lines`.
- `capi`: the C API of `include/unfurnish.h`; implies `toml`.
*/

mod assemble;
mod category;
mod cleaner;
mod cues;
mod error;
mod lanes;
mod lines;
mod normalize;
mod page;
mod removal;
mod rules;
mod utf8;
mod weigh;

#[cfg(feature = "capi")]
pub mod capi;
#[cfg(feature = "train")]
#[doc(hidden)]
pub use page::training;

pub use category::Category;
pub use cleaner::{Builder, Cleaner, Profile, clean};
pub use error::{BuildError, ErrorKind};
pub use normalize::{
    Dashes, Ellipsis, Ligatures, Nbsp, Normalization, Quotes, Width, unicode_version,
};
#[cfg(feature = "toml")]
pub use page::{PageLine, Reason};
pub use removal::{Cleaned, Edit, Removal};
#[cfg(feature = "toml")]
pub use rules::{CheckFailure, CueFinder, RuleInfo, is_prose};
pub use rules::{RulePack, rules_version};

/// The version of this library, as in `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The README's example, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

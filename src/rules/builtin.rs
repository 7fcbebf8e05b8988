//! The built-in packs. Generated from `rules/*.toml` by `BLESS=1 cargo test --features toml`.

use std::borrow::Cow::Borrowed as B;

use super::Rule;
use crate::category::Category;

pub(crate) fn packs() -> &'static [&'static [Rule]] {
    &[&[Rule { id: B("en/related/also-read"), category: Category::Related }]]
}

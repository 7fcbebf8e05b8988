//! The built-in packs. Generated from `rules/*.toml` by `BLESS=1 cargo test bake`; do not edit.

use std::borrow::Cow::Borrowed as B;

use super::{At, Neighbours, Rule, Take, Zone};
use crate::category::{Category, CategorySet};

/// The rules of each pack.
pub(crate) fn packs() -> &'static [&'static [Rule]] {
    PACKS
}

static PACKS: &[&[Rule]] = &[EN, DE, FR, ES];

#[rustfmt::skip]
static EN: &[Rule] = &[
    Rule { id: B("en/related/also-read"), category: Category::Related, all: B(&[B(&[B("also read"), B("read also"), B("read more"), B("see also")])]), none: B(&[]), at: At::Sentence, take: Take::Rest, separator: true, count: false, max_words: 30, lines: 1, zone: Zone::Anywhere, before: Neighbours::ANY, after: Neighbours::ANY, run: (0, 1) },
];

#[rustfmt::skip]
static DE: &[Rule] = &[
];

#[rustfmt::skip]
static FR: &[Rule] = &[
];

#[rustfmt::skip]
static ES: &[Rule] = &[
];

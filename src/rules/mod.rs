//! Rules: which cues mean furniture, and under which gates.

pub(crate) mod builtin;
pub(crate) mod builtin_cues;

#[cfg(all(test, feature = "toml"))]
mod bake;
#[cfg(feature = "toml")]
mod check;
#[cfg(feature = "toml")]
mod found;
#[cfg(feature = "toml")]
mod read;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::category::{Category, CategorySet};
use crate::cues::{Keys, Table};

#[cfg(feature = "toml")]
pub use check::CheckFailure;
#[cfg(feature = "toml")]
pub use found::{CueFinder, is_prose};
#[cfg(feature = "toml")]
pub use read::RuleInfo;

/// One rule. What each gate means is said in `rules/README.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) id: Cow<'static, str>,
    pub(crate) category: Category,
    /// How many groups of cues it has: one of each must occur. The first one is the rule's anchor.
    /// Without any, the rule is about lines that are not prose, whatever they say, and what is
    /// beside them. The cues themselves are in a [`Table`].
    pub(crate) groups: u8,
    pub(crate) at: At,
    pub(crate) take: Take,
    pub(crate) separator: bool,
    pub(crate) count: bool,
    pub(crate) capitals: bool,
    pub(crate) headline: bool,
    pub(crate) max_words: u16,
    pub(crate) lines: u8,
    pub(crate) zone: Zone,
    pub(crate) before: Neighbours,
    pub(crate) after: Neighbours,
    /// The fewest and the most headline-shaped lines below that go too.
    pub(crate) run: (u16, u16),
    /// Everything below goes too.
    pub(crate) to_end: bool,
    /// Of the lines from the prose above to the prose below: how many above this one went, how
    /// many in all, and how many of a hundred, at least.
    pub(crate) block: (u16, u16, u16),
}

/// Where the anchor of a rule must stand, the strictest place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum At {
    /// The anchor is the whole line, but for bullets, arrows and punctuation.
    Line,
    /// The whole line is made of two or more of the anchor's cues, as a bar of buttons is.
    Bar,
    /// The line begins with it.
    Start,
    /// A sentence begins with it.
    Sentence,
    /// A sentence or a clause begins with it.
    Clause,
    /// The line ends with it.
    End,
    /// Anywhere.
    Inside,
}

/// What goes when a rule fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// The whole line.
    Line,
    /// The sentence of the anchor.
    Sentence,
    /// From the anchor to the end of the line.
    Rest,
    /// The anchor alone.
    Cue,
}

/// Where in the text, in relation to its prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    Anywhere,
    /// Before the first line of prose.
    Head,
    /// After the last line of prose.
    Tail,
    /// Before the first or after the last.
    Edges,
    /// After the first line of prose.
    Body,
    /// With at least half of the text's words above.
    Late,
}

/// What the next or the previous line may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Neighbours {
    /// Furniture of these categories that went from between.
    pub(crate) removed: CategorySet,
    pub(crate) headline: bool,
    pub(crate) prose: bool,
    /// The end of the text.
    pub(crate) edge: bool,
}

impl Neighbours {
    /// Nothing is asked of the neighbour.
    pub(crate) const ANY: Neighbours =
        Neighbours { removed: CategorySet::EMPTY, headline: false, prose: false, edge: false };
}

impl Rule {
    /// The name of its pack.
    pub(crate) fn pack(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// Whether it fires on no cue, only on what is beside a line.
    pub(crate) fn is_cueless(&self) -> bool {
        self.groups == 0
    }

    /// A bit for each group of cues.
    pub(crate) fn all_groups(&self) -> u8 {
        (1 << self.groups) - 1
    }
}

/// The rules of one language, or of some sites.
///
/// With feature `toml`, `RulePack::from_toml` reads one; `rules/README.md` says how to write it.
/// A clone shares them.
#[derive(Clone, Debug)]
pub struct RulePack {
    /// Those for the texts of all sites.
    pub(crate) general: Arc<RuleSet>,
    /// Those for the texts of one site alone.
    pub(crate) sites: Arc<BTreeMap<String, RuleSet>>,
    pub(crate) name: Arc<str>,
    #[cfg(feature = "toml")]
    infos: Arc<[RuleInfo]>,
}

/// Rules and their cues.
#[derive(Debug)]
pub(crate) struct RuleSet {
    pub(crate) rules: Vec<Rule>,
    pub(crate) table: Arc<Table>,
    pub(crate) keys: Keys,
}

//! Rules: which cues mean furniture, and under which gates.

use std::borrow::Cow;

use crate::category::Category;

pub(crate) mod builtin;

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: Cow<'static, str>,
    pub(crate) category: Category,
}

/// The rules of one language or one site.
#[derive(Clone, Debug)]
pub struct RulePack {
    pub(crate) rules: Vec<Rule>,
    #[cfg(feature = "toml")]
    infos: Vec<RuleInfo>,
}

/// What a rule pack says about one of its rules.
#[cfg(feature = "toml")]
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Such as `en/related/also-read`.
    pub id: String,
    /// What it removes.
    pub category: Category,
    /// Its cues, group by group; one of every group must occur.
    pub cues: Vec<Vec<String>>,
    /// Texts that it must take out, whole or the part between `[[` and `]]`.
    pub hits: Vec<String>,
    /// Texts that must stay.
    pub misses: Vec<String>,
    /// Where the rule begins in its pack, from 1.
    pub line: usize,
}

/// A hit or a miss that does not hold.
#[cfg(feature = "toml")]
#[derive(Clone, Debug)]
pub struct CheckFailure {
    /// The id of the rule.
    pub rule: String,
    /// Where the rule begins in its pack, from 1.
    pub line: usize,
    /// What was expected and what came.
    pub message: String,
}

#[cfg(feature = "toml")]
impl RulePack {
    /// Reads a rule pack; `rules/README.md` says what it holds.
    ///
    /// # Errors
    ///
    /// It is not valid TOML, or a rule lacks something or asks for what there is not. The message
    /// names the pack, the line and the rule.
    pub fn from_toml(text: &str) -> Result<RulePack, crate::BuildError> {
        let _ = toml::de::DeTable::parse(text)
            .map_err(|error| crate::BuildError::pack("?", 1, None, error.message()))?;
        Ok(RulePack { rules: Vec::new(), infos: Vec::new() })
    }

    /// The built-in packs, with their hits and misses.
    pub fn builtin() -> Vec<RulePack> {
        Vec::new()
    }

    /// The first part of its rules' ids, such as `en`.
    pub fn name(&self) -> &str {
        ""
    }

    /// Its rules.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.infos
    }

    /// Holds the hits and misses of its rules against a cleaner that has this pack: the built-in
    /// default for a built-in pack. Empty if all hold.
    pub fn check(&self, _cleaner: &crate::Cleaner) -> Vec<CheckFailure> {
        Vec::new()
    }
}

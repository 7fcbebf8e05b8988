//! What can go wrong while a cleaner is built.

use std::fmt;

/// A cleaner could not be built.
///
/// It comes from options or rule packs, never from a text: once built, a [`Cleaner`](crate::Cleaner)
/// cannot fail. The message names the pack, the rule and the line where it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    kind: ErrorKind,
    message: String,
}

/// The kind of a [`BuildError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option has no such name or value.
    Option,
    /// A rule pack is not valid TOML, or a rule in it is not a valid rule.
    RulePack,
    /// A rule that is to be disabled does not exist.
    UnknownRule,
    /// A rule pack holds more rules or cues than a table can.
    TooManyCues,
}

impl BuildError {
    /// The kind, for programs; the [`Display`](fmt::Display) form is for people.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub(crate) fn option(message: String) -> BuildError {
        BuildError { kind: ErrorKind::Option, message }
    }

    pub(crate) fn unknown_rule(id: &str) -> BuildError {
        let message = format!("no rule has the id `{id}`, and none begins with `{id}/`");
        BuildError { kind: ErrorKind::UnknownRule, message }
    }

    #[cfg(feature = "toml")]
    pub(crate) fn too_many_cues(rules: u32, cues: usize) -> BuildError {
        let message = format!("{rules} rules with {cues} cues are too many for one table");
        BuildError { kind: ErrorKind::TooManyCues, message }
    }

    /// An error at a line (from 1) of a pack, in a rule if it is known.
    #[cfg(feature = "toml")]
    pub(crate) fn pack(
        pack: &str,
        line: usize,
        rule: Option<&str>,
        cause: impl fmt::Display,
    ) -> BuildError {
        let place = match rule {
            Some(rule) => format!("rule pack `{pack}`, line {line}, rule `{rule}`"),
            None => format!("rule pack `{pack}`, line {line}"),
        };
        BuildError { kind: ErrorKind::RulePack, message: format!("{place}: {cause}") }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BuildError {}

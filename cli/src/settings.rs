//! What the result of a run depends on, beside its inputs.

use serde::Serialize;
use serde_json::Value;
use sha1::{Digest, Sha1};

use crate::args::CleanArgs;
use crate::failure::Failure;

/// What was asked for and who did it, as a manifest has it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Settings {
    version: &'static str,
    /// That of the built-in rules.
    rules: &'static str,
    /// Options that were given and change the result.
    options: Value,
    /// A digest of all of these and of the rule packs that were given.
    pub(crate) fingerprint: String,
}

impl Settings {
    pub(crate) fn new(args: &CleanArgs) -> Result<Settings, Failure> {
        let version = env!("CARGO_PKG_VERSION");
        let rules = unfurnish::rules_version();
        let options = args.that_matter();
        let packs = args.cleaning.packs()?;
        let fingerprint = digest(&(version, rules, &options, &packs));
        Ok(Settings { version, rules, options, fingerprint })
    }
}

/// Of how a thing shows itself to programmers: all that is in it.
pub(crate) fn digest(thing: &impl std::fmt::Debug) -> String {
    let digest = Sha1::digest(format!("{thing:?}"));
    data_encoding::HEXLOWER.encode(&digest[..8])
}

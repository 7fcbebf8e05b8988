//! Where cues stand in a line.

use crate::error::BuildError;
use crate::rules::Rule;

/// Finds the cues of all rules.
#[derive(Debug)]
pub(crate) struct Finder;

impl Finder {
    pub(crate) fn new(_rules: &[Rule]) -> Result<Finder, BuildError> {
        Ok(Finder)
    }
}

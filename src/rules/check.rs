//! Whether a pack's own hits and misses hold.

use super::{Rule, RulePack, Zone};
use crate::cleaner::Cleaner;
use crate::error::BuildError;

/// A hit or a miss that does not hold.
#[derive(Clone, Debug)]
pub struct CheckFailure {
    /// The id of the rule.
    pub rule: String,
    /// Where the rule begins in its pack, from 1.
    pub line: usize,
    /// What was expected and what came.
    pub message: String,
}

/// Prose to stand before and after each example, so that it has a place in an article.
const BEFORE: &str = "The bridge was closed for most of the winter, and the people of the valley \
    went the long way round, over the pass and through the old town.\n\nNobody complained much, \
    because everybody had seen the cracks, and because the engineers had explained in plain words \
    what they were going to do about them and how long it would take them.";
const AFTER: &str = "When spring came the river rose higher than it had in forty years, and the \
    new piers held, which surprised those who had built them more than anyone else in the \
    valley.\n\nThe first lorry crossed on a Monday morning in heavy rain, and its driver, who had \
    been told nothing, wondered why so many people were standing there to wave at him.";

impl RulePack {
    /// Holds every rule's hits and misses against the built-in packs, and this pack with them if
    /// it is not one of them. Empty if all hold.
    ///
    /// Each example stands in an article: between prose, or before or after it if the rule asks
    /// for that. Of a hit the whole must go, or, if it has `[[` and `]]`, the parts between them,
    /// and the rule must have a share in it. A miss must stay as it is.
    ///
    /// # Errors
    ///
    /// The pack cannot be built into a cleaner.
    pub fn check(&self) -> Result<Vec<CheckFailure>, BuildError> {
        let builder = || {
            let builtin = super::builtin::packs().iter().flat_map(|pack| pack.iter());
            let known = builtin.clone().any(|rule| rule.id.split('/').next() == Some(&self.name));
            let builder = Cleaner::builder().budget(1.0);
            if known { builder } else { builder.rules(self.clone()) }
        };
        let default = builder().build()?;
        let mut everything = builder();
        for category in crate::Category::ALL {
            everything = everything.remove(category);
        }
        let everything = everything.build()?;
        let mut failures = Vec::new();
        for (rule, info) in self.rules.iter().zip(&self.infos) {
            let cleaner = if rule.category.removed_by_default() { &default } else { &everything };
            let mut fail = |message: String| {
                failures.push(CheckFailure { rule: info.id.clone(), line: info.line, message });
            };
            if info.hits.is_empty() || info.misses.is_empty() {
                fail("a rule needs both `hits` and `misses`".to_owned());
            }
            for hit in &info.hits {
                if let Err(message) = check_hit(cleaner, rule, hit) {
                    fail(format!("hit {hit:?}: {message}"));
                }
            }
            for miss in &info.misses {
                let text = in_article(rule, miss);
                let cleaned = cleaner.clean(&text);
                if let Some(removal) = cleaned.removals().first() {
                    let gone = &text[removal.span.clone()];
                    fail(format!("miss {miss:?}: rule {} takes {gone:?}", removal.rule));
                }
            }
        }
        Ok(failures)
    }
}

fn in_article(rule: &Rule, example: &str) -> String {
    let after_prose = rule.zone != Zone::Head;
    let before_prose = !matches!(rule.zone, Zone::Tail | Zone::Edges);
    let parts = [after_prose.then_some(BEFORE), Some(example), before_prose.then_some(AFTER)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn check_hit(cleaner: &Cleaner, rule: &Rule, hit: &str) -> Result<(), String> {
    let whole = !hit.contains("[[");
    let text = in_article(rule, &hit.replace("[[", "").replace("]]", ""));
    let cleaned = cleaner.clean(&text);
    if !cleaned.removals().iter().any(|removal| removal.rule == rule.id) {
        let others: Vec<_> = cleaned.removals().iter().map(|removal| removal.rule).collect();
        return Err(match &*others {
            [] => "nothing fires".to_owned(),
            _ => format!("fires not, but {} does", others.join(", ")),
        });
    }
    let rest = if whole { String::new() } else { without_marked(hit) };
    let stays = in_article(rule, &rest);
    // How the gap is closed is not the rule's business.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words(cleaned.text()) == words(&stays) {
        Ok(())
    } else {
        let left = cleaned.text().replace(BEFORE, "").replace(AFTER, "");
        Err(format!("leaves {:?}", left.trim()))
    }
}

fn without_marked(hit: &str) -> String {
    let mut pieces = hit.split("[[");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        rest.push_str(piece.split_once("]]").map_or("", |(_, after)| after));
    }
    rest
}

//! Whether a pack's own hits and misses hold.

use std::collections::HashMap;

use super::builtin::RULES;
use super::{Rule, RuleInfo, RulePack, Zone};
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
    /// Holds every rule's hits and misses against the built-in packs with this one, which takes the
    /// place of one of the same name. Empty if all hold.
    ///
    /// Each example stands in an article: between prose, or before or after it if the rule asks
    /// for that. Of a hit the whole must go, or, if it has `[[` and `]]`, the parts between them,
    /// and the rule must have a share in it. A miss must stay as it is.
    ///
    /// # Errors
    ///
    /// The pack cannot be built into a cleaner.
    pub fn check(&self) -> Result<Vec<CheckFailure>, BuildError> {
        let mut failures = Vec::new();
        let mut cleaners = Cleaners { pack: self, site: None, default: None, everything: None };
        for (rule, info) in self.rules_with_infos() {
            let cleaner = cleaners.of(info)?;
            let mut fail = |message: String| {
                failures.push(CheckFailure { rule: info.id.clone(), line: info.line, message });
            };
            // What a rule of one site takes is a line of its template, in no other text.
            if info.hits.is_empty() || info.misses.is_empty() && info.site.is_none() {
                fail("a rule needs both `hits` and `misses`".to_owned());
            }
            for hit in &info.hits {
                if let Err(message) = self.check_hit(cleaner, rule, info, hit)? {
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

    /// The rules, in the order of their sites, and what the pack says about them.
    fn rules_with_infos(&self) -> impl Iterator<Item = (&Rule, &RuleInfo)> {
        let infos: HashMap<&str, &RuleInfo> =
            self.infos.iter().map(|info| (&*info.id, info)).collect();
        let sets = std::iter::once(&*self.general).chain(self.sites.values());
        sets.flat_map(|set| &set.rules).map(move |rule| (rule, infos[&*rule.id]))
    }

    /// The built-in packs and this one, without some rules, for texts that a rule is for.
    fn cleaner(&self, rule: &RuleInfo, without: &[&str]) -> Result<Cleaner, BuildError> {
        let mut builder = Cleaner::builder().budget(1.0).rules(self.clone());
        if !rule.category.removed_by_default() {
            builder = crate::Category::ALL.into_iter().fold(builder, crate::Builder::remove);
        }
        if let Some(site) = &rule.site {
            builder = builder.site(site);
        }
        without.iter().fold(builder, |builder, id| builder.disable(*id)).build()
    }

    /// Whether a hit goes, and nothing else, and the rule has a share in it, or would have one
    /// without the rules that came before it.
    fn check_hit(
        &self,
        cleaner: &Cleaner,
        rule: &Rule,
        info: &RuleInfo,
        hit: &str,
    ) -> Result<Result<(), String>, BuildError> {
        let text = in_article(rule, &hit.replace("[[", "").replace("]]", ""));
        let cleaned = cleaner.clean(&text);
        let stays =
            in_article(rule, &if hit.contains("[[") { without_marked(hit) } else { String::new() });
        if cleaned.removals().is_empty() {
            return Ok(Err("nothing fires".to_owned()));
        }
        if !same_words(cleaned.text(), &stays) {
            let left = cleaned.text().replace(BEFORE, "").replace(AFTER, "");
            let by: Vec<_> = cleaned.removals().iter().map(|removal| removal.rule).collect();
            return Ok(Err(format!("{} leave {:?}", by.join(", "), left.trim())));
        }
        let others = |cleaned: &crate::Cleaned<'_>| -> Option<Vec<String>> {
            let ids = cleaned.removals().iter().map(|removal| removal.rule.to_owned());
            let ids: Vec<String> = ids.collect();
            (!ids.iter().any(|id| *id == rule.id)).then_some(ids)
        };
        let Some(fired) = others(&cleaned) else { return Ok(Ok(())) };
        // Without the rules that came before it; and without the packs of other languages, which
        // may hold the same words.
        for mut without in [fired.clone(), self.other_languages()] {
            for _ in 0..MOST_BEFORE {
                let ids: Vec<&str> = without.iter().map(String::as_str).collect();
                let cleaner = self.cleaner(info, &ids)?;
                match others(&cleaner.clean(&text)) {
                    None => return Ok(Ok(())),
                    Some(more) if more.is_empty() => break,
                    Some(more) => without.extend(more),
                }
            }
        }
        Ok(Err(format!("fires neither with nor without {}", fired.join(", "))))
    }

    /// The names of the built-in packs but this one and the one for all languages.
    fn other_languages(&self) -> Vec<String> {
        let mut names: Vec<String> = RULES.iter().map(|rule| rule.pack().to_owned()).collect();
        names.dedup();
        names.retain(|name| name != self.name() && name != "any");
        names
    }
}

/// The cleaners that rules are checked with, those of one site at a time.
struct Cleaners<'p> {
    pack: &'p RulePack,
    site: Option<&'p str>,
    default: Option<Cleaner>,
    everything: Option<Cleaner>,
}

impl<'p> Cleaners<'p> {
    fn of(&mut self, rule: &'p RuleInfo) -> Result<&Cleaner, BuildError> {
        if self.site != rule.site.as_deref() {
            (self.site, self.default, self.everything) = (rule.site.as_deref(), None, None);
        }
        let cleaner = match rule.category.removed_by_default() {
            true => &mut self.default,
            false => &mut self.everything,
        };
        Ok(match cleaner {
            Some(cleaner) => cleaner,
            none => none.insert(self.pack.cleaner(rule, &[])?),
        })
    }
}

/// How often to take out the rules that fire in place of the one that is checked.
const MOST_BEFORE: usize = 4;

fn in_article(rule: &Rule, example: &str) -> String {
    let after_prose = rule.zone != Zone::Head;
    let before_prose = !matches!(rule.zone, Zone::Tail | Zone::Edges | Zone::Late);
    let parts = [after_prose.then_some(BEFORE), Some(example), before_prose.then_some(AFTER)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// How a gap is closed is no rule's business.
fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

fn without_marked(hit: &str) -> String {
    let mut pieces = hit.split("[[");
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        rest.push_str(piece.split_once("]]").map_or("", |(_, after)| after));
    }
    rest
}

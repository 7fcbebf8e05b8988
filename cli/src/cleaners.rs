//! The cleaners of a run: one for most texts, and one for each site that has rules of its own.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use unfurnish::{Builder, Cleaner, RulePack};

use crate::args::build;
use crate::failure::Failure;

/// Most cleaners of sites that are kept; each takes a third of a megabyte. The texts of a site mostly
/// come together, and if not another one is built in a fifth of a millisecond.
const MOST: usize = 256;

pub(crate) struct Cleaners {
    builder: Builder,
    packs: Vec<RulePack>,
    general: Cleaner,
    of_sites: Mutex<Recent>,
}

/// The cleaners that were used last.
#[derive(Default)]
struct Recent {
    /// With the time of their last use.
    cleaners: HashMap<String, (Arc<Cleaner>, u64)>,
    time: u64,
}

impl Cleaners {
    /// With the packs that the builder has.
    pub(crate) fn new(builder: Builder, packs: Vec<RulePack>) -> Result<Cleaners, Failure> {
        let general = build(builder.clone())?;
        Ok(Cleaners { builder, packs, general, of_sites: Mutex::default() })
    }

    /// The cleaner for a text of a site.
    pub(crate) fn of(&self, site: Option<&str>) -> CleanerOf<'_> {
        match site.filter(|site| self.packs.iter().any(|pack| pack.has_site(site))) {
            None => CleanerOf::All(&self.general),
            Some(site) => CleanerOf::Site(self.of_site(site)),
        }
    }

    /// A cleaner without a budget for a text of a site, which says what would have gone.
    pub(crate) fn unlimited(&self, site: Option<&str>) -> Cleaner {
        let builder = self.builder.clone().budget(1.0);
        let builder = site.into_iter().fold(builder, Builder::site);
        builder.build().expect("it could be built with a budget")
    }

    /// Whether some site has rules of its own.
    pub(crate) fn know_sites(&self) -> bool {
        self.packs.iter().any(RulePack::has_sites)
    }

    fn of_site(&self, site: &str) -> Arc<Cleaner> {
        let recent = || self.of_sites.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cleaner) = recent().find(site) {
            return cleaner;
        }
        // Others need not wait; if one of them builds the same, one of both is kept.
        let cleaner = self.builder.clone().site(site).build();
        let cleaner = Arc::new(cleaner.expect("what is said of a site is no reason to fail"));
        recent().keep(site, Arc::clone(&cleaner));
        cleaner
    }
}

impl Recent {
    fn find(&mut self, site: &str) -> Option<Arc<Cleaner>> {
        self.time += 1;
        let (cleaner, used) = self.cleaners.get_mut(site)?;
        *used = self.time;
        Some(Arc::clone(cleaner))
    }

    fn keep(&mut self, site: &str, cleaner: Arc<Cleaner>) {
        if self.cleaners.len() >= MOST {
            let oldest = self.cleaners.iter().min_by_key(|(_, (_, used))| *used);
            let oldest = oldest.map(|(site, _)| site.clone());
            oldest.and_then(|site| self.cleaners.remove(&site));
        }
        self.cleaners.insert(site.to_owned(), (cleaner, self.time));
    }
}

/// A cleaner, for as long as it is used.
pub(crate) enum CleanerOf<'c> {
    All(&'c Cleaner),
    Site(Arc<Cleaner>),
}

impl Deref for CleanerOf<'_> {
    type Target = Cleaner;

    fn deref(&self) -> &Cleaner {
        match self {
            CleanerOf::All(cleaner) => cleaner,
            CleanerOf::Site(cleaner) => cleaner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str =
        "The bridge was closed for most of the winter, and people went the long way round.";

    #[test]
    fn sites_have_cleaners_of_their_own() {
        let rule = |number: usize| {
            format!(
                "[[rule]]\nid = \"other/r{number}\"\nsite = \"s{number}\"\nat = \"line\"\n\
                 any = [\"line of {number}\"]\n"
            )
        };
        let rules: String = (0..MOST + 50).map(rule).collect();
        let pack = RulePack::from_toml(&format!("name = \"t\"\n{rules}")).unwrap();
        let builder = Cleaner::builder().rules(pack.clone());
        let cleaners = Cleaners::new(builder, vec![pack]).unwrap();
        for number in (0..MOST + 50).chain(0..MOST + 50) {
            let site = format!("s{number}");
            let text = format!("Line of {number}\n{PROSE}\nLine of 7\n{PROSE}\n");
            let cleaned = cleaners.of(Some(&site)).clean(&text).text().to_owned();
            let want = if number == 7 { "" } else { "Line of 7\n" };
            assert_eq!(cleaned, format!("{PROSE}\n{want}{PROSE}\n"));
        }
        let text = format!("{PROSE}\nLine of 7\n");
        for site in [None, Some("elsewhere")] {
            assert_eq!(cleaners.of(site).clean(&text).text(), text);
        }
        assert_eq!(cleaners.of_sites.lock().unwrap().cleaners.len(), MOST);
    }
}

//! The type users hold: options and rules, compiled once, used from any thread.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use crate::assemble::assemble;
use crate::category::{Category, CategorySet};
use crate::cues::{Finder, Keys, OFF, PackKeys, Scout, Table};
use crate::error::BuildError;
use crate::normalize::{Normalization, Normalized, compose, decode, normalize};
use crate::page::{Model, article_lines};
#[cfg(feature = "toml")]
use crate::page::{PageLine, explain};
use crate::removal::Cleaned;
use crate::rules::{Rule, RulePack, RuleSet, builtin, builtin_cues};
use crate::weigh::{Known, Verdict, weigh, weigh_page};

/// How far a cleaner goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Text from an extractor: precision first.
    #[default]
    Article,
    /// The text of a whole web page: a trained model chooses the lines of its article, among what
    /// the rules leave. Of a page without one nothing stays.
    Page,
    /// Unicode and whitespace only: nothing is removed.
    Normalize,
}

impl FromStr for Profile {
    type Err = BuildError;

    fn from_str(name: &str) -> Result<Profile, BuildError> {
        match name {
            "article" => Ok(Profile::Article),
            "page" => Ok(Profile::Page),
            "normalize" => Ok(Profile::Normalize),
            _ => Err(BuildError::option(format!(
                "unknown profile `{name}`; one of: article, page, normalize"
            ))),
        }
    }
}

/// Takes the furniture out of texts.
///
/// It is immutable and can be shared between threads. Build one once: the first costs
/// a millisecond, the next ones less. The same text always gives the same result.
///
/// ```
/// let cleaner = unfurnish::Cleaner::new();
/// let cleaned = cleaner.clean("It rained all day.\r\n\r\nShare this article:\r\n");
/// assert_eq!(cleaned.text(), "It rained all day.\n");
/// ```
#[derive(Debug)]
pub struct Cleaner {
    profile: Profile,
    normalization: Normalization,
    budget: f64,
    rules: Vec<Rule>,
    finder: Finder,
    scout: Scout,
}

/// Cleans a text with a default [`Cleaner`], built at the first call.
pub fn clean(text: &str) -> Cow<'_, str> {
    static DEFAULT: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);
    DEFAULT.clean(text).into_text()
}

impl Cleaner {
    /// A cleaner with profile `article` and the built-in rule packs.
    pub fn new() -> Cleaner {
        Cleaner::builder().build().expect("the built-in packs are tested to build")
    }

    /// Options for a cleaner.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Cleans a text. Never fails; time and memory are linear in its length.
    pub fn clean<'a>(&'a self, text: &'a str) -> Cleaned<'a> {
        self.clean_normalized(normalize(text, &self.normalization))
    }

    /// Cleans bytes: invalid UTF-8 becomes U+FFFD, one per maximal invalid sequence, as
    /// [`String::from_utf8_lossy`] does. Spans are in bytes of `bytes`.
    pub fn clean_bytes<'a>(&'a self, bytes: &'a [u8]) -> Cleaned<'a> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return self.clean(text);
        }
        let decoded = decode(bytes);
        let normalized = normalize(&decoded.text, &self.normalization);
        let mut cleaned = self.clean_normalized(Normalized {
            splices: compose(&decoded.splices, &normalized.splices),
            text: Cow::Owned(normalized.text.into_owned()),
        });
        cleaned.invalid = decoded.splices.len();
        cleaned
    }

    /// What profile `page` makes of each line of a text, and why, whatever the profile is.
    #[cfg(feature = "toml")]
    pub fn page_lines(&self, text: &str) -> Vec<PageLine> {
        let text = normalize(text, &self.normalization).text;
        let mut told = Vec::new();
        weigh_page(&text, self.known(), |lines, said| {
            told = explain(Model::builtin(), &text, lines, said);
            vec![true; lines.len()]
        });
        told
    }

    fn clean_normalized<'a>(&'a self, normalized: Normalized<'a>) -> Cleaned<'a> {
        let text = &*normalized.text;
        let verdict = match self.profile {
            Profile::Normalize => Verdict::default(),
            Profile::Page => weigh_page(text, self.known(), |lines, said| {
                article_lines(Model::builtin(), text, lines, said)
            }),
            Profile::Article => weigh(text, self.known(), self.budget),
        };
        assemble(normalized, verdict, &self.rules)
    }

    pub(crate) fn known(&self) -> Known<'_> {
        Known { rules: &self.rules, finder: &self.finder, scout: &self.scout }
    }
}

impl Default for Cleaner {
    fn default() -> Cleaner {
        Cleaner::new()
    }
}

/// Options for a [`Cleaner`].
///
/// ```
/// # fn main() -> Result<(), unfurnish::BuildError> {
/// use unfurnish::{Category, Cleaner, Normalization, Profile, Quotes};
///
/// let cleaner = Cleaner::builder()
///     .profile(Profile::Article)
///     .remove(Category::Credit)
///     .keep(Category::Legal)
///     .normalization(Normalization::default().quotes(Quotes::Straighten))
///     .disable("en/related/also-read")
///     .build()?;
/// assert_eq!(cleaner.clean("“Quite so”").text(), "\"Quite so\"");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    profile: Profile,
    categories: CategorySet,
    normalization: Normalization,
    budget: f64,
    packs: Vec<RulePack>,
    site: Option<String>,
    disabled: Vec<String>,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            profile: Profile::default(),
            categories: Category::ALL.into_iter().filter(|c| c.removed_by_default()).collect(),
            normalization: Normalization::default(),
            budget: 0.5,
            packs: Vec::new(),
            site: None,
            disabled: Vec::new(),
        }
    }
}

impl Builder {
    /// How far to go; default [`Profile::Article`].
    pub fn profile(mut self, profile: Profile) -> Builder {
        self.profile = profile;
        self
    }

    /// Removes a category that is kept by default.
    pub fn remove(mut self, category: Category) -> Builder {
        self.categories.insert(category);
        self
    }

    /// Keeps a category that is removed by default.
    pub fn keep(mut self, category: Category) -> Builder {
        self.categories.remove(category);
        self
    }

    /// Adds a pack. It takes the place of one of the same name, built-in or not.
    pub fn rules(mut self, pack: RulePack) -> Builder {
        self.packs.push(pack);
        self
    }

    /// The site of the texts, as the rules of packs name it in `site`. Rules of other sites are
    /// left out; so are those of all sites unless this is given. Such a cleaner costs little more than
    /// a list of the rules: build one for each site.
    pub fn site(mut self, site: impl Into<String>) -> Builder {
        self.site = Some(site.into());
        self
    }

    /// Leaves out a rule by its id, or all rules whose id begins with `id` and a slash.
    pub fn disable(mut self, id: impl Into<String>) -> Builder {
        self.disabled.push(id.into());
        self
    }

    /// The options of the normalizer.
    pub fn normalization(mut self, normalization: Normalization) -> Builder {
        self.normalization = normalization;
        self
    }

    /// The removal budget: the share of a text's words, 0 to 1, that profile `article` may
    /// remove. If more would go, it removes nothing and says so. Default 0.5.
    pub fn budget(mut self, share: f64) -> Builder {
        self.budget = share;
        self
    }

    /// Sets an option by name, for options that come as text: from a command line, a file, or
    /// another language.
    ///
    /// | key | value |
    /// |---|---|
    /// | `profile` | `article`, `page` or `normalize` |
    /// | `remove`, `keep` | categories, separated by commas |
    /// | `disable` | rule ids, separated by commas |
    /// | `site` | the site of the texts |
    /// | `budget` | a number from 0 to 1 |
    /// | `quotes`, `dashes` | `keep` or `straighten` |
    /// | `ellipsis` | `keep` or `dots` |
    /// | `ligatures` | `keep` or `split` |
    /// | `width` | `keep` or `fold` |
    /// | `nbsp` | `space` or `keep` |
    ///
    /// # Errors
    ///
    /// The key or the value is none of these.
    pub fn set(mut self, key: &str, value: &str) -> Result<Builder, BuildError> {
        let items = || value.split(',').map(str::trim).filter(|item| !item.is_empty());
        match key {
            "profile" => self.profile = value.parse()?,
            "remove" => {
                for name in items() {
                    self.categories.insert(name.parse()?);
                }
            }
            "keep" => {
                for name in items() {
                    self.categories.remove(name.parse()?);
                }
            }
            "site" => self.site = Some(value.to_owned()),
            "disable" => self.disabled.extend(items().map(str::to_owned)),
            "budget" => match value.parse::<f64>() {
                Ok(share) if (0.0..=1.0).contains(&share) => self.budget = share,
                _ => {
                    return Err(BuildError::option(format!(
                        "budget `{value}` is not a number from 0 to 1"
                    )));
                }
            },
            _ => self.normalization.set(key, value)?,
        }
        Ok(self)
    }

    /// Compiles the cleaner.
    ///
    /// # Errors
    ///
    /// A disabled rule does not exist.
    pub fn build(self) -> Result<Cleaner, BuildError> {
        // Of packs that have the same name the last one counts.
        let last = |number: usize| {
            let name = &self.packs[number].name;
            self.packs[number + 1..].iter().all(|later| later.name != *name)
        };
        let packs = self.packs.iter().enumerate().filter(|(number, _)| last(*number));
        let packs: Vec<&RulePack> = packs.map(|(_, pack)| pack).collect();
        self.check_disabled(&packs)?;

        let mut sources = vec![Source::builtin()];
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut first = 0;
        for rules in builtin::RULES.chunk_by(|a, b| a.pack() == b.pack()) {
            match packs.iter().find(|pack| *pack.name == *rules[0].pack()) {
                None => parts.push(Part { rules, source: 0, first }),
                Some(pack) => Source::add(&pack.general, false, &mut sources, &mut parts),
            }
            first += rules.len();
        }
        let is_builtin = |pack: &RulePack| builtin::RULES.iter().any(|r| *r.pack() == *pack.name);
        for pack in packs.iter().filter(|pack| !is_builtin(pack)) {
            Source::add(&pack.general, false, &mut sources, &mut parts);
        }
        for set in packs.iter().filter_map(|pack| pack.sites.get(self.site.as_deref()?)) {
            Source::add(set, true, &mut sources, &mut parts);
        }

        let mut rules = Vec::new();
        for Part { rules: part, source, first } in parts {
            for (number, rule) in (first..).zip(part) {
                if self.categories.contains(rule.category)
                    && !self.disabled.iter().any(|disabled| names(disabled, &rule.id))
                {
                    sources[source].numbers[number] = rules.len() as u32;
                    rules.push(rule.clone());
                }
            }
        }
        let keys = sources.iter().map(|s| PackKeys {
            keys: s.keys,
            numbers: &s.numbers,
            of_site: s.of_site,
        });
        let scout = Scout::new(keys, &rules);
        let tables = sources.into_iter().map(|source| (source.table, source.numbers)).collect();
        let finder = Finder::new(tables, &rules);
        Ok(Cleaner {
            profile: self.profile,
            normalization: self.normalization,
            budget: self.budget,
            rules,
            finder,
            scout,
        })
    }
    /// An error if a rule that is to be disabled does not exist, be it one of another site.
    fn check_disabled(&self, packs: &[&RulePack]) -> Result<(), BuildError> {
        let sets = packs
            .iter()
            .flat_map(|pack| std::iter::once(&*pack.general).chain(pack.sites.values()));
        let all = || builtin::RULES.iter().chain(sets.clone().flat_map(|set| &set.rules));
        match self.disabled.iter().find(|id| !all().any(|rule| names(id, &rule.id))) {
            Some(unknown) => Err(BuildError::unknown_rule(unknown)),
            None => Ok(()),
        }
    }
}

/// Whether what is disabled is a rule, or what its id begins with.
fn names(disabled: &str, id: &str) -> bool {
    id.strip_prefix(disabled).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The cues of a pack's rules, or those of all built-in ones.
struct Source<'p> {
    table: Arc<Table>,
    keys: &'p Keys,
    /// What the rules are numbered as in the cleaner, or [`OFF`].
    numbers: Vec<u32>,
    of_site: bool,
}

/// Rules that follow each other in a source.
struct Part<'p> {
    rules: &'p [Rule],
    source: usize,
    /// The number of the first one there.
    first: usize,
}

impl<'p> Source<'p> {
    fn builtin() -> Source<'p> {
        Source {
            table: Arc::new(builtin_cues::CUES.clone()),
            keys: &builtin_cues::KEYS,
            numbers: vec![OFF; builtin::RULES.len()],
            of_site: false,
        }
    }

    /// Adds the rules of a pack.
    fn add(
        set: &'p RuleSet,
        of_site: bool,
        sources: &mut Vec<Source<'p>>,
        parts: &mut Vec<Part<'p>>,
    ) {
        parts.push(Part { rules: &set.rules, source: sources.len(), first: 0 });
        let numbers = vec![OFF; set.rules.len()];
        sources.push(Source { table: set.table.clone(), keys: &set.keys, numbers, of_site });
    }
}

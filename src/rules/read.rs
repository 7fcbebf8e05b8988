//! From TOML to rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{At, Neighbours, Rule, RulePack, RuleSet, Take, Zone};
use crate::category::Category;
use crate::cues::{Cues, Keys, VETO};
use crate::error::BuildError;

/// The sources of the built-in packs.
pub(super) const BUILTIN: &[&str] = &[
    include_str!("../../rules/any.toml"),
    include_str!("../../rules/en.toml"),
    include_str!("../../rules/de.toml"),
    include_str!("../../rules/fr.toml"),
    include_str!("../../rules/es.toml"),
    include_str!("../../rules/it.toml"),
    include_str!("../../rules/pt.toml"),
    include_str!("../../rules/nl.toml"),
    include_str!("../../rules/pl.toml"),
    include_str!("../../rules/sv.toml"),
    include_str!("../../rules/da.toml"),
    include_str!("../../rules/nb.toml"),
    include_str!("../../rules/fi.toml"),
    include_str!("../../rules/cs.toml"),
    include_str!("../../rules/ro.toml"),
    include_str!("../../rules/hu.toml"),
    include_str!("../../rules/el.toml"),
    include_str!("../../rules/tr.toml"),
    include_str!("../../rules/ru.toml"),
    include_str!("../../rules/uk.toml"),
    include_str!("../../rules/ar.toml"),
    include_str!("../../rules/fa.toml"),
    include_str!("../../rules/he.toml"),
    include_str!("../../rules/hi.toml"),
    include_str!("../../rules/id.toml"),
    include_str!("../../rules/vi.toml"),
    include_str!("../../rules/zh.toml"),
    include_str!("../../rules/ja.toml"),
    include_str!("../../rules/ko.toml"),
];

/// What a rule pack says about one of its rules.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Such as `en/related/also-read`.
    pub id: String,
    /// What it removes.
    pub category: Category,
    /// The site whose texts it is for; `None` for those of all.
    pub site: Option<String>,
    /// Its cues, group by group; one of every group must occur.
    pub cues: Vec<Vec<String>>,
    /// Its cues that keep it from firing.
    pub(crate) none: Vec<String>,
    /// Its gates with their values as the pack gives them, in the order of the pack: `at`, `line`.
    /// The items of a list have commas between them.
    pub gates: Vec<(String, String)>,
    /// Texts that it must take out: whole, or the parts between `[[` and `]]`.
    pub hits: Vec<String>,
    /// Texts that must stay.
    pub misses: Vec<String>,
    /// Where the rule begins in its pack, from 1.
    pub line: usize,
}

impl RuleInfo {
    /// All its cues, with their groups.
    pub(crate) fn cues_by_group(&self) -> impl Iterator<Item = (&str, u8)> {
        let groups = self.cues.iter().zip(0..);
        let all = groups.flat_map(|(cues, group)| cues.iter().map(move |cue| (&**cue, group)));
        all.chain(self.none.iter().map(|cue| (&**cue, VETO)))
    }
}

impl RulePack {
    /// Reads a rule pack; `rules/README.md` says how to write one.
    ///
    /// # Errors
    ///
    /// It is not valid TOML, or a rule lacks something or asks for what there is not: the message
    /// names the pack, the line and the rule. Or there are more cues than a table can hold.
    pub fn from_toml(text: &str) -> Result<RulePack, BuildError> {
        Reader { text, pack: "?", rule: None }.pack()
    }

    /// The built-in packs, with their hits and misses.
    pub fn builtin() -> Vec<RulePack> {
        let read = |text| RulePack::from_toml(text).expect("the built-in packs are tested to read");
        BUILTIN.iter().map(|text| read(text)).collect()
    }

    /// Its name, the first part of its rules' ids, such as `en`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.infos
    }

    /// Whether it has rules for the texts of some sites alone.
    pub fn has_sites(&self) -> bool {
        !self.sites.is_empty()
    }

    /// Whether it has rules for the texts of a site alone.
    pub fn has_site(&self, site: &str) -> bool {
        self.sites.contains_key(site)
    }
}

/// Reads one pack and knows where it is, for the errors.
struct Reader<'t> {
    text: &'t str,
    pack: &'t str,
    rule: Option<&'t str>,
}

type Table<'t> = DeTable<'t>;
type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Reader<'t> {
    fn error(&self, at: Range<usize>, cause: impl std::fmt::Display) -> BuildError {
        BuildError::pack(self.pack, self.line(at.start), self.rule, cause)
    }

    fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes()[..offset.min(self.text.len())]
            .iter()
            .filter(|&&b| b == b'\n')
            .count()
    }

    fn pack(self) -> Result<RulePack, BuildError> {
        let table = DeTable::parse(self.text)
            .map_err(|error| self.error(error.span().unwrap_or(0..0), error.message()))?;
        let table = table.get_ref();
        self.known_keys(table, &["name", "lists", "rule"])?;
        let Some(name) = table.get("name") else {
            return Err(self.error(0..0, "the pack has no `name`"));
        };
        let name_text = self.string(name)?.to_owned();
        if name_text.is_empty() || name_text.contains('/') {
            return Err(self.error(name.span(), "a pack's name is not empty and has no slash"));
        }
        let (mut ids, mut infos) = (HashSet::new(), Vec::new());
        let mut general = Vec::new();
        let mut sites: BTreeMap<String, Vec<(Rule, RuleInfo)>> = BTreeMap::new();
        let reader = Reader { text: self.text, pack: &name_text, rule: None };
        let empty = DeTable::default();
        let lists = match table.get("lists") {
            Some(lists) => reader.table(lists)?,
            None => &empty,
        };
        let rules = match table.get("rule") {
            Some(rules) => reader.array(rules)?,
            None => &[],
        };
        for rule in rules {
            let (rule, info) = reader.rule(rule, lists)?;
            if !ids.insert(rule.id.clone()) {
                let cause = format!("a second rule has the id `{}`", rule.id);
                return Err(BuildError::pack(&name_text, info.line, None, cause));
            }
            infos.push(info.clone());
            match &info.site {
                None => general.push((rule, info)),
                Some(site) => sites.entry(site.clone()).or_default().push((rule, info)),
            }
        }
        let sites = sites.into_iter().map(|(site, rules)| Ok((site, RuleSet::of(rules)?)));
        Ok(RulePack {
            general: Arc::new(RuleSet::of(general)?),
            sites: Arc::new(sites.collect::<Result<_, BuildError>>()?),
            infos: infos.into(),
            name: name_text.into(),
        })
    }

    fn rule(&self, value: &Value<'_>, lists: &Table<'_>) -> Result<(Rule, RuleInfo), BuildError> {
        let table = self.table(value)?;
        let Some(id) = table.get("id") else {
            return Err(self.error(value.span(), "a rule has no `id`"));
        };
        let id_text = self.string(id)?;
        let full = format!("{}/{id_text}", self.pack);
        let reader = Reader { text: self.text, pack: self.pack, rule: Some(&full) };
        reader.known_keys(table, KEYS)?;
        let category = match id_text.split_once('/') {
            Some((category, rest)) if !rest.is_empty() && !rest.contains('/') => {
                category.parse().map_err(|error| reader.error(id.span(), error))?
            }
            _ => return Err(reader.error(id.span(), "an id is `category/name`")),
        };
        let all = match (table.get("any"), table.get("all")) {
            (Some(any), None) => vec![reader.cues(any, lists)?],
            (None, Some(all)) => {
                let groups = reader.array(all)?.iter();
                groups.map(|group| reader.cues(group, lists)).collect::<Result<Vec<_>, _>>()?
            }
            (None, None) if BESIDE_KEYS.iter().any(|key| table.contains_key(*key)) => vec![],
            (None, None) => {
                let cause = "a rule has `any`, `all`, `before`, `after` or `block`";
                return Err(reader.error(id.span(), cause));
            }
            _ => return Err(reader.error(id.span(), "a rule has either `any` or `all`")),
        };
        let cueless = all.is_empty();
        if let Some(key) = CUE_KEYS.iter().find(|key| cueless && table.contains_key(**key)) {
            let cause = format!("`{key}` is about cues, and the rule has none");
            return Err(reader.error(id.span(), cause));
        }
        let at = reader.choice(table, "at", At::Start, &AT)?;
        let take = match at {
            At::Line | At::Bar | At::Start => Take::Line,
            At::Sentence | At::Clause | At::Inside => Take::Sentence,
            At::End => Take::Rest,
        };
        let take = reader.choice(table, "take", take, &TAKE)?;
        if take == Take::Cue && (all.len() > 1 || table.contains_key("none")) {
            return Err(reader.error(id.span(), "with `take = \"cue\"` a rule has `any` alone"));
        }
        if all.len() > 7 || all.iter().any(|group| group.is_empty()) {
            return Err(reader.error(id.span(), "a rule has at most 7 groups of cues, none empty"));
        }
        let none = match table.get("none") {
            Some(none) => reader.cues(none, lists)?,
            None => Vec::new(),
        };
        let run = match table.get("run") {
            None => (0, 0),
            Some(run) => match reader.array(run)? {
                [least, most] => (reader.number(least)?, reader.number(most)?),
                _ => return Err(reader.error(run.span(), "`run` is [least, most]")),
            },
        };
        let block = match table.get("block") {
            None => (0, 0, 0),
            Some(block) => match reader.array(block)? {
                [above, all, percent] => {
                    (reader.number(above)?, reader.number(all)?, reader.number(percent)?)
                }
                _ => return Err(reader.error(block.span(), "`block` is [above, all, percent]")),
            },
        };
        let or = |key: &str, default: u16| match table.get(key) {
            Some(value) => reader.number(value),
            None => Ok(default),
        };
        let rule = Rule {
            category,
            at,
            take,
            separator: reader.flag(table, "separator")?,
            count: reader.flag(table, "count")?,
            capitals: reader.flag(table, "capitals")?,
            headline: reader.flag(table, "headline")?,
            max_words: or("max_words", 40)?,
            lines: or("lines", 1)?.clamp(1, 9) as u8,
            zone: reader.choice(table, "zone", Zone::Anywhere, &ZONE)?,
            before: reader.neighbours(table.get("before"))?,
            after: reader.neighbours(table.get("after"))?,
            run,
            to_end: reader.flag(table, "to_end")?,
            block,
            groups: all.len() as u8,
            id: Cow::Owned(full.clone()),
        };
        let texts = |key: &str| match table.get(key) {
            Some(value) => reader.strings(value),
            None => Ok(Vec::new()),
        };
        let mut gates: Vec<_> = table.iter().collect();
        gates.retain(|(key, _)| !NO_GATES.contains(&&**key.get_ref()));
        gates.sort_by_key(|(key, _)| key.span().start);
        let gate = |(key, value): (&Spanned<Cow<'_, str>>, &Value<'_>)| {
            (key.get_ref().to_string(), plain(value.get_ref()))
        };
        let site = match table.get("site") {
            None => None,
            Some(site) => match reader.string(site)? {
                "" => return Err(reader.error(site.span(), "`site` is empty")),
                site => Some(site.to_owned()),
            },
        };
        let info = RuleInfo {
            category,
            site,
            cues: all,
            none,
            gates: gates.into_iter().map(gate).collect(),
            hits: texts("hits")?,
            misses: texts("misses")?,
            line: reader.line(value.span().start),
            id: full.clone(),
        };
        Ok((rule, info))
    }

    /// A list of cues; `$name` stands for a list of the pack.
    fn cues(&self, value: &Value<'_>, lists: &Table<'_>) -> Result<Vec<String>, BuildError> {
        let mut cues = Vec::new();
        self.expand(value, lists, 0, &mut cues)?;
        let bad = |cue: &str| match cue.trim_matches('*').trim() {
            "" => Some("is empty"),
            trimmed if cue.starts_with('*') && trimmed.chars().count() < 2 => {
                Some("has less than two letters after `*`")
            }
            _ if cue.starts_with('*') && cue.ends_with('*') => Some("has `*` at both ends"),
            _ if cue.starts_with('*') && cue.contains("<n>") => Some("has `<n>` after `*`"),
            trimmed if trimmed.len() != cue.trim_matches('*').len() => {
                Some("has a space at an end")
            }
            _ => None,
        };
        match cues.iter().find_map(|cue| Some((cue, bad(cue)?))) {
            Some((cue, cause)) => Err(self.error(value.span(), format!("cue `{cue}` {cause}"))),
            None => Ok(cues),
        }
    }

    /// Appends the cues of a list, and those of the lists that it names.
    fn expand(
        &self,
        value: &Value<'_>,
        lists: &Table<'_>,
        depth: usize,
        cues: &mut Vec<String>,
    ) -> Result<(), BuildError> {
        const DEEPEST: usize = 3;
        for cue in self.array(value)? {
            let text = self.string(cue)?;
            let Some(name) = text.strip_prefix('$') else {
                cues.push(text.to_owned());
                continue;
            };
            match lists.get(name) {
                Some(_) if depth == DEEPEST => {
                    return Err(self.error(cue.span(), "lists name each other too deeply"));
                }
                Some(list) => self.expand(list, lists, depth + 1, cues)?,
                None => {
                    let cause = format!("the pack has no list `{name}`");
                    return Err(self.error(cue.span(), cause));
                }
            }
        }
        Ok(())
    }

    fn neighbours(&self, value: Option<&Value<'_>>) -> Result<Neighbours, BuildError> {
        let mut neighbours = Neighbours::ANY;
        let Some(value) = value else { return Ok(neighbours) };
        for item in self.array(value)? {
            match self.string(item)? {
                "headline" => neighbours.headline = true,
                "prose" => neighbours.prose = true,
                "edge" => neighbours.edge = true,
                "furniture" => {
                    let all = Category::ALL.into_iter();
                    neighbours.removed =
                        all.filter(|category| category.removed_by_default()).collect();
                }
                name => neighbours.removed.insert(
                    name.parse().map_err(|error: BuildError| self.error(item.span(), error))?,
                ),
            }
        }
        Ok(neighbours)
    }

    fn choice<T: Copy>(
        &self,
        table: &Table<'_>,
        key: &str,
        default: T,
        choices: &[(&str, T)],
    ) -> Result<T, BuildError> {
        let Some(value) = table.get(key) else { return Ok(default) };
        let text = self.string(value)?;
        choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            self.error(value.span(), format!("`{key}` is one of: {}", names.join(", ")))
        })
    }

    fn known_keys(&self, table: &Table<'_>, known: &[&str]) -> Result<(), BuildError> {
        match table.keys().find(|key| !known.contains(&&**key.get_ref())) {
            Some(key) => {
                let cause = format!("unknown key `{}`; known: {}", key.get_ref(), known.join(", "));
                Err(self.error(key.span(), cause))
            }
            None => Ok(()),
        }
    }

    fn table<'v>(&self, value: &'v Value<'t>) -> Result<&'v Table<'t>, BuildError> {
        value.get_ref().as_table().ok_or_else(|| self.error(value.span(), "expected a table"))
    }

    fn array<'v, 'd>(&self, value: &'v Value<'d>) -> Result<&'v [Value<'d>], BuildError> {
        let array = value.get_ref().as_array();
        array.map(|array| &**array).ok_or_else(|| self.error(value.span(), "expected an array"))
    }

    fn string<'v>(&self, value: &'v Value<'_>) -> Result<&'v str, BuildError> {
        value.get_ref().as_str().ok_or_else(|| self.error(value.span(), "expected a string"))
    }

    fn strings(&self, value: &Value<'_>) -> Result<Vec<String>, BuildError> {
        self.array(value)?.iter().map(|item| Ok(self.string(item)?.to_owned())).collect()
    }

    fn number(&self, value: &Value<'_>) -> Result<u16, BuildError> {
        let integer = value.get_ref().as_integer();
        integer
            .and_then(|integer| u16::from_str_radix(integer.as_str(), integer.radix()).ok())
            .ok_or_else(|| self.error(value.span(), "expected a number from 0 to 65535"))
    }

    fn flag(&self, table: &Table<'_>, key: &str) -> Result<bool, BuildError> {
        match table.get(key) {
            None => Ok(false),
            Some(value) => (value.get_ref().as_bool())
                .ok_or_else(|| self.error(value.span(), "expected true or false")),
        }
    }
}

/// A value without the signs of TOML.
fn plain(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| plain(item.get_ref())).collect();
            items.join(", ")
        }
        // No gate has such a value.
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => String::new(),
    }
}

impl RuleSet {
    fn of(rules: Vec<(Rule, RuleInfo)>) -> Result<RuleSet, BuildError> {
        let table = Arc::new(Cues::of(rules.iter().map(|(_, info)| info)).grow()?);
        let keys = Keys::of(rules.iter().map(|(rule, info)| (rule, info)));
        Ok(RuleSet { rules: rules.into_iter().map(|(rule, _)| rule).collect(), table, keys })
    }
}

const KEYS: &[&str] = &[
    "id",
    "site",
    "any",
    "all",
    "none",
    "at",
    "take",
    "separator",
    "count",
    "capitals",
    "headline",
    "max_words",
    "lines",
    "zone",
    "before",
    "after",
    "run",
    "to_end",
    "block",
    "hits",
    "misses",
];

/// Those of `KEYS` that are no gates.
const NO_GATES: &[&str] = &["id", "site", "any", "all", "none", "hits", "misses"];

const BESIDE_KEYS: &[&str] = &["before", "after", "block"];

const CUE_KEYS: &[&str] = &["none", "at", "take", "separator", "count", "capitals", "lines", "run"];

const AT: [(&str, At); 7] = [
    ("line", At::Line),
    ("bar", At::Bar),
    ("start", At::Start),
    ("sentence", At::Sentence),
    ("clause", At::Clause),
    ("inside", At::Inside),
    ("end", At::End),
];

const TAKE: [(&str, Take); 4] =
    [("line", Take::Line), ("sentence", Take::Sentence), ("rest", Take::Rest), ("cue", Take::Cue)];

const ZONE: [(&str, Zone); 6] = [
    ("anywhere", Zone::Anywhere),
    ("head", Zone::Head),
    ("tail", Zone::Tail),
    ("edges", Zone::Edges),
    ("body", Zone::Body),
    ("late", Zone::Late),
];

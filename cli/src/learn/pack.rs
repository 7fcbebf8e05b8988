//! A rule pack out of the furniture of sites: for people to read, and for `clean --rules`.

use std::collections::HashSet;
use std::fmt::Write;

use super::fold::{DATE, core};
use super::observe::words;
use super::site::{Place, Recurring};
use crate::tally::Count;

/// What was found on a site.
pub(super) struct Found {
    pub(super) site: String,
    pub(super) documents: u64,
    pub(super) lines: Vec<Recurring>,
}

/// Writes the pack; sites are in order of their names.
pub(super) fn write(name: &str, documents: u64, sites: u64, found: &[Found]) -> String {
    let mut out = String::new();
    let mut rules = String::new();
    let mut ids = HashSet::new();
    let mut count = 0;
    for found in found {
        count += write_site(found, &mut ids, &mut rules);
    }
    let (documents, sites) = (Count(documents, "document"), Count(sites, "site"));
    let _ = write!(
        out,
        "# Lines that recur on the pages of a site and that no other rule knows: {}, from {documents} of\n\
         # {sites}. Written by `unfurnish learn`, to be read and changed by you:\n\
         #\n\
         #     unfurnish rules check {name}.toml\n\
         #     unfurnish clean --rules {name}.toml --site-field FIELD …\n\
         #\n\
         # Rules behind # are off: such a line stands where furniture does, but its author could have\n\
         # written it.\n\
         name = {}\n{rules}",
        Count(count, "rule"),
        string(name),
    );
    out
}

/// Writes the rules of a site, and tells how many are on.
fn write_site(found: &Found, ids: &mut HashSet<String>, out: &mut String) -> u64 {
    let Found { site, documents, lines } = found;
    let mut rules = String::new();
    let mut on = 0;
    for line in lines {
        let Some(rule) = rule(site, *documents, line, ids) else { continue };
        rules.push('\n');
        for text in rule.lines() {
            let off = if line.doubtful { "# " } else { "" };
            let _ = writeln!(rules, "{off}{text}");
        }
        on += u64::from(!line.doubtful);
    }
    if !rules.is_empty() {
        let _ = write!(out, "\n# {}: {}\n{rules}", one_line(site), Count(*documents, "document"));
    }
    on
}

/// A rule for a line, unless no cue could say what it is.
fn rule(
    site: &str,
    documents: u64,
    recurring: &Recurring,
    ids: &mut HashSet<String>,
) -> Option<String> {
    let Recurring { line, place, varies, has_date, .. } = recurring;
    let cues = Cues::of(recurring)?;
    let category = if *varies && *has_date { "meta" } else { "other" };
    let names: Vec<String> = line.samples.iter().map(|name| string(name)).collect();
    let mut rule = String::new();
    let _ = writeln!(rule, "[[rule]] # in {} of {documents}: {}", line.documents, names.join(", "));
    let _ = writeln!(rule, "id = {}", string(&id(category, site, recurring, ids)));
    let _ = writeln!(rule, "site = {}", string(site));
    match cues {
        Cues::Line(cue) => {
            let _ = writeln!(rule, "at = \"line\"\nany = [{}]", string(&cue));
        }
        Cues::Around { before, after, words } => {
            let cues: Vec<String> =
                [before, after].iter().flatten().map(|cue| format!("[{}]", string(cue))).collect();
            let at = "at = \"start\"";
            let _ = writeln!(rule, "{at}\nall = [{}]\nmax_words = {words}", cues.join(", "));
        }
    }
    let hit = match place {
        // What is as long as prose needs no other evidence, and would be taken for the text's last.
        _ if unfurnish::is_prose(&line.least) => line.least.clone(),
        // Where there is no prose, no line is before or after it.
        Place::Head | Place::Edges | Place::Tail
            if 2 * line.without_prose > line.documents && words(&line.least) >= LONG =>
        {
            line.least.clone()
        }
        Place::Head => gate(&mut rule, "zone = \"head\"", &line.least),
        Place::Edges => gate(&mut rule, "zone = \"edges\"", &line.least),
        Place::Tail => gate(&mut rule, "zone = \"tail\"", &line.least),
        Place::Block(_) if words(&line.least) >= LONG => line.least.clone(),
        Place::Block(block) => {
            // A few words may mean something else elsewhere: the long line of the block is near.
            let at = block.iter().position(|text| *text == line.least).unwrap_or(0);
            let long = block.iter().position(|text| words(text) >= LONG)?;
            let beside = if long > at { "before" } else { "after" };
            gate(&mut rule, &format!("{beside} = [\"other\"]"), &block.join("\n"))
        }
    };
    let _ = writeln!(rule, "hits = [{}]", string(&hit));
    Some(rule)
}

/// Fewest words that mean the same wherever they stand alone in a line.
const LONG: usize = 5;

fn gate(rule: &mut String, gate: &str, hit: &str) -> String {
    let _ = writeln!(rule, "{gate}");
    hit.to_owned()
}

/// How a rule knows a line.
enum Cues {
    /// By all of it.
    Line(String),
    /// By what is before and after a date, and how long it is.
    Around { before: Option<String>, after: Option<String>, words: usize },
}

impl Cues {
    fn of(recurring: &Recurring) -> Option<Cues> {
        /// Fewest words before a date that say whose it is.
        const FEWEST: usize = 2;
        let Recurring { line, folded, varies, .. } = recurring;
        if !varies {
            return Some(Cues::Line(core(&line.least).to_owned()));
        }
        let Some((before, after)) = folded.split_once(DATE) else {
            return Some(Cues::Line(folded.clone()));
        };
        let longest = line.greatest.as_deref().unwrap_or(&line.least);
        let said = |part: &str| {
            let part = core(part);
            (words(part) > 0 && !part.contains(DATE)).then(|| part.to_owned())
        };
        let (before, after) = (said(before), said(after));
        if before.as_deref().is_none_or(|before| words(before) < FEWEST) {
            return None;
        }
        let words = words(&line.least).max(words(longest)) + 2;
        Some(Cues::Around { before, after, words })
    }
}

/// An id that no other rule has: the site and the first words.
fn id(category: &str, site: &str, recurring: &Recurring, ids: &mut HashSet<String>) -> String {
    const WORDS: usize = 5;
    let is_sign = |c: char| !c.is_alphanumeric();
    let text = recurring.folded.replace(DATE, "").to_lowercase();
    let words: Vec<&str> = text.split(is_sign).filter(|word| !word.is_empty()).collect();
    let slug = words[..words.len().min(WORDS)].join("-");
    let site: String =
        site.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let name = format!("{category}/{site}-{slug}");
    let mut id = name.clone();
    let mut number = 1;
    while !ids.insert(id.clone()) {
        number += 1;
        id = format!("{name}-{number}");
    }
    id
}

/// A string of TOML: the escapes of JSON, and that of the one control that JSON lets through.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\x7f', "\\u007f")
}

/// For a comment, which must not end before its line does.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

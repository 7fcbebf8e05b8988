//! The page: one file that asks nobody for anything.
//!
//! Texts of strangers are in it as JSON, of which no byte can end the element that holds it; the
//! script shows them as text and never as HTML; and the page forbids itself everything but its own
//! script and style, which it knows by a word that nobody can write into the texts beforehand: it
//! is a digest of them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::Serialize;
use sha1::{Digest, Sha1};
use unfurnish::Category;

use super::counts::{Counts, Group, Rule, STEPS};
use super::sample::{Piece, Sample};
use crate::failure::Failure;
use crate::output::Target;

const HTML: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Most rules, sites and languages that are listed; of those, the ones that lost the most words.
const LISTED: usize = 200;

/// What the script reads.
#[derive(Serialize)]
struct Data<'d> {
    version: &'static str,
    documents: u64,
    changed: u64,
    abstained: u64,
    words: u64,
    removed: u64,
    /// Shares in hundredths, and how many documents lost so much at most.
    lost: Vec<(u64, u64)>,
    categories: Vec<Listed<'d, Rule>>,
    rules: Vec<Listed<'d, Rule>>,
    languages: Vec<Listed<'d, Group>>,
    sites: Vec<Listed<'d, Group>>,
    samples: Vec<Shown<'d>>,
}

#[derive(Serialize)]
struct Listed<'d, T> {
    name: &'d str,
    category: Option<&'static str>,
    #[serde(flatten)]
    sums: T,
}

#[derive(Serialize)]
struct Shown<'d> {
    name: &'d str,
    site: Option<&'d str>,
    language: &'d str,
    words: u64,
    removed: u64,
    abstained: bool,
    pieces: &'d [Piece],
}

/// Writes the page.
pub(super) fn write(
    path: &Path,
    counts: &Counts,
    cleaned: &[Sample],
    abstained: &[Sample],
) -> Result<(), Failure> {
    let cleaned = cleaned.iter().map(|sample| shown(sample, false));
    let abstained = abstained.iter().map(|sample| shown(sample, true));
    let data = Data {
        version: unfurnish::VERSION,
        documents: counts.documents,
        changed: counts.changed,
        abstained: counts.abstained,
        words: counts.words,
        removed: counts.removed,
        lost: STEPS.into_iter().zip(counts.lost).collect(),
        categories: categories(counts),
        rules: listed(&counts.rules, |rule| rule.words, |rule| Some(rule.category.name())),
        languages: listed(&counts.languages, |group| group.removed, |_| None),
        sites: listed(&counts.sites, |group| group.removed, |_| None),
        samples: cleaned.chain(abstained).collect(),
    };
    let data = in_script(&serde_json::to_string(&data).expect("its keys are strings"));
    let nonce = data_encoding::HEXLOWER.encode(&Sha1::digest(&data));
    let parts = [("nonce", &*nonce), ("style", STYLE), ("data", &*data), ("script", SCRIPT)];

    let (target, mut raw) = Target::open(Some(path))?;
    raw.write_all(filled(HTML, &parts).as_bytes())
        .map_err(|error| Failure::writing(&target.name, &error))?;
    target.commit(raw)
}

fn shown(sample: &Sample, abstained: bool) -> Shown<'_> {
    let Sample { name, site, language, words, removed, pieces, .. } = sample;
    let site = site.as_deref();
    Shown { name, site, language, words: *words, removed: *removed, abstained, pieces }
}

fn categories(counts: &Counts) -> Vec<Listed<'static, Rule>> {
    let sum = |category: Category| {
        let mut sum = Rule { category, removals: 0, words: 0 };
        let rules = counts.rules.values().filter(|rule| rule.category == category);
        rules.for_each(|rule| sum += *rule);
        let name = category.name();
        (sum.removals > 0).then_some(Listed { name, category: Some(name), sums: sum })
    };
    let mut categories: Vec<_> = Category::ALL.into_iter().filter_map(sum).collect();
    categories.sort_by_key(|listed| u64::MAX - listed.sums.words);
    categories
}

fn listed<T: Copy>(
    sums: &BTreeMap<String, T>,
    words: impl Fn(&T) -> u64,
    category: impl Fn(&T) -> Option<&'static str>,
) -> Vec<Listed<'_, T>> {
    let mut all: Vec<(&String, &T)> = sums.iter().collect();
    all.sort_by_key(|(_, sum)| u64::MAX - words(sum));
    let first = all.into_iter().take(LISTED);
    first.map(|(name, sum)| Listed { name, category: category(sum), sums: *sum }).collect()
}

/// JSON that cannot end the element it stands in, nor begin another.
fn in_script(json: &str) -> String {
    // All of these stand in strings only.
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => safe.push(c),
        }
    }
    safe
}

/// A template with what stands between two braces replaced; what replaces it is not looked at.
fn filled(template: &str, parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?)))
    {
        page.push_str(before);
        let part = parts.iter().find(|(known, _)| *known == name);
        page.push_str(part.map_or("", |(_, text)| text));
        rest = after;
    }
    page.push_str(rest);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_element() {
        let hostile = "</script><!--<script>\u{2028}&amp;]]>{{script}}";
        let json = in_script(&serde_json::to_string(hostile).unwrap());
        assert!(!json.contains(['<', '>', '&', '\u{2028}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
        let page = filled("<p>{{data}}</p>{{script}}", &[("data", &json), ("script", "x")]);
        assert_eq!(page, format!("<p>{json}</p>x"));
    }

    #[test]
    fn all_parts_have_a_place() {
        for name in ["{{nonce}}", "{{style}}", "{{data}}", "{{script}}"] {
            assert!(HTML.contains(name), "{name}");
        }
        let page = filled(HTML, &[("style", STYLE), ("script", SCRIPT)]);
        assert!(!page.contains("http:") && !page.contains("https:"));
    }
}

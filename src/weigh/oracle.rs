//! A slow, obvious twin of `evidence`: every cue of every rule is looked for by itself, at every
//! letter. The fast one must say the same.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::evidence::{
    Candidate, Evidence, Known, Look, Part, SEPARATORS, Scratch, gather, gather_parts,
};
use super::look_at_spots;
use super::sentences::{core, is_decoration, quotations, sentence_starts};
use super::shape::{CLOSERS, count_words};
use crate::cues::{Finder, Folder, Keys, PackKeys, Scout, Table, glues, is_inside_word, is_spaced};
use crate::rules::{At, Rule, RuleInfo, RulePack, Take, builtin, builtin_cues};

fn scratch(rules: usize) -> Scratch {
    let mut scratch = Scratch::new();
    scratch.reset(rules);
    scratch
}

/// What finds the cues of a table, and the keys among them.
fn compile(table: Arc<Table>, keys: &Keys, rules: &[Rule]) -> (Finder, Scout) {
    let numbers: Vec<u32> = (0..rules.len() as u32).collect();
    let scout =
        Scout::new(std::iter::once(PackKeys { keys, numbers: &numbers, of_site: false }), rules);
    (Finder::new(vec![(table, numbers)], rules), scout)
}

/// What the spots of a line lead to must be what all of its cues do; but parts are gathered only
/// if the line has the key of a rule that is spread over lines.
fn check_spots(line: &str, known: Known<'_>, scratch: &mut Scratch) {
    let all = gather(line, known, scratch);
    let mut found = look_at_spots(line, known, scratch);
    let found = found.pop().map(|(_, look)| look);
    let Look { evidence, spread } = found.as_deref().cloned().unwrap_or_default();
    assert_eq!(sorted(evidence).candidates, sorted(all.clone()).candidates, "{line:?}");
    let keyed = |part: &Part| {
        let key = (0..8).find(|&group| known.scout.is_key(part.rule, group)).unwrap_or(0);
        part.groups >> key & 1 != 0
    };
    let keyed = all.parts.iter().filter(|part| keyed(part));
    for part in keyed {
        assert!(spread.contains(&part.rule), "{line:?}");
        let parts = gather_parts(line, &[part.rule], known, scratch);
        assert!(parts.contains(part), "{line:?}");
    }
}

fn in_word(c: Option<char>) -> bool {
    c.is_some_and(|c| is_inside_word(c) && is_spaced(c))
}

/// Whether a word begins at `at`; also where a capital is glued to what stands before, as in
/// `was saidRead more`.
fn begins_word(line: &str, at: usize) -> bool {
    let (before, first) = (line[..at].chars().next_back(), line[at..].chars().next());
    let small = |c: Option<char>| !c.is_some_and(char::is_uppercase);
    !in_word(before) || small(before) && !small(first)
}

/// Whether a word ends at `at`; also where a capital is glued to it.
fn ends_word(line: &str, at: usize) -> bool {
    let (last, mut rest) = (line[..at].chars().next_back(), line[at..].chars());
    let next = rest.next();
    let upper = |c: Option<char>| c.is_some_and(char::is_uppercase);
    !in_word(next) || upper(next) && (!upper(last) || rest.next().is_some_and(char::is_lowercase))
}

/// Where a cue stands in a line.
fn places(folder: &Folder, line: &str, cue: &str) -> Vec<Range<usize>> {
    let pattern: Vec<char> =
        folder.fold_str(&cue.trim_matches('*').replace("<n>", "\u{1}")).chars().collect();
    let letters: Vec<(usize, char)> =
        line.char_indices().map(|(at, c)| (at, folder.fold(c).letter)).collect();
    let word = |c: Option<&char>| c == Some(&'\u{1}') || in_word(c.copied());
    let mut places = Vec::new();
    for i in 0..letters.len() {
        let rest = letters.len() - i;
        let as_long = pattern.len()..=pattern.len().min(rest);
        for length in if pattern.contains(&'\u{1}') { 1..=rest } else { as_long } {
            if !equal(&letters, i, length, &pattern, true) {
                continue;
            }
            let start = letters[i].0;
            let end = letters.get(i + length).map_or(line.len(), |(at, _)| *at);
            let free_start = cue.starts_with('*') || !word(pattern.first());
            let free_end = cue.ends_with('*') || !word(pattern.last());
            if (free_start || begins_word(line, start)) && (free_end || ends_word(line, end)) {
                places.push(start..end);
            }
        }
    }
    places
}

/// Whether the letters from `at` on, so many, are those of a pattern, in which U+0001 is a number:
/// the longest there, and all of it.
fn equal(
    letters: &[(usize, char)],
    at: usize,
    length: usize,
    pattern: &[char],
    fresh: bool,
) -> bool {
    let Some((&first, pattern)) = pattern.split_first() else { return length == 0 };
    let Some(&(_, letter)) = letters.get(at).filter(|_| length > 0) else { return false };
    if first != '\u{1}' {
        let same = first == letter;
        return same && equal(letters, at + 1, length - 1, pattern, !letter.is_ascii_digit());
    }
    let before = at.checked_sub(1).map(|at| letters[at].1);
    let end = number(&letters[at..], before);
    let all = fresh && (1..=length).contains(&end);
    all && equal(letters, at + end, length - end, pattern, true)
}

/// How many letters the number at the beginning of some has.
fn number(letters: &[(usize, char)], before: Option<char>) -> usize {
    let at = |n: usize| letters.get(n).map_or(' ', |(_, c)| *c);
    let digits = |n: usize| (n..).take_while(|&n| at(n).is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 || before.is_some_and(|c| ".,/:-".contains(c)) {
        return end;
    }
    while ".,'".contains(at(end)) {
        let more = digits(end + 1);
        let after = end + 1 + more;
        let goes_on = ".,/:-".contains(at(after)) && digits(after + 1) > 0;
        match more {
            3 => end = after,
            1 | 2 if !goes_on => return after,
            _ => break,
        }
    }
    end
}

/// Whether a place is where the rule wants its anchor.
fn is_anchor(rule: &Rule, line: &str, place: &Range<usize>) -> bool {
    let core = core(line, rule.count);
    let sentence = sentence_starts(line).into_iter().rfind(|&at| at <= place.start).unwrap();
    let opens = |c: char| !is_inside_word(c) && !matches!(c, '"' | '“' | '„');
    let glued = line[..place.start].ends_with(glues);
    let begins_sentence = line[sentence..place.start].chars().all(opens) || glued;
    let clause = [',', ';', ':', '–', '—', '-', '(', '،', '؛', '、', '，', '：'];
    let stands = match rule.at {
        At::Line => place.start <= core.start && core.end <= place.end,
        At::Start => place.start <= core.start,
        At::End => core.end <= place.end,
        At::Sentence => begins_sentence,
        At::Clause => begins_sentence || line[..place.start].trim_end().ends_with(clause),
        At::Inside | At::Bar => true,
    };
    let quoted = quotations(line).iter().any(|q| q.start < place.start && place.start < q.end);
    let next = line[place.end..].trim_start();
    let spaced = next.len() < line.len() - place.end;
    let after = next.trim_start_matches('-');
    let dash = if after.len() < next.len() {
        let blank = after.starts_with(char::is_whitespace);
        !after.starts_with(char::is_alphanumeric) && (spaced || !blank)
    } else {
        let second = next.chars().nth(1);
        next.starts_with(['–', '—']) && (spaced || !second.is_some_and(char::is_alphanumeric))
    };
    let separated = next.is_empty() || next.starts_with(SEPARATORS) || dash;
    let letters = &line[place.clone()];
    let capitals =
        letters.chars().any(char::is_uppercase) && !letters.chars().any(char::is_lowercase);
    stands
        && (rule.at == At::Line || !quoted)
        && (!rule.separator || separated)
        && (!rule.capitals || capitals)
}

/// Whether the anchors cover the line and are not all the same.
fn is_bar(folder: &Folder, (rule, cues): (&Rule, &RuleInfo), line: &str) -> bool {
    let mut covered = vec![false; line.len()];
    let mut first: Vec<(usize, usize, String)> = Vec::new();
    for cue in &cues.cues[0] {
        for place in places(folder, line, cue) {
            covered[place.clone()].fill(true);
            let pattern = cue.trim_matches('*').chars().map(|c| folder.fold(c).letter).collect();
            first.push((place.start, usize::MAX - place.end, pattern));
        }
    }
    first.sort();
    let mut end = 0;
    let mut buttons = Vec::new();
    for (start, until, cue) in first {
        if start >= end {
            buttons.push(cue);
        }
        end = end.max(usize::MAX - until);
    }
    let bare = line
        .char_indices()
        .all(|(at, c)| covered[at] || !(c.is_alphabetic() || c.is_numeric() && !rule.count));
    line.len() <= 400 && bare && buttons.iter().any(|cue| *cue != buttons[0])
}

/// The evidence for one rule in one sentence, or in the line if the rule is about lines.
fn judge(
    folder: &Folder,
    (number, rule, cues): (usize, &Rule, &RuleInfo),
    line: &str,
    scope: Range<usize>,
    evidence: &mut Evidence,
) {
    let inside = |cue: &str| {
        let places = places(folder, line, cue).into_iter();
        places.filter(|place| scope.contains(&place.start)).collect::<Vec<_>>()
    };
    if cues.none.iter().any(|cue| !inside(cue).is_empty()) {
        return;
    }
    let mut anchors: Vec<_> = cues.cues[0].iter().flat_map(|cue| inside(cue)).collect();
    anchors.retain(|place| is_anchor(rule, line, place));
    anchors.sort_by_key(|place| (place.start, place.end));
    let mut groups = u8::from(!anchors.is_empty());
    let mut all = anchors.clone();
    for (group, cues) in cues.cues.iter().enumerate().skip(1) {
        let places: Vec<_> = cues.iter().flat_map(|cue| inside(cue)).collect();
        groups |= u8::from(!places.is_empty()) << group;
        all.extend(places);
    }
    // As many as possible that do not overlap: the one that ends first, then the next after it.
    let (mut apart, mut end) = (0u8, 0);
    all.sort_by_key(|place| place.end);
    for place in &all {
        if place.start >= end {
            (apart, end) = (apart.saturating_add(1), place.end);
        }
    }
    if rule.at == At::Bar && !is_bar(folder, (rule, cues), line) {
        return;
    }
    if groups != rule.all_groups() {
        let late = anchors.first().is_some_and(|anchor| anchor.start + 300 >= line.len());
        if groups != 0 && rule.lines > 1 && (late || line.len() <= 300) {
            let start = if rule.take == Take::Sentence { scope.start } else { 0 };
            evidence.parts.push(Part { rule: number, groups, start });
        }
        return;
    }
    let near = |place: &&Range<usize>| {
        rule.take != Take::Rest || line.len() - place.start <= 24 * usize::from(rule.max_words)
    };
    let longest = rule.take == Take::Cue;
    let anchor = if longest { anchors.last() } else { anchors.iter().find(near) };
    let Some(anchor) = anchor else { return };
    let (start, end) = match rule.take {
        Take::Line => (0, line.len()),
        Take::Rest => (anchor.start, line.len()),
        Take::Cue => (anchor.start, anchor.end),
        Take::Sentence if line[..anchor.start].ends_with(glues) => (anchor.start, scope.end),
        Take::Sentence => (scope.start, scope.end),
    };
    let most = if rule.groups > 1 && apart < 2 { rule.max_words.min(4) } else { rule.max_words };
    if count_words(&line[start..end]) > u32::from(most) {
        return;
    }
    let stops = |text: &str| {
        let text = text.trim_end().trim_end_matches(CLOSERS);
        text.ends_with(['.', '。', '।', '۔']) && !text.ends_with("...")
    };
    let stop = stops(&line[anchor.end..end]);
    let small = rule.capitals
        && !line[anchor.end..end]
            .trim_matches(|c: char| !c.is_alphanumeric())
            .starts_with(char::is_uppercase);
    if rule.headline && (stop || small) && line[anchor.end..].contains(char::is_alphanumeric) {
        return;
    }
    if rule.to_end && stops(line) {
        return;
    }
    let glued = line[..start].ends_with(glues);
    let take = if rule.take == Take::Cue {
        let closed = !line[end..].starts_with(char::is_alphanumeric);
        (if closed { line[..start].trim_end().len() } else { start })..end
    } else {
        let start = if glued { start } else { line[..start].trim_end_matches(is_decoration).len() };
        let all = start == 0 && end >= core(line, false).end;
        if all { 0..line.len() } else { start..end }
    };
    let alone = !line[anchor.end..].contains(char::is_alphanumeric);
    let heading = alone || rule.take == Take::Line && !rule.separator;
    evidence.candidates.push(Candidate {
        rule: number,
        take,
        heading,
        groups: rule.groups.min(apart),
    });
}

fn naive_gather<'r>(
    folder: &Folder,
    line: &str,
    rules: impl Iterator<Item = (&'r Rule, &'r RuleInfo)>,
) -> Evidence {
    let starts = sentence_starts(line);
    let mut evidence = Evidence::default();
    for (number, (rule, cues)) in rules.enumerate().filter(|(_, (rule, _))| !rule.is_cueless()) {
        if rule.take == Take::Cue {
            for (start, _) in line.char_indices() {
                judge(folder, (number, rule, cues), line, start..start + 1, &mut evidence);
            }
            continue;
        }
        if rule.take != Take::Sentence {
            judge(folder, (number, rule, cues), line, 0..line.len(), &mut evidence);
            continue;
        }
        for (i, &start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).copied().unwrap_or(line.len());
            judge(folder, (number, rule, cues), line, start..end, &mut evidence);
        }
    }
    evidence
}

fn sorted(mut evidence: Evidence) -> Evidence {
    evidence.candidates.sort_by_key(|c| (c.rule, c.take.start, c.take.end));
    evidence.parts.sort_by_key(|p| (p.rule, p.start, p.groups));
    evidence
}

/// A small pack with every gate, so that the oracle is fast enough for many lines.
const PACK: &str = r#"
name = "t"
[[rule]]
id = "related/a"
at = "sentence"
any = ["also read", "read", "read more", "más"]
separator = true
headline = true
take = "rest"
max_words = 6
[[rule]]
id = "newsletter/b"
at = "clause"
all = [["sign up", "get"], ["news*", "*letter"], ["our", "your"]]
none = ["said"]
lines = 3
[[rule]]
id = "share/c"
at = "bar"
any = ["share", "share this", "read", "tweet"]
count = true
[[rule]]
id = "nav/d"
at = "line"
any = ["read more", "更多", "[edit]"]
count = true
to_end = true
[[rule]]
id = "promo/e"
at = "end"
any = ["more", "more »"]
[[rule]]
id = "legal/f"
at = "inside"
all = [["we"], ["news"]]
take = "line"
max_words = 9
[[rule]]
id = "other/g"
at = "start"
any = ["get", "more"]
capitals = true
[[rule]]
id = "other/h"
at = "line"
any = ["<n>", "<n> of <n>", "12 of"]
[[rule]]
id = "other/i"
at = "inside"
take = "cue"
any = ["[edit]", "read <n>", "read <n>. more"]
"#;

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "also read",
        "Also Read",
        "read",
        "READ",
        "more",
        "MORE",
        "Read more",
        "más",
        "MÁS",
        "mas",
        "sign up",
        "Sign up",
        "get",
        "GET",
        "news",
        "newspaper",
        "letter",
        "Newsletter",
        "our",
        "your",
        "said",
        "share",
        "Share this",
        "tweet",
        "12",
        "3",
        "٤",
        "of",
        "/",
        "1,000",
        "更多",
        "登録は",
        "न्",
        "｜",
        "؛",
        "[edit]",
        "we",
        "We",
        "»",
        ":",
        "-",
        "–",
        "|",
        "•",
        ".",
        ". ",
        "!",
        "?",
        "…",
        ",",
        ", ",
        "\"",
        "“",
        "”",
        "«",
        "„",
        "(",
        ")",
        " ",
        "  ",
        "Xy",
        "é",
        "e\u{301}",
        "ﬁ",
        "İ",
        "ẞ",
        "。",
        "Mr. ",
        "a.b",
    ]);
    let space = prop::sample::select(vec!["", " ", " ", " "]);
    prop::collection::vec((word, space), 0..24)
        .prop_map(|words| words.into_iter().map(|(word, space)| format!("{word}{space}")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn evidence_is_what_the_oracle_says(line in words()) {
        static COMPILED: LazyLock<(RulePack, Finder, Scout)> = LazyLock::new(|| {
            let pack = RulePack::from_toml(PACK).unwrap();
            let set = &pack.general;
            let (finder, scout) = compile(set.table.clone(), &set.keys, &set.rules);
            (pack, finder, scout)
        });
        let (pack, finder, scout) = &*COMPILED;
        let rules = &pack.general.rules;
        let known = Known { rules, finder, scout };
        let mut scratch = scratch(rules.len());
        let line = line.trim();
        check_spots(line, known, &mut scratch);
        let fast = gather(line, known, &mut scratch);
        let slow = naive_gather(Folder::get(), line, rules.iter().zip(pack.rules()));
        prop_assert_eq!(sorted(fast), sorted(slow));
    }
}

/// The built-in rules on their own hits and misses, line by line.
#[test]
fn evidence_of_the_builtin_rules_is_what_the_oracle_says() {
    let (rules, packs) = (builtin::RULES, RulePack::builtin());
    let infos: Vec<&RuleInfo> = packs.iter().flat_map(|pack| pack.rules()).collect();
    let (finder, scout) = compile(Arc::new(builtin_cues::CUES.clone()), &builtin_cues::KEYS, rules);
    let known = Known { rules, finder: &finder, scout: &scout };
    let mut scratch = scratch(rules.len());
    let examples = infos.iter().flat_map(|info| info.hits.iter().chain(&info.misses));
    for line in examples.clone().flat_map(|text| text.lines()) {
        check_spots(line.trim(), known, &mut scratch);
    }
    // The more rules the fewer lines, or the oracle takes minutes.
    const WORK: usize = 80_000;
    let lines: Vec<&str> = examples.flat_map(|text| text.lines()).collect();
    for line in lines.iter().step_by((lines.len() * rules.len()).div_ceil(WORK)) {
        let fast = gather(line.trim(), known, &mut scratch);
        let slow =
            naive_gather(Folder::get(), line.trim(), rules.iter().zip(infos.iter().copied()));
        assert_eq!(sorted(fast), sorted(slow), "{line:?}");
    }
}

/// A text is read in pieces, and a cue may stand where one ends.
#[test]
fn spots_are_found_in_long_lines() {
    let rules = builtin::RULES;
    let (finder, scout) = compile(Arc::new(builtin_cues::CUES.clone()), &builtin_cues::KEYS, rules);
    let known = Known { rules, finder: &finder, scout: &scout };
    let mut scratch = scratch(rules.len());
    for filler in ["x", "ж", "橋"] {
        for length in (940..1040).chain(1970..2040) {
            let line = format!("{}. Subscribe to our newsletter!", filler.repeat(length));
            assert_ne!(gather(&line, known, &mut scratch), Evidence::default());
            check_spots(&line, known, &mut scratch);
        }
    }
}

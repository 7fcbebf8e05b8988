//! What the cues of one line alone speak for: the rules whose cues stand where they must.

use std::ops::Range;

use super::lists::Lists;
use super::sentences::{core, is_decoration, may_part, quotations, sentence_starts};
use super::shape::{count_words, count_words_up_to, is_statement};
use crate::cues::{
    Among, Finder, Hit, Scout, Spot, Use, VETO, glues, is_alphanumeric, is_inside_word,
};
use crate::rules::{At, Rule, Take};

/// A rule that fires on a line if the lines around it agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) rule: usize,
    /// What goes, in bytes of the line's text.
    pub(crate) take: Range<usize>,
    /// It is all heading: nothing follows the anchor on its line that could be the thing itself.
    pub(crate) heading: bool,
    /// Groups of the rule, as far as cues that do not overlap speak for them.
    pub(crate) groups: u8,
}

/// A rule for which a line has some groups of cues, but not all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) rule: usize,
    /// One bit per group; bit 0 is the anchor.
    pub(crate) groups: u8,
    /// Where the sentence with the first of them begins, in bytes of the line's text.
    pub(crate) start: usize,
}

/// What the cues of one line speak for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) parts: Vec<Part>,
}

impl Evidence {
    pub(crate) fn is_empty(&self) -> bool {
        self.candidates.is_empty() && self.parts.is_empty()
    }

    /// The rules that it has parts of.
    pub(crate) fn spread(&self) -> Vec<usize> {
        let mut rules: Vec<usize> = self.parts.iter().map(|part| part.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// Which groups of a rule stand in one scope: a sentence, or the line.
struct Tally {
    rule: usize,
    scope: usize,
    groups: u8,
    anchor: Option<Hit>,
    vetoed: bool,
    /// How many cues there are that do not overlap, and where the last of them ends.
    cues: u8,
    end: usize,
}

/// What a line, or the spots of a text, need for a while, kept for the next one and the next text.
pub(crate) struct Scratch {
    spots: Vec<Spot>,
    hits: Vec<Hit>,
    /// The hits after one of them.
    next: Vec<Hit>,
    /// Rules that need more than a line's key cues.
    others: Vec<usize>,
    /// The groups of each rule that stand anywhere in the line.
    groups: Vec<u8>,
    touched: Vec<u32>,
    lists: Lists,
    tallies: Vec<Tally>,
    /// Each rule's latest tally.
    latest: Vec<u32>,
}

/// Colons, bars, arrows and what stands for them, in both directions of writing.
pub(super) const SEPARATORS: [char; 21] = [
    ':', '：', '…', '|', '｜', '>', '＞', '／', '】', '＝', '»', '›', '→', '«', '‹', '←', '►', '▶',
    '➡', '👉', '।',
];

const NONE: u32 = u32::MAX;

/// A part counts in a line of at most so many bytes, and so near to the end of a longer one if it
/// has the anchor: a longer line is prose, which a prompt does not run through.
const PART_BYTES: usize = 300;

/// Most words that go where one cue is of all groups of a rule: in a longer sentence an author may
/// have put it.
const FEW_WORDS: u32 = 4;

/// Most bytes of a bar of buttons.
const LONGEST_BAR: usize = 400;

/// The bit of `Scratch::groups` for an anchor so near to the end. No rule has so many groups.
const LATE: u8 = 0x80;

impl Scratch {
    pub(crate) const fn new() -> Scratch {
        Scratch {
            spots: Vec::new(),
            hits: Vec::new(),
            next: Vec::new(),
            others: Vec::new(),
            groups: Vec::new(),
            touched: Vec::new(),
            lists: Lists::new(),
            tallies: Vec::new(),
            latest: Vec::new(),
        }
    }

    /// An empty list of spots, which is to be given back.
    pub(crate) fn take_spots(&mut self) -> Vec<Spot> {
        self.spots.clear();
        std::mem::take(&mut self.spots)
    }

    pub(crate) fn give_back(&mut self, spots: Vec<Spot>) {
        self.spots = spots;
    }

    /// Makes it ready for a text, whatever was left in it.
    pub(crate) fn reset(&mut self, rules: usize) {
        self.forget_groups();
        let Scratch { groups, tallies, latest, .. } = self;
        tallies.drain(..).for_each(|tally| latest[tally.rule] = NONE);
        groups.resize(rules, 0);
        latest.resize(rules, NONE);
    }

    /// Counts the groups of all rules that stand in a line.
    fn count_groups(&mut self, line: &str, Known { finder, .. }: Known<'_>) {
        let Scratch { hits, groups, touched, lists, .. } = self;
        lists.begin(hits.len());
        for hit in hits.iter() {
            let is_late = is_late(*hit, line);
            if !lists.is_new(hit.list() << 1 | u64::from(is_late)) {
                continue;
            }
            let late = if is_late { LATE } else { 0 };
            // The vetoes are the last, and `he` and `said` have hundreds.
            for used in finder.uses(*hit).take_while(|used| used.group != VETO) {
                let groups = &mut groups[used.rule as usize];
                if *groups == 0 {
                    touched.push(used.rule);
                }
                *groups |= 1 << used.group | if used.group == 0 { late } else { 0 };
            }
        }
    }

    fn forget_groups(&mut self) {
        let Scratch { groups, touched, .. } = self;
        touched.drain(..).for_each(|rule| groups[rule as usize] = 0);
    }
}

/// Whether an anchor is near enough to the end of its line to be one of a part.
fn is_late(hit: Hit, line: &str) -> bool {
    hit.start + PART_BYTES >= line.len()
}

/// What a look at the spots of a line gave.
#[derive(Clone, Default)]
pub(crate) struct Look {
    pub(crate) evidence: Evidence,
    /// The rules whose groups may be spread over lines, and whose key the line has.
    pub(crate) spread: Vec<usize>,
}

impl Look {
    /// That of a line of which all cues were found.
    pub(crate) fn all(evidence: Evidence) -> Look {
        Look { spread: evidence.spread(), evidence }
    }
}

/// What is constant while a text is weighed.
#[derive(Clone, Copy)]
pub(crate) struct Known<'r> {
    pub(crate) rules: &'r [Rule],
    pub(crate) finder: &'r Finder,
    pub(crate) scout: &'r Scout,
}

/// Gathers the evidence in a line's text.
pub(crate) fn gather(line: &str, known: Known<'_>, scratch: &mut Scratch) -> Evidence {
    known.finder.find(line, &mut scratch.hits);
    scratch.count_groups(line, known);
    weigh_hits(line, known, scratch, true)
}

/// Gathers the evidence that spots lead to in a line's text, which begins at a byte, if they lead
/// to any.
pub(crate) fn look(
    line: &str,
    start: usize,
    spots: &[Spot],
    known: Known<'_>,
    scratch: &mut Scratch,
) -> Option<Look> {
    let Known { rules, finder, scout } = known;
    let all = finder.find_at(line, start, spots, &mut scratch.hits);
    if all {
        return Some(Look::all(gather(line, known, scratch)));
    }
    // The rules that need nothing else, those that do, and those that may be spread over lines.
    let (mut alone, mut spread) = (false, Vec::new());
    let Scratch { hits, next, others, .. } = scratch;
    others.clear();
    let mut glance = Glance::new(line);
    for &hit in hits.iter() {
        for used in finder.uses(hit).take_while(|used| used.group != VETO) {
            let number = used.rule as usize;
            let rule = &rules[number];
            if !scout.is_key(number, used.group) || used.group == 0 && !glance.may_anchor(rule, hit)
            {
                continue;
            }
            if rule.at == At::Bar && used.group == 0 && !scout.has_tails(number) {
                // Another button must follow.
                finder.find_lead(line, hit.end, next);
                let follows = |used: Use| used.rule as usize == number && used.group == 0;
                if !next.iter().any(|&hit| finder.uses(hit).any(follows)) {
                    continue;
                }
            }
            let needs_others = rule.groups > 1 || rule.at == At::Bar || scout.is_vetoed(number);
            if needs_others && glance.may_take(rule) && !others.contains(&number) {
                others.push(number);
            }
            alone |= !needs_others;
            // What is no part here can be none of several lines.
            let part = used.group != 0 || is_late(hit, line);
            if rule.lines > 1 && part && !spread.contains(&number) {
                spread.push(number);
            }
        }
    }
    if !alone && others.is_empty() && spread.is_empty() {
        return None;
    }
    if !others.is_empty() {
        let mut among = Among::NONE;
        others.iter().for_each(|&rule| scout.look_for_groups(rule, &mut among));
        finder.append_among(line, 0, &among, hits);
    }
    scratch.count_groups(line, known);
    let Scratch { hits, others, groups, .. } = scratch;
    // Few have all of their groups, and the vetoes of those are many.
    others.retain(|&rule| groups[rule] & !LATE == rules[rule].all_groups());
    if !alone && others.is_empty() && spread.is_empty() {
        scratch.forget_groups();
        return None;
    }
    if others.iter().any(|&rule| scout.is_vetoed(rule)) {
        let mut among = Among::NONE;
        others.iter().for_each(|&rule| scout.look_for_vetoes(rule, &mut among));
        finder.append_among(line, 0, &among, hits);
    }
    let evidence = weigh_hits(line, known, scratch, false);
    Some(Look { evidence, spread })
}

/// The same of a line that is not as it was in its text.
pub(crate) fn look_anew(line: &str, known: Known<'_>, scratch: &mut Scratch) -> Option<Look> {
    let mut spots = scratch.take_spots();
    known.finder.scout(line, known.scout, &mut spots);
    let look = look(line, 0, &spots, known, scratch);
    scratch.give_back(spots);
    look
}

/// Gathers the parts in a line's text of some rules whose groups may be spread over lines.
pub(crate) fn gather_parts(
    line: &str,
    rules: &[usize],
    known: Known<'_>,
    scratch: &mut Scratch,
) -> Vec<Part> {
    let mut among = Among::NONE;
    for &rule in rules {
        known.scout.look_for_groups(rule, &mut among);
        known.scout.look_for_vetoes(rule, &mut among);
    }
    let Known { finder, .. } = known;
    let hits = &mut scratch.hits;
    hits.clear();
    if line.len() > PART_BYTES {
        let late = (0..line.len() - PART_BYTES + 1).rev().find(|&at| line.is_char_boundary(at));
        finder.append_among(line, late.unwrap_or(0), &among, hits);
        let anchors = |used: Use| used.group == 0 && rules.contains(&(used.rule as usize));
        if !hits.iter().any(|&hit| finder.uses(hit).any(anchors)) {
            return Vec::new();
        }
        hits.clear();
    }
    finder.append_among(line, 0, &among, hits);
    scratch.count_groups(line, known);
    let mut parts = weigh_hits(line, known, scratch, true).parts;
    parts.retain(|part| rules.contains(&part.rule));
    parts
}

/// What a quick look at hits needs to know of their line.
struct Glance<'l> {
    line: &'l str,
    /// Where its first letter begins and its last one ends.
    first: usize,
    last: usize,
    /// Its words, once they have been counted.
    words: Option<u32>,
}

impl<'l> Glance<'l> {
    fn new(line: &'l str) -> Glance<'l> {
        let letter = |c: char| is_alphanumeric(c) && c.is_alphabetic();
        let first = line.find(letter).unwrap_or(line.len());
        let last = line.trim_end_matches(|c| !letter(c)).len();
        Glance { line, first, last, words: None }
    }

    /// Whether a hit may stand where a rule wants its anchor; it lets more pass than
    /// [`Facts::anchors`].
    fn may_anchor(&mut self, rule: &Rule, hit: Hit) -> bool {
        let line = self.line;
        let (before, after) = (&line[..hit.start], &line[hit.end..]);
        let (leads, ends) = (hit.start <= self.first, hit.end >= self.last);
        let stands = match rule.at {
            At::Line => leads && ends,
            At::Start => leads,
            At::Bar => leads && line.len() <= LONGEST_BAR,
            At::Sentence => may_begin_sentence(before),
            At::Clause => may_begin_sentence(before) || begins_clause(before),
            At::End => ends,
            At::Inside => true,
        };
        stands
            && (!rule.separator || separated(after))
            && (!rule.capitals || in_capitals(&line[hit.start..hit.end]))
            && !far(rule, line.len() - hit.start)
            && self.may_take(rule)
    }

    /// Whether a rule may take the line, if that is what it takes.
    fn may_take(&mut self, rule: &Rule) -> bool {
        rule.take != Take::Line || self.words() <= rule.max_words.into()
    }

    fn words(&mut self) -> u32 {
        *self.words.get_or_insert_with(|| count_words(self.line))
    }
}

/// Whether a hit stands at neither end of a part of its line.
fn is_inside(hit: Hit, part: &Range<usize>) -> bool {
    hit.start > part.start && hit.end < part.end
}

/// Whether an anchor that is wanted there stands at an end of its line.
fn wants_edge(at: At) -> bool {
    matches!(at, At::Line | At::Start | At::End)
}

/// Whether so many bytes follow from an anchor on that its rule could not take the rest of the
/// line.
fn far(rule: &Rule, bytes: usize) -> bool {
    /// More bytes than this in each of a rule's words, and they are not words.
    const BYTES_PER_WORD: usize = 24;
    rule.take == Take::Rest && bytes > BYTES_PER_WORD * usize::from(rule.max_words)
}

/// Whether a clause begins after a part of a line.
fn begins_clause(before: &str) -> bool {
    before.trim_end().ends_with([',', ';', ':', '–', '—', '-', '(', '،', '؛', '、', '，', '：'])
}

/// Whether a part of a line begins with a colon, a bar, an arrow, a dash, or is nothing.
fn separated(rest: &str) -> bool {
    let next = rest.trim_start();
    let spaced = next.len() < rest.len();
    let mut chars = next.chars();
    match chars.next() {
        None => true,
        Some(c) if SEPARATORS.contains(&c) => true,
        // Not the hyphen of `Kategorie- und Rahmenformat`, nor the option of `See also --dry-run`.
        Some('-') => {
            let after = chars.as_str().trim_start_matches('-');
            !after.starts_with(char::is_alphanumeric)
                && (spaced || !after.starts_with(char::is_whitespace))
        }
        Some('–' | '—') => spaced || !chars.as_str().starts_with(char::is_alphanumeric),
        _ => false,
    }
}

/// Whether a sentence may begin after a part of a line.
fn may_begin_sentence(before: &str) -> bool {
    /// As many signs as are looked at: after more anything may begin.
    const MOST_SIGNS: usize = 32;
    let signs = before.chars().rev().take(MOST_SIGNS).take_while(|c| !is_inside_word(*c));
    let between = &before[before.len() - signs.map(char::len_utf8).sum::<usize>()..];
    between.is_empty()
        || between.len() == before.len()
        || between.len() >= MOST_SIGNS
        || between.bytes().any(may_part)
}

/// Weighs the hits in a line, of which the groups have been counted; with what is to be spread over
/// lines if they are all.
fn weigh_hits(line: &str, known: Known<'_>, scratch: &mut Scratch, all: bool) -> Evidence {
    let Known { rules, finder, .. } = known;
    let Scratch { hits, groups, touched, lists, tallies, latest, .. } = scratch;
    // Most lines have some cue, and few have all that a rule wants: only those are looked at
    // closely.
    touched.retain(|&rule| {
        let rule = rule as usize;
        let part = groups[rule] & LATE != 0 || line.len() <= PART_BYTES;
        let whole = groups[rule] & !LATE == rules[rule].all_groups();
        let possible = whole || all && part && rules[rule].lines > 1;
        if !possible {
            groups[rule] = 0;
        }
        possible
    });
    if touched.is_empty() {
        return Evidence::default();
    }
    let facts = Facts::of(line);
    lists.begin(hits.len());
    for &hit in hits.iter() {
        let inner = [&facts.core, &facts.uncounted].map(|core| is_inside(hit, core));
        let possible = |used: &Use| {
            let rule = &rules[used.rule as usize];
            let may_anchor =
                used.group != 0 || !inner[usize::from(rule.count)] || !wants_edge(rule.at);
            may_anchor && groups[used.rule as usize] != 0
        };
        let list = hit.list() << 2 | u64::from(inner[0]) << 1 | u64::from(inner[1]);
        let uses = lists.uses(list, || finder.uses(hit).filter(possible));
        if uses.is_empty() {
            continue;
        }
        let sentence = facts.sentence(hit.start);
        let mut stand = Stand::default();
        for &used in uses {
            let number = used.rule as usize;
            let rule = &rules[number];
            if used.group == 0 && !facts.anchors(rule, hit, sentence, &mut stand) {
                continue;
            }
            let scope = match rule.take {
                Take::Sentence => sentence,
                Take::Cue => hit.start,
                Take::Line | Take::Rest => 0,
            };
            if latest[number] == NONE || tallies[latest[number] as usize].scope != scope {
                latest[number] = tallies.len() as u32;
                tallies.push(Tally {
                    rule: number,
                    scope,
                    groups: 0,
                    anchor: None,
                    vetoed: false,
                    cues: 0,
                    end: 0,
                });
            }
            let tally = &mut tallies[latest[number] as usize];
            match used.group {
                VETO => tally.vetoed = true,
                group => {
                    tally.groups |= 1 << group;
                    let apart = hit.start >= tally.end;
                    tally.cues = tally.cues.saturating_add(u8::from(apart));
                    tally.end = if apart { hit.end } else { tally.end.min(hit.end) };
                }
            }
            let longer = rule.take == Take::Cue;
            if used.group == 0
                && (tally.anchor.is_none() || longer || facts.far(rule, tally.anchor))
            {
                tally.anchor = Some(hit);
            }
        }
    }
    let mut evidence = Evidence::default();
    for tally in tallies.drain(..) {
        latest[tally.rule] = NONE;
        let rule = &rules[tally.rule];
        let bar = || rule.at != At::Bar || facts.is_bar(tally.rule, rule, finder, hits);
        if !tally.vetoed && bar() {
            facts.judge(&tally, rule, all, &mut evidence);
        }
    }
    scratch.forget_groups();
    evidence
}

/// Whether a text is written in capitals; not one of a script that has none.
fn in_capitals(text: &str) -> bool {
    text.contains(char::is_uppercase) && !text.contains(char::is_lowercase)
}

/// Whether what follows an anchor does not end like a statement, nor, after an anchor in
/// capitals, begin in lower case.
fn may_be_headline(rest: &str, rule: &Rule) -> bool {
    let first = rest.chars().find(|c| c.is_alphanumeric());
    !(is_statement(rest) || rule.capitals && first.is_some_and(|c| !c.is_uppercase()))
}

/// What was asked of a hit, whatever the rule.
#[derive(Default)]
struct Stand {
    begins_sentence: Option<bool>,
    separated: Option<bool>,
}

/// What is known of a line once some cue was found in it.
struct Facts<'l> {
    line: &'l str,
    sentences: Vec<usize>,
    quotations: Vec<Range<usize>>,
    core: Range<usize>,
    uncounted: Range<usize>,
}

impl<'l> Facts<'l> {
    fn of(line: &'l str) -> Facts<'l> {
        Facts {
            line,
            sentences: sentence_starts(line),
            quotations: quotations(line),
            core: core(line, false),
            uncounted: core(line, true),
        }
    }

    /// The number of the sentence that holds a byte.
    fn sentence(&self, at: usize) -> usize {
        self.sentences.partition_point(|&start| start <= at) - 1
    }

    fn sentence_span(&self, sentence: usize) -> Range<usize> {
        let end = self.sentences.get(sentence + 1).copied().unwrap_or(self.line.len());
        self.sentences[sentence]..end
    }

    /// Whether a hit stands where the rule wants its anchor.
    fn anchors(&self, rule: &Rule, hit: Hit, sentence: usize, stand: &mut Stand) -> bool {
        let core = if rule.count { &self.uncounted } else { &self.core };
        let mut begins_sentence = || {
            let begins = || self.begins_sentence(hit.start, sentence);
            *stand.begins_sentence.get_or_insert_with(begins)
        };
        let stands = match rule.at {
            At::Line => hit.start <= core.start && hit.end >= core.end,
            At::Start => hit.start <= core.start,
            At::Sentence => begins_sentence(),
            At::Clause => begins_sentence() || begins_clause(&self.line[..hit.start]),
            At::Inside | At::Bar => true,
            At::End => hit.end >= core.end,
        };
        let separated = || separated(&self.line[hit.end..]);
        stands
            && (rule.at == At::Line || !self.quoted(hit.start))
            && (!rule.separator || *stand.separated.get_or_insert_with(separated))
            && (!rule.capitals || in_capitals(&self.line[hit.start..hit.end]))
    }

    fn begins_sentence(&self, at: usize, sentence: usize) -> bool {
        let start = self.sentences[sentence];
        let lead = &self.line[start..at];
        lead.chars().all(|c| !is_inside_word(c) && !matches!(c, '"' | '“' | '„'))
            || self.line[..at].ends_with(glues)
    }

    /// Whether the line is made of a rule's anchors, two or more of them.
    fn is_bar(&self, number: usize, rule: &Rule, finder: &Finder, hits: &[Hit]) -> bool {
        if self.line.len() > LONGEST_BAR {
            return false;
        }
        let anchor = |hit: &&Hit| {
            finder.uses(**hit).any(|used| used.rule as usize == number && used.group == 0)
        };
        let bare = |part: &str| {
            !part.contains(|c: char| c.is_alphabetic() || c.is_numeric() && !rule.count)
        };
        let mut end = 0;
        let mut buttons: Vec<&Hit> = Vec::new();
        for hits in hits.chunk_by(|a, b| a.start == b.start) {
            // Most lines are no bars, and most of these say so before their first cue.
            let start = hits[0].start;
            if start >= end && !bare(&self.line[end..start]) {
                return false;
            }
            // The longest of them is the button.
            let Some(hit) = hits.iter().rfind(anchor) else { continue };
            if start >= end {
                buttons.push(hit);
            }
            end = end.max(hit.end);
        }
        // `X … X` is a drawing, not a bar.
        buttons.iter().any(|hit| !hit.same_cue(buttons[0])) && bare(&self.line[end..])
    }

    fn quoted(&self, at: usize) -> bool {
        let next = self.quotations.partition_point(|quotation| quotation.end <= at);
        self.quotations.get(next).is_some_and(|quotation| quotation.start < at)
    }

    /// Whether so much follows the anchor that the rule could not take the rest of the line.
    fn far(&self, rule: &Rule, anchor: Option<Hit>) -> bool {
        anchor.is_some_and(|hit| far(rule, self.line.len() - hit.start))
    }

    fn judge(&self, tally: &Tally, rule: &Rule, parts: bool, evidence: &mut Evidence) {
        let start = match rule.take {
            Take::Sentence => self.sentences[tally.scope],
            _ => 0,
        };
        let (Some(anchor), true) = (tally.anchor, tally.groups == rule.all_groups()) else {
            let late = tally.anchor.is_some_and(|hit| hit.start + PART_BYTES >= self.line.len());
            let near = late || self.line.len() <= PART_BYTES;
            if parts && rule.lines > 1 && tally.groups != 0 && near {
                let part = Part { rule: tally.rule, groups: tally.groups, start };
                evidence.parts.push(part);
            }
            return;
        };
        let glued = self.line[..anchor.start].ends_with(glues);
        let take = match rule.take {
            Take::Line => 0..self.line.len(),
            Take::Rest => anchor.start..self.line.len(),
            Take::Cue => anchor.start..anchor.end,
            Take::Sentence => {
                let sentence = self.sentence_span(tally.scope);
                if glued { anchor.start..sentence.end } else { sentence }
            }
        };
        let most = match rule.groups > 1 && tally.cues < 2 {
            true => FEW_WORDS.min(rule.max_words.into()),
            false => rule.max_words.into(),
        };
        if self.far(rule, Some(anchor))
            || count_words_up_to(&self.line[take.clone()], most + 1) > most
        {
            return;
        }
        // `… for review and\ncomments.` heads no thread.
        if rule.to_end && is_statement(self.line) {
            return;
        }
        let alone = !self.line[anchor.end..].contains(char::is_alphanumeric);
        if rule.headline && !alone && !may_be_headline(&self.line[anchor.end..take.end], rule) {
            return;
        }
        let heading = alone || rule.take == Take::Line && !rule.separator;
        let take = if rule.take == Take::Cue { self.close(take) } else { self.widen(take) };
        let groups = rule.groups.min(tally.cues);
        evidence.candidates.push(Candidate { rule: tally.rule, take, heading, groups });
    }

    /// What is between two spaces takes the one before it along.
    fn close(&self, take: Range<usize>) -> Range<usize> {
        let ends_word = self.line[take.end..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let before = if ends_word { self.line[..take.start].trim_end().len() } else { take.start };
        before..take.end
    }

    /// Bullets and arrows around what goes are of no use without it.
    fn widen(&self, take: Range<usize>) -> Range<usize> {
        let before = &self.line[..take.start];
        let start = match before.ends_with(glues) {
            true => take.start,
            false => before.trim_end_matches(is_decoration).len(),
        };
        let all = start == 0 && take.end >= self.core.end;
        if all { 0..self.line.len() } else { start..take.end }
    }
}

/// Scripts without spaces or case, and those written from right to left.
#[cfg(feature = "toml")]
#[test]
fn gates_hold_in_other_scripts() {
    let pack = crate::RulePack::from_toml(
        r#"
        name = "t"
        [[rule]]
        id = "other/sentence"
        at = "sentence"
        any = ["詳細はあちら"]
        hits = ["橋は閉じた。[[詳細はあちら]]", "詳細はあちら"]
        misses = ["橋の詳細はあちら"]
        [[rule]]
        id = "other/separator"
        any = ["つづきの話", "خبر الجسر"]
        separator = true
        hits = ["つづきの話｜古い橋", "つづきの話】古い橋", "خبر الجسر ← عنوان"]
        misses = ["つづきの話は古い", "خبر الجسر القديم"]
        [[rule]]
        id = "other/capitals"
        any = ["bridge tale", "橋の話題"]
        capitals = true
        hits = ["BRIDGE TALE of old"]
        misses = ["Bridge tale of old", "橋の話題"]
        [[rule]]
        id = "other/clause"
        at = "clause"
        any = ["اعبر الجسر"]
        hits = ["القديم؛ اعبر الجسر"]
        misses = ["القديم اعبر الجسر"]
        "#,
    );
    let failures = pack.unwrap().check().unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

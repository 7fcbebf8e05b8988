//! The key of each rule: the group of cues without which it is not worth a look.

use std::borrow::Cow;

use super::OFF;
use super::among::Among;
use super::sieve::Sieve;
#[cfg(feature = "toml")]
use super::table::VETO;
use crate::category::Category;
use crate::rules::Rule;

#[cfg(feature = "toml")]
use super::{
    fold::Folder,
    fold::is_spaced,
    grow::Pattern,
    letters::{LONGEST_LINE, ends_line},
    sieve::{DIGIT, Openings},
    table::NUMBER,
};
#[cfg(feature = "toml")]
use crate::rules::{At, RuleInfo};

/// The keys of some packs' rules, and what their cues begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    /// The group that is each rule's key, [`VETOED`] and [`TAILS`].
    pub(crate) rules: Cow<'static, [u8]>,
    /// What the cues of each rule begin with, rule by rule: hashes for [`Among`].
    pub(crate) openings: Cow<'static, [u16]>,
    /// Where among these, of each rule, those of its groups end, and those of its vetoes.
    pub(crate) ends: Cow<'static, [u32]>,
    /// Of the rules whose categories are removed by default.
    pub(crate) usual: Sieve,
    /// Of the others.
    pub(crate) optional: Sieve,
}

/// In a rule's key: it has cues that keep it from firing.
const VETOED: u8 = 0x80;
/// The same: cues of the group may begin inside a word.
const TAILS: u8 = 0x40;

/// The keys of a cleaner's rules.
#[derive(Debug)]
pub(crate) struct Scout {
    pub(super) sieve: Sieve,
    /// Of the rules of a site: a sieve of its own costs a look at the text, but putting it into the
    /// other would cost a copy of that for each site.
    pub(super) of_site: Option<Sieve>,
    keys: Vec<u8>,
    /// What the cues of each rule begin with: the pack, and where among its hashes those of groups
    /// begin, those of vetoes, and those of the next rule.
    openings: Vec<(usize, [u32; 3])>,
    packs: Vec<Cow<'static, [u16]>>,
    /// The most lines that a rule's groups may be spread over.
    pub(crate) most_lines: u8,
}

/// The keys of a pack on their way into a cleaner.
pub(crate) struct PackKeys<'k> {
    pub(crate) keys: &'k Keys,
    /// What the rules are numbered as in the cleaner, or [`OFF`].
    pub(crate) numbers: &'k [u32],
    /// They are of rules of a site.
    pub(crate) of_site: bool,
}

impl Scout {
    /// The keys of some packs' rules.
    pub(crate) fn new<'k>(packs: impl Iterator<Item = PackKeys<'k>>, rules: &[Rule]) -> Scout {
        let (mut general, mut site): (Option<Sieve>, Option<Sieve>) = (None, None);
        let mut keys = vec![0; rules.len()];
        let mut openings = vec![(0, [0; 3]); rules.len()];
        let mut hashes = Vec::new();
        for PackKeys { keys: pack, numbers, of_site } in packs {
            let sieve = if of_site { &mut site } else { &mut general };
            let on = numbers.iter().enumerate().filter(|(_, number)| **number != OFF);
            let (mut usual, mut optional) = (false, false);
            for (place, &number) in on {
                keys[number as usize] = pack.rules[place];
                let start = (2 * place).checked_sub(1).map_or(0, |before| pack.ends[before]);
                let ends = [start, pack.ends[2 * place], pack.ends[2 * place + 1]];
                openings[number as usize] = (hashes.len(), ends);
                match Category::removed_by_default(rules[number as usize].category) {
                    true => usual = true,
                    false => optional = true,
                }
            }
            hashes.push(pack.openings.clone());
            for part in [(usual, &pack.usual), (optional, &pack.optional)] {
                match (part, &mut *sieve) {
                    ((true, part), Some(sieve)) => sieve.extend(part),
                    ((true, part), none) => *none = Some(part.clone()),
                    _ => {}
                }
            }
        }
        let most_lines = rules.iter().map(|rule| rule.lines).max().unwrap_or(1);
        let sieve = general.unwrap_or(Sieve::NONE);
        Scout { sieve, of_site: site, keys, openings, packs: hashes, most_lines }
    }

    /// Adds the cues of a rule's groups to those that are looked for.
    pub(crate) fn look_for_groups(&self, rule: usize, among: &mut Among) {
        let (pack, [groups, vetoes, _]) = self.openings[rule];
        self.packs[pack][groups as usize..vetoes as usize].iter().for_each(|&h| among.insert(h));
    }

    /// Adds the cues that keep a rule from firing.
    pub(crate) fn look_for_vetoes(&self, rule: usize, among: &mut Among) {
        let (pack, [_, vetoes, end]) = self.openings[rule];
        self.packs[pack][vetoes as usize..end as usize].iter().for_each(|&h| among.insert(h));
    }

    /// Whether a group is the key of a rule.
    #[inline]
    pub(crate) fn is_key(&self, rule: usize, group: u8) -> bool {
        self.keys[rule] & !(VETOED | TAILS) == group
    }

    /// Whether cues of a rule's key may begin inside a word.
    pub(crate) fn has_tails(&self, rule: usize) -> bool {
        self.keys[rule] & TAILS != 0
    }

    /// Whether there are cues that keep a rule from firing.
    pub(crate) fn is_vetoed(&self, rule: usize) -> bool {
        self.keys[rule] & VETOED != 0
    }
}

#[cfg(feature = "toml")]
impl Keys {
    /// The keys of some rules.
    pub(crate) fn of<'r>(rules: impl Iterator<Item = (&'r Rule, &'r RuleInfo)>) -> Keys {
        let (mut keys, mut openings, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let (mut usual, mut optional) = (Sieve::NONE, Sieve::NONE);
        for (rule, info) in rules {
            let key = key_group(rule, info);
            let vetoed = info.cues_by_group().any(|(_, group)| group == VETO);
            let mut tails = false;
            let usually = rule.category.removed_by_default();
            let sieve = if usually { &mut usual } else { &mut optional };
            let stand = Stand::of(rule, key);
            for (cue, _) in info.cues_by_group().filter(|(_, group)| *group == key) {
                if let Some(pattern) = Pattern::of(cue) {
                    sieve.insert(&pattern, stand);
                    tails |= pattern.tail;
                }
            }
            for vetoes in [false, true] {
                let cues = info.cues_by_group().filter(|(_, group)| (*group == VETO) == vetoes);
                let patterns = cues.filter_map(|(cue, _)| Pattern::of(cue));
                let mut hashes: Vec<u16> = patterns.map(|pattern| Among::hash(&pattern)).collect();
                hashes.sort_unstable();
                hashes.dedup();
                openings.append(&mut hashes);
                ends.push(openings.len() as u32);
            }
            let flag = |set: bool, flag: u8| if set { flag } else { 0 };
            keys.push(key | flag(vetoed, VETOED) | flag(tails, TAILS));
        }
        usual.lay_out();
        optional.lay_out();
        let (openings, ends) = (openings.into(), ends.into());
        Keys { rules: keys.into(), openings, ends, usual, optional }
    }
}

/// Where in a line the cues of a rule's key mean something.
#[cfg(feature = "toml")]
#[derive(Clone, Copy)]
enum Stand {
    IsLine,
    Leads,
    BeginsSentence,
    Anywhere,
}

#[cfg(feature = "toml")]
impl Stand {
    fn of(rule: &Rule, key: u8) -> Stand {
        match rule.at {
            At::Line if key == 0 => Stand::IsLine,
            At::Start | At::Bar if key == 0 => Stand::Leads,
            At::Sentence | At::Clause if key == 0 => Stand::BeginsSentence,
            _ => Stand::Anywhere,
        }
    }
}

/// The group of a rule whose cues are the rarest, as far as their lengths tell.
#[cfg(feature = "toml")]
fn key_group(rule: &Rule, info: &RuleInfo) -> u8 {
    /// Letters of a cue so long that none is rarer.
    const LONGEST: f64 = 12.0;
    const TAILS_COST: f64 = 16.0;
    /// Numbers and signs of ASCII stand everywhere.
    const SIGNS: f64 = 100.0;
    /// What an ideograph says, in letters.
    const IDEOGRAPH: f64 = 3.0;
    let letters = |cue: &str| {
        let value = |c: char| if is_spaced(c) { 1.0 } else { IDEOGRAPH };
        cue.chars().map(value).sum::<f64>().min(LONGEST)
    };
    // How often a cue that stands somewhere stands where the rule wants its anchor.
    let anchor = match rule.at {
        At::Line | At::Start | At::Bar => 0.01,
        At::End => 0.05,
        At::Sentence => 0.2,
        At::Clause => 0.4,
        At::Inside => 1.0,
    };
    let cost = |group: u8| {
        let cues = || info.cues[usize::from(group)].iter();
        let rate = |cue: &String| match cue.replace('*', "").replace("<n>", "") {
            signs if !signs.contains(|c: char| c.is_alphabetic() || !c.is_ascii()) => SIGNS,
            words => 0.6f64.powf(letters(&words)),
        };
        let often: f64 = cues().map(rate).sum();
        // Where a cue may begin inside a word, the ends of words are to be looked at too.
        let has_tails = cues().any(|cue| cue.starts_with('*'));
        let often = if has_tails { often * TAILS_COST } else { often };
        if group == 0 { often * anchor } else { often }
    };
    (0..rule.groups).min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap_or(0)
}

#[cfg(feature = "toml")]
impl Sieve {
    /// Lets a key cue through where it may stand.
    fn insert(&mut self, pattern: &Pattern, stand: Stand) {
        /// Letters before a number that say enough.
        const ENOUGH: usize = 4;
        let folder = Folder::get();
        let byte = |&c: &char| folder.letter(c as u32).byte;
        let insert = |openings: &mut Openings, letters: &[char]| {
            let end = letters.iter().position(|&c| c == NUMBER).unwrap_or(letters.len());
            let bytes: Vec<u8> = letters[..end].iter().map(byte).collect();
            if !bytes.is_empty() {
                openings.insert(&bytes, pattern.goes_on || end < letters.len());
            }
            !bytes.is_empty()
        };
        // What follows a number, to the first digit of the next one.
        let insert_rest = |openings: &mut Openings, letters: &[char]| {
            let end = letters.iter().position(|&c| c == NUMBER);
            let all = letters[..end.unwrap_or(letters.len())].iter().map(byte);
            let alike = all.map(|byte| if byte.is_ascii_digit() { DIGIT } else { byte });
            let bytes: Vec<u8> = alike.chain(end.map(|_| DIGIT)).collect();
            if !bytes.is_empty() {
                openings.insert(&bytes, pattern.goes_on || end.is_some());
            }
            !bytes.is_empty()
        };
        // Whether a line with the cue alone begins and ends like the cue, whatever signs and numbers
        // are around.
        let is_line = |letters: &[char]| {
            let last = letters.iter().rfind(|c| c.is_alphanumeric());
            let ends = [letters.first(), last].into_iter().flatten();
            letters.len() <= LONGEST_LINE && ends.filter(|&&c| ends_line(c)).count() == 2
        };
        let letters = &*pattern.letters;
        let first = letters[0];
        let number = letters.iter().position(|&c| c == NUMBER);
        let rest = number.map(|at| &letters[at + 1..]).unwrap_or_default();
        let held = match stand {
            Stand::Leads | Stand::IsLine if pattern.tail => {
                insert(&mut self.leading, letters) && insert(&mut self.whole, letters)
            }
            Stand::Leads | Stand::IsLine if first == NUMBER => {
                self.any_number |= !insert_rest(&mut self.leading_numbers, rest);
                true
            }
            Stand::IsLine if number.is_none() && is_line(letters) => {
                let end = letters.iter().rposition(|&c| ends_line(c)).map_or(0, |at| at + 1);
                self.lines.insert_line(&letters[..end].iter().map(byte).collect::<Vec<u8>>());
                true
            }
            Stand::Leads | Stand::IsLine => insert(&mut self.leading, letters),
            _ if pattern.tail => {
                let last: Vec<u8> = letters.iter().rev().take(8).map(byte).collect();
                self.tails.insert(&last, true);
                true
            }
            // What follows a number says more than the few letters before it.
            _ if number.is_some_and(|at| at < ENOUGH.min(rest.len())) || first == NUMBER => {
                insert_rest(&mut self.numbers, rest)
            }
            Stand::BeginsSentence => insert(&mut self.sentences, letters),
            Stand::Anywhere => insert(&mut self.anywhere, letters),
        };
        self.every_line |= !held;
    }
}

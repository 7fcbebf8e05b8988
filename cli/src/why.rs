//! Why a rule took what it took, in words: the cues that stand there and the gates they passed.
//!
//! The cleaner says which rule took what, not what it went by: it would have to keep that for all
//! texts, and few people ask. So the reason is found anew, in what went and in what lies around.

use std::cell::{LazyCell, OnceCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use unfurnish::{CueFinder, Removal, RuleInfo, RulePack, is_prose};

use crate::tally::{Count, Number};

/// The rule packs that may be in use.
pub(crate) struct Packs {
    own: Vec<RulePack>,
    builtin: LazyCell<Vec<RulePack>>,
}

impl Packs {
    pub(crate) fn new(own: Vec<RulePack>) -> Packs {
        Packs { own, builtin: LazyCell::new(RulePack::builtin) }
    }

    /// What there is to know of a rule. A pack takes the place of an earlier one of its name.
    pub(crate) fn why(&self, id: &str) -> Option<Why> {
        let find = |pack: &RulePack| {
            let number = pack.rules().iter().position(|rule| rule.id == id)?;
            let finder = pack.cue_finder(number).ok()?;
            Some(Why { rule: pack.rules()[number].clone(), finder })
        };
        self.own.iter().rev().find_map(find).or_else(|| self.builtin.iter().find_map(find))
    }
}

/// A rule and how to find its cues.
pub(crate) struct Why {
    rule: RuleInfo,
    finder: CueFinder,
}

impl Why {
    fn gate(&self, key: &str) -> Option<&str> {
        self.rule.gates.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn asks(&self, key: &str) -> bool {
        self.gate(key) == Some("true")
    }

    /// Why the rule took what it took: the cues that stand there, and the gates.
    fn reason(&self, document: &Document<'_>, number: usize) -> (String, String) {
        let removed = &document.text[document.removals[number].span.clone()];
        let removed = String::from_utf8_lossy(removed);
        let lines = removed.lines().filter(|line| has_content(line)).count() as u64;
        let found = self.cues(&removed);
        let takes_below = match (self.gate("run"), self.asks("to_end")) {
            (Some(_), _) => Some("headline"),
            (None, true) => Some("line"),
            (None, false) => None,
        };
        let gates = |with_before| self.gates(document, number, with_before);
        match takes_below {
            _ if self.rule.cues.is_empty() => (found, gates(true)),
            // Something stood between it and its heading, or had gone before.
            Some(thing) if found.is_empty() => {
                (format!("{} below its heading", Count(lines, thing)), String::new())
            }
            // A cue may reach over the end of what goes.
            None if found.is_empty() => ("its cues stand beside it".to_owned(), String::new()),
            // The line that the gate `before` was about is among them.
            Some(thing) if lines > 1 => {
                (format!("{found} and {} below", Count(lines - 1, thing)), gates(false))
            }
            None if lines > 1 => (format!("{found} in {}", Count(lines, "line")), gates(true)),
            _ => (found, gates(true)),
        }
    }

    /// One cue of each group that stands in what went: `"sign up" + "newsletter" + "our"`.
    fn cues(&self, removed: &str) -> String {
        let bar = self.gate("at") == Some("bar");
        let quoted = |group: &Vec<&str>| match &group[..] {
            [] => None,
            // A bar is made of its cues, so one of them would not say why.
            [first, second, rest @ ..] if bar => {
                let more = if rest.is_empty() { "" } else { " …" };
                Some(format!("\"{first}\" \"{second}\"{more}"))
            }
            [first, ..] => Some(format!("\"{first}\"")),
        };
        let groups = self.finder.find(removed);
        groups.iter().filter_map(quoted).collect::<Vec<_>>().join(" + ")
    }

    /// The gates that say more than how much may go: `whole line, after share`.
    fn gates(&self, document: &Document<'_>, number: usize, with_before: bool) -> String {
        let cueless = self.rule.cues.is_empty();
        let at = match self.gate("at") {
            None if cueless => None,
            None | Some("start") => Some("beginning of the line"),
            Some("line") => Some("whole line"),
            Some("bar") => Some("nothing else in the line"),
            Some("sentence") => Some("beginning of a sentence"),
            Some("clause") => Some("beginning of a sentence or clause"),
            Some("end") => Some("end of the line"),
            Some(_) => Some("anywhere in the line"),
        };
        let zone = match self.gate("zone") {
            Some("head") => Some("before the first prose"),
            Some("tail") => Some("after the last prose"),
            Some("edges") => Some("before or after all prose"),
            Some("body") => Some("after the first prose"),
            Some("late") => Some("in the second half"),
            _ => None,
        };
        let block = self.gate("block").and_then(|_| document.block(number)).map(|(gone, lines)| {
            let lines = Count(lines as u64, "line");
            format!("among furniture: {} of {lines} between prose", Number(gone as u64))
        });
        let after = self.neighbour(document, number, Side::Above);
        let before = self.neighbour(document, number, Side::Below).filter(|_| with_before);
        let beside = match (after, before) {
            (Some(after), Some(before)) => Some(format!("between {after} and {before}")),
            (Some(edge), None) | (None, Some(edge)) if edge.starts_with("the ") => {
                Some(format!("at {edge}"))
            }
            (Some(after), None) => Some(format!("after {after}")),
            (None, Some(before)) => Some(format!("before {before}")),
            (None, None) => None,
        };
        let flag = |key: &str, words: &'static str| self.asks(key).then_some(words);
        let unfinished = if cueless { "a headline" } else { "no full stop at the end" };
        let words = [
            at,
            flag("separator", "then a separator or nothing"),
            flag("capitals", "in capitals"),
            flag("headline", unfinished),
            zone,
        ];
        let words = words.into_iter().flatten().map(str::to_owned);
        block.into_iter().chain(words).chain(beside).collect::<Vec<_>>().join(", ")
    }

    /// What stands at one side, of what the gate for that side asks.
    fn neighbour(&self, document: &Document<'_>, number: usize, side: Side) -> Option<String> {
        let (key, edge) = match side {
            Side::Above => ("after", "the beginning of the text"),
            Side::Below => ("before", "the end of the text"),
        };
        let wanted: Vec<&str> = self.gate(key)?.split(", ").collect();
        let beside = document.beside(number, side);
        let is_wanted = |category: &str| wanted.iter().any(|w| [category, "furniture"].contains(w));
        if let Some(category) = beside.gone.into_iter().find(|category| is_wanted(category)) {
            return Some(category.to_owned());
        }
        if beside.edge && wanted.contains(&"edge") {
            return Some(edge.to_owned());
        }
        // It was none of those, so it was a line that is left, unless that went later.
        let shape = |wanted: &&str| match *wanted {
            "headline" => Some("a headline"),
            "prose" => Some("prose"),
            _ => None,
        };
        let shapes: Vec<_> = wanted.iter().filter_map(shape).collect();
        Some(if shapes.is_empty() { wanted } else { shapes }.join(" or "))
    }
}

/// The reasons of one rule: under which gates which cues, and how often.
#[derive(Default)]
pub(crate) struct Reasons(BTreeMap<String, BTreeMap<String, u64>>);

impl Reasons {
    /// Adds a removal of the rule, by its number.
    pub(crate) fn add(&mut self, why: &Why, document: &Document<'_>, number: usize) {
        let (cues, gates) = why.reason(document, number);
        *self.0.entry(gates).or_default().entry(cues).or_default() += 1;
    }

    /// In words, what is frequent first, and only so much of it as a reader needs.
    pub(crate) fn lines(&self) -> Vec<String> {
        const LINES: usize = 4;
        const CUES: usize = 4;
        let mut lines: Vec<_> = self.0.iter().collect();
        lines.sort_by_key(|(_, cues)| Reverse(cues.values().sum::<u64>()));
        let more = lines.len().saturating_sub(LINES);
        let line = |(gates, found): &(&String, &BTreeMap<String, u64>)| {
            let mut cues: Vec<_> = found.iter().collect();
            cues.sort_by_key(|(_, count)| Reverse(**count));
            let more = cues.len().saturating_sub(CUES);
            let shown = cues.iter().take(CUES).map(|(cues, count)| match **count {
                1 => (*cues).clone(),
                count => format!("{} × {cues}", Number(count)),
            });
            let mut shown = shown.collect::<Vec<_>>().join(" | ");
            if more > 0 {
                shown += &format!(" (+{more})");
            }
            // A rule without cues has nothing but gates; what is beside its cues has none.
            let colon = if found.contains_key("") || gates.is_empty() { "" } else { ": " };
            format!("{shown}{colon}{gates}")
        };
        let mut lines: Vec<String> = lines.iter().take(LINES).map(line).collect();
        if more > 0 {
            lines.push(format!("(+{more})"));
        }
        lines
    }
}

#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// What is at one side of a removal.
struct Beside<'d> {
    /// The categories of the removals there, the nearest first.
    gone: Vec<&'d str>,
    /// Nothing else is left on that side.
    edge: bool,
}

/// A text and what went from it.
pub(crate) struct Document<'d> {
    text: &'d [u8],
    removals: &'d [Removal<'d>],
    blocks: OnceCell<Blocks<'d>>,
}

/// How many removals beside one another are looked through for one of a category.
const MOST_BESIDE: usize = 16;

impl<'d> Document<'d> {
    pub(crate) fn new(text: &'d [u8], removals: &'d [Removal<'d>]) -> Document<'d> {
        Document { text, removals, blocks: OnceCell::new() }
    }

    fn beside(&self, number: usize, side: Side) -> Beside<'d> {
        let mut gone = Vec::new();
        let mut at = number;
        while gone.len() < MOST_BESIDE {
            let (gap, next) = match side {
                Side::Above => {
                    let next = at.checked_sub(1);
                    let from = next.map_or(0, |next| self.removals[next].span.end);
                    (from..self.removals[at].span.start, next)
                }
                Side::Below => {
                    let next = Some(at + 1).filter(|next| *next < self.removals.len());
                    let to = next.map_or(self.text.len(), |next| self.removals[next].span.start);
                    (self.removals[at].span.end..to, next)
                }
            };
            let left = has_content(&String::from_utf8_lossy(&self.text[gap]));
            match next {
                Some(next) if !left => at = next,
                _ => return Beside { gone, edge: !left },
            }
            gone.push(self.removals[at].category.name());
        }
        Beside { gone, edge: false }
    }

    /// Of the lines from the prose above a removal to the prose below it, how many went by other
    /// rules, and how many there are.
    fn block(&self, number: usize) -> Option<(usize, usize)> {
        let blocks = self.blocks.get_or_init(|| Blocks::of(self.text, self.removals));
        let Removal { span, rule, .. } = &self.removals[number];
        let line = blocks.starts.partition_point(|(start, _)| *start < span.end).checked_sub(1)?;
        let block = blocks.starts[line].1;
        let own = blocks.gone_by.get(&(block, *rule)).copied().unwrap_or(0);
        let (gone, lines) = blocks.counts[block];
        Some((gone - own, lines))
    }
}

/// The lines between prose.
#[derive(Default)]
struct Blocks<'d> {
    /// Where each line begins, and its block.
    starts: Vec<(usize, usize)>,
    /// How many lines of each block went, and how many it has.
    counts: Vec<(usize, usize)>,
    /// The lines of a block that went by a rule.
    gone_by: HashMap<(usize, &'d str), usize>,
}

impl<'d> Blocks<'d> {
    fn of(text: &'d [u8], removals: &'d [Removal<'d>]) -> Blocks<'d> {
        let mut blocks = Blocks { counts: vec![(0, 0)], ..Blocks::default() };
        let mut removals = removals.iter().peekable();
        let mut end = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let start = end;
            end += line.len();
            // What is left of the line.
            let (mut left, mut at, mut taker) = (Vec::new(), start, None);
            while let Some(removal) = removals.peek().filter(|removal| removal.span.start < end) {
                left.extend_from_slice(&text[at..removal.span.start.max(at)]);
                at = removal.span.end.clamp(at, end);
                taker = Some(removal.rule);
                if removal.span.end > end {
                    break;
                }
                removals.next();
            }
            left.extend_from_slice(&text[at..end]);
            if !has_content(&String::from_utf8_lossy(line)) {
                continue;
            }
            let left = String::from_utf8_lossy(&left);
            if is_prose(&left) {
                blocks.counts.push((0, 0));
                continue;
            }
            let block = blocks.counts.len() - 1;
            blocks.starts.push((start, block));
            blocks.counts[block].1 += 1;
            if let Some(rule) = taker.filter(|_| !has_content(&left)) {
                blocks.counts[block].0 += 1;
                *blocks.gone_by.entry((block, rule)).or_default() += 1;
            }
        }
        blocks
    }
}

/// Whether there is more than blanks, and than what the normalizer takes for such or drops.
fn has_content(text: &str) -> bool {
    text.contains(|c: char| c.is_alphanumeric() || c.is_ascii_punctuation())
}

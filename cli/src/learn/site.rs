//! Which of the lines that recur on a site are its furniture.
//!
//! Headings, refrains and the words with which an author greets or takes leave recur as well. What
//! tells them apart is where they stand: a template's lines stand together, from an end of the text
//! on, and what an author repeats stands beside what differs from text to text. So a line goes if
//! what is between it and the end of the text recurs too; but the lines that touch the author's own
//! ones stay if they could be the author's.

use std::collections::{HashMap, VecDeque};

use super::fold::{Folder, core, has_date};
use super::observe::{ends_open, words};
use super::record::{About, EDGE, Line, Value};

/// What a line must have to be looked at. Documents that are versions of one article do not count as
/// several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thresholds {
    /// Fewest documents of the site that have it.
    pub(super) documents: u64,
    /// The least share of its documents.
    pub(super) share: f64,
}

impl Thresholds {
    fn passes(self, line: &Line, of_site: u64) -> bool {
        let least = (self.documents as f64).max(self.share * of_site as f64);
        line.documents as f64 >= least && line.has_articles(least)
    }
}

/// Where the documents of a site have a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// At their beginnings.
    Head,
    /// At both ends.
    Edges,
    /// Anywhere, in a block of these lines.
    Block(Vec<String>),
    /// At their ends.
    Tail,
}

/// A line that recurs on a site.
#[derive(Clone, Debug)]
pub(super) struct Recurring {
    pub(super) line: Line,
    pub(super) folded: String,
    pub(super) place: Place,
    /// The number or the date in it is not always the same.
    pub(super) varies: bool,
    pub(super) has_date: bool,
    /// It stands where furniture does, but could be the author's.
    pub(super) doubtful: bool,
}

/// The lines of a site that may be furniture.
pub(super) struct Site {
    pub(super) name: String,
    pub(super) documents: u64,
    lines: Vec<Node>,
    numbers: HashMap<u64, usize>,
}

struct Node {
    line: Line,
    folded: String,
    varies: bool,
    /// Too few words to say whose they are.
    short: bool,
    /// It ends like a sentence or a greeting: somebody speaks.
    speaks: bool,
    /// The documents in which it is the first line, and the last.
    first: u64,
    last: u64,
    /// The lines below it and above it, with the documents in which they are.
    below: Vec<(usize, u64)>,
    above: Vec<(usize, u64)>,
}

/// The share of its documents in which a line must stand as it should, of a hundred.
const MOSTLY: u64 = 80;
/// How likely it is that the way from a line to the end of the text goes over such lines alone.
const REACHES: f64 = 0.5;
/// The share of the site's documents that a line has if it is of a template, not of one author.
const TEMPLATE: u64 = 50;
/// Fewest words of a line that says whose it is.
const FEW_WORDS: usize = 3;
/// Fewest words of a block inside of the text, and fewest lines unless it is of a template.
const BLOCK_WORDS: usize = 12;
const BLOCK_LINES: usize = 3;
/// Most of a hundred documents that may have a line more than once in their prose.
const MOST_REPEATED: u64 = 20;

/// Whether a number is at least so many of a hundred of another.
fn is_share(part: u64, percent: u64, whole: u64) -> bool {
    part * 100 >= percent * whole
}

impl Site {
    pub(super) fn new(name: String, documents: u64) -> Site {
        Site { name, documents, lines: Vec::new(), numbers: HashMap::new() }
    }

    /// Takes the next record of the site: its lines, then its pairs. Keeps what passes the
    /// thresholds, which is at most the mean number of lines of its documents, divided by the share.
    pub(super) fn add(
        &mut self,
        about: About,
        value: Value,
        thresholds: Thresholds,
        folder: &Folder,
    ) {
        match (about, value) {
            (About::Line(hash), Value::Line(line)) => {
                let enough = thresholds.passes(&line, self.documents);
                let refrain = is_share(line.repeated, MOST_REPEATED, line.documents);
                if enough && !(refrain && line.repeated > 0) {
                    self.numbers.insert(hash, self.lines.len());
                    self.lines.push(Node::new(*line, folder));
                }
            }
            (About::Pair(EDGE, below), Value::Pair(documents)) => {
                if let Some(&below) = self.numbers.get(&below) {
                    self.lines[below].first = documents;
                }
            }
            (About::Pair(above, EDGE), Value::Pair(documents)) => {
                if let Some(&above) = self.numbers.get(&above) {
                    self.lines[above].last = documents;
                }
            }
            (About::Pair(above, below), Value::Pair(documents)) => {
                let numbers = (self.numbers.get(&above), self.numbers.get(&below));
                if let (Some(&above), Some(&below)) = numbers {
                    self.lines[above].below.push((below, documents));
                    self.lines[below].above.push((above, documents));
                }
            }
            _ => {}
        }
    }

    /// The lines that are furniture, and those that may be, in the order of their places.
    pub(super) fn recurring(self) -> Vec<Recurring> {
        let head = Chain::of(&self, Side::Head);
        let tail = Chain::of(&self, Side::Tail);
        let blocks = self.blocks(&head, &tail);
        let mut recurring = Vec::new();
        for (number, node) in self.lines.into_iter().enumerate() {
            let goes = (head.goes(number), tail.goes(number));
            let (place, doubtful) = match (goes, &blocks[number]) {
                ((true, true), _) => (Place::Edges, false),
                ((true, false), _) => (Place::Head, false),
                ((false, true), _) => (Place::Tail, false),
                ((false, false), Some(block)) => (Place::Block(block.clone()), false),
                _ if head.was[number] && is_template(&node, self.documents) => (Place::Head, true),
                _ if tail.was[number] && is_template(&node, self.documents) => (Place::Tail, true),
                _ => continue,
            };
            let Node { line, folded, varies, .. } = node;
            let has_date = has_date(&folded);
            recurring.push(Recurring { line, folded, place, varies, has_date, doubtful });
        }
        recurring.sort_by(|a, b| {
            let key =
                |of: &Recurring| (of.doubtful, of.place.clone(), u64::MAX - of.line.documents);
            (key(a), &a.folded, &a.line.least).cmp(&(key(b), &b.folded, &b.line.least))
        });
        recurring
    }

    /// For each line the block that it stands in wherever it does, if that is furniture.
    fn blocks(&self, head: &Chain, tail: &Chain) -> Vec<Option<Vec<String>>> {
        // Lines that an author may have written stay wherever they are; so do those of edges.
        let free =
            |number: usize| !head.was[number] && !tail.was[number] && !self.lines[number].varies;
        // The one line that a line has mostly below it, and that has mostly this one above.
        let partner = |number: usize| {
            let node = &self.lines[number];
            let (below, documents) = node.below.iter().copied().max_by_key(|pair| pair.1)?;
            let rigid = is_share(documents, MOSTLY, node.line.documents)
                && is_share(documents, MOSTLY, self.lines[below].line.documents);
            (rigid && below != number && free(number) && free(below)).then_some(below)
        };
        let partners: Vec<Option<usize>> = (0..self.lines.len()).map(partner).collect();
        let mut blocks = vec![None; self.lines.len()];
        for start in 0..self.lines.len() {
            if partners[start].is_none() || partners.contains(&Some(start)) {
                continue;
            }
            let mut block = vec![start];
            while let Some(next) = partners[block[block.len() - 1]]
                && !block.contains(&next)
            {
                block.push(next);
            }
            // The last line may be the heading of what follows.
            while block.last().is_some_and(|&last| self.lines[last].is_short_label()) {
                block.pop();
            }
            let nodes = || block.iter().map(|&number| &self.lines[number]);
            let count: usize = nodes().map(|node| words(&node.line.least)).sum();
            let long = block.len() >= BLOCK_LINES
                || block.len() > 1 && nodes().all(|node| is_template(node, self.documents));
            let labelled = nodes().any(|node| !node.speaks && !node.short);
            if long && labelled && count >= BLOCK_WORDS {
                let texts: Vec<String> = nodes().map(|node| node.line.least.clone()).collect();
                block.iter().for_each(|&number| blocks[number] = Some(texts.clone()));
            }
        }
        blocks
    }
}

fn is_template(node: &Node, documents: u64) -> bool {
    is_share(node.line.documents, TEMPLATE, documents)
}

impl Node {
    fn new(line: Line, folder: &Folder) -> Node {
        let greatest = line.greatest.as_deref().unwrap_or(&line.least);
        let lower = |text: &str| core(text).to_lowercase();
        Node {
            folded: folder.fold(&line.least),
            varies: lower(&line.least) != lower(greatest),
            short: words(&line.least) < FEW_WORDS,
            speaks: ends_open(&line.least)
                || line.least.starts_with(['-', '–', '—', '~', '"', '“']),
            line,
            first: 0,
            last: 0,
            below: Vec::new(),
            above: Vec::new(),
        }
    }

    fn is_short_label(&self) -> bool {
        self.short && !self.speaks
    }
}

/// An end of the documents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Head,
    Tail,
}

/// The lines that stand at one end of the documents, with nothing but such lines between.
struct Chain {
    /// Those that did before the ones were left out that may be the author's.
    was: Vec<bool>,
    is: Vec<bool>,
    /// Those that may be a heading or a signature, and stay.
    stays: Vec<bool>,
}

impl Chain {
    fn goes(&self, number: usize) -> bool {
        self.is[number] && !self.stays[number]
    }

    fn of(site: &Site, side: Side) -> Chain {
        let lines = &site.lines;
        let mut chain =
            Chain { was: Vec::new(), is: vec![true; lines.len()], stays: vec![false; lines.len()] };
        chain.settle(site, side);
        while chain.ground(site, side) {
            chain.settle(site, side);
        }
        chain.was = chain.is.clone();
        loop {
            let mut left_out = false;
            chain.stays.fill(false);
            for number in 0..lines.len() {
                if !chain.is[number] || !chain.is_inmost(site, side, number) {
                    continue;
                }
                match chain.judge(site, side, number) {
                    Inmost::Furniture => {}
                    Inmost::Stays => chain.stays[number] = true,
                    Inmost::Author => (chain.is[number], left_out) = (false, true),
                }
            }
            // Numbers that vary are what a text tells, unless furniture goes on both sides.
            for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.varies) {
                if chain.is[number] && !chain.is_enclosed(site, side, number) {
                    (chain.is[number], left_out) = (false, true);
                }
            }
            if !left_out {
                return chain;
            }
            chain.settle(site, side);
        }
    }

    /// Leaves out lines until each has, in most of its documents, others or the end of the text on
    /// its outer side.
    fn settle(&mut self, site: &Site, side: Side) {
        loop {
            let falls = |(number, node): (usize, &Node)| {
                let (edge, outer) = Chain::outer(node, side);
                let good = edge + self.sum(outer, |other| self.is[other]);
                (self.is[number] && !is_share(good, MOSTLY, node.line.documents)).then_some(number)
            };
            let fallen: Vec<usize> = site.lines.iter().enumerate().filter_map(falls).collect();
            if fallen.is_empty() {
                return;
            }
            fallen.into_iter().for_each(|number| self.is[number] = false);
        }
    }

    /// Leaves out lines of lists in any order, such as what a recipe takes: they have each other on their
    /// outer side, but the end of the text is not to be reached from them. Says whether there were any.
    fn ground(&mut self, site: &Site, side: Side) -> bool {
        let reach = self.reach(site, side);
        let floats = |number: &usize| {
            let node = &site.lines[*number];
            let (_, outer) = Chain::outer(node, side);
            let rigid = outer
                .iter()
                .any(|(_, documents)| is_share(*documents, MOSTLY, node.line.documents));
            self.is[*number] && reach[*number] < REACHES && !rigid
        };
        let floating: Vec<usize> = (0..site.lines.len()).filter(floats).collect();
        floating.iter().for_each(|number| self.is[*number] = false);
        !floating.is_empty()
    }

    /// How likely it is to come from a line to the end of the text, from one line of the chain to one
    /// on its outer side, and so on.
    fn reach(&self, site: &Site, side: Side) -> Vec<f64> {
        /// What is worth telling the lines on the inner side.
        const STEP: f64 = 1e-4;
        let mut reach = vec![0.0; site.lines.len()];
        let mut waits = self.is.clone();
        let mut waiting: VecDeque<usize> = (0..reach.len()).filter(|line| waits[*line]).collect();
        while let Some(number) = waiting.pop_front() {
            waits[number] = false;
            let node = &site.lines[number];
            let (edge, outer) = Chain::outer(node, side);
            let all = edge + self.sum(outer, |_| true);
            let good = outer.iter().map(|(other, documents)| *documents as f64 * reach[*other]);
            let new = (edge as f64 + good.sum::<f64>()) / all.max(node.line.documents) as f64;
            if new > reach[number] + STEP {
                reach[number] = new;
                for (inner, _) in Chain::inner(site, side, number) {
                    if self.is[*inner] && !std::mem::replace(&mut waits[*inner], true) {
                        waiting.push_back(*inner);
                    }
                }
            }
        }
        reach
    }

    fn sum(&self, pairs: &[(usize, u64)], of: impl Fn(usize) -> bool) -> u64 {
        pairs.iter().filter(|(other, _)| of(*other)).map(|(_, documents)| documents).sum()
    }

    /// In how many documents nothing is on the outer side of a line, and the lines that are.
    fn outer(node: &Node, side: Side) -> (u64, &[(usize, u64)]) {
        match side {
            Side::Head => (node.first, &node.above),
            Side::Tail => (node.last, &node.below),
        }
    }

    /// The lines on the inner side of one.
    fn inner(site: &Site, side: Side, number: usize) -> &[(usize, u64)] {
        match side {
            Side::Head => &site.lines[number].below,
            Side::Tail => &site.lines[number].above,
        }
    }

    /// Whether what differs from text to text comes right beside it, mostly.
    fn is_inmost(&self, site: &Site, side: Side, number: usize) -> bool {
        let inside = self.sum(Chain::inner(site, side, number), |other| self.is[other]);
        !is_share(inside, 50, site.lines[number].line.documents)
    }

    fn is_enclosed(&self, site: &Site, side: Side, number: usize) -> bool {
        let is_furniture = |other: usize| self.goes(other) && !site.lines[other].varies;
        let inside = self.sum(Chain::inner(site, side, number), is_furniture);
        is_share(inside, 50, site.lines[number].line.documents)
    }

    fn judge(&self, site: &Site, side: Side, number: usize) -> Inmost {
        let node = &site.lines[number];
        let documents = node.line.documents;
        if node.speaks || node.varies || !is_template(node, site.documents) {
            return Inmost::Author;
        }
        match side {
            // Above prose it may be a heading; above a title it is none.
            Side::Head if is_share(node.line.above_title, MOSTLY, documents) => Inmost::Furniture,
            Side::Head => Inmost::Stays,
            Side::Tail if node.short => Inmost::Stays,
            Side::Tail => {
                let alone = is_share(node.last, MOSTLY, documents);
                match alone && !is_share(documents, MOSTLY, site.documents) {
                    true => Inmost::Author,
                    false => Inmost::Furniture,
                }
            }
        }
    }
}

/// What the line of a chain is that touches the text.
enum Inmost {
    Furniture,
    /// It may be the heading or the signature of the text, and what is beyond it is furniture.
    Stays,
    /// It may be the author's, and so may be what is beyond it.
    Author,
}

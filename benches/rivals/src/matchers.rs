//! Those who look for the cues and do nothing with them: aho-corasick and regex.

use std::collections::HashSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::clock::best;
use crate::corpus::Corpus;
use crate::cues;
use crate::row::Row;

/// The set of expressions is slow: it gets so many bytes of a corpus.
const SLOW_BYTES: usize = 1 << 20;

pub(crate) struct Matchers {
    /// Whether a cue occurs at every byte, and which is the first and longest: the fastest look at
    /// every byte that knows all of the picked cues.
    dfa: AhoCorasick,
    /// All places of the picked cues, as Hyperscan finds them.
    overlapping: AhoCorasick,
    /// All places of all cues. Their DFA would be too large.
    all: AhoCorasick,
    /// The order in which Python's `re` tries the picked cues.
    in_order: AhoCorasick,
    set: RegexSet,
}

impl Matchers {
    pub(crate) fn new(all: &[String]) -> Matchers {
        let picked = cues::pick(all, cues::PICKED);
        let build = |cues: &[String], kind, matches| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .prefilter(false)
                .kind(Some(kind))
                .match_kind(matches)
                .build(cues)
                .expect("the cues fit")
        };
        let expressions = picked.iter().map(|cue| regex::escape(cue));
        Matchers {
            dfa: build(&picked, AhoCorasickKind::DFA, MatchKind::LeftmostLongest),
            overlapping: build(&picked, AhoCorasickKind::DFA, MatchKind::Standard),
            all: build(all, AhoCorasickKind::ContiguousNFA, MatchKind::Standard),
            in_order: build(&picked, AhoCorasickKind::ContiguousNFA, MatchKind::LeftmostFirst),
            // ASCII alone has two cases here, as it has for the others.
            set: RegexSetBuilder::new(expressions.map(|cue| format!("(?i-u:{})", bytes(&cue))))
                .size_limit(1 << 30)
                .dfa_size_limit(1 << 28)
                .build()
                .expect("the cues are an expression"),
        }
    }

    pub(crate) fn measure(&self, corpus: &Corpus) -> Vec<Row> {
        let documents = &corpus.documents;
        let dfa = || documents.iter().map(|text| self.dfa.find_iter(text).count()).sum::<usize>();
        let mut rows = vec![Row::of_all(corpus, "aho-corasick DFA", best(dfa), dfa())];
        let names = ["aho-corasick DFA, all places", "aho-corasick NFA, all cues, all places"];
        for (matcher, what) in [&self.overlapping, &self.all].into_iter().zip(names) {
            let count = || places(matcher, documents);
            rows.push(Row::of_all(corpus, what, best(count), count()));
        }
        if corpus.with_rivals {
            rows.push(self.measure_set(corpus));
        }
        rows
    }

    /// Which cues occur in a document, of all that do.
    fn measure_set(&self, corpus: &Corpus) -> Row {
        let count = documents_of(corpus, SLOW_BYTES);
        let documents = &corpus.documents[..count];
        let matched =
            || documents.iter().map(|text| self.set.matches(text.as_bytes()).iter().count()).sum();
        let expected: usize = documents.iter().map(|text| self.distinct(text)).sum();
        let answer: usize = matched();
        assert_eq!(answer, expected, "{}: a set of expressions finds other cues", corpus.name);
        let ns = best(matched);
        let bytes = documents.iter().map(String::len).sum();
        Row { documents: count, bytes, ..Row::of_all(corpus, "regex RegexSet", ns, answer) }
    }

    fn distinct(&self, text: &str) -> usize {
        let found = self.overlapping.find_overlapping_iter(text);
        found.map(|place| place.pattern()).collect::<HashSet<_>>().len()
    }

    /// What Hyperscan must find in a corpus: the picked cues, or all.
    pub(crate) fn all_places(&self, corpus: &Corpus, all: bool) -> usize {
        places(if all { &self.all } else { &self.overlapping }, &corpus.documents)
    }

    /// What an alternation of the picked cues must find in the first documents.
    pub(crate) fn alternation(&self, documents: &[String]) -> usize {
        documents.iter().map(|text| self.in_order.find_iter(text).count()).sum()
    }
}

fn places(matcher: &AhoCorasick, documents: &[String]) -> usize {
    documents.iter().map(|text| matcher.find_overlapping_iter(text).count()).sum()
}

/// How many documents make up so many bytes.
fn documents_of(corpus: &Corpus, bytes: usize) -> usize {
    let mut sum = 0;
    let fits = |text: &&String| {
        sum += text.len();
        sum <= bytes
    };
    corpus.documents.iter().take_while(fits).count().max(1)
}

/// An expression without letters beyond ASCII: their bytes instead.
fn bytes(expression: &str) -> String {
    let byte = |byte: u8| match byte {
        0..128 => char::from(byte).to_string(),
        128.. => format!("\\x{byte:02X}"),
    };
    expression.bytes().map(byte).collect()
}

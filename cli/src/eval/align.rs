//! Which words of a text are left in another, as Python's `difflib` sees it.
//!
//! `difflib.SequenceMatcher` takes the longest run of words that both texts have, and then does the
//! same to the left and to the right of it. Of several runs of that length it takes the first
//! in the one text, and of those the first in the other. An edit distance aligns differently where a
//! word was removed beside one like it, so none will do. The `difflib` crate does not either: it
//! cannot turn off the heuristic that leaves out frequent words. Python's search for the run takes a
//! step for each two places that have the same word; here a suffix automaton takes one for each word.

use std::collections::HashMap;
use std::ops::Range;

/// For each word of `text`, whether it is matched by one of `output`.
pub(super) fn kept(text: &[u32], output: &[u32]) -> Vec<bool> {
    let mut kept = vec![false; text.len()];
    let mut rest = vec![(0..text.len(), 0..output.len())];
    while let Some((text_range, output_range)) = rest.pop() {
        let run = longest_run(&text[text_range.clone()], &output[output_range.clone()]);
        if run.length == 0 {
            continue;
        }
        let in_text = text_range.start + run.text..text_range.start + run.text + run.length;
        let in_output =
            output_range.start + run.output..output_range.start + run.output + run.length;
        kept[in_text.clone()].fill(true);
        let left = (text_range.start..in_text.start, output_range.start..in_output.start);
        let right = (in_text.end..text_range.end, in_output.end..output_range.end);
        let both = |(a, b): &(Range<usize>, Range<usize>)| !a.is_empty() && !b.is_empty();
        rest.extend([left, right].into_iter().filter(both));
    }
    kept
}

/// A run of words that two sequences have, and where it begins in each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Run {
    text: usize,
    output: usize,
    length: usize,
}

fn longest_run(text: &[u32], output: &[u32]) -> Run {
    let runs = Runs::of(output);
    let mut best = Run::default();
    let (mut state, mut length) = (ROOT, 0);
    for (index, word) in text.iter().enumerate() {
        loop {
            if let Some(next) = runs.next.get(&(state, *word)) {
                (state, length) = (*next, length + 1);
                break;
            }
            let Some(suffix) = runs.states[state].suffix else { break };
            (state, length) = (suffix, runs.states[suffix].length);
        }
        if length > best.length {
            let end = runs.states[state].first_end;
            best = Run { text: index + 1 - length, output: end - length, length };
        }
    }
    best
}

/// All runs of words of a sequence: its suffix automaton.
struct Runs {
    states: Vec<State>,
    /// The state that a word leads to.
    next: HashMap<(usize, u32), usize>,
}

/// Runs that end at the same places.
#[derive(Clone)]
struct State {
    /// Of the longest of them.
    length: usize,
    /// The state of the longest run that ends theirs and is none of them.
    suffix: Option<usize>,
    /// Where they end first.
    first_end: usize,
    /// Words that lead on.
    words: Vec<u32>,
}

const ROOT: usize = 0;

impl Runs {
    fn of(sequence: &[u32]) -> Runs {
        let root = State { length: 0, suffix: None, first_end: 0, words: Vec::new() };
        let mut runs = Runs { states: vec![root], next: HashMap::new() };
        let mut last = ROOT;
        for (index, word) in sequence.iter().enumerate() {
            last = runs.append(last, *word, index + 1);
        }
        runs
    }

    /// Adds the runs that end with `word` at `end`; `last` is the state of all before it.
    fn append(&mut self, last: usize, word: u32, end: usize) -> usize {
        let new = self.states.len();
        let length = self.states[last].length + 1;
        self.states.push(State { length, suffix: None, first_end: end, words: Vec::new() });
        let mut state = Some(last);
        while let Some(from) = state.filter(|from| !self.next.contains_key(&(*from, word))) {
            self.next.insert((from, word), new);
            self.states[from].words.push(word);
            state = self.states[from].suffix;
        }
        self.states[new].suffix = Some(match state {
            None => ROOT,
            Some(from) => self.ending(from, word),
        });
        new
    }

    /// The state that holds the longest run of `from` and `word` as its longest, split off if need be.
    fn ending(&mut self, from: usize, word: u32) -> usize {
        let found = self.next[&(from, word)];
        let length = self.states[from].length + 1;
        if self.states[found].length == length {
            return found;
        }
        let split = self.states.len();
        self.states.push(State { length, ..self.states[found].clone() });
        for word in self.states[found].words.clone() {
            self.next.insert((split, word), self.next[&(found, word)]);
        }
        self.states[found].suffix = Some(split);
        let mut state = Some(from);
        while let Some(from) = state.filter(|from| self.next.get(&(*from, word)) == Some(&found)) {
            self.next.insert((from, word), split);
            state = self.states[from].suffix;
        }
        split
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The search as `difflib` does it, without its table of places.
    fn slow_longest_run(text: &[u32], output: &[u32]) -> Run {
        let mut best = Run::default();
        let mut above = vec![0; output.len() + 1];
        for (i, a) in text.iter().enumerate() {
            let mut lengths = vec![0; output.len() + 1];
            for (j, b) in output.iter().enumerate() {
                if a == b {
                    let length = above[j] + 1;
                    lengths[j + 1] = length;
                    if length > best.length {
                        best = Run { text: i + 1 - length, output: j + 1 - length, length };
                    }
                }
            }
            above = lengths;
        }
        best
    }

    #[test]
    fn the_longest_run_is_that_of_difflib() {
        let mut seed = 1_u32;
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for round in 0..4_000 {
            let kinds = 1 + round % 5;
            let mut sequence = |most: u32| {
                let length = random(most);
                (0..length).map(|_| random(kinds)).collect::<Vec<u32>>()
            };
            let (text, output) = (sequence(20), sequence(16));
            assert_eq!(
                longest_run(&text, &output),
                slow_longest_run(&text, &output),
                "{text:?} {output:?}"
            );
        }
    }

    /// As `difflib.SequenceMatcher(None, a, b, autojunk=False)` of Python 3.11 has them. An edit
    /// distance would keep `abcd` in the last.
    #[test]
    fn the_longest_run_comes_first() {
        let kept = |text: &str, output: &str| -> String {
            let numbers = |text: &str| text.bytes().map(u32::from).collect::<Vec<u32>>();
            let kept = kept(&numbers(text), &numbers(output));
            kept.into_iter().map(|kept| if kept { '+' } else { '-' }).collect()
        };
        assert_eq!(kept("abcd", "abcd"), "++++");
        assert_eq!(kept("", "a"), "");
        assert_eq!(kept("a", ""), "-");
        assert_eq!(kept("axbxcdeb", "abcde"), "+-+-+++-");
        assert_eq!(kept("pqaxbxcdefghaxb", "axbpqcd"), "--+++-++-------");
        assert_eq!(kept("aXbYcZdPQR", "PQRabcd"), "-------+++");
    }
}

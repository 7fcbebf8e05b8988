//! From a verdict to the text that stays and the account of what went.

use std::ops::Range;

use crate::category::Category;
use crate::normalize::{Normalized, Splice};
use crate::page;
use crate::removal::{Cleaned, Removal};
use crate::rules::Rule;
use crate::weigh::{MODEL, Verdict};

/// Takes the cuts out of a normalized text.
pub(crate) fn assemble<'a>(
    normalized: Normalized<'a>,
    verdict: Verdict,
    rules: &'a [Rule],
) -> Cleaned<'a> {
    let Normalized { text, splices } = normalized;
    let mut cleaned = Cleaned { abstained: verdict.abstained, ..Cleaned::default() };
    if verdict.cuts.is_empty() {
        return Cleaned { normalized: text, splices, ..cleaned };
    }
    let mut kept = String::with_capacity(text.len());
    let mut account = Account::new(splices);
    let mut at = 0;
    for (cut, rule) in verdict.cuts {
        kept.push_str(&text[at..cut.start]);
        at = cut.end;
        let (rule, category) = match rule {
            MODEL => (page::RULE, Category::Other),
            rule => (&*rules[rule].id, rules[rule].category),
        };
        cleaned.removals.push(Removal { span: account.remove(cut), rule, category });
    }
    kept.push_str(&text[at..]);
    Cleaned { normalized: text, kept: Some(kept), splices: account.rest(), ..cleaned }
}

/// Shares the differences between edits and removals while the cuts go by.
struct Account {
    ahead: std::vec::IntoIter<Splice>,
    /// The next splice, or what a cut left of it.
    next: Option<Splice>,
    /// The splices outside of the cuts so far.
    edits: Vec<Splice>,
    /// Where the last splice that has gone by ends, in bytes of the input and of the text.
    input: usize,
    output: usize,
}

impl Account {
    fn new(splices: Vec<Splice>) -> Account {
        let mut ahead = splices.into_iter();
        let next = ahead.next();
        Account { ahead, next, edits: Vec::new(), input: 0, output: 0 }
    }

    /// The next splice, if it ends at or before a byte of the text.
    fn pass(&mut self, end: usize) -> Option<Splice> {
        let splice = self.next.take_if(|splice| splice.output.end <= end)?;
        self.next = self.ahead.next();
        (self.input, self.output) = (splice.input.end, splice.output.end);
        Some(splice)
    }

    /// The bytes of the input that a cut takes. A splice that reaches over the end of a cut stays
    /// an edit, with what is left of its output.
    fn remove(&mut self, cut: Range<usize>) -> Range<usize> {
        while let Some(splice) = self.pass(cut.start) {
            self.edits.push(splice);
        }
        let mut start = self.input + (cut.start - self.output);
        if let Some(splice) = self.next.as_mut().filter(|splice| splice.output.start < cut.start) {
            let Splice { input, output } = splice.clone();
            let head = output.start..cut.start;
            if cut.end < output.end {
                self.edits.push(Splice { input: input.start..input.start, output: head });
                *splice = Splice { input: input.end..input.end, output: cut.end..output.end };
                (self.input, self.output) = (input.end, cut.end);
                return input;
            }
            start = input.end;
            self.edits.push(Splice { input, output: head });
            self.pass(output.end);
        }
        while self.pass(cut.end).is_some() {}
        match self.next.as_mut().filter(|splice| splice.output.start < cut.end) {
            Some(splice) => {
                splice.output.start = cut.end;
                (self.input, self.output) = (splice.input.start, cut.end);
                start..self.input
            }
            None => start..self.input + (cut.end - self.output),
        }
    }

    /// All edits, once the last cut has gone by.
    fn rest(self) -> Vec<Splice> {
        let Account { ahead, next, mut edits, .. } = self;
        edits.extend(next.into_iter().chain(ahead));
        edits
    }
}

//! From a verdict to the text that stays and the account of what went.

use crate::normalize::Normalized;
use crate::removal::{Cleaned, Removal};
use crate::rules::Rule;
use crate::weigh::Verdict;

/// Takes the cuts out of a normalized text.
pub(crate) fn assemble<'a>(
    normalized: Normalized<'a>,
    verdict: Verdict,
    rules: &'a [Rule],
) -> Cleaned<'a> {
    let Normalized { text, mut splices } = normalized;
    let mut cleaned = Cleaned { abstained: verdict.abstained, ..Cleaned::default() };
    if !verdict.cuts.is_empty() {
        let mut kept = String::with_capacity(text.len());
        let mut outside = Vec::new();
        let mut left = splices.into_iter().peekable();
        let mut at = 0;
        // Where the last splice before here ends, inside a cut or not, in the text and in the
        // input: from there on, both are the same.
        let mut last = (0, 0);
        for (cut, rule) in verdict.cuts {
            kept.push_str(&text[at..cut.start]);
            at = cut.end;
            while let Some(splice) = left.next_if(|splice| splice.output.end <= cut.start) {
                last = (splice.output.end, splice.input.end);
                outside.push(splice);
            }
            let start = cut.start - last.0 + last.1;
            while let Some(splice) = left.next_if(|splice| splice.output.end <= cut.end) {
                last = (splice.output.end, splice.input.end);
            }
            let end = cut.end - last.0 + last.1;
            let (rule, category) = (&*rules[rule].id, rules[rule].category);
            cleaned.removals.push(Removal { span: start..end, rule, category });
        }
        kept.push_str(&text[at..]);
        outside.extend(left);
        splices = outside;
        cleaned.kept = Some(kept);
    }
    cleaned.normalized = text;
    cleaned.splices = splices;
    cleaned
}

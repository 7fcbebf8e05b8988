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
        let mut at = 0;
        let mut splices_seen = 0;
        for (cut, rule) in verdict.cuts {
            kept.push_str(&text[at..cut.start]);
            at = cut.end;
            // The cut's start, in bytes of the input, lies behind all splices that end before it.
            let to_input = |offset: usize, seen: usize| match seen.checked_sub(1) {
                Some(last) => offset - splices[last].output.end + splices[last].input.end,
                None => offset,
            };
            while splices.get(splices_seen).is_some_and(|s| s.output.end <= cut.start) {
                splices_seen += 1;
            }
            let start = to_input(cut.start, splices_seen);
            let first_inside = splices_seen;
            while splices.get(splices_seen).is_some_and(|s| s.output.end <= cut.end) {
                splices_seen += 1;
            }
            let end = to_input(cut.end, splices_seen);
            splices.drain(first_inside..splices_seen);
            splices_seen = first_inside;
            let (rule, category) = (&*rules[rule].id, rules[rule].category);
            cleaned.removals.push(Removal { span: start..end, rule, category });
        }
        kept.push_str(&text[at..]);
        cleaned.kept = Some(kept);
    }
    cleaned.normalized = text;
    cleaned.splices = splices;
    cleaned
}

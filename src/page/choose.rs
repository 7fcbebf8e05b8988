//! Which lines of a page stay, given how likely each is to be of the article.

/// Least and most likely a line must be to stay, in 256ths.
const BOUNDS: (u64, u64) = (26, 154);
/// A page on which fewer words than this are to be expected of an article, or whose best choice is no
/// better than this, in hundredths of the F1 that is to be expected, has none: nothing stays. On
/// marked pages the F1 to be expected is what comes out, and with fewer words nothing right did.
const FEWEST_WORDS: u64 = 20;
const HOPELESS: u64 = 40;

/// Which lines stay: those that are likelier than half of the best F1 of words that is to be expected
/// of the page.
///
/// With lines in order of their likelihood, keeping one more is worth it as long as its likelihood
/// is above half of the F1 so far, so that best F1 sets the limit. A page that the model is sure of
/// has a high one, and loses what is doubtful; one that it is not sure of keeps that.
pub(super) fn choose(likelihoods: &[u16], words: &[u32]) -> Vec<bool> {
    let mut counts = [0u64; 256];
    for (&likelihood, &words) in likelihoods.iter().zip(words) {
        counts[usize::from(likelihood >> 8)] += u64::from(words);
    }
    // Words that are to be expected of the article, in 256ths, in the middle of each level.
    let mass = |level: usize| (2 * level as u64 + 1) * counts[level] / 2;
    let expected: u64 = (0..256).map(mass).sum();
    let (mut kept, mut right, mut best) = (0, 0, 0u64);
    for level in (0..256).rev() {
        kept += 256 * counts[level];
        right += mass(level);
        best = best.max((200 * right).checked_div(kept + expected).unwrap_or(0));
    }
    if best < HOPELESS || expected < 256 * FEWEST_WORDS {
        return vec![false; likelihoods.len()];
    }
    let limit = (best * 256 / 200).clamp(BOUNDS.0, BOUNDS.1);
    likelihoods.iter().map(|&likelihood| u64::from(likelihood >> 8) > limit).collect()
}

#[test]
fn sure_pages_lose_what_is_doubtful() {
    let level = |percent: u32| (percent * 65_535 / 100) as u16;
    // The line of 40 % stays only where the others are no surer.
    let sure = choose(&[level(98), level(40), level(2)], &[400, 40, 100]);
    assert_eq!(sure, [true, false, false]);
    let unsure = choose(&[level(55), level(40), level(2)], &[400, 40, 100]);
    assert_eq!(unsure, [true, true, false]);
    // Too little of an article, or too unlikely.
    assert_eq!(choose(&[level(99), level(1)], &[15, 100]), [false, false]);
    assert_eq!(choose(&[level(12); 2], &[400, 400]), [false, false]);
    assert_eq!(choose(&[], &[]), []);
}

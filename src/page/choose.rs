//! Which lines of a page stay, given how likely each is to be of the article.

/// Least and most likely a line must be to stay, in 256ths.
const BOUNDS: (u32, u32) = (26, 154);
/// A page whose best choice is no better than this is no article: nothing of it stays. In
/// hundredths of the F1 that is to be expected.
const HOPELESS: u64 = 25;

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
    let mass = |level: usize| level as u64 * counts[level];
    let expected: u64 = (0..256).map(mass).sum();
    let (mut kept, mut right, mut best) = (0, 0, 0u64);
    for level in (0..256).rev() {
        kept += 255 * counts[level];
        right += mass(level);
        best = best.max((200 * right).checked_div(kept + expected).unwrap_or(0));
    }
    if best < HOPELESS {
        return vec![false; likelihoods.len()];
    }
    let limit = ((best * 256 / 200) as u32).clamp(BOUNDS.0, BOUNDS.1);
    likelihoods.iter().map(|&likelihood| u32::from(likelihood >> 8) > limit).collect()
}

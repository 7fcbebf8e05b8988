//! What the model is told of a line: one byte for each feature.

/// Declares the features in order, each with the words in which `explain` names it.
macro_rules! features {
    ($($name:ident $words:literal),* $(,)?) => {
        /// A feature, which is its place in a line's row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Feature { $($name),* }

        impl Feature {
            /// What each is, in words, in order.
            pub(crate) const NAMES: &[&str] = &[$($words),*];
        }
    };
}

features! {
    // The line itself.
    Words "number of words",
    Bytes "length",
    WordLength "length of its words",
    Digits "digits",
    Upper "capital letters",
    Capitalized "words with a capital",
    ShortWords "short words in lower case",
    Signs "signs and punctuation",
    Caseless "letters without case",
    Commas "commas",
    Sentences "sentences",
    Colons "colons",
    Quotes "quotation marks",
    Bars "bars, slashes and arrows",
    Brackets "brackets",
    Dashes "dashes",
    Money "signs of money and percent",
    Code "signs of addresses and code",
    Numbers "numbers",
    Times "times and decimals",
    Years "years",
    End "how it ends",
    First "how it begins",
    Bullet "a bullet",
    Indent "indentation",
    BlankAbove "a blank line above",
    BlankBelow "a blank line below",
    Prose "prose",
    Cells "cells of a table",
    // Its words, among those of the page.
    Known "words that the page's prose has too",
    Common "words that are frequent in the page's prose",
    Title "words of the page's first line",
    TitleShare "how much of the page's first line it repeats",
    Repeats "how often it stands in the page",
    RepeatsAbove "how often it stood above",
    // Rules.
    Gone "furniture by a rule",
    Partly "a part that is furniture by a rule",
    Candidate "cues of a rule",
    GoneAbove "distance to furniture above",
    GoneBelow "distance to furniture below",
    // Where it stands.
    Position "place in the page",
    LinesAbove "lines above",
    LinesBelow "lines below",
    WordsAbove "share of the words above",
    ProseAbove "share of the prose above",
    ToProseAbove "distance to prose above",
    ToProseBelow "distance to prose below",
    ProseIndent "indentation against that of the prose",
    Cluster "prose of its stretch",
    ClusterShare "share of the page's prose in its stretch",
    ToMain "place against the longest stretch of prose",
    NearWords "words in the three lines on each side",
    NearWordsAbove "words in the five lines above",
    NearWordsBelow "words in the five lines below",
    NearProseAbove "prose in the twelve lines above",
    NearProseBelow "prose in the twelve lines below",
    NearProse "prose in the forty lines on each side",
    NearGone "furniture by rules in the eight lines on each side",
    NearShort "short lines in the eight lines on each side",
    NearBullets "bullets in the eight lines on each side",
    NearRepeats "repeated lines in the eight lines on each side",
    NearNumbers "lines with numbers in the eight lines on each side",
    NearKnown "known words in the three lines on each side",
    ShortAbove "short lines in a row above",
    ShortBelow "short lines in a row below",
    AlikeAbove "lines alike in a row above",
    AlikeBelow "lines alike in a row below",
    Paragraph "lines between blank lines",
    InParagraph "place between blank lines",
    ParagraphWords "words between blank lines",
    SinceTitle "distance to a line like the page's first above",
    // The page.
    PageLines "lines of the page",
    PageWords "words of the page",
    PageProse "prose of the page",
    PageProseShare "share of prose in the page",
    PageGone "furniture by rules in the page",
    PageBullets "bullets in the page",
    PageRepeats "repeated lines in the page",
    PageNumbers "lines with numbers in the page",
    PageMoney "lines with prices in the page",
    PageTimes "lines with times in the page",
    PageMain "share of the page's prose in its longest stretch",
    // What words of lines elsewhere say.
    Learned "its words, as on other pages",
    // What the pass before thinks.
    Score "impression so far",
    ScoreNear "impression so far of the three lines on each side",
    ScoreAround "impression so far of the ten lines on each side",
    ScoreFar "impression so far of the thirty lines on each side",
    ScoreAbove "impression so far of the eight lines above",
    ScoreBelow "impression so far of the eight lines below",
    ScoreIndent "impression so far of lines with its indentation",
    ScoreAlike "impression so far of lines like it",
    ScoreRun "impression so far of the list it is in",
    ScoreParagraph "impression so far of its paragraph",
    MassAbove "share of the likely article above",
    Mass "likely article in its stretch",
    MassShare "share of the likely article in its stretch",
    ToBest "place against the likeliest stretch",
    SureAbove "distance to sure article above",
    SureBelow "distance to sure article below",
    PageMass "likely article in the page",
    PageMassShare "share of likely article in the page",
    PageSure "how sure the impression so far is",
    PageBest "share of the likely article in the likeliest stretch",
    // What the words of the lines around say.
    LearnedNear "words of the three lines on each side, as on other pages",
    LearnedAround "words of the ten lines on each side, as on other pages",
    LearnedFar "words of the thirty lines on each side, as on other pages",
    LearnedAbove "words of the eight lines above, as on other pages",
    LearnedBelow "words of the eight lines below, as on other pages",
    PageLearned "words of the page, as on other pages",
}

/// How many there are.
pub(crate) const FEATURES: usize = Feature::NAMES.len();

/// How many a line has by itself; they are the first ones.
pub(crate) const OF_LINE: usize = Feature::Known as usize;

/// A count as a byte: exact up to 15, then in sixteenths of a power of two.
pub(crate) fn level(count: usize) -> u8 {
    if count < 16 {
        return count as u8;
    }
    let power = count.ilog2() as usize;
    let level = 16 * (power - 3) + ((count >> (power - 4)) & 15);
    level.min(255) as u8
}

/// A part of a whole as a byte; 0 of nothing.
pub(crate) fn share(part: usize, whole: usize) -> u8 {
    (255 * part).checked_div(whole).map_or(0, |share| share.min(255) as u8)
}

/// A count as a byte, as long as it is small.
pub(crate) fn few(count: usize) -> u8 {
    count.min(255) as u8
}

/// A difference as a byte, 128 for none.
pub(crate) fn difference(a: usize, b: usize) -> u8 {
    (128 + (a as i64 - b as i64).clamp(-128, 127)) as u8
}

#[test]
fn levels_rise() {
    let counts = (0..400).chain((9..40).map(|power| 1 << power));
    let levels: Vec<u8> = counts.map(level).collect();
    assert!(levels.is_sorted());
    assert_eq!((level(15), level(16), level(17), level(32)), (15, 16, 17, 32));
    assert_eq!(level(usize::MAX), 255);
}

//! What a text is cleaned by: our own rules, and others to compare them with.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{RegexSet, RegexSetBuilder};
use unfurnish::Cleaner;

use super::words::is_space;

/// A way to clean a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The text as it is.
    Nothing,
    Unfurnish,
    /// The rules for lines of C4, the corpus of T5.
    C4,
    /// The phrases of NeMo Curator.
    Nemo,
    /// Forty regular expressions.
    Phrases,
}

impl Method {
    pub(super) const OWN: [Method; 2] = [Method::Nothing, Method::Unfurnish];
    pub(super) const ALL: [Method; 5] =
        [Method::Nothing, Method::Unfurnish, Method::C4, Method::Nemo, Method::Phrases];

    /// In JSON.
    pub(super) fn key(self) -> &'static str {
        match self {
            Method::Nothing => "nothing",
            Method::Unfurnish => "unfurnish",
            Method::C4 => "c4",
            Method::Nemo => "nemo",
            Method::Phrases => "phrases",
        }
    }

    /// In tables.
    pub(super) fn name(self) -> &'static str {
        match self {
            Method::Nothing => "nothing removed",
            Method::Unfurnish => "unfurnish",
            Method::C4 => "C4 line rules",
            Method::Nemo => "NeMo Curator phrases",
            Method::Phrases => "phrase list",
        }
    }

    /// Cleans a text. The cleaner is the one of `Unfurnish`.
    pub(super) fn clean<'t>(self, cleaner: &'t Cleaner, text: &'t str) -> Output<'t> {
        match self {
            Method::Nothing => Output { text: text.into(), removed: Vec::new() },
            Method::Unfurnish => {
                let cleaned = cleaner.clean(text);
                let removed = cleaned.removals().iter().map(|removal| removal.span.clone());
                Output { removed: removed.collect(), text: cleaned.into_text() }
            }
            Method::C4 => lines_that(text, passes_c4),
            Method::Nemo => lines_that(text, |line| {
                let line = line.to_lowercase();
                !NEMO.iter().any(|phrase| line.contains(phrase))
            }),
            Method::Phrases => lines_that(text, |line| !PHRASES.is_match(line)),
        }
    }
}

/// What is left of a text.
pub(super) struct Output<'t> {
    pub(super) text: Cow<'t, str>,
    /// What is not, in bytes of the text.
    pub(super) removed: Vec<Range<usize>>,
}

fn lines_that(text: &str, stay: impl Fn(&str) -> bool) -> Output<'_> {
    let mut left = Vec::new();
    let mut removed = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        match stay(line) {
            true => left.push(line),
            false => removed.push(start..start + line.len()),
        }
        start += line.len() + 1;
    }
    Output { text: left.join("\n").into(), removed }
}

/// What C4 keeps of a page (Raffel et al. 2020, section 2.2, and `c4_utils.py` of TensorFlow Datasets):
/// lines of three words or more that end like a sentence and name neither JavaScript nor a policy.
/// Its ends of sentences are `.`, `!`, `?` and `"`; those of other languages are added, since
/// without them it would remove nearly all of some.
fn passes_c4(line: &str) -> bool {
    const ENDS: [char; 11] = ['.', '!', '?', '"', '”', '’', '\'', '。', '！', '？', '»'];
    const POLICIES: [&str; 6] = [
        "terms of use",
        "privacy policy",
        "cookie policy",
        "uses cookies",
        "use of cookies",
        "use cookies",
    ];
    let line = line.trim_matches(is_space);
    let words = line.split(is_space).filter(|word| !word.is_empty());
    let lower = line.to_lowercase();
    line.ends_with(ENDS)
        && !line.ends_with("...")
        && words.count() >= 3
        && !lower.contains("javascript")
        && !POLICIES.iter().any(|policy| lower.contains(policy))
}

/// What NeMo Curator takes for boilerplate: `policy_substrings` in its file
/// `nemo_curator/stages/text/utils/constants.py` (github.com/NVIDIA-NeMo/Curator, commit 1ac6eea, 2025),
/// in lower case as it compares them. A line that contains one of them goes, as in its
/// `LineLevelQualityFilter` without the rules that are not about phrases.
const NEMO: [&str; 14] = [
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "privacy overview",
    "use of cookies",
    "use cookies",
    "privacy & cookies policy",
    "privacy and cookies policy",
    "this website uses cookies to improve your experience while you navigate through the \
     website. out of these cookies, the cookies that are categorized as necessary are stored \
     on your browser as they are essential for the working of basic functionalities of the \
     website. we also use third-party cookies that help us analyze and understand how you use \
     this website. these cookies will be stored in your browser only with your consent. you \
     also have the option to opt-out of these cookies. but opting out of some of these \
     cookies may have an effect on your browsing experience.",
    "necessary cookies are absolutely essential for the website to function properly. this \
     category only includes cookies that ensures basic functionalities and security features \
     of the website. these cookies do not store any personal information.",
    "any cookies that may not be particularly necessary for the website to function and is \
     used specifically to collect user personal data via analytics, ads, other embedded \
     contents are termed as non-necessary cookies. it is mandatory to procure user consent \
     prior to running these cookies on your website.",
    "this site uses cookies, including for analytics, personalization, and advertising \
     purposes. for more information or to change your cookie settings, click here.",
    "if you continue to browse this site without changing your cookie settings, you agree to \
     this use. acceptread more",
];

/// A list as one writes it in ten minutes, of what everybody has seen: a line that matches goes.
static PHRASES: LazyLock<RegexSet> = LazyLock::new(|| {
    let list = [
        r"sign up (for|to) (our|the)\b.*newsletter",
        r"subscribe to (our|the)\b.*(newsletter|channel|podcast)",
        r"^(newsletter|newsletters)$",
        r"(in|to) your inbox",
        r"enter your e-?mail",
        r"^(also read|read also|read more|read next|see also|related)\b.{0,3}:",
        r"^(read more|continue reading|learn more|see more|show more|load more)$",
        r"^(related|recommended|popular|trending|latest|more)( \w+)? (articles?|posts?|stories|news|topics)",
        r"^(you may|you might) also (like|enjoy)",
        r"^more (from|on|in) \w+",
        r"^don'?t miss\b",
        r"^(share|tweet|pin|print|email)( (this|on|via|it)\b.*)?$",
        r"share (this|on) (article|post|story|page|facebook|twitter|x|whatsapp|linkedin)",
        r"(follow|like|find) us on\b",
        r"^follow @?\w+( on \w+)?$",
        r"click to share",
        r"^(home|menu|search|login|log in|sign in|register|contact( us)?|about( us)?)$",
        r"^(skip to|back to) (main )?(content|top)",
        r"^(previous|next)( (post|article|story|page))?$",
        r"^(tags|categories|filed under|posted in|topics)\b ?:",
        r"^home ?[>»/|]",
        r"all rights reserved",
        r"(©|copyright) ?\(?c?\)? ?(19|20)\d\d",
        r"(privacy|cookie) policy",
        r"terms (of|and) (use|service|conditions)",
        r"(uses?|accept) (all )?cookies",
        r"affiliate (links?|commission)",
        r"^(advertisement|sponsored|sponsored content|ad|promoted|anzeige|publicité|publicidad)$",
        r"subscribe (now|today)",
        r"already (a subscriber|have an account|a member)",
        r"(start|get) your free trial",
        r"download (our|the) app",
        r"support (our|independent) journalism",
        r"^leave a (reply|comment)",
        r"your e-?mail address will not be published",
        r"^\d* ?comments?( \(\d+\))?$",
        r"(post|add|write) a comment",
        r"(log|sign) in to (comment|reply|post)",
        r"(enable|requires|turn on) javascript",
        r"^(loading|please wait)\b.{0,3}$",
    ];
    RegexSetBuilder::new(list).case_insensitive(true).build().expect("the list is a constant")
});

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "The harbour reopened on Friday, he said.\nSign up for our newsletter today!\n\
                        Read more\nWe use cookies on this site.\nHe said so ...\nAnd then";

    #[track_caller]
    fn check(method: Method, want: &[usize]) {
        let cleaner = Cleaner::new();
        let lines: Vec<&str> = TEXT.split('\n').collect();
        let want: Vec<&str> = want.iter().map(|line| lines[*line]).collect();
        let output = method.clean(&cleaner, TEXT);
        assert_eq!(output.text.split('\n').collect::<Vec<_>>(), want);
        let removed = output.removed.into_iter().map(|span| &TEXT[span]);
        assert_eq!(removed.chain(want).count(), lines.len());
    }

    #[test]
    fn each_has_its_own_idea() {
        check(Method::Nothing, &[0, 1, 2, 3, 4, 5]);
        check(Method::C4, &[0, 1]);
        check(Method::Nemo, &[0, 1, 2, 4, 5]);
        check(Method::Phrases, &[0, 4, 5]);
    }
}

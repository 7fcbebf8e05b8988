//! The laws of DESIGN.md, on whatever libFuzzer comes up with.
//!
//! Chance seldom spells a cue, so texts are made of pieces, and a piece may be a line of furniture
//! or of prose that is known to be one.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use unfurnish::{Category, Cleaned, Cleaner};

#[derive(Arbitrary, Debug)]
enum Piece<'a> {
    Bytes(&'a [u8]),
    Known(u8),
    Break,
}

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    cleaner: u8,
    pieces: Vec<Piece<'a>>,
}

const KNOWN: &[&str] = &[
    "ALSO READ: Ten hotels with a view",
    "Also read",
    "Related",
    "Ten hotels with a view of the sea",
    "Sign up for our newsletter",
    "and get it in your inbox every morning.",
    "Get the morning briefing",
    "Submit",
    "Share this article:",
    "Facebook Twitter WhatsApp",
    "Facebook",
    "12 Comments",
    "Advertisement",
    "We use cookies to improve your experience.",
    "He was born in the valley, and he went back there when the war was over.",
    "\"Sign up for our newsletter\", she said.",
    "e\u{301}",
    "\u{a0}",
    "\r\n",
    "- ",
    "\n\n",
];

/// Building takes longer than cleaning: a few cleaners for all runs.
static CLEANERS: LazyLock<Vec<Cleaner>> = LazyLock::new(|| {
    let everything = Category::ALL.into_iter().fold(Cleaner::builder(), |b, c| b.remove(c));
    let with = |options: &[(&str, &str)]| {
        let set = |builder: unfurnish::Builder, &(key, value): &(&str, &str)| {
            builder.set(key, value).expect("the options are valid")
        };
        options.iter().fold(Cleaner::builder(), set).build().expect("the packs are valid")
    };
    vec![
        Cleaner::new(),
        with(&[("profile", "normalize")]),
        with(&[("budget", "1")]),
        with(&[("budget", "1"), ("quotes", "straighten"), ("dashes", "straighten")]),
        with(&[("budget", "1"), ("width", "fold"), ("ligatures", "split"), ("ellipsis", "dots")]),
        with(&[("budget", "1"), ("nbsp", "keep")]),
        everything.budget(1.0).build().expect("the packs are valid"),
    ]
});

/// The input with the edits and removals made.
fn replay(input: &str, cleaned: &Cleaned<'_>) -> String {
    let removals = cleaned.removals().iter().map(|removal| (removal.span.clone(), ""));
    let edits = cleaned.edits().map(|edit| (edit.span, edit.replacement));
    let (removals, edits): (Vec<_>, Vec<_>) = (removals.collect(), edits.collect());
    let mut changes: Vec<_> = removals.into_iter().chain(edits).collect();
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    let mut output = String::new();
    let mut at = 0;
    for (span, replacement) in changes {
        assert!(at <= span.start, "{span:?} overlaps what ends at {at}");
        output.push_str(&input[at..span.start]);
        output.push_str(replacement);
        at = span.end;
    }
    output.push_str(&input[at..]);
    output
}

fuzz_target!(|case: Case<'_>| {
    let mut bytes = Vec::new();
    for piece in &case.pieces {
        match piece {
            Piece::Bytes(piece) => bytes.extend_from_slice(piece),
            Piece::Known(n) => bytes.extend(KNOWN[usize::from(*n) % KNOWN.len()].bytes()),
            Piece::Break => bytes.push(b'\n'),
        }
    }
    let cleaner = &CLEANERS[usize::from(case.cleaner) % CLEANERS.len()];
    let text = String::from_utf8_lossy(&bytes);
    let cleaned = cleaner.clean(&text);
    assert_eq!(cleaner.clean_bytes(&bytes).text(), cleaned.text(), "bytes or text: the same");
    assert_eq!(replay(&text, &cleaned), cleaned.text(), "all is accounted for");
    let again = cleaner.clean(cleaned.text());
    assert_eq!(again.text(), cleaned.text(), "twice is the same as once");
    // What is gone stays gone, unless so much would have to go that nothing does.
    assert!(again.removals().is_empty());
});

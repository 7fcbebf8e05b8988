//! unfurnish from Rust.

use unfurnish::{Cleaner, Profile};

use crate::clock::best;
use crate::corpus::Corpus;
use crate::row::{Row, hash};

pub(crate) fn measure(corpus: &Corpus) -> Vec<Row> {
    let (normalizer, cleaner) = (normalizer(), Cleaner::new());
    let documents = &corpus.documents;
    let mut rows = Vec::new();
    for (what, cleaner) in [("normalize", &normalizer), ("article", &cleaner)] {
        let answer = hash(documents.iter().map(|text| cleaner.clean(text).into_text()));
        check(corpus, what, cleaner, &answer);
        let ns =
            best(|| documents.iter().map(|text| cleaner.clean(text).text().len()).sum::<usize>());
        rows.push(Row::of_all(corpus, what, ns, answer));
    }
    let explain = || documents.iter().map(|text| removed(&cleaner, text)).sum::<usize>();
    rows.push(Row::of_all(corpus, "article, removals read", best(explain), explain()));
    rows
}

pub(crate) fn normalizer() -> Cleaner {
    Cleaner::builder().profile(Profile::Normalize).build().unwrap()
}

/// What is known of the result: the whole of it, or that cleaning it again changes nothing.
fn check(corpus: &Corpus, what: &str, cleaner: &Cleaner, answer: &str) {
    let name = &corpus.name;
    match &corpus.expected {
        Some(expected) if what == "article" => assert_eq!(answer, hash(expected), "{name}"),
        _ => {
            let texts = corpus.documents.iter().map(|text| cleaner.clean(text).into_text());
            let again = texts.map(|text| cleaner.clean(&text).into_text().into_owned());
            assert_eq!(answer, hash(again), "{name}, {what} twice");
        }
    }
}

/// The bytes that went, asked of each removal.
fn removed(cleaner: &Cleaner, text: &str) -> usize {
    let cleaned = cleaner.clean(text);
    cleaned.removals().iter().map(|removal| removal.span.len() + removal.rule.len()).sum::<usize>()
        + cleaned.edits().map(|edit| edit.span.len()).sum::<usize>()
}

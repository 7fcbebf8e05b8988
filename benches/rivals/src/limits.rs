//! What no cleaner can be faster than: copying the text, with and without a look at its lines.

use unicode_normalization::{IsNormalized, is_nfc_quick};

use crate::clock::best;
use crate::corpus::Corpus;
use crate::row::Row;

pub(crate) fn measure(corpus: &Corpus) -> Vec<Row> {
    let documents = &corpus.documents;
    let whole = documents.concat();
    // All go into one buffer, as what is to be written would: it does not stay in the cache.
    let mut copy = String::with_capacity(whole.len());
    let row = |what, ns| Row::of_all(corpus, what, ns, "checked");

    let memcpy = best(|| {
        copy.clear();
        documents.iter().for_each(|document| copy.push_str(document));
    });
    assert!(copy == whole, "{}", corpus.name);
    let copied_lines = best(|| {
        copy.clear();
        documents.iter().for_each(|document| copy_lines(document, &mut copy));
    });
    assert!(copy == whole, "{}", corpus.name);

    let valid = || documents.iter().all(|text| std::str::from_utf8(text.as_bytes()).is_ok());
    assert!(valid());
    let utf8 = best(valid);
    // Text of combining marks is not known to be normalized before it has been composed: `Maybe`.
    let count = |wanted: IsNormalized| {
        documents.iter().filter(|text| is_nfc_quick(text.chars()) == wanted).count()
    };
    if corpus.expected.is_some() {
        assert_eq!(count(IsNormalized::No), 0, "{}", corpus.name);
    }
    if corpus.name.contains("NFD") {
        assert!(count(IsNormalized::Yes) < documents.len(), "{}", corpus.name);
    }
    let nfc = best(|| count(IsNormalized::Yes));
    vec![
        row("memcpy", memcpy),
        row("line split + copy", copied_lines),
        row("UTF-8 validation", utf8),
        row("is_nfc_quick", nfc),
    ]
}

fn copy_lines(text: &str, copy: &mut String) {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        copy.push_str(&text[start..=end]);
        start = end + 1;
    }
    copy.push_str(&text[start..]);
}

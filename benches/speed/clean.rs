//! Profile `article` on articles with and without furniture.

use std::borrow::Cow;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use unfurnish::Cleaner;

use crate::texts::{self, LANGUAGES};

const SIZES: [(&str, usize); 3] = [("1KB", 1 << 10), ("100KB", 100 << 10), ("10MB", 10 << 20)];

pub(crate) fn benches(criterion: &mut Criterion) {
    let cleaner = Cleaner::new();
    let mut group = criterion.benchmark_group("clean");
    for language in &LANGUAGES {
        for (size, bytes) in SIZES {
            let clean = texts::article(language, bytes);
            let furnished = texts::furnish(language, &clean);

            // The right answer: nothing copied of the one, everything back of the other.
            let unchanged = cleaner.clean(&clean).into_text();
            assert!(matches!(unchanged, Cow::Borrowed(_)), "{}: {unchanged}", language.name);
            assert_eq!(cleaner.clean(&furnished).text(), clean, "{}", language.name);

            group.sample_size(if bytes > 1 << 20 { 10 } else { 20 });
            for (kind, text) in [("clean", &clean), ("furnished", &furnished)] {
                group.throughput(Throughput::Bytes(text.len() as u64));
                group.bench_function(format!("{}/{kind}/{size}", language.name), |bencher| {
                    bencher.iter(|| cleaner.clean(black_box(text)));
                });
            }
        }
    }
    group.finish();
    reference(criterion);
}

/// What the figures are held against: finding the lines of the same text and copying each.
fn reference(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reference");
    for language in &LANGUAGES {
        let text = texts::article(language, 100 << 10);
        let mut copy = String::with_capacity(text.len());
        copy_lines(&text, &mut copy);
        assert_eq!(copy, text);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("copy-lines/{}/100KB", language.name), |bencher| {
            bencher.iter(|| copy_lines(black_box(&text), &mut copy));
        });
    }
    group.finish();
}

fn copy_lines(text: &str, copy: &mut String) {
    copy.clear();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        copy.push_str(&text[start..=end]);
        start = end + 1;
    }
    copy.push_str(&text[start..]);
}

//! Profile `normalize`: text that is clean already, and text that has to be composed.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use unfurnish::{Cleaner, Profile};
use unicode_normalization::UnicodeNormalization;

use crate::texts::{self, LANGUAGES};

const BYTES: usize = 100 << 10;

pub(crate) fn benches(criterion: &mut Criterion) {
    let cleaner = Cleaner::builder().profile(Profile::Normalize).build().unwrap();
    let mut group = criterion.benchmark_group("normalize");
    let mut bench = |name: &str, text: &str, expected: &str| {
        assert!(cleaner.clean(text).text() == expected, "{name}");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| cleaner.clean(black_box(text))));
    };
    for language in &LANGUAGES {
        let text = texts::article(language, BYTES);
        bench(&format!("{}/clean", language.name), &text, &text);
    }
    let german = texts::article(&texts::GERMAN, BYTES);
    let decomposed: String = german.nfd().collect();
    assert!(decomposed.len() > german.len());
    bench("german/decomposed", &decomposed, &german);
    // A line feed and a carriage return at every line: the commonest repair there is.
    let english = texts::article(&texts::ENGLISH, BYTES);
    bench("english/crlf", &english.replace('\n', "\r\n"), &english);
    group.finish();
}

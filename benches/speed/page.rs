//! Profile `page` on the pages of `tests/pages/`, and beside it what the rules alone take: the
//! difference is the price of the model.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use unfurnish::{Cleaner, Profile};

/// Each page with what it must keep.
const PAGES: [(&str, &str, &str); 3] = [
    ("german", include_str!("../../tests/pages/blog.de.txt"), "Das Moor beginnt gleich"),
    ("russian", include_str!("../../tests/pages/news.ru.txt"), "Телескоп собрали в 1911 году"),
    ("japanese", include_str!("../../tests/pages/product.ja.txt"), "港町の小さな工房で"),
];

pub(crate) fn benches(criterion: &mut Criterion) {
    let rules = Cleaner::builder().budget(1.0).build().expect("the default with a budget");
    let page = Cleaner::builder().profile(Profile::Page).build().expect("a profile");
    let mut group = criterion.benchmark_group("page");
    for (language, marked, kept) in PAGES {
        let lines = marked.lines().flat_map(|line| [line.get(2..).unwrap_or(""), "\n"]);
        let text: String = lines.collect();
        let cleaned = page.clean(&text);
        assert!(cleaned.text().contains(kept), "{language}: {}", cleaned.text());
        assert!(2 * cleaned.text().len() < 3 * text.len(), "{language}: {}", cleaned.text());
        group.throughput(Throughput::Bytes(text.len() as u64));
        for (name, cleaner) in [("rules", &rules), ("page", &page)] {
            group.bench_function(format!("{language}/{name}"), |bencher| {
                bencher.iter(|| cleaner.clean(black_box(&text)));
            });
        }
    }
    group.finish();
}

//! Building a cleaner: what a process pays once.

use criterion::Criterion;
use unfurnish::Cleaner;

pub(crate) fn benches(criterion: &mut Criterion) {
    let text = "The vote is on Friday, and turnout will be high.\n\nALSO READ: Ten hotels";
    assert_eq!(Cleaner::new().clean(text).removals().len(), 1);
    criterion.bench_function("build/default", |bencher| bencher.iter(Cleaner::new));
}

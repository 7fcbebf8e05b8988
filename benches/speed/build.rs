//! Building a cleaner: what a process pays once.

use criterion::Criterion;
use unfurnish::Cleaner;

pub(crate) fn benches(criterion: &mut Criterion) {
    assert!(Cleaner::new().rule_ids().len() > 0);
    criterion.bench_function("build/default", |bencher| bencher.iter(Cleaner::new));
}

//! How fast: `cargo bench`, or `cargo bench -- clean/german` for some of it.
//!
//! Every bench first asserts that what it measures gives the right answer. One binary, because
//! linking takes longer than measuring.

mod build;
mod clean;
mod column;
mod normalize;
mod page;
mod texts;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20)
        .without_plots()
        .configure_from_args();
    clean::benches(&mut criterion);
    column::benches(&mut criterion);
    normalize::benches(&mut criterion);
    page::benches(&mut criterion);
    build::benches(&mut criterion);
    criterion.final_summary();
}

//! Time that this thread was computing, best of several runs.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;

/// How long one thing is measured, and how often at least: guesses, between patience and noise.
const BUDGET: Duration = Duration::from_millis(400);
const LEAST_RUNS: u32 = 3;
/// What takes longer than this is not run again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Nanoseconds of the best run.
pub(crate) fn best<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut best = Duration::MAX;
    let mut spent = Duration::ZERO;
    let mut runs = 0;
    while spent < PATIENCE && (runs < LEAST_RUNS || spent < BUDGET) {
        let start = ThreadTime::now();
        black_box(run());
        let took = start.elapsed();
        best = best.min(took);
        spent += took;
        runs += 1;
    }
    best.as_nanos() as f64
}

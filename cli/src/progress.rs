//! A progress bar on a terminal, for work that takes more than a moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::tally::Number;

/// Work that is done by then needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far the work is, told on standard error if that is wanted.
pub(crate) struct Progress {
    wanted: bool,
    start: Instant,
    /// Bytes read.
    read: Arc<AtomicU64>,
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// `read` is counted by others, up to `total` if that is known.
    pub(crate) fn new(wanted: bool, read: Arc<AtomicU64>, total: Option<u64>) -> Progress {
        Progress { wanted, start: Instant::now(), read, total, bar: None }
    }

    /// To be called often, with the documents that are done.
    pub(crate) fn update(&mut self, documents: u64) {
        if !self.wanted || self.bar.is_none() && self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| new_bar(self.total, self.start.elapsed()));
        bar.set_position(self.read.load(Ordering::Relaxed));
        bar.set_message(format!("{} documents", Number(documents)));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn new_bar(total: Option<u64>, elapsed: Duration) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:30} {percent}% of {total_bytes}, {bytes_per_sec}, {msg}, {eta} left",
        ),
        None => {
            (ProgressBar::new_spinner(), "{spinner} {bytes}, {bytes_per_sec}, {msg}, {elapsed}")
        }
    };
    let style = ProgressStyle::with_template(template).expect("the template is a constant");
    bar.with_style(style).with_elapsed(elapsed)
}

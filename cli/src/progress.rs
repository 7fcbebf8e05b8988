//! How far a run is: a bar on a terminal, a line a minute elsewhere, for work that takes more than
//! a moment.

use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressStyle};

use crate::failure::tell;
use crate::tally::Count;

/// Work that is done by then needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where there is no terminal, what is told has a place in a log.
const BETWEEN_LINES: Duration = Duration::from_secs(60);

/// How far the work is, told on standard error if that is wanted.
pub(crate) struct Progress {
    shape: Shape,
    start: Instant,
    /// Bytes read.
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

enum Shape {
    Nothing,
    Bar(Option<ProgressBar>),
    Lines { next: Duration },
}

impl Progress {
    /// `read` is counted by others, up to `total` if that is known.
    pub(crate) fn new(wanted: bool, read: Arc<AtomicU64>, total: Option<u64>) -> Progress {
        let shape = match (wanted, io::stderr().is_terminal()) {
            (false, _) => Shape::Nothing,
            (true, true) => Shape::Bar(None),
            (true, false) => Shape::Lines { next: BETWEEN_LINES },
        };
        Progress { shape, start: Instant::now(), read, total }
    }

    /// To be called often, with the documents that are done.
    pub(crate) fn update(&mut self, documents: u64) {
        let elapsed = self.start.elapsed();
        let read = self.read.load(Ordering::Relaxed);
        match &mut self.shape {
            Shape::Bar(bar) if bar.is_some() || elapsed >= PATIENCE => {
                let bar = bar.get_or_insert_with(|| new_bar(self.total, elapsed));
                bar.set_position(read);
                bar.set_message(Count(documents, "document").to_string());
            }
            Shape::Lines { next } if elapsed >= *next => {
                *next = elapsed + BETWEEN_LINES;
                tell(line(documents, read, self.total, elapsed));
            }
            _ => {}
        }
    }

    /// Says something without disturbing the bar.
    pub(crate) fn tell(&self, message: impl Display) {
        match &self.shape {
            Shape::Bar(Some(bar)) => bar.suspend(|| tell(message)),
            _ => tell(message),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Shape::Bar(Some(bar)) = &self.shape {
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

/// What a log is told.
fn line(documents: u64, read: u64, total: Option<u64>, elapsed: Duration) -> String {
    let rate = read as f64 / elapsed.as_secs_f64();
    let documents = Count(documents, "document");
    let told = format!("{documents}, {}/s", HumanBytes(rate as u64));
    match total {
        Some(total) if total > 0 => {
            let left = Duration::from_secs_f64(total.saturating_sub(read) as f64 / rate.max(1.0));
            let percent = (read as f64 / total as f64 * 100.0) as u64;
            let (total, left) = (HumanBytes(total), HumanDuration(left));
            format!("{} of {total} ({percent} %), {told}, {left} left", HumanBytes(read))
        }
        _ => format!("{}, {told}, {} so far", HumanBytes(read), HumanDuration(elapsed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_a_log() {
        let minute = Duration::from_secs(60);
        assert_eq!(
            line(1_234_567, 3 << 30, Some(10 << 30), minute),
            "3.00 GiB of 10.00 GiB (30 %), 1,234,567 documents, 51.20 MiB/s, 2 minutes left"
        );
        assert_eq!(
            line(7, 60 << 20, None, minute),
            "60.00 MiB, 7 documents, 1.00 MiB/s, 60 seconds so far"
        );
    }

    /// A minute goes by without a terminal; then there is a line, and none at once after it.
    #[test]
    fn a_line_a_minute() {
        let mut progress = Progress::new(true, Arc::default(), None);
        progress.shape = Shape::Lines { next: Duration::ZERO };
        progress.update(1);
        let Shape::Lines { next } = progress.shape else { panic!("it has changed its shape") };
        assert!(next >= BETWEEN_LINES);
    }
}

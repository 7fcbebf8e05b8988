//! Figures with their names, in the order in which they are shown.

use std::fmt::{self, Display};
use std::ops::AddAssign;

use serde_json::Value;

use crate::tally::Number;

/// One figure.
pub(super) struct Measure {
    /// In JSON.
    pub(super) key: &'static str,
    /// Above its column.
    pub(super) heading: &'static str,
    pub(super) figure: Figure,
}

/// `None` where there was nothing to divide by.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    Count(u64),
    /// From 0 to 1.
    Share(Option<f64>),
    /// Per thousand or per million.
    Rate(Option<f64>),
}

impl Figure {
    /// As many digits as a reader can use: `34.8 %`, `0.6`, `134,785`.
    pub(super) fn brief(&self) -> String {
        match *self {
            Figure::Share(Some(share)) => format!("{:.1} %", 100.0 * share),
            Figure::Rate(Some(rate)) if rate >= 100.0 => Number(rate.round() as u64).to_string(),
            Figure::Rate(Some(rate)) => format!("{rate:.1}"),
            other => other.to_string(),
        }
    }
}

impl Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Figure::Count(count) => Number(count).fmt(f),
            Figure::Share(Some(share)) => f.pad(&format!("{share:.4}")),
            Figure::Rate(Some(rate)) => f.pad(&format!("{rate:.2}")),
            Figure::Share(None) | Figure::Rate(None) => f.pad("-"),
        }
    }
}

impl From<Figure> for Value {
    fn from(figure: Figure) -> Value {
        match figure {
            Figure::Count(count) => count.into(),
            Figure::Share(figure) | Figure::Rate(figure) => figure.into(),
        }
    }
}

/// How many of how many.
#[derive(Clone, Copy, Default)]
pub(super) struct Part {
    pub(super) part: u64,
    pub(super) whole: u64,
}

impl Part {
    /// One more, which is of the part or not.
    pub(super) fn count(&mut self, is_part: bool) {
        self.part += u64::from(is_part);
        self.whole += 1;
    }

    pub(super) fn share(self) -> Option<f64> {
        self.per(1.0)
    }

    pub(super) fn per(self, unit: f64) -> Option<f64> {
        (self.whole > 0).then(|| unit * self.part as f64 / self.whole as f64)
    }
}

impl AddAssign for Part {
    fn add_assign(&mut self, other: Part) {
        self.part += other.part;
        self.whole += other.whole;
    }
}

/// A mean that is being taken.
#[derive(Clone, Copy, Default)]
pub(super) struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    /// Of nothing, or of one value.
    pub(super) fn of(value: Option<f64>) -> Mean {
        Mean { sum: value.unwrap_or(0.0), count: u64::from(value.is_some()) }
    }

    pub(super) fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

impl AddAssign for Mean {
    fn add_assign(&mut self, other: Mean) {
        self.sum += other.sum;
        self.count += other.count;
    }
}

/// The harmonic mean of precision and recall; 0 if both are.
pub(super) fn f1(precision: f64, recall: f64) -> f64 {
    match precision + recall {
        0.0 => 0.0,
        sum => 2.0 * precision * recall / sum,
    }
}

//! `clean --report`: a page that shows what a run did, and samples of it in place.
//!
//! - `counts`: sums, by batch and of the run.
//! - `sample`: which documents are shown, and how they are kept until then.
//! - `page`: the HTML, with `report.html`, `report.css` and `report.js`.

mod counts;
mod page;
mod sample;

use std::path::Path;
use std::sync::Arc;

use unfurnish::Cleaned;

use crate::cleaners::Cleaners;
use crate::failure::Failure;
use crate::labels::Labels;
use counts::Counts;
use sample::{Reservoir, Sample};

/// Documents with removals that are shown, and ones of which too much would have gone.
const SHOWN: usize = 300;
const SHOWN_ABSTAINED: usize = 50;

/// What a run did so far.
pub(crate) struct Report {
    counts: Counts,
    samples: Samples,
    watch: Arc<Watch>,
}

/// The samples of both kinds.
struct Samples {
    cleaned: Reservoir,
    abstained: Reservoir,
}

/// What those who clean need to know: which documents may still become samples.
#[derive(Default)]
pub(crate) struct Watch {
    cleaned: sample::Limit,
    abstained: sample::Limit,
}

/// What a batch adds to it.
#[derive(Default)]
pub(crate) struct Part {
    counts: Counts,
    cleaned: Vec<Sample>,
    abstained: Vec<Sample>,
}

/// A document that was cleaned.
pub(crate) struct Document<'d> {
    /// Where it stands: the input, from 0, and the row, from 1.
    pub(crate) source: usize,
    pub(crate) row: u64,
    /// What is said of it when it has no name of its own.
    pub(crate) place: &'d dyn Fn() -> String,
    pub(crate) labels: &'d Labels,
    pub(crate) text: &'d [u8],
    pub(crate) cleaned: &'d Cleaned<'d>,
}

impl Report {
    pub(crate) fn new() -> Report {
        let watch = Arc::new(Watch::default());
        let samples =
            Samples { cleaned: Reservoir::new(SHOWN), abstained: Reservoir::new(SHOWN_ABSTAINED) };
        Report { counts: Counts::default(), samples, watch }
    }

    pub(crate) fn watch(&self) -> Arc<Watch> {
        Arc::clone(&self.watch)
    }

    pub(crate) fn add(&mut self, part: Part) {
        self.counts.add(part.counts);
        self.samples.cleaned.extend(part.cleaned, &self.watch.cleaned);
        self.samples.abstained.extend(part.abstained, &self.watch.abstained);
    }

    /// Writes the page.
    pub(crate) fn write(self, path: &Path) -> Result<(), Failure> {
        let Samples { cleaned, abstained } = self.samples;
        page::write(path, &self.counts, &cleaned.into_samples(), &abstained.into_samples())
    }
}

impl Watch {
    /// Notes a document in the part of its batch. `cleaners` say what would have gone if there were no
    /// budget.
    pub(crate) fn note(&self, document: &Document<'_>, cleaners: &Cleaners, part: &mut Part) {
        let language = counts::language(document.labels, document.text);
        let words = part.counts.note(document, &language);
        let hash = sample::hash(document.source, document.row);
        let keep = |removals| Sample::new(hash, document, removals, &language, words);
        if document.cleaned.abstained() {
            if self.abstained.admits(hash) {
                let cleaner = cleaners.unlimited(document.labels.site.as_deref());
                let cleaned = cleaner.clean_bytes(document.text);
                part.abstained.push(keep(cleaned.removals()));
            }
        } else if !document.cleaned.removals().is_empty() && self.cleaned.admits(hash) {
            part.cleaned.push(keep(document.cleaned.removals()));
        }
    }
}

//! What training needs: features as at run time, and cleaning with other weights. Not part of the
//! interface: it may change in any release.

use std::ops::Range;

use super::columns::Columns;
use super::features::{FEATURES, Feature};
use super::{Again, Model, Page, article_lines};
use crate::assemble::assemble;
use crate::cleaner::Cleaner;
use crate::normalize::{Normalization, normalize};
use crate::weigh::weigh_page;

/// The number of features.
pub const WIDTH: usize = FEATURES;

/// The names of the features.
pub const NAMES: &[&str] = Feature::NAMES;

/// The features of a page's lines, without what the model itself adds.
#[derive(Debug, Default)]
pub struct Sample {
    /// The normalized text.
    pub text: String,
    /// Where its lines are.
    pub lines: Vec<Range<usize>>,
    /// The features of each.
    pub rows: Vec<[u8; WIDTH]>,
    /// How many words each has.
    pub words: Vec<u32>,
    /// The hashes of the words of each.
    pub hashes: Vec<Vec<u32>>,
}

impl Sample {
    /// The sample of a page, by the rules of a cleaner.
    pub fn of(text: &str, cleaner: &Cleaner) -> Sample {
        let text = normalize(text, &Normalization::default()).text.into_owned();
        let mut sample = Sample::default();
        weigh_page(&text, cleaner.known(), |lines, said| {
            let mut page = Page::default();
            page.read(&text, lines, said);
            sample.hashes = (0..lines.len()).map(|line| page.hashes(line).to_vec()).collect();
            sample.lines = lines.to_vec();
            sample.rows = (0..lines.len()).map(|line| page.columns.row(line)).collect();
            sample.words = page.words;
            vec![true; lines.len()]
        });
        sample.text = text;
        sample
    }
}

/// Fills in what the words and the scores in the rows of a page say of the lines around each.
pub fn look_again(rows: &mut [[u8; WIDTH]], words: &[u32]) {
    let mut columns = Columns::default();
    columns.clear(rows.len());
    for (line, row) in rows.iter().enumerate() {
        columns.put(line, row);
    }
    let mut again = Again::default();
    again.look_at_words(&mut columns, words);
    again.look(&mut columns, words);
    for (line, row) in rows.iter_mut().enumerate() {
        *row = columns.row(line);
    }
}

/// A model that is being tried.
#[derive(Debug)]
pub struct Trial {
    model: Model,
}

impl Trial {
    /// Reads weights; `None` if they are none.
    pub fn read(weights: &[u8]) -> Option<Trial> {
        Model::read(weights).map(|model| Trial { model })
    }

    /// What a cleaner with this model leaves of a page.
    pub fn clean(&self, text: &str, cleaner: &Cleaner) -> String {
        let normalized = normalize(text, &Normalization::default());
        let text = &*normalized.text;
        let verdict = weigh_page(text, cleaner.known(), |lines, said| {
            article_lines(&self.model, text, lines, said)
        });
        assemble(normalized, verdict, cleaner.known().rules).into_text().into_owned()
    }
}

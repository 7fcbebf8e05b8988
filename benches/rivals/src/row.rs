//! One thing that was measured, on one corpus.

use crate::corpus::Corpus;

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) corpus: String,
    pub(crate) what: String,
    /// How many documents it was measured on, from the first; slow ones do not get all.
    pub(crate) documents: usize,
    pub(crate) bytes: usize,
    pub(crate) nanoseconds: f64,
    /// A hash of the texts that came out, or a number of matches.
    pub(crate) answer: String,
}

impl Row {
    pub(crate) fn of_all(
        corpus: &Corpus,
        what: &str,
        nanoseconds: f64,
        answer: impl ToString,
    ) -> Row {
        Row {
            corpus: corpus.name.clone(),
            what: what.to_owned(),
            documents: corpus.documents.len(),
            bytes: corpus.bytes(),
            nanoseconds,
            answer: answer.to_string(),
        }
    }

    /// Of a line that a program in another language printed.
    pub(crate) fn parse(line: &str) -> Option<Row> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [corpus, what, documents, bytes, nanoseconds, answer] = fields[..] else { return None };
        Some(Row {
            corpus: corpus.to_owned(),
            what: what.to_owned(),
            documents: documents.parse().ok()?,
            bytes: bytes.parse().ok()?,
            nanoseconds: nanoseconds.parse().ok()?,
            answer: answer.to_owned(),
        })
    }

    /// Megabytes per second.
    pub(crate) fn speed(&self) -> f64 {
        self.bytes as f64 * 1e3 / self.nanoseconds
    }
}

/// The hash of texts that came out: CRC-32, which C and Python compute as easily.
pub(crate) fn hash<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let mut hasher = crc32fast::Hasher::new();
    texts.into_iter().for_each(|text| hasher.update(text.as_ref().as_bytes()));
    format!("{:08x}", hasher.finalize())
}

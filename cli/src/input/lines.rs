//! Texts and lines of JSON, as they come from a file or a pipe.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

use super::BATCH;

/// What is read at most at a time from pipes: what one holds, usually.
const LIVE_BATCH: usize = 64 << 10;

/// A piece of an input.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    /// Complete lines; the very last may lack its line break.
    Lines(Vec<u8>),
    /// A line that was too long to be kept.
    TooLong,
}

pub(crate) struct LineReader {
    input: Box<dyn Read + Send>,
    /// What comes may be all for a while: pass it on. Files are read in batches of full size.
    live: bool,
    /// The bytes that a text may have, and a line; lines of no more than a batch are kept.
    longest: usize,
    /// The beginning of a line whose end has not been read.
    rest: Vec<u8>,
    /// The number of the line that comes next; after an error, of the line where it happened.
    pub(crate) line: u64,
}

impl LineReader {
    pub(crate) fn new(input: Box<dyn Read + Send>, live: bool, longest: usize) -> LineReader {
        LineReader { input, live, longest, rest: Vec::new(), line: 1 }
    }

    /// What comes next, and whether it is the last.
    pub(crate) fn read_lines(&mut self) -> io::Result<(Piece, bool)> {
        let mut bytes = std::mem::take(&mut self.rest);
        let last = loop {
            let searched = bytes.len();
            let read = self.read_some(&mut bytes);
            if read.is_err() {
                self.line += count_lines(&bytes);
            }
            if read? {
                break true;
            }
            if let Some(end) = memrchr(b'\n', &bytes[searched..]) {
                self.keep_rest(&bytes[searched + end + 1..]);
                bytes.truncate(searched + end + 1);
                break false;
            }
            if bytes.len() > self.longest.max(BATCH) {
                let last = self.pass_over_line(bytes)?;
                self.line += 1;
                return Ok((Piece::TooLong, last));
            }
        };
        self.line += count_lines(&bytes);
        Ok((Piece::Lines(bytes), last))
    }

    /// Reads on to the end of a line of which `bytes` is the beginning; true at the end of all.
    fn pass_over_line(&mut self, mut bytes: Vec<u8>) -> io::Result<bool> {
        loop {
            bytes.clear();
            bytes.shrink_to(BATCH);
            if self.read_some(&mut bytes)? {
                // What follows the line, if it ends here, is all there is.
                return match memchr(b'\n', &bytes) {
                    Some(end) if end + 1 < bytes.len() => {
                        self.keep_rest(&bytes[end + 1..]);
                        Ok(false)
                    }
                    _ => Ok(true),
                };
            }
            if let Some(end) = memchr(b'\n', &bytes) {
                self.keep_rest(&bytes[end + 1..]);
                return Ok(false);
            }
        }
    }

    fn keep_rest(&mut self, rest: &[u8]) {
        self.rest.reserve(rest.len() + BATCH);
        self.rest.extend_from_slice(rest);
    }

    /// Reads a batch, or of a live input what there is; true at the end.
    fn read_some(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        if !self.live {
            bytes.reserve(BATCH);
            let count = self.input.by_ref().take(BATCH as u64).read_to_end(bytes)?;
            return Ok(count < BATCH);
        }
        let length = bytes.len();
        bytes.resize(length + LIVE_BATCH, 0);
        let count = loop {
            match self.input.read(&mut bytes[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        bytes.truncate(length + count.as_ref().unwrap_or(&0));
        Ok(count? == 0)
    }

    /// All there is, or `None` if that is more than a text may have.
    pub(crate) fn read_all(&mut self, size: Option<u64>) -> io::Result<Option<Vec<u8>>> {
        let most = self.longest as u64 + 1;
        let mut bytes = Vec::with_capacity(size.unwrap_or(0).min(most) as usize + 1);
        let read = self.input.by_ref().take(most).read_to_end(&mut bytes);
        if read.is_err() {
            self.line += count_lines(&bytes);
        }
        read?;
        Ok((bytes.len() <= self.longest).then_some(bytes))
    }
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

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
        // Whole lines are left only by one that was passed over.
        if let Some(end) = memrchr(b'\n', &bytes) {
            self.keep_rest(&bytes[end + 1..]);
            bytes.truncate(end + 1);
            self.line += count_lines(&bytes);
            return Ok((Piece::Lines(bytes), false));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives what it holds in pieces of all sizes, with interruptions, and then fails or ends.
    struct Unsteady {
        bytes: Vec<u8>,
        place: usize,
        turn: usize,
        fails_at: Option<usize>,
    }

    impl Read for Unsteady {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.turn += 1;
            if self.turn.is_multiple_of(5) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let end = self.fails_at.unwrap_or(self.bytes.len());
            let most = [1, 7, 300, 70_000, usize::MAX][self.turn % 5];
            let count = most.min(buffer.len()).min(end - self.place);
            if count == 0 && self.fails_at.is_some() {
                return Err(io::Error::other("the disk is gone"));
            }
            buffer[..count].copy_from_slice(&self.bytes[self.place..self.place + count]);
            self.place += count;
            Ok(count)
        }
    }

    fn reader(bytes: &[u8], live: bool, longest: usize, fails_at: Option<usize>) -> LineReader {
        let input = Unsteady { bytes: bytes.to_vec(), place: 0, turn: 0, fails_at };
        LineReader::new(Box::new(input), live, longest)
    }

    /// Lines of all sizes, of which every seventh is longer than a batch.
    fn lines() -> Vec<Vec<u8>> {
        let length = |number: usize| if number % 7 == 6 { 3 * BATCH } else { number * 331 % 5_000 };
        (0..40).map(|number| [vec![b'a'; length(number)], b"\n".to_vec()].concat()).collect()
    }

    #[test]
    fn lines_come_whole_and_too_long_ones_are_passed_over() {
        let lines = lines();
        for live in [false, true] {
            for (longest, kept) in [(4 * BATCH, 40), (BATCH, 35)] {
                // With and without a line break at the end.
                for cut in [0, 1] {
                    let bytes = lines.concat();
                    let mut reader = reader(&bytes[..bytes.len() - cut], live, longest, None);
                    let (mut found, mut passed_over) = (Vec::new(), Vec::new());
                    loop {
                        let line = reader.line;
                        let (piece, last) = reader.read_lines().unwrap();
                        match piece {
                            Piece::Lines(bytes) => found.extend(bytes),
                            Piece::TooLong => passed_over.push(line),
                        }
                        if last {
                            break;
                        }
                    }
                    let want: Vec<u8> = match kept {
                        40 => lines.concat(),
                        _ => lines
                            .iter()
                            .filter(|line| line.len() < BATCH)
                            .flatten()
                            .copied()
                            .collect(),
                    };
                    assert!(found == want[..want.len() - cut], "{live} {longest} {cut}");
                    let numbers: Vec<u64> =
                        if kept == 40 { vec![] } else { vec![7, 14, 21, 28, 35] };
                    assert_eq!(passed_over, numbers);
                }
            }
        }
    }

    #[test]
    fn an_error_is_told_with_its_line() {
        let bytes = b"one\ntwo\nthree\n".repeat(50_000);
        for live in [false, true] {
            for fails_at in [0, 1, 4, 65_536, 65_537, BATCH, BATCH + 1, bytes.len()] {
                let mut reader = reader(&bytes, live, BATCH, Some(fails_at));
                let error = loop {
                    match reader.read_lines() {
                        Ok((_, last)) => assert!(!last),
                        Err(error) => break error,
                    }
                };
                assert_eq!(error.to_string(), "the disk is gone");
                assert_eq!(reader.line, 1 + count_lines(&bytes[..fails_at]), "{live} {fails_at}");
                assert!(
                    super::tests::reader(&bytes, live, 1 << 30, Some(fails_at))
                        .read_all(None)
                        .is_err()
                );
            }
        }
    }

    #[test]
    fn a_text_that_is_too_large() {
        let mut exact = reader(b"12345", false, 5, None);
        assert_eq!(exact.read_all(Some(5)).unwrap(), Some(b"12345".to_vec()));
        let mut larger = reader(b"123456", false, 5, None);
        assert_eq!(larger.read_all(Some(6)).unwrap(), None);
    }
}

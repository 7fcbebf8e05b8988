//! Web archives as Common Crawl writes them: WET files, records of text each with its headers.
//!
//! A record is never written anew. Of one that changes, the block is replaced, and the headers that
//! speak of its length and its digest; all others go through as they came.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use data_encoding::BASE32;
use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::input::{BATCH, Rows};

/// The bytes that the headers of a record may have together.
const LONGEST_HEAD: u64 = 64 << 10;

/// A record: its headers with the blank line after them, and its block.
#[derive(Debug)]
pub(crate) struct Record {
    head: Vec<u8>,
    pub(crate) block: Vec<u8>,
}

/// What is to be done with a record.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    /// Its block is the text of a page.
    Text,
    /// It is about the archive, or about other records.
    Other,
    /// It is a page as it came from the server.
    Response,
}

impl Record {
    pub(crate) fn size(&self) -> usize {
        self.head.len() + self.block.len()
    }

    /// The value of a header, if it has it.
    pub(crate) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = headers(&self.head).find_map(|(found, value)| {
            found.eq_ignore_ascii_case(name.as_bytes()).then_some(value)
        })?;
        Some(String::from_utf8_lossy(value.trim_ascii()))
    }

    pub(crate) fn kind(&self) -> Kind {
        let content = self.header("Content-Type");
        match self.header("WARC-Type").as_deref() {
            Some("response") => Kind::Response,
            Some("conversion") if content.is_none_or(|what| what.starts_with("text/plain")) => {
                Kind::Text
            }
            _ => Kind::Other,
        }
    }

    /// Appends the record as it came.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        write(&self.head, &self.block, out);
    }

    /// Appends the record with another block, and with headers that are right for it. A digest of
    /// a kind other than SHA-1 would be wrong, and is left out.
    pub(crate) fn write_with(&self, block: &[u8], out: &mut Vec<u8>) {
        let digest = format!("sha1:{}", BASE32.encode(&Sha1::digest(block)));
        let mut head = Vec::with_capacity(self.head.len() + 16);
        for line in self.head.split_inclusive(|byte| *byte == b'\n') {
            let Some((name, value)) = split_header(line) else {
                head.extend_from_slice(line);
                continue;
            };
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
            let new = if is("Content-Length") {
                Some(block.len().to_string())
            } else if is("WARC-Block-Digest") || is("WARC-Payload-Digest") {
                let of_sha1 = value.trim_ascii().to_ascii_lowercase().starts_with(b"sha1:");
                match of_sha1 {
                    true => Some(digest.clone()),
                    false => continue,
                }
            } else {
                None
            };
            match new {
                Some(new) => {
                    head.extend_from_slice(name);
                    head.extend_from_slice(format!(": {new}\r\n").as_bytes());
                }
                None => head.extend_from_slice(line),
            }
        }
        write(&head, block, out);
    }

    /// What a line of JSON tells of it.
    pub(crate) fn page<'r>(&'r self, text: &'r str) -> Page<'r> {
        Page {
            url: self.header("WARC-Target-URI"),
            date: self.header("WARC-Date"),
            language: self.header("WARC-Identified-Content-Language"),
            text,
        }
    }
}

/// A page as a line of JSON: where it is from, when it was fetched, its languages, its text.
#[derive(Serialize)]
pub(crate) struct Page<'r> {
    url: Option<Cow<'r, str>>,
    date: Option<Cow<'r, str>>,
    language: Option<Cow<'r, str>>,
    text: &'r str,
}

fn write(head: &[u8], block: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(head);
    out.extend_from_slice(block);
    out.extend_from_slice(b"\r\n\r\n");
}

/// Names and values of headers.
fn headers(head: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    head.split_inclusive(|byte| *byte == b'\n').skip(1).filter_map(split_header)
}

fn split_header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    Some((&line[..colon], &line[colon + 1..]))
}

/// Why a record cannot be read.
#[derive(Debug)]
pub(crate) struct Error {
    /// Its number, from 1.
    pub(crate) record: u64,
    pub(crate) cause: io::Error,
}

/// Reads records, a batch at a time.
pub(crate) struct Reader {
    input: BufReader<Box<dyn Read + Send>>,
    /// Blocks of more bytes are left out.
    longest: usize,
    /// The number of the record that comes next, from 1.
    next: u64,
    /// A record was too large, and comes before all others.
    too_large: bool,
}

impl Reader {
    pub(crate) fn new(input: Box<dyn Read + Send>, longest: usize) -> Reader {
        let input = BufReader::with_capacity(BATCH, input);
        Reader { input, longest, next: 1, too_large: false }
    }

    /// Complete records, and whether they are the last.
    pub(crate) fn read(&mut self) -> Result<(Rows, bool), Error> {
        if std::mem::take(&mut self.too_large) {
            self.next += 1;
            return Ok((Rows::TooLarge { row: self.next - 1 }, false));
        }
        let (first, mut records, mut size) = (self.next, Vec::new(), 0);
        while size < BATCH {
            let record = self.record().map_err(|cause| Error { record: self.next, cause })?;
            let Some(record) = record else {
                return Ok((Rows::Records { first, records }, !self.too_large));
            };
            size += record.size();
            records.push(record);
            self.next += 1;
        }
        Ok((Rows::Records { first, records }, false))
    }

    /// The next record; none at the end, and none before one that is too large.
    fn record(&mut self) -> io::Result<Option<Record>> {
        let Some(head) = self.head()? else { return Ok(None) };
        let mut record = Record { head, block: Vec::new() };
        let length = record.header("Content-Length").and_then(|length| length.parse::<u64>().ok());
        let length = length.ok_or_else(|| broken("its headers have no Content-Length"))?;
        if length > self.longest as u64 {
            let passed = io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
            self.end_of_record(passed == length)?;
            self.too_large = true;
            return Ok(None);
        }
        self.input.by_ref().take(length).read_to_end(&mut record.block)?;
        self.end_of_record(record.block.len() as u64 == length)?;
        Ok(Some(record))
    }

    /// The headers of a record up to and with the blank line; none at the end of the file.
    fn head(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut head = Vec::new();
        loop {
            let start = head.len();
            let room = LONGEST_HEAD - start as u64;
            self.input.by_ref().take(room).read_until(b'\n', &mut head)?;
            let line = &head[start..];
            match (line.ends_with(b"\n"), line.trim_ascii().is_empty()) {
                (false, _) if head.len() as u64 == LONGEST_HEAD => {
                    return Err(broken("its headers have no end"));
                }
                (false, _) if head.is_empty() => return Ok(None),
                (false, _) => return Err(io::ErrorKind::UnexpectedEof.into()),
                // Blank lines before a record are none of its own.
                (true, true) if start == 0 => head.clear(),
                (true, true) => return Ok(Some(head)),
                (true, false) if start == 0 && !line.starts_with(b"WARC/") => {
                    return Err(broken("it does not begin with WARC/ and a version"));
                }
                (true, false) => {}
            }
        }
    }

    /// The two line breaks after a block.
    fn end_of_record(&mut self, whole: bool) -> io::Result<()> {
        let mut end = [0; 4];
        if whole {
            self.input.read_exact(&mut end)?;
        }
        match (whole, &end) {
            (true, b"\r\n\r\n") => Ok(()),
            (true, _) => Err(broken("it does not end where its Content-Length says")),
            (false, _) => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

fn broken(cause: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not a WARC record: {cause}"))
}

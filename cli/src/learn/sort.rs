//! Records by their keys, more of them than memory holds.
//!
//! What comes in is summed up in memory. When that takes [`MEMORY`] bytes, it is sorted and written
//! to a temporary file, a *run*; at the end all runs are read side by side, and records with the same
//! key become one. Sums of sums are exact, so runs may come from one process or from many.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Write};

use super::record::{Key, Value};

/// Bytes of records in memory, about. One document more may come in.
pub(super) const MEMORY: usize = 256 << 20;

/// Most runs that are read side by side; each takes a file and a buffer or two.
const MOST_RUNS: usize = 64;

/// Longest record in a file.
const LONGEST: usize = 1 << 20;

/// Sums up records.
pub(super) struct Sorter {
    memory: usize,
    used: usize,
    records: HashMap<Key, Value>,
    runs: Vec<Run>,
}

impl Sorter {
    /// One that keeps about so many bytes in memory.
    pub(super) fn new(memory: usize) -> Sorter {
        Sorter { memory, used: 0, records: HashMap::new(), runs: Vec::new() }
    }

    pub(super) fn add(&mut self, key: Key, value: Value) {
        use std::collections::hash_map::Entry;
        match self.records.entry(key) {
            Entry::Vacant(entry) => {
                self.used += value.size();
                entry.insert(value);
            }
            Entry::Occupied(mut entry) => {
                let before = entry.get().size();
                entry.get_mut().add(value);
                self.used += entry.get().size() - before.min(entry.get().size());
            }
        }
    }

    /// To be called between documents: makes room if there is too little.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be written or read.
    pub(super) fn make_room(&mut self) -> io::Result<()> {
        if self.used < self.memory {
            return Ok(());
        }
        self.write_run()
            .map_err(|error| io::Error::other(format!("temporary file: cannot write: {error}")))
    }

    fn write_run(&mut self) -> io::Result<()> {
        let mut run = Writer::new(tempfile::tempfile()?)?;
        for (key, value) in self.take_sorted() {
            run.write(&key, &value)?;
        }
        self.runs.push(Run::rewound(run.finish()?)?);
        if self.runs.len() == MOST_RUNS {
            let mut run = Writer::new(tempfile::tempfile()?)?;
            for record in Merge::new(std::mem::take(&mut self.runs), Vec::new())? {
                let (key, value) = record?;
                run.write(&key, &value)?;
            }
            self.runs.push(Run::rewound(run.finish()?)?);
        }
        Ok(())
    }

    fn take_sorted(&mut self) -> Vec<(Key, Value)> {
        self.used = 0;
        let mut records: Vec<_> = std::mem::take(&mut self.records).into_iter().collect();
        records.sort_unstable_by_key(|(key, _)| *key);
        records
    }

    /// All records, in the order of their keys.
    pub(super) fn finish(mut self) -> io::Result<Merge> {
        let rest = self.take_sorted();
        Merge::new(self.runs, rest)
    }
}

/// Writes sorted records.
pub(super) struct Writer<W: Write> {
    out: zstd::Encoder<'static, W>,
    record: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W) -> io::Result<Writer<W>> {
        /// The fastest: half of a record is a hash.
        const LEVEL: i32 = 1;
        let mut out = zstd::Encoder::new(out, LEVEL)?;
        out.include_checksum(true)?;
        Ok(Writer { out, record: Vec::new() })
    }

    pub(super) fn write(&mut self, key: &Key, value: &Value) -> io::Result<()> {
        self.record.clear();
        self.record = postcard::to_extend(&(key, value), std::mem::take(&mut self.record))
            .map_err(io::Error::other)?;
        self.out.write_all(&(self.record.len() as u32).to_le_bytes())?;
        self.out.write_all(&self.record)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.out.finish()
    }
}

/// Reads sorted records.
pub(super) struct Run {
    name: String,
    input: Box<dyn Read>,
    record: Vec<u8>,
    last: Option<Key>,
}

impl Run {
    /// What a [`Writer`] wrote.
    pub(super) fn new(name: &str, input: impl Read + 'static) -> io::Result<Run> {
        let input = Box::new(BufReader::new(zstd::Decoder::new(input)?));
        Ok(Run { name: name.to_owned(), input, record: Vec::new(), last: None })
    }

    fn rewound(mut file: File) -> io::Result<Run> {
        io::Seek::rewind(&mut file)?;
        Run::new("temporary file", file)
    }

    fn read(&mut self) -> io::Result<Option<(Key, Value)>> {
        self.read_record().map_err(|error| {
            let cause = match error.kind() {
                ErrorKind::UnexpectedEof => "it ends too early, as if cut off".to_owned(),
                _ => error.to_string(),
            };
            io::Error::other(format!("{}: cannot read: {cause}", self.name))
        })
    }

    fn read_record(&mut self) -> io::Result<Option<(Key, Value)>> {
        let mut length = [0; 4];
        if self.input.read(&mut length[..1])? == 0 {
            return Ok(None);
        }
        self.input.read_exact(&mut length[1..])?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return Err(damaged());
        }
        self.record.resize(length, 0);
        self.input.read_exact(&mut self.record)?;
        let (key, value) = postcard::from_bytes(&self.record).map_err(|_| damaged())?;
        if self.last.replace(key).is_some_and(|last| last >= key) {
            return Err(damaged());
        }
        Ok(Some((key, value)))
    }
}

fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "it is damaged")
}

/// The records of several runs, in order, those with the same key as one.
pub(super) struct Merge {
    runs: Vec<Run>,
    /// What is in memory comes as another run, the last.
    rest: std::vec::IntoIter<(Key, Value)>,
    /// The next key of each run, the least first.
    heads: BinaryHeap<Reverse<(Key, usize)>>,
    /// The values that belong to them.
    values: Vec<Option<Value>>,
}

impl Merge {
    pub(super) fn new(runs: Vec<Run>, rest: Vec<(Key, Value)>) -> io::Result<Merge> {
        let values = (0..=runs.len()).map(|_| None).collect();
        let mut merge = Merge { runs, rest: rest.into_iter(), heads: BinaryHeap::new(), values };
        for run in 0..=merge.runs.len() {
            merge.advance(run)?;
        }
        Ok(merge)
    }

    fn advance(&mut self, run: usize) -> io::Result<()> {
        let next = match self.runs.get_mut(run) {
            Some(run) => run.read()?,
            None => self.rest.next(),
        };
        if let Some((key, value)) = next {
            self.values[run] = Some(value);
            self.heads.push(Reverse((key, run)));
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<Option<(Key, Value)>> {
        let mut sum: Option<(Key, Value)> = None;
        while let Some(&Reverse((key, run))) = self.heads.peek() {
            if sum.as_ref().is_some_and(|(of, _)| *of != key) {
                break;
            }
            self.heads.pop();
            let value = self.values[run].take();
            match (&mut sum, value) {
                (Some((_, sum)), Some(value)) => sum.add(value),
                (none, value) => *none = value.map(|value| (key, value)),
            }
            self.advance(run)?;
        }
        Ok(sum)
    }
}

impl Iterator for Merge {
    type Item = io::Result<(Key, Value)>;

    fn next(&mut self) -> Option<io::Result<(Key, Value)>> {
        self.read().transpose()
    }
}

/// Writes sorted records into a file that has a name.
pub(super) fn write_all<W: Write>(out: W, records: Merge) -> io::Result<W> {
    let mut writer = Writer::new(out)?;
    for record in records {
        let (key, value) = record?;
        writer.write(&key, &value)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::super::record::About;
    use super::*;

    fn records(sorter: Sorter) -> Vec<(Key, Value)> {
        sorter.finish().unwrap().collect::<io::Result<_>>().unwrap()
    }

    fn fill(sorter: &mut Sorter, numbers: impl Iterator<Item = u64>) {
        for number in numbers {
            let about = About::Pair(number * 7919 % 601, number % 13);
            sorter.add(Key { site: number % 3, about }, Value::Pair(number));
            sorter.make_room().unwrap();
        }
    }

    /// Hundreds of runs, which are merged on the way, make what one makes; so do those of parts.
    #[test]
    fn runs_and_parts_make_the_same() {
        let mut whole = Sorter::new(usize::MAX);
        fill(&mut whole, 0..50_000);
        let whole = records(whole);
        assert!(whole.is_sorted_by_key(|(key, _)| *key));

        let mut small = Sorter::new(20_000);
        fill(&mut small, 0..50_000);
        assert!(small.runs.len() > 1);
        assert_eq!(records(small), whole);

        let parts = [0..9_000, 9_000..9_001, 9_001..50_000].map(|part| {
            let mut sorter = Sorter::new(30_000);
            fill(&mut sorter, part);
            let bytes = write_all(Vec::new(), sorter.finish().unwrap()).unwrap();
            Run::new("bytes", io::Cursor::new(bytes)).unwrap()
        });
        let merged = Merge::new(parts.into(), Vec::new()).unwrap();
        assert_eq!(merged.collect::<io::Result<Vec<_>>>().unwrap(), whole);
    }

    #[test]
    fn damage_is_noticed() {
        let mut sorter = Sorter::new(usize::MAX);
        fill(&mut sorter, 0..5_000);
        let bytes = write_all(Vec::new(), sorter.finish().unwrap()).unwrap();
        let read = |bytes: Vec<u8>| {
            let run = Run::new("bytes", io::Cursor::new(bytes))?;
            Merge::new(vec![run], Vec::new())?.collect::<io::Result<Vec<_>>>()
        };
        assert!(read(bytes.clone()).is_ok());
        for length in [1, 10, bytes.len() / 2, bytes.len() - 1] {
            assert!(read(bytes[..length].to_vec()).is_err(), "{length}");
        }
        for at in (0..bytes.len()).step_by(97) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x10;
            assert!(read(bytes).is_err(), "{at}");
        }
    }
}

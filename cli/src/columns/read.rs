//! The values of the wanted columns of a Parquet file.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::Result as ParquetResult;
use parquet::file::serialized_reader::SerializedPageReader;

use super::file::{ParquetFile, broken, guarded};
use crate::input::{BATCH, Source};

/// Rows that are read in one go; after them is asked whether it is enough.
const STEP: usize = 64;

/// Some of the values of a column, and which of its rows lack one.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// The row of the file that the first of them is in, from 1.
    first_row: u64,
    /// For each value and each one that is missing, at what depth; empty if none can be missing.
    pub(super) definition: Vec<i16>,
    pub(super) most_defined: i16,
    /// For each of them, at what depth it repeats; empty if nothing can.
    pub(super) repetition: Vec<i16>,
    pub(crate) values: Vec<ByteArray>,
    /// Whether the column has no more of them in this row group.
    pub(super) last_of_chunk: bool,
}

impl Values {
    pub(crate) fn size(&self) -> usize {
        self.values.iter().map(ByteArray::len).sum::<usize>()
            + size_of::<ByteArray>() * self.values.len()
    }

    /// The row of the file that a value stands in, from 1.
    pub(crate) fn row(&self, value: usize) -> u64 {
        let is_there = |level: usize| {
            self.definition.get(level).is_none_or(|depth| *depth == self.most_defined)
        };
        let levels = self.values.len().max(self.definition.len());
        let level = (0..levels).filter(|level| is_there(*level)).nth(value).unwrap_or(value);
        let rows_before = match self.repetition.is_empty() {
            true => level,
            false => self.repetition[1..=level].iter().filter(|depth| **depth == 0).count(),
        };
        self.first_row + rows_before as u64
    }
}

/// Reads the wanted columns, row group by row group.
pub(crate) struct Reader {
    file: ParquetFile,
    shared: Arc<std::fs::File>,
    /// Of all wanted chunks of the file, the one that is being read, or is next.
    chunk: usize,
    column: Option<ColumnReaderImpl<ByteArrayType>>,
    /// The row of the file that comes next, from 1, and how many of its row group came before.
    row: u64,
    rows_of_group: u64,
    progress: Arc<AtomicU64>,
}

impl Reader {
    pub(crate) fn open(
        source: &Source,
        fields: &[String],
        progress: &Arc<AtomicU64>,
    ) -> Result<Reader, String> {
        let file = ParquetFile::open(source, fields)?;
        let shared = file.file.try_clone().map_err(|error| format!("cannot read: {error}"))?;
        let progress = Arc::clone(progress);
        let shared = Arc::new(shared);
        Ok(Reader { file, shared, chunk: 0, column: None, row: 1, rows_of_group: 0, progress })
    }

    /// Some values, and whether they are the last of the file.
    pub(crate) fn read(&mut self) -> Result<(Values, bool), String> {
        let wanted = self.file.wanted.len();
        let chunks = self.file.metadata.num_row_groups() * wanted;
        if self.chunk >= chunks {
            return Ok((Values::default(), true));
        }
        let group = self.chunk / wanted;
        let (mut values, rows) = guarded(|| self.read_chunk(group))
            .map_err(|cause| format!("{cause} (row {})", self.row))?;
        values.first_row = self.row;
        self.row += rows;
        self.rows_of_group += rows;
        if values.last_of_chunk {
            let of_group = self.file.metadata.row_group(group);
            if i64::try_from(self.rows_of_group) != Ok(of_group.num_rows()) {
                let (found, said) = (self.rows_of_group, of_group.num_rows());
                return Err(broken(format!("a column has {found} rows of {said}")));
            }
            self.column = None;
            self.chunk += 1;
            if self.chunk.is_multiple_of(wanted) {
                let size = u64::try_from(of_group.compressed_size()).unwrap_or(0);
                self.progress.fetch_add(size, Ordering::Relaxed);
            } else {
                // The next column has the same rows.
                self.row -= self.rows_of_group;
            }
            self.rows_of_group = 0;
        }
        Ok((values, self.chunk >= chunks))
    }

    /// Values of the chunk that is next, and how many rows they are in.
    fn read_chunk(&mut self, group: usize) -> ParquetResult<(Values, u64)> {
        let number = self.file.wanted[self.chunk % self.file.wanted.len()];
        let group = self.file.metadata.row_group(group);
        let descriptor = group.column(number).column_descr_ptr();
        let column = match &mut self.column {
            Some(column) => column,
            none => {
                let rows = usize::try_from(group.num_rows()).unwrap_or(0);
                let shared = Arc::clone(&self.shared);
                let pages = SerializedPageReader::new(shared, group.column(number), rows, None)?;
                none.insert(ColumnReaderImpl::new(Arc::clone(&descriptor), Box::new(pages)))
            }
        };
        let mut values = Values { most_defined: descriptor.max_def_level(), ..Values::default() };
        let (mut rows, mut seen, mut size) = (0, 0, 0);
        while size < BATCH {
            let (read, ..) = column.read_records(
                STEP,
                Some(&mut values.definition),
                Some(&mut values.repetition),
                &mut values.values,
            )?;
            rows += read as u64;
            // What is missing takes room as well.
            let new = &values.values[seen..];
            size += new.iter().map(ByteArray::len).sum::<usize>() + read * size_of::<ByteArray>();
            seen = values.values.len();
            if read < STEP {
                values.last_of_chunk = true;
                break;
            }
        }
        Ok((values, rows))
    }
}

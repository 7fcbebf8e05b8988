//! The values of the wanted columns of a Parquet file, and what is said beside them.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::basic::{SortOrder, Type};
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::file::{ParquetFile, broken, guarded};
use crate::input::{BATCH, Source};
use crate::labels::{Fields, LONGEST, Labels};

/// Rows that are read in one go; after them is asked whether it is enough.
const STEP: usize = 64;

/// What is read of a file.
#[derive(Clone, Default)]
pub(crate) struct Wanted {
    /// The columns of texts, by name.
    pub(crate) texts: Vec<String>,
    /// What is read beside them.
    pub(crate) fields: Option<Arc<Fields>>,
    /// Whether all texts of a row come together, or those of one column after those of another.
    pub(crate) by_row: bool,
}

/// Some rows, as columns that are read side by side have them.
#[derive(Debug)]
pub(crate) struct Stretch {
    /// The row of the file that the first of them is, from 1.
    pub(crate) first_row: u64,
    rows: usize,
    /// Of each column of texts.
    pub(crate) texts: Vec<Values>,
    /// Of each column that says something beside them, with its name.
    labels: Vec<(Arc<str>, Values)>,
}

/// The values that a column has in some rows, and which of these lack one.
#[derive(Debug, Default)]
pub(crate) struct Values {
    /// For each value and each one that is missing, at what depth; empty if none can be missing.
    pub(super) definition: Vec<i16>,
    most_defined: i16,
    /// For each of them, at what depth it repeats; empty if nothing can.
    pub(super) repetition: Vec<i16>,
    pub(crate) values: Vec<ByteArray>,
    /// Whether the column has no more of them in this row group.
    pub(super) last_of_chunk: bool,
}

impl Stretch {
    /// One without any rows.
    fn empty() -> Stretch {
        Stretch { first_row: 1, rows: 0, texts: vec![Values::default()], labels: Vec::new() }
    }

    pub(crate) fn size(&self) -> usize {
        let labels = self.labels.iter().map(|(_, values)| values);
        self.texts.iter().chain(labels).map(Values::size).sum()
    }

    /// The texts of each row.
    pub(crate) fn texts_by_row(&self) -> Vec<Vec<&[u8]>> {
        let mut by_row = vec![Vec::new(); self.rows];
        for values in &self.texts {
            for (row, value) in values.rows().zip(&values.values) {
                by_row.get_mut(row).into_iter().for_each(|texts| texts.push(value.data()));
            }
        }
        by_row
    }

    /// What is said beside the texts of each row.
    pub(crate) fn labels(&self, fields: &Fields) -> Vec<Labels> {
        let columns: Vec<(&str, Vec<Option<&ByteArray>>)> =
            self.labels.iter().map(|(name, values)| (&**name, values.by_row(self.rows))).collect();
        let said = |row: usize, name: &str| {
            let (_, values) = columns.iter().find(|(of, _)| *of == name)?;
            let value = values.get(row).copied().flatten()?;
            (value.len() <= LONGEST).then(|| String::from_utf8_lossy(value.data()))
        };
        (0..self.rows).map(|row| fields.of_values(|name| said(row, name))).collect()
    }
}

impl Values {
    fn size(&self) -> usize {
        self.values.iter().map(ByteArray::len).sum::<usize>()
            + size_of::<ByteArray>() * self.values.len()
    }

    /// For each value, in which of the rows it is, from 0.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        let levels = self.values.len().max(self.definition.len());
        let mut row = 0;
        (0..levels).filter_map(move |level| {
            let begins = self.repetition.get(level).is_none_or(|depth| *depth == 0);
            row += usize::from(begins && level > 0);
            let is_there = self.definition.get(level);
            is_there.is_none_or(|depth| *depth == self.most_defined).then_some(row)
        })
    }

    /// For each row its value, of a column that does not repeat.
    fn by_row(&self, rows: usize) -> Vec<Option<&ByteArray>> {
        let mut by_row = vec![None; rows];
        for (row, value) in self.rows().zip(&self.values) {
            if let Some(of_row) = by_row.get_mut(row) {
                *of_row = Some(value);
            }
        }
        by_row
    }
}

/// Reads the wanted columns, row group by row group.
pub(crate) struct Reader {
    file: ParquetFile,
    shared: Arc<File>,
    /// The columns of texts that are read side by side, one such set after the other in each row group.
    turns: Vec<Vec<usize>>,
    /// Columns that are read beside each of them.
    labels: Vec<(Arc<str>, usize)>,
    /// Of all turns of the file, the one that is being read, or is next.
    turn: usize,
    /// Its columns: first those of texts.
    columns: Vec<Column>,
    /// The row of the file that comes next, from 1, and how many of its row group came before.
    row: u64,
    rows_of_group: u64,
    progress: Arc<AtomicU64>,
}

impl Reader {
    pub(crate) fn open(
        source: &Source,
        wanted: &Wanted,
        progress: &Arc<AtomicU64>,
    ) -> Result<Reader, String> {
        let file = ParquetFile::open(source, &wanted.texts)?;
        let shared = file.file.try_clone().map_err(|error| format!("cannot read: {error}"))?;
        let turns = match wanted.by_row {
            true => vec![file.texts.clone()],
            false => file.texts.iter().map(|column| vec![*column]).collect(),
        };
        let labels = wanted.fields.as_ref().map(|fields| file.labels(fields)).transpose()?;
        Ok(Reader {
            file,
            shared: Arc::new(shared),
            turns,
            labels: labels.unwrap_or_default(),
            turn: 0,
            columns: Vec::new(),
            row: 1,
            rows_of_group: 0,
            progress: Arc::clone(progress),
        })
    }

    /// Some rows, and whether they are the last of the file.
    pub(crate) fn read(&mut self) -> Result<(Stretch, bool), String> {
        let turns = self.file.metadata.num_row_groups() * self.turns.len();
        if self.turn >= turns {
            return Ok((Stretch::empty(), true));
        }
        let group = self.turn / self.turns.len();
        let stretch = guarded(|| self.read_stretch(group))
            .map_err(|cause| format!("{cause} (row {})", self.row))?;
        self.row += stretch.rows as u64;
        self.rows_of_group += stretch.rows as u64;
        if stretch.texts[0].last_of_chunk {
            let of_group = self.file.metadata.row_group(group);
            if i64::try_from(self.rows_of_group) != Ok(of_group.num_rows()) {
                let (found, said) = (self.rows_of_group, of_group.num_rows());
                return Err(broken(format!("a column has {found} rows of {said}")));
            }
            self.columns.clear();
            self.turn += 1;
            if self.turn.is_multiple_of(self.turns.len()) {
                let size = u64::try_from(of_group.compressed_size()).unwrap_or(0);
                self.progress.fetch_add(size, Ordering::Relaxed);
            } else {
                // The next column has the same rows.
                self.row -= self.rows_of_group;
            }
            self.rows_of_group = 0;
        }
        Ok((stretch, self.turn >= turns))
    }

    /// Rows of the turn that is next.
    fn read_stretch(&mut self, group: usize) -> ParquetResult<Stretch> {
        let texts = &self.turns[self.turn % self.turns.len()];
        if self.columns.is_empty() {
            let labels = self.labels.iter().map(|(_, column)| column);
            let columns = texts.iter().chain(labels).map(|column| self.open_column(group, *column));
            self.columns = columns.collect::<ParquetResult<_>>()?;
        }
        let mut values: Vec<Values> = self.columns.iter().map(Column::no_values).collect();
        let (mut rows, mut size, mut last_of_chunk) = (0, 0, false);
        while size < BATCH && !last_of_chunk {
            let mut read = None;
            for (column, values) in self.columns.iter_mut().zip(&mut values) {
                let seen = values.values.len();
                let count = column.read(values)?;
                if *read.get_or_insert(count) != count {
                    let cause = "its columns have different numbers of rows";
                    return Err(ParquetError::General(cause.to_owned()));
                }
                // What is missing takes room as well.
                let new = &values.values[seen..];
                size += new.iter().map(ByteArray::len).sum::<usize>();
                size += count * size_of::<ByteArray>();
            }
            let read = read.unwrap_or(0);
            rows += read;
            last_of_chunk = read < STEP;
        }
        values.iter_mut().for_each(|values| values.last_of_chunk = last_of_chunk);
        let labels = values.split_off(texts.len());
        let names = self.labels.iter().map(|(name, _)| Arc::clone(name));
        let labels = names.zip(labels).collect();
        Ok(Stretch { first_row: self.row, rows, texts: values, labels })
    }

    fn open_column(&self, group: usize, number: usize) -> ParquetResult<Column> {
        let group = self.file.metadata.row_group(group);
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let shared = Arc::clone(&self.shared);
        let pages = SerializedPageReader::new(shared, group.column(number), rows, None)?;
        Ok(Column::new(group.column(number).column_descr_ptr(), Box::new(pages)))
    }
}

/// A column of a row group.
struct Column {
    reader: ColumnReader,
    most_defined: i16,
    /// Whether its numbers have no sign.
    unsigned: bool,
}

enum ColumnReader {
    Strings(ColumnReaderImpl<ByteArrayType>),
    Ints(ColumnReaderImpl<Int32Type>),
    Longs(ColumnReaderImpl<Int64Type>),
}

impl Column {
    fn new(descriptor: ColumnDescPtr, pages: Box<dyn PageReader>) -> Column {
        let most_defined = descriptor.max_def_level();
        let unsigned = descriptor.sort_order() == SortOrder::UNSIGNED;
        let reader = match descriptor.physical_type() {
            Type::INT32 => ColumnReader::Ints(ColumnReaderImpl::new(descriptor, pages)),
            Type::INT64 => ColumnReader::Longs(ColumnReaderImpl::new(descriptor, pages)),
            _ => ColumnReader::Strings(ColumnReaderImpl::new(descriptor, pages)),
        };
        Column { reader, most_defined, unsigned }
    }

    fn no_values(&self) -> Values {
        Values { most_defined: self.most_defined, ..Values::default() }
    }

    /// Appends the values of some rows, and says of how many: fewer than [`STEP`] at the end.
    fn read(&mut self, values: &mut Values) -> ParquetResult<usize> {
        let unsigned = self.unsigned;
        match &mut self.reader {
            ColumnReader::Strings(reader) => {
                let Values { definition, repetition, values, .. } = values;
                let read = reader.read_records(STEP, Some(definition), Some(repetition), values)?;
                Ok(read.0)
            }
            ColumnReader::Ints(reader) => read_numbers(reader, values, |number| match unsigned {
                true => number.cast_unsigned().to_string(),
                false => number.to_string(),
            }),
            ColumnReader::Longs(reader) => read_numbers(reader, values, |number| match unsigned {
                true => number.cast_unsigned().to_string(),
                false => number.to_string(),
            }),
        }
    }
}

/// As [`Column::read`] does, with numbers as text.
fn read_numbers<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    values: &mut Values,
    text: impl Fn(&T::T) -> String,
) -> ParquetResult<usize> {
    let Values { definition, repetition, values, .. } = values;
    let mut numbers = Vec::new();
    let read = reader.read_records(STEP, Some(definition), Some(repetition), &mut numbers)?;
    values.extend(numbers.iter().map(|number| ByteArray::from(text(number).into_bytes())));
    Ok(read.0)
}

//! A Parquet file with other values in some columns, and everything else copied as it is.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::Encoding;
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArrayType;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData, SortingColumn};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use super::file::{ParquetFile, error_text, guarded};
use super::read::Values;
use crate::input::Source;

/// Why a file could not be written.
pub(crate) enum WriteError<E> {
    /// The input cannot be read.
    Input(String),
    /// The output cannot be written.
    Output(std::io::Error),
    /// No more values, and why.
    Values(E),
}

/// Writes the file that `source` is with what `next` gives as the values of the wanted columns, in
/// the order in which they are read, and gives back what was written into.
pub(crate) fn write<W: Write + Send, E>(
    source: &Source,
    texts: &[String],
    out: W,
    mut next: impl FnMut() -> Result<Values, E>,
) -> Result<W, WriteError<E>> {
    let input = ParquetFile::open(source, texts).map_err(WriteError::Input)?;
    let metadata = &input.metadata;
    let schema = metadata.file_metadata().schema_descr().root_schema_ptr();
    let properties = Arc::new(properties(metadata, &input.texts));
    let mut writer = SerializedFileWriter::new(out, schema, properties).map_err(output)?;
    for number in 0..metadata.num_row_groups() {
        let mut group = writer.next_row_group().map_err(output)?;
        for column in 0..metadata.row_group(number).num_columns() {
            match input.texts.contains(&column) {
                true => write_column(&mut group, &mut next)?,
                false => copy_column(&input, number, column, &mut group)?,
            }
        }
        group.close().map_err(output)?;
    }
    writer.into_inner().map_err(output)
}

fn output<E>(error: ParquetError) -> WriteError<E> {
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => WriteError::Output(*error),
            Err(error) => WriteError::Output(std::io::Error::other(error)),
        },
        other => WriteError::Output(std::io::Error::other(error_text(&other))),
    }
}

const SAME_SCHEMA: &str = "the schema is that of the input";

fn write_column<W: Write + Send, E>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    next: &mut impl FnMut() -> Result<Values, E>,
) -> Result<(), WriteError<E>> {
    let column = group.next_column().map_err(output)?;
    let mut column = column.expect(SAME_SCHEMA);
    loop {
        let values = next().map_err(WriteError::Values)?;
        let definition = (!values.definition.is_empty()).then_some(&values.definition[..]);
        let repetition = (!values.repetition.is_empty()).then_some(&values.repetition[..]);
        if definition.is_some() || !values.values.is_empty() {
            column
                .typed::<ByteArrayType>()
                .write_batch(&values.values, definition, repetition)
                .map_err(output)?;
        }
        if values.last_of_chunk {
            return column.close().map_err(output);
        }
    }
}

/// Copies a chunk byte for byte, with its statistics, its indexes and its Bloom filter.
fn copy_column<W: Write + Send, E>(
    input: &ParquetFile,
    group: usize,
    column: usize,
    writer: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), WriteError<E>> {
    let of_group = input.metadata.row_group(group);
    let chunk = of_group.column(column);
    if chunk.num_values() == 0 {
        let column = writer.next_column().map_err(output)?;
        return column.expect(SAME_SCHEMA).close().map_err(output);
    }
    let bloom_filter =
        guarded(|| Sbbf::read_from_column_chunk(chunk, &input.file)).map_err(WriteError::Input)?;
    let close = ColumnCloseResult {
        bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or(0),
        rows_written: u64::try_from(of_group.num_rows()).unwrap_or(0),
        metadata: chunk.clone(),
        bloom_filter,
        column_index: column_index(&input.metadata, group, column).cloned(),
        offset_index: input.metadata.offset_index().map(|index| index[group][column].clone()),
    };
    writer.append_column(&input.file, close).map_err(output)
}

fn column_index(
    metadata: &ParquetMetaData,
    group: usize,
    column: usize,
) -> Option<&ColumnIndexMetaData> {
    match &metadata.column_index()?[group][column] {
        ColumnIndexMetaData::NONE => None,
        index => Some(index),
    }
}

/// How the new values are to be written: as the old ones were, as far as the file says.
fn properties(metadata: &ParquetMetaData, wanted: &[usize]) -> WriterProperties {
    let file = metadata.file_metadata();
    let groups = metadata.row_groups();
    let mut builder = WriterProperties::builder()
        .set_key_value_metadata(file.key_value_metadata().cloned())
        .set_sorting_columns(sorting(groups, wanted))
        .set_offset_index_disabled(metadata.offset_index().is_none());
    // Most of the statistics are still those of who wrote the file, and readers look at this to
    // know about which of them they must not be trusted.
    if let Some(created_by) = file.created_by() {
        builder = builder.set_created_by(created_by.to_owned());
    }
    for column in wanted {
        builder = column_properties(builder, metadata, *column);
    }
    builder.build()
}

/// Those of the first row group; files in which they change are not known.
fn column_properties(
    builder: WriterPropertiesBuilder,
    metadata: &ParquetMetaData,
    column: usize,
) -> WriterPropertiesBuilder {
    let Some(group) = metadata.row_groups().first() else { return builder };
    let chunk = group.column(column);
    let path = chunk.column_path().clone();
    let has_dictionary = chunk
        .encodings()
        .any(|encoding| matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY));
    let has_index = column_index(metadata, 0, column).is_some();
    let statistics = match (has_index, chunk.statistics()) {
        (true, _) => EnabledStatistics::Page,
        (false, Some(_)) => EnabledStatistics::Chunk,
        (false, None) => EnabledStatistics::None,
    };
    builder
        .set_column_compression(path.clone(), chunk.compression())
        .set_column_dictionary_enabled(path.clone(), has_dictionary)
        .set_column_statistics_enabled(path.clone(), statistics)
        .set_column_bloom_filter_enabled(path, chunk.bloom_filter_offset().is_some())
}

/// By which columns the rows are sorted, if all row groups say the same; from a column on that is
/// rewritten they may no longer be.
fn sorting(groups: &[RowGroupMetaData], wanted: &[usize]) -> Option<Vec<SortingColumn>> {
    let sorting = groups.first()?.sorting_columns()?;
    if groups.iter().any(|group| group.sorting_columns() != Some(sorting)) {
        return None;
    }
    let is_wanted = |column: &&SortingColumn| {
        wanted.iter().any(|wanted| i32::try_from(*wanted) == Ok(column.column_idx))
    };
    let sorting: Vec<_> = sorting.iter().take_while(|column| !is_wanted(column)).cloned().collect();
    (!sorting.is_empty()).then_some(sorting)
}

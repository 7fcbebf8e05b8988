//! What is in a Parquet file, and which of its columns are wanted.
//!
//! Columns of texts are asked for by name. Beside them may be read what says of which site a text is, in
//! which language, and what it is called.

use std::cell::Cell;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Once};

use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions,
    ParquetMetaDataReader,
};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use crate::failure::Plain;
use crate::input::Source;
use crate::labels::Fields;

/// An open file.
pub(super) struct ParquetFile {
    pub(super) file: File,
    pub(super) metadata: ParquetMetaData,
    /// Which of its columns are wanted, by number, in the order of the file.
    pub(super) texts: Vec<usize>,
}

impl ParquetFile {
    /// An error if it is no Parquet file, or lacks a column of strings of one of the names.
    pub(super) fn open(source: &Source, texts: &[String]) -> Result<ParquetFile, String> {
        let Some(path) = &source.path else {
            return Err("Parquet cannot be read from a pipe: its index is at its end".to_owned());
        };
        let cannot_read = |error| format!("cannot read: {}", Plain(&error));
        let file = File::open(path).map_err(cannot_read)?;
        let length = file.metadata().map_err(cannot_read)?.len();
        let metadata = guarded(|| {
            let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
            ParquetMetaDataReader::new()
                .with_page_index_policy(PageIndexPolicy::Optional)
                .with_metadata_options(Some(options))
                .parse_and_finish(&file)
        })?;
        let schema = metadata.file_metadata().schema_descr();
        let mut texts =
            texts.iter().map(|name| text(schema, name)).collect::<Result<Vec<_>, _>>()?;
        texts.sort_unstable();
        texts.dedup();
        for (number, group) in metadata.row_groups().iter().enumerate() {
            if group.columns().iter().any(|chunk| !is_inside(chunk, length)) {
                return Err(broken(format!("row group {} is not all there", number + 1)));
            }
        }
        Ok(ParquetFile { file, metadata, texts })
    }

    /// The columns that say something beside the texts, by name, each once. An error if none of them says
    /// a site, but has to.
    pub(super) fn labels(&self, fields: &Fields) -> Result<Vec<(Arc<str>, usize)>, String> {
        let schema = self.metadata.file_metadata().schema_descr();
        match fields.site_names() {
            _ if !fields.needs_site => {}
            [name] => drop(label(schema, name)?),
            names if names.iter().any(|name| label(schema, name).is_ok()) => {}
            _ => {
                let strings = columns_of_strings(schema);
                return Err(format!(
                    "no column says of which site a text is: name one with --site-field; {strings}"
                ));
            }
        }
        let mut labels: Vec<(Arc<str>, usize)> = Vec::new();
        for name in fields.names() {
            if let Ok(column) = label(schema, name)
                && !labels.iter().any(|(known, _)| **known == **name)
            {
                labels.push((name.as_str().into(), column));
            }
        }
        Ok(labels)
    }
}

/// Whether the pages of a chunk are where its metadata says they are.
fn is_inside(chunk: &ColumnChunkMetaData, length: u64) -> bool {
    let data = chunk.data_page_offset();
    let start = chunk.dictionary_page_offset().unwrap_or(data);
    // Who writes no values may say nothing of where they are.
    if chunk.num_values() == 0 {
        return true;
    }
    let end = u64::try_from(chunk.compressed_size()).ok().zip(u64::try_from(start).ok());
    let end = end.and_then(|(size, start)| start.checked_add(size));
    chunk.file_path().is_none()
        && start <= data
        && start > 0
        && end.is_some_and(|end| end <= length)
}

/// The number of a column: one of that path (`meta.body`), or the only one below a field of that name.
fn column(schema: &SchemaDescriptor, field: &str) -> Result<usize, String> {
    let named = |is: &dyn Fn(&ColumnDescriptor) -> bool| -> Vec<usize> {
        (0..schema.num_columns()).filter(|number| is(&schema.column(*number))).collect()
    };
    let mut found = named(&|column| column.path().string() == field);
    if found.is_empty() {
        found = named(&|column| column.path().parts().first().is_some_and(|name| name == field));
    }
    match found[..] {
        [one] => Ok(one),
        [] => Err(format!("it has no column `{field}`; {}", columns_of_strings(schema))),
        _ => Err(format!("the column `{field}` has several parts: name one of them with its path")),
    }
}

/// The number of a column of strings.
fn text(schema: &SchemaDescriptor, field: &str) -> Result<usize, String> {
    let number = column(schema, field)?;
    let column = schema.column(number);
    match is_string(&column) {
        true => Ok(number),
        false => Err(format!("the column `{field}` is {}, not a string", kind(&column))),
    }
}

/// The number of a column of strings or whole numbers, of which no row has more than one.
fn label(schema: &SchemaDescriptor, field: &str) -> Result<usize, String> {
    let number = column(schema, field)?;
    let column = schema.column(number);
    let is_number = matches!(column.physical_type(), Type::INT32 | Type::INT64);
    if column.max_rep_level() > 0 {
        return Err(format!(
            "the column `{field}` is in a list: a row may have several values or none"
        ));
    }
    match is_number || is_string(&column) {
        true => Ok(number),
        false => {
            let kind = kind(&column);
            Err(format!("the column `{field}` is {kind}, neither a string nor a whole number"))
        }
    }
}

fn kind(column: &ColumnDescriptor) -> String {
    match column.physical_type() {
        Type::BYTE_ARRAY => "BYTE_ARRAY that is not marked as a string".to_owned(),
        other => other.to_string(),
    }
}

fn is_string(column: &ColumnDescriptor) -> bool {
    column.physical_type() == Type::BYTE_ARRAY
        && (column.logical_type_ref() == Some(&LogicalType::String)
            || column.converted_type() == ConvertedType::UTF8)
}

/// For people who got the name wrong.
fn columns_of_strings(schema: &SchemaDescriptor) -> String {
    let strings = schema.columns().iter().filter(|column| is_string(column));
    let names: Vec<String> =
        strings.map(|column| format!("`{}`", column.path().string())).take(20).collect();
    match names.is_empty() {
        true => "none of its columns holds strings".to_owned(),
        false => format!("its columns of strings are {}", names.join(", ")),
    }
}

/// Does what a damaged file can make panic in the decoder, and makes an error of it.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if !GUARDED.get() {
                usual(what);
            }
        }));
    });
    GUARDED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    match result {
        Ok(result) => result.map_err(|error| broken(error_text(&error))),
        Err(_) => Err(broken("it makes no sense to the decoder".to_owned())),
    }
}

thread_local! {
    /// A panic of this thread is told in another way.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Without the name of the kind of error, which says no more than that there is one.
pub(super) fn error_text(error: &ParquetError) -> String {
    match error {
        ParquetError::General(cause) | ParquetError::EOF(cause) | ParquetError::NYI(cause) => {
            cause.clone()
        }
        other => other.to_string(),
    }
}

pub(super) fn broken(cause: String) -> String {
    format!("cannot read: not a whole Parquet file: {cause}")
}

//! Which column of a schema is to be cleaned, and how its strings are laid out.

use std::ffi::{CStr, c_char};

use super::super::error::{Failure, unf_status};
use super::abi::ArrowSchema;
use super::rows::list;

/// The types of strings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Utf8,
    LargeUtf8,
    Utf8View,
}

/// What is to be cleaned of arrays of one type.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) format: Format,
    /// Which of the columns of a struct; `None` if the array itself is the column.
    pub(super) child: Option<usize>,
}

impl Column {
    /// The column of a schema that has a name; the schema itself if the name is empty.
    ///
    /// # Safety
    ///
    /// `schema` is null or points to a schema that is released or follows the interface.
    pub(super) unsafe fn find(schema: *const ArrowSchema, name: &[u8]) -> Result<Column, Failure> {
        // SAFETY: the caller promises that it is null or can be read.
        let schema = unsafe { schema.as_ref() }.ok_or_else(|| Failure::null("schema"))?;
        if schema.release.is_none() {
            return Err(Failure::released("schema"));
        }
        // SAFETY: a schema that has not been released has a format that ends with a NUL.
        let format = unsafe { c_str(schema.format) };
        let shown = String::from_utf8_lossy(name);
        if name.is_empty() {
            if format == b"+s" {
                let message = "the rows are records (Arrow format `+s`): name the column to clean";
                return Err(Failure::new(unf_status::UNF_ERR_TYPE, message));
            }
            return Ok(Column { format: Format::of(schema, format)?, child: None });
        }
        if format != b"+s" {
            let message = format!("there is no column `{shown}`: the rows are no records");
            return Err(Failure::new(unf_status::UNF_ERR_TYPE, message));
        }
        // SAFETY: a schema that has not been released has as many children as it says.
        let children =
            unsafe { list("children of the schema", schema.children, schema.n_children) }?;
        let mut found = None;
        for (index, &child) in children.iter().enumerate() {
            // SAFETY: as for the schema itself.
            let child = unsafe { child.as_ref() }
                .ok_or_else(|| Failure::arrow(format!("column {index} of the schema is NULL")))?;
            // SAFETY: a name is null or ends with a NUL.
            if unsafe { c_str(child.name) } == name && found.replace((index, child)).is_some() {
                let message = format!("more than one column is called `{shown}`");
                return Err(Failure::new(unf_status::UNF_ERR_TYPE, message));
            }
        }
        let (index, child) = found.ok_or_else(|| {
            Failure::new(unf_status::UNF_ERR_TYPE, format!("there is no column `{shown}`"))
        })?;
        // SAFETY: as for the schema's own format.
        let format = Format::of(child, unsafe { c_str(child.format) })?;
        Ok(Column { format, child: Some(index) })
    }
}

impl Format {
    fn of(schema: &ArrowSchema, format: &[u8]) -> Result<Format, Failure> {
        let cause = if !schema.dictionary.is_null() {
            "the strings are in a dictionary: decode it first".to_owned()
        } else {
            match format {
                b"u" => return Ok(Format::Utf8),
                b"U" => return Ok(Format::LargeUtf8),
                b"vu" => return Ok(Format::Utf8View),
                _ => format!(
                    "the column is of no type of strings (`utf8`, `large_utf8`, `string_view`); its \
                     Arrow format is `{}`",
                    String::from_utf8_lossy(format)
                ),
            }
        };
        Err(Failure::new(unf_status::UNF_ERR_TYPE, cause))
    }
}

/// The bytes of a C string; none if it is null.
///
/// # Safety
///
/// `text` is null or ends with a NUL, and nobody changes it for `'a`.
unsafe fn c_str<'a>(text: *const c_char) -> &'a [u8] {
    if text.is_null() {
        return b"";
    }
    // SAFETY: it is not null, and the caller promises that it ends with a NUL.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}

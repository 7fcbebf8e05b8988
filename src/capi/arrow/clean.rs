//! Cleaning one Arrow array.

use super::super::error::{Failure, catch};
use super::abi::{ArrowArray, Owned};
use super::array::{new_array, slice_array};
use super::build::{self, Strings};
use super::column::{Column, Format};
use super::rows::{Rows, Validity, list};
use super::texts::{self, Texts};
use crate::Cleaner;

/// An array of the same type in which the texts of a column are clean. The array is released.
///
/// # Safety
///
/// The array follows the interface, and the column is one of its schema.
pub(super) unsafe fn clean_array(
    cleaner: &Cleaner,
    array: Owned<ArrowArray>,
    column: Column,
) -> Result<Owned<ArrowArray>, Failure> {
    // SAFETY: the caller promises that the array is as it says.
    let rows = unsafe { Rows::of(&array.0) }?;
    let Some(index) = column.child else {
        // SAFETY: the caller promises that the array is of strings of this format.
        return unsafe { clean_column(cleaner, rows, array.0.null_count, column.format) };
    };
    // SAFETY: the caller promises that the array is as it says.
    let validity = unsafe { rows.validity(array.0.null_count) }?;
    // SAFETY: as above.
    let children = unsafe { list("columns of the batch", array.0.children, array.0.n_children) }?;
    // Whoever moves one column away must release the batch right after it, so all of them go.
    let take = |&child| {
        // SAFETY: the caller promises that the children are arrays, which are as much ours as theirs.
        unsafe { Owned::take("a column of the batch", child) }
    };
    let columns = children.iter().map(take).collect::<Result<Vec<_>, _>>()?;
    let Rows { first, length, .. } = rows;
    drop(array);
    if index >= columns.len() {
        return Err(Failure::arrow(format!("the batch has only {} columns", columns.len())));
    }
    let columns = columns.into_iter().enumerate().map(|(at, child)| {
        // SAFETY: the caller promises that the child is as it says.
        let rows = unsafe { Rows::of(&child.0) }?.slice(first, length)?;
        if at == index {
            // SAFETY: the caller promises that the child is of strings of this format.
            unsafe { clean_column(cleaner, rows, child.0.null_count, column.format) }
        } else if first > 0 {
            Ok(slice_array(child, first, length))
        } else {
            Ok(child)
        }
    });
    let columns = columns.collect::<Result<_, Failure>>()?;
    Ok(new_array(length, validity, Vec::new(), columns, ()))
}

/// # Safety
///
/// The rows are of an array of strings of this format.
unsafe fn clean_column(
    cleaner: &Cleaner,
    rows: Rows<'_>,
    null_count: i64,
    format: Format,
) -> Result<Owned<ArrowArray>, Failure> {
    // SAFETY: the caller promises that the buffers are those of such an array; the first of them is
    // the validity of its rows.
    unsafe {
        let validity = rows.validity(null_count)?;
        match format {
            Format::Utf8 => {
                let texts = texts::Joined::<i32>::new(rows)?;
                clean_rows::<build::Joined<i32>>(cleaner, texts, rows.length, validity)
            }
            Format::LargeUtf8 => {
                let texts = texts::Joined::<i64>::new(rows)?;
                clean_rows::<build::Joined<i64>>(cleaner, texts, rows.length, validity)
            }
            Format::Utf8View => {
                let texts = texts::Views::new(rows)?;
                clean_rows::<build::Views>(cleaner, texts, rows.length, validity)
            }
        }
    }
}

fn clean_rows<'a, S: Strings>(
    cleaner: &Cleaner,
    texts: impl Texts<'a>,
    rows: usize,
    validity: Option<Validity>,
) -> Result<Owned<ArrowArray>, Failure> {
    let mut strings = S::with_room(rows, texts.bytes()?)?;
    for row in 0..rows {
        let null = validity.as_ref().is_some_and(|validity| !validity.holds(row));
        let body = || match null {
            true => strings.push(""),
            false => strings.push(cleaner.clean_bytes(texts.text(row)?).text()),
        };
        catch(body).map_err(|failure| failure.of(format_args!("row {row}")))?;
    }
    Ok(strings.into_array(rows, validity))
}

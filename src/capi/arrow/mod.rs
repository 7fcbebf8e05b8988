//! Cleaning Arrow arrays and streams, through the Arrow C interfaces.
//!
//! The type of the output is that of the input, so no schema is ever made here. No crate of Arrow's
//! is needed: the interfaces are three structs.

mod abi;
mod array;
mod build;
mod clean;
mod column;
mod rows;
mod stream;
mod texts;

use std::ffi::c_char;

use abi::Owned;
pub use abi::{ArrowArray, ArrowArrayStream, ArrowSchema};

use super::cleaner::unf_cleaner;
use super::error::{get, run, unf_error, unf_status};
use super::text::bytes;
use column::Column;

/// unf_cleaner_clean_arrow cleans an array of strings, or a column of a batch of records, that comes
/// through the Arrow C data interface.
///
/// `schema` is the type of `array`; it is only read. If `column` is empty, `array` is of the type
/// `utf8`, `large_utf8` or `string_view` itself (formats "u", "U", "vu"). Otherwise it is a batch of
/// records (format "+s") with one column of this name and one of these types; the others are handed
/// on as they are. What comes out is of the same type, so `schema` describes it too. Nulls stay
/// nulls; all other rows are as unf_cleaner_clean has them. Arrays may have an offset, and the output
/// has none.
///
/// `array` is moved and released, even if the call fails: afterwards its `release` is NULL. `out`
/// takes an array that the caller owns and releases, through its own `release`, in any thread; what
/// was there before is not released, so `out` may be `array` itself. It borrows nothing from the
/// cleaner. `cleaner`, `array`, `schema` and `out` must not be NULL. `error` may be NULL, otherwise
/// it takes an error that the caller frees with unf_error_free.
///
/// Errors: UNF_ERR_TYPE, UNF_ERR_ARROW, UNF_ERR_OFFSETS, UNF_ERR_OVERFLOW (more than 2 GB in a `utf8`
/// array; `large_utf8` has no such bound), UNF_ERR_NULL, UNF_ERR_LENGTH, UNF_ERR_PANIC. Where a row is
/// to blame, the message names it. What the interface says of a buffer is checked, but it does not say
/// how long most of them are. May be called from several threads with the same cleaner; works in the
/// calling thread. O(bytes of all rows) time and memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_clean_arrow(
    cleaner: *const unf_cleaner,
    array: *mut ArrowArray,
    schema: *const ArrowSchema,
    column: *const c_char,
    column_len: usize,
    out: *mut ArrowArray,
    error: *mut *mut unf_error,
) -> unf_status {
    // SAFETY: the caller promises that it is null, or an array that is given up here.
    let array = unsafe { Owned::take("array", array) };
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle.
        let cleaner = unsafe { get("cleaner", cleaner) }?;
        // SAFETY: the caller promises that a pointer which is not null has that many bytes.
        let column = unsafe { bytes("column", column, column_len) }?;
        // SAFETY: the caller promises that it is null or a schema.
        let column = unsafe { Column::find(schema, column) }?;
        // SAFETY: the caller promises that the array is of that schema.
        Ok(unsafe { clean::clean_array(&cleaner.inner, array?, column) }?.give())
    };
    // SAFETY: the caller promises that `out` and `error` are null or can be written.
    unsafe { run(out, error, body) }
}

/// unf_cleaner_clean_arrow_stream makes a stream of clean arrays of one of others, through the Arrow
/// C stream interface.
///
/// The arrays of `stream` are of strings, or batches of records with a column to clean, as for
/// unf_cleaner_clean_arrow. Each is read and cleaned when `out` is asked for it, in the thread that
/// asks, and released as soon as that is done.
///
/// `stream` is moved, even if the call fails: afterwards its `release` is NULL. `out` takes a stream
/// that the caller owns and releases, through its own `release`; what was there before is not
/// released, so `out` may be `stream` itself. It borrows nothing: the cleaner may be freed before it.
/// `cleaner`, `stream` and `out` must not be NULL. `error` may be NULL, otherwise it takes an error
/// that the caller frees with unf_error_free.
///
/// Errors: UNF_ERR_TYPE, UNF_ERR_ARROW, UNF_ERR_STREAM, UNF_ERR_NULL, UNF_ERR_LENGTH, UNF_ERR_PANIC.
/// If the source fails later, `out` fails with the same number and message; if an array cannot be
/// cleaned, with EINVAL, and after a bug in unfurnish with EIO. The stream can be asked for the next
/// array then. May be called from several threads with the same cleaner; the stream that comes out
/// is for one thread at a time, as the interface has it. O(1), and what the source takes to give its
/// type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_clean_arrow_stream(
    cleaner: *const unf_cleaner,
    stream: *mut ArrowArrayStream,
    column: *const c_char,
    column_len: usize,
    out: *mut ArrowArrayStream,
    error: *mut *mut unf_error,
) -> unf_status {
    // SAFETY: the caller promises that it is null, or a stream that is given up here.
    let stream = unsafe { Owned::take("stream", stream) };
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle.
        let cleaner = unsafe { get("cleaner", cleaner) }?;
        // SAFETY: the caller promises that a pointer which is not null has that many bytes.
        let column = unsafe { bytes("column", column, column_len) }?;
        // SAFETY: the caller promises that the stream follows the interface.
        unsafe { stream::clean_stream(&cleaner.inner, stream?, column) }
    };
    // SAFETY: the caller promises that `out` and `error` are null or can be written.
    unsafe { run(out, error, body) }
}

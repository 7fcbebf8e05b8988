//! Cleaning many texts in one call.

use std::ffi::c_char;

use super::cleaner::unf_cleaner;
use super::error::{Failure, catch, free, get, run, unf_error, unf_status};
use super::text::{array, bytes, unf_str};
use crate::Cleaner;

/// What happened to a row of a batch: bits, see unf_batch_flags.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum unf_row_flag {
    /// The text differs from the input, if only in bytes that were not UTF-8.
    UNF_ROW_CHANGED = 1,
    /// More would have gone than the removal budget allows, so nothing was removed.
    UNF_ROW_ABSTAINED = 2,
    /// There is a bug in unfurnish; the text is empty. The other rows are as they should be.
    UNF_ROW_FAILED = 4,
}

use unf_row_flag::*;

/// The cleaned texts of a batch, in the layout of Arrow's string arrays.
///
/// An unf_batch never changes and may be read from several threads at once.
pub struct unf_batch {
    data: String,
    offsets: Vec<i64>,
    flags: Vec<u8>,
}

impl unf_batch {
    fn new<O: Copy + Into<i64>>(
        data: &[u8],
        offsets: &[O],
        mut clean: impl FnMut(&[u8], &mut String) -> Result<bool, Failure>,
    ) -> Result<unf_batch, Failure> {
        let rows = offsets.len().saturating_sub(1);
        let at = |row: usize| -> i64 { offsets[row].into() };
        // All offsets are looked at before the first row is cleaned. Afterwards every one of them
        // is known to be an index into `data`.
        let mut last = 0;
        for row in 0..offsets.len() {
            if at(row) < last || at(row) as u64 > data.len() as u64 {
                let message = format!(
                    "offset {row} is {}; it must be from {last} to {}, the length of the data",
                    at(row),
                    data.len()
                );
                return Err(Failure::new(unf_status::UNF_ERR_OFFSETS, message));
            }
            last = at(row);
        }
        let total = last as usize - offsets.first().map_or(0, |_| at(0) as usize);
        let mut batch = unf_batch {
            data: String::with_capacity(total),
            offsets: Vec::with_capacity(rows + 1),
            flags: Vec::with_capacity(rows),
        };
        batch.offsets.push(0);
        for row in 0..rows {
            let input = &data[at(row) as usize..at(row + 1) as usize];
            let start = batch.data.len();
            let flags = match catch(|| clean(input, &mut batch.data)) {
                Ok(abstained) => {
                    let changed = batch.data.as_bytes()[start..] != *input;
                    flag(changed, UNF_ROW_CHANGED) | flag(abstained, UNF_ROW_ABSTAINED)
                }
                Err(_) => {
                    batch.data.truncate(start);
                    flag(!input.is_empty(), UNF_ROW_CHANGED) | flag(true, UNF_ROW_FAILED)
                }
            };
            batch.flags.push(flags);
            batch.offsets.push(batch.data.len() as i64);
        }
        Ok(batch)
    }

    fn count(&self, flag: unf_row_flag) -> usize {
        self.flags.iter().filter(|&&flags| flags & flag as u8 != 0).count()
    }
}

fn flag(on: bool, flag: unf_row_flag) -> u8 {
    if on { flag as u8 } else { 0 }
}

fn clean_row(cleaner: &Cleaner, row: &[u8], out: &mut String) -> Result<bool, Failure> {
    let cleaned = cleaner.clean_bytes(row);
    out.push_str(cleaned.text());
    Ok(cleaned.abstained())
}

/// unf_cleaner_clean_batch32 cleans many texts in one call; they lie in one buffer, as in Arrow's
/// `utf8` arrays.
///
/// Row i is the bytes from `offsets[i]` to `offsets[i + 1]`; `offsets` has `rows` + 1 elements, which
/// never fall, are not negative and no more than `len`. If `rows` is 0, `offsets` may be NULL. The
/// result of each row is what unf_cleaner_clean gives for it.
///
/// `cleaner` and `out` must not be NULL. The caller owns the batch and frees it with unf_batch_free;
/// it borrows nothing. `error` may be NULL, otherwise it takes an error that the caller frees with
/// unf_error_free.
///
/// Errors: UNF_ERR_OFFSETS, UNF_ERR_NULL, UNF_ERR_LENGTH; UNF_ERR_PANIC concerns the call, while a
/// row that met with a bug has the flag UNF_ROW_FAILED. May be called from several threads with the
/// same cleaner; works in the calling thread. O(len + rows) time and memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_clean_batch32(
    cleaner: *const unf_cleaner,
    data: *const c_char,
    len: usize,
    offsets: *const i32,
    rows: usize,
    out: *mut *mut unf_batch,
    error: *mut *mut unf_error,
) -> unf_status {
    // SAFETY: the caller promises the same to this function.
    unsafe { clean_batch(cleaner, data, len, offsets, rows, out, error) }
}

/// unf_cleaner_clean_batch64 does what unf_cleaner_clean_batch32 does, for 64-bit offsets, as in
/// Arrow's `large_utf8` arrays.
///
/// The batch and the error are freed as there, and the same pointers may be NULL.
///
/// Errors: as there. May be called from several threads with the same cleaner; works in the calling
/// thread. O(len + rows) time and memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_clean_batch64(
    cleaner: *const unf_cleaner,
    data: *const c_char,
    len: usize,
    offsets: *const i64,
    rows: usize,
    out: *mut *mut unf_batch,
    error: *mut *mut unf_error,
) -> unf_status {
    // SAFETY: the caller promises the same to this function.
    unsafe { clean_batch(cleaner, data, len, offsets, rows, out, error) }
}

/// The body of both.
///
/// # Safety
///
/// `cleaner` is null or a live handle; pointers which are not null have as many elements as said;
/// `out` and `error` are null or can be written.
unsafe fn clean_batch<O: Copy + Into<i64>>(
    cleaner: *const unf_cleaner,
    data: *const c_char,
    len: usize,
    offsets: *const O,
    rows: usize,
    out: *mut *mut unf_batch,
    error: *mut *mut unf_error,
) -> unf_status {
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle.
        let cleaner = unsafe { get("cleaner", cleaner) }?;
        // SAFETY: the caller promises that a pointer which is not null has that many bytes, which
        // do not change during the call.
        let data = unsafe { bytes("data", data, len) }?;
        let count = if rows == 0 { 0 } else { rows.saturating_add(1) };
        // SAFETY: the caller promises that a pointer which is not null has one element more than
        // there are rows; if there is no row, none is read.
        let offsets = unsafe { array("offsets", offsets, count) }?;
        let batch = unf_batch::new(data, offsets, |row, out| clean_row(&cleaner.inner, row, out))?;
        Ok(Box::into_raw(Box::new(batch)))
    };
    // SAFETY: the caller promises that `out` and `error` are null or can be written.
    unsafe { run(out, error, body) }
}

/// unf_batch_free frees a batch, and with it all views of it.
///
/// `batch` may be NULL. Free it once, when no other thread uses it. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_free(batch: *mut unf_batch) {
    // SAFETY: the caller promises that it is null or came from this library and is freed once.
    unsafe { free(batch) }
}

/// unf_batch_rows counts the rows.
///
/// If `batch` is NULL, 0. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_rows(batch: *const unf_batch) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { batch.as_ref() }.map_or(0, |batch| batch.flags.len())
}

/// unf_batch_data gives the cleaned texts of all rows, one after the other, valid UTF-8.
///
/// The view is valid until `batch` is freed. If `batch` is NULL, it is empty. Safe from any thread.
/// O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_data(batch: *const unf_batch) -> unf_str {
    // SAFETY: the caller promises that it is null or a live handle.
    unf_str::new(unsafe { batch.as_ref() }.map_or("", |batch| &batch.data))
}

/// unf_batch_offsets gives where the rows lie in the data: row i is from element i to element i + 1.
///
/// There is one element more than rows; the first is 0, the last the length of the data. The array
/// is valid until `batch` is freed. If `batch` is NULL, so is the array. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_offsets(batch: *const unf_batch) -> *const i64 {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { batch.as_ref() }.map_or(std::ptr::null(), |batch| batch.offsets.as_ptr())
}

/// unf_batch_flags gives one byte for each row, in which the bits of unf_row_flag are set.
///
/// The array is valid until `batch` is freed. If `batch` is NULL, so is the array; if there are no
/// rows, it must not be read. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_flags(batch: *const unf_batch) -> *const u8 {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { batch.as_ref() }.map_or(std::ptr::null(), |batch| batch.flags.as_ptr())
}

/// unf_batch_changed counts the rows with the flag UNF_ROW_CHANGED.
///
/// If `batch` is NULL, 0. Safe from any thread. O(rows).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_changed(batch: *const unf_batch) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { batch.as_ref() }.map_or(0, |batch| batch.count(UNF_ROW_CHANGED))
}

/// unf_batch_abstained counts the rows with the flag UNF_ROW_ABSTAINED.
///
/// If `batch` is NULL, 0. Safe from any thread. O(rows).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_abstained(batch: *const unf_batch) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { batch.as_ref() }.map_or(0, |batch| batch.count(UNF_ROW_ABSTAINED))
}

/// unf_batch_failed counts the rows with the flag UNF_ROW_FAILED: 0, unless unfurnish has a bug.
///
/// If `batch` is NULL, 0. Safe from any thread. O(rows).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_batch_failed(batch: *const unf_batch) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { batch.as_ref() }.map_or(0, |batch| batch.count(UNF_ROW_FAILED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_panics_fails_alone() {
        let clean = |row: &[u8], out: &mut String| {
            out.push_str("half a row");
            assert_ne!(row, b"bad");
            Ok(true)
        };
        let batch = unf_batch::new(b"goodbadgood", &[0_i32, 4, 7, 11], clean);
        let batch = batch.map_err(|failure| failure.status()).unwrap();
        assert_eq!(batch.data, "half a rowhalf a row");
        assert_eq!(batch.offsets, [0, 10, 10, 20]);
        assert_eq!(batch.flags, [3, 5, 3]);
        assert_eq!(batch.count(UNF_ROW_FAILED), 1);
    }

    #[test]
    fn offsets_that_are_none() {
        let clean = |_: &[u8], _: &mut String| Ok(false);
        for offsets in [[-1, 0, 1], [0, 2, 1], [0, 1, 4], [4, 4, 4], [i64::MIN, 0, i64::MAX]] {
            let failure = unf_batch::new(b"abc", &offsets, clean).err().unwrap();
            assert_eq!(failure.status(), unf_status::UNF_ERR_OFFSETS, "{offsets:?}");
        }
        assert!(unf_batch::new(b"abc", &[1_i64, 1, 3], clean).is_ok());
    }
}

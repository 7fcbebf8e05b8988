//! Rows of an Arrow array of any type: their buffers, and which of them are null.

use std::ffi::c_void;
use std::slice;

use super::super::error::{Failure, unf_status};
use super::abi::ArrowArray;

/// As many pointers as a count says, none of them checked.
///
/// # Safety
///
/// `pointers` is null or as many can be read there for `'a`.
pub(super) unsafe fn list<'a, T>(
    what: &str,
    pointers: *const T,
    count: i64,
) -> Result<&'a [T], Failure> {
    let most = isize::MAX as usize / size_of::<T>();
    match usize::try_from(count) {
        Ok(0) => Ok(&[]),
        Ok(count) if count <= most && !pointers.is_null() => {
            // SAFETY: it is not null and no larger than an object can be; the caller promises the rest.
            Ok(unsafe { slice::from_raw_parts(pointers, count) })
        }
        _ => Err(Failure::arrow(format!("the {what} are NULL, or {count} in number"))),
    }
}

/// Some rows of an array of any type.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) buffers: &'a [*const c_void],
    /// The first row, counted from the beginning of the buffers.
    pub(super) first: usize,
    pub(super) length: usize,
}

impl<'a> Rows<'a> {
    /// All rows of an array.
    ///
    /// # Safety
    ///
    /// As many buffers can be read as the array says.
    pub(super) unsafe fn of(array: &'a ArrowArray) -> Result<Rows<'a>, Failure> {
        // SAFETY: the caller promises it.
        let buffers = unsafe { list("buffers of the array", array.buffers, array.n_buffers) }?;
        let first = usize::try_from(array.offset).ok();
        let length = usize::try_from(array.length).ok();
        match first.zip(length) {
            // No element of a buffer has more than 16 bytes, so none of them lies beyond an object.
            Some((first, length)) if first.saturating_add(length) < isize::MAX as usize / 16 => {
                Ok(Rows { buffers, first, length })
            }
            _ => Err(Failure::arrow(format!(
                "an array cannot have {} rows from {} on",
                array.length, array.offset
            ))),
        }
    }

    /// Rows of these.
    pub(super) fn slice(self, first: usize, length: usize) -> Result<Rows<'a>, Failure> {
        if first.saturating_add(length) > self.length {
            return Err(Failure::arrow(format!(
                "the batch has {length} rows from {first} on, the column only {}",
                self.length
            )));
        }
        Ok(Rows { first: self.first + first, length, ..self })
    }

    /// Which rows are not null; `None` if all are. The bits lie as in Arrow, from the first row on.
    ///
    /// # Safety
    ///
    /// The first buffer is null or has a bit for each row.
    pub(super) unsafe fn validity(self, null_count: i64) -> Result<Option<Validity>, Failure> {
        if null_count == 0 || self.length == 0 {
            return Ok(None);
        }
        let Some(bits) = self.buffers.first().filter(|bits| !bits.is_null()) else {
            return match null_count {
                -1 => Ok(None),
                _ => Err(Failure::arrow(format!("{null_count} rows are null, but none is named"))),
            };
        };
        let bytes = (self.first % 8 + self.length).div_ceil(8);
        // SAFETY: these bytes hold the bits of the rows, which the caller promises can be read.
        let bytes =
            unsafe { slice::from_raw_parts(bits.cast::<u8>().wrapping_add(self.first / 8), bytes) };
        Ok(Some(Validity::new(bytes, self.first % 8, self.length)?))
    }
}

/// A bit for each row: whether it is not null.
pub(super) struct Validity {
    pub(super) bits: Vec<u8>,
    pub(super) null_count: usize,
}

impl Validity {
    /// The bits of `bytes` from `first` on, which is less than 8.
    fn new(bytes: &[u8], first: usize, length: usize) -> Result<Validity, Failure> {
        let mut bits = room(length.div_ceil(8))?;
        bits.extend((0..length.div_ceil(8)).map(|i| {
            let next = bytes.get(i + 1).copied().unwrap_or(0);
            let rows = (length - 8 * i).min(8);
            (u16::from_le_bytes([bytes[i], next]) >> first) as u8 & (0xFF >> (8 - rows))
        }));
        let valid: usize = bits.iter().map(|byte| byte.count_ones() as usize).sum();
        Ok(Validity { bits, null_count: length - valid })
    }

    pub(super) fn holds(&self, row: usize) -> bool {
        self.bits[row / 8] >> (row % 8) & 1 == 1
    }
}

/// An empty vector with room for so many elements. A count that somebody invented must not end the
/// process, as running out of memory does otherwise.
pub(super) fn room<T>(count: usize) -> Result<Vec<T>, Failure> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(count).map_err(|_| {
        let message =
            format!("there is no memory for {count} elements of {} bytes", size_of::<T>());
        Failure::new(unf_status::UNF_ERR_LENGTH, message)
    })?;
    Ok(vector)
}

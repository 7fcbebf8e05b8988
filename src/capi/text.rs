//! Text at the border: pointer and length.

use std::ffi::c_char;
use std::slice;

use super::error::{Failure, unf_status};

/// A view of UTF-8 text that belongs to something else.
///
/// It is not terminated by a NUL, and may hold NUL bytes. `data` is never NULL, even if `len` is 0.
/// The function that gives it out says how long it is valid.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct unf_str {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

impl unf_str {
    /// A view of `text`, for as long as `text` lives and does not move its buffer.
    pub(super) fn new(text: &str) -> unf_str {
        // The pointer of an empty Rust string may be dangling, which C cannot pass to `memcpy`.
        let data = if text.is_empty() { c"".as_ptr() } else { text.as_ptr().cast() };
        unf_str { data, len: text.len() }
    }
}

/// The bytes at `data`; `(NULL, 0)` is empty.
///
/// # Safety
///
/// If `len` is not 0 and `data` is not null, `len` bytes must be readable at `data` for `'a`.
pub(super) unsafe fn bytes<'a>(
    name: &'static str,
    data: *const c_char,
    len: usize,
) -> Result<&'a [u8], Failure> {
    // SAFETY: what the caller promises is what is asked for; a byte is always aligned.
    unsafe { array(name, data.cast(), len) }
}

/// `len` elements at `data`; `(NULL, 0)` is empty.
///
/// # Safety
///
/// If `len` is not 0 and `data` is not null, `data` must be aligned and `len` elements readable at
/// it for `'a`.
pub(super) unsafe fn array<'a, T>(
    name: &'static str,
    data: *const T,
    len: usize,
) -> Result<&'a [T], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure::null(name));
    }
    if len > isize::MAX as usize / size_of::<T>() {
        let message = format!("`{name}` is said to have {len} elements; no object is that large");
        return Err(Failure::new(unf_status::UNF_ERR_LENGTH, message));
    }
    // SAFETY: `data` is not null and `len` elements are no more than `isize::MAX` bytes, as just
    // checked; the caller promises that they are aligned and readable for `'a`.
    Ok(unsafe { slice::from_raw_parts(data, len) })
}

/// As [`bytes`], and they must be UTF-8, else the failure has `status`.
///
/// # Safety
///
/// As [`bytes`].
pub(super) unsafe fn utf8<'a>(
    name: &'static str,
    data: *const c_char,
    len: usize,
    status: unf_status,
) -> Result<&'a str, Failure> {
    // SAFETY: the caller promises the same as `bytes` asks for.
    as_utf8(name, unsafe { bytes(name, data, len) }?, status)
}

/// Bytes that must be UTF-8, else the failure has `status`.
pub(super) fn as_utf8<'a>(
    name: &str,
    bytes: &'a [u8],
    status: unf_status,
) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Failure::new(status, format!("`{name}` is not valid UTF-8 at byte {at}"))
    })
}

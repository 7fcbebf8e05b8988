//! Cleaning one text.

use std::ffi::c_char;
use std::ptr;
use std::sync::Arc;

use super::cleaned::unf_cleaned;
use super::error::{Failure, catch, free, get, run, unf_error, unf_status};
use super::text::bytes;
use crate::Cleaner;

/// Takes the furniture out of texts.
///
/// An unf_cleaner never changes and may be used from several threads at once. Build it once.
pub struct unf_cleaner {
    pub(super) inner: Arc<Cleaner>,
}

/// unf_cleaner_new makes a cleaner with the default options: profile "article", the built-in rule
/// packs.
///
/// `out` must not be NULL. The caller owns the cleaner and frees it with unf_cleaner_free. `error`
/// may be NULL, otherwise it takes an error that the caller frees with unf_error_free.
///
/// Errors: UNF_ERR_NULL, UNF_ERR_PANIC. Safe from any thread. Takes a millisecond at most.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_new(
    out: *mut *mut unf_cleaner,
    error: *mut *mut unf_error,
) -> unf_status {
    let body = || {
        let inner = Arc::new(Cleaner::builder().build()?);
        Ok(Box::into_raw(Box::new(unf_cleaner { inner })))
    };
    // SAFETY: the caller promises that `out` and `error` are null or can be written.
    unsafe { run(out, error, body) }
}

/// unf_cleaner_free frees a cleaner.
///
/// `cleaner` may be NULL. Free it once, when no call on it is running in any thread. Results made with
/// it stay valid. O(number of rules).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_free(cleaner: *mut unf_cleaner) {
    // SAFETY: the caller promises that it is null or came from this library and is freed once.
    unsafe { free(cleaner) }
}

/// unf_cleaner_clean cleans a text and says what it took out.
///
/// `cleaner` and `out` must not be NULL; (NULL, 0) is the empty text. Invalid UTF-8 becomes U+FFFD.
/// The caller owns the result and frees it with unf_cleaned_free; it borrows neither the text nor
/// the cleaner, both may be freed before it.
///
/// Errors: UNF_ERR_NULL, UNF_ERR_LENGTH, UNF_ERR_PANIC; never because of what the text says. May be
/// called from several threads with the same cleaner. O(len) time and memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_clean(
    cleaner: *const unf_cleaner,
    data: *const c_char,
    len: usize,
    out: *mut *mut unf_cleaned,
) -> unf_status {
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle.
        let cleaner = unsafe { get("cleaner", cleaner) }?;
        // SAFETY: the caller promises that a pointer which is not null has that many bytes, which
        // do not change during the call.
        let text = unsafe { bytes("data", data, len) }?;
        Ok(Box::into_raw(Box::new(unf_cleaned::new(&cleaner.inner, text))))
    };
    // SAFETY: the caller promises that `out` is null or can be written.
    unsafe { run(out, ptr::null_mut(), body) }
}

/// unf_cleaner_clean_into cleans a text into a buffer of the caller.
///
/// `cleaner` and `needed` must not be NULL. `needed` takes the length of the cleaned text. If it is
/// no more than `capacity`, the text is written to `buffer`, without a NUL at its end; otherwise
/// nothing is written there and the status is UNF_ERR_BUFFER. (This is the one function that writes
/// an out-pointer and then reports an error.) `buffer` may be NULL if `capacity` is 0. It must not
/// overlap the text. A buffer of `len` bytes nearly always suffices: only repairs of Unicode make a
/// text longer, and then by no more than three times.
///
/// Errors: UNF_ERR_BUFFER, UNF_ERR_NULL, UNF_ERR_LENGTH, UNF_ERR_PANIC. May be called from several
/// threads with the same cleaner, each with its own buffer. O(len) time and memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaner_clean_into(
    cleaner: *const unf_cleaner,
    data: *const c_char,
    len: usize,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> unf_status {
    let body = || {
        if needed.is_null() {
            return Err(Failure::null("needed"));
        }
        if buffer.is_null() && capacity > 0 {
            return Err(Failure::null("buffer"));
        }
        // SAFETY: the caller promises that it is null or a live handle.
        let cleaner = unsafe { get("cleaner", cleaner) }?;
        // SAFETY: the caller promises that a pointer which is not null has that many bytes, which
        // do not change during the call.
        let text = unsafe { bytes("data", data, len) }?;
        let cleaned = cleaner.inner.clean_bytes(text);
        let text = cleaned.text();
        // SAFETY: `needed` is not null, and the caller promises that it can be written.
        unsafe { needed.write(text.len()) };
        if text.len() > capacity {
            return Ok(unf_status::UNF_ERR_BUFFER);
        }
        if !text.is_empty() {
            // SAFETY: `buffer` is not null, since `capacity` is not 0, and the caller promises that
            // `capacity` bytes can be written there and are none of the text's, which `text` may
            // borrow.
            unsafe { ptr::copy_nonoverlapping(text.as_ptr(), buffer.cast(), text.len()) };
        }
        Ok(unf_status::UNF_OK)
    };
    catch(body).unwrap_or_else(|failure| failure.status())
}

//! Status codes, error objects, and the boundary that no panic crosses.

use std::any::Any;
use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::text::unf_str;
use crate::error::{BuildError, ErrorKind};

/// How a call went. The values never change; new ones are added at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum unf_status {
    /// It succeeded.
    UNF_OK = 0,
    /// A pointer is NULL that must not be.
    UNF_ERR_NULL = 1,
    /// A length is larger than any object can be.
    UNF_ERR_LENGTH = 2,
    /// There is no element with this index.
    UNF_ERR_INDEX = 3,
    /// Offsets are negative, fall, or lie beyond the data.
    UNF_ERR_OFFSETS = 4,
    /// The buffer is too small for the text.
    UNF_ERR_BUFFER = 5,
    /// An option has no such name or value.
    UNF_ERR_OPTION = 6,
    /// A rule pack is not valid TOML, or a rule in it is not a valid rule.
    UNF_ERR_RULE_PACK = 7,
    /// A rule that is to be disabled does not exist.
    UNF_ERR_UNKNOWN_RULE = 8,
    /// A rule pack holds more rules or cues than a table can.
    UNF_ERR_TOO_MANY_CUES = 9,
    /// There is a bug in unfurnish. The handles of the call should be freed and not used again.
    UNF_ERR_PANIC = 10,
    /// An Arrow column is not of strings, or there is no such column.
    UNF_ERR_TYPE = 11,
    /// An Arrow struct has been released already, or contradicts itself.
    UNF_ERR_ARROW = 12,
    /// The cleaned texts of an Arrow array are longer than its type can say.
    UNF_ERR_OVERFLOW = 13,
    /// An Arrow stream that is read has failed.
    UNF_ERR_STREAM = 14,
    /// A file cannot be read.
    UNF_ERR_FILE = 15,
}

impl unf_status {
    const ALL: [(unf_status, &'static CStr); 16] = [
        (unf_status::UNF_OK, c"UNF_OK"),
        (unf_status::UNF_ERR_NULL, c"UNF_ERR_NULL"),
        (unf_status::UNF_ERR_LENGTH, c"UNF_ERR_LENGTH"),
        (unf_status::UNF_ERR_INDEX, c"UNF_ERR_INDEX"),
        (unf_status::UNF_ERR_OFFSETS, c"UNF_ERR_OFFSETS"),
        (unf_status::UNF_ERR_BUFFER, c"UNF_ERR_BUFFER"),
        (unf_status::UNF_ERR_OPTION, c"UNF_ERR_OPTION"),
        (unf_status::UNF_ERR_RULE_PACK, c"UNF_ERR_RULE_PACK"),
        (unf_status::UNF_ERR_UNKNOWN_RULE, c"UNF_ERR_UNKNOWN_RULE"),
        (unf_status::UNF_ERR_TOO_MANY_CUES, c"UNF_ERR_TOO_MANY_CUES"),
        (unf_status::UNF_ERR_PANIC, c"UNF_ERR_PANIC"),
        (unf_status::UNF_ERR_TYPE, c"UNF_ERR_TYPE"),
        (unf_status::UNF_ERR_ARROW, c"UNF_ERR_ARROW"),
        (unf_status::UNF_ERR_OVERFLOW, c"UNF_ERR_OVERFLOW"),
        (unf_status::UNF_ERR_STREAM, c"UNF_ERR_STREAM"),
        (unf_status::UNF_ERR_FILE, c"UNF_ERR_FILE"),
    ];
}

/// unf_status_name gives the name of a status, such as "UNF_ERR_NULL", terminated by a NUL.
///
/// NULL if there is no such status. The name is valid for as long as the library is loaded. Safe
/// from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_status_name(status: u32) -> *const c_char {
    let named = unf_status::ALL.iter().find(|(value, _)| *value as u32 == status);
    named.map_or(std::ptr::null(), |(_, name)| name.as_ptr())
}

/// What went wrong: a status and a message.
///
/// An unf_error may be read by several threads at once.
pub struct unf_error {
    status: unf_status,
    message: Cow<'static, str>,
}

/// What a function of this module fails with, before it crosses the border.
pub(super) type Failure = unf_error;

impl unf_error {
    pub(super) fn new(status: unf_status, message: impl Into<Cow<'static, str>>) -> Failure {
        Failure { status, message: message.into() }
    }

    pub(super) fn null(name: &'static str) -> Failure {
        Failure::new(unf_status::UNF_ERR_NULL, format!("`{name}` is NULL"))
    }

    pub(super) fn index(index: usize, count: usize) -> Failure {
        let message = format!("there is no element {index}; there are {count}, counted from 0");
        Failure::new(unf_status::UNF_ERR_INDEX, message)
    }

    pub(super) fn status(&self) -> unf_status {
        self.status
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The same, with what it happened to in front, such as a file or a row.
    pub(super) fn of(self, what: impl Display) -> Failure {
        Failure::new(self.status, format!("{what}: {}", self.message))
    }

    fn panic(payload: &(dyn Any + Send)) -> Failure {
        let cause = payload.downcast_ref::<&str>().copied();
        let cause = cause.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let message = format!("bug in unfurnish: {}", cause.unwrap_or("panic without a message"));
        Failure::new(unf_status::UNF_ERR_PANIC, message)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Failure {
        let status = match error.kind() {
            ErrorKind::Option => unf_status::UNF_ERR_OPTION,
            ErrorKind::RulePack => unf_status::UNF_ERR_RULE_PACK,
            ErrorKind::UnknownRule => unf_status::UNF_ERR_UNKNOWN_RULE,
            ErrorKind::TooManyCues => unf_status::UNF_ERR_TOO_MANY_CUES,
        };
        Failure::new(status, error.to_string())
    }
}

/// unf_error_status gives the status that the failed call returned.
///
/// `error` must not be NULL; if it is, the answer is UNF_ERR_NULL. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_error_status(error: *const unf_error) -> unf_status {
    // SAFETY: the caller promises that a pointer which is not null is a live handle.
    unsafe { error.as_ref() }.map_or(unf_status::UNF_ERR_NULL, |error| error.status)
}

/// unf_error_message gives a message for people, in English, without a line break at its end.
///
/// The view is valid until `error` is freed. If `error` is NULL, it is empty. Safe from any thread.
/// O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_error_message(error: *const unf_error) -> unf_str {
    // SAFETY: the caller promises that a pointer which is not null is a live handle.
    unf_str::new(unsafe { error.as_ref() }.map_or("", |error| &error.message))
}

/// unf_error_free frees an error.
///
/// `error` may be NULL. Free it once, when no other thread uses it. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_error_free(error: *mut unf_error) {
    // SAFETY: the caller promises that `error` is null or came from this library and is freed once.
    unsafe { free(error) }
}

/// Frees what `Box::into_raw` gave out.
///
/// # Safety
///
/// `handle` is null or came from `Box::into_raw`, and nobody uses it any more.
pub(super) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: `handle` came from `Box::into_raw` and the caller gives it up.
        drop(unsafe { Box::from_raw(handle) });
    }
}

/// The handle behind a pointer.
///
/// # Safety
///
/// `handle` is null or points to a `T` that lives, and that nobody changes, for `'a`.
pub(super) unsafe fn get<'a, T>(name: &'static str, handle: *const T) -> Result<&'a T, Failure> {
    // SAFETY: the caller promises that it is null or valid and not changed for `'a`.
    unsafe { handle.as_ref() }.ok_or_else(|| Failure::null(name))
}

/// What `body` gives; a panic becomes a failure.
///
/// No handle is left half changed by a panic: those that are shared are never changed, and a
/// builder is replaced by a new one only after all that can panic. Hence `AssertUnwindSafe`.
pub(super) fn catch<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(Failure::panic(&*payload)))
}

/// Runs `body` and writes what it gives to `out`, or what it fails with to `error`.
///
/// # Safety
///
/// `out` is null or can be written, `error` is null or can be written.
pub(super) unsafe fn run<T>(
    out: *mut T,
    error: *mut *mut unf_error,
    body: impl FnOnce() -> Result<T, Failure>,
) -> unf_status {
    let result = if out.is_null() { Err(Failure::null("out")) } else { catch(body) };
    match result {
        Ok(value) => {
            // SAFETY: `out` is not null, as just checked, and the caller promises that it can be
            // written; `write` drops nothing that stood there.
            unsafe { out.write(value) };
            unf_status::UNF_OK
        }
        Err(failure) => {
            let status = failure.status;
            if !error.is_null() {
                // SAFETY: `error` is not null and the caller promises that it can be written.
                unsafe { error.write(Box::into_raw(Box::new(failure))) };
            }
            status
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut out = 7;
        let mut error = ptr::null_mut();
        // SAFETY: both pointers are to local variables.
        let status = unsafe { run(&mut out, &mut error, || panic!("row {}", 3)) };
        assert_eq!((status, out), (unf_status::UNF_ERR_PANIC, 7));
        // SAFETY: `run` wrote a handle, which is freed once.
        unsafe {
            assert_eq!((*error).message, "bug in unfurnish: row 3");
            unf_error_free(error);
        }
    }

    #[test]
    fn the_names_are_those_of_the_values() {
        for (index, (status, name)) in unf_status::ALL.iter().enumerate() {
            assert_eq!(*status as usize, index);
            assert_eq!(format!("{status:?}"), name.to_str().unwrap());
        }
        assert!(unf_status_name(unf_status::ALL.len() as u32).is_null());
    }
}

//! A stream of cleaned arrays, over a stream of others.

use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr;
use std::sync::Arc;

use super::super::error::{Failure, catch, unf_status};
use super::abi::{ArrowArray, ArrowArrayStream, ArrowSchema, Owned, Release};
use super::clean::clean_array;
use super::column::Column;
use crate::Cleaner;

/// Numbers of `errno` that are the same on all systems. They are all that the interface has for kinds
/// of errors.
const EIO: c_int = 5;
const EINVAL: c_int = 22;

/// The private data of a stream of ours.
struct Cleaning {
    source: Owned<ArrowArrayStream>,
    column: Column,
    cleaner: Arc<Cleaner>,
    /// What went wrong in the call before, if anything did.
    error: Option<CString>,
}

/// A stream that cleans a column of the arrays of another.
///
/// # Safety
///
/// The source follows the interface.
pub(super) unsafe fn clean_stream(
    cleaner: &Arc<Cleaner>,
    mut source: Owned<ArrowArrayStream>,
    column: &[u8],
) -> Result<ArrowArrayStream, Failure> {
    let mut schema = Owned(ArrowSchema::RELEASED);
    // SAFETY: the caller promises that the source can be called, and what it wrote follows the
    // interface.
    let column = unsafe {
        call(&mut source, |stream| stream.get_schema, &mut schema.0)
            .map_err(|(_, failure)| failure)?;
        Column::find(&schema.0, column)?
    };
    let cleaning = Cleaning { source, column, cleaner: Arc::clone(cleaner), error: None };
    Ok(ArrowArrayStream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release),
        private_data: Box::into_raw(Box::new(cleaning)).cast(),
    })
}

type Callback<T> = Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut T) -> c_int>;

/// Calls a source for a struct. If it fails, the error has its number and says what it says.
///
/// # Safety
///
/// The source follows the interface; what it writes to is released.
unsafe fn call<T>(
    source: &mut Owned<ArrowArrayStream>,
    callback: impl FnOnce(&ArrowArrayStream) -> Callback<T>,
    out: &mut T,
) -> Result<(), (c_int, Failure)> {
    let source = &mut source.0;
    let Some(call) = callback(source) else {
        return Err((EINVAL, Failure::arrow("the stream lacks a callback")));
    };
    // SAFETY: the caller promises that the source can be called.
    let number = unsafe { call(source, out) };
    if number == 0 {
        return Ok(());
    }
    // SAFETY: as above; the message is null or ends with a NUL, and is valid until the next call.
    let message = source.get_last_error.map(|last| unsafe { last(source) });
    let message = match message.filter(|message| !message.is_null()) {
        // SAFETY: as above.
        Some(message) => unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned(),
        None => format!("error {number}"),
    };
    let message = format!("the stream that is read has failed: {message}");
    Err((number, Failure::new(unf_status::UNF_ERR_STREAM, message)))
}

impl Cleaning {
    /// The next array of the source, clean; a released one at its end.
    ///
    /// # Safety
    ///
    /// The source follows the interface.
    unsafe fn next(&mut self) -> Result<ArrowArray, (c_int, Failure)> {
        let mut array = Owned(ArrowArray::RELEASED);
        // SAFETY: the caller promises that the source can be called.
        unsafe { call(&mut self.source, |stream| stream.get_next, &mut array.0) }?;
        if array.0.release.is_none() {
            return Ok(ArrowArray::RELEASED);
        }
        // SAFETY: the caller promises that the arrays of the source are of its schema, in which the
        // column was found.
        let cleaned = catch(|| unsafe { clean_array(&self.cleaner, array, self.column) });
        cleaned.map(Owned::give).map_err(|failure| match failure.status() {
            unf_status::UNF_ERR_PANIC => (EIO, failure),
            _ => (EINVAL, failure),
        })
    }

    /// Notes how a call went, for `get_last_error`.
    fn note(&mut self, result: Result<(), (c_int, Failure)>) -> c_int {
        let (number, message) = match result {
            Ok(()) => (0, None),
            Err((number, failure)) => (number, Some(failure.message().replace('\0', " "))),
        };
        self.error = message.and_then(|message| CString::new(message).ok());
        number
    }
}

/// The private data of a stream of ours; `None` if it has been released.
///
/// # Safety
///
/// `stream` is null or a stream of ours that nobody else uses.
unsafe fn cleaning<'a>(stream: *mut ArrowArrayStream) -> Option<&'a mut Cleaning> {
    // SAFETY: the caller promises that it is null or a stream; the private data of one that has not
    // been released are those that it was made with.
    unsafe {
        let stream = stream.as_ref().filter(|stream| stream.release.is_some())?;
        stream.private_data.cast::<Cleaning>().as_mut()
    }
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: the interface has it called with a stream of ours.
    let Some(cleaning) = (unsafe { cleaning(stream) }).filter(|_| !out.is_null()) else {
        return EINVAL;
    };
    let mut schema = ArrowSchema::RELEASED;
    // SAFETY: whoever made the stream promised that the source follows the interface.
    let result = unsafe { call(&mut cleaning.source, |stream| stream.get_schema, &mut schema) };
    if result.is_ok() {
        // SAFETY: it is not null, and the interface has it point to where a schema can be written.
        unsafe { out.write(schema) };
    }
    cleaning.note(result)
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: the interface has it called with a stream of ours.
    let Some(cleaning) = (unsafe { cleaning(stream) }).filter(|_| !out.is_null()) else {
        return EINVAL;
    };
    // SAFETY: whoever made the stream promised that the source follows the interface.
    let result = unsafe { cleaning.next() };
    let result = result.map(|array| {
        // SAFETY: it is not null, and the interface has it point to where an array can be written.
        unsafe { out.write(array) }
    });
    cleaning.note(result)
}

unsafe extern "C" fn get_last_error(stream: *mut ArrowArrayStream) -> *const c_char {
    // SAFETY: the interface has it called with a stream of ours.
    let error = unsafe { cleaning(stream) }.and_then(|cleaning| cleaning.error.as_ref());
    error.map_or(ptr::null(), |error| error.as_ptr())
}

unsafe extern "C" fn release(stream: *mut ArrowArrayStream) {
    // SAFETY: the interface has it called with a stream of ours that nobody else uses.
    if let Some(stream) = unsafe { stream.as_mut() }
        && stream.release.take().is_some()
    {
        // SAFETY: the pointer came from `Box::into_raw` in `clean_stream`. No second call comes here,
        // since the callback is gone.
        drop(unsafe { Box::from_raw(stream.private_data.cast::<Cleaning>()) });
    }
}

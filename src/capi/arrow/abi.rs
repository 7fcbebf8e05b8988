//! The structs of the Arrow C data and stream interfaces, and who owns them.
//!
//! Their layout is fixed for good by <https://arrow.apache.org/docs/format/CDataInterface.html>.
//! The header declares them too (cbindgen.toml), behind the guards that all who use them share.

use std::borrow::Cow;
use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use super::super::error::{Failure, unf_status};

/// The type of an array or a stream.
#[repr(C)]
pub struct ArrowSchema {
    /// What the type is, such as "u" for `utf8`.
    pub format: *const c_char,
    /// The name of the column, or null.
    pub name: *const c_char,
    /// Pairs of keys and values, or null.
    pub metadata: *const c_char,
    /// Bits, such as whether there may be nulls.
    pub flags: i64,
    /// How many columns a struct has.
    pub n_children: i64,
    /// Their types.
    pub children: *mut *mut ArrowSchema,
    /// The type of what a dictionary holds, or null.
    pub dictionary: *mut ArrowSchema,
    /// Frees what belongs to this struct and sets itself to null.
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    /// The producer's.
    pub private_data: *mut c_void,
}

/// A column, or a batch of several of the same length.
#[repr(C)]
pub struct ArrowArray {
    /// How many rows.
    pub length: i64,
    /// How many of them are null; -1 if nobody has counted.
    pub null_count: i64,
    /// How many rows to skip at the beginning of the buffers.
    pub offset: i64,
    /// How many buffers.
    pub n_buffers: i64,
    /// How many columns a struct has.
    pub n_children: i64,
    /// The buffers, as the type lays them out.
    pub buffers: *mut *const c_void,
    /// The columns of a struct.
    pub children: *mut *mut ArrowArray,
    /// What a dictionary holds, or null.
    pub dictionary: *mut ArrowArray,
    /// Frees what belongs to this struct and sets itself to null.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    /// The producer's.
    pub private_data: *mut c_void,
}

/// Arrays of one type, one after the other.
#[repr(C)]
pub struct ArrowArrayStream {
    /// Gives the type of the arrays; 0, or an errno.
    pub get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    /// Gives the next array, or a released one at the end; 0, or an errno.
    pub get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    /// Says what went wrong in the call before, or null.
    pub get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    /// Frees what belongs to this struct and sets itself to null.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    /// The producer's.
    pub private_data: *mut c_void,
}

/// A struct of the interface, which knows how to release itself.
pub(super) trait Release: Sized {
    /// One that is released already: all of it is zero.
    const RELEASED: Self;

    fn callback(&mut self) -> &mut Option<unsafe extern "C" fn(*mut Self)>;
}

impl Release for ArrowSchema {
    const RELEASED: ArrowSchema = ArrowSchema {
        format: ptr::null(),
        name: ptr::null(),
        metadata: ptr::null(),
        flags: 0,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    };

    fn callback(&mut self) -> &mut Option<unsafe extern "C" fn(*mut ArrowSchema)> {
        &mut self.release
    }
}

impl Release for ArrowArray {
    const RELEASED: ArrowArray = ArrowArray {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: ptr::null_mut(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: None,
        private_data: ptr::null_mut(),
    };

    fn callback(&mut self) -> &mut Option<unsafe extern "C" fn(*mut ArrowArray)> {
        &mut self.release
    }
}

impl Release for ArrowArrayStream {
    const RELEASED: ArrowArrayStream = ArrowArrayStream {
        get_schema: None,
        get_next: None,
        get_last_error: None,
        release: None,
        private_data: ptr::null_mut(),
    };

    fn callback(&mut self) -> &mut Option<unsafe extern "C" fn(*mut ArrowArrayStream)> {
        &mut self.release
    }
}

/// A struct of the interface that is ours, and is released when it is dropped.
#[repr(transparent)]
pub(super) struct Owned<T: Release>(pub(super) T);

impl<T: Release> Owned<T> {
    /// Moves a struct away from where it is; what stays there is released.
    ///
    /// # Safety
    ///
    /// `source` is null, or points to a struct that is released or that follows the interface, and
    /// that nobody else uses.
    pub(super) unsafe fn take(name: &'static str, source: *mut T) -> Result<Owned<T>, Failure> {
        if source.is_null() {
            return Err(Failure::null(name));
        }
        // SAFETY: `source` is not null, and the caller promises that it points to such a struct. The
        // interface lets a struct be moved by copying it and marking the source as released.
        let mut taken = unsafe { ptr::replace(source, T::RELEASED) };
        match taken.callback() {
            Some(_) => Ok(Owned(taken)),
            None => Err(Failure::released(name)),
        }
    }

    /// Gives the struct away, to be released by who has it then.
    pub(super) fn give(mut self) -> T {
        std::mem::replace(&mut self.0, T::RELEASED)
    }
}

impl<T: Release> Drop for Owned<T> {
    fn drop(&mut self) {
        if let Some(release) = *self.0.callback() {
            // SAFETY: a struct that has a callback has not been released, and it is ours.
            unsafe { release(&mut self.0) };
        }
    }
}

impl Failure {
    pub(super) fn released(name: &str) -> Failure {
        Failure::arrow(format!("`{name}` has been released already, or was never filled"))
    }

    /// A struct that is not as the interface has it.
    pub(super) fn arrow(message: impl Into<Cow<'static, str>>) -> Failure {
        Failure::new(unf_status::UNF_ERR_ARROW, message)
    }
}

//! Arrow arrays of ours: what belongs to them, until they are released.

use std::any::Any;
use std::ffi::c_void;
use std::ptr;

use super::abi::{ArrowArray, Owned};
use super::rows::Validity;

struct Contents {
    buffers: Vec<*const c_void>,
    children: Vec<Owned<ArrowArray>>,
    /// Where they are: whoever has the array may move each of them away.
    children_at: Vec<*mut ArrowArray>,
    /// What the buffers point to.
    _memory: Box<dyn Any>,
}

/// An array of buffers that point into `memory`, behind the one that says which rows are null.
pub(super) fn new_array(
    rows: usize,
    validity: Option<Validity>,
    buffers: Vec<*const c_void>,
    children: Vec<Owned<ArrowArray>>,
    memory: impl Any,
) -> Owned<ArrowArray> {
    let validity = validity.filter(|validity| validity.null_count > 0);
    let bits = validity.as_ref().map_or(ptr::null(), |validity| validity.bits.as_ptr());
    let null_count = validity.as_ref().map_or(0, |validity| validity.null_count);
    let mut contents = Box::new(Contents {
        buffers: [vec![bits.cast()], buffers].concat(),
        children,
        children_at: Vec::new(),
        _memory: Box::new((validity, memory)),
    });
    let children = contents.children.iter_mut().map(|child| ptr::from_mut(&mut child.0));
    contents.children_at = children.collect();
    Owned(ArrowArray {
        // No vector has more elements than fit.
        length: rows as i64,
        null_count: null_count as i64,
        offset: 0,
        n_buffers: contents.buffers.len() as i64,
        n_children: contents.children.len() as i64,
        buffers: contents.buffers.as_mut_ptr(),
        children: contents.children_at.as_mut_ptr(),
        dictionary: ptr::null_mut(),
        release: Some(release),
        private_data: Box::into_raw(contents).cast(),
    })
}

/// Rows of an array of any type. They were checked to be there.
pub(super) fn slice_array(
    array: Owned<ArrowArray>,
    first: usize,
    length: usize,
) -> Owned<ArrowArray> {
    let ArrowArray { offset, n_buffers, n_children, buffers, children, dictionary, .. } = array.0;
    let slice = new_array(length, None, Vec::new(), Vec::new(), array).give();
    Owned(ArrowArray {
        null_count: -1,
        offset: offset + first as i64,
        n_buffers,
        n_children,
        buffers,
        children,
        dictionary,
        ..slice
    })
}

/// The release callback of all arrays of ours.
unsafe extern "C" fn release(array: *mut ArrowArray) {
    // SAFETY: the interface has it called with an array that was made by `new_array` and perhaps
    // moved, and that nobody else uses.
    if let Some(array) = unsafe { array.as_mut() }
        && array.release.take().is_some()
    {
        // SAFETY: the pointer came from `Box::into_raw` there. No second call comes here, since the
        // callback is gone.
        drop(unsafe { Box::from_raw(array.private_data.cast::<Contents>()) });
    }
}

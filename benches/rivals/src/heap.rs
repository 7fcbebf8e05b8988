//! An allocator that counts, when asked to: allocations, bytes in use, and the most there were.

#![allow(unsafe_code)] // an allocator cannot be written without

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub(crate) struct Counting;

#[derive(Clone, Copy, Debug)]
#[allow(dead_code)] // the test asks for one thing, the harness for others
pub(crate) struct Usage {
    pub(crate) allocations: usize,
    /// Bytes that were allocated and not freed; negative if what was there before was freed.
    pub(crate) kept: isize,
    /// The most bytes that were in use at a time.
    pub(crate) peak: isize,
}

// Of each thread, since a test is not alone in its process. None while time is measured.
thread_local! {
    static USAGE: Cell<Option<Usage>> = const { Cell::new(None) };
}

/// What `run` allocates on this thread.
pub(crate) fn used<T>(run: impl FnOnce() -> T) -> (T, Usage) {
    USAGE.set(Some(Usage { allocations: 0, kept: 0, peak: 0 }));
    let result = run();
    let usage = USAGE.take();
    (result, usage.expect("it was set above"))
}

fn count(bytes: isize) {
    if let Some(mut usage) = USAGE.get() {
        usage.allocations += usize::from(bytes > 0);
        usage.kept += bytes;
        usage.peak = usage.peak.max(usage.kept);
        USAGE.set(Some(usage));
    }
}

// SAFETY: everything is passed on to `System` as it came in, and counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller keeps the contract, which is that of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // The old and the new may both exist for a moment.
        count(size as isize);
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

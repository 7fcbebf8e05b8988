//! A column of texts: row by row through the library, and whole through the C API.
#![allow(unsafe_code)] // calls the C API with columns made here

use std::ffi::c_void;
use std::hint::black_box;
use std::{ptr, slice};

use criterion::{Criterion, Throughput};
use unfurnish::Cleaner;
use unfurnish::capi::*;

use crate::texts::{self, LANGUAGES};

const ROWS: usize = 300;

pub(crate) fn benches(criterion: &mut Criterion) {
    let library = Cleaner::new();
    let mut cleaner = ptr::null_mut();
    // SAFETY: the pointer is to a local variable.
    let status = unsafe { unf_cleaner_new(&mut cleaner, ptr::null_mut()) };
    assert_eq!(status, unf_status::UNF_OK);
    let mut group = criterion.benchmark_group("column");
    for language in &LANGUAGES {
        // Without furniture: what is not cleaning counts the most then.
        let text = texts::article(language, 3 << 10);
        let column = text.repeat(ROWS);
        let offsets: Vec<i32> = (0..=ROWS).map(|row| (row * text.len()) as i32).collect();
        let rows = || offsets.windows(2).map(|ends| &column[ends[0] as usize..ends[1] as usize]);
        let expected: String = rows().map(|row| library.clean(row).into_text()).collect();
        assert_eq!(arrow(cleaner, &column, &offsets, <[u8]>::to_vec), expected.as_bytes());

        group.throughput(Throughput::Bytes(column.len() as u64));
        group.bench_function(format!("{}/library", language.name), |bencher| {
            bencher.iter(|| rows().for_each(|row| drop(black_box(library.clean(row)))));
        });
        group.bench_function(format!("{}/arrow", language.name), |bencher| {
            bencher.iter(|| arrow(cleaner, &column, &offsets, <[u8]>::len));
        });
    }
    group.finish();
    // SAFETY: it was made above and is used no more.
    unsafe { unf_cleaner_free(cleaner) };
}

/// What a look at the clean column tells, of an array of `utf8` without nulls.
fn arrow<T>(
    cleaner: *const unf_cleaner,
    column: &str,
    offsets: &[i32],
    look: impl FnOnce(&[u8]) -> T,
) -> T {
    unsafe extern "C" fn release_array(array: *mut ArrowArray) {
        // SAFETY: the interface has it called with an array.
        unsafe { (*array).release = None };
    }
    unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
        // SAFETY: the interface has it called with a schema.
        unsafe { (*schema).release = None };
    }
    let mut buffers: [*const c_void; 3] =
        [ptr::null(), offsets.as_ptr().cast(), column.as_ptr().cast()];
    let mut array = ArrowArray {
        length: offsets.len() as i64 - 1,
        null_count: 0,
        offset: 0,
        n_buffers: 3,
        n_children: 0,
        buffers: buffers.as_mut_ptr(),
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: ptr::null_mut(),
    };
    let schema = ArrowSchema {
        format: c"u".as_ptr(),
        name: ptr::null(),
        metadata: ptr::null(),
        flags: 0,
        n_children: 0,
        children: ptr::null_mut(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: ptr::null_mut(),
    };
    let (rows, out, none) = (offsets.len() - 1, ptr::from_mut(&mut array), ptr::null_mut());
    // SAFETY: the array and its schema are as the interface has them, and what comes out is an array
    // of the same type, which is looked at before it is released.
    unsafe {
        let status = unf_cleaner_clean_arrow(cleaner, out, &schema, ptr::null(), 0, out, none);
        assert_eq!(status, unf_status::UNF_OK);
        let end = *(*array.buffers.add(1)).cast::<i32>().add(rows);
        let looked = look(slice::from_raw_parts((*array.buffers.add(2)).cast(), end as usize));
        array.release.expect("it has not been released")(&mut array);
        looked
    }
}

//! The Arrow C interfaces: every type of string, every way to lay one out, whole or hostile, and
//! who releases what.
#![cfg(feature = "capi")]
#![allow(unsafe_code)]
#![allow(clippy::undocumented_unsafe_blocks)] // every block is a call with structs made here

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::zeroed;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{ptr, slice};

use proptest::prelude::*;
use unfurnish::Cleaner;
use unfurnish::capi::*;

const LINK: &str = "The vote is on Friday.\n\nALSO READ: Ten hotels\n\nTurnout will be high.";
const FORMATS: [&str; 3] = ["u", "U", "vu"];

// -- A producer -----------------------------------------------------------------------------------

/// What a struct of ours holds until it is released, which it counts.
struct Held {
    buffers: Vec<Vec<u8>>,
    at: Vec<*const c_void>,
    children: Vec<ArrowArray>,
    children_at: Vec<*mut ArrowArray>,
    released: Arc<AtomicUsize>,
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    unsafe {
        let held = Box::from_raw((*array).private_data.cast::<Held>());
        for &child in &held.children_at {
            if let Some(release) = (*child).release {
                release(child);
            }
        }
        held.released.fetch_add(1, Ordering::Relaxed);
        (*array).release = None;
    }
}

/// An array of these buffers, none of them NULL, on the heap at their exact length.
fn array(
    length: usize,
    offset: usize,
    null_count: i64,
    buffers: Vec<Vec<u8>>,
    children: Vec<ArrowArray>,
    released: &Arc<AtomicUsize>,
) -> ArrowArray {
    let mut held = Box::new(Held {
        at: buffers.iter().map(|buffer| buffer.as_ptr().cast()).collect(),
        buffers,
        children,
        children_at: Vec::new(),
        released: released.clone(),
    });
    held.children_at = held.children.iter_mut().map(ptr::from_mut).collect();
    ArrowArray {
        length: length as i64,
        null_count,
        offset: offset as i64,
        n_buffers: held.buffers.len() as i64,
        n_children: held.children.len() as i64,
        buffers: held.at.as_mut_ptr(),
        children: held.children_at.as_mut_ptr(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: Box::into_raw(held).cast(),
    }
}

type Row = Option<Vec<u8>>;

/// Strings, behind `offset` rows that are not to be read.
fn strings(format: &str, rows: &[Row], offset: usize, released: &Arc<AtomicUsize>) -> ArrowArray {
    let skipped = vec![Some(b"Not to be read: \xff, and long".to_vec()); offset];
    let all = [&skipped[..], rows].concat();
    let mut bits = vec![0_u8; all.len().div_ceil(8)];
    let mut data = Vec::new();
    let mut ends = vec![0];
    let mut views = Vec::new();
    for (at, row) in all.iter().enumerate() {
        bits[at / 8] |= u8::from(row.is_some()) << (at % 8);
        // What a null row says means nothing.
        let text = row.as_deref().unwrap_or(b"ALSO READ: \xff\xff\xff");
        let mut view = [0; 16];
        view[..4].copy_from_slice(&(text.len() as i32).to_ne_bytes());
        if text.len() <= 12 {
            view[4..4 + text.len()].copy_from_slice(text);
        } else {
            view[4..8].copy_from_slice(&text[..4]);
            view[12..].copy_from_slice(&(data.len() as i32).to_ne_bytes());
        }
        views.extend(view);
        data.extend(text);
        ends.push(data.len());
    }
    let nulls = rows.iter().filter(|row| row.is_none()).count() as i64;
    let buffers = match format {
        "u" => vec![bits, ends.iter().flat_map(|&end| (end as i32).to_ne_bytes()).collect(), data],
        "U" => vec![bits, ends.iter().flat_map(|&end| (end as i64).to_ne_bytes()).collect(), data],
        _ => {
            let lengths = [data.len() as i64].iter().flat_map(|n| n.to_ne_bytes()).collect();
            vec![bits, views, data, lengths]
        }
    };
    array(rows.len(), offset, nulls, buffers, Vec::new(), released)
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    unsafe {
        drop(CString::from_raw((*schema).format.cast_mut()));
        drop(CString::from_raw((*schema).name.cast_mut()));
        let count = (*schema).n_children as usize;
        let children = Box::from_raw(ptr::slice_from_raw_parts_mut((*schema).children, count));
        for &child in &children {
            release_schema(child);
            drop(Box::from_raw(child));
        }
        (*schema).release = None;
    }
}

fn schema(format: &str, name: &str, children: Vec<ArrowSchema>) -> ArrowSchema {
    let children: Vec<_> =
        children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect();
    ArrowSchema {
        format: CString::new(format).unwrap().into_raw(),
        name: CString::new(name).unwrap().into_raw(),
        metadata: ptr::null(),
        flags: 2,
        n_children: children.len() as i64,
        children: Box::into_raw(children.into_boxed_slice()).cast(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: ptr::null_mut(),
    }
}

fn release(mut schema: ArrowSchema) {
    unsafe { release_schema(&mut schema) };
}

// -- A consumer -----------------------------------------------------------------------------------

fn buffer<T>(array: &ArrowArray, index: usize, count: usize) -> &[T] {
    assert!((index as i64) < array.n_buffers);
    let data: *const T = unsafe { *array.buffers.add(index) }.cast();
    assert!(data.is_aligned() && (count == 0 || !data.is_null()));
    if count == 0 { &[] } else { unsafe { slice::from_raw_parts(data, count) } }
}

/// What the rows of an array say, and that it is as the format has it.
fn read(array: &ArrowArray, format: &str) -> Vec<Row> {
    assert!(array.release.is_some());
    assert_eq!((array.n_children, array.dictionary), (0, ptr::null_mut()));
    let rows = array.length as usize;
    let bits = unsafe { *array.buffers };
    let valid: Vec<bool> = (0..rows)
        .map(|row| {
            bits.is_null()
                || buffer::<u8>(array, 0, rows.div_ceil(8))[row / 8] >> (row % 8) & 1 == 1
        })
        .collect();
    assert_eq!(array.null_count, valid.iter().filter(|&&valid| !valid).count() as i64);
    assert_eq!(array.offset, 0);
    let texts: Vec<Vec<u8>> = match format {
        "vu" => {
            let count = array.n_buffers as usize - 3;
            let lengths = buffer::<i64>(array, 2 + count, count);
            let views = buffer::<[i32; 4]>(array, 1, rows);
            let text = |view: &[i32; 4]| match view[0] as usize {
                length @ 0..=12 => {
                    let bytes: Vec<u8> = view[1..].iter().flat_map(|n| n.to_ne_bytes()).collect();
                    assert!(bytes[length..].iter().all(|&byte| byte == 0));
                    bytes[..length].to_vec()
                }
                length => {
                    let (index, start) = (view[2] as usize, view[3] as usize);
                    let data = buffer::<u8>(array, 2 + index, lengths[index] as usize);
                    assert_eq!(data[start..start + 4], view[1].to_ne_bytes());
                    data[start..start + length].to_vec()
                }
            };
            views.iter().map(text).collect()
        }
        _ => {
            let ends: Vec<usize> = match format {
                "u" => buffer::<i32>(array, 1, rows + 1).iter().map(|&end| end as usize).collect(),
                _ => buffer::<i64>(array, 1, rows + 1).iter().map(|&end| end as usize).collect(),
            };
            assert_eq!((array.n_buffers, ends[0]), (3, 0));
            let data = buffer::<u8>(array, 2, ends[rows]);
            ends.windows(2).map(|ends| data[ends[0]..ends[1]].to_vec()).collect()
        }
    };
    let row = |(text, valid): (Vec<u8>, _)| {
        assert!(valid || text.is_empty());
        valid.then_some(text)
    };
    texts.into_iter().zip(valid).map(row).collect()
}

fn free(array: &mut ArrowArray) {
    unsafe { array.release.unwrap()(array) };
    assert!(array.release.is_none());
}

// -- The calls ------------------------------------------------------------------------------------

struct Handle(*mut unf_cleaner);

impl Handle {
    fn new() -> Handle {
        let mut cleaner = ptr::null_mut();
        assert_eq!(unsafe { unf_cleaner_new(&mut cleaner, ptr::null_mut()) }, unf_status::UNF_OK);
        Handle(cleaner)
    }

    /// Cleans in place; the message is that of the error.
    fn clean(
        &self,
        array: &mut ArrowArray,
        schema: &ArrowSchema,
        column: &str,
    ) -> Result<(), (unf_status, String)> {
        let (data, len) = (column.as_ptr().cast(), column.len());
        let mut error = ptr::null_mut();
        let out = ptr::from_mut(array);
        let status =
            unsafe { unf_cleaner_clean_arrow(self.0, out, schema, data, len, out, &mut error) };
        outcome(status, error)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        unsafe { unf_cleaner_free(self.0) };
    }
}

fn outcome(status: unf_status, error: *mut unf_error) -> Result<(), (unf_status, String)> {
    assert_eq!(error.is_null(), status == unf_status::UNF_OK);
    if error.is_null() {
        return Ok(());
    }
    let message = unsafe { unf_error_message(error) };
    let message = unsafe { slice::from_raw_parts(message.data.cast::<u8>(), message.len) };
    let message = String::from_utf8(message.to_vec()).unwrap();
    unsafe { unf_error_free(error) };
    Err((status, message))
}

fn expected(rows: &[Row]) -> Vec<Row> {
    let cleaner = Cleaner::new();
    let clean = |text: &Vec<u8>| cleaner.clean_bytes(text).into_text().into_owned().into_bytes();
    rows.iter().map(|row| row.as_ref().map(clean)).collect()
}

fn rows() -> Vec<Row> {
    let texts: [Option<&[u8]>; 12] = [
        Some(b"a"),
        None,
        Some(LINK.as_bytes()),
        Some(b""),
        None,
        // Around the twelve bytes that a view holds itself, before and after cleaning.
        Some(b"twelve bytes"),
        Some(b"and thirteen."),
        Some(b"ten bytes\xff"),
        Some(b"twelve  bytes"),
        Some("e\u{301} “x” …\r\n\u{a0}\u{feff}zwsp\u{200b}".as_bytes()),
        Some(b"\xed\xa0\x80\n\nALSO READ: x\n\n\xc3"),
        Some(b"last"),
    ];
    texts.map(|text| text.map(<[u8]>::to_vec)).to_vec()
}

// -- Tests ----------------------------------------------------------------------------------------

/// Cleans rows as an array of a format; the input must be released exactly once.
fn clean_rows(cleaner: &Handle, format: &str, rows: &[Row], offset: usize) -> Vec<Row> {
    let released = Arc::default();
    let mut array = strings(format, rows, offset, &released);
    let schema = schema(format, "", Vec::new());
    assert_eq!(cleaner.clean(&mut array, &schema, ""), Ok(()));
    assert_eq!(released.load(Ordering::Relaxed), 1);
    let cleaned = read(&array, format);
    free(&mut array);
    assert!(schema.release.is_some(), "the schema is only read");
    release(schema);
    cleaned
}

#[test]
fn every_format_nulls_and_offsets() {
    let cleaner = Handle::new();
    for format in FORMATS {
        for offset in [0, 1, 7, 8, 9] {
            // With and without nulls, to the end of a byte of the bitmap and not.
            for rows in [&rows()[..], &rows()[..8], &rows()[5..], &rows()[..0], &[None, None]] {
                let cleaned = clean_rows(&cleaner, format, rows, offset);
                assert_eq!(cleaned, expected(rows), "{format}, {offset}");
            }
        }
    }
}

#[test]
fn any_rows_are_as_in_the_library() {
    let cleaner = Handle::new();
    let piece = prop_oneof![
        "\\PC{0,20}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..12),
        Just(b"\n\nALSO READ: Ten hotels\n\n".to_vec()),
        Just("It rained all day, and nobody in the town minded.\n".into()),
    ];
    let text = prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    let rows = prop::collection::vec(prop::option::of(text), 0..20);
    let config = ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 256 });
    proptest!(config, |(rows in rows, offset in 0_usize..10)| {
        for format in FORMATS {
            prop_assert_eq!(clean_rows(&cleaner, format, &rows, offset), expected(&rows));
        }
    });
}

/// What the interface lets a producer leave out.
#[test]
fn buffers_that_may_be_null() {
    let cleaner = Handle::new();
    for format in FORMATS {
        let released = Arc::default();
        let schema = schema(format, "", Vec::new());
        // No rows: none of the buffers is read.
        let mut array = strings(format, &[], 0, &released);
        unsafe { slice::from_raw_parts_mut(array.buffers, 3) }.fill(ptr::null());
        if format == "vu" {
            array.n_buffers = 3;
        }
        assert_eq!(cleaner.clean(&mut array, &schema, ""), Ok(()), "{format}");
        assert_eq!(read(&array, format), []);
        free(&mut array);
        // No bitmap, whether the nulls were counted or not.
        for null_count in [0, -1] {
            let rows = [Some(LINK.as_bytes().to_vec()), Some(b"b".to_vec())];
            let mut array = strings(format, &rows, 3, &released);
            unsafe { *array.buffers = ptr::null() };
            array.null_count = null_count;
            assert_eq!(cleaner.clean(&mut array, &schema, ""), Ok(()), "{format}");
            assert_eq!(read(&array, format), expected(&rows));
            free(&mut array);
        }
        // Nothing but empty texts, and no data.
        let mut array = strings(format, &[Some(Vec::new()), Some(Vec::new())], 0, &released);
        if format != "vu" {
            unsafe { *array.buffers.add(2) = ptr::null() };
        }
        assert_eq!(cleaner.clean(&mut array, &schema, ""), Ok(()), "{format}");
        assert_eq!(read(&array, format), [Some(Vec::new()), Some(Vec::new())]);
        free(&mut array);
        release(schema);
    }
}

/// Breaks an array of each format, and tells the status and the message of cleaning it.
fn broken(format: &str, break_it: impl FnOnce(&mut ArrowArray)) -> (unf_status, String) {
    let released = Arc::default();
    let mut array = strings(format, &rows(), 0, &released);
    break_it(&mut array);
    let schema = schema(format, "", Vec::new());
    let error = Handle::new().clean(&mut array, &schema, "").unwrap_err();
    assert!(array.release.is_none(), "moved, and no output written");
    assert_eq!(released.load(Ordering::Relaxed), 1);
    release(schema);
    error
}

/// Another number in a buffer of an array.
fn set<T>(array: &ArrowArray, index: usize, at: usize, value: T) {
    let buffer: *mut T = unsafe { *array.buffers.add(index) }.cast_mut().cast();
    unsafe { buffer.add(at).write_unaligned(value) };
}

#[test]
fn arrays_that_contradict_themselves() {
    use unf_status::*;
    for format in FORMATS {
        let is = |status, message: &str, break_it: &dyn Fn(&mut ArrowArray)| {
            let (got, said) = broken(format, break_it);
            assert_eq!(got, status, "{format}: {said}");
            assert!(said.contains(message), "{format}: {said}");
        };
        for (length, offset) in
            [(-1, 0), (1, -1), (i64::MAX, 0), (i64::MAX, i64::MAX), (1, i64::MAX)]
        {
            is(UNF_ERR_ARROW, "rows from", &|array| {
                (array.length, array.offset) = (length, offset);
            });
        }
        for count in [-1, 0, 1, 2, i64::MIN] {
            is(UNF_ERR_ARROW, "buffers", &|array| (array.n_buffers, array.null_count) = (count, 0));
        }
        is(UNF_ERR_ARROW, "buffers", &|array| array.buffers = ptr::null_mut());
        is(UNF_ERR_ARROW, "2 rows are null", &|array| unsafe { *array.buffers = ptr::null() });
        is(UNF_ERR_ARROW, "NULL", &|array| unsafe { *array.buffers.add(1) = ptr::null() });
    }
    let falls = |array: &mut ArrowArray| set(array, 1, 2, -1_i32);
    let (status, message) = broken("u", falls);
    assert_eq!(status, UNF_ERR_OFFSETS);
    assert_eq!(message, "row 2: offsets cannot go from -1 to 83");
    assert_eq!(broken("U", |array| set(array, 1, 4, 1_i64)).0, UNF_ERR_OFFSETS);
    assert_eq!(broken("u", |array| set(array, 1, 0, 99_i32)).0, UNF_ERR_OFFSETS);
    // More than there can be, before anything is read.
    assert_eq!(broken("U", |array| set(array, 1, 12, i64::MAX / 2)).0, UNF_ERR_LENGTH);
    assert_eq!(
        broken("u", |array| unsafe { *array.buffers.add(2) = ptr::null() }),
        (UNF_ERR_ARROW, "row 0: the buffer of texts is NULL".into())
    );
    // Views of the long text in row 2: its length, its buffer, where it begins.
    for (at, value) in [(0, -1), (0, 5000), (0, i32::MAX), (2, 1), (2, -1), (3, -1), (3, i32::MAX)]
    {
        let (status, message) = broken("vu", |array| set(array, 1, 2 * 4 + at, value));
        assert_eq!(status, UNF_ERR_OFFSETS, "{message}");
        assert!(message.starts_with("row 2: there are no "), "{message}");
    }
    let (status, _) = broken("vu", |array| unsafe { *array.buffers.add(3) = ptr::null() });
    assert_eq!(status, UNF_ERR_ARROW);
    for length in [-1_i64, 0, 20] {
        assert_eq!(broken("vu", |array| set(array, 3, 0, length)).0, UNF_ERR_OFFSETS);
    }
}

#[test]
fn types_that_are_none_of_strings() {
    use unf_status::*;
    let cleaner = Handle::new();
    let says = |status, message: &str, schema: ArrowSchema, column: &str| {
        let released = Arc::default();
        let mut array = strings("u", &rows(), 0, &released);
        let (got, said) = cleaner.clean(&mut array, &schema, column).unwrap_err();
        assert_eq!(got, status, "{said}");
        assert!(said.contains(message), "{said}");
        assert_eq!(released.load(Ordering::Relaxed), 1);
        if schema.release.is_some() {
            release(schema);
        }
    };
    for format in ["z", "Z", "vz", "l", "", "+l", "ux"] {
        says(UNF_ERR_TYPE, &format!("`{format}`"), schema(format, "", Vec::new()), "");
    }
    let strings = |name: &str| schema("u", name, Vec::new());
    says(UNF_ERR_TYPE, "name the column", schema("+s", "", vec![strings("a")]), "");
    says(UNF_ERR_TYPE, "no records", strings("a"), "a");
    says(UNF_ERR_TYPE, "no column `b`", schema("+s", "", vec![strings("a")]), "b");
    says(UNF_ERR_TYPE, "no column `a`", schema("+s", "", Vec::new()), "a");
    let twice = vec![strings("a"), strings("b"), strings("a")];
    says(UNF_ERR_TYPE, "more than one column is called `a`", schema("+s", "", twice), "a");
    let number = vec![schema("l", "a", Vec::new())];
    says(UNF_ERR_TYPE, "`l`", schema("+s", "", number), "a");
    let mut dictionary = schema("i", "", Vec::new());
    let mut values = schema("u", "", Vec::new());
    dictionary.dictionary = &mut values;
    says(UNF_ERR_TYPE, "dictionary", dictionary, "");
    release(values);
    let mut gone = schema("u", "", Vec::new());
    unsafe { release_schema(&mut gone) };
    says(UNF_ERR_ARROW, "`schema` has been released", gone, "");
    for count in [-1, i64::MAX] {
        // A schema on the stack, since its release could not tell how many children it has.
        let format = c"+s".as_ptr();
        let mut hostile = schema("+s", "", Vec::new());
        let kept = ptr::from_mut(&mut hostile);
        let lying = unsafe { ArrowSchema { n_children: count, format, ..ptr::read(kept) } };
        unsafe extern "C" fn nothing(schema: *mut ArrowSchema) {
            unsafe { (*schema).release = None };
        }
        let released = Arc::default();
        let mut array = strings_of_one(&released);
        let lying = ArrowSchema { release: Some(nothing), ..lying };
        assert_eq!(cleaner.clean(&mut array, &lying, "a").unwrap_err().0, UNF_ERR_ARROW);
        assert_eq!(released.load(Ordering::Relaxed), 1);
        release(hostile);
    }
}

fn strings_of_one(released: &Arc<AtomicUsize>) -> ArrowArray {
    strings("u", &[Some(b"a".to_vec())], 0, released)
}

#[test]
fn nulls_for_every_pointer() {
    use unf_status::*;
    let cleaner = Handle::new();
    let schema = schema("u", "", Vec::new());
    let none = ptr::null_mut();
    let mut out = unsafe { zeroed() };
    let mut calls = 0;
    let mut call = |cleaner, schema, column: *const c_char, len, out, status| {
        let released = Arc::default();
        let mut array = strings_of_one(&released);
        let got =
            unsafe { unf_cleaner_clean_arrow(cleaner, &mut array, schema, column, len, out, none) };
        assert_eq!(got, status);
        assert!(array.release.is_none());
        assert_eq!(released.load(Ordering::Relaxed), 1, "released, whatever is NULL");
        calls += 1;
    };
    call(ptr::null(), &schema, ptr::null(), 0, &mut out, UNF_ERR_NULL);
    call(cleaner.0, ptr::null(), ptr::null(), 0, &mut out, UNF_ERR_NULL);
    call(cleaner.0, &schema, ptr::null(), 1, &mut out, UNF_ERR_NULL);
    call(cleaner.0, &schema, c"a".as_ptr(), usize::MAX, &mut out, UNF_ERR_LENGTH);
    call(cleaner.0, &schema, ptr::null(), 0, ptr::null_mut(), UNF_ERR_NULL);
    assert_eq!(calls, 5);
    let status = unsafe {
        unf_cleaner_clean_arrow(cleaner.0, none.cast(), &schema, ptr::null(), 0, &mut out, none)
    };
    assert_eq!(status, UNF_ERR_NULL);
    let (status, message) = cleaner.clean(&mut out, &schema, "").unwrap_err();
    assert_eq!(status, UNF_ERR_ARROW);
    assert_eq!(message, "`array` has been released already, or was never filled");
    release(schema);
}

// -- Records --------------------------------------------------------------------------------------

fn numbers(count: usize, released: &Arc<AtomicUsize>) -> ArrowArray {
    let data = (0..count as i64).flat_map(i64::to_ne_bytes).collect();
    array(count, 0, 0, vec![Vec::new(), data], Vec::new(), released)
}

fn record_schema(format: &str) -> ArrowSchema {
    let columns = vec![
        schema("l", "id", Vec::new()),
        schema(format, "text", Vec::new()),
        schema("u", "t", Vec::new()),
    ];
    schema("+s", "", columns)
}

/// A batch of three columns, of which `first..` rows are its own.
fn batch(format: &str, first: usize, nulls: bool, released: &Arc<AtomicUsize>) -> ArrowArray {
    let count = rows().len();
    let columns = vec![
        numbers(count, released),
        strings(format, &rows(), 2, released),
        strings("u", &rows(), 0, released),
    ];
    let bits = vec![0b1101_1101, 0b1111];
    array(count - first, first, if nulls { -1 } else { 0 }, vec![bits], columns, released)
}

fn child(array: &mut ArrowArray, index: usize) -> &mut ArrowArray {
    unsafe { &mut **array.children.add(index) }
}

#[test]
fn a_column_of_records() {
    let cleaner = Handle::new();
    for format in FORMATS {
        let schema = record_schema(format);
        for first in [0, 1, 8, 12] {
            let released = Arc::default();
            let mut array = batch(format, first, true, &released);
            assert_eq!(cleaner.clean(&mut array, &schema, "text"), Ok(()));
            let count = rows().len() - first;
            assert_eq!((array.length, array.offset, array.n_children), (count as i64, 0, 3));
            let nulls = [1, 5].iter().filter(|&&row| row >= first).count();
            assert_eq!(array.null_count, nulls as i64);
            // The batch and the texts; the other columns are handed on.
            assert_eq!(released.load(Ordering::Relaxed), 2);
            assert_eq!(read(child(&mut array, 1), format), expected(&rows()[first..]));
            let ids = child(&mut array, 0);
            assert_eq!(ids.length, count as i64);
            let at = unsafe { (*ids.buffers.add(1)).cast::<i64>().add(ids.offset as usize) };
            for row in 0..count {
                assert_eq!(unsafe { at.add(row).read() }, (first + row) as i64);
            }
            // A column may be moved away, and outlives its batch.
            let mut moved = unsafe { ptr::replace(child(&mut array, 0), zeroed()) };
            let mut text = unsafe { ptr::replace(child(&mut array, 1), zeroed()) };
            free(&mut array);
            assert_eq!(released.load(Ordering::Relaxed), 3);
            assert_eq!(read(&text, format), expected(&rows()[first..]));
            free(&mut text);
            free(&mut moved);
            assert_eq!(released.load(Ordering::Relaxed), 4);
        }
        release(schema);
    }
}

#[test]
fn records_that_contradict_themselves() {
    let cleaner = Handle::new();
    let schema = record_schema("u");
    let is = |message: &str, break_it: &dyn Fn(&mut ArrowArray)| {
        let released = Arc::default();
        let mut array = batch("u", 1, false, &released);
        break_it(&mut array);
        let (status, said) = cleaner.clean(&mut array, &schema, "text").unwrap_err();
        assert_eq!(status, unf_status::UNF_ERR_ARROW, "{said}");
        assert!(said.contains(message), "{said}");
        assert!(array.release.is_none());
        assert_eq!(released.load(Ordering::Relaxed), 4, "all of it: {said}");
    };
    is("only 1 columns", &|array| array.n_children = 1);
    is("columns of the batch", &|array| array.n_children = -1);
    is("columns of the batch", &|array| array.children = ptr::null_mut());
    is("13 rows from 0", &|array| (array.offset, array.length) = (0, 13));
    is("12 rows from 1", &|array| (array.offset, array.length) = (1, 12));
    is("only 3", &|array| child(array, 2).length = 3);
    release(schema);
}

// -- Streams --------------------------------------------------------------------------------------

/// A stream of so many arrays, the last of which cannot be cleaned or read.
struct Source {
    format: &'static str,
    left: usize,
    fails: Fails,
    released: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Fails {
    Never,
    InSchema,
    AtTheEnd,
    InAnArray,
}

unsafe fn source<'a>(stream: *mut ArrowArrayStream) -> &'a mut Source {
    unsafe { &mut *(*stream).private_data.cast() }
}

unsafe extern "C" fn source_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    let source = unsafe { source(stream) };
    if source.fails == Fails::InSchema {
        return 12;
    }
    unsafe {
        out.write(if source.format == "+s" {
            record_schema("u")
        } else {
            schema(source.format, "", Vec::new())
        })
    };
    0
}

unsafe extern "C" fn source_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    let source = unsafe { source(stream) };
    if source.left == 0 {
        unsafe { out.write(zeroed()) };
        return if source.fails == Fails::AtTheEnd { 5 } else { 0 };
    }
    source.left -= 1;
    let array = match source.format {
        "+s" => batch("u", 0, false, &source.released),
        format => strings(format, &rows(), source.left, &source.released),
    };
    if source.left == 0 && source.fails == Fails::InAnArray {
        set(&array, 1, 3, 1_i32);
    }
    unsafe { out.write(array) };
    0
}

unsafe extern "C" fn source_error(stream: *mut ArrowArrayStream) -> *const c_char {
    match unsafe { source(stream) }.fails {
        Fails::InSchema => ptr::null(),
        _ => c"the disk is gone".as_ptr(),
    }
}

unsafe extern "C" fn source_release(stream: *mut ArrowArrayStream) {
    unsafe {
        let source = Box::from_raw((*stream).private_data.cast::<Source>());
        source.released.fetch_add(1000, Ordering::Relaxed);
        (*stream).release = None;
    }
}

fn stream(format: &'static str, fails: Fails, released: &Arc<AtomicUsize>) -> ArrowArrayStream {
    let source = Source { format, left: 3, fails, released: released.clone() };
    ArrowArrayStream {
        get_schema: Some(source_schema),
        get_next: Some(source_next),
        get_last_error: Some(source_error),
        release: Some(source_release),
        private_data: Box::into_raw(Box::new(source)).cast(),
    }
}

/// Makes a stream of clean arrays in place.
fn clean_stream(stream: &mut ArrowArrayStream, column: &str) -> Result<(), (unf_status, String)> {
    let cleaner = Handle::new(); // the stream outlives it
    let mut error = ptr::null_mut();
    let (data, len) = (column.as_ptr().cast(), column.len());
    let out = ptr::from_mut(stream);
    let status =
        unsafe { unf_cleaner_clean_arrow_stream(cleaner.0, out, data, len, out, &mut error) };
    outcome(status, error)
}

fn next(stream: &mut ArrowArrayStream) -> Result<Option<ArrowArray>, (c_int, String)> {
    let mut array = unsafe { zeroed() };
    let number = unsafe { stream.get_next.unwrap()(stream, &mut array) };
    let message = unsafe { stream.get_last_error.unwrap()(stream) };
    assert_eq!(message.is_null(), number == 0);
    if number == 0 {
        return Ok(array.release.is_some().then_some(array));
    }
    assert!(array.release.is_none());
    Err((number, unsafe { CStr::from_ptr(message) }.to_str().unwrap().to_owned()))
}

fn end(stream: &mut ArrowArrayStream) {
    unsafe { stream.release.unwrap()(stream) };
    assert!(stream.release.is_none());
}

#[test]
fn streams_of_strings_and_of_records() {
    for (format, column) in [("u", ""), ("U", ""), ("vu", ""), ("+s", "text")] {
        let released = Arc::default();
        let mut stream = stream(format, Fails::Never, &released);
        assert_eq!(clean_stream(&mut stream, column), Ok(()));
        let mut schema = unsafe { zeroed() };
        assert_eq!(unsafe { stream.get_schema.unwrap()(&mut stream, &mut schema) }, 0);
        assert_eq!(unsafe { CStr::from_ptr(schema.format) }.to_str(), Ok(format));
        release(schema);
        for _ in 0..3 {
            let mut array = next(&mut stream).unwrap().unwrap();
            match format {
                "+s" => assert_eq!(read(child(&mut array, 1), "u"), expected(&rows())),
                _ => assert_eq!(read(&array, format), expected(&rows())),
            }
            free(&mut array);
        }
        assert!(next(&mut stream).unwrap().is_none());
        assert!(next(&mut stream).unwrap().is_none(), "the end stays the end");
        end(&mut stream);
        let arrays = if format == "+s" { 12 } else { 3 };
        assert_eq!(released.load(Ordering::Relaxed), 1000 + arrays);
    }
}

#[test]
fn streams_that_fail() {
    use unf_status::*;
    let released = Arc::default();
    let is = |format, fails, column, status, said: &str| {
        let mut stream = stream(format, fails, &released);
        let (got, message) = clean_stream(&mut stream, column).unwrap_err();
        assert_eq!(got, status);
        assert!(message.contains(said), "{message}");
        assert!(stream.release.is_none());
    };
    is("u", Fails::InSchema, "", UNF_ERR_STREAM, "has failed: error 12");
    is("+s", Fails::Never, "", UNF_ERR_TYPE, "name the column");
    is("u", Fails::Never, "text", UNF_ERR_TYPE, "no records");
    is("l", Fails::Never, "", UNF_ERR_TYPE, "`l`");
    assert_eq!(released.load(Ordering::Relaxed), 4000);

    let mut failing = stream("u", Fails::AtTheEnd, &released);
    assert_eq!(clean_stream(&mut failing, ""), Ok(()));
    for _ in 0..3 {
        free(&mut next(&mut failing).unwrap().unwrap());
    }
    let (number, message) = next(&mut failing).err().unwrap();
    assert_eq!((number, &*message), (5, "the stream that is read has failed: the disk is gone"));
    end(&mut failing);

    let mut hostile = stream("u", Fails::InAnArray, &released);
    assert_eq!(clean_stream(&mut hostile, ""), Ok(()));
    for _ in 0..2 {
        free(&mut next(&mut hostile).unwrap().unwrap());
    }
    let (number, message) = next(&mut hostile).err().unwrap();
    assert_eq!((number, &*message), (22, "row 2: offsets cannot go from 15 to 1"));
    assert!(next(&mut hostile).unwrap().is_none(), "and goes on");
    end(&mut hostile);
    assert_eq!(released.load(Ordering::Relaxed), 6006);

    let mut lacking = ArrowArrayStream { get_schema: None, ..stream("u", Fails::Never, &released) };
    assert_eq!(clean_stream(&mut lacking, "").unwrap_err().0, UNF_ERR_ARROW);
    let (status, message) = clean_stream(&mut lacking, "").unwrap_err();
    assert_eq!(
        (status, &*message),
        (UNF_ERR_ARROW, "`stream` has been released already, or was never filled")
    );
}

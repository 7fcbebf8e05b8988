//! The C API, called from Rust: what must hold beyond what `bindings/c/test.c` shows.
#![cfg(feature = "capi")]
#![allow(unsafe_code)]
#![allow(clippy::undocumented_unsafe_blocks)] // every block is a call with valid pointers

use std::ffi::{CStr, c_char};
use std::{ptr, slice, thread};

use proptest::prelude::*;
use unfurnish::Cleaner;
use unfurnish::capi::*;

const LINK: &str = "The vote is on Friday.\n\nALSO READ: Ten hotels\n\nTurnout will be high.";

fn new_cleaner() -> *mut unf_cleaner {
    let mut cleaner = ptr::null_mut();
    assert_eq!(unsafe { unf_cleaner_new(&mut cleaner, ptr::null_mut()) }, unf_status::UNF_OK);
    cleaner
}

fn data(text: &[u8]) -> *const c_char {
    text.as_ptr().cast()
}

fn view<'a>(text: unf_str) -> &'a str {
    std::str::from_utf8(unsafe { slice::from_raw_parts(text.data.cast(), text.len) }).unwrap()
}

/// Texts on which the C API must agree with the library.
fn texts() -> Vec<Vec<u8>> {
    let texts: [&[u8]; 9] = [
        b"",
        b"a",
        b"a\0b",
        LINK.as_bytes(),
        "e\u{301} “x” …\r\n\u{a0}\u{feff}zwsp\u{200b}".as_bytes(),
        b"bad \xff\xfe bytes \xe2\x82",
        b"\x80",
        "投票\n\nALSO READ: 旅\n".as_bytes(),
        b"\xed\xa0\x80\n\nALSO READ: x\n\n\xc3",
    ];
    texts.map(<[u8]>::to_vec).to_vec()
}

#[test]
fn a_result_outlives_the_cleaner_and_the_text() {
    let cleaner = new_cleaner();
    let text = LINK.to_owned();
    let mut cleaned = ptr::null_mut();
    unsafe {
        unf_cleaner_clean(cleaner, data(text.as_bytes()), text.len(), &mut cleaned);
        unf_cleaner_free(cleaner);
    }
    drop(text);
    unsafe {
        assert_eq!(
            view(unf_cleaned_text(cleaned)),
            "The vote is on Friday.\n\nTurnout will be high."
        );
        let mut removal = std::mem::zeroed();
        assert_eq!(unf_cleaned_removal_count(cleaned), 1);
        assert_eq!(unf_cleaned_removal(cleaned, 0, &mut removal), unf_status::UNF_OK);
        assert_eq!((removal.start, removal.end), (24, 47));
        assert_eq!(view(removal.rule), "en/related/also-read");
        assert_eq!(removal.category, unf_category::UNF_CATEGORY_RELATED);
        removal.start = 99;
        assert_eq!(unf_cleaned_removal(cleaned, 1, &mut removal), unf_status::UNF_ERR_INDEX);
        assert_eq!(removal.start, 99);
        unf_cleaned_free(cleaned);
    }
}

#[test]
fn one_by_one_is_as_in_the_library() {
    let ours = new_cleaner();
    let theirs = Cleaner::new();
    for text in texts() {
        let expected = theirs.clean_bytes(&text);
        let mut cleaned = ptr::null_mut();
        let mut edit = unsafe { std::mem::zeroed() };
        unsafe {
            unf_cleaner_clean(ours, data(&text), text.len(), &mut cleaned);
            assert_eq!(view(unf_cleaned_text(cleaned)), expected.text());
            assert_eq!(unf_cleaned_invalid_sequences(cleaned), expected.invalid_sequences());
            assert_eq!(unf_cleaned_abstained(cleaned), expected.abstained());
            assert_eq!(unf_cleaned_removal_count(cleaned), expected.removals().len());
            assert_eq!(unf_cleaned_edit_count(cleaned), expected.edits().len());
            for (index, expected) in expected.edits().enumerate() {
                unf_cleaned_edit(cleaned, index, &mut edit);
                assert_eq!((edit.start, edit.end), (expected.span.start, expected.span.end));
                assert_eq!(view(edit.replacement), expected.replacement);
            }
            let count = unf_cleaned_edit_count(cleaned);
            assert_eq!(unf_cleaned_edit(cleaned, count, &mut edit), unf_status::UNF_ERR_INDEX);
            unf_cleaned_free(cleaned);
        }
    }
    unsafe { unf_cleaner_free(ours) };
}

#[test]
fn into_a_buffer_of_any_size() {
    let cleaner = new_cleaner();
    let expected = "The vote is on Friday.\n\nTurnout will be high.";
    for capacity in [0, 1, expected.len() - 1, expected.len(), expected.len() + 1, 1000] {
        let mut buffer = vec![b'#'; capacity];
        let mut needed = 0;
        let status = unsafe {
            let at = buffer.as_mut_ptr().cast();
            unf_cleaner_clean_into(
                cleaner,
                data(LINK.as_bytes()),
                LINK.len(),
                at,
                capacity,
                &mut needed,
            )
        };
        assert_eq!(needed, expected.len());
        if capacity < expected.len() {
            assert_eq!(status, unf_status::UNF_ERR_BUFFER);
            assert!(buffer.iter().all(|&byte| byte == b'#'));
        } else {
            assert_eq!(status, unf_status::UNF_OK);
            assert_eq!(&buffer[..needed], expected.as_bytes());
            assert!(buffer[needed..].iter().all(|&byte| byte == b'#'));
        }
    }
    unsafe { unf_cleaner_free(cleaner) };
}

#[test]
fn a_batch_is_as_one_by_one() {
    let cleaner = new_cleaner();
    let library = Cleaner::new();
    let rows = texts();
    let joined = rows.concat();
    let mut offsets = vec![0_i32];
    rows.iter().for_each(|row| offsets.push(offsets[offsets.len() - 1] + row.len() as i32));
    let wide: Vec<i64> = offsets.iter().map(|&offset| offset.into()).collect();
    for wide_offsets in [false, true] {
        let mut batch = ptr::null_mut();
        let (at, len) = (data(&joined), joined.len());
        unsafe {
            let none = ptr::null_mut();
            let status = if wide_offsets {
                let offsets = wide.as_ptr();
                unf_cleaner_clean_batch64(cleaner, at, len, offsets, rows.len(), &mut batch, none)
            } else {
                let offsets = offsets.as_ptr();
                unf_cleaner_clean_batch32(cleaner, at, len, offsets, rows.len(), &mut batch, none)
            };
            assert_eq!(status, unf_status::UNF_OK);
            assert_eq!(unf_batch_rows(batch), rows.len());
            let bounds = slice::from_raw_parts(unf_batch_offsets(batch), rows.len() + 1);
            let flags = slice::from_raw_parts(unf_batch_flags(batch), rows.len());
            let text = view(unf_batch_data(batch));
            assert_eq!(bounds[rows.len()] as usize, text.len());
            for (index, row) in rows.iter().enumerate() {
                let cleaned = library.clean_bytes(row);
                let text = &text[bounds[index] as usize..bounds[index + 1] as usize];
                assert_eq!(text, cleaned.text());
                assert_eq!(flags[index] & 1 == 1, text.as_bytes() != row);
                assert_eq!(flags[index] & 2 == 2, cleaned.abstained());
                assert_eq!(flags[index] & 4, 0);
            }
            let changed = flags.iter().filter(|&&flags| flags & 1 == 1).count();
            assert_eq!(unf_batch_changed(batch), changed);
            let abstained = flags.iter().filter(|&&flags| flags & 2 == 2).count();
            assert_eq!(unf_batch_abstained(batch), abstained);
            assert!(abstained > 0, "some of the texts are little more than a link");
            assert_eq!(unf_batch_failed(batch), 0);
            unf_batch_free(batch);
        }
    }
    unsafe { unf_cleaner_free(cleaner) };
}

#[test]
fn an_error_has_status_and_message_and_changes_nothing() {
    let builder = unf_builder_new();
    let mut cleaner = ptr::dangling_mut();
    let before = cleaner;
    let set = |key: &[u8], value: &[u8]| unsafe {
        let mut error = ptr::null_mut();
        let status =
            unf_builder_set(builder, data(key), key.len(), data(value), value.len(), &mut error);
        let message = view(unf_error_message(error)).to_owned();
        assert_eq!(unf_error_status(error) == status, !error.is_null());
        unf_error_free(error);
        (status, message)
    };
    assert_eq!(set(b"profile", b"page"), (unf_status::UNF_OK, String::new()));
    let (status, message) = set(b"profile", b"pages");
    assert_eq!(status, unf_status::UNF_ERR_OPTION);
    assert!(message.contains("`pages`"), "{message}");
    let (status, message) = set(b"budget", b"\xff");
    assert_eq!(status, unf_status::UNF_ERR_OPTION);
    assert!(message.contains("UTF-8"), "{message}");
    assert_eq!(set(b"disable", b"xx/no-such-rule").0, unf_status::UNF_OK);
    unsafe {
        let mut error = ptr::null_mut();
        let status = unf_builder_build(builder, &mut cleaner, &mut error);
        assert_eq!(status, unf_status::UNF_ERR_UNKNOWN_RULE);
        assert_eq!(cleaner, before);
        assert!(view(unf_error_message(error)).contains("xx/no-such-rule"));
        unf_error_free(error);
        let name = CStr::from_ptr(unf_status_name(status as u32));
        assert_eq!(name, c"UNF_ERR_UNKNOWN_RULE");
        unf_builder_free(builder);
    }
}

#[cfg(unix)]
#[test]
fn rules_from_a_file() {
    use std::os::unix::ffi::OsStrExt;
    let folder = env!("CARGO_TARGET_TMPDIR");
    let add = |name: &[u8], content: Option<&[u8]>| unsafe {
        let path = [folder.as_bytes(), b"/", name].concat();
        if let Some(content) = content {
            std::fs::write(std::ffi::OsStr::from_bytes(&path), content).unwrap();
        }
        let builder = unf_builder_new();
        let mut error = ptr::null_mut();
        let status = unf_builder_rules_file(builder, data(&path), path.len(), &mut error);
        let message = view(unf_error_message(error)).to_owned();
        unf_error_free(error);
        (builder, status, message)
    };
    let free = |builder| unsafe { unf_builder_free(builder) };
    let pack =
        b"name = \"sea\"\n\n[[rule]]\nid = \"other/tide\"\nat = \"line\"\nany = [\"tide table\"]\n\
        hits = [\"Tide table\"]\nmisses = [\"The tide table was wet.\"]\n";
    // A file name need not be UTF-8.
    let (builder, status, message) = add(b"rules \xff.toml", Some(pack));
    assert_eq!((status, &*message), (unf_status::UNF_OK, ""));
    let text =
        b"The boats were out at night, all of them.\n\nTide table\n\nThey came back at noon.";
    let (mut cleaner, mut cleaned) = (ptr::null_mut(), ptr::null_mut());
    unsafe {
        assert_eq!(unf_builder_build(builder, &mut cleaner, ptr::null_mut()), unf_status::UNF_OK);
        unf_cleaner_clean(cleaner, data(text), text.len(), &mut cleaned);
        assert_eq!(unf_cleaned_removal_count(cleaned), 1);
        unf_cleaned_free(cleaned);
        unf_cleaner_free(cleaner);
    }
    free(builder);
    for (name, content, expected, said) in [
        ("none.toml", None, unf_status::UNF_ERR_FILE, "none.toml: No such file"),
        ("a\0b.toml", None, unf_status::UNF_ERR_FILE, "NUL byte"),
        (
            "bytes.toml",
            Some(&b"\xff"[..]),
            unf_status::UNF_ERR_RULE_PACK,
            "bytes.toml: `toml` is not valid UTF-8",
        ),
        ("broken.toml", Some(b"[[rule"), unf_status::UNF_ERR_RULE_PACK, "broken.toml: rule pack"),
    ] {
        let (builder, status, message) = add(name.as_bytes(), content);
        assert_eq!(status, expected, "{message}");
        assert!(message.contains(said), "{message}");
        free(builder);
    }
}

#[test]
fn one_cleaner_for_all_threads() {
    struct Shared(*mut unf_cleaner);
    // SAFETY: the header allows it.
    unsafe impl Sync for Shared {}
    let cleaner = Shared(new_cleaner());
    let cleaner = &cleaner;
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                for _ in 0..if cfg!(miri) { 3 } else { 300 } {
                    let mut cleaned = ptr::null_mut();
                    unsafe {
                        unf_cleaner_clean(
                            cleaner.0,
                            data(LINK.as_bytes()),
                            LINK.len(),
                            &mut cleaned,
                        );
                        assert_eq!(view(unf_cleaned_text(cleaned)).len(), LINK.len() - 23);
                        unf_cleaned_free(cleaned);
                    }
                }
            });
        }
    });
    unsafe { unf_cleaner_free(cleaner.0) };
}

/// Rows of text and of bytes that are none, with furniture among them.
fn rows() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let piece = prop_oneof![
        "\\PC{0,20}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..12),
        Just(b"\n\n".to_vec()),
        Just(b"\n\nALSO READ: Ten hotels\n\n".to_vec()),
        Just("It rained all day, and nobody in the town minded.\n".into()),
        Just("e\u{301}\r\n\u{a0}\u{200b}".into()),
    ];
    let row = prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    prop::collection::vec(row, 0..8)
}

/// Handle, buffer, batch and library give the same for any bytes.
#[test]
fn all_ways_agree() {
    let cleaner = new_cleaner();
    let library = Cleaner::new();
    let config = ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 256 });
    proptest!(config, |(rows in rows())| {
        let joined = rows.concat();
        let mut offsets = vec![0_i64];
        rows.iter().for_each(|row| offsets.push(offsets[offsets.len() - 1] + row.len() as i64));
        unsafe {
            let mut batch = ptr::null_mut();
            let status = unf_cleaner_clean_batch64(
                cleaner,
                data(&joined),
                joined.len(),
                offsets.as_ptr(),
                rows.len(),
                &mut batch,
                ptr::null_mut(),
            );
            prop_assert_eq!(status, unf_status::UNF_OK);
            let bounds = slice::from_raw_parts(unf_batch_offsets(batch), rows.len() + 1);
            let all = view(unf_batch_data(batch));
            for (index, row) in rows.iter().enumerate() {
                let expected = library.clean_bytes(row);
                let text = &all[bounds[index] as usize..bounds[index + 1] as usize];
                prop_assert_eq!(text, expected.text());

                let mut cleaned = ptr::null_mut();
                unf_cleaner_clean(cleaner, data(row), row.len(), &mut cleaned);
                prop_assert_eq!(view(unf_cleaned_text(cleaned)), expected.text());
                let removals = expected.removals();
                prop_assert_eq!(unf_cleaned_removal_count(cleaned), removals.len());
                for (index, expected) in removals.iter().enumerate() {
                    let mut removal = std::mem::zeroed();
                    unf_cleaned_removal(cleaned, index, &mut removal);
                    prop_assert_eq!(removal.start..removal.end, expected.span.clone());
                    prop_assert_eq!(view(removal.rule), expected.rule);
                }
                unf_cleaned_free(cleaned);

                let mut buffer = vec![0_u8; 3 * row.len()];
                let (at, capacity) = (buffer.as_mut_ptr().cast(), buffer.len());
                let mut needed = 0;
                let (text, len) = (data(row), row.len());
                let status =
                    unf_cleaner_clean_into(cleaner, text, len, at, capacity, &mut needed);
                prop_assert_eq!(status, unf_status::UNF_OK, "three times the length suffices");
                prop_assert_eq!(&buffer[..needed], expected.text().as_bytes());
            }
            unf_batch_free(batch);
        }
    });
    unsafe { unf_cleaner_free(cleaner) };
}

//! Code points of a text by their bytes, where an iterator of `char` would lose its place.

/// The code point that begins at a byte of a text, and how many bytes it has.
#[inline(always)]
pub(crate) fn decode(text: &str, at: usize) -> (u32, usize) {
    let bytes = text.as_bytes();
    let tail = |i: usize| u32::from(bytes[at + i] & 0x3F);
    match bytes[at] {
        byte @ ..0x80 => (byte.into(), 1),
        lead @ 0x80..0xE0 => (u32::from(lead & 0x1F) << 6 | tail(1), 2),
        lead @ 0xE0..0xF0 => (u32::from(lead & 0xF) << 12 | tail(1) << 6 | tail(2), 3),
        lead => (u32::from(lead & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
    }
}

#[test]
fn decodes_as_the_standard_library_does() {
    let all: String = ('\0'..=char::MAX).collect();
    for (at, c) in all.char_indices() {
        assert_eq!(decode(&all, at), (c as u32, c.len_utf8()));
    }
}

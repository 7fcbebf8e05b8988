//! The strings of Arrow's three layouts, as slices of its buffers.

use std::ffi::c_void;
use std::slice;

use super::super::error::{Failure, unf_status};
use super::rows::Rows;

/// Strings of some layout, one for each row.
pub(super) trait Texts<'a> {
    /// How many bytes the strings have, all together; no more than the buffers, as far as these say.
    fn bytes(&self) -> Result<usize, Failure>;

    /// The string of a row, which is less than the number of rows.
    fn text(&self, row: usize) -> Result<&'a [u8], Failure>;
}

/// Strings that lie one after the other, with the offsets of their ends: `utf8`, `large_utf8`.
pub(super) struct Joined<'a, O> {
    /// One for each row and one more; it may not be aligned. Nothing is read if there are no rows.
    offsets: *const O,
    data: *const u8,
    rows: Rows<'a>,
}

impl<'a, O: Copy + Into<i64>> Joined<'a, O> {
    /// # Safety
    ///
    /// The buffers are null or those of an array of such strings, for `'a`.
    pub(super) unsafe fn new(rows: Rows<'a>) -> Result<Joined<'a, O>, Failure> {
        let &[_, offsets, data] = rows.buffers else {
            return Err(Failure::arrow(format!(
                "an array of such strings has 3 buffers, not {}",
                rows.buffers.len()
            )));
        };
        if offsets.is_null() && rows.length > 0 {
            return Err(Failure::arrow("the buffer of offsets is NULL"));
        }
        let offsets = offsets.cast::<O>().wrapping_add(rows.first);
        Ok(Joined { offsets, data: data.cast(), rows })
    }

    fn offset(&self, index: usize) -> i64 {
        // SAFETY: the offsets are not null if there are rows, the index is no more than their
        // number, and whoever made this promised that there are as many offsets and one more.
        unsafe { self.offsets.wrapping_add(index).read_unaligned() }.into()
    }
}

impl<'a, O: Copy + Into<i64>> Texts<'a> for Joined<'a, O> {
    fn bytes(&self) -> Result<usize, Failure> {
        match self.rows.length {
            0 => Ok(0),
            rows => length(self.offset(0), self.offset(rows)),
        }
    }

    fn text(&self, row: usize) -> Result<&'a [u8], Failure> {
        let start = self.offset(row);
        let length = length(start, self.offset(row + 1))?;
        if length == 0 {
            return Ok(b"");
        }
        if self.data.is_null() {
            return Err(Failure::arrow("the buffer of texts is NULL"));
        }
        // SAFETY: start and end are from 0 to `isize::MAX` and in order; whoever made this promised
        // that the data are as long as the offsets say, for `'a`.
        Ok(unsafe { slice::from_raw_parts(self.data.wrapping_add(start as usize), length) })
    }
}

/// What lies between two offsets.
fn length(start: i64, end: i64) -> Result<usize, Failure> {
    if start < 0 || end < start || end > isize::MAX as i64 {
        let message = format!("offsets cannot go from {start} to {end}");
        return Err(Failure::new(unf_status::UNF_ERR_OFFSETS, message));
    }
    Ok((end - start) as usize)
}

/// A string of up to so many bytes stands in its view; that of a longer one says where it is.
pub(super) const INLINE: usize = 12;

/// Strings that lie anywhere in several buffers, with a view of 16 bytes for each: `string_view`.
pub(super) struct Views<'a> {
    views: *const [u8; 16],
    data: &'a [*const c_void],
    /// How long each of them is; may not be aligned.
    lengths: *const i64,
    rows: Rows<'a>,
}

impl<'a> Views<'a> {
    /// # Safety
    ///
    /// The buffers are null or those of an array of such strings, for `'a`.
    pub(super) unsafe fn new(rows: Rows<'a>) -> Result<Views<'a>, Failure> {
        let &[_, views, ref data @ .., lengths] = rows.buffers else {
            return Err(Failure::arrow(format!(
                "an array of such strings has 3 buffers or more, not {}",
                rows.buffers.len()
            )));
        };
        if views.is_null() && rows.length > 0 {
            return Err(Failure::arrow("the buffer of views is NULL"));
        }
        if lengths.is_null() && !data.is_empty() {
            return Err(Failure::arrow("the buffer of the lengths of buffers is NULL"));
        }
        let views = views.cast::<[u8; 16]>().wrapping_add(rows.first);
        Ok(Views { views, data, lengths: lengths.cast(), rows })
    }

    /// The view of a row, in four numbers of as many bytes.
    fn view(&self, row: usize) -> &'a [u8; 16] {
        // SAFETY: the views are not null if there are rows, a row is less than their number, bytes
        // are always aligned, and whoever made this promised that there are as many, for `'a`.
        unsafe { &*self.views.wrapping_add(row) }
    }

    fn buffer_length(&self, index: usize) -> i64 {
        // SAFETY: the lengths are not null if there are buffers, the index is less than their number,
        // and whoever made this promised that there are as many.
        unsafe { self.lengths.wrapping_add(index).read_unaligned() }
    }
}

impl<'a> Texts<'a> for Views<'a> {
    fn bytes(&self) -> Result<usize, Failure> {
        let long = |row| usize::try_from(number(self.view(row), 0)).ok().filter(|&n| n > INLINE);
        let views: usize = (0..self.rows.length).filter_map(long).fold(0, usize::saturating_add);
        let buffers =
            (0..self.data.len()).filter_map(|i| usize::try_from(self.buffer_length(i)).ok());
        Ok(views.min(buffers.fold(0, usize::saturating_add)))
    }

    fn text(&self, row: usize) -> Result<&'a [u8], Failure> {
        let view = self.view(row);
        let length = number(view, 0);
        match usize::try_from(length) {
            Ok(length) if length <= INLINE => return Ok(&view[4..4 + length]),
            _ => {}
        }
        let (index, start) = (number(view, 8), number(view, 12));
        let buffer = usize::try_from(index).ok().filter(|&index| index < self.data.len());
        let size = buffer.map_or(0, |index| self.buffer_length(index));
        match buffer.map(|index| self.data[index]) {
            Some(data)
                if length >= 0
                    && start >= 0
                    && i64::from(start) + i64::from(length) <= size
                    && !data.is_null() =>
            {
                let data = data.cast::<u8>().wrapping_add(start as usize);
                // SAFETY: the text is within the length that the array gives for the buffer, which
                // is not null; whoever made this promised that it is as long, for `'a`.
                Ok(unsafe { slice::from_raw_parts(data, length as usize) })
            }
            _ => {
                let message = format!(
                    "there are no {length} bytes from {start} on in buffer {index} of {}",
                    self.data.len()
                );
                Err(Failure::new(unf_status::UNF_ERR_OFFSETS, message))
            }
        }
    }
}

fn number(view: &[u8; 16], at: usize) -> i32 {
    i32::from_ne_bytes([view[at], view[at + 1], view[at + 2], view[at + 3]])
}

//! New Arrow arrays of strings, in the layouts that are read.

use std::any::Any;
use std::ffi::c_void;

use super::super::error::{Failure, unf_status};
use super::abi::{ArrowArray, Owned};
use super::array::new_array;
use super::rows::{Validity, room};
use super::texts::INLINE;

/// Strings that become an array.
pub(super) trait Strings: Any + Sized {
    /// Strings of no row, with room for some.
    fn with_room(rows: usize, bytes: usize) -> Result<Self, Failure>;

    fn push(&mut self, text: &str) -> Result<(), Failure>;

    /// The buffers but for the first, the one of the nulls, once all rows are there.
    fn buffers(&mut self) -> Vec<*const c_void>;

    /// The array of all rows.
    fn into_array(mut self, rows: usize, validity: Option<Validity>) -> Owned<ArrowArray> {
        // What the buffers point to is on the heap, and does not move with its owner.
        let buffers = self.buffers();
        new_array(rows, validity, buffers, Vec::new(), self)
    }
}

/// `utf8` and `large_utf8`.
pub(super) struct Joined<O> {
    offsets: Vec<O>,
    data: Vec<u8>,
}

impl<O: Copy + Default + TryFrom<usize> + 'static> Strings for Joined<O> {
    fn with_room(rows: usize, bytes: usize) -> Result<Joined<O>, Failure> {
        let mut offsets = room(rows + 1)?;
        offsets.push(O::default());
        Ok(Joined { offsets, data: room(bytes)? })
    }

    fn push(&mut self, text: &str) -> Result<(), Failure> {
        self.data.extend_from_slice(text.as_bytes());
        let end = O::try_from(self.data.len()).map_err(|_| {
            let message = format!(
                "the cleaned texts up to this row have {} bytes, the offsets of `utf8` end at {}: \
                 cast the column to `large_utf8`, or clean fewer rows at a time",
                self.data.len(),
                i32::MAX
            );
            Failure::new(unf_status::UNF_ERR_OVERFLOW, message)
        })?;
        self.offsets.push(end);
        Ok(())
    }

    fn buffers(&mut self) -> Vec<*const c_void> {
        vec![self.offsets.as_ptr().cast(), self.data.as_ptr().cast()]
    }
}

/// `string_view`.
pub(super) struct Views {
    /// As numbers, because readers want them aligned like those.
    views: Vec<u128>,
    data: Vec<Vec<u8>>,
    /// How long each of `data` is.
    lengths: Vec<i64>,
}

/// An offset into a buffer of a view has 31 bits. The tests of this file need more than one buffer,
/// and no gigabytes.
const BUFFER: usize = if cfg!(test) { 40 } else { i32::MAX as usize };

impl Strings for Views {
    fn with_room(rows: usize, bytes: usize) -> Result<Views, Failure> {
        let data = if bytes == 0 { Vec::new() } else { vec![room(bytes.min(BUFFER))?] };
        Ok(Views { views: room(rows)?, data, lengths: Vec::new() })
    }

    fn push(&mut self, text: &str) -> Result<(), Failure> {
        let text = text.as_bytes();
        if text.len() > BUFFER {
            let message = format!(
                "the cleaned text of this row has {} bytes, one of `string_view` {BUFFER} at most: \
                 cast the column to `large_utf8`",
                text.len()
            );
            return Err(Failure::new(unf_status::UNF_ERR_OVERFLOW, message));
        }
        let mut view = [0; 16];
        view[..4].copy_from_slice(&(text.len() as i32).to_ne_bytes());
        if text.len() <= INLINE {
            view[4..4 + text.len()].copy_from_slice(text);
        } else {
            let last = self.data.last().filter(|last| last.len() + text.len() <= BUFFER);
            if last.is_none() {
                self.data.push(Vec::new());
            }
            let index = self.data.len() - 1;
            let data = &mut self.data[index];
            view[4..8].copy_from_slice(&text[..4]);
            // There are no more buffers than rows of 1 GB in memory.
            view[8..12].copy_from_slice(&(index as i32).to_ne_bytes());
            view[12..].copy_from_slice(&(data.len() as i32).to_ne_bytes());
            data.extend_from_slice(text);
        }
        self.views.push(u128::from_ne_bytes(view));
        Ok(())
    }

    fn buffers(&mut self) -> Vec<*const c_void> {
        self.lengths = self.data.iter().map(|data| data.len() as i64).collect();
        let mut buffers = vec![self.views.as_ptr().cast()];
        buffers.extend(self.data.iter().map(|data| data.as_ptr().cast::<c_void>()));
        buffers.push(self.lengths.as_ptr().cast());
        buffers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_that_overflow() {
        // Offsets of one byte have the same end as those of four, only sooner.
        let mut strings = Joined::<i8>::with_room(3, 0).ok().unwrap();
        assert!(strings.push(&"a".repeat(100)).is_ok());
        assert!(strings.push(&"b".repeat(27)).is_ok());
        let failure = strings.push("c").err().unwrap();
        assert_eq!(failure.status(), unf_status::UNF_ERR_OVERFLOW);
        assert!(
            failure.message().contains("up to this row have 128 bytes"),
            "{}",
            failure.message()
        );
        assert_eq!(strings.offsets, [0, 100, 127]);
    }

    #[test]
    fn views_into_several_buffers() {
        let mut strings = Views::with_room(4, 100).ok().unwrap();
        let texts = ["a".repeat(27), "b".repeat(13), "c".repeat(14), "d".repeat(40), "e".into()];
        assert!(texts.iter().all(|text| strings.push(text).is_ok()));
        assert_eq!(strings.data.iter().map(Vec::len).collect::<Vec<_>>(), [40, 14, 40]);
        assert_eq!(strings.buffers().len(), 5);
        assert_eq!(strings.lengths, [40, 14, 40]);
        let place = |view: &u128| {
            let number =
                |at| i32::from_ne_bytes(view.to_ne_bytes()[at..at + 4].try_into().unwrap());
            (number(0), number(8), number(12))
        };
        let places: Vec<_> = strings.views.iter().map(place).collect();
        assert_eq!(places[..4], [(27, 0, 0), (13, 0, 27), (14, 1, 0), (40, 2, 0)]);
        let failure = strings.push(&"f".repeat(41)).err().unwrap();
        assert_eq!(failure.status(), unf_status::UNF_ERR_OVERFLOW);
        assert_eq!(strings.views.len(), 5);
    }
}

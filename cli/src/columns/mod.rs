//! Parquet files of which some columns of strings are rewritten.
//!
//! - `file`: what is in a file, and which of its columns are wanted.
//! - `read`: the values of these columns.
//! - `write`: a file with other values in them, and everything else copied as it is.
//!
//! Values are read and written one row group after the other, and within it one column after the
//! other, so that no more than some pages of one column are in memory, and of those that say of which
//! site a text is, in which language, and what it is called. Whoever wants all texts of a row reads their
//! columns side by side.

mod file;
mod read;
mod write;

pub(crate) use read::{Reader, Stretch, Values, Wanted};
pub(crate) use write::{WriteError, write};

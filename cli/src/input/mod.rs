//! Inputs: what they are called, what they hold, and how they are read, batch by batch.
//!
//! - `source`: files, folders and patterns; where each input's output goes in a folder.
//! - `batches`: one input after the other, a bounded number of bytes at a time.
//! - `lines`: texts and lines of JSON.

mod batches;
mod lines;
mod source;

pub(crate) use batches::{Batch, Batches, Lease, Rows, TOO_LARGE};
pub(crate) use source::{Folders, NEEDS_JSONL, Source, sources, total_size};

/// What is read at a time from files: fits in the cache of a core, and a thread that gets one has
/// something to do.
pub(crate) const BATCH: usize = 256 << 10;

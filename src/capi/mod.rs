//! The C API: `include/unfurnish.h` is generated from the files of this module.
//!
//! One file for each object. The comments of the public items are those of the header, so they
//! speak to a C programmer. The rules they follow:
//!
//! - Handles are opaque; `unf_<type>_<verb>` takes the handle first, then inputs, then outputs.
//! - A function that can fail returns a status. It writes its out-pointers only when it succeeds.
//! - A text is pointer and length. What a handle lends out lives as long as the handle.
//! - No panic leaves: `error::run` and `error::catch` turn it into `UNF_ERR_PANIC`.
//!
//! To add a function: write it here with a comment that says what it does, who owns what, which
//! pointers may be null, what can go wrong and what it costs; then
//! `BLESS=1 cargo test --features capi --test header`, a case in `bindings/c/test.c`, and a line in
//! `bindings/python/src/unfurnish/_bindings.py`.

#![allow(unsafe_code)]
#![allow(non_camel_case_types)] // the names are those of C
#![allow(clippy::missing_safety_doc)] // the header says once what every pointer must be
#![warn(clippy::undocumented_unsafe_blocks)]

mod arrow;
mod batch;
mod builder;
mod cleaned;
mod cleaner;
mod error;
mod text;
mod version;

pub use arrow::*;
pub use batch::*;
pub use builder::*;
pub use cleaned::*;
pub use cleaner::*;
pub use error::{
    unf_error, unf_error_free, unf_error_message, unf_error_status, unf_status, unf_status_name,
};
pub use text::unf_str;
pub use version::*;

//! Options for a cleaner.

use std::ffi::c_char;
use std::sync::Arc;

use super::cleaner::unf_cleaner;
use super::error::{Failure, free, get, run, unf_error, unf_status};
use super::text::utf8;
use crate::{Builder, RulePack};

/// Options for a cleaner.
///
/// An unf_builder is not safe to use from several threads at once.
pub struct unf_builder {
    inner: Builder,
}

/// unf_builder_new makes a builder with the default options: profile "article", the built-in
/// rule packs.
///
/// The caller owns it and frees it with unf_builder_free. Never NULL. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_builder_new() -> *mut unf_builder {
    Box::into_raw(Box::new(unf_builder { inner: Builder::default() }))
}

/// unf_builder_free frees a builder.
///
/// `builder` may be NULL. Free it once, when no other thread uses it. The cleaners made with it are
/// not affected.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_builder_free(builder: *mut unf_builder) {
    // SAFETY: the caller promises that it is null or came from `unf_builder_new` and is freed once.
    unsafe { free(builder) }
}

/// unf_builder_set sets an option by name. The names and values:
///
///   profile            article, page or normalize
///   remove, keep       categories, separated by commas
///   disable            rule ids, separated by commas
///   site               the site of the texts, for the rules of packs that are for one
///   budget             a number from 0 to 1
///   quotes, dashes     keep or straighten
///   ellipsis           keep or dots
///   ligatures          keep or split
///   width              keep or fold
///   nbsp               space or keep
///
/// `builder` must not be NULL; key and value are copied. `error` may be NULL, otherwise it takes an
/// error that the caller frees with unf_error_free. After an error the builder is as before.
///
/// Errors: UNF_ERR_OPTION (no such key or value, or not UTF-8), UNF_ERR_NULL, UNF_ERR_LENGTH. That
/// a rule does not exist is known only when the cleaner is built. O(size of the builder).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_builder_set(
    builder: *mut unf_builder,
    key: *const c_char,
    key_len: usize,
    value: *const c_char,
    value_len: usize,
    error: *mut *mut unf_error,
) -> unf_status {
    let option = unf_status::UNF_ERR_OPTION;
    let change = |inner: Builder| {
        // SAFETY: the caller promises that a pointer which is not null has that many bytes.
        let key = unsafe { utf8("key", key, key_len, option) }?;
        // SAFETY: as for the key.
        let value = unsafe { utf8("value", value, value_len, option) }?;
        Ok(inner.set(key, value)?)
    };
    // SAFETY: the caller promises that `builder` is null or a live handle that no other thread
    // uses, and that `error` is null or can be written.
    unsafe { replace(builder, error, change) }
}

/// unf_builder_rules_toml adds a rule pack to the built-in ones, from the text of a TOML file.
///
/// `builder` must not be NULL; the text is copied. `error` may be NULL, otherwise it takes an error
/// that the caller frees with unf_error_free. After an error the builder is as before.
///
/// Errors: UNF_ERR_RULE_PACK (the message names the pack, the rule and the line where it can),
/// UNF_ERR_NULL, UNF_ERR_LENGTH. O(length of the text + size of the builder).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_builder_rules_toml(
    builder: *mut unf_builder,
    toml: *const c_char,
    toml_len: usize,
    error: *mut *mut unf_error,
) -> unf_status {
    let change = |inner: Builder| {
        // SAFETY: the caller promises that a pointer which is not null has that many bytes.
        let toml = unsafe { utf8("toml", toml, toml_len, unf_status::UNF_ERR_RULE_PACK) }?;
        Ok(inner.rules(RulePack::from_toml(toml)?))
    };
    // SAFETY: the caller promises that `builder` is null or a live handle that no other thread
    // uses, and that `error` is null or can be written.
    unsafe { replace(builder, error, change) }
}

/// Replaces the builder by what `change` makes of it, if that succeeds.
///
/// # Safety
///
/// `builder` is null or a live handle used by nobody else; `error` is null or can be written.
unsafe fn replace(
    builder: *mut unf_builder,
    error: *mut *mut unf_error,
    change: impl FnOnce(Builder) -> Result<Builder, Failure>,
) -> unf_status {
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle used by nobody else.
        let builder = unsafe { builder.as_mut() }.ok_or_else(|| Failure::null("builder"))?;
        builder.inner = change(builder.inner.clone())?;
        Ok(())
    };
    // SAFETY: `out` is a local variable; `error` is as the caller promises.
    unsafe { run(&mut (), error, body) }
}

/// unf_builder_build compiles a cleaner.
///
/// `builder` and `out` must not be NULL. The caller owns the cleaner and frees it with
/// unf_cleaner_free; it does not depend on the builder, which stays and still has to be freed.
/// `error` may be NULL, otherwise it takes an error that the caller frees with unf_error_free.
///
/// Errors: UNF_ERR_UNKNOWN_RULE (a disabled rule does not exist), UNF_ERR_NULL,
/// UNF_ERR_PANIC. Takes a millisecond at most; build a cleaner once and keep it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_builder_build(
    builder: *const unf_builder,
    out: *mut *mut unf_cleaner,
    error: *mut *mut unf_error,
) -> unf_status {
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle that nobody changes.
        let builder = unsafe { get("builder", builder) }?;
        let inner = Arc::new(builder.inner.clone().build()?);
        Ok(Box::into_raw(Box::new(unf_cleaner { inner })))
    };
    // SAFETY: the caller promises that `out` and `error` are null or can be written.
    unsafe { run(out, error, body) }
}

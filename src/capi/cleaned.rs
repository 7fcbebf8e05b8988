//! What comes out of a cleaner, owned.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::ptr;
use std::sync::Arc;

use super::error::{Failure, free, get, run, unf_status};
use super::text::unf_str;
use crate::normalize::Splice;
use crate::{Category, Cleaner};

/// What kind of furniture a removal is. The values never change; new ones are added at the end.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum unf_category {
    /// Prompts to sign up for newsletters and alerts.
    UNF_CATEGORY_NEWSLETTER = 0,
    /// Links to and lists of other articles.
    UNF_CATEGORY_RELATED = 1,
    /// Share bars and prompts to follow the site elsewhere.
    UNF_CATEGORY_SHARE = 2,
    /// Menus, breadcrumbs, tags, buttons.
    UNF_CATEGORY_NAV = 3,
    /// Cookie notices, copyright lines, affiliate disclosures.
    UNF_CATEGORY_LEGAL = 4,
    /// Advertisements, subscription and app promotion, paywalls.
    UNF_CATEGORY_PROMO = 5,
    /// Comment forms, threads and ratings.
    UNF_CATEGORY_COMMENTS = 6,
    /// Residue of templates, players and error messages.
    UNF_CATEGORY_OTHER = 7,
    /// Byline, time stamp, reading time. Kept by default.
    UNF_CATEGORY_META = 8,
    /// Credit of a picture. Kept by default.
    UNF_CATEGORY_CREDIT = 9,
    /// Caption of a picture. Kept by default.
    UNF_CATEGORY_CAPTION = 10,
    /// Who the author is. Kept by default.
    UNF_CATEGORY_BIO = 11,
}

use unf_category::*;

/// The category here, there, and its name for C.
const CATEGORIES: [(Category, unf_category, &CStr); 12] = [
    (Category::Newsletter, UNF_CATEGORY_NEWSLETTER, c"newsletter"),
    (Category::Related, UNF_CATEGORY_RELATED, c"related"),
    (Category::Share, UNF_CATEGORY_SHARE, c"share"),
    (Category::Nav, UNF_CATEGORY_NAV, c"nav"),
    (Category::Legal, UNF_CATEGORY_LEGAL, c"legal"),
    (Category::Promo, UNF_CATEGORY_PROMO, c"promo"),
    (Category::Comments, UNF_CATEGORY_COMMENTS, c"comments"),
    (Category::Other, UNF_CATEGORY_OTHER, c"other"),
    (Category::Meta, UNF_CATEGORY_META, c"meta"),
    (Category::Credit, UNF_CATEGORY_CREDIT, c"credit"),
    (Category::Caption, UNF_CATEGORY_CAPTION, c"caption"),
    (Category::Bio, UNF_CATEGORY_BIO, c"bio"),
];

impl From<Category> for unf_category {
    fn from(category: Category) -> unf_category {
        match category {
            Category::Newsletter => UNF_CATEGORY_NEWSLETTER,
            Category::Related => UNF_CATEGORY_RELATED,
            Category::Share => UNF_CATEGORY_SHARE,
            Category::Nav => UNF_CATEGORY_NAV,
            Category::Legal => UNF_CATEGORY_LEGAL,
            Category::Promo => UNF_CATEGORY_PROMO,
            Category::Comments => UNF_CATEGORY_COMMENTS,
            Category::Other => UNF_CATEGORY_OTHER,
            Category::Meta => UNF_CATEGORY_META,
            Category::Credit => UNF_CATEGORY_CREDIT,
            Category::Caption => UNF_CATEGORY_CAPTION,
            Category::Bio => UNF_CATEGORY_BIO,
        }
    }
}

/// unf_category_name gives the name of a category as in options and rule ids, such as "related",
/// terminated by a NUL.
///
/// NULL if there is no such category. The name is valid for as long as the library is loaded. Safe
/// from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_category_name(category: u32) -> *const c_char {
    let named = CATEGORIES.iter().find(|(_, value, _)| *value as u32 == category);
    named.map_or(ptr::null(), |(_, _, name)| name.as_ptr())
}

/// One piece of furniture that was taken out.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct unf_removal {
    /// Where it began, in bytes of the input.
    pub start: usize,
    /// Where it ended, in bytes of the input. Line breaks that went with it are included.
    pub end: usize,
    /// The id of the rule that decided, such as "en/related/also-read".
    pub rule: unf_str,
    /// The category of the rule.
    pub category: unf_category,
}

/// One change by the normalizer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct unf_edit {
    /// Where what was replaced began, in bytes of the input.
    pub start: usize,
    /// Where it ended, in bytes of the input.
    pub end: usize,
    /// What stands there now; empty where something was taken out.
    pub replacement: unf_str,
}

/// A cleaned text and the account of what was done to it.
///
/// An unf_cleaned never changes and may be read from several threads at once.
pub struct unf_cleaned {
    /// The text without the removals; `None` where it is the whole of `normalized`.
    kept: Option<String>,
    /// What `kept` and the edits were cut from; empty where neither needs it.
    normalized: String,
    /// Their rule ids point into `cleaner`.
    removals: Vec<unf_removal>,
    splices: Vec<Splice>,
    abstained: bool,
    invalid: usize,
    /// Keeps the rule ids alive.
    _cleaner: Arc<Cleaner>,
}

impl unf_cleaned {
    pub(super) fn new(cleaner: &Arc<Cleaner>, text: &[u8]) -> unf_cleaned {
        let cleaned = cleaner.clean_bytes(text);
        let removals = cleaned.removals.iter().map(|removal| unf_removal {
            start: removal.span.start,
            end: removal.span.end,
            rule: unf_str::new(removal.rule),
            category: removal.category.into(),
        });
        unf_cleaned {
            removals: removals.collect(),
            normalized: match cleaned.normalized {
                // Nothing refers to it, so it need not be copied out of the caller's text.
                Cow::Borrowed(_) if cleaned.kept.is_some() && cleaned.splices.is_empty() => {
                    String::new()
                }
                normalized => normalized.into_owned(),
            },
            kept: cleaned.kept,
            splices: cleaned.splices,
            abstained: cleaned.abstained,
            invalid: cleaned.invalid,
            _cleaner: Arc::clone(cleaner),
        }
    }

    fn text(&self) -> &str {
        self.kept.as_deref().unwrap_or(&self.normalized)
    }
}

/// unf_cleaned_free frees a result, and with it all views of it.
///
/// `cleaned` may be NULL. Free it once, when no other thread uses it. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_free(cleaned: *mut unf_cleaned) {
    // SAFETY: the caller promises that it is null or came from this library and is freed once.
    unsafe { free(cleaned) }
}

/// unf_cleaned_text gives the cleaned text, which is valid UTF-8.
///
/// The view is valid until `cleaned` is freed. If `cleaned` is NULL, it is empty. Safe from any
/// thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_text(cleaned: *const unf_cleaned) -> unf_str {
    // SAFETY: the caller promises that it is null or a live handle.
    unf_str::new(unsafe { cleaned.as_ref() }.map_or("", unf_cleaned::text))
}

/// unf_cleaned_abstained says whether more would have gone than the removal budget allows, so that
/// nothing was removed.
///
/// If `cleaned` is NULL, false. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_abstained(cleaned: *const unf_cleaned) -> bool {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { cleaned.as_ref() }.is_some_and(|cleaned| cleaned.abstained)
}

/// unf_cleaned_invalid_sequences counts the invalid UTF-8 sequences of the input that became U+FFFD.
///
/// If `cleaned` is NULL, 0. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_invalid_sequences(cleaned: *const unf_cleaned) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { cleaned.as_ref() }.map_or(0, |cleaned| cleaned.invalid)
}

/// unf_cleaned_removal_count counts what was taken out.
///
/// If `cleaned` is NULL, 0. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_removal_count(cleaned: *const unf_cleaned) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { cleaned.as_ref() }.map_or(0, |cleaned| cleaned.removals.len())
}

/// unf_cleaned_removal gives a removal, counted from 0, in the order of the input.
///
/// `cleaned` and `out` must not be NULL. The rule's id is valid until `cleaned` is freed.
///
/// Errors: UNF_ERR_INDEX, UNF_ERR_NULL. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_removal(
    cleaned: *const unf_cleaned,
    index: usize,
    out: *mut unf_removal,
) -> unf_status {
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle.
        let removals = &unsafe { get("cleaned", cleaned) }?.removals;
        removals.get(index).copied().ok_or_else(|| Failure::index(index, removals.len()))
    };
    // SAFETY: the caller promises that `out` is null or can be written.
    unsafe { run(out, ptr::null_mut(), body) }
}

/// unf_cleaned_edit_count counts what the normalizer changed outside of the removals.
///
/// If `cleaned` is NULL, 0. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_edit_count(cleaned: *const unf_cleaned) -> usize {
    // SAFETY: the caller promises that it is null or a live handle.
    unsafe { cleaned.as_ref() }.map_or(0, |cleaned| cleaned.splices.len())
}

/// unf_cleaned_edit gives an edit, counted from 0, in the order of the input.
///
/// Removals and edits never overlap: replacing each edit's bytes by its replacement, and each
/// removal's by nothing, turns the input into the cleaned text. (Edits of invalid UTF-8 included.)
///
/// `cleaned` and `out` must not be NULL. The replacement is valid until `cleaned` is freed.
///
/// Errors: UNF_ERR_INDEX, UNF_ERR_NULL. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unf_cleaned_edit(
    cleaned: *const unf_cleaned,
    index: usize,
    out: *mut unf_edit,
) -> unf_status {
    let body = || {
        // SAFETY: the caller promises that it is null or a live handle.
        let cleaned = unsafe { get("cleaned", cleaned) }?;
        let splices = &cleaned.splices;
        let splice = splices.get(index).ok_or_else(|| Failure::index(index, splices.len()))?;
        Ok(unf_edit {
            start: splice.input.start,
            end: splice.input.end,
            replacement: unf_str::new(&cleaned.normalized[splice.output.clone()]),
        })
    };
    // SAFETY: the caller promises that `out` is null or can be written.
    unsafe { run(out, ptr::null_mut(), body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_categories_are_those_of_the_library() {
        for (index, (category, (here, there, name))) in
            Category::ALL.into_iter().zip(CATEGORIES).enumerate()
        {
            assert_eq!((category, there), (here, here.into()));
            assert_eq!((there as usize, category.name()), (index, name.to_str().unwrap()));
        }
        assert_eq!(Category::ALL.len(), CATEGORIES.len());
    }
}

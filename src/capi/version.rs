//! What is loaded.

use std::ffi::{CStr, CString, c_char};
use std::sync::LazyLock;

/// `Cargo.toml`'s version, with a NUL.
const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => panic!("a version has no NUL"),
    };

/// unf_version gives the version of the library that is loaded, such as "1.2.3", terminated by a
/// NUL.
///
/// UNF_VERSION_MAJOR and so on are those of the header. Valid for as long as the library is loaded.
/// Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_version() -> *const c_char {
    VERSION.as_ptr()
}

/// unf_version_number gives the version of the library that is loaded in the form of
/// UNF_VERSION_NUMBER: major * 65536 + minor * 256 + patch.
///
/// Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_version_number() -> u32 {
    let part = |text: &str| text.parse::<u32>().unwrap_or(0);
    part(env!("CARGO_PKG_VERSION_MAJOR")) << 16
        | part(env!("CARGO_PKG_VERSION_MINOR")) << 8
        | part(env!("CARGO_PKG_VERSION_PATCH"))
}

/// unf_unicode_version gives the version of the Unicode tables in use, such as "17.0.0", terminated
/// by a NUL.
///
/// Valid for as long as the library is loaded. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_unicode_version() -> *const c_char {
    static UNICODE: LazyLock<CString> = LazyLock::new(|| {
        let (major, minor, update) = crate::unicode_version();
        CString::new(format!("{major}.{minor}.{update}")).unwrap_or_default()
    });
    UNICODE.as_ptr()
}

/// unf_rules_version gives the version of the built-in rules, 16 hexadecimal digits terminated by a
/// NUL. They are others whenever a rule or a cue is.
///
/// Valid for as long as the library is loaded. Safe from any thread. O(1).
#[unsafe(no_mangle)]
pub extern "C" fn unf_rules_version() -> *const c_char {
    static RULES: LazyLock<CString> =
        LazyLock::new(|| CString::new(crate::rules_version()).unwrap_or_default());
    RULES.as_ptr()
}

//! `include/unfurnish.h` is what cbindgen makes of `src/capi`, and says all that it should.
//!
//! `BLESS=1` writes it again.
#![cfg(feature = "capi")]
#![allow(unsafe_code)] // reads C strings

use std::ffi::CStr;
use std::fs;
use std::path::Path;

use unfurnish::capi;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn header() -> String {
    fs::read_to_string(Path::new(ROOT).join("include/unfurnish.h")).expect("the header is there")
}

fn version() -> [u32; 3] {
    let parts = [
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    ];
    parts.map(|part| part.parse().unwrap())
}

fn generated() -> String {
    let root = Path::new(ROOT);
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let [major, minor, patch] = version();
    let arrow = config.after_includes.take().unwrap();
    config.after_includes = Some(format!(
        "
/** The version of this header; unf_version() gives that of the library. */
#define UNF_VERSION \"{full}\"
/** The first number of the version of this header. */
#define UNF_VERSION_MAJOR {major}
/** The second number of the version of this header. */
#define UNF_VERSION_MINOR {minor}
/** The third number of the version of this header. */
#define UNF_VERSION_PATCH {patch}
/** The version of this header as a number that grows; unf_version_number() gives the library's. */
#define UNF_VERSION_NUMBER \\
    ((UNF_VERSION_MAJOR << 16) | (UNF_VERSION_MINOR << 8) | UNF_VERSION_PATCH)

{arrow}",
        full = env!("CARGO_PKG_VERSION"),
    ));
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in ["version", "error", "text", "builder", "cleaner", "cleaned", "batch", "arrow/mod"]
    {
        builder = builder.with_src(root.join(format!("src/capi/{file}.rs")));
    }
    let mut header = Vec::new();
    builder.generate().expect("cbindgen understands src/capi").write(&mut header);
    let header = String::from_utf8(header).unwrap();
    header.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_header_is_up_to_date() {
    let generated = generated();
    if std::env::var_os("BLESS").is_some() {
        fs::write(Path::new(ROOT).join("include/unfurnish.h"), &generated).unwrap();
    }
    assert!(
        header() == generated,
        "src/capi has changed: BLESS=1 cargo test --features capi --test header"
    );
}

#[test]
fn every_file_of_the_module_is_in_the_header() {
    let folders = ["src/capi", "src/capi/arrow"];
    let files = folders.into_iter().flat_map(|at| fs::read_dir(Path::new(ROOT).join(at)).unwrap());
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let mut functions = 0;
    for file in files {
        let source = fs::read_to_string(file).unwrap();
        for after in source.split("#[unsafe(no_mangle)]\n").skip(1) {
            let name = after.split(" fn ").nth(1).unwrap().split('(').next().unwrap();
            assert!(header().contains(&format!("{name}(")), "{name} is not in the header");
            functions += 1;
        }
    }
    assert_eq!(functions, declared(&header()).len());
}

/// The functions that the header declares.
fn declared(header: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, _) in header.match_indices("(") {
        let before = &header[..at];
        let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap() + 1;
        let line = &before[before.rfind('\n').map_or(0, |n| n + 1)..];
        let code = !line.starts_with([' ', '/', '#', '*']);
        if code && before[start..].starts_with("unf_") {
            names.push(&before[start..]);
        }
    }
    names
}

#[test]
fn every_item_is_documented() {
    let header = header();
    let lines: Vec<&str> = header.lines().collect();
    let mut items = 0;
    for (index, line) in lines.iter().enumerate() {
        let word = line.split_whitespace().next().unwrap_or("");
        let comment = word.starts_with(['*', '/']);
        // A variant or a field; the parameters of a function are indented further.
        let inner = line.starts_with("    ") && !line.starts_with("     ") && !comment;
        let member = inner && (line.contains(" = ") || line.ends_with(';'));
        let opens = line.starts_with("typedef ")
            || line.starts_with("#define UNF_VERSION")
            || (line.contains('(') && declared(line).len() == 1);
        if member || opens {
            items += 1;
            assert!(lines[index - 1].ends_with("*/"), "not documented: {line}");
        }
    }
    assert!(items > 80, "found only {items} items");
    for name in declared(&header) {
        assert!(
            header.contains(&format!("\n * {name} ")),
            "the comment begins with its name: {name}"
        );
    }
}

#[test]
fn every_function_says_what_its_caller_must_know() {
    let header = header();
    let comments = header.split("/**\n").skip(1).filter_map(|item| item.split_once(" */\n"));
    let mut functions = 0;
    for (comment, declaration) in comments {
        let declaration = declaration.split(';').next().unwrap();
        let Some(name) = declared(declaration).first().copied() else { continue };
        let says = |word: &str| assert!(comment.contains(word), "{name} does not say: {word}");
        says("thread");
        assert!(comment.contains("O(") || comment.contains("millisecond"), "{name}: at what cost?");
        if declaration[declaration.find('(').unwrap()..].contains('*') {
            says("NULL");
        }
        if declaration.contains("**error") {
            says("Errors:");
        }
        if declaration.contains("**out") || declaration.contains("**error") {
            says("free");
        }
        functions += 1;
    }
    assert_eq!(functions, declared(&header).len());
}

#[test]
fn the_versions_agree() {
    let [major, minor, patch] = version();
    let header = header();
    for (name, value) in [("MAJOR", major), ("MINOR", minor), ("PATCH", patch)] {
        assert!(header.contains(&format!("#define UNF_VERSION_{name} {value}\n")), "{name}");
    }
    // bindings/c/test.c compares UNF_VERSION_NUMBER itself with the function.
    assert_eq!(capi::unf_version_number(), (major << 16) | (minor << 8) | patch);
    // SAFETY: they are strings with a NUL that live as long as the library.
    let [version, unicode, rules] =
        [capi::unf_version(), capi::unf_unicode_version(), capi::unf_rules_version()]
            .map(|text| unsafe { CStr::from_ptr(text) });
    assert_eq!(rules.to_str(), Ok(unfurnish::rules_version()));
    assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
    assert_eq!(unfurnish::VERSION, env!("CARGO_PKG_VERSION"));
    for (file, line) in [
        ("bindings/python/pyproject.toml", "\nversion = "),
        ("bindings/python/src/unfurnish/_bindings.py", "\nVERSION = "),
    ] {
        let text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
        assert!(text.contains(&format!("{line}\"{}\"\n", unfurnish::VERSION)), "{file}");
    }
    let (a, b, c) = unfurnish::unicode_version();
    assert_eq!(unicode.to_str().unwrap(), format!("{a}.{b}.{c}"));
}

#[test]
fn the_header_needs_nothing_but_the_standard() {
    let header = header();
    let includes: Vec<&str> = header.lines().filter(|line| line.starts_with("#include")).collect();
    assert_eq!(includes, ["#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>"]);
    assert!(header.contains("extern \"C\" {"));
}

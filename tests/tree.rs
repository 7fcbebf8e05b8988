//! What the library brings along: adding a dependency is a decision, and this list is where it
//! shows.

use std::process::Command;

/// The packages that a build of the library needs, without versions.
fn packages(options: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "unfurnish", "--edges", "normal"])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(options)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let lines = String::from_utf8(output.stdout).expect("names are UTF-8");
    let names = lines.lines().filter_map(|line| line.split_whitespace().next());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

const ALWAYS: [&str; 4] = ["memchr", "tinyvec", "unfurnish", "unicode-normalization"];
/// A parser for rule packs; the C API can be given packs too.
const TOML: [&str; 5] = ["serde_spanned", "toml", "toml_datetime", "toml_parser", "winnow"];

#[test]
fn few_packages_by_default() {
    assert_eq!(packages(&[]), ALWAYS);
}

#[test]
fn only_the_parser_more_with_features() {
    let mut expected = [&ALWAYS[..], &TOML].concat();
    expected.sort_unstable();
    for features in ["toml", "capi"] {
        assert_eq!(packages(&["--features", features]), expected, "{features}");
    }
}

//! The C example of the README is the one that the tests of the C API build and run. Its Rust
//! example is a doctest, its Python example one of Python's, and cli/tests/cli/readme.rs runs
//! what it says of the command line.

#[test]
fn the_c_example_is_one_that_runs() {
    let readme = include_str!("../README.md");
    let example = include_str!("../bindings/c/examples/minimal.c");
    let (_, code) = example.split_once("*/\n").expect("the example begins with a comment");
    assert!(readme.contains(&format!("```c\n{code}```\n")), "README.md differs from minimal.c");
}

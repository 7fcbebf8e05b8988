//! `unfurnish rules`.

use crate::run;

#[test]
fn the_builtin_packs_are_listed() {
    let out = run(["rules", "list"], "").ok();
    assert!(out.starts_with("rule "), "{out}");
}

#[test]
fn the_builtin_packs_hold() {
    let out = run(["rules", "check"], "").ok();
    assert!(out.ends_with(" misses hold\n"), "{out}");
}

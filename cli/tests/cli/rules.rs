//! `unfurnish rules`, and packs of one's own.

use crate::{Dir, args, run};

/// A pack of one rule, `house/related/elsewhere`, whose second hit is to be filled in.
fn pack(hit: &str) -> String {
    format!(
        r#"name = "house"

[[rule]]
id = "related/elsewhere"
any = ["elsewhere on our site"]
separator = true
hits = ["Elsewhere on our site: Ten hotels", "{hit}"]
misses = ["He found it elsewhere on our site, he said."]
"#
    )
}

const GOOD: &str = "Elsewhere on our site: Nine hotels";
const BAD: &str = "Nothing that has the cue.";

#[test]
fn the_builtin_packs_are_listed() {
    let out = run(["rules", "list"], "").ok();
    assert!(out.starts_with("rule "), "{out}");
    let line = out.lines().find(|line| line.starts_with("en/related/also-read ")).unwrap();
    assert!(line.contains(" related "), "{line}");
    assert!(line.contains("also read | "), "{line}");
    let right = line.split_whitespace().nth(4).unwrap();
    assert!(right.parse::<u64>().unwrap() > 0, "{line}");
}

#[test]
fn the_builtin_packs_hold() {
    let out = run(["rules", "check"], "").ok();
    assert!(out.ends_with(" misses hold\n"), "{out}");
    assert!(!out.starts_with("0 rules"), "{out}");
}

#[test]
fn a_pack_is_listed_and_checked() {
    let dir = Dir::new();
    let pack = dir.write("house.toml", pack(GOOD));
    let out = run(args!["rules", "list", pack], "").ok();
    assert_eq!(
        out,
        "rule                     category    hits  misses  right  wrong  cues\n\
         house/related/elsewhere  related        2       1      -      -  elsewhere on our site\n\
         1 pack, 1 rule, 1 cue\n"
    );
    let out = run(args!["rules", "check", pack], "").ok();
    assert_eq!(out, "1 rules, 2 hits, 1 misses hold\n");
}

#[test]
fn a_failing_pack() {
    let dir = Dir::new();
    let (good, bad) = (dir.write("good.toml", pack(GOOD)), dir.write("bad.toml", pack(BAD)));
    let run = run(args!["rules", "check", good, bad], "");
    assert_eq!(run.status, Some(1));
    let out = String::from_utf8(run.stdout).unwrap();
    let start = format!("{}:3: house/related/elsewhere: hit ", bad.display());
    assert!(out.starts_with(&start) && out.contains(BAD), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    assert_eq!(run.stderr, "unfurnish: 2 rules, 4 hits, 2 misses: 1 of them fail\n");
}

#[test]
fn a_pack_is_used() {
    let dir = Dir::new();
    let pack = dir.write("house.toml", pack(GOOD));
    let text =
        "The vote is on Friday.\n\nElsewhere on our site: Ten hotels\n\nTurnout will be high.";
    assert_eq!(run(["clean"], text).ok(), text);
    let want = "The vote is on Friday.\n\nTurnout will be high.";
    assert_eq!(run(args!["clean", "--rules", pack], text).ok(), want);
    assert_eq!(run(args!["clean", "--rules", pack, "--disable", "house"], text).ok(), text);
    let out = run(args!["explain", "--rules", pack], text).ok();
    let want = "\n[-Elsewhere on our site: Ten hotels-]{house/related/elsewhere}\n";
    assert!(out.contains(want), "{out}");
}

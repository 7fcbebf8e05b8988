//! The weights read, and the same page has the same scores everywhere.

use super::features::{FEATURES, Feature};
use super::model::{MAGIC, Model, WEIGHTS};
use super::{Again, Page, Said};
use crate::lines::content_lines;

/// The likelihoods of the lines of a page, without rules.
fn likelihoods(text: &str) -> Vec<u16> {
    let lines: Vec<_> = content_lines(text).collect();
    let (mut page, mut likelihoods) = (Page::default(), Vec::new());
    page.read(text, &lines, &vec![Said::default(); lines.len()]);
    Model::builtin().score(&mut page, &mut Again::default(), &mut likelihoods, |_, _| ());
    likelihoods
}

#[test]
fn the_weights_read() {
    assert!(Model::read(WEIGHTS).is_some());
    assert!(WEIGHTS.len() <= 2 << 20, "{} bytes", WEIGHTS.len());
}

#[test]
fn no_other_bytes_do() {
    assert!(Model::read(b"").is_none());
    assert!(Model::read(MAGIC).is_none());
    for end in (0..WEIGHTS.len()).step_by(1009).chain([WEIGHTS.len() - 1]) {
        assert!(Model::read(&WEIGHTS[..end]).is_none(), "{end}");
    }
    assert!(Model::read(&[WEIGHTS, b"x"].concat()).is_none());
}

/// Whatever the numbers are, if they read they score.
#[test]
fn broken_weights_do_no_harm() {
    let text = "The bridge was closed for the winter.\n\nShare\n";
    let lines: Vec<_> = content_lines(text).collect();
    let mut bytes = WEIGHTS.to_vec();
    for at in (WEIGHTS.len() / 2..WEIGHTS.len()).step_by(401) {
        bytes[at] ^= 0x55;
        let Some(model) = Model::read(&bytes) else {
            bytes[at] ^= 0x55;
            continue;
        };
        let (mut page, mut likelihoods) = (Page::default(), Vec::new());
        page.read(text, &lines, &[Said::default(); 2]);
        model.score(&mut page, &mut Again::default(), &mut likelihoods, |_, _| ());
        assert_eq!(likelihoods.len(), 2);
    }
}

/// A page with a little of everything.
const PAGE: &str = "\
Ferry to run again | Lowfield Courier

    * Home
    * News
    * Sport & Leisure
    Search  |  Sign in

        Ferry to run again

        12 March 2024, 9:40 – By Harriet Oakes

        The ferry that once carried two hundred workers a day will run again from April, the council \
decided on Tuesday night, after a debate of four hours.

        “My grandmother met my grandfather on that boat,” said Ivy Marsh. “I never thought I would \
stand on its deck.”

        Fares
        Adults\t£1.00\tevery day
        Children\tfree
        Паром отходит каждые двадцать минут, с шести утра до девяти вечера, если позволит погода.
        渡し船は二十分ごとに出ます。子どもと犬は無料です。

        Share this article
        Facebook
        X
        Ferry to run again
        More from Local
        Baker wins prize for rye loaf
© 2024 Lowfield Courier. All rights reserved. news@lowfield.example
";

/// All of it is integers, so the scores are the same on every machine: those recorded here.
#[test]
fn scores_are_those_recorded() {
    let recorded = format!("{:?}\n", likelihoods(PAGE));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page/recorded.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &recorded).unwrap();
    }
    assert_eq!(recorded, std::fs::read_to_string(path).unwrap(), "BLESS=1 records other weights");
}

#[test]
fn no_page_is_too_strange() {
    for text in ["", "\n", "x", "\u{301}", "。。。", "\t\u{a0} a", &"a\n".repeat(3_000)] {
        assert_eq!(likelihoods(text).len(), content_lines(text).count());
    }
    let line = "word ".repeat(100_000);
    assert_eq!(likelihoods(&line).len(), 1);
}

#[test]
fn features_fit_the_weights() {
    assert!(FEATURES <= 255 && Feature::NAMES.len() == FEATURES);
    let mut names = Feature::NAMES.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FEATURES, "each has a name of its own");
}

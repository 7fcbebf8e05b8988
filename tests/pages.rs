//! Cleans `tests/pages/`, whole pages written for the project, with profile `page`. Of each line its
//! first letter says what must become of it: `+` stays, `-` goes, `?` either.

use std::fs;
use std::path::Path;

use unfurnish::{Cleaner, Profile};

#[test]
fn the_article_is_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let cleaner = Cleaner::builder().profile(Profile::Page).build().unwrap();
    let mut report = String::new();
    let mut pages = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let marked = fs::read_to_string(&path).unwrap();
        let lines: Vec<(&str, &str)> =
            marked.lines().map(|line| line.split_at(line.len().min(2))).collect();
        let text: String = lines.iter().flat_map(|(_, line)| [line, "\n"]).collect();
        let cleaned = cleaner.clean(&text);
        // What is left of each line: removals are of whole lines, or parts of them.
        let mut start = 0;
        for (mark, line) in lines {
            let span = start..start + line.len();
            start = span.end + 1;
            let gone = |removal: &unfurnish::Removal<'_>| {
                removal.span.start <= span.start && span.end <= removal.span.end
            };
            let stays = !cleaned.removals().iter().any(gone);
            if line.trim().is_empty() || mark == "? " || stays == (mark == "+ ") {
                continue;
            }
            let name = path.file_name().unwrap().display();
            let what = if stays { "left" } else { "gone" };
            report += &format!("{name}: {what}: {}\n", line.trim());
        }
        pages += 1;
    }
    assert!(pages >= 9, "{pages}");
    assert!(report.is_empty(), "{report}");
}

/// A page without an article comes out empty, and does not count as one that was left alone.
#[test]
fn no_article_is_made_up() {
    let cleaner = Cleaner::builder().profile(Profile::Page).build().unwrap();
    for text in ["", "\n\n", "Home\nNews\nSport\nSign in\n", "404\n\nNot found\n\nBack to home\n"] {
        let cleaned = cleaner.clean(text);
        assert_eq!((cleaned.text().trim(), cleaned.abstained()), ("", false), "{text:?}");
    }
}

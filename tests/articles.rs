//! Cleans `tests/articles/`, an article with furniture in each language of the packs: exactly what
//! stands between `[[` and `]]` must go.

use std::fs;
use std::path::Path;

use unfurnish::{Cleaner, RulePack};

/// The text, and what of it should be left.
fn read(marked: &str) -> (String, String) {
    let mut pieces = marked.split("[[");
    let mut left = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        left.push_str(piece.split_once("]]").expect("what begins ends").1);
    }
    (marked.replace("[[", "").replace("]]", ""), left)
}

#[test]
fn exactly_the_furniture_goes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let cleaner = Cleaner::new();
    let mut report = String::new();
    for pack in RulePack::builtin().iter().filter(|pack| pack.name() != "any") {
        let path = folder.join(pack.name()).with_extension("txt");
        let marked = fs::read_to_string(path).expect("each language has an article");
        let (text, left) = read(&marked);
        let cleaned = cleaner.clean(&text);
        // How a gap is closed is tested elsewhere.
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        if words(cleaned.text()) != words(&left) {
            let (got, wanted) = (lines(cleaned.text()), lines(&left));
            report += &format!("{}\n", pack.name());
            got.iter()
                .filter(|line| !wanted.contains(line))
                .for_each(|line| report += &format!("  left: {line}\n"));
            wanted
                .iter()
                .filter(|line| !got.contains(line))
                .for_each(|line| report += &format!("  gone: {line}\n"));
        }
    }
    assert!(report.is_empty(), "{report}");
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

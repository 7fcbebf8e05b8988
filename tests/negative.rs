//! Runs `tests/negative/`: texts about newsletters, cookies, sharing and the like, of which nothing
//! may go, in every language of the packs.

use std::fs;
use std::path::Path;

use toml::de::DeTable;
use unfurnish::Cleaner;

/// Cases of which something goes although nothing should. One that passes must be taken out of
/// this list.
const KNOWN_FAILURES: &[&str] = &["es: los anuncios", "fr: la réclame"];

struct Case {
    name: String,
    lang: String,
    text: String,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negative");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    let text = |path: &Path| fs::read_to_string(path).expect("it is UTF-8");
    files.iter().flat_map(|path| cases_of(&text(path))).collect()
}

fn cases_of(text: &str) -> Vec<Case> {
    let file = DeTable::parse(text).expect("the file is valid");
    let cases = file.get_ref().get("case").and_then(|cases| cases.get_ref().as_array());
    let case = |case: &DeTable<'_>| {
        assert_eq!(case.len(), 3, "a case has name, lang and text");
        let text = |key| {
            let value = case.get(key).and_then(|value| value.get_ref().as_str());
            value.expect("a case has name, lang and text").to_owned()
        };
        Case { name: text("name"), lang: text("lang"), text: text("text") }
    };
    let cases = cases.expect("it has cases").iter();
    cases.map(|value| case(value.get_ref().as_table().expect("a case is a table"))).collect()
}

#[test]
fn nothing_goes() {
    let cleaner = Cleaner::new();
    let mut report = String::new();
    for case in cases() {
        let cleaned = cleaner.clean(&case.text);
        let stays = cleaned.text() == case.text && !cleaned.abstained();
        if stays == KNOWN_FAILURES.contains(&&*case.name) {
            let how = match (stays, cleaned.abstained()) {
                (true, _) => "passes",
                (_, true) => "so much would go that the cleaner abstained",
                _ => "fails",
            };
            report += &format!("{}: {how}\n", case.name);
            for removal in cleaned.removals() {
                report += &format!("  {}: {:?}\n", removal.rule, &case.text[removal.span.clone()]);
            }
        }
    }
    assert!(report.is_empty(), "not as listed:\n{report}");
}

#[test]
fn the_files_are_in_order() {
    let mut names = Vec::new();
    for case in cases() {
        let name = format!("{}: {}", case.lang, case.name);
        assert!(!names.contains(&name), "{name}: twice");
        assert!((2..=3).contains(&case.lang.len()), "{}: its language", case.name);
        assert!(case.text.split_whitespace().count() > 1, "{}: empty", case.name);
        names.push(name);
    }
    assert!(names.len() >= 400);
    assert!(KNOWN_FAILURES.iter().all(|known| names.iter().any(|name| name.ends_with(known))));
}

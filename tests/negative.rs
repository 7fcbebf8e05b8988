//! Runs `tests/negative/`: texts about newsletters, cookies, sharing and the like, of which nothing
//! may go, in every language of the packs.

use std::fs;
use std::path::Path;

use toml::de::DeTable;
use unfurnish::Cleaner;

/// Cases of which something goes although nothing should. One that passes must be taken out of
/// this list.
const KNOWN_FAILURES: &[&str] = &["es: los anuncios", "fr: la réclame"];

/// The same for texts with lines of a fixed width.
const WRAPPED_FAILURES: &[&str] = &[
    "ar: cookies: the regulator",
    "en: follow the river",
    "es: aviso de privacidad de una asociación",
    "es: cuento del mirador",
    "es: los anuncios",
    "fr: la réclame",
];

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

/// What is not as listed when each case is changed and cleaned.
fn unlisted(known_failures: &[&str], change: impl Fn(&str) -> String) -> String {
    let cleaner = Cleaner::new();
    let mut report = String::new();
    for case in cases() {
        let text = change(&case.text);
        let cleaned = cleaner.clean(&text);
        let stays = cleaned.text() == text && !cleaned.abstained();
        if stays == known_failures.contains(&&*case.name) {
            let how = match (stays, cleaned.abstained()) {
                (true, _) => "passes",
                (_, true) => "so much would go that the cleaner abstained",
                _ => "fails",
            };
            report += &format!("{}: {how}\n", case.name);
            for removal in cleaned.removals() {
                report += &format!("  {}: {:?}\n", removal.rule, &text[removal.span.clone()]);
            }
        }
    }
    report
}

#[test]
fn nothing_goes() {
    let report = unlisted(KNOWN_FAILURES, str::to_owned);
    assert!(report.is_empty(), "not as listed:\n{report}");
}

/// The same texts with lines of a fixed width, as in mails and old files.
#[test]
fn nothing_goes_from_wrapped_text() {
    let report =
        unlisted(WRAPPED_FAILURES, |text| text.lines().map(|line| wrap(line) + "\n").collect());
    assert!(report.is_empty(), "not as listed:\n{report}");
}

/// A line broken at its spaces into lines of at most 72 code points.
fn wrap(line: &str) -> String {
    let mut wrapped = String::new();
    let mut width = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > 72 {
            wrapped.push('\n');
            width = 0;
        } else if !wrapped.is_empty() {
            wrapped.push(' ');
            width += 1;
        }
        wrapped += word;
        width += length;
    }
    wrapped
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

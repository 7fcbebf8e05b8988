//! Runs `tests/negative.toml`: texts about newsletters, cookies, sharing and the like, of which
//! nothing may go.

use toml::de::DeTable;
use unfurnish::Cleaner;

/// Cases of which something goes although nothing should. One that passes must be taken out of
/// this list.
const KNOWN_FAILURES: &[&str] = &["forum: an error message", "de: Werbung im Wandel"];

struct Case {
    name: String,
    lang: String,
    text: String,
}

fn cases() -> Vec<Case> {
    let file = DeTable::parse(include_str!("negative.toml")).expect("negative.toml is valid");
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
fn the_file_is_in_order() {
    let mut names = Vec::new();
    for case in cases() {
        assert!(!names.contains(&case.name), "{}: twice", case.name);
        assert!((2..=3).contains(&case.lang.len()), "{}: its language", case.name);
        assert!(case.text.lines().count() > 1, "{}: not like an article", case.name);
        names.push(case.name);
    }
    assert!(names.len() >= 90);
    assert!(KNOWN_FAILURES.iter().all(|known| names.iter().any(|name| name == known)));
}

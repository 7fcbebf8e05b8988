//! Rules that are for the texts of one site alone.

use unfurnish::{Cleaner, RulePack};

const PACK: &str = r#"
name = "papers"

[[rule]]
id = "other/valley"
site = "valley.example"
at = "line"
any = ["the valley mail, since <n>"]
hits = ["The Valley Mail, since 1904"]

[[rule]]
id = "other/harbour"
site = "harbour.example"
zone = "tail"
at = "line"
any = ["all about boats"]
hits = ["All about boats"]

[[rule]]
id = "other/both"
at = "line"
any = ["printed on grey paper"]
hits = ["Printed on grey paper"]
misses = ["It was printed on grey paper."]
"#;

const TEXT: &str = "The Valley Mail, since 1904\n\nThe bridge was closed for most of the winter, and \
    people went the long way round.\n\nPrinted on grey paper\n\nWhen spring came the river rose higher \
    than it had in forty years.\n\nAll about boats\n";

/// The rules that take something from the text if it is of a site.
fn fired(site: Option<&str>) -> Vec<String> {
    let pack = RulePack::from_toml(PACK).unwrap();
    let mut builder = Cleaner::builder().rules(pack);
    if let Some(site) = site {
        builder = builder.set("site", site).unwrap();
    }
    let cleaner = builder.build().unwrap();
    cleaner.clean(TEXT).removals().iter().map(|removal| removal.rule.to_owned()).collect()
}

#[test]
fn a_rule_fires_in_texts_of_its_site() {
    let [valley, harbour, both] =
        ["papers/other/valley", "papers/other/harbour", "papers/other/both"];
    assert_eq!(fired(None), [both]);
    assert_eq!(fired(Some("elsewhere.example")), [both]);
    assert_eq!(fired(Some("valley.example")), [valley, both]);
    assert_eq!(fired(Some("harbour.example")), [both, harbour]);
}

#[test]
fn a_pack_knows_its_sites() {
    let pack = RulePack::from_toml(PACK).unwrap();
    assert!(pack.has_site("valley.example") && !pack.has_site("elsewhere.example"));
    assert_eq!(pack.rules()[1].site.as_deref(), Some("harbour.example"));
    assert_eq!(pack.rules()[2].site, None);
    let failures = pack.check().unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
}

/// A rule of any site may be disabled, whatever site the texts are of.
#[test]
fn rules_of_other_sites_exist() {
    let builder = || Cleaner::builder().rules(RulePack::from_toml(PACK).unwrap());
    assert!(builder().site("harbour.example").disable("papers/other/valley").build().is_ok());
    assert!(builder().disable("papers/other/bridge").build().is_err());
    let cleaner = builder().site("valley.example").disable("papers/other").build().unwrap();
    assert!(cleaner.clean(TEXT).removals().is_empty());
}

/// A pack replaces one of its name with the rules of all sites.
#[test]
fn the_last_pack_of_a_name_counts() {
    let pack = |toml: &str| RulePack::from_toml(toml).unwrap();
    let builder = Cleaner::builder().rules(pack(PACK)).rules(pack("name = \"papers\""));
    assert!(builder.site("valley.example").build().unwrap().clean(TEXT).removals().is_empty());
}

#[test]
fn a_site_has_a_name() {
    let toml = "name = \"t\"\n[[rule]]\nid = \"other/a\"\nsite = \"\"\nany = [\"word\"]\n";
    let error = RulePack::from_toml(toml).unwrap_err().to_string();
    assert_eq!(error, "rule pack `t`, line 4, rule `t/other/a`: `site` is empty");
}

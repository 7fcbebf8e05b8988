//! What a row says about its text beside it: whose it is, in which language, what it is called.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::wet::Record;

/// What is said beside a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    pub(crate) site: Option<String>,
    pub(crate) language: Option<String>,
    /// An address, or else an id.
    pub(crate) name: Option<String>,
}

impl Labels {
    /// From what the fields say.
    fn of([site_value, language, name]: [Option<String>; 3]) -> Labels {
        let site = site_value.map(|value| site(&value).to_owned());
        Labels { site, language, name }
    }
}

/// The bytes that one of them may have; what is longer says nothing. The headers of a record have no more.
pub(crate) const LONGEST: usize = 64 << 10;

/// The fields that say it. Of several names the first counts that the row has.
#[derive(Debug)]
pub(crate) struct Fields {
    /// Those of the site, the language and the name.
    names: [Vec<String>; 3],
    /// Whether an input of which no row can have a site is an error.
    pub(crate) needs_site: bool,
}

impl Fields {
    /// The field of the site is given, or else one of those that have such a name.
    pub(crate) fn of_site(site: Option<&str>) -> Fields {
        let names = site.map_or_else(|| names(&["domain", "url"]), |site| names(&[site]));
        Fields { names: [names, Vec::new(), Vec::new()], needs_site: site.is_some() }
    }

    /// Those of the language as well.
    pub(crate) fn and_language(mut self) -> Fields {
        self.names[1] = names(&["lang", "language"]);
        self
    }

    /// Those of the name as well.
    pub(crate) fn and_name(mut self) -> Fields {
        self.names[2] = names(&["url", "id"]);
        self
    }

    /// The names of the field of the site.
    pub(crate) fn site_names(&self) -> &[String] {
        &self.names[0]
    }

    /// All names; some stand in it twice.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.names.iter().flatten()
    }

    /// What is said by what `value` gives for the names.
    pub(crate) fn of_values<'v>(&self, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> Labels {
        let said = |names: &Vec<String>| names.iter().find_map(|name| value(name));
        Labels::of(self.names.each_ref().map(|names| said(names).map(Cow::into_owned)))
    }

    /// What a line of JSON says, which was checked. What is neither a string nor a number says nothing.
    pub(crate) fn of_json(&self, line: &str) -> Labels {
        let looked = serde_json::Deserializer::from_str(line).deserialize_map(Looker(self));
        Labels::of(looked.unwrap_or_default().map(|found| found.map(|(_, value)| value)))
    }

    /// What the headers of a record say.
    pub(crate) fn of_record(&self, record: &Record) -> Labels {
        let url = record.header("WARC-Target-URI").map(Cow::into_owned);
        let languages = record.header("WARC-Identified-Content-Language");
        let first = languages.and_then(|all| all.split(',').next().map(str::to_owned));
        Labels {
            site: url.as_deref().map(|url| site(url).to_owned()),
            language: first.filter(|language| !language.is_empty()),
            name: url,
        }
    }

    /// Notes a value for each field that has such a name, unless a better name had one.
    fn note(&self, name: &str, value: &str, found: &mut Found) {
        for (names, found) in self.names.iter().zip(found) {
            let Some(rank) = names.iter().position(|known| known == name) else { continue };
            if found.as_ref().is_none_or(|(best, _)| rank <= *best)
                && let Some(value) = plain(value)
            {
                *found = Some((rank, value));
            }
        }
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Values of the fields, each with the place of its name among those that the field may have.
type Found = [Option<(usize, String)>; 3];

/// A string or a number of JSON as text.
fn plain(value: &str) -> Option<String> {
    match value.as_bytes()[0] {
        _ if value.len() > LONGEST => None,
        b'"' => serde_json::from_str(value).ok(),
        b'0'..=b'9' | b'-' => Some(value.to_owned()),
        _ => None,
    }
}

struct Looker<'f>(&'f Fields);

impl<'l> Visitor<'l> for Looker<'_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'l>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut found = Found::default();
        while let Some((name, value)) = map.next_entry::<Cow<'l, str>, &'l RawValue>()? {
            self.0.note(&name, value.get(), &mut found);
        }
        Ok(found)
    }
}

/// The site that a field names: the host of an address, less `www.`, or what else it says.
pub(crate) fn site(value: &str) -> &str {
    let Some((_, rest)) = value.split_once("://") else { return value };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    };
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_by_their_names() {
        let of = |fields: &Fields, line: &str| {
            let Labels { site, language, name } = fields.of_json(line);
            [site, language, name].map(|label| label.unwrap_or_else(|| "-".to_owned()))
        };
        let fields = Fields::of_site(None).and_language().and_name();
        let line = r#"{"url":"http://www.a.example/b","domain":"a\u00e9","language":null,"id":7}"#;
        assert_eq!(of(&fields, line), ["aé", "-", "http://www.a.example/b"]);
        let line = r#"{"id":7,"language":"xx","url":"http://www.a.example/b","lang":"de"}"#;
        assert_eq!(of(&fields, line), ["a.example", "de", "http://www.a.example/b"]);
        assert_eq!(of(&fields, r#"{"id":7,"lang":["de"],"domain":{}}"#), ["-", "-", "7"]);
        let line = format!(r#"{{"url":"x","domain":"{}"}}"#, "a".repeat(LONGEST));
        assert_eq!(of(&fields, &line), ["x", "-", "x"]);
        let line = r#"{"id":"x","domain":"a","paper":"Mail"}"#;
        let fields = Fields::of_site(Some("paper"));
        assert_eq!(of(&fields, line), ["Mail", "-", "-"]);
        assert_eq!(of(&fields.and_name(), line), ["Mail", "-", "x"]);
    }

    #[test]
    fn sites_of_addresses() {
        for (value, want) in [
            ("valley.example", "valley.example"),
            ("https://www.valley.example/a/b?c", "valley.example"),
            ("http://user:word@valley.example:8080", "valley.example"),
            ("https://[::1]:80/x", "[::1]"),
            ("Valley Mail", "Valley Mail"),
        ] {
            assert_eq!(site(value), want, "{value}");
        }
    }
}

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

/// The fields that say it. Of several names the first counts that the row has.
pub(crate) struct Fields {
    names: [Vec<String>; 3],
}

impl Fields {
    /// The field of the site is given, or else one of those that have such a name.
    pub(crate) fn new(site: Option<&str>) -> Fields {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let site = site.map_or_else(|| names(&["domain", "url"]), |site| names(&[site]));
        Fields { names: [site, names(&["lang", "language"]), names(&["url", "id"])] }
    }

    /// What a line of JSON says, which was checked. What is neither a string nor a number says nothing.
    pub(crate) fn of_json(&self, line: &str) -> Labels {
        let looked = serde_json::Deserializer::from_str(line).deserialize_map(Looker(self));
        let [site_value, language, name] = looked.unwrap_or_default();
        Labels {
            site: site_value.map(|(_, value)| site(&value).to_owned()),
            language: language.map(|(_, value)| value),
            name: name.map(|(_, value)| value),
        }
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

/// Values of the fields, each with the place of its name among those that the field may have.
type Found = [Option<(usize, String)>; 3];

/// A string or a number of JSON as text.
fn plain(value: &str) -> Option<String> {
    match value.as_bytes()[0] {
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
        let fields = Fields::new(None);
        let line = r#"{"url":"http://www.a.example/b","domain":"a\u00e9","language":null,"id":7}"#;
        assert_eq!(of(&fields, line), ["aé", "-", "http://www.a.example/b"]);
        let line = r#"{"id":7,"language":"xx","url":"http://www.a.example/b","lang":"de"}"#;
        assert_eq!(of(&fields, line), ["a.example", "de", "http://www.a.example/b"]);
        assert_eq!(of(&fields, r#"{"id":7,"lang":["de"],"domain":{}}"#), ["-", "-", "7"]);
        let fields = Fields::new(Some("paper"));
        assert_eq!(of(&fields, r#"{"id":"x","domain":"a","paper":"Mail"}"#), ["Mail", "-", "x"]);
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

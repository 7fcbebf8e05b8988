//! JSON lines: where the text stands in a line, and how a cleaned one is put back.
//!
//! A line is never written anew. It is checked as a whole, the bytes of one value are replaced,
//! and all others, white space included, go through as they came.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use memchr::memchr;
use serde::Serialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use unfurnish::{Cleaned, Cleaner};

/// The field that `--spans` adds.
const SPANS: &str = "unfurnish";

/// A line of JSON that has the field.
#[derive(Debug)]
pub(crate) struct Row<'l> {
    line: &'l str,
    /// Where the value of the field stands, with its quotes.
    value: Range<usize>,
    /// The end of the last value.
    end: usize,
    has_spans: bool,
}

impl<'l> Row<'l> {
    /// Checks a line, without its line break, and finds the field.
    pub(crate) fn parse(line: &'l str, field: &str) -> Result<Row<'l>, String> {
        let mut parser = serde_json::Deserializer::from_str(line);
        let fields = parser
            .deserialize_map(FieldVisitor { field })
            .and_then(|fields| parser.end().map(|()| fields))
            .map_err(|error| not_json(&error))?;
        let value = fields.value.ok_or_else(|| format!("it has no field `{field}`"))?;
        let kind = match value.as_bytes()[0] {
            b'"' => {
                return Ok(Row {
                    line,
                    value: range_in(line, value),
                    end: fields.last.map_or(0, |last| range_in(line, last).end),
                    has_spans: fields.has_spans,
                });
            }
            b'{' => "an object",
            b'[' => "an array",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            _ => "a number",
        };
        Err(format!("the field `{field}` is {kind}, not a string"))
    }

    /// The text of the field, and whether the line holds it without loss: half a surrogate pair
    /// has become U+FFFD if not.
    pub(crate) fn text(&self) -> (Cow<'l, str>, bool) {
        unescape(&self.line[self.value.start + 1..self.value.end - 1])
    }

    /// Appends the line to `out` with its text cleaned, and with `spans` the field that tells what
    /// was removed. `note` is told what became of it, and whether it changed.
    pub(crate) fn clean(
        &self,
        cleaner: &Cleaner,
        spans: bool,
        out: &mut Vec<u8>,
        note: impl FnOnce(&str, &Cleaned<'_>, bool),
    ) -> Result<(), String> {
        if spans && self.has_spans {
            return Err(format!("it has a field `{SPANS}` already"));
        }
        let (text, lossless) = self.text();
        let cleaned = cleaner.clean(&text);
        let same = lossless && cleaned.text() == text;
        note(&text, &cleaned, !same);
        if same && !spans {
            out.extend_from_slice(self.line.as_bytes());
            return Ok(());
        }
        if same {
            out.extend_from_slice(&self.line.as_bytes()[..self.end]);
        } else {
            out.extend_from_slice(&self.line.as_bytes()[..self.value.start]);
            write_string(out, cleaned.text());
            out.extend_from_slice(&self.line.as_bytes()[self.value.end..self.end]);
        }
        if spans {
            write_spans(out, &cleaned);
        }
        out.extend_from_slice(&self.line.as_bytes()[self.end..]);
        Ok(())
    }
}

/// The lines of a batch with their numbers, each with its line break if it has one. A byte order
/// mark before line 1 is left out.
pub(crate) fn lines(bytes: &[u8], first: u64) -> impl Iterator<Item = (u64, &[u8])> {
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) if first == 1 => rest,
        _ => bytes,
    };
    let mut rest = bytes;
    let lines = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = rest.split_at(memchr(b'\n', rest).map_or(rest.len(), |end| end + 1));
        rest = after;
        Some(line)
    });
    (first..).zip(lines)
}

/// Splits a line into its JSON and its line break. An error if it is not UTF-8; no JSON at all if
/// it is blank.
pub(crate) fn split_break(line: &[u8]) -> Result<(Option<&str>, &[u8]), String> {
    let length = line.strip_suffix(b"\n").unwrap_or(line);
    let length = length.strip_suffix(b"\r").unwrap_or(length).len();
    let (json, line_break) = line.split_at(length);
    let json = utf8(json)?;
    let blank = json.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    Ok(((!blank).then_some(json), line_break))
}

/// The bytes as text; where they are none is told.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    simdutf8::compat::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8, at byte {}", error.valid_up_to() + 1))
}

/// What a look at all fields of a row finds.
#[derive(Default)]
struct Fields<'l> {
    /// The value of the field; of the last, if it occurs again, as most readers of JSON take it.
    value: Option<&'l str>,
    last: Option<&'l str>,
    has_spans: bool,
}

struct FieldVisitor<'f> {
    field: &'f str,
}

impl<'l> Visitor<'l> for FieldVisitor<'_> {
    type Value = Fields<'l>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'l>>(self, mut map: M) -> Result<Fields<'l>, M::Error> {
        let mut fields = Fields::default();
        while let Some((name, value)) = map.next_entry::<&'l RawValue, &'l RawValue>()? {
            let name = name.get();
            let name = unescape(&name[1..name.len() - 1]).0;
            if name == self.field {
                fields.value = Some(value.get());
            }
            fields.has_spans |= name == SPANS;
            fields.last = Some(value.get());
        }
        Ok(fields)
    }
}

pub(crate) fn not_json(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let cause = text.split(" at line ").next().unwrap_or(&text);
    match error.column() {
        0 => format!("not a JSON object: {cause}"),
        column => format!("not a JSON object: {cause} at byte {column}"),
    }
}

/// Where `part`, a slice of `whole`, stands in it.
fn range_in(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

/// The text of a valid JSON string without its quotes, and whether none of it was lost: half a
/// surrogate pair is no character and becomes U+FFFD.
fn unescape(raw: &str) -> (Cow<'_, str>, bool) {
    let Some(first) = memchr(b'\\', raw.as_bytes()) else {
        return (Cow::Borrowed(raw), true);
    };
    let mut text = String::with_capacity(raw.len());
    let mut lossless = true;
    let (mut rest, mut escape) = (raw, Some(first));
    while let Some(position) = escape {
        text.push_str(&rest[..position]);
        let code = rest.as_bytes()[position + 1];
        rest = &rest[position + 2..];
        match code {
            b'n' => text.push('\n'),
            b't' => text.push('\t'),
            b'r' => text.push('\r'),
            b'b' => text.push('\u{8}'),
            b'f' => text.push('\u{c}'),
            b'u' => {
                let unit = hex(rest);
                rest = &rest[4..];
                // The second half must follow at once.
                let low = (0xD800..0xDC00).contains(&unit).then(|| rest.strip_prefix("\\u"));
                let low = low.flatten().map(hex).filter(|low| (0xDC00..0xE000).contains(low));
                let character = match low {
                    Some(low) => {
                        rest = &rest[6..];
                        char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
                    }
                    None => char::from_u32(unit),
                };
                lossless &= character.is_some();
                text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            // `"`, `\` and `/` stand for themselves.
            other => text.push(char::from(other)),
        }
        escape = memchr(b'\\', rest.as_bytes());
    }
    text.push_str(rest);
    (Cow::Owned(text), lossless)
}

/// The value of four hexadecimal digits, which the parser has seen.
fn hex(digits: &str) -> u32 {
    u32::from_str_radix(&digits[..4], 16).unwrap_or(0xFFFD)
}

/// Appends a JSON string with its quotes: UTF-8, escapes only where JSON wants them.
fn write_string(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a vector takes all bytes");
}

/// Appends a line of JSON that is made anew.
pub(crate) fn write_row(
    row: &impl Serialize,
    cleaned: &Cleaned<'_>,
    spans: bool,
    out: &mut Vec<u8>,
) {
    serde_json::to_writer(&mut *out, row).expect("a vector takes all bytes");
    if spans {
        out.pop();
        write_spans(out, cleaned);
        out.push(b'}');
    }
    out.push(b'\n');
}

fn write_spans(out: &mut Vec<u8>, cleaned: &Cleaned<'_>) {
    use std::io::Write;
    let mut write = |arguments: fmt::Arguments<'_>| {
        out.write_fmt(arguments).expect("a vector takes all bytes");
    };
    write(format_args!(",\"{SPANS}\":{{\"removed\":["));
    for (index, removal) in cleaned.removals().iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let rule = serde_json::Value::from(removal.rule);
        let (start, end) = (removal.span.start, removal.span.end);
        let category = removal.category;
        write(format_args!(
            "{comma}{{\"start\":{start},\"end\":{end},\"rule\":{rule},\"category\":\"{category}\"}}"
        ));
    }
    write(format_args!("],\"abstained\":{}}}", cleaned.abstained()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> (String, bool) {
        let (text, lossless) = Row::parse(line, "text").unwrap().text();
        (text.into_owned(), lossless)
    }

    #[test]
    fn escapes() {
        assert_eq!(text(r#"{"text":"a\"\\\/\b\f\n\r\tz"}"#).0, "a\"\\/\u{8}\u{c}\n\r\tz");
        assert_eq!(text(r#"{"text":"\u00e9\u4e2d"}"#), ("é中".to_owned(), true));
        assert_eq!(text(r#"{"text":"\ud83d\ude00!"}"#), ("😀!".to_owned(), true));
    }

    #[test]
    fn half_pairs() {
        for (raw, want) in [
            (r"\ud800", "\u{fffd}"),
            (r"\udc00", "\u{fffd}"),
            (r"\ud800x", "\u{fffd}x"),
            (r"\ud800\n", "\u{fffd}\n"),
            (r"\ud800\u0041", "\u{fffd}A"),
            (r"\ud800\ud83d\ude00", "\u{fffd}😀"),
        ] {
            let line = format!("{{\"text\":\"{raw}\"}}");
            assert_eq!(text(&line), (want.to_owned(), false), "{raw}");
        }
    }

    #[test]
    fn names_are_compared_as_text() {
        assert_eq!(text(r#"{"\u0074ext":"x"}"#).0, "x");
        assert_eq!(text(r#"{"\ud800":1,"\"":2,"":3,"text":"x"}"#).0, "x");
        assert_eq!(text(r#"{"a":{"text":"inner"},"text":"outer"}"#).0, "outer");
        assert_eq!(text(r#"{"text":"first","text":"last"}"#).0, "last");
    }

    #[test]
    fn what_is_wrong() {
        for (line, want) in [
            ("{", "not a JSON object: EOF while parsing an object at byte 1"),
            (r#"{"text":"x"} y"#, "not a JSON object: trailing characters at byte 14"),
            (r#"{"a":tru,"text":"x"}"#, "not a JSON object: expected ident at byte 9"),
            ("[1]", "not a JSON object: invalid type: sequence, expected an object"),
            (r#"{"a":1}"#, "it has no field `text`"),
            (r#"{"text":null}"#, "the field `text` is null, not a string"),
            (r#"{"text":1}"#, "the field `text` is a number, not a string"),
            (r#"{"text":["x"]}"#, "the field `text` is an array, not a string"),
        ] {
            assert_eq!(Row::parse(line, "text").unwrap_err(), want, "{line}");
        }
    }

    #[test]
    fn the_whole_line_is_checked() {
        for line in [
            "x",
            "\"text\"",
            r#"{"text":"x""#,
            r#"{"text":"x"}}"#,
            r#"{"text":"x"}{"text":"x"}"#,
            r#"{"text":"x",}"#,
            r#"{"a":01,"text":"x"}"#,
            r#"{"a":1.,"text":"x"}"#,
            r#"{"a":-,"text":"x"}"#,
            r#"{"a":NaN,"text":"x"}"#,
            r#"{"a":"\x","text":"x"}"#,
            r#"{"a":"\u12","text":"x"}"#,
            r#"{"a":[1,],"text":"x"}"#,
            r#"{'text':"x"}"#,
            r#"{text:"x"}"#,
            r#"{1:2,"text":"x"}"#,
            "{\"text\":\"a\tb\"}",
            "{\"text\":\"x\",\"a\":\"\u{1}\"}",
            "{\"text\":\"x\"}\u{a0}",
        ] {
            let error = Row::parse(line, "text").unwrap_err();
            assert!(error.starts_with("not a JSON object: "), "{line}: {error}");
        }
    }
}

//! Rows of the data that a cleaner is measured on.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use unfurnish::Category;

use crate::jsonl;
use crate::tally::Count;

/// A text, what is known of it, and what should become of it.
pub(super) struct Row {
    pub(super) text: String,
    /// `doc`, or else `id`.
    pub(super) name: Option<String>,
    pub(super) id: Option<String>,
    pub(super) set: Option<String>,
    pub(super) view: Option<String>,
    pub(super) language: Option<String>,
    /// The kind of page, such as article, forum or product.
    pub(super) kind: Option<String>,
    pub(super) truth: Truth,
}

/// What people said about a text.
pub(super) enum Truth {
    Marks(Marks),
    /// The text of the page's article, and whether the page is an article.
    Gold {
        gold: String,
        article: bool,
    },
    /// What must stay, and what must go.
    Snippets {
        with: Vec<String>,
        without: Vec<String>,
    },
}

/// Where the furniture stands, in bytes of the text.
pub(super) struct Marks {
    pub(super) marks: Vec<(Range<usize>, Category)>,
    /// What could be either, and is not scored.
    pub(super) unsure: Vec<Range<usize>>,
}

impl Row {
    /// Reads a line of JSON.
    pub(super) fn parse(json: &str) -> Result<Row, String> {
        let mut row: Map<String, Value> =
            serde_json::from_str(json).map_err(|error| jsonl::not_json(&error))?;
        let text: String = required(&mut row, "text")?;
        let kind: Option<String> = optional(&mut row, "type")?;
        let truth = truth(&mut row, &text, kind.as_deref())?;
        // Numbers are as good for an id as strings.
        let id = optional::<Value>(&mut row, "id")?.map(|id| match id {
            Value::String(id) => id,
            other => other.to_string(),
        });
        Ok(Row {
            name: optional(&mut row, "doc")?.or_else(|| id.clone()),
            id,
            set: optional(&mut row, "set")?,
            view: optional(&mut row, "view")?,
            language: optional(&mut row, "lang")?,
            kind,
            text,
            truth,
        })
    }
}

fn truth(row: &mut Map<String, Value>, text: &str, kind: Option<&str>) -> Result<Truth, String> {
    if let Some(marks) = optional::<Vec<Map<String, Value>>>(row, "marks")? {
        let mark = |mut mark| mark_in(&mut mark, text).map_err(|cause| in_field("marks", cause));
        let span = |[start, end]: [usize; 2]| {
            span_in(start..end, text).map_err(|cause| in_field("unsure", cause))
        };
        let unsure = optional::<Vec<[usize; 2]>>(row, "unsure")?.unwrap_or_default();
        return Ok(Truth::Marks(Marks {
            marks: marks.into_iter().map(mark).collect::<Result<_, _>>()?,
            unsure: unsure.into_iter().map(span).collect::<Result<_, _>>()?,
        }));
    }
    if let Some(gold) = optional(row, "gold")? {
        return Ok(Truth::Gold { gold, article: kind.is_none_or(|kind| kind == "article") });
    }
    let (with, without) = (optional(row, "with")?, optional(row, "without")?);
    if with.is_none() && without.is_none() {
        return Err("it has none of the fields `marks`, `gold`, `with`, `without`".to_owned());
    }
    Ok(Truth::Snippets { with: with.unwrap_or_default(), without: without.unwrap_or_default() })
}

fn mark_in(mark: &mut Map<String, Value>, text: &str) -> Result<(Range<usize>, Category), String> {
    let span = span_in(required(mark, "start")?..required(mark, "end")?, text)?;
    let category: String = required(mark, "category")?;
    Ok((span, category.parse().map_err(|error: unfurnish::BuildError| error.to_string())?))
}

fn span_in(span: Range<usize>, text: &str) -> Result<Range<usize>, String> {
    match text.get(span.clone()) {
        Some(_) => Ok(span),
        None => {
            let (Range { start, end }, length) = (span, Count(text.len() as u64, "byte"));
            Err(format!("{start} to {end} is no part of the text, which has {length}"))
        }
    }
}

fn required<T: DeserializeOwned>(row: &mut Map<String, Value>, name: &str) -> Result<T, String> {
    optional(row, name)?.ok_or_else(|| format!("it has no field `{name}`"))
}

/// The value of a field, unless it is not there or null.
fn optional<T: DeserializeOwned>(
    row: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, String> {
    let value = row.remove(name).unwrap_or_default();
    serde_json::from_value(value).map_err(|cause| in_field(name, cause))
}

fn in_field(name: &str, cause: impl std::fmt::Display) -> String {
    format!("the field `{name}`: {cause}")
}

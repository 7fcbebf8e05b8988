//! A report as JSON.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use unfurnish::Category;

use super::marks::MarkScores;
use super::measure::Measure;
use super::report::{Dimension, KINDS, Report, Scores};

pub(super) fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut root = Map::new();
    for kind in &KINDS {
        let mut dimensions = Map::new();
        for dimension in Dimension::ALL {
            let mut groups = Map::new();
            for (group, scores) in report.by(dimension) {
                let scores = |method: usize| kind.measures(&scores[method]);
                let scores = by_method(report, |method| scores(method).map(object));
                if !scores.is_empty() {
                    groups.insert(group.to_owned(), scores.into());
                }
            }
            // The group of all documents has no name.
            let groups = groups.remove("").unwrap_or(groups.into());
            dimensions.insert(dimension.name().to_owned(), groups);
        }
        if report.overall().iter().any(|scores| kind.measures(scores).is_some()) {
            root.insert(kind.key.to_owned(), dimensions.into());
        }
    }
    if let Some(Value::Object(marks)) = root.get_mut("marks") {
        marks.insert("category".to_owned(), categories(report, |scores| &scores.marks));
    }
    if let Some(Value::Object(spans)) = root.get_mut("spans") {
        spans.insert("category".to_owned(), categories(report, |scores| &scores.spans));
        spans.insert("rule".to_owned(), rules(report));
        spans.insert("false_removals".to_owned(), report.wronged.clone().into());
        spans.insert("missed".to_owned(), report.missed.clone().into());
    }
    if let Some(Value::Object(gold)) = root.get_mut("gold") {
        let loss = by_method(report, |method| report.loss(method).map(object));
        gold.insert("loss".to_owned(), loss.into());
    }
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}

fn object(measures: Vec<Measure>) -> Value {
    let pairs = measures.into_iter();
    Value::Object(pairs.map(|measure| (measure.key.to_owned(), measure.figure.into())).collect())
}

/// What there is for each method, given its index.
fn by_method(report: &Report, value: impl Fn(usize) -> Option<Value>) -> Map<String, Value> {
    let methods = report.methods.iter().enumerate();
    methods.filter_map(|(index, method)| Some((method.key().to_owned(), value(index)?))).collect()
}

fn categories(report: &Report, marks: fn(&Scores) -> &MarkScores) -> Value {
    let category = |category: Category| {
        let scores = |method: usize| {
            let scores = marks(&report.overall()[method]);
            let (lines, words) = (scores.lines(category), scores.words(category));
            Some(json!({
                "lines": lines.whole,
                "lines_gone": lines.part,
                "words": words.whole,
                "words_gone": words.part,
            }))
        };
        (category.name().to_owned(), by_method(report, scores).into())
    };
    Value::Object(Category::ALL.into_iter().map(category).collect())
}

fn rules(report: &Report) -> Value {
    let rules = report.rules.iter().map(|(id, rule)| {
        let value = json!({
            "category": rule.category.name(),
            "firings": rule.firings,
            "right": rule.right,
            "wrong": rule.wrong,
            "marked_words": rule.marked_words,
            "article_words": rule.article_words,
        });
        (id.clone(), value)
    });
    Value::Object(rules.collect())
}

//! A report as tables: for a terminal, for Markdown, and one of rules for `rules list`.

use std::io::{self, Write};

use unfurnish::Category;

use super::measure::{Figure, Measure};
use super::report::{Dimension, KINDS, Report, Scores};
use super::rivals::Method;
use crate::explain::printable;
use crate::tally::Number;

/// Everything, in columns.
pub(super) fn write(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for kind in &KINDS {
        let mut table = Vec::new();
        for dimension in Dimension::ALL {
            let groups: Vec<_> = report
                .by(dimension)
                .filter(|(_, scores)| kind.measures(&scores[0]).is_some())
                .collect();
            // One group is all there is, and that has been shown.
            if dimension != Dimension::Overall && (groups.len() < 2 || !kind.grouped) {
                continue;
            }
            for (group, scores) in groups {
                let title = match dimension {
                    Dimension::Overall => kind.title.to_owned(),
                    _ => format!("{} {group}", dimension.name()),
                };
                add_methods(&mut table, &title, report, |method| kind.measures(&scores[method]));
            }
        }
        write_columns(out, &table, 2)?;
    }
    let mut table = Vec::new();
    add_methods(&mut table, "gold text cleaned", report, |method| report.loss(method));
    write_columns(out, &table, 2)?;
    if !has_marks(report) {
        return Ok(());
    }
    write_columns(out, &categories(report, Figure::to_string), 1)?;
    let mut table = vec![
        ["rule", "firings", "right", "wrong", "marked words", "article words"]
            .map(str::to_owned)
            .to_vec(),
    ];
    table.extend(report.rules.iter().map(|(id, rule)| {
        let counts = [rule.firings, rule.right, rule.wrong, rule.marked_words, rule.article_words];
        let counts = counts.map(|count| Number(count).to_string());
        std::iter::once(id.clone()).chain(counts).collect()
    }));
    write_columns(out, &table, 1)?;
    for (title, lines) in [("false removals", &report.wronged), ("missed", &report.missed)] {
        if !lines.is_empty() {
            writeln!(out, "{title}")?;
        }
        lines.iter().try_for_each(|line| writeln!(out, "  {}", printable(line.as_bytes())))?;
    }
    Ok(())
}

/// A table: its first row is the heading.
type Table = Vec<Vec<String>>;

/// Adds a row for each method, headed by the names of the measures, and `title` before the first.
fn add_methods(
    table: &mut Table,
    title: &str,
    report: &Report,
    measures: impl Fn(usize) -> Option<Vec<Measure>>,
) {
    let mut title = title.to_owned();
    for (index, method) in report.methods.iter().enumerate() {
        let Some(measures) = measures(index) else { continue };
        if table.is_empty() {
            let headings = measures.iter().map(|measure| measure.heading.to_owned());
            table.push([String::new(), String::new()].into_iter().chain(headings).collect());
        }
        let row = [std::mem::take(&mut title), method.name().to_owned()].into_iter();
        table.push(row.chain(measures.iter().map(|measure| measure.figure.to_string())).collect());
    }
}

/// Writes a table, if there is any, the first columns aligned to the left, and a blank line.
fn write_columns(out: &mut impl Write, table: &Table, left: usize) -> io::Result<()> {
    let Some(heading) = table.first() else { return Ok(()) };
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..heading.len()).filter_map(width).collect();
    for row in table {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            line += &match column < left {
                true => format!("{gap}{cell:width$}"),
                false => format!("{gap}{cell:>width$}"),
            };
        }
        writeln!(out, "{}", printable(line.trim_end().as_bytes()))?;
    }
    writeln!(out)
}

/// The methods that remove something, with their indices.
fn removing(report: &Report) -> impl Iterator<Item = (usize, Method)> {
    let methods = report.methods.iter().copied().enumerate();
    methods.filter(|(_, method)| *method != Method::Nothing)
}

fn has_marks(report: &Report) -> bool {
    report.overall().iter().any(|scores| scores.spans.documents() > 0)
}

/// By category: the recall of each method, and what our own rules of the category took wrongly.
fn categories(report: &Report, show: fn(&Figure) -> String) -> Table {
    let mut heading = vec!["category".to_owned(), "marked lines".to_owned()];
    heading.extend(removing(report).map(|(_, method)| format!("{} recall", method.name())));
    heading.push("false words/million".to_owned());
    let mut table = vec![heading];
    for category in Category::ALL {
        let lines = |method: usize| report.overall()[method].spans.lines(category);
        let mut row = vec![category.name().to_owned(), Number(lines(0).whole).to_string()];
        row.extend(removing(report).map(|(index, _)| show(&Figure::Share(lines(index).share()))));
        row.push(show(&Figure::Rate(report.false_words_by(category))));
        table.push(row);
    }
    table
}

/// What there are fewer documents of is one group in Markdown: its figures say little.
const FEW: u64 = 10;

/// Scores of hand marks, by what was removed: by method, category and language.
pub(super) fn write_markdown(out: &mut impl Write, report: &Report) -> io::Result<()> {
    if !has_marks(report) {
        return Ok(());
    }
    write_table(out, &methods(report))?;
    write_table(out, &categories(report, Figure::brief))?;
    write_table(out, &languages(report))
}

/// By method: everything but how much was scored.
fn methods(report: &Report) -> Table {
    let measures = |method: usize| report.overall()[method].spans.measures();
    let scores = |measures: Vec<Measure>| {
        let scores = measures.into_iter().filter(|m| !matches!(m.figure, Figure::Count(_)));
        scores.collect::<Vec<_>>()
    };
    let mut heading = vec![String::new()];
    heading.extend(scores(measures(0)).iter().map(|measure| measure.heading.to_owned()));
    let mut table = vec![heading];
    table.extend(removing(report).map(|(index, method)| {
        let figures = scores(measures(index)).into_iter().map(|measure| measure.figure.brief());
        std::iter::once(method.name().to_owned()).chain(figures).collect()
    }));
    table
}

/// By language: recall and false removals of each method.
fn languages(report: &Report) -> Table {
    let mut few = vec![Scores::default(); report.methods.len()];
    let mut groups = Vec::new();
    for (language, scores) in report.by(Dimension::Language) {
        match scores[0].spans.documents() {
            0..FEW => few.iter_mut().zip(scores).for_each(|(sum, scores)| *sum += scores),
            _ => groups.push((language, scores)),
        }
    }
    groups.sort_by_key(|(_, scores)| std::cmp::Reverse(scores[0].spans.documents()));
    groups.push(("others", &few));

    let mut heading = vec!["language".to_owned(), "documents".to_owned()];
    for (_, method) in removing(report) {
        heading.push(format!("{} recall", method.name()));
        heading.push("false words/million".to_owned());
    }
    let mut table = vec![heading];
    for (language, scores) in
        groups.into_iter().filter(|(_, scores)| scores[0].spans.documents() > 0)
    {
        let documents = Number(scores[0].spans.documents()).to_string();
        let mut row = vec![language.to_owned(), documents];
        for (index, _) in removing(report) {
            row.push(Figure::Share(scores[index].spans.line_recall()).brief());
            let false_words = scores[index].spans.article_words().per(1e6);
            row.push(Figure::Rate(false_words).brief());
        }
        table.push(row);
    }
    table
}

fn write_table(out: &mut impl Write, table: &Table) -> io::Result<()> {
    for (index, row) in table.iter().enumerate() {
        writeln!(out, "| {} |", row.join(" | "))?;
        if index == 0 {
            writeln!(out, "|---{}|", "|---:".repeat(row.len() - 1))?;
        }
    }
    writeln!(out)
}

/// Rule, right, wrong, with tabs between.
pub(super) fn write_rule_table(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "rule\tright\twrong")?;
    for (id, rule) in &report.rules {
        writeln!(out, "{id}\t{}\t{}", rule.right, rule.wrong)?;
    }
    Ok(())
}

//! `unfurnish explain`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use unfurnish::{Category, Cleaned, RulePack};

use crate::args::{Color, ExplainArgs, Format, OnError};
use crate::cleaners::Cleaners;
use crate::columns::Wanted;
use crate::failure::Failure;
use crate::input::{self, Batches, Folders, Rows, Source, TOO_LARGE};
use crate::jsonl::{self, Row};
use crate::labels::Fields;
use crate::page;
use crate::tally::{Count, Number, words};
use crate::why::{Document, Packs, Reasons, Why};

pub(crate) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let sources: Arc<[Source]> = input::sources(&args.input, Folders::Refused(""))?.into();
    let takes = |format| matches!(format, Format::Text | Format::Jsonl);
    if let Some(source) = sources.iter().find(|source| !takes(source.format)) {
        return Err(Failure::at(&source.name, "only texts and JSON lines can be explained"));
    }
    let packs = args.cleaning.packs()?;
    let builder = args.cleaning.builder_with(&packs)?;
    let explainer = Explainer {
        cleaners: Cleaners::new(builder, packs.clone())?,
        colored: match args.color {
            Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        },
        pages: args.cleaning.is_page(),
    };
    let out = match explainer.colored {
        true => AutoStream::always(io::stdout()),
        false => AutoStream::never(io::stdout()),
    };
    let mut out = BufWriter::new(out);
    let writing = |error: io::Error| Failure::writing("stdout", &error);

    let fields = Fields::of_site(args.site.site_field.as_deref());
    let headings = sources.len() > 1 || sources[0].format == Format::Jsonl;
    let mut totals = Totals::new(packs);
    let longest = args.input.max_row.0;
    let read = Arc::new(AtomicU64::new(0));
    for batch in Batches::new(Arc::clone(&sources), Wanted::default(), longest, read) {
        let batch = batch?;
        let source = &sources[batch.source];
        let (first, lines) = match &batch.rows {
            Rows::Text(text) => {
                let heading = headings.then(|| source.name.clone());
                explainer.show(&mut out, heading, text, None, &mut totals).map_err(writing)?;
                continue;
            }
            Rows::Lines { first, bytes } => (*first, &bytes[..]),
            Rows::TooLarge { .. } if args.input.on_error == OnError::Skip => {
                totals.skipped += 1;
                continue;
            }
            Rows::TooLarge { row } => return Err(Failure::at_line(&source.name, *row, TOO_LARGE)),
            Rows::Records { .. } | Rows::Columns(_) => continue,
        };
        for (number, line) in jsonl::lines(lines, first) {
            let text = jsonl::split_break(line).and_then(|(json, _)| {
                let Some(json) = json else { return Ok(None) };
                let text = Row::parse(json, args.input.field())?.text().0;
                Ok(Some((text, fields.of_json(json).site)))
            });
            match text {
                Ok(None) => {}
                Ok(Some((text, site))) => {
                    let heading = Some(format!("{}:{number}", source.name));
                    explainer
                        .show(&mut out, heading, text.as_bytes(), site.as_deref(), &mut totals)
                        .map_err(writing)?;
                }
                Err(_) if args.input.on_error == OnError::Skip => totals.skipped += 1,
                Err(cause) => {
                    out.flush().map_err(writing)?;
                    return Err(Failure::at_line(&source.name, number, cause));
                }
            }
        }
        out.flush().map_err(writing)?;
    }
    totals.write(&mut out).and_then(|()| out.flush()).map_err(writing)
}

struct Explainer {
    cleaners: Cleaners,
    colored: bool,
    /// Whether the profile is that of whole pages, so that each line has its reasons.
    pages: bool,
}

const REMOVED: Style = AnsiColor::Red.on_default().strikethrough();
pub(crate) const QUIET: Style = Style::new().dimmed();
const HEADING: Style = Style::new().bold();

impl Explainer {
    fn show(
        &self,
        out: &mut impl Write,
        heading: Option<String>,
        text: &[u8],
        site: Option<&str>,
        totals: &mut Totals,
    ) -> io::Result<()> {
        if let Some(heading) = heading {
            if totals.documents > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{HEADING}== {heading}{HEADING:#}")?;
        }
        let cleaner = self.cleaners.of(site);
        let cleaned = cleaner.clean_bytes(text);
        totals.add(text, &cleaned);
        let mut shown = &cleaned;
        let (without_budget, unlimited);
        if cleaned.abstained() {
            writeln!(
                out,
                "{QUIET}(abstained: more would go than the budget allows, so nothing does){QUIET:#}"
            )?;
            without_budget = self.cleaners.unlimited(site);
            unlimited = without_budget.clean_bytes(text);
            shown = &unlimited;
        }
        let mut end = 0;
        for removal in shown.removals() {
            out.write_all(printable(&text[end..removal.span.start]).as_bytes())?;
            self.show_removed(out, &text[removal.span.clone()], removal.rule)?;
            end = removal.span.end;
        }
        out.write_all(printable(&text[end..]).as_bytes())?;
        if text.last().is_some_and(|byte| *byte != b'\n') {
            writeln!(out)?;
        }
        if self.pages {
            writeln!(out)?;
            page::write(out, &cleaner.page_lines(&String::from_utf8_lossy(text)))?;
        }
        Ok(())
    }

    /// The line breaks around what is removed stay outside of the marks, so that the text keeps
    /// its shape.
    fn show_removed(&self, out: &mut impl Write, removed: &[u8], rule: &str) -> io::Result<()> {
        let removed = printable(removed);
        let body = removed.trim_matches('\n');
        let start = removed.len() - removed.trim_start_matches('\n').len();
        let (before, after) = (&removed[..start], &removed[start + body.len()..]);
        if !self.colored {
            return write!(out, "{before}[-{body}-]{{{rule}}}{after}");
        }
        write!(out, "{before}")?;
        for (index, line) in body.split('\n').enumerate() {
            // Pagers forget the style at the end of a line.
            let line_break = if index == 0 { "" } else { "\n" };
            write!(out, "{line_break}{REMOVED}{line}{REMOVED:#}")?;
        }
        write!(out, " {QUIET}{rule}{QUIET:#}{after}")
    }
}

/// Text for a terminal: control characters as pictures, since those of a stranger's text are not
/// to be obeyed; `\r\n` as `\n`.
pub(crate) fn printable(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n");
    let picture = |c: char| match c {
        '\n' | '\t' => c,
        '\0'..'\x20' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(c),
        '\x7f' => '\u{2421}',
        '\u{80}'..'\u{a0}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    match text.chars().all(|c| picture(c) == c) {
        true => text,
        false => text.chars().map(picture).collect(),
    }
}

/// What goes from all documents, and why.
struct Totals {
    packs: Packs,
    documents: u64,
    abstained: u64,
    edits: u64,
    skipped: u64,
    rules: BTreeMap<String, RuleTotal>,
}

/// What goes by one rule.
struct RuleTotal {
    category: Category,
    removals: u64,
    words: u64,
    why: Option<Why>,
    reasons: Reasons,
}

impl Totals {
    fn new(packs: Vec<RulePack>) -> Totals {
        Totals {
            packs: Packs::new(packs),
            documents: 0,
            abstained: 0,
            edits: 0,
            skipped: 0,
            rules: BTreeMap::new(),
        }
    }

    fn add(&mut self, text: &[u8], cleaned: &Cleaned<'_>) {
        self.documents += 1;
        self.abstained += u64::from(cleaned.abstained());
        self.edits += cleaned.edits().len() as u64;
        let document = Document::new(text, cleaned.removals());
        for (number, removal) in cleaned.removals().iter().enumerate() {
            if !self.rules.contains_key(removal.rule) {
                let (category, why) = (removal.category, self.packs.why(removal.rule));
                let reasons = Reasons::default();
                let total = RuleTotal { category, removals: 0, words: 0, why, reasons };
                self.rules.insert(removal.rule.to_owned(), total);
            }
            let Some(total) = self.rules.get_mut(removal.rule) else { continue };
            total.removals += 1;
            total.words += words(&text[removal.span.clone()]);
            if let Some(why) = &total.why {
                total.reasons.add(why, &document, number);
            }
        }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out)?;
        let width = self.rules.keys().map(|rule| rule.chars().count()).max().unwrap_or(0).max(4);
        if !self.rules.is_empty() {
            let heading = format!("{:width$}  category    removals   words", "rule");
            writeln!(out, "{HEADING}{heading}{HEADING:#}")?;
        }
        for (rule, total) in &self.rules {
            let RuleTotal { category, removals, words, reasons, .. } = total;
            let (removals, words) = (Number(*removals), Number(*words));
            writeln!(out, "{rule:width$}  {:10}  {removals:>8}  {words:>6}", category.name())?;
            for reason in reasons.lines() {
                writeln!(out, "  {QUIET}{}{QUIET:#}", printable(reason.as_bytes()))?;
            }
        }
        let removals = self.rules.values().map(|total| total.removals).sum();
        write!(
            out,
            "{}: {}, {} by the normalizer",
            Count(self.documents, "document"),
            Count(removals, "removal"),
            Count(self.edits, "change"),
        )?;
        if self.abstained > 0 {
            write!(out, ", {} abstained", Number(self.abstained))?;
        }
        if self.skipped > 0 {
            write!(out, ", {} left out", Count(self.skipped, "row"))?;
        }
        writeln!(out)
    }
}

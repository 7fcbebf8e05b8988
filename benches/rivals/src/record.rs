//! What was measured, as Markdown: ratios first, then the figures they are made of.

use std::fmt::Write;

use crate::aims::{self, Aim};
use crate::corpus::Corpus;
use crate::linear::{Built, ManyCues, Storm};
use crate::machine;
use crate::options::Options;
use crate::programs::Timing;
use crate::row::Row;

pub(crate) struct Record<'a> {
    pub(crate) options: &'a Options,
    pub(crate) corpora: &'a [Corpus],
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
    pub(crate) mistakes: Vec<String>,
    pub(crate) storms: Vec<Storm>,
    pub(crate) many_cues: ManyCues,
    /// Of the text that is one line, as a multiple of it.
    pub(crate) memory: Option<f64>,
    pub(crate) built: Built,
    pub(crate) command_line: Vec<Timing>,
}

/// Columns of the tables of speed.
const LIMITS: [&str; 4] = ["memcpy", "line split + copy", "UTF-8 validation", "is_nfc_quick"];
const OURS: [&str; 8] = [
    "normalize",
    "article",
    "article, removals read",
    "article, C",
    "article, Python clean",
    "article, Python clean_many",
    "article, Python clean_arrow",
    "normalize, Python clean_many",
];
const MATCHERS: [&str; 6] = [
    "aho-corasick DFA",
    "aho-corasick DFA, all places",
    "Hyperscan",
    "aho-corasick NFA, all cues, all places",
    "Hyperscan, all cues",
    "regex RegexSet",
];
const RIVALS: [&str; 6] = [
    "plsfix",
    "ftfy",
    "datatrove FTFY formatter",
    "clean-text",
    "datatrove C4 filter",
    "Python re alternation",
];
/// What is set in relation: name, numerator, denominator.
const RATIOS: [(&str, &str, &str); 9] = [
    ("article / line split + copy", "article", "line split + copy"),
    ("normalize / line split + copy", "normalize", "line split + copy"),
    ("article / aho-corasick DFA", "article", "aho-corasick DFA"),
    ("article / Hyperscan", "article", "Hyperscan"),
    ("article / Hyperscan, all cues", "article", "Hyperscan, all cues"),
    ("clean_many / plsfix", "article, Python clean_many", "plsfix"),
    ("clean_many / ftfy", "article, Python clean_many", "ftfy"),
    ("clean_many, normalize / plsfix", "normalize, Python clean_many", "plsfix"),
    ("clean_many, normalize / ftfy", "normalize, Python clean_many", "ftfy"),
];

impl Record<'_> {
    /// Megabytes per second.
    pub(crate) fn speed(&self, corpus: &str, what: &str) -> Option<f64> {
        self.row(corpus, what).map(Row::speed)
    }

    /// How many times as fast as another.
    pub(crate) fn ratio(&self, corpus: &str, what: &str, other: &str) -> Option<f64> {
        Some(self.speed(corpus, what)? / self.speed(corpus, other)?)
    }

    /// Nanoseconds for one document.
    pub(crate) fn per_document(&self, corpus: &str, what: &str) -> Option<f64> {
        self.row(corpus, what).map(|row| row.nanoseconds / row.documents as f64)
    }

    fn row(&self, corpus: &str, what: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.corpus == corpus && row.what == what)
    }

    pub(crate) fn markdown(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        if !self.mistakes.is_empty() {
            heading(&mut out, "Wrong answers");
            self.mistakes.iter().for_each(|mistake| line(&mut out, &format!("- {mistake}")));
        }
        heading(&mut out, "Ratios of speeds");
        self.table(&mut out, &RATIOS.map(|(name, ..)| name), |corpus, column| {
            let (_, what, other) = RATIOS[column];
            self.ratio(&corpus.name, what, other).map(figure)
        });
        heading(&mut out, "Aims");
        aims_table(&mut out, &aims::of(self));
        for (title, columns) in [
            ("Limits, MB/s", &LIMITS[..]),
            ("unfurnish, MB/s", &OURS),
            ("Looking for the cues alone, MB/s", &MATCHERS),
            ("Rivals in Python, MB/s", &RIVALS),
        ] {
            heading(&mut out, title);
            self.table(&mut out, columns, |corpus, column| {
                self.speed(&corpus.name, columns[column]).map(figure)
            });
        }
        self.answers(&mut out);
        self.linear(&mut out);
        self.built(&mut out);
        self.command_line(&mut out);
        out
    }

    fn head(&self, out: &mut String) {
        line(out, &format!("# Speed, {}", machine::date()));
        out.push('\n');
        line(out, &format!("- {}, {}", machine::processor(), std::env::consts::OS));
        line(out, &format!("- unfurnish {}, commit {}", unfurnish::VERSION, machine::commit()));
        line(out, &format!("- {}", machine::said_by("rustc", &["--version"])));
        if !self.options.compiler.is_empty() {
            line(out, &format!("- {}", self.options.compiler));
        }
        self.notes.iter().for_each(|note| line(out, &format!("- {note}")));
        out.push('\n');
        line(
            out,
            "CPU time of one thread, best of several runs; the command line by the clock. Other \
             processes of the machine do not count, but share its caches and its memory: figures \
             differ by a tenth and more from run to run, ratios by less. `-`: not measured there. \
             Slow ones get the first 32 KB, 256 KB or 1 MB of a corpus.",
        );
    }

    fn table(
        &self,
        out: &mut String,
        columns: &[&str],
        cell: impl Fn(&Corpus, usize) -> Option<String>,
    ) {
        line(out, &format!("| corpus | {} |", columns.join(" | ")));
        line(out, &format!("|---|{}", "---:|".repeat(columns.len())));
        for corpus in self.corpora {
            let cells = (0..columns.len()).map(|n| cell(corpus, n).unwrap_or_else(|| "-".into()));
            let cells: Vec<String> = cells.collect();
            // A table that has nothing to say of a corpus does not name it.
            if cells.iter().any(|cell| cell != "-") {
                line(out, &format!("| {} | {} |", corpus.name, cells.join(" | ")));
            }
        }
    }

    /// What came out, so that one record can be compared with another.
    fn answers(&self, out: &mut String) {
        heading(out, "Answers");
        line(
            out,
            "CRC-32 of the texts that came out; how many places, or cues in documents, were found. \
             C, Python and the command line gave the same texts as Rust, Hyperscan the same \
             places as aho-corasick, unless it says otherwise above.",
        );
        out.push('\n');
        let columns = [
            "normalize",
            "article",
            "aho-corasick DFA",
            MATCHERS[1],
            MATCHERS[3],
            "regex RegexSet",
        ];
        let names: Vec<&str> = ["documents", "bytes"].into_iter().chain(columns).collect();
        self.table(out, &names, |corpus, column| match column {
            0 => Some(corpus.documents.len().to_string()),
            1 => Some(corpus.bytes().to_string()),
            _ => self.row(&corpus.name, columns[column - 2]).map(|row| row.answer.clone()),
        });
    }

    fn linear(&self, out: &mut String) {
        heading(out, "Linear time");
        line(
            out,
            "Nanoseconds for each byte of half a megabyte that is one text; how many times that of ordinary \
             text; and how many times as much each byte of 2 MB costs (1: linear).",
        );
        out.push('\n');
        line(out, "| text | normalize | article | / ordinary | 2 MB / 0.5 MB |");
        line(out, "|---|---:|---:|---:|---:|");
        let ordinary = self.storms[0].article;
        for storm in &self.storms {
            let Storm { name, normalize, article, longer } = storm;
            let ratios = format!("{} | {}", figure(article / ordinary), figure(longer / article));
            let row =
                format!("| {name} | {} | {} | {ratios} |", figure(*normalize), figure(*article));
            line(out, &row);
        }
        out.push('\n');
        let ManyCues { builtin, with_own, count, build } = &self.many_cues;
        line(
            out,
            &format!(
                "With {count} cues of one's own beside the built-in ones, {} times as long: {} and \
                 {} ns for each byte. Reading them and building the cleaner took {:.0} ms.",
                figure(with_own / builtin),
                figure(*with_own),
                figure(*builtin),
                build / 1e6
            ),
        );
        if let Some(memory) = self.memory {
            let memory = figure(memory);
            line(
                out,
                &format!(
                    "With a heading of furniture below, the text of one line took {memory} times its \
                          size in memory."
                ),
            );
        }
    }

    fn built(&self, out: &mut String) {
        heading(out, "The default cleaner");
        let Built { milliseconds, again, kept_mb, peak_mb } = &self.built;
        line(
            out,
            &format!(
                "Built in {} ms in a new process, {} ms a second time; {} MB on the heap, {} at \
                 the peak.",
                figure(*milliseconds),
                figure(*again),
                figure(*kept_mb),
                figure(*peak_mb)
            ),
        );
    }

    fn command_line(&self, out: &mut String) {
        heading(out, "Command line");
        if self.command_line.is_empty() {
            return line(out, "Not measured.");
        }
        line(out, "| | ms | ms of CPU | MB of memory |");
        line(out, "|---|---:|---:|---:|");
        for Timing { name, milliseconds, cpu, megabytes } in &self.command_line {
            let (milliseconds, cpu) = (figure(*milliseconds), figure(*cpu));
            let name = name.replace('|', "\\|");
            line(out, &format!("| {name} | {milliseconds} | {cpu} | {megabytes:.1} |"));
        }
    }
}

fn aims_table(out: &mut String, aims: &[Aim]) {
    line(out, "| aim | | measured | |");
    line(out, "|---|---:|---:|---|");
    for aim in aims {
        let (bound, reached) = aim.bound_and_verdict();
        let measured = aim.measured.map_or("-".to_owned(), figure);
        let name = aim.name.replace('|', "\\|");
        line(out, &format!("| {name} | {bound} | {measured} | {reached} |"));
    }
}

fn heading(out: &mut String, title: &str) {
    line(out, &format!("\n## {title}\n"));
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("a String takes all");
}

/// Three digits that count.
fn figure(number: f64) -> String {
    if number == 0.0 || number >= 100.0 {
        return format!("{number:.0}");
    }
    let decimals = (2 - number.abs().log10().floor() as i32).clamp(0, 5) as usize;
    format!("{number:.decimals$}")
}

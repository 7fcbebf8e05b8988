//! What can be asked for on the command line.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;
use unfurnish::{Builder, Cleaner, RulePack};

use crate::cleaners::Cleaners;
use crate::compression::Compression;
use crate::failure::{Failure, Plain};

/// Takes the furniture out of text: newsletter prompts, ALSO READ links, share bars, cookie
/// notices.
///
/// The input is text as an extractor gives it, or JSON lines, Parquet or WET files that hold such
/// text; never HTML.
#[derive(Debug, Parser)]
#[command(name = "unfurnish", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  unfurnish clean article.txt                       the text without its furniture
  unfurnish explain article.txt                     what would go, by which rule, and why
  unfurnish clean crawl.jsonl.zst -o clean.jsonl.zst --field body --spans";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Clean(CleanArgs),
    Explain(ExplainArgs),
    Learn(LearnArgs),
    Eval(EvalArgs),
    Rules(RulesArgs),
}

/// Cleans texts, JSON lines, Parquet and WET files.
#[derive(Debug, clap::Args)]
#[command(after_help = CLEAN_EXAMPLES, after_long_help = CLEAN_NOTES)]
pub(crate) struct CleanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Where the result goes [default: standard output]
    ///
    /// A file is written under another name and takes its own when it is complete, so there is
    /// never half of one; it may be the input itself. Names in .gz and .zst are compressed. If
    /// OUT is a directory, or ends in a slash, each input is written there under its own name,
    /// those of folders and patterns below it as they are below these; what was .bz2 or .xz
    /// becomes .zst. Outputs that are complete stay when a later one fails.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// What is written [default: what is read; jsonl if OUT is named so]
    ///
    /// WET files can become JSON lines: {"url", "date", "language", "text"}, the language as the
    /// record has it, null where it has none.
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) output_format: Option<Format>,

    /// Leaves out inputs of which the output in OUT/ is complete
    ///
    /// It is if a run with the same settings, rules and version wrote it, and neither the input nor the
    /// output has changed since (by size, the input by time as well). OUT/.unfurnish.jsonl says so,
    /// which every run into a directory writes.
    #[arg(long)]
    pub(crate) resume: bool,

    /// Writes what was done to FILE: settings, counts by input and rule, rows left out
    #[arg(long, value_name = "FILE.json")]
    pub(crate) manifest: Option<PathBuf>,

    /// Writes a page to look at: what went, by category, rule, site and language, and documents
    ///
    /// Some hundred documents that lost something, and some that would have lost too much, are
    /// shown with what went marked in place: a sample that is always the same for the same input. The
    /// page is one file, loads nothing, and holds texts of the documents.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,

    /// Adds to each line of JSON what was removed
    ///
    /// The line gets a last field "unfurnish": {"removed": [{"start", "end", "rule",
    /// "category"}, ...], "abstained"}; start and end count the bytes of the original text in
    /// UTF-8. A line that has a field of that name is an error. Parquet and WET files have no
    /// place for it.
    #[arg(long)]
    pub(crate) spans: bool,

    /// Threads that clean [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,

    /// Tells at the end on standard error what was done; a terminal is told with -o anyway
    #[arg(long)]
    pub(crate) summary: bool,

    #[command(flatten)]
    pub(crate) site: SiteArgs,

    #[command(flatten)]
    pub(crate) cleaning: CleaningArgs,
}

impl CleanArgs {
    /// The options that change what comes out.
    pub(crate) fn that_matter(&self) -> serde_json::Value {
        serde_json::json!({
            "input_format": self.input.input_format,
            "fields": self.input.columns(),
            "on_error": self.input.on_error,
            "max_row": self.input.max_row.0,
            "output_format": self.output_format,
            "spans": self.spans,
            "site_field": self.site.site_field,
            "cleaning": self.cleaning,
        })
    }
}

macro_rules! clean_examples {
    () => {
        "\
Examples:
  unfurnish clean article.txt > clean.txt
  unfurnish clean texts/*.txt -o cleaned/
  zcat news.jsonl.gz | unfurnish clean --input-format jsonl --remove credit,caption
  unfurnish clean *.jsonl.zst -o all.jsonl.zst --on-error skip
  unfurnish clean crawl/ -o clean/ --resume --manifest clean.json
  unfurnish clean 'crawl/**/*.parquet' -o clean/ --field title --field body
  unfurnish clean CC-MAIN.warc.wet.gz -o pages.jsonl.zst"
    };
}

const CLEAN_EXAMPLES: &str = clean_examples!();

const CLEAN_NOTES: &str = concat!(
    "\
Texts: a file, or standard input, is one text. Several are written one after the other, with a \
line break between them where the first lacks one, or each to its own file with -o DIR/.

JSON lines: only the string in the field is replaced, and only if it changes. Everything else in \
the line comes back byte for byte: other fields, their order, numbers, escapes, white space. The \
new string is plain UTF-8, escaped only where JSON wants it. Half a surrogate pair in it, which \
is no text, becomes U+FFFD. If a line has the field twice, the last counts, as for most readers. \
Blank lines go through; a byte order mark at the start is dropped. Lines keep their order \
whatever the number of threads, and what comes through a pipe is passed on as it comes.

Parquet: of each row group the columns of --field are rewritten, with the same compression; all others are \
copied as they are. A value that is null stays null. The site of a row is that of another column. A bad row is one whose value is not UTF-8; with \
--on-error skip it stays as it was.

WET files: records of text are cleaned, each a member of its own in .gz, with lengths and digests \
that are right; all other records are kept. A WARC file with `response` records holds HTML, which needs an extractor \
first: such a record is a bad row.

Memory: a row, which is a text, a line of JSON, a value or a record, may have as many bytes as \
--max-row says. Larger ones are bad rows, and are not read into memory.

Errors are told with file and line. Exit status: 0 if all went well or nobody reads the output \
any more, 1 after an error, 2 if the command line is wrong.

",
    clean_examples!()
);

/// Shows what would go, in place, with the rule that decides.
///
/// Removals are coloured on a terminal and stand in brackets elsewhere:
/// [-ALSO READ: Ten hotels-]{en/related/also-read}. If more would go than the budget allows,
/// nothing is removed; it is shown all the same, and said.
///
/// With --profile page each line is listed below, with how likely the model takes it to be of the
/// article and what spoke most for and against it, in the line or in those around it.
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) site: SiteArgs,

    #[command(flatten)]
    pub(crate) cleaning: CleaningArgs,
}

/// Finds the furniture of each site that no general rule knows, and writes rules for it.
///
/// Lines that recur on a site's pages, at their ends or in a block of such lines, become a rule pack
/// for `clean --rules PACK.toml --site-field NAME`. It is to be read before it is used: each rule says
/// how many documents have its line, and names two of them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = LEARN_NOTES)]
pub(crate) struct LearnArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// The field, or the column, that says which site a text is of; of an address the host counts
    #[arg(long, value_name = "NAME", required_unless_present = "merge", conflicts_with = "merge")]
    pub(crate) group_by: Option<String>,

    /// Where the rule pack goes [default: standard output]
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Fewest documents of a site that have a line
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..))]
    pub(crate) min_documents: u64,

    /// The least share of a site's documents that have a line
    #[arg(long, value_name = "SHARE", default_value_t = 0.05, value_parser = share)]
    pub(crate) min_share: f64,

    /// Writes counts instead of rules, of a part of the documents
    #[arg(long)]
    pub(crate) partial: bool,

    /// Reads counts instead of documents, those of all parts
    #[arg(long)]
    pub(crate) merge: bool,

    #[command(flatten)]
    pub(crate) cleaning: CleaningArgs,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

const LEARN_NOTES: &str = "\
Examples:
  unfurnish learn crawl.jsonl.zst --group-by domain -o site.toml
  unfurnish clean crawl.jsonl.zst -o clean.jsonl.zst --rules site.toml --site-field domain

In parts, each wherever it is, with the same result:
  unfurnish learn part-1.jsonl.zst --group-by domain --partial -o part-1.counts
  unfurnish learn part-2.jsonl.zst --group-by domain --partial -o part-2.counts
  unfurnish learn part-1.counts part-2.counts --merge -o site.toml

Memory is bounded: what does not fit into 256 MB is sorted, written to temporary files and summed up \
at the end. Versions of one article (to print, before an update, at another address) are no \
evidence: a line must stand in --min-documents different articles.";

/// Scores the cleaning on texts of which people said what should become of them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EVAL_NOTES)]
pub(crate) struct EvalArgs {
    /// JSON lines to score, - for standard input
    ///
    /// Names in .gz and .zst are decompressed.
    #[arg(value_name = "GOLD.jsonl", required = true)]
    inputs: Vec<PathBuf>,

    /// Scores others too: C4's line rules, the phrases of NeMo Curator, a list of regular
    /// expressions
    #[arg(long)]
    pub(crate) rivals: bool,

    /// Shows the first N false removals and the first N lines missed
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) show: usize,

    /// Writes JSON, in full precision
    #[arg(long, group = "form")]
    pub(crate) json: bool,

    /// Writes the scores by method, category and language for a page in Markdown
    #[arg(long, group = "form")]
    pub(crate) markdown: bool,

    /// Writes for each rule that fired how often it was right and wrong, as `rules list` shows it
    #[arg(long, group = "form")]
    pub(crate) rule_table: bool,

    #[command(flatten)]
    pub(crate) site: SiteArgs,

    #[command(flatten)]
    pub(crate) cleaning: CleaningArgs,
}

impl EvalArgs {
    pub(crate) fn input(&self) -> InputArgs {
        InputArgs {
            inputs: self.inputs.clone(),
            input_format: Some(Format::Jsonl),
            fields: Vec::new(),
            on_error: OnError::Fail,
            max_row: Size::MAX_ROW,
        }
    }
}

const EVAL_NOTES: &str = "\
A row has the field `text`, and one of these:

  marks          furniture marked by hand: [{\"start\", \"end\", \"category\"}, ...], in bytes of the \
text; `unsure`, [[start, end], ...], is not scored
  gold           the article as it should be
  with, without  lists of snippets that must stay, and that must go

Other fields are optional: `view` (such as the extractor), `set`, `type` and `lang` group the scores; a row \
without `lang` gets the language that its text seems to be in. `doc` or `id` names it. `type` other \
than article keeps its gold text out of the loss, which counts each `set` and `id` once.

Hand marks are scored twice. First, a word counts as removed if an alignment of the text with what is \
left of it, that of Python's difflib, skips it; so can any script count, but a word that the normalizer \
has changed looks like one that was removed. Second, by span: a word counts as removed if it stands in \
what was removed. Scores by category and by rule, the lines shown and the tables in Markdown are by \
span.

A marked line is gone if 80 % of its words are; a line of the article is a false removal if it lost \
more than half of them. Recall is over lines of the categories that are removed by default; words \
under any mark are no false removals. Shingles have four words, and documents weigh the same. A rule \
was right if it took marked words only, and wrong if it took a word of the article.";

/// Shows or checks rule packs.
#[derive(Debug, clap::Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Shows the rules, their categories, figures and cues
    ///
    /// Hits and misses are the examples that come with a rule. Right and wrong tell how often it took
    /// furniture only, and how often words of the article, from articles marked by hand; - means that
    /// it never fired there, or was not there yet.
    List {
        /// Rule packs [default: the built-in ones]
        #[arg(value_name = "PACK.toml")]
        packs: Vec<PathBuf>,
    },
    /// Holds the rules against their own hits and misses; exit status 1 if one fails
    Check {
        /// Rule packs [default: the built-in ones]
        #[arg(value_name = "PACK.toml")]
        packs: Vec<PathBuf>,
    },
}

/// What is read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct InputArgs {
    /// Files, folders and patterns to read, - for standard input [default: -]
    ///
    /// Names in .gz, .zst, .bz2 and .xz are decompressed. Of a folder all files are read whose names
    /// say what they hold, and those in folders in it; names that begin with a dot or an underscore
    /// are left out. A pattern such as 'crawl/**/*.jsonl.gz' is for those that the shell leaves alone.
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// What the inputs hold [default: by name: .jsonl and .ndjson, .parquet, .wet and .warc; else text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) input_format: Option<Format>,

    /// The field of a line of JSON, or the column, that holds the text [default: text]
    ///
    /// Of Parquet there may be several; one inside another is named by its path, as in meta.body.
    #[arg(long = "field", value_name = "NAME")]
    pub(crate) fields: Vec<String>,

    /// What to do with a bad row: a line of JSON that is broken or lacks the field, say
    ///
    /// With skip such rows are left out; how many and the first of them are told at the end. An
    /// input that cannot be read is always an error; with skip and OUT/ the others are cleaned
    /// all the same, and the exit status is 1.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) on_error: OnError,

    /// The bytes that a row may have: 10M, 1G
    #[arg(long, value_name = "SIZE", default_value = "16M")]
    pub(crate) max_row: Size,
}

impl InputArgs {
    /// The field of a line of JSON.
    pub(crate) fn field(&self) -> &str {
        self.fields.first().map_or("text", String::as_str)
    }

    /// The columns of a Parquet file.
    pub(crate) fn columns(&self) -> Vec<String> {
        match self.fields.is_empty() {
            true => vec!["text".to_owned()],
            false => self.fields.clone(),
        }
    }
}

/// A number of bytes: `4096`, `64K`, `10M`, `1G`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) usize);

impl Size {
    /// What a row may have unless told otherwise.
    const MAX_ROW: Size = Size(16 << 20);
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Size, String> {
        let units = [("K", 10), ("M", 20), ("G", 30)];
        let unit = units.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)));
        let (number, power) = unit.unwrap_or((text, 0));
        let bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(1 << power));
        match bytes {
            Some(bytes) if bytes > 0 => Ok(Size(bytes)),
            _ => Err("a number of bytes is wanted, such as 4096, 64K, 10M or 1G".to_owned()),
        }
    }
}

/// Which site a text is of.
#[derive(Debug, clap::Args)]
pub(crate) struct SiteArgs {
    /// The field that says which site a text is of; of an address the host counts [default: domain, or else url]
    ///
    /// Rules of rule packs that are for one site fire in its texts alone. Of Parquet files it is a column, of
    /// strings or whole numbers; of WET files the address of a record says it.
    #[arg(long, value_name = "NAME")]
    pub(crate) site_field: Option<String>,
}

/// What is removed, and how the text is normalized.
///
/// The values are the library's to judge, so that all ways to use it have the same.
#[derive(Debug, Serialize, clap::Args)]
#[command(next_help_heading = "Cleaning options")]
pub(crate) struct CleaningArgs {
    /// article: text from an extractor; page: text of a whole web page; normalize: remove nothing
    /// [default: page for WET files, else article]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,

    /// Categories to remove that are kept by default: meta, credit, caption, bio
    #[arg(long, value_name = "CATEGORY,…")]
    remove: Vec<String>,

    /// Categories to keep: newsletter, related, share, nav, legal, promo, comments, other
    #[arg(long, value_name = "CATEGORY,…")]
    keep: Vec<String>,

    /// Adds a rule pack
    #[arg(long, value_name = "PACK.toml")]
    #[serde(skip)] // what is in them counts
    rules: Vec<PathBuf>,

    /// Leaves out rules, by id or by its first parts: en/related/also-read, en/related
    #[arg(long, value_name = "RULE,…")]
    disable: Vec<String>,

    /// The share of words that may go from a text; if more would, none do [default: 0.5]
    #[arg(long, value_name = "SHARE")]
    budget: Option<String>,

    /// Curly quotes: keep, straighten [default: keep]
    #[arg(long, value_name = "HOW", hide_short_help = true)]
    quotes: Option<String>,

    /// Dashes: keep, straighten [default: keep]
    #[arg(long, value_name = "HOW", hide_short_help = true)]
    dashes: Option<String>,

    /// Ellipsis: keep, dots [default: keep]
    #[arg(long, value_name = "HOW", hide_short_help = true)]
    ellipsis: Option<String>,

    /// Latin ligatures: keep, split [default: keep]
    #[arg(long, value_name = "HOW", hide_short_help = true)]
    ligatures: Option<String>,

    /// Full-width and half-width forms: keep, fold [default: keep]
    #[arg(long, value_name = "HOW", hide_short_help = true)]
    width: Option<String>,

    /// No-break spaces: space, keep [default: space]
    #[arg(long, value_name = "HOW", hide_short_help = true)]
    nbsp: Option<String>,
}

impl CleaningArgs {
    /// The profile that was asked for.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Whether the profile is `page`.
    pub(crate) fn is_page(&self) -> bool {
        self.profile.as_deref() == Some("page")
    }

    /// The packs of one's own. A pipe can be read only once.
    pub(crate) fn packs(&self) -> Result<Vec<RulePack>, Failure> {
        self.rules.iter().map(|path| read_pack(path)).collect()
    }

    /// The options as the library takes them, with the packs that were read.
    pub(crate) fn builder_with(&self, packs: &[RulePack]) -> Result<Builder, Failure> {
        let lists = [("remove", &self.remove), ("keep", &self.keep), ("disable", &self.disable)];
        let single = [
            ("profile", &self.profile),
            ("budget", &self.budget),
            ("quotes", &self.quotes),
            ("dashes", &self.dashes),
            ("ellipsis", &self.ellipsis),
            ("ligatures", &self.ligatures),
            ("width", &self.width),
            ("nbsp", &self.nbsp),
        ];
        let single = single.into_iter().filter_map(|(key, one)| Some((key, one.as_ref()?)));
        let lists = lists.into_iter().flat_map(|(key, all)| all.iter().map(move |one| (key, one)));
        let mut builder = Cleaner::builder();
        for (key, value) in single.chain(lists) {
            builder = builder
                .set(key, value)
                .map_err(|error| Failure::at(format_args!("--{key}"), error))?;
        }
        Ok(packs.iter().cloned().fold(builder, Builder::rules))
    }

    /// Cleaners with these options.
    pub(crate) fn cleaners(&self) -> Result<Cleaners, Failure> {
        let packs = self.packs()?;
        Cleaners::new(self.builder_with(&packs)?, packs)
    }
}

pub(crate) fn build(builder: Builder) -> Result<Cleaner, Failure> {
    builder.build().map_err(|error| Failure::new(error.to_string()))
}

/// Reads a rule pack from a file.
pub(crate) fn read_pack(path: &Path) -> Result<RulePack, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::at(name, format_args!("cannot read: {}", Plain(&error))))?;
    RulePack::from_toml(&text).map_err(|error| Failure::at(path.display(), error))
}

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// One text
    Text,
    /// JSON lines: one object per line
    Jsonl,
    /// Columns of strings in a Parquet file
    Parquet,
    /// Records of text in a web archive, as Common Crawl has them
    #[value(alias = "warc")]
    Wet,
}

impl Format {
    /// By the end of the name, that of a compression aside.
    pub(crate) fn of(path: &Path) -> Option<Format> {
        let name = path.to_string_lossy().to_ascii_lowercase();
        let compression = Compression::of(path).extension();
        match name.strip_suffix(compression).unwrap_or(&name).rsplit_once('.')?.1 {
            "txt" => Some(Format::Text),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            "parquet" => Some(Format::Parquet),
            "wet" | "warc" => Some(Format::Wet),
            _ => None,
        }
    }

    /// Whether it may say of which site a text is.
    pub(crate) fn says_site(self) -> bool {
        self != Format::Text
    }
}

/// What to do with a bad row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnError {
    /// End with an error
    #[default]
    Fail,
    /// Leave it out and count it
    Skip,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    Always,
    Never,
}

//! What can be asked for on the command line.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use unfurnish::{Builder, Cleaner, RulePack};

use crate::failure::{Failure, Plain};

/// Takes the furniture out of text: newsletter prompts, ALSO READ links, share bars, cookie
/// notices.
///
/// The input is text as an extractor gives it, or JSON lines that hold such text; never HTML.
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
    Eval(EvalArgs),
    Rules(RulesArgs),
}

/// Cleans texts and JSON lines.
#[derive(Debug, clap::Args)]
#[command(after_help = CLEAN_EXAMPLES, after_long_help = CLEAN_NOTES)]
pub(crate) struct CleanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Where the result goes [default: standard output]
    ///
    /// A file is written under another name and takes its own when it is complete, so there is
    /// never half of one; it may be the input itself. Names in .gz and .zst are compressed. If
    /// OUT is a directory, or ends in a slash, each input is written there under its own name;
    /// those that are complete stay when a later one fails.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,

    /// Adds to each line of JSON what was removed
    ///
    /// The line gets a last field "unfurnish": {"removed": [{"start", "end", "rule",
    /// "category"}, ...], "abstained"}; start and end count the bytes of the original text in
    /// UTF-8. A line that has a field of that name is an error.
    #[arg(long)]
    pub(crate) spans: bool,

    /// Threads that clean [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,

    /// Tells at the end on standard error what was done; a terminal is told with -o anyway
    #[arg(long)]
    pub(crate) summary: bool,

    #[command(flatten)]
    pub(crate) cleaning: CleaningArgs,
}

macro_rules! clean_examples {
    () => {
        "\
Examples:
  unfurnish clean article.txt > clean.txt
  unfurnish clean texts/*.txt -o cleaned/
  zcat news.jsonl.gz | unfurnish clean --input-format jsonl --remove credit,caption
  unfurnish clean *.jsonl.zst -o all.jsonl.zst --on-error skip"
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
    pub(crate) cleaning: CleaningArgs,
}

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
    pub(crate) cleaning: CleaningArgs,
}

impl EvalArgs {
    pub(crate) fn input(&self) -> InputArgs {
        InputArgs {
            inputs: self.inputs.clone(),
            input_format: Some(Format::Jsonl),
            field: None,
            on_error: OnError::Fail,
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
    /// Files to read, - for standard input [default: -]
    ///
    /// Names in .gz and .zst are decompressed.
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// What the inputs hold [default: jsonl for names in .jsonl or .ndjson, else text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) input_format: Option<Format>,

    /// The field of a line of JSON that holds the text [default: text]
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,

    /// What to do with a line of JSON that is broken or lacks the field
    ///
    /// With skip such lines are left out; how many and the first of them are told at the end. An
    /// input that cannot be read is always an error.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    pub(crate) on_error: OnError,
}

impl InputArgs {
    pub(crate) fn field(&self) -> &str {
        self.field.as_deref().unwrap_or("text")
    }
}

/// What is removed, and how the text is normalized.
///
/// The values are the library's to judge, so that all ways to use it have the same.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Cleaning options")]
pub(crate) struct CleaningArgs {
    /// article: text from an extractor; page: text of a whole web page; normalize: remove nothing
    #[arg(long, value_name = "PROFILE", default_value = "article")]
    profile: String,

    /// Categories to remove that are kept by default: meta, credit, caption, bio
    #[arg(long, value_name = "CATEGORY,…")]
    remove: Vec<String>,

    /// Categories to keep: newsletter, related, share, nav, legal, promo, comments, other
    #[arg(long, value_name = "CATEGORY,…")]
    keep: Vec<String>,

    /// Adds a rule pack
    #[arg(long, value_name = "PACK.toml")]
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
    /// Whether the profile is `page`.
    pub(crate) fn is_page(&self) -> bool {
        self.profile == "page"
    }

    /// The options as the library takes them.
    pub(crate) fn builder(&self) -> Result<Builder, Failure> {
        self.builder_with(&self.packs()?)
    }

    /// The packs of one's own. A pipe can be read only once.
    pub(crate) fn packs(&self) -> Result<Vec<RulePack>, Failure> {
        self.rules.iter().map(|path| read_pack(path)).collect()
    }

    /// The options as the library takes them, with the packs that were read.
    pub(crate) fn builder_with(&self, packs: &[RulePack]) -> Result<Builder, Failure> {
        let lists = [("remove", &self.remove), ("keep", &self.keep), ("disable", &self.disable)];
        let single = [
            ("budget", &self.budget),
            ("quotes", &self.quotes),
            ("dashes", &self.dashes),
            ("ellipsis", &self.ellipsis),
            ("ligatures", &self.ligatures),
            ("width", &self.width),
            ("nbsp", &self.nbsp),
        ];
        let settings = std::iter::once(("profile", &self.profile))
            .chain(lists.into_iter().flat_map(|(key, all)| all.iter().map(move |one| (key, one))))
            .chain(single.into_iter().filter_map(|(key, one)| Some((key, one.as_ref()?))));
        let mut builder = Cleaner::builder();
        for (key, value) in settings {
            builder = builder
                .set(key, value)
                .map_err(|error| Failure::at(format_args!("--{key}"), error))?;
        }
        Ok(packs.iter().cloned().fold(builder, Builder::rules))
    }

    pub(crate) fn cleaner(&self) -> Result<Cleaner, Failure> {
        build(self.builder()?)
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One text
    Text,
    /// JSON lines: one object per line
    Jsonl,
}

impl Format {
    /// By the end of the name, `.gz` and `.zst` aside.
    pub(crate) fn of(path: &Path) -> Format {
        let name = path.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
        match name.ends_with(".jsonl") || name.ends_with(".ndjson") {
            true => Format::Jsonl,
            false => Format::Text,
        }
    }
}

/// What to do with a bad row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
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

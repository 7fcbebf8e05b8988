//! The command line of the harness.

use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
usage: unfurnish-rivals [OPTIONS] [CORPUS...]

Measures unfurnish beside its limits and its rivals, on texts that it makes up and on those of each
CORPUS: JSON lines with a field `text`, plain or .zst.

  --view NAME       of each CORPUS, only rows whose field `view` is NAME
  --bytes N         size of the corpora that are made up [4 MB]
  --line N          length of the text that is one line [64 MB]
  --work DIR        where texts for other programs are written
  --record DIR      where the dated record is written [none]
  --clean FILE      program clean.c, or not measured if it is not there
  --hyperscan FILE  program hyperscan.c, likewise
  --python FILE     Python interpreter that has the rivals, likewise
  --tool FILE       command-line tool of unfurnish, likewise
  --compiler NAME   what the record says of the compilers
";

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) corpora: Vec<PathBuf>,
    pub(crate) view: Option<String>,
    pub(crate) bytes: usize,
    pub(crate) line: usize,
    pub(crate) work: PathBuf,
    pub(crate) record: Option<PathBuf>,
    pub(crate) clean: Option<PathBuf>,
    pub(crate) hyperscan: Option<PathBuf>,
    pub(crate) python: Option<PathBuf>,
    pub(crate) tool: Option<PathBuf>,
    pub(crate) compiler: String,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options {
            corpora: Vec::new(),
            view: None,
            bytes: 4 << 20,
            line: 64 << 20,
            work: "build/rivals".into(),
            record: None,
            clean: None,
            hyperscan: None,
            python: None,
            tool: None,
            compiler: String::new(),
        };
        let number = |text: String| text.parse().map_err(|_| format!("{text} is no number"));
        while let Some(argument) = arguments.next() {
            if !argument.starts_with("--") {
                options.corpora.push(argument.into());
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
            match argument.as_str() {
                "--view" => options.view = Some(value),
                "--bytes" => options.bytes = number(value)?,
                "--line" => options.line = number(value)?,
                "--work" => options.work = value.into(),
                "--record" => options.record = Some(value.into()),
                "--clean" => options.clean = Some(value.into()),
                "--hyperscan" => options.hyperscan = Some(value.into()),
                "--python" => options.python = Some(value.into()),
                "--tool" => options.tool = Some(value.into()),
                "--compiler" => options.compiler = value,
                _ => return Err(format!("there is no option {argument}")),
            }
        }
        Ok(options)
    }
}

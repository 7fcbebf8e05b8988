//! Why a command ended early, in the words the user sees.

use std::fmt::Display;
use std::io::{self, Write};

/// The end of a command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// To be printed after `unfurnish: `.
    Told(String),
    /// The same of a row that could have been left out.
    Row(String),
    /// Nobody reads the output any more.
    ClosedPipe,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure::Told(message.into())
    }

    /// At a file, an option, or another place that has a name.
    pub(crate) fn at(place: impl Display, cause: impl Display) -> Failure {
        Failure::Told(format!("{place}: {cause}"))
    }

    /// At a line, from 1, of an input.
    pub(crate) fn at_line(name: &str, line: u64, cause: impl Display) -> Failure {
        Failure::Told(format!("{name}:{line}: {cause}"))
    }

    /// A file that cannot be written, unless it is a pipe that was closed.
    pub(crate) fn writing(name: impl Display, error: &io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::at(name, format_args!("cannot write: {}", Plain(error))),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Failure::Told(message) | Failure::Row(message) => message,
            Failure::ClosedPipe => "nobody reads the output any more",
        })
    }
}

/// Says something on standard error. If nobody listens, so be it.
pub(crate) fn tell(message: impl Display) {
    let _ = writeln!(io::stderr(), "unfurnish: {message}");
}

/// An error of the system without its number: `No such file or directory`.
pub(crate) struct Plain<'e>(pub(crate) &'e io::Error);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.split(" (os error").next().unwrap_or(&text))
    }
}

//! What profile `page` made of each line, and what spoke for and against it.

use std::io::{self, Write};

use unfurnish::{PageLine, Reason};

use crate::explain::{QUIET, printable};

/// Most letters of a line that are shown, and most reasons on each side.
const LETTERS: usize = 60;
const REASONS: usize = 3;

/// Writes a page's lines, each with its likelihood and below it what spoke for it and against it.
pub(crate) fn write(out: &mut impl Write, lines: &[PageLine]) -> io::Result<()> {
    for line in lines {
        let sign = if line.stays { '+' } else { '-' };
        let mut text: String = line.text.chars().take(LETTERS).collect();
        if text.len() < line.text.len() {
            text.push('…');
        }
        writeln!(out, "{sign} {:>3} %  {}", line.likelihood, printable(text.as_bytes()))?;
        let speaks_for = sides(&line.reasons, |weight| weight > 0);
        let against = sides(&line.reasons, |weight| weight < 0);
        writeln!(out, "  {QUIET}for: {speaks_for}; against: {against}{QUIET:#}")?;
    }
    Ok(())
}

/// The strongest reasons of one side: `prose, sentences (1 below)`.
fn sides(reasons: &[Reason], is_of_side: impl Fn(i32) -> bool) -> String {
    let of_side = reasons.iter().filter(|reason| is_of_side(reason.weight));
    let words = |reason: &Reason| match reason.line {
        0 => reason.feature.to_owned(),
        line if line < 0 => format!("{} ({} above)", reason.feature, -line),
        line => format!("{} ({line} below)", reason.feature),
    };
    let words: Vec<String> = of_side.take(REASONS).map(words).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

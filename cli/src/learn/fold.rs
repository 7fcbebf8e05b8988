//! What lines are told apart by: their words, without case, numbers, dates and what is around them.

use std::collections::HashSet;

use unfurnish::RulePack;

/// Stands for any number, as in the cues of rules.
pub(super) const NUMBER: &str = "<n>";
/// Stands for a date with the name of a month, which no cue can say.
pub(super) const DATE: &str = "<date>";

/// Folds lines.
pub(super) struct Folder {
    /// Names of months, and of months and weekdays, in lower case.
    months: HashSet<String>,
    days: HashSet<String>,
}

/// Whether a folded line has a date, be it in numbers alone.
pub(super) fn has_date(folded: &str) -> bool {
    let in_numbers = ["<n>.<n>.<n>", "<n>/<n>/<n>", "<n>-<n>-<n>", "<n>月", "<n>월"];
    folded.contains(DATE) || in_numbers.iter().any(|date| folded.contains(date))
}

/// Words that may stand inside a date: `12 de mayo de 2024`.
const JOINERS: [&str; 12] =
    ["de", "del", "di", "of", "the", "den", "der", "st", "nd", "rd", "th", "er"];

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'l> {
    Number,
    Word(&'l str),
    Signs(&'l str),
}

impl Folder {
    /// With the names of months and weekdays that the built-in rules know dates by.
    pub(super) fn new() -> Folder {
        let packs = RulePack::builtin();
        let rules = packs.iter().flat_map(RulePack::rules);
        let dates = rules.clone().find(|rule| rule.id == DATE_RULE);
        let groups = dates.map(|rule| &*rule.cues).unwrap_or_default();
        let names = |group: usize| {
            let cues = groups.get(group).into_iter().flatten();
            let is_name =
                |cue: &&String| cue.chars().count() > 1 && cue.chars().all(char::is_alphabetic);
            cues.filter(is_name).cloned().collect::<HashSet<String>>()
        };
        Folder { months: names(1), days: names(0) }
    }

    /// A line with [`NUMBER`] and [`DATE`] for numbers and dates, without bullets, arrows and
    /// punctuation around it; empty if there is nothing else in it.
    pub(super) fn fold(&self, line: &str) -> String {
        let line = core(line);
        let tokens = tokens(line);
        let dates = self.dates(&tokens);
        let mut folded = String::with_capacity(line.len());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if let Some(end) = dates.iter().find(|date| date.0 == at).map(|date| date.1) {
                folded.push_str(DATE);
                at = end;
                continue;
            }
            folded.push_str(match token {
                Token::Number => NUMBER,
                Token::Word(text) | Token::Signs(text) => text,
            });
            at += 1;
        }
        folded
    }

    /// The runs of tokens that are dates with the name of a month.
    fn dates(&self, tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
        let mut dates: Vec<(usize, usize)> = Vec::new();
        let lower: Vec<Option<String>> = tokens
            .iter()
            .map(|token| match token {
                Token::Word(word) => Some(word.to_lowercase()),
                _ => None,
            })
            .collect();
        let is = |at: usize, names: &dyn Fn(&str) -> bool| lower[at].as_deref().is_some_and(names);
        let part = |at: usize| {
            tokens[at] == Token::Number
                || is(at, &|w| self.days.contains(w) || self.months.contains(w))
        };
        let between = |at: usize| match tokens[at] {
            Token::Signs(signs) => signs.chars().count() <= 2,
            _ => is(at, &|word| JOINERS.contains(&word)),
        };
        let mut at = 0;
        while at < tokens.len() {
            if !part(at) {
                at += 1;
                continue;
            }
            // The last part that no more than joiners part from the one before.
            let (mut end, mut next) = (at + 1, at + 1);
            while next < tokens.len() && (part(next) || between(next)) {
                next += 1;
                if part(next - 1) {
                    end = next;
                }
            }
            let has_month = (at..end).any(|at| is(at, &|word| self.months.contains(word)));
            let has_number = tokens[at..end].contains(&Token::Number);
            if has_month && has_number {
                dates.push((at, end));
            }
            at = end;
        }
        dates
    }
}

/// The rule among whose cues are the names: its first group has those of weekdays, its second only
/// those of months.
const DATE_RULE: &str = "any/meta/date-begins";

/// A line without what the library takes for decoration around it; some of that is left.
pub(super) fn core(line: &str) -> &str {
    let guillemets = line.contains('»') && line.contains('«');
    line.trim_matches(|c: char| match c {
        '"' | '@' | '#' | '&' | '%' | '\'' => false,
        '»' | '«' => !guillemets,
        '‐'..='‗' | '†'..='‧' | '‹' | '›' | '·' | '©' | '®' | '™' | '¶' => true,
        '\u{2190}'..='\u{27bf}' | '\u{3000}'..='\u{3003}' => true,
        _ => c.is_ascii_punctuation() || c.is_whitespace(),
    })
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let (token, length) = if is_digit(c) {
            (Token::Number, number(rest, before))
        } else {
            let in_word = |c: char| c.is_alphanumeric() && !is_digit(c);
            let is_word = in_word(c);
            let length = rest.find(|d: char| is_digit(d) || in_word(d) != is_word);
            let text = &rest[..length.unwrap_or(rest.len())];
            (if is_word { Token::Word(text) } else { Token::Signs(text) }, text.len())
        };
        tokens.push(token);
        at += length;
        before = line[..at].chars().next_back().unwrap_or(' ');
    }
    tokens
}

/// Digits that rules know.
fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '٠'..='٩' | '۰'..='۹' | '०'..='९')
}

/// The length of the number that a text begins with, given what is before it: what `<n>` in a cue
/// is. Digits, perhaps with thousands or decimals, but not all of a date or a time.
fn number(text: &str, before: char) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let end = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
        (from + end, rest[..end].chars().count())
    };
    let sign =
        |at: usize, signs: &[u8]| text.as_bytes().get(at).is_some_and(|byte| signs.contains(byte));
    let mut end = digits(0).0;
    if matches!(before, '.' | ',' | '/' | ':' | '-') {
        return end;
    }
    while sign(end, b".,'") {
        match digits(end + 1) {
            (after, 3) => end = after,
            (after, 1 | 2) if !(sign(after, b".,/:-") && digits(after + 1).1 > 0) => return after,
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_numbers_dates_and_signs() {
        let folder = Folder::new();
        for (line, want) in [
            ("• Read the Valley Mail »", "Read the Valley Mail"),
            ("1,203 people read this 4.5 times", "<n> people read this <n> times"),
            ("Page 3/10, at 10:45", "Page <n>/<n>, at <n>:<n>"),
            ("Published 2024-05-12", "Published <n>-<n>-<n>"),
            ("Published on 12 May 2024 by the Mail", "Published on <date> by the Mail"),
            ("Friday, May 3rd, 2024 | Valley Mail", "<date> | Valley Mail"),
            ("Erschienen am Freitag, 3. Mai 2024", "Erschienen am <date>"),
            ("Publicado el 12 de mayo de 2024", "Publicado el <date>"),
            ("May the road rise with you", "May the road rise with you"),
            ("“Quoted”", "“Quoted”"),
            ("٣ تعليقات", "<n> تعليقات"),
            ("—", ""),
        ] {
            assert_eq!(folder.fold(line), want, "{line}");
        }
    }
}

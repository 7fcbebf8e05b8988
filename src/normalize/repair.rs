//! Settles one spot at a time: from the start of the segment or run of blanks the scanner stopped
//! in, to the end of it.
//!
//! A *segment* is a base and all that may compose with it; a *run* is everything blank in a row.
//! Characters that go belong to what stands before them. Decisions look back at the output and
//! forward at the input: what made a character stay is there again when the output is
//! normalized, so a second pass decides the same.

use unicode_normalization::char::{compose, decompose_canonical};

use super::Normalization;
use super::nfc::Composer;
use super::policy::{self, *};
use super::splice::{Normalized, Writer};

pub(super) struct Repair<'t, 'o> {
    text: &'t str,
    options: &'o Normalization,
    writer: Writer<'t>,
    /// The input up to here is settled; a segment or a run of blanks begins here.
    settled: usize,
    context: Context,
    rtl_line: RtlLine,
    composer: Composer,
    piece: String,
}

/// What the decisions look back at.
#[derive(Default)]
struct Context {
    /// The last character that is neither a mark nor an invisible one that goes with its base.
    base: Option<char>,
    /// The last character.
    last: Option<char>,
    /// They are those of the input up to here.
    known: usize,
}

impl Context {
    fn push(&mut self, c: char) {
        if is_base(c) {
            self.base = Some(c);
        }
        self.last = Some(c);
    }
}

fn is_base(c: char) -> bool {
    let kind = policy::kind(c as u32);
    !(is_mark(kind) || matches!(kind, JOINER | VARIATION | TAG))
}

/// Whether the line up to `end` has right-to-left letters.
#[derive(Default)]
struct RtlLine {
    end: usize,
    found: bool,
}

/// What becomes of a character.
enum Fate {
    Goes,
    /// Part of a run; the blank it is mapped to.
    Blank(char),
    Break,
    /// The option for its kind replaces it.
    Folds,
    Stays,
}

impl<'t, 'o> Repair<'t, 'o> {
    pub(super) fn new(text: &'t str, options: &'o Normalization) -> Repair<'t, 'o> {
        Repair {
            text,
            options,
            writer: Writer::new(text),
            settled: 0,
            context: Context::default(),
            rtl_line: RtlLine::default(),
            composer: Composer::default(),
            piece: String::new(),
        }
    }

    pub(super) fn finish(self) -> Normalized<'t> {
        self.writer.finish()
    }

    /// Settles the spot that `at` lies in, and in decomposed text those that follow it closely;
    /// returns the end of the last, from which to scan on.
    pub(super) fn spot(&mut self, at: usize) -> usize {
        let mut found = Some(at);
        while let Some(at) = found {
            self.settled = self.simple_pair(at).unwrap_or_else(|| self.settle(at));
            let decomposed = matches!(self.text.as_bytes()[at], 0xCC..=0xCD);
            found = if decomposed { self.mark_near(self.settled) } else { None };
        }
        self.settled
    }

    /// A mark on an ASCII letter within the next few characters, if all before it is clean: spares
    /// the scanner a new start.
    fn mark_near(&self, from: usize) -> Option<usize> {
        const NEAR: usize = 16;
        let bytes = &self.text.as_bytes()[from..];
        let is_letter = |at| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        let is_clean =
            |&at: &usize| is_letter(at) || bytes.get(at) == Some(&b' ') && is_letter(at + 1);
        let near = (0..NEAR).take_while(is_clean).count();
        matches!(bytes.get(near), Some(0xCC..=0xCD) if near > 0).then_some(from + near)
    }

    /// Settles the segments or runs from before `at` to after it; returns their end.
    fn settle(&mut self, at: usize) -> usize {
        let mut start = self.spot_start(at);
        while start <= at {
            self.catch_up(start);
            let run = self.char_at(start).is_some_and(|c| self.is_white(c));
            start = if run { self.run(start) } else { self.segment(start) };
            self.context.known = start;
            self.settled = start;
        }
        start
    }

    /// An ASCII letter or digit and one mark make a character, or nothing; returns where the mark
    /// ends, if that is all there is.
    fn simple_pair(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let base = *bytes[self.settled..at].last().filter(|base| base.is_ascii_alphanumeric())?;
        let mark = self.char_at(at)?;
        let end = at + mark.len_utf8();
        let alone = match bytes.get(end) {
            None | Some(b' '..b'\x7F' | b'\n') => true,
            Some(..0x80) => false,
            Some(_) => self.char_at(end).is_some_and(|next| policy::kind(next as u32) == PLAIN),
        };
        if !alone || policy::kind(mark as u32) != MAYBE_MARK {
            return None;
        }
        if let Some(composed) = compose(base.into(), mark) {
            self.writer.replace(at - 1..end, composed.encode_utf8(&mut [0; 4]));
        }
        Some(end)
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    /// The start of the segment or run that `at` lies in, after what is settled.
    fn spot_start(&self, at: usize) -> usize {
        let mut start = at;
        let mut before = self.text[self.settled..at].chars().rev().peekable();
        if self.char_at(at).is_some_and(|c| !self.is_white(c)) {
            while let Some(c) = before.next_if(|&c| !self.is_white(c)) {
                start -= c.len_utf8();
                if policy::kind(c as u32) == PLAIN {
                    return start;
                }
            }
        }
        start - before.take_while(|&c| self.is_white(c)).map(char::len_utf8).sum::<usize>()
    }

    /// Brings the context up to `to`, over text that is clean.
    fn catch_up(&mut self, to: usize) {
        let skipped = &self.text[self.context.known..to];
        if let Some(last) = skipped.chars().next_back() {
            self.context.last = Some(last);
            self.context.base = skipped.chars().rev().find(|&c| is_base(c)).or(self.context.base);
        }
        self.context.known = to;
    }

    fn is_white(&self, c: char) -> bool {
        let kind = policy::kind(c as u32);
        kind == BREAK || self.blank(c, kind).is_some()
    }

    /// The blank that `c` is mapped to, if it is one.
    fn blank(&self, c: char, kind: Kind) -> Option<char> {
        match kind {
            BLANK if c == '\t' => Some(c),
            BLANK => Some(' '),
            NO_BREAK | WIDE_BLANK if policy::is_folded(kind, self.options) => Some(' '),
            WIDE_BLANK => Some(c),
            _ => None,
        }
    }

    /// What becomes of the character `c` at `at`, after the context; and where it ends.
    ///
    /// A line break of two characters and a sequence of tags have one fate together.
    fn fate(&mut self, c: char, at: usize) -> (Fate, usize) {
        let kind = policy::kind(c as u32);
        let end = at + c.len_utf8();
        let stays_if = |stays| (if stays { Fate::Stays } else { Fate::Goes }, end);
        let base = || self.context.base.map_or(0, script);
        match kind {
            GOES => (Fate::Goes, end),
            BREAK if self.text[at..].starts_with("\r\n") => (Fate::Break, at + 2),
            BREAK => (Fate::Break, end),
            ZERO_WIDTH_SPACE => stays_if(base() & self.next_script(end) & SPACELESS != 0),
            VOWEL_SEPARATOR => stays_if(base() & self.next_script(end) & MONGOLIAN != 0),
            JOINER => {
                let (base, next) = (base(), self.next_script(end));
                let joins = (base | next) & JOINS != 0;
                let emoji = c == '\u{200D}' && base & next & PICTURE != 0;
                stays_if((joins || emoji) && self.context.last != Some(c))
            }
            VARIATION => {
                let varies =
                    |last: char| !self.is_white(last) && policy::kind(last as u32) != VARIATION;
                stays_if(self.context.last.is_some_and(varies))
            }
            BIDI => stays_if(self.line_has_rtl(at)),
            TAG => {
                let tags = &self.text[at..];
                match policy::flag(tags).filter(|_| self.context.last == Some('\u{1F3F4}')) {
                    Some(length) => (Fate::Stays, at + length),
                    None => {
                        let is_tag = |c: &char| policy::kind(*c as u32) == TAG;
                        (Fate::Goes, at + tags.chars().take_while(is_tag).count() * 4)
                    }
                }
            }
            _ => match self.blank(c, kind) {
                Some(blank) => (Fate::Blank(blank), end),
                None if policy::is_folded(kind, self.options) => (Fate::Folds, end),
                None => (Fate::Stays, end),
            },
        }
    }

    /// The script of the character at `at`, unless it is a mark: those change places.
    fn next_script(&self, at: usize) -> u8 {
        let next = self.char_at(at).filter(|&c| !is_mark(policy::kind(c as u32)));
        next.map_or(0, script)
    }

    /// Whether the line that `at` lies in has right-to-left letters; looks at every line once.
    fn line_has_rtl(&mut self, at: usize) -> bool {
        if at >= self.rtl_line.end {
            let is_break = |c: char| policy::kind(c as u32) == BREAK;
            let start = self.text[..at].rfind(is_break).unwrap_or(0);
            let end = self.text[at..].find(is_break).map_or(self.text.len(), |end| at + end);
            let found = self.text[start..end].chars().any(|c| script(c) & RIGHT_TO_LEFT != 0);
            self.rtl_line = RtlLine { end, found };
        }
        self.rtl_line.found
    }

    /// Settles the segment that begins at `start` and returns its end.
    fn segment(&mut self, start: usize) -> usize {
        let mut at = start;
        while let Some(c) = self.char_at(at) {
            let (fate, end) = self.fate(c, at);
            match fate {
                Fate::Goes => {}
                Fate::Blank(_) | Fate::Break => break,
                Fate::Folds => {
                    let mut ends = false;
                    fold(c, |c| ends |= !self.composer.is_empty() && begins_segment(c));
                    if ends {
                        break;
                    }
                    fold(c, |c| {
                        self.composer.push(c);
                        self.context.push(c);
                    });
                }
                Fate::Stays => {
                    if !self.composer.is_empty() && begins_segment(c) {
                        break;
                    }
                    for c in self.text[at..end].chars() {
                        self.composer.push(c);
                        self.context.push(c);
                    }
                }
            }
            at = end;
        }
        self.piece.clear();
        self.composer.finish(&mut self.piece);
        self.writer.put(start..at, &self.piece);
        at
    }

    /// Settles the run of blanks and line breaks that begins at `start` and returns its end.
    fn run(&mut self, start: usize) -> usize {
        let at_start = self.writer.nothing_before(start);
        self.context.base = None;
        self.context.last = Some(' ');
        let mut widest = ' ';
        let mut breaks = 0;
        let mut indentation = start;
        let mut at = start;
        while let Some(c) = self.char_at(at) {
            let (fate, end) = self.fate(c, at);
            match fate {
                Fate::Goes => {}
                Fate::Blank(blank) if widest == ' ' || blank == '\t' => widest = blank,
                Fate::Blank(_) => {}
                Fate::Break => {
                    breaks += 1;
                    indentation = end;
                }
                Fate::Folds | Fate::Stays => break,
            }
            at = end;
        }
        self.piece.clear();
        self.piece.push_str(&"\n\n"[..breaks.min(2)]);
        if at == self.text.len() {
            // Blanks at the end of the last line.
        } else if breaks > 0 || at_start {
            let text = self.text;
            for c in text[indentation..at].chars() {
                let blank = self.blank(c, policy::kind(c as u32));
                self.piece.extend(blank);
            }
        } else {
            self.piece.push(widest);
        }
        self.writer.put(start..at, &self.piece);
        at
    }
}

/// Whether nothing before `c` composes with it or changes places with it (UAX #15, section 9.1).
fn begins_segment(c: char) -> bool {
    match policy::kind(c as u32) {
        MAYBE_STARTER => false,
        DECOMPOSES => {
            let mut first = None;
            decompose_canonical(c, |c| first = first.or(Some(c)));
            first.is_some_and(|first| policy::kind(first as u32) == PLAIN)
        }
        kind => !is_mark(kind),
    }
}

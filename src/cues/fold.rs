//! Folding: what a cue and a text have in common whatever their case, accents and punctuation.
//!
//! One code point becomes one code point, so that a hit can be traced back by counting. Letters
//! lose case and accents (`ALSO`, `Även`, `TAMBIEN` for `también`), quotes become `'` and `"`,
//! dashes `-`, spaces a space, full-width forms ASCII. Kana and Hangul keep their marks, which
//! make other letters of them.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// The fold of each code point, looked up where texts are dense and computed elsewhere.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Latin, Greek, Cyrillic, Hebrew, Arabic.
    low: Box<[u16]>,
    /// Latin Extended Additional and Greek Extended.
    extended: Box<[u16]>,
}

const LOW_END: u32 = 0x700;
const EXTENDED: std::ops::Range<u32> = 0x1e00..0x2000;

impl Folder {
    pub(crate) fn new() -> Folder {
        let table = |range: std::ops::Range<u32>| {
            range.map(|c| char::from_u32(c).map_or(0, |c| fold_letter(c) as u16)).collect()
        };
        Folder { low: table(0..LOW_END), extended: table(EXTENDED) }
    }

    /// The fold of a code point.
    pub(crate) fn fold(&self, c: char) -> char {
        let code = c as u32;
        let folded = if code < LOW_END {
            self.low[code as usize]
        } else if EXTENDED.contains(&code) {
            self.extended[(code - EXTENDED.start) as usize]
        } else {
            return fold_elsewhere(c);
        };
        // The tables hold folds of code points below U+2000, never surrogates.
        char::from_u32(u32::from(folded)).unwrap_or(c)
    }

    /// The fold of a string.
    pub(crate) fn fold_str(&self, text: &str) -> String {
        text.chars().map(|c| self.fold(c)).collect()
    }
}

fn fold_elsewhere(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(c as u32 - 0xff01 + 0x21).map_or(c, |c| c.to_ascii_lowercase())
        }
        _ => lower(c),
    }
}

/// The fold of a code point below U+2000.
fn fold_letter(c: char) -> char {
    match c {
        '\t' | '\u{a0}' => ' ',
        '`' | '\u{b4}' | '\u{2bc}' => '\'',
        '\u{ab}' | '\u{bb}' => '"',
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'ı' | 'İ' => 'i',
        'đ' | 'Đ' => 'd',
        'ς' => 'σ',
        _ => {
            let mut base = None;
            let mut marks_only = true;
            decompose_canonical(c, |part| match base {
                None => base = Some(part),
                Some(_) => marks_only &= is_combining_mark(part),
            });
            lower(base.filter(|&base| marks_only && (base as u32) < 0x2000).unwrap_or(c))
        }
    }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

//! Folding: what a cue and a text have in common whatever their case, accents and punctuation.
//!
//! One code point becomes one code point, so that a hit ends where the text says it ends. Letters
//! lose case and accents (`ALSO`, `Även`, `TAMBIEN` for `también`), quotes become `'` and `"`,
//! dashes `-`, spaces a space, full-width forms and
//! the digits of Arabic, Persian and Devanagari ASCII. Letters that Arabic and Persian write
//! differently become one. Kana and Hangul keep their marks, which
//! make other letters of them.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::letter::Letter;

/// A code point as the finder sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) letter: char,
    /// It is part of a word, in a script that puts spaces between words.
    pub(crate) in_word: bool,
    pub(crate) upper: bool,
}

/// Folds code points; looks those up that stand below U+2100.
#[derive(Debug)]
pub(crate) struct Folder {
    /// The fold, with `IN_WORD_BIT` and `UPPER_BIT`.
    table: Box<[u16]>,
    /// What the sieve sees.
    letters: Box<[Letter]>,
}

const TABLE_END: u32 = 0x2100;
const IN_WORD_BIT: u16 = 0x8000;
const UPPER_BIT: u16 = 0x4000;

/// The classes of a code point as bits: it is part of a word; it is a capital.
pub(super) const IN_WORD: u8 = 1;
pub(super) const UPPER: u8 = 2;

impl Folder {
    /// The one there is.
    pub(crate) fn get() -> &'static Folder {
        static FOLDER: LazyLock<Folder> = LazyLock::new(Folder::new);
        &FOLDER
    }

    fn new() -> Folder {
        let entry = |&Folded { letter, in_word, upper }: &Folded| {
            letter as u16
                | if in_word { IN_WORD_BIT } else { 0 }
                | if upper { UPPER_BIT } else { 0 }
        };
        // None of them is a surrogate, and none folds to a code point from U+4000 on.
        let folds: Vec<Folded> = (0..TABLE_END).filter_map(char::from_u32).map(describe).collect();
        Folder {
            table: folds.iter().map(entry).collect(),
            letters: folds.iter().map(|&folded| Letter::of(folded)).collect(),
        }
    }

    /// What the sieve sees of a code point.
    #[inline(always)]
    pub(super) fn letter(&self, code: u32) -> Letter {
        match self.letters.get(code as usize) {
            Some(&letter) => letter,
            None => match char::from_u32(code).unwrap_or_default() {
                c if is_ideograph_or_syllable(c) => Letter::unspaced(code),
                c => Letter::of(self.fold(c)),
            },
        }
    }

    #[inline]
    pub(crate) fn fold(&self, c: char) -> Folded {
        match self.table.get(c as usize) {
            Some(entry) => Folded {
                letter: char::from_u32(u32::from(entry & !(IN_WORD_BIT | UPPER_BIT))).unwrap_or(c),
                in_word: entry & IN_WORD_BIT != 0,
                upper: entry & UPPER_BIT != 0,
            },
            // Ideographs, kana and Hangul fold to themselves.
            None if matches!(c, '\u{3001}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}') => {
                Folded { letter: c, in_word: false, upper: false }
            }
            None => describe(c),
        }
    }

    /// The fold of a string.
    #[cfg(feature = "toml")]
    pub(crate) fn fold_str(&self, text: &str) -> String {
        text.chars().map(|c| self.fold(c).letter).collect()
    }
}

fn describe(c: char) -> Folded {
    let in_word = is_inside_word(c) && is_spaced(c);
    Folded { letter: fold_letter(c), in_word, upper: c.is_uppercase() }
}

fn fold_letter(c: char) -> char {
    match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{b4}' | '\u{2bc}' | '\u{5f3}' | '\u{2018}'..='\u{201b}' | '\u{2032}' => '\'',
        '\u{ab}' | '\u{bb}' | '\u{5f4}' | '\u{201c}'..='\u{201f}' | '\u{2033}' => '"',
        '\u{5be}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(c, '\u{6f0}'),
        '\u{966}'..='\u{96f}' => digit(c, '\u{966}'),
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'ı' | 'İ' => 'i',
        'đ' | 'Đ' => 'd',
        'ς' => 'σ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(c as u32 - 0xff01 + 0x21).map_or(c, |c| c.to_ascii_lowercase())
        }
        _ if (c as u32) < 0x2000 => one_form(lower(without_marks(c))),
        _ => lower(c),
    }
}

/// The ASCII digit for one of a script whose zero is given.
fn digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}

fn without_marks(c: char) -> char {
    let mut base = None;
    let mut marks_only = true;
    decompose_canonical(c, |part| match base {
        None => base = Some(part),
        Some(_) => marks_only &= is_combining_mark(part),
    });
    base.filter(|&base| marks_only && (base as u32) < 0x2000).unwrap_or(c)
}

/// Letters that writers and keyboards take for one another: of Arabic and Persian yeh, kaf and heh;
/// of Devanagari candrabindu and anusvara.
fn one_form(c: char) -> char {
    match c {
        '\u{649}' | '\u{64a}' => '\u{6cc}',
        '\u{643}' => '\u{6a9}',
        '\u{629}' | '\u{6d5}' => '\u{647}',
        '\u{901}' => '\u{902}',
        _ => c,
    }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Whether a code point is a letter or a digit: the answer of the standard library, which has to
/// search for it among ranges, sooner for the letters and signs that there are most of.
#[inline]
pub(crate) fn is_alphanumeric(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | 'Ѐ'..='ҁ' => true,
        'א'..='ת' | 'ء'..='ي' | 'अ'..='ह' => true,
        '\u{2000}'..='\u{206f}' | '\u{3001}'..='\u{3004}' => false,
        _ if is_ideograph_or_syllable(c) => true,
        _ => c.is_alphanumeric(),
    }
}

/// Whether a code point is one of the ideographs, kana and syllables of Hangul that there are most of.
#[inline(always)]
fn is_ideograph_or_syllable(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ')
}

/// Whether a code point is a letter, a digit, a mark on one, such as a vowel sign, or joins two.
pub(crate) fn is_inside_word(c: char) -> bool {
    is_alphanumeric(c) || matches!(c, '\u{200c}' | '\u{200d}') || is_combining_mark(c)
}

/// Whether a capital that follows a code point at once is glued to it; after a letter of a script
/// without spaces it is not.
pub(crate) fn glues(c: char) -> bool {
    c.is_alphanumeric() && is_spaced(c)
}

/// Whether the code point's script puts spaces between words.
pub(crate) fn is_spaced(c: char) -> bool {
    !matches!(c as u32,
        0x0e00..=0x0eff        // Thai, Lao
        | 0x1000..=0x109f      // Myanmar
        | 0x1780..=0x17ff      // Khmer
        | 0x2e80..=0xa4cf      // CJK, kana, Yi
        | 0xac00..=0xd7af      // Hangul: particles are glued to words
        | 0xf900..=0xfaff
        | 0xff00..=0xffef
        | 0x20000..=0x3ffff)
}

#[test]
fn forms_of_a_letter_are_one() {
    let folder = Folder::get();
    for (text, same) in [
        ("علي كتابة", "علی کتابه"),
        ("خانۀ ئ", "خانه ی"),
        ("צה״ל ג׳ בית־ספר", "צה\"ל ג' בית-ספר"),
        ("हँस", "हंस"),
        ("TAMBIÉN", "tambien"),
    ] {
        let fold = |text: &str| text.chars().map(|c| folder.fold(c).letter).collect::<String>();
        assert_eq!(fold(text), fold(same));
    }
    assert!("नमस्ते \u{200c}".chars().all(|c| c == ' ' || folder.fold(c).in_word));
}

#[test]
fn letters_are_those_of_the_standard_library() {
    assert!(('\0'..=char::MAX).all(|c| is_alphanumeric(c) == c.is_alphanumeric()));
}

#[test]
fn letters_without_spaces_are_those_of_all() {
    let folder = Folder::get();
    for c in '\0'..=char::MAX {
        assert_eq!(folder.letter(c as u32), Letter::of(folder.fold(c)), "{c}");
    }
}

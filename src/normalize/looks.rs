//! The first looks at a text: is there nothing to do in these 32 bytes?
//!
//! Each knows Latin and one family of scripts, and is one question with one answer, in a plain loop
//! that compilers turn into vector instructions. What a look does not know is no trouble yet: `scan`
//! looks closer.

use crate::lanes::within;

pub(super) const LANES: usize = 32;
/// Bytes before the lanes: a mark asks what it stands on.
pub(super) const BACK: usize = 3;
/// Bytes after the lanes: the rest of a character, or two line feeds.
pub(super) const AHEAD: usize = 2;
const WINDOW: usize = BACK + LANES + AHEAD;
pub(super) type Window = [u8; WINDOW];

/// The third bytes of dashes, quotes, bullets and the ellipsis, U+2010 to U+2027.
pub(super) const SIGNS: (u8, u8) = (0x90, 0xA7);

/// The look that is taken; a text that is written in one script stays with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Latin,
    /// Greek, Cyrillic, Armenian.
    European,
    /// Vietnamese, and other letters of Latin that have three bytes; Georgian.
    Vietnamese,
    Hebrew,
    Arabic,
    /// Arabic with the letters and the joiners of Persian and Urdu.
    Persian,
    Devanagari,
    Thai,
    /// Chinese, Japanese, Korean.
    EastAsian,
}

impl Look {
    #[cfg(test)]
    pub(super) const ALL: [Look; 9] = [
        Look::Latin,
        Look::European,
        Look::Vietnamese,
        Look::Hebrew,
        Look::Arabic,
        Look::Persian,
        Look::Devanagari,
        Look::Thai,
        Look::EastAsian,
    ];

    /// The look that knows the first letters in the lanes that are not Latin.
    pub(super) fn of(window: &Window) -> Look {
        let is_foreign = |&at: &usize| matches!(window[at], 0xCC..=0xE1 | 0xE3..=0xEF);
        let Some(at) = (BACK..BACK + LANES).find(is_foreign) else { return Look::Latin };
        match (window[at], window[at + 1]) {
            (0xE0, 0xB8..=0xB9) => Look::Thai,
            (0xE0, _) => Look::Devanagari,
            (0xE1, _) => Look::Vietnamese,
            (..=0xD6, _) => Look::European,
            (0xD7, _) => Look::Hebrew,
            // Hardly a word of Persian is without its letter for i.
            (..=0xDB, _) if window.contains(&0xDB) => Look::Persian,
            (..=0xDB, _) => Look::Arabic,
            _ => Look::EastAsian,
        }
    }

    /// Passes over what it knows, [`LANES`] bytes at a time from `at` on, and returns where it stops: at
    /// lanes where there may be something to do, or at less than a window.
    ///
    /// What it knows: its letters and ASCII, but for controls and for blanks other than single ones and
    /// up to two line feeds. `SIGNS`: typographic signs and full-width forms are kept.
    #[inline(always)]
    pub(super) fn pass<const SIGNS: bool>(self, bytes: &[u8], at: usize) -> usize {
        match self {
            Look::Latin => {
                pass(bytes, at, |lane| lane.is_up_to::<SIGNS>(0xCB) & !lane.is_trouble::<SIGNS>())
            }
            Look::European => pass(bytes, at, |lane| {
                let trouble = lane.is_trouble::<SIGNS>() | lane.is_european_mark();
                lane.is_up_to::<SIGNS>(0xD6) & !trouble
            }),
            Look::Vietnamese => pass(bytes, at, |lane| {
                (lane.is_up_to::<SIGNS>(0xCB) | lane.is_vietnamese()) & !lane.is_trouble::<SIGNS>()
            }),
            Look::Hebrew => pass(bytes, at, |lane| {
                let trouble = lane.is_trouble::<SIGNS>() | lane.is_hebrew_mark();
                lane.is_up_to::<SIGNS>(0xD7) & !trouble
            }),
            Look::Arabic => pass(bytes, at, |lane| {
                let trouble = lane.is_trouble::<SIGNS>() | lane.is_arabic_mark();
                lane.is_up_to::<SIGNS>(0xDA) & !trouble
            }),
            Look::Persian => pass(bytes, at, |lane| {
                let trouble =
                    lane.is_trouble::<SIGNS>() | lane.is_arabic_mark() | lane.is_urdu_mark();
                (lane.is_up_to::<SIGNS>(0xDB) | lane.is_joiner()) & !trouble
            }),
            Look::Devanagari => pass(bytes, at, |lane| {
                (lane.is_up_to::<SIGNS>(0xCB) | lane.is_devanagari()) & !lane.is_trouble::<SIGNS>()
            }),
            Look::Thai => pass(bytes, at, |lane| {
                (lane.is_up_to::<SIGNS>(0xCB) | lane.is_thai()) & !lane.is_trouble::<SIGNS>()
            }),
            Look::EastAsian => pass(bytes, at, |lane| {
                (lane.is_up_to::<SIGNS>(0xCB) | lane.is_east_asian::<SIGNS>())
                    & !lane.is_trouble::<SIGNS>()
            }),
        }
    }
}

/// Passes over windows of which something holds for all lanes.
#[inline(always)]
fn pass(bytes: &[u8], from: usize, holds: impl Fn(Lane) -> bool) -> usize {
    let mut at = from;
    while let Some(window) = bytes.get(at - BACK..).and_then(|rest| rest.first_chunk::<WINDOW>()) {
        // Without a branch, so that it is asked of all lanes at once.
        let mut fails = 0;
        for i in 0..LANES {
            let [before3, before2, before, a, b, c] = [0, 1, 2, 3, 4, 5].map(|to| window[i + to]);
            fails |= !holds(Lane { before3, before2, before, a, b, c }) as u8;
        }
        if fails != 0 {
            break;
        }
        at += LANES;
    }
    at
}

/// A byte, and what stands around it. Where `a` leads a character the next ones are its own, as far
/// as it has so many; of a continuation byte nothing is asked.
///
/// Two neighbours are never asked to equal two constants: that becomes one question of two bytes, for which the
/// vectors are taken apart.
#[derive(Clone, Copy)]
struct Lane {
    before3: u8,
    before2: u8,
    before: u8,
    a: u8,
    b: u8,
    c: u8,
}

impl Lane {
    /// A line feed, no control of ASCII, no lead byte above `last` but that of a sign.
    #[inline(always)]
    fn is_up_to<const SIGNS: bool>(self, last: u8) -> bool {
        // Whatever lead byte stands before these two: none of its characters needs anything.
        let sign = SIGNS & (self.b == 0x80) & within(self.c, self::SIGNS.0, self::SIGNS.1);
        within(self.a, b' ', last) | (self.a == b'\n') | sign
    }

    /// A blank before something blank, the first of three line feeds, DEL, and of U+0080 to U+00BF
    /// what is not kept as it is.
    #[inline(always)]
    fn is_trouble<const SIGNS: bool>(self) -> bool {
        let Lane { a, b, c, .. } = self;
        let blanks = (a == b' ') & (b <= b' ');
        let breaks = a.max(b).max(c) == b'\n';
        let quote = !SIGNS & ((b == 0xAB) | (b == 0xBB));
        let sign = (a == 0xC2) & ((b <= 0xA0) | (b == 0xAD) | quote);
        blanks | breaks | (a == 0x7F) | sign
    }

    /// U+0300 to U+037F, U+0387, U+0480 to U+0489, U+0590 to U+05BF.
    #[inline(always)]
    fn is_european_mark(self) -> bool {
        let Lane { a, b, .. } = self;
        within(a, 0xCC, 0xCD)
            | (a == 0xCE) & (b == 0x87)
            | (a == 0xD2) & (b < 0x8A)
            | (a == 0xD6) & (b >= 0x90)
    }

    /// U+1E00 to U+1EFF, U+10C0 to U+10FF.
    #[inline(always)]
    fn is_vietnamese(self) -> bool {
        (self.a == 0xE1) & (within(self.b, 0xB8, 0xBB) | (self.b == 0x83))
    }

    /// U+0300 to U+05CF.
    #[inline(always)]
    fn is_hebrew_mark(self) -> bool {
        within(self.a, 0xCC, 0xD6) | (self.a == 0xD7) & (self.b < 0x90)
    }

    /// U+0300 to U+05FF, and of the marks of Arabic up to U+06BF those that have a class, unless it is
    /// tanwin to sukun on a letter.
    #[inline(always)]
    fn is_arabic_mark(self) -> bool {
        let Lane { a, b, .. } = self;
        let vowel = within(b, 0x8B, 0x92) & !self.is_after_arabic();
        within(a, 0xCC, 0xD7)
            | (a == 0xD8) & within(b, 0x90, 0x9F)
            | (a == 0xD9) & (vowel | within(b, 0x93, 0x9F) | (b == 0xB0))
    }

    /// U+06D6 to U+06ED.
    #[inline(always)]
    fn is_urdu_mark(self) -> bool {
        (self.a == 0xDB) & within(self.b, 0x96, 0xAD)
    }

    /// A joiner after a letter: Persian has them within words.
    #[inline(always)]
    fn is_joiner(self) -> bool {
        let after_persian = (self.before2 == 0xDA) | (self.before2 == 0xDB) & (self.before <= 0x95);
        (self.a == 0xE2)
            & (self.b <= 0x80)
            & within(self.c, 0x8C, 0x8D)
            & (self.is_after_arabic() | after_persian)
    }

    /// U+0620 to U+064A.
    #[inline(always)]
    fn is_after_arabic(self) -> bool {
        let (a, b) = (self.before2, self.before);
        (a == 0xD8) & (b >= 0xA0) | (a == 0xD9) & (b <= 0x8A)
    }

    /// Devanagari but what decomposes and marks that have a class; virama on a consonant or its
    /// nukta, nukta on a consonant that does not compose with it.
    #[inline(always)]
    fn is_devanagari(self) -> bool {
        let Lane { before3, before2, before, a, b, c } = self;
        let base = (before3 == a) & (before2 == 0xA4) & within(before, 0x95, 0xBC);
        let composes = (before == 0xA8) | (before == 0xB0) | (before == 0xB3) | (before >= 0xBA);
        let first = (b == 0xA4) & ((c != 0xBC) | base & !composes);
        let second = (b == 0xA5) & (!within(c, 0x8D, 0x9F) | (c == 0x8D) & base);
        (a == 0xE0) & (first | second)
    }

    /// Thai; of the marks that have a class those on letters, and tones on any of them.
    #[inline(always)]
    fn is_thai(self) -> bool {
        let Lane { before3, before2, before, a, b, c } = self;
        let letter = (before3 == a) & (before2 == 0xB8);
        let tone = (before3 == a) & within(before2, 0xB8, 0xB9);
        let first = (b == 0xB8) & ((c < 0xB8) | letter & (before < 0xB8));
        let second = (b == 0xB9) & (!within(c, 0x88, 0x8B) | tone);
        (a == 0xE0) & (first | second)
    }

    /// U+3001 to U+EFFF but U+302A to U+303F, which has marks, the marks U+3099 and U+309A, and what stands
    /// before Hangul; U+FF00 to U+FF7F if they are kept.
    #[inline(always)]
    fn is_east_asian<const SIGNS: bool>(self) -> bool {
        let Lane { a, b, c, .. } = self;
        let mark = (a == 0xE3)
            & ((b == 0x80) & !within(c, 0x81, 0xA9) | (b == 0x82) & within(c, 0x99, 0x9A));
        let other = (a == 0xEA) & (b < 0xB0);
        let wide = SIGNS & (a == 0xEF) & within(b, 0xBC, 0xBD);
        (within(a, 0xE3, 0xEE) | wide) & !(mark | other)
    }
}

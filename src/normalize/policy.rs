//! What is done with which character: kinds of characters, scripts, and the optional folds.

use super::tables::{INDEX, LEAVES};
use super::{Dashes, Ellipsis, Ligatures, Nbsp, Normalization, Quotes, Width};

/// What the normalizer has to know about a character.
///
/// 0 is a character that is left alone wherever it stands and before which a segment begins
/// (NFC_Quick_Check=Yes, not a mark). 1 to [`LAST_MARK`] are marks with NFC_Quick_Check=Yes, in
/// the order of their combining classes. The rest are below.
pub(super) type Kind = u8;

pub(super) const PLAIN: Kind = 0;
pub(super) const LAST_MARK: Kind = 63;
/// NFC_Quick_Check=No, or Maybe but it decomposes (U+16121 to U+16128 and the like); what it
/// decomposes into begins with no mark.
pub(super) const DECOMPOSES: Kind = 64;
/// NFC_Quick_Check=No; it is a mark or decomposes into marks.
pub(super) const DECOMPOSES_TO_MARKS: Kind = 65;
/// A mark with NFC_Quick_Check=Maybe.
pub(super) const MAYBE_MARK: Kind = 66;
/// NFC_Quick_Check=Maybe, but combining class 0: vowel signs, Hangul jamo.
pub(super) const MAYBE_STARTER: Kind = 67;
/// Goes wherever it stands.
pub(super) const GOES: Kind = 68;
pub(super) const ZERO_WIDTH_SPACE: Kind = 69;
pub(super) const JOINER: Kind = 70;
pub(super) const VOWEL_SEPARATOR: Kind = 71;
pub(super) const BIDI: Kind = 72;
pub(super) const TAG: Kind = 73;
pub(super) const VARIATION: Kind = 74;
pub(super) const BREAK: Kind = 75;
pub(super) const BLANK: Kind = 76;
pub(super) const NO_BREAK: Kind = 77;
pub(super) const WIDE_BLANK: Kind = 78;
pub(super) const QUOTE: Kind = 79;
pub(super) const DASH: Kind = 80;
pub(super) const ELLIPSIS: Kind = 81;
pub(super) const LIGATURE: Kind = 82;
pub(super) const WIDTH: Kind = 83;

/// The kinds that are decided here; all others follow from the Unicode data.
#[cfg(test)]
pub(super) const KINDS: &[(std::ops::RangeInclusive<char>, Kind)] = &[
    ('\0'..='\u{8}', GOES),
    ('\t'..='\t', BLANK),
    ('\n'..='\r', BREAK),
    ('\u{E}'..='\u{1F}', GOES),
    (' '..=' ', BLANK),
    ('\u{7F}'..='\u{84}', GOES),
    ('\u{85}'..='\u{85}', BREAK),
    ('\u{86}'..='\u{9F}', GOES),
    ('\u{A0}'..='\u{A0}', NO_BREAK),
    ('\u{AB}'..='\u{AB}', QUOTE),
    ('\u{AD}'..='\u{AD}', GOES), // soft hyphen
    ('\u{BB}'..='\u{BB}', QUOTE),
    ('\u{61C}'..='\u{61C}', BIDI),
    ('\u{1680}'..='\u{1680}', BLANK),
    ('\u{180B}'..='\u{180D}', VARIATION),
    ('\u{180E}'..='\u{180E}', VOWEL_SEPARATOR),
    ('\u{180F}'..='\u{180F}', VARIATION),
    ('\u{2000}'..='\u{200A}', BLANK),
    ('\u{200B}'..='\u{200B}', ZERO_WIDTH_SPACE),
    ('\u{200C}'..='\u{200D}', JOINER),
    ('\u{200E}'..='\u{200F}', BIDI),
    ('\u{2010}'..='\u{2015}', DASH),
    ('\u{2018}'..='\u{201F}', QUOTE),
    ('\u{2026}'..='\u{2026}', ELLIPSIS),
    ('\u{2028}'..='\u{2029}', BREAK),
    ('\u{202A}'..='\u{202E}', BIDI),
    ('\u{202F}'..='\u{202F}', NO_BREAK),
    ('\u{2039}'..='\u{203A}', QUOTE),
    ('\u{205F}'..='\u{205F}', BLANK),
    ('\u{2060}'..='\u{2060}', GOES), // word joiner
    ('\u{2066}'..='\u{2069}', BIDI),
    ('\u{206A}'..='\u{206F}', GOES), // deprecated format characters
    ('\u{2212}'..='\u{2212}', DASH),
    ('\u{3000}'..='\u{3000}', WIDE_BLANK),
    ('\u{FB00}'..='\u{FB06}', LIGATURE),
    ('\u{FB13}'..='\u{FB17}', LIGATURE),
    ('\u{FE00}'..='\u{FE0F}', VARIATION),
    ('\u{FEFF}'..='\u{FEFF}', GOES), // byte order mark
    ('\u{FF01}'..='\u{FFBE}', WIDTH),
    ('\u{FFC2}'..='\u{FFC7}', WIDTH),
    ('\u{FFCA}'..='\u{FFCF}', WIDTH),
    ('\u{FFD2}'..='\u{FFD7}', WIDTH),
    ('\u{FFDA}'..='\u{FFDC}', WIDTH),
    ('\u{FFE0}'..='\u{FFE6}', WIDTH),
    ('\u{FFE8}'..='\u{FFEE}', WIDTH),
    ('\u{FFF9}'..='\u{FFFB}', GOES),   // interlinear annotation
    ('\u{E0001}'..='\u{E0001}', GOES), // language tag
    ('\u{E0020}'..='\u{E007F}', TAG),
    ('\u{E0100}'..='\u{E01EF}', VARIATION),
];

/// The kind of a character.
#[inline]
pub(super) fn kind(c: u32) -> Kind {
    match INDEX.get(c as usize >> 6) {
        Some(&leaf) => LEAVES[leaf as usize][c as usize & 63],
        // Beyond the table nothing has a kind but tags and variation selectors.
        None => match c {
            0xE0001 => GOES,
            0xE0020..=0xE007F => TAG,
            0xE0100..=0xE01EF => VARIATION,
            _ => PLAIN,
        },
    }
}

/// Whether a character of this kind can never begin a segment.
pub(super) fn is_mark(kind: Kind) -> bool {
    matches!(kind, 1..=LAST_MARK | DECOMPOSES_TO_MARKS | MAYBE_MARK)
}

/// Letters join or form conjuncts: ZWJ and ZWNJ change what is read.
pub(super) const JOINS: u8 = 1;
/// No spaces between words (Line_Break=SA, UAX #14): ZWSP says where one ends.
pub(super) const SPACELESS: u8 = 2;
pub(super) const RIGHT_TO_LEFT: u8 = 4;
pub(super) const MONGOLIAN: u8 = 8;
/// The blocks of symbols that emoji come from (UTS #51).
pub(super) const PICTURE: u8 = 16;

/// What is known of the script of a character: the bits above, by block.
pub(super) fn script(c: char) -> u8 {
    match c as u32 {
        0x61C => 0, // Arabic letter mark, a bidi control
        0x590..=0x8FF => RIGHT_TO_LEFT | JOINS,
        0x900..=0xDFF => JOINS,               // Devanagari to Sinhala
        0xE00..=0xEFF => SPACELESS,           // Thai, Lao
        0xF00..=0xFFF => JOINS,               // Tibetan
        0x1000..=0x109F => JOINS | SPACELESS, // Myanmar
        0x1700..=0x177F => JOINS,             // Tagalog to Tagbanwa
        0x1780..=0x17FF => JOINS | SPACELESS, // Khmer
        0x180B..=0x180F => 0,                 // Mongolian controls
        0x1800..=0x18AF => JOINS | MONGOLIAN,
        0x1950..=0x19DF => SPACELESS,         // Tai Le, New Tai Lue
        0x1A00..=0x1A1F => JOINS,             // Buginese
        0x1A20..=0x1AAF => JOINS | SPACELESS, // Tai Tham
        0x1B00..=0x1C4F => JOINS,             // Balinese to Lepcha
        0x1CD0..=0x1CFF => JOINS,             // Vedic
        0xA800..=0xA95F => JOINS,             // Syloti Nagri to Rejang
        0xA980..=0xA9DF => JOINS,             // Javanese
        0xA9E0..=0xA9FF => JOINS | SPACELESS, // Myanmar
        0xAA00..=0xAA5F => JOINS,             // Cham
        0xAA60..=0xAA7F => JOINS | SPACELESS, // Myanmar
        0xAA80..=0xAADF => SPACELESS,         // Tai Viet
        0xAAE0..=0xAAFF | 0xABC0..=0xABFF => JOINS, // Meetei Mayek
        0xFB1D..=0xFDFF | 0xFE70..=0xFEFC => RIGHT_TO_LEFT | JOINS,
        0x10800..=0x10FFF | 0x1E800..=0x1EFFF => RIGHT_TO_LEFT | JOINS,
        0x11700..=0x1174F => JOINS | SPACELESS, // Ahom
        0x11000..=0x11FFF => JOINS,
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 => PICTURE,
        0x2190..=0x21FF | 0x2300..=0x2328 | 0x232B..=0x23FF | 0x24C2 | 0x2500..=0x27BF => PICTURE,
        0x2900..=0x297F | 0x2B00..=0x2BFF => PICTURE,
        0x3030 | 0x303D | 0x3297 | 0x3299 => PICTURE,
        0x1F000..=0x1FAFF | 0x1FC00..=0x1FFFD => PICTURE,
        _ => 0,
    }
}

/// The length in bytes of the tags at the start of `text` if, after U+1F3F4, they make the flag
/// of a region: up to seven letters or digits and the end tag (UTS #51, emoji tag sequence).
///
/// More letters name no region; they would only carry hidden text.
pub(super) fn flag(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let is_spec = |c: &char| matches!(c, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}');
    let spec = chars.by_ref().take(8).take_while(is_spec).count();
    // `take_while` has consumed the character after the letters: the end tag, if it is a flag.
    let end = text.chars().nth(spec);
    ((1..=7).contains(&spec) && end == Some('\u{E007F}')).then_some((spec + 1) * 4)
}

/// What the options replace characters of `kind` by, if they do.
pub(super) fn is_folded(kind: Kind, options: &Normalization) -> bool {
    match kind {
        QUOTE => options.quotes == Quotes::Straighten,
        DASH => options.dashes == Dashes::Straighten,
        ELLIPSIS => options.ellipsis == Ellipsis::Dots,
        LIGATURE => options.ligatures == Ligatures::Split,
        WIDTH | WIDE_BLANK => options.width == Width::Fold,
        NO_BREAK => options.nbsp == Nbsp::Space,
        _ => false,
    }
}

/// Calls `emit` with what a quote, dash, ellipsis, ligature or wide or narrow form is folded to.
pub(super) fn fold(c: char, mut emit: impl FnMut(char)) {
    let folded = match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '«' | '»' | '\u{201C}'..='\u{201F}' => "\"",
        '\u{2018}'..='\u{201B}' | '‹' | '›' => "'",
        '…' => "...",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        'ﬓ' => "մն",
        'ﬔ' => "մե",
        'ﬕ' => "մի",
        'ﬖ' => "վն",
        'ﬗ' => "մխ",
        _ => return emit(fold_width(c)),
    };
    folded.chars().for_each(emit);
}

/// What is `<wide>` and `<narrow>` in the Unicode data.
fn fold_width(c: char) -> char {
    const KATAKANA: [char; 63] = [
        '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ',
        'ー', 'ア', 'イ', 'ウ', 'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ',
        'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ',
        'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ',
        'ン', '\u{3099}', '\u{309A}',
    ];
    const SIGNS: [char; 15] =
        ['¢', '£', '¬', '¯', '¦', '¥', '₩', '\u{FFE7}', '│', '←', '↑', '→', '↓', '■', '○'];
    let code = c as u32;
    // The first of the range, and what it becomes.
    let (from, to) = match code {
        0xFF01..=0xFF5E => (0xFF01, 0x21),
        0xFF5F..=0xFF60 => (0xFF5F, 0x2985),
        0xFF61..=0xFF9F => return KATAKANA[code as usize - 0xFF61],
        0xFFA0 => (0xFFA0, 0x3164),
        0xFFA1..=0xFFBE => (0xFFA1, 0x3131),
        0xFFC2..=0xFFC7 => (0xFFC2, 0x314F),
        0xFFCA..=0xFFCF => (0xFFCA, 0x3155),
        0xFFD2..=0xFFD7 => (0xFFD2, 0x315B),
        0xFFDA..=0xFFDC => (0xFFDA, 0x3161),
        0xFFE0..=0xFFEE => return SIGNS[code as usize - 0xFFE0],
        _ => return c,
    };
    char::from_u32(code - from + to).unwrap_or(c)
}

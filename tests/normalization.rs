//! What the normalizer does, case by case, through the public interface.

use std::borrow::Cow;

use unfurnish::{
    Cleaner, Dashes, Ellipsis, Ligatures, Nbsp, Normalization, Profile, Quotes, Width,
};

fn cleaner(normalization: Normalization) -> Cleaner {
    let builder = Cleaner::builder().profile(Profile::Normalize).normalization(normalization);
    builder.build().expect("there are no rules to fail")
}

/// Every case, alone and in the middle of a text, becomes what stands next to it and then stays.
#[track_caller]
fn check(normalization: Normalization, cases: &[(&str, &str)]) {
    let cleaner = cleaner(normalization);
    for (text, expected) in cases {
        assert_eq!(cleaner.clean(text).text(), *expected, "of {text:?}");
        assert_eq!(cleaner.clean(expected).text(), *expected, "again");
        let long = "a clean line of a few words and more of them\n\n";
        let inside = format!("{long}x{text}x\n{long}");
        let cleaned = cleaner.clean(&inside);
        let expected = cleaner.clean(&format!("x{text}x")).text().to_owned();
        assert_eq!(cleaned.text(), format!("{long}{expected}\n{long}"), "inside, {text:?}");
    }
}

#[test]
fn line_breaks() {
    let cases = [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f", "a\nb\nc\nd\ne\nf"),
        ("a\n\nb", "a\n\nb"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\r\n\r\n\r\nb", "a\n\nb"),
        ("a\n \n\t\n\u{A0}\nb", "a\n\nb"),
        ("a\n\u{FEFF}\n\u{200B}\nb", "a\n\nb"),
        ("a\n", "a\n"),
        ("a\n\n\n", "a\n\n"),
        ("\n\n\na", "\n\na"),
    ];
    check(Normalization::default(), &cases);
}

#[test]
fn blanks() {
    let cases = [
        ("a  b", "a b"),
        ("a \t b\tc", "a\tb\tc"),
        ("a\u{2003}b\u{1680}c\u{205F}d", "a b c d"),
        ("12\u{202F}000\u{A0}€\u{202F}!", "12 000 € !"),
        ("a \t\nb\u{A0}\n", "a\nb\n"),
        ("a\n   \nb", "a\n\nb"),
        ("  a", "  a"),
        ("\ta\n\t\tb  c\n    d", "\ta\n\t\tb c\n    d"),
        ("\u{A0}\u{A0}a", "  a"),
        (" \u{AD} a", "  a"),
        ("a \u{AD} b", "a b"),
        ("   ", ""),
        (
            "東京\u{3000}\u{3000}大阪\u{3000} \n\u{3000}\u{3000}京都",
            "東京\u{3000}大阪\n\u{3000}\u{3000}京都",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(cleaner(Normalization::default()).clean(text).text(), expected, "of {text:?}");
    }
    check(
        Normalization::default().nbsp(Nbsp::Keep),
        &[
            ("12\u{202F}000\u{A0}€\u{202F}!", "12\u{202F}000\u{A0}€\u{202F}!"),
            ("a  \u{A0}b", "a \u{A0}b"),
        ],
    );
}

#[test]
fn invisibles_by_script() {
    let cases = [
        // Controls, soft hyphens, byte order marks, joiners where nothing joins.
        ("a\0b\u{7}c\u{7F}d\u{9D}e", "abcde"),
        ("\u{FEFF}Be\u{AD}trieb\u{2060}s\u{200B}rat", "Betriebsrat"),
        ("Auf\u{200C}lage", "Auflage"),
        ("a\u{FFFD}b\u{FFFF}", "a\u{FFFD}b\u{FFFF}"),
        ("п\u{2BC}ять", "п\u{2BC}ять"),
        // Persian, Hindi, Sinhala.
        ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("می\u{200C}\u{200C}خواهم", "می\u{200C}خواهم"),
        ("क्\u{200D}ष", "क्\u{200D}ष"),
        ("ශ්\u{200D}රී", "ශ්\u{200D}රී"),
        // Khmer and Thai; but not Latin among it.
        ("ភាសា\u{200B}ខ្មែរ", "ភាសា\u{200B}ខ្មែរ"),
        ("ภาษา\u{200B}ไทย\u{200B}abc", "ภาษา\u{200B}ไทยabc"),
        // Mongolian.
        ("ᠬᠠᠷ\u{180E}ᠠ a\u{180E}b", "ᠬᠠᠷ\u{180E}ᠠ ab"),
        // Bidi controls in a line with right-to-left letters, and in one without.
        ("C++\u{200E} هو لغة", "C++\u{200E} هو لغة"),
        ("C++\u{200E} is\u{202E} a language", "C++ is a language"),
        // Emoji: families, presentation, flags. And text hidden in tags.
        ("👩\u{200D}👩\u{200D}👧 👍🏽\u{200D}x", "👩\u{200D}👩\u{200D}👧 👍🏽x"),
        ("❤\u{FE0F} 1\u{FE0F}\u{20E3} a \u{FE0F}b", "❤\u{FE0F} 1\u{FE0F}\u{20E3} a b"),
        (
            "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
            "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        ),
        ("🏴\u{E0068}\u{E0069} a\u{E0068}\u{E0069}\u{E007F}", "🏴 a"),
        ("a\u{FE0F}\u{E0101}\u{E0102}b", "a\u{FE0F}b"),
    ];
    for (text, expected) in cases {
        assert_eq!(cleaner(Normalization::default()).clean(text).text(), expected, "of {text:?}");
    }
}

#[test]
fn composition() {
    let cases = [
        ("e\u{301}te\u{301}", "été"),
        ("Vie\u{323}\u{302}t", "Việt"),
        ("q\u{307}\u{323}", "q\u{323}\u{307}"),
        ("x\u{301}", "x\u{301}"),
        ("\u{212B}\u{2126}", "ÅΩ"),
        ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
        ("\u{958}", "\u{915}\u{93C}"),
        // What goes was between a letter and its mark.
        ("e\u{AD}\u{301}", "é"),
        ("e\u{200D}\u{301}\u{FEFF}\u{323}", "\u{1EB9}\u{301}"),
    ];
    check(Normalization::default(), &cases);
}

#[test]
fn options() {
    let text = "“a” ‘b’ «c» – d — e−f … ﬁﬄ ＡＢ１！ ｶﾞｷﾞ ￦\u{3000}ﾡ";
    let keep = cleaner(Normalization::default());
    assert!(matches!(keep.clean(text).into_text(), Cow::Borrowed(_)));
    let all = Normalization::default()
        .quotes(Quotes::Straighten)
        .dashes(Dashes::Straighten)
        .ellipsis(Ellipsis::Dots)
        .ligatures(Ligatures::Split)
        .width(Width::Fold);
    check(all, &[(text, "\"a\" 'b' \"c\" - d - e-f ... fiffl AB1! ガギ ₩ ㄱ")]);
    check(Normalization::default().ligatures(Ligatures::Split), &[("ﬀ\u{307}", "f\u{1E1F}")]);
}

#[test]
fn edits_are_fine() {
    let text = "Cafe\u{301} noir\u{A0}!\r\nA  table\u{AD}s";
    let cleaner = cleaner(Normalization::default());
    let cleaned = cleaner.clean(text);
    let edits: Vec<_> = cleaned.edits().map(|edit| (&text[edit.span], edit.replacement)).collect();
    assert_eq!(edits, [("e\u{301}", "é"), ("\u{A0}", " "), ("\r", ""), (" ", ""), ("\u{AD}", "")]);
}

#[test]
fn bytes() {
    let cleaner = cleaner(Normalization::default());
    let cleaned = cleaner.clean_bytes(b"a\xFF\xFEb\xE2\x80 e\xCC\x81");
    assert_eq!(cleaned.text(), "a\u{FFFD}\u{FFFD}b\u{FFFD} é");
    assert_eq!(cleaned.invalid_sequences(), 3);
}

//! The laws, against random text made of everything that is treated specially; and the tables.

use std::fmt::Write as _;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{
    canonical_combining_class, decompose_canonical, decompose_compatible,
};
use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::looks::{LANES, Look};
use super::policy::{self, *};
use super::*;

fn all_chars() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

fn normal(text: &str, options: &Normalization) -> String {
    normalize(text, options).text.into_owned()
}

/// Does to `input` what the splices say.
fn replay(input: &[u8], text: &str, splices: &[Splice]) -> Vec<u8> {
    let (mut out, mut read) = (Vec::new(), 0);
    for splice in splices {
        assert!(splice.input.start >= read && splice.input.end >= splice.input.start);
        out.extend(&input[read..splice.input.start]);
        assert_eq!(out.len(), splice.output.start);
        out.extend(text[splice.output.clone()].as_bytes());
        read = splice.input.end;
    }
    out.extend(&input[read..]);
    out
}

/// The normalizer as it would be written if time did not matter.
fn oracle(text: &str, options: &Normalization) -> String {
    let input: Vec<char> = text.chars().collect();
    let width_kept = options.width == Width::Keep;
    let is_blank = |c: char| matches!(c, ' ' | '\t') || c == '\u{3000}' && width_kept;
    let starts = |c: char| {
        let mut first = None;
        decompose_canonical(c, |c| first = first.or(Some(c)));
        canonical_combining_class(first.unwrap()) == 0
    };
    let is_variation = |c: char| {
        matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{E0100}'..='\u{E01EF}')
    };
    let is_tag = |c: char| ('\u{E0020}'..='\u{E007F}').contains(&c);
    let is_break =
        |c: char| matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut out: Vec<char> = Vec::new();
    let mut i = 0;
    while i < input.len() {
        let c = input[i];
        let next = input.get(i + 1).copied();
        let follows = next.filter(|&c| starts(c)).map_or(0, script);
        let base = out.iter().rev().copied().find(|&c| {
            starts(c) && !is_variation(c) && !is_tag(c) && !('\u{200C}'..='\u{200D}').contains(&c)
        });
        let base = base.map_or(0, script);
        let last = out.last().copied();
        i += 1;
        let stays = match c {
            '\r' if next == Some('\n') => false,
            c if is_break(c) => {
                out.push('\n');
                continue;
            }
            '\t' => true,
            '\u{AD}' | '\u{2060}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{E0001}' => false,
            '\u{FFF9}'..='\u{FFFB}' => false,
            c if c.is_control() => false,
            '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{205F}' => {
                out.push(' ');
                continue;
            }
            '\u{A0}' | '\u{202F}' if options.nbsp == Nbsp::Space => {
                out.push(' ');
                continue;
            }
            '\u{3000}' if !width_kept => {
                out.push(' ');
                continue;
            }
            '\u{200B}' => base & follows & SPACELESS != 0,
            '\u{180E}' => base & follows & MONGOLIAN != 0,
            '\u{200C}' | '\u{200D}' if last == Some(c) => false,
            '\u{200C}' => (base | follows) & JOINS != 0,
            '\u{200D}' => (base | follows) & JOINS != 0 || base & follows & PICTURE != 0,
            '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}' => {
                let before = input[..i].iter().rev().take_while(|&&c| !is_break(c));
                let after = input[i..].iter().take_while(|&&c| !is_break(c));
                before.chain(after).any(|&c| script(c) & RIGHT_TO_LEFT != 0)
            }
            c if is_variation(c) => {
                last.is_some_and(|l| !is_blank(l) && l != '\n' && !is_variation(l))
            }
            c if is_tag(c) => {
                let run: Vec<char> =
                    input[i - 1..].iter().copied().take_while(|&c| is_tag(c)).collect();
                let spec: Vec<char> =
                    run.iter().copied().take_while(|&c| c != '\u{E007F}').collect();
                let flag = last == Some('\u{1F3F4}')
                    && (1..=7).contains(&spec.len())
                    && spec.len() < run.len()
                    && spec.iter().all(|&c| {
                        let c = char::from_u32(c as u32 - 0xE0000).unwrap();
                        c.is_ascii_lowercase() || c.is_ascii_digit()
                    });
                let length = if flag { spec.len() + 1 } else { run.len() };
                out.extend(if flag { &run[..length] } else { &[] });
                i += length - 1;
                continue;
            }
            c => {
                let folded = match c {
                    '«' | '»' | '‹' | '›' | '‘'..='‟' => {
                        options.quotes == Quotes::Straighten
                    }
                    '‐'..='―' | '−' => options.dashes == Dashes::Straighten,
                    '…' => options.ellipsis == Ellipsis::Dots,
                    'ﬀ'..='ﬆ' | 'ﬓ'..='ﬗ' => options.ligatures == Ligatures::Split,
                    '\u{FF01}'..='\u{FFEE}' => !width_kept,
                    _ => false,
                };
                if folded {
                    fold(c, |c| out.push(c));
                    continue;
                }
                true
            }
        };
        if stays {
            out.push(c);
        }
    }
    let composed: String = out.into_iter().nfc().collect();
    let lines: Vec<String> = composed
        .split('\n')
        .map(|line| {
            let line = line.trim_end_matches(is_blank);
            let words = line.trim_start_matches(is_blank);
            let mut tidy = line[..line.len() - words.len()].to_owned();
            let mut run = String::new();
            for c in words.chars() {
                if is_blank(c) {
                    run.push(c);
                    continue;
                }
                let best = ['\t', '\u{3000}', ' '].into_iter().find(|&best| run.contains(best));
                tidy.extend(best);
                tidy.push(c);
                run.clear();
            }
            tidy
        })
        .collect();
    let mut text = lines.join("\n");
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

/// Everything that is treated specially, and some that is not.
const NASTY: &[&str] = &[
    "a",
    "b",
    "e",
    "o",
    "s",
    "1",
    "<",
    "=",
    "?",
    ".",
    "\u{E9}",
    "\u{E2}",
    "\u{1E63}",
    "\u{212B}",
    "\u{301}",
    "\u{308}",
    "\u{323}",
    "\u{327}",
    "\u{338}",
    "\u{345}",
    "\u{334}",
    "\u{344}",
    "\u{340}",
    "\u{F71}",
    "\u{F72}",
    "\u{F73}",
    "\u{F40}",
    "\u{FB1D}",
    "\u{5D9}",
    "\u{5B4}",
    "\u{1100}",
    "\u{1161}",
    "\u{11A8}",
    "\u{AC00}",
    "\u{AC01}",
    "\u{915}",
    "\u{93C}",
    "\u{94D}",
    "\u{958}",
    "\u{9C7}",
    "\u{9BE}",
    "\u{9D7}",
    "\u{DD9}",
    "\u{DCA}",
    "\u{DCF}",
    "\u{627}",
    "\u{653}",
    "\u{628}",
    "\u{64B}",
    "\u{6CC}",
    "\u{E01}",
    "\u{E38}",
    "\u{E34}",
    "\u{1780}",
    "\u{17D2}",
    "\u{1000}",
    "\u{1820}",
    "\u{180B}",
    "\u{180E}",
    "\u{1D15E}",
    "\u{1109A}",
    "\u{110BA}",
    "\u{2F800}",
    "\u{F900}",
    "\u{30AB}",
    "\u{3099}",
    "\u{FF76}",
    "\u{FF9E}",
    "\u{FF21}",
    "\u{FF0C}",
    "\u{FF0D}",
    "\u{FFA1}",
    "\u{FFA0}",
    "\u{FFE3}",
    "\u{FFE6}",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\u{B}",
    "\u{C}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{A0}",
    "\u{202F}",
    "\u{2003}",
    "\u{2000}",
    "\u{1680}",
    "\u{3000}",
    "\0",
    "\u{7F}",
    "\u{9B}",
    "\u{AD}",
    "\u{200B}",
    "\u{200C}",
    "\u{200D}",
    "\u{200E}",
    "\u{202E}",
    "\u{2068}",
    "\u{61C}",
    "\u{2060}",
    "\u{FEFF}",
    "\u{FFF9}",
    "\u{206A}",
    "\u{34F}",
    "\u{2BC}",
    "\u{FE0F}",
    "\u{FE00}",
    "\u{E0100}",
    "\u{1F3F4}",
    "\u{E0067}",
    "\u{E0062}",
    "\u{E0031}",
    "\u{E007F}",
    "\u{E0041}",
    "\u{E0001}",
    "\u{1F468}",
    "\u{1F3FD}",
    "\u{2764}",
    "\u{2194}",
    "\u{21AE}",
    "\u{1F469}\u{200D}\u{1F467}",
    "\u{2018}",
    "\u{201D}",
    "\u{AB}",
    "\u{2013}",
    "\u{2212}",
    "\u{2026}",
    "\u{FB01}",
    "\u{FB03}",
    "\u{FB05}",
    "\u{FB14}",
    "\u{FFFD}",
    "\u{FFFF}",
    "\u{E000}",
    "\u{10FFFF}",
    "\u{4E00}",
    "\u{3002}",
    "\u{42F}",
    "plain words, and more of them. ",
];

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        20 => proptest::sample::select(NASTY).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn any_options() -> impl Strategy<Value = Normalization> {
    any::<[bool; 6]>().prop_map(|[quotes, dashes, ellipsis, ligatures, width, nbsp]| {
        Normalization {
            quotes: if quotes { Quotes::Straighten } else { Quotes::Keep },
            dashes: if dashes { Dashes::Straighten } else { Dashes::Keep },
            ellipsis: if ellipsis { Ellipsis::Dots } else { Ellipsis::Keep },
            ligatures: if ligatures { Ligatures::Split } else { Ligatures::Keep },
            width: if width { Width::Fold } else { Width::Keep },
            nbsp: if nbsp { Nbsp::Keep } else { Nbsp::Space },
        }
    })
}

/// All laws for one text.
fn check(text: &str, options: &Normalization) -> Result<(), TestCaseError> {
    let normalized = normalize(text, options);
    prop_assert_eq!(&*normalized.text, &*oracle(text, options), "of {:?}", text);
    let again = normalize(&normalized.text, options);
    prop_assert_eq!(&again.text, &normalized.text, "again, from {:?}", text);
    prop_assert!(matches!(again.text, Cow::Borrowed(_)) && again.splices.is_empty());
    prop_assert_eq!(matches!(normalized.text, Cow::Borrowed(_)), normalized.text == text);
    let replayed = replay(text.as_bytes(), &normalized.text, &normalized.splices);
    prop_assert_eq!(&*replayed, normalized.text.as_bytes());
    for pair in normalized.splices.windows(2) {
        prop_assert!(pair[0].input.end < pair[1].input.start, "{:?}", pair);
    }
    for splice in &normalized.splices {
        prop_assert_ne!(&text[splice.input.clone()], &normalized.text[splice.output.clone()]);
    }
    Ok(())
}

proptest! {
    // The texts are short; PROPTEST_CASES asks for more of them.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2048)))]

    #[test]
    fn laws_hold_for_nasty_text(text in nasty(), options in any_options()) {
        check(&text, &options)?;
    }

    #[test]
    fn bytes_are_accounted_for(
        pieces in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(NASTY).prop_map(|piece| piece.as_bytes().to_vec()),
                proptest::collection::vec(any::<u8>(), 0..4),
            ],
            0..12,
        ),
        options in any_options(),
    ) {
        let bytes = pieces.concat();
        let decoded = decode(&bytes);
        prop_assert_eq!(&*decoded.text, &*String::from_utf8_lossy(&bytes));
        prop_assert_eq!(replay(&bytes, &decoded.text, &decoded.splices), decoded.text.as_bytes());
        let normalized = normalize(&decoded.text, &options);
        let splices = compose(&decoded.splices, &normalized.splices);
        prop_assert_eq!(replay(&bytes, &normalized.text, &splices), normalized.text.as_bytes());
    }

    #[test]
    fn compose_is_one_step_after_the_other(
        text in nasty(), first in any_options(), second in any_options(),
    ) {
        let one = normalize(&text, &first);
        let two = normalize(&one.text, &second);
        let splices = compose(&one.splices, &two.splices);
        prop_assert_eq!(replay(text.as_bytes(), &two.text, &splices), two.text.as_bytes());
    }
}

/// The scanner looks at 32 bytes and some around them at once: every special thing at every place of a
/// window, in texts that end anywhere in the next.
#[test]
fn every_alignment() {
    let options = Normalization::default();
    for special in NASTY {
        for before in (0..=36).chain(60..=68) {
            for after in [0, 1, 2, 7, 31, 32, 33, 34] {
                let text = format!("{}{special}{}", "x".repeat(before), "y".repeat(after));
                assert_eq!(normal(&text, &options), oracle(&text, &options), "of {text:?}");
            }
        }
    }
    for before in 0..70 {
        for pair in NASTY.windows(2) {
            let text =
                format!("{}{}{}", "ж".repeat(before / 2), "x".repeat(before % 2), pair.concat());
            assert_eq!(normal(&text, &options), oracle(&text, &options), "of {text:?}");
        }
    }
}

#[test]
fn clean_text_is_borrowed() {
    let clean = [
        "",
        "\n",
        "One line, with “quotes” – and so on…\n\nAnother\tcell\n    indented\n",
        "Größe, élève, Ελληνικά, Привет, 中文。\u{3000}かな, 한국어, ไทย, हिन्दी, فارسی\u{200C}ها",
        "👩\u{200D}👧 ❤\u{FE0F} 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    ];
    for text in clean {
        let normalized = normalize(text, &Normalization::default());
        assert!(matches!(normalized.text, Cow::Borrowed(_)), "{text:?}");
        assert_eq!(normalized.splices.capacity(), 0);
    }
}

/// A million marks on one letter, and hundreds of thousands of what is worst for looking back and
/// ahead.
#[test]
fn storms_take_linear_time() {
    let repeated = |before: &str, piece: &str| {
        let count = if before == "a" { 1_000_000 } else { 200_000 };
        format!("{before}{}", piece.repeat(count / piece.chars().count()))
    };
    let storms = [
        repeated("a", "\u{301}"),
        repeated("a", "\u{301}\u{323}"),
        repeated("a", "\u{334}\u{5B4}\u{323}\u{327}\u{345}"),
        repeated("a", "\u{301}\u{200D}"),
        repeated("\u{628}", "\u{301}\u{200D}"),
        repeated("", "\u{64B}"),
        repeated("\u{5D0}", "x\u{200E}"),
        repeated("", "x\u{200E}"),
        repeated("\u{1F3F4}", "\u{E0067}"),
        repeated("", "\u{1F3F4}\u{E0067}\u{E0041}"),
        repeated("x", "\u{FE0F}"),
        repeated("", "\u{AD}"),
        repeated("", " \u{AD}"),
        repeated("", "\n"),
        repeated("x", " "),
        repeated("", "\r\n \t"),
        repeated("", "\u{3000}"),
        repeated("", "e\u{301}"),
        repeated("", "\u{1100}\u{1161}"),
        repeated("", "\u{2F800}"),
        repeated("", "\u{93C}"),
        repeated("\u{915}", "\u{94D}\u{200D}\u{200C}"),
    ];
    let started = std::time::Instant::now();
    for storm in &storms {
        let normalized = normalize(storm, &Normalization::default());
        let replayed = replay(storm.as_bytes(), &normalized.text, &normalized.splices);
        assert!(replayed == normalized.text.as_bytes());
    }
    // Seconds without optimization; an hour if one of them were quadratic.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

fn conformance_lines() -> impl Iterator<Item = (String, [String; 5])> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/NormalizationTest.txt");
    let file = std::fs::read_to_string(path).expect("the conformance test is there");
    let mut part = String::new();
    let mut lines = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('@') {
            part = line.to_owned();
            continue;
        }
        let mut columns = line.split(';').map(|column| -> String {
            let codes = column.split_whitespace();
            codes
                .map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap())
                .collect()
        });
        lines.push((part.clone(), std::array::from_fn(|_| columns.next().unwrap())));
    }
    lines.into_iter()
}

fn nfc(text: &str) -> String {
    let mut composer = nfc::Composer::default();
    text.chars().for_each(|c| composer.push(c));
    let mut composed = String::new();
    composer.finish(&mut composed);
    composed
}

/// Whether the normalizer does no more to this text than NFC.
fn is_nfc_only(text: &str) -> bool {
    text.chars().all(|c| matches!(policy::kind(c as u32), ..GOES | QUOTE..))
}

/// UAX #15, conformance: every line of the file, every column, for NFC.
#[test]
fn conforms_to_nfc() {
    let version =
        format!("{}.{}.{}", unicode_version().0, unicode_version().1, unicode_version().2);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/NormalizationTest.txt");
    let file = std::fs::read_to_string(path).unwrap();
    assert!(file.starts_with(&format!("# NormalizationTest-{version}.txt")));

    let options = Normalization::default();
    let mut listed = std::collections::HashSet::new();
    let (mut lines, mut whole) = (0, 0);
    for (part, [c1, c2, c3, c4, c5]) in conformance_lines() {
        lines += 1;
        let cases = [(&c1, &c2), (&c2, &c2), (&c3, &c2), (&c4, &c4), (&c5, &c4)];
        for (text, composed) in cases {
            assert_eq!(nfc(text), *composed, "nfc of {text:?}");
            if is_nfc_only(text) {
                assert_eq!(normal(text, &options), *composed, "normalize of {text:?}");
                whole += 1;
            } else {
                assert_eq!(normal(text, &options), oracle(text, &options), "normalize of {text:?}");
            }
        }
        if part.starts_with("@Part1") {
            listed.extend(c1.chars());
        }
    }
    assert_eq!(lines, 20_171);
    // The rest are blanks, which become U+0020.
    assert!(whole > 5 * 20_171 - 250, "{whole} columns without policy");
    for c in all_chars().filter(|c| !listed.contains(c)) {
        let text = c.to_string();
        assert_eq!(nfc(&text), text);
        if is_nfc_only(&text) {
            assert_eq!(normal(&text, &options), text);
        }
    }
}

/// The kind of a character by its definition, not by the table.
fn kind_by_data(c: char) -> Kind {
    if let Some((_, kind)) = KINDS.iter().find(|(range, _)| range.contains(&c)) {
        return *kind;
    }
    let class = canonical_combining_class(c);
    let mut first = 0;
    decompose_canonical(c, |c| first = if first == 0 { c as u32 } else { first });
    let first = char::from_u32(first).unwrap();
    match is_nfc_quick(std::iter::once(c)) {
        IsNormalized::No if class == 0 && canonical_combining_class(first) == 0 => DECOMPOSES,
        IsNormalized::No => DECOMPOSES_TO_MARKS,
        IsNormalized::Maybe if class == 0 && first != c => DECOMPOSES,
        IsNormalized::Maybe if class == 0 => MAYBE_STARTER,
        IsNormalized::Maybe => MAYBE_MARK,
        IsNormalized::Yes if class == 0 => PLAIN,
        IsNormalized::Yes => mark_kinds().binary_search(&class).unwrap() as Kind + 1,
    }
}

/// The combining classes in use, in order: a mark's kind is the place of its class here.
fn mark_kinds() -> &'static [u8] {
    static CLASSES: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        let classes = all_chars().map(canonical_combining_class).filter(|&class| class > 0);
        let classes: std::collections::BTreeSet<u8> = classes.collect();
        assert!(classes.len() <= LAST_MARK as usize);
        classes.into_iter().collect()
    });
    &CLASSES
}

/// `src/normalize/tables.rs` is what the Unicode data say; `BLESS=1` rewrites it.
#[test]
fn tables_are_up_to_date() {
    let mut leaves: Vec<Vec<Kind>> = Vec::new();
    let mut index = Vec::new();
    let end = 0x30000;
    for block in (0..end).step_by(64) {
        let kinds: Vec<Kind> =
            (block..block + 64).map(|c| char::from_u32(c).map_or(PLAIN, kind_by_data)).collect();
        let leaf = leaves.iter().position(|leaf| *leaf == kinds).unwrap_or(leaves.len());
        if leaf == leaves.len() {
            leaves.push(kinds);
        }
        index.push(leaf);
    }
    let mut source = String::from(
        "//! Kinds of characters, made by the test `tables_are_up_to_date` with `BLESS=1`. Do not edit.\n\n",
    );
    let (major, minor, update) = unicode_version();
    let row = |source: &mut String, values: &[u8], indent: &str| {
        for values in values.chunks(24) {
            let values: Vec<String> = values.iter().map(u8::to_string).collect();
            writeln!(source, "{indent}{},", values.join(", ")).unwrap();
        }
    };
    let index: Vec<u8> = index.into_iter().map(|leaf| u8::try_from(leaf).unwrap()).collect();
    writeln!(source, "/// The leaf of every 64 characters; Unicode {major}.{minor}.{update}.")
        .unwrap();
    writeln!(source, "#[rustfmt::skip]\npub(super) static INDEX: [u8; {}] = [", index.len())
        .unwrap();
    row(&mut source, &index, "    ");
    writeln!(source, "];\n\n/// The kinds of 64 characters.").unwrap();
    writeln!(
        source,
        "#[rustfmt::skip]\npub(super) static LEAVES: [[u8; 64]; {}] = [",
        leaves.len()
    )
    .unwrap();
    for leaf in leaves {
        source.push_str("    [\n");
        row(&mut source, &leaf, "        ");
        source.push_str("    ],\n");
    }
    source.push_str("];\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/normalize/tables.rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, source).unwrap();
    } else {
        assert!(std::fs::read_to_string(path).unwrap() == source, "run this test with BLESS=1");
        for c in all_chars() {
            assert_eq!(policy::kind(c as u32), kind_by_data(c), "U+{:04X}", c as u32);
        }
    }
}

/// The first look lets pass whole lead bytes.
#[test]
fn plain_leads_lead_plain_characters() {
    for c in all_chars().filter(|c| !c.is_ascii()) {
        let lead = c.to_string().as_bytes()[0];
        assert!(!scan::leads_plain(lead) || policy::kind(c as u32) == PLAIN, "U+{:04X}", c as u32);
    }
}

/// A character that has two bytes is told by these, whatever follows.
#[test]
fn plain_sequences_are_plain_characters() {
    for c in all_chars().filter(|c| !c.is_ascii()) {
        let kind = policy::kind(c as u32);
        let is_sign = matches!(kind, QUOTE | DASH | ELLIPSIS | WIDTH);
        for next in ['a', 'é', '\u{BF}', '\u{3099}'] {
            let text = format!("{c}{next}");
            let [a, b, third] = text.as_bytes()[..3] else { unreachable!() };
            for keeps_signs in [false, true] {
                let plain = kind == PLAIN || keeps_signs && is_sign;
                assert!(!scan::is_plain(a, b, third, keeps_signs) || plain, "U+{:04X}", c as u32);
            }
        }
    }
}

/// What a look lets pass needs nothing, whatever it stands on.
#[test]
fn looks_pass_what_needs_nothing() {
    fn passes<const SIGNS: bool>(look: Look, text: &str) -> bool {
        look.pass::<SIGNS>(&[b"xxx", text.as_bytes()].concat(), 3) > 3
    }
    let keeps = Normalization::default();
    let folds = Normalization {
        quotes: Quotes::Straighten,
        dashes: Dashes::Straighten,
        ellipsis: Ellipsis::Dots,
        ligatures: Ligatures::Split,
        width: Width::Fold,
        nbsp: Nbsp::Space,
    };
    let special = all_chars().filter(|&c| policy::kind(c as u32) != PLAIN);
    let bases = [
        "",
        " ",
        "x",
        "é",
        "д",
        "א",
        "ا",
        "ک",
        "ی",
        "क",
        "क\u{93C}",
        "क\u{94D}",
        "ก",
        "ก\u{E48}",
        "か",
    ];
    for c in special {
        for base in bases {
            let text = format!("{base}{c}{}", "x".repeat(40));
            for look in Look::ALL {
                let same = |options| oracle(&text, options) == text;
                assert!(!passes::<true>(look, &text) || same(&keeps), "{look:?}: {text:?}");
                assert!(!passes::<false>(look, &text) || same(&folds), "{look:?}: {text:?}");
            }
        }
    }
}

/// Marks on letters and on each other, at every place of a window.
#[test]
fn marks_in_their_own_script() {
    const SCRIPTS: [&[char]; 5] = [
        &[
            'ا', 'ك', 'ک', 'ی', '\u{64B}', '\u{651}', '\u{653}', '\u{670}', '\u{6D6}', '\u{200C}',
            '\u{610}',
        ],
        &[
            'क', 'न', 'र', 'ळ', 'ा', '\u{93C}', '\u{94D}', '\u{951}', '\u{334}', '\u{200D}', '।',
            'স',
        ],
        &['ก', 'า', 'เ', '\u{E38}', '\u{E3A}', '\u{E48}', '\u{E4D}', '\u{334}', '\u{E33}'],
        &['か', 'ガ', '漢', '、', '\u{3099}', '\u{302A}', '\u{3000}', '！', '가', '\u{11A8}'],
        &['д', 'и', 'ґ', 'α', '\u{387}', '\u{306}', '\u{483}', 'ж', 'ế'],
    ];
    let options = Normalization::default();
    for script in SCRIPTS {
        for &first in script {
            for (&second, &third) in script.iter().flat_map(|a| script.iter().map(move |b| (a, b)))
            {
                for before in 0..LANES {
                    let filler = script[0].to_string().repeat(before / script[0].len_utf8());
                    let filler = filler + &"x".repeat(before % script[0].len_utf8());
                    let text = format!("{filler}{first}{second}{third}{}", "x".repeat(40));
                    assert_eq!(normal(&text, &options), oracle(&text, &options), "of {text:?}");
                }
            }
        }
    }
}

/// What decisions look at is the same before and after NFC and after the folds.
#[test]
fn contexts_survive() {
    for c in all_chars() {
        let kind = policy::kind(c as u32);
        assert!(canonical_combining_class(c) == 0 || is_mark(kind), "U+{:04X}", c as u32);
        let mut parts = Vec::new();
        decompose_canonical(c, |c| parts.push(c));
        let unmarked = parts.iter().filter(|&&c| !is_mark(policy::kind(c as u32)));
        if is_mark(kind) {
            assert_eq!(unmarked.count(), 0, "U+{:04X}", c as u32);
        } else {
            assert!(!is_mark(policy::kind(parts[0] as u32)));
            for &part in unmarked {
                assert_eq!(script(part), script(c), "U+{:04X}", c as u32);
                let part_kind = policy::kind(part as u32);
                assert!(part == c || part_kind < GOES || kind == BLANK, "U+{:04X}", c as u32);
            }
        }
        if (QUOTE..=WIDTH).contains(&kind) {
            // What it is folded to may well have one: nothing stays for the sake of none.
            assert_eq!(script(c), 0);
            fold(c, |c| assert!(policy::kind(c as u32) < GOES));
        }
    }
}

#[test]
fn folds_follow_the_unicode_data() {
    for c in all_chars().filter(|&c| matches!(policy::kind(c as u32), WIDTH | LIGATURE)) {
        let (mut folded, mut compatible) = (String::new(), String::new());
        fold(c, |c| folded.push(c));
        decompose_compatible(c, |c| compatible.push(c));
        assert_ne!(folded, String::from(c));
        assert_eq!(folded.nfkd().collect::<String>(), compatible, "U+{:04X}", c as u32);
    }
}

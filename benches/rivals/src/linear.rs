//! That time and memory grow with the text and with nothing else: storms, one line, many cues;
//! and what a cleaner costs to build.

use std::error::Error;
use std::fmt::Write;
use std::process::Command;
use std::time::Instant;

use unfurnish::{Cleaner, Profile, RulePack};

use crate::clock::best;
use crate::corpus::Corpus;
use crate::heap;
use crate::texts;

const BYTES: usize = 1 << 19;
/// How much longer the long ones are, of which each byte must not cost more.
const LONGER: usize = 4;

pub(crate) struct Storm {
    pub(crate) name: &'static str,
    /// Nanoseconds for each byte of half a megabyte.
    pub(crate) normalize: f64,
    pub(crate) article: f64,
    /// The same for each byte of two megabytes.
    pub(crate) longer: f64,
}

/// The first is no storm: an article of the same size.
pub(crate) fn storms() -> Vec<Storm> {
    let normalizer = Cleaner::builder().profile(Profile::Normalize).build().unwrap();
    let article = Cleaner::new();
    let measure = |name, text: &str, long: &str| {
        eprintln!("{name}");
        let once = article.clean(text).into_text();
        assert_eq!(article.clean(&once).text(), once, "{name}: twice is not once");
        let each_byte = |cleaner: &Cleaner, text: &str| {
            best(|| cleaner.clean(text).text().len()) / text.len() as f64
        };
        Storm {
            name,
            normalize: each_byte(&normalizer, text),
            article: each_byte(&article, text),
            longer: each_byte(&article, long),
        }
    };
    let ordinary = |bytes| texts::article(&texts::ENGLISH, bytes);
    let mut storms = vec![measure("ordinary text", &ordinary(BYTES), &ordinary(LONGER * BYTES))];
    for (name, piece) in PIECES {
        let text = piece.repeat(BYTES / piece.len());
        storms.push(measure(name, &text, &text.repeat(LONGER)));
    }
    storms
}

/// Pieces that are repeated. What makes a text slow is most often the same thing again and again.
const PIECES: [(&str, &str); 26] = [
    ("read more, one line", "read more "),
    ("read more, lines", "read more\n"),
    ("read mor, one line", "read mor "),
    ("read mor, lines", "read mor\n"),
    ("Read more, glued", "Read more"),
    ("sign up, sentences of one line", "Sign up for our newsletter. "),
    ("sign up, one sentence", "sign up for our newsletter "),
    ("Related and headlines", "Related\n\nTen hotels by the sea\nThe mayor is back\n\n"),
    ("share bars", "Facebook | Twitter | WhatsApp\n"),
    ("quotes that open", "“read more "),
    ("line feeds", "\n"),
    ("line feeds and blanks", " \n\t\n"),
    ("blanks", " "),
    ("numbers", "1,234 5.678 90 "),
    ("one number", "7"),
    ("full stops", ". "),
    ("capitals", "A"),
    ("capitals in words", "aA"),
    ("bullets", "• "),
    // 2²⁰ of them in two megabytes.
    ("combining marks", "\u{301}"),
    ("combining marks of two classes", "\u{301}\u{316}"),
    ("NFD", "a\u{308}o\u{308}e\u{301}"),
    ("jamo", "\u{1112}\u{1161}\u{11ab}"),
    ("joiners", "\u{200d}"),
    ("emoji with joiners", "👩\u{200d}🚀"),
    ("NUL", "\0"),
];

pub(crate) struct ManyCues {
    /// Nanoseconds for each byte, and how many cues there were.
    pub(crate) builtin: f64,
    pub(crate) with_own: f64,
    pub(crate) count: usize,
    pub(crate) build: f64,
}

/// The built-in packs alone, and with a pack of 100,000 more cues.
pub(crate) fn many_cues(corpus: &Corpus) -> Result<ManyCues, Box<dyn Error>> {
    let count = 100_000;
    let start = Instant::now();
    let pack = RulePack::from_toml(&pack_of(count))?;
    let own = Cleaner::builder().rules(pack).build()?;
    let build = start.elapsed().as_nanos() as f64;
    let builtin = Cleaner::new();
    for text in &corpus.documents {
        assert_eq!(own.clean(text).text(), builtin.clean(text).text());
    }
    let probe = format!("The end came.\n\n{}\n", cue(count / 2));
    assert_eq!(own.clean(&probe).removals().len(), 1, "{probe:?}: the cues are not looked for");
    let each_byte = |cleaner: &Cleaner| {
        let clean = || corpus.documents.iter().map(|text| cleaner.clean(text).text().len());
        best(|| clean().sum::<usize>()) / corpus.bytes() as f64
    };
    Ok(ManyCues { builtin: each_byte(&builtin), with_own: each_byte(&own), count, build })
}

fn pack_of(count: usize) -> String {
    let mut pack = "name = \"own\"\n".to_owned();
    for rule in 0..100 {
        let numbers = rule * count / 100..(rule + 1) * count / 100;
        let cues: Vec<String> = numbers.map(|number| format!("{:?}", cue(number))).collect();
        let any = cues.join(", ");
        let hit = format!("[[{}]]", cue(rule * count / 100));
        writeln!(
            pack,
            "[[rule]]\nid = \"related/r{rule}\"\nat = \"line\"\nany = [{any}]\nhits = [{hit:?}]\nmisses = [\"x\"]"
        )
        .expect("a String takes all");
    }
    pack
}

/// Two words that look like English ones and are none; begins with every letter.
fn cue(number: usize) -> String {
    let word = |mut number: usize| {
        let mut word = String::new();
        for _ in 0..3 {
            word.push_str(
                ["ba", "ste", "ri", "do", "lum", "ke", "fa", "thi", "po", "wen"][number % 10],
            );
            number /= 10;
        }
        word
    };
    format!("{} {}", word(number), word(number / 1000 + 7 * number % 1000))
}

/// The most memory that cleaning took, as a multiple of the text. Something must go from it:
/// otherwise nothing is copied.
pub(crate) fn memory(line: &str) -> f64 {
    let cleaner = Cleaner::new();
    let text = format!("{line}\n\nShare this article:\n");
    let (removals, usage) = heap::used(|| cleaner.clean(&text).removals().len());
    assert_eq!(removals, 1);
    usage.peak as f64 / text.len() as f64
}

pub(crate) struct Built {
    pub(crate) milliseconds: f64,
    pub(crate) again: f64,
    pub(crate) kept_mb: f64,
    pub(crate) peak_mb: f64,
}

/// The default cleaner in new processes, which have looked at nothing yet; the best of ten.
pub(crate) fn build() -> Result<Built, Box<dyn Error>> {
    let mut best: Option<Built> = None;
    for _ in 0..10 {
        let output = Command::new(std::env::current_exe()?).arg(BUILD_ONCE).output()?;
        let numbers = String::from_utf8(output.stdout)?;
        let numbers: Vec<f64> =
            numbers.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [milliseconds, again, kept_mb, peak_mb] = numbers[..] else {
            return Err("a process that builds a cleaner printed something else".into());
        };
        if best.as_ref().is_none_or(|best| milliseconds < best.milliseconds) {
            best = Some(Built { milliseconds, again, kept_mb, peak_mb });
        }
    }
    Ok(best.expect("there were ten"))
}

/// The argument with which this program is one of those processes.
pub(crate) const BUILD_ONCE: &str = "build-once";

pub(crate) fn build_once() {
    let start = Instant::now();
    let (_first, usage) = heap::used(Cleaner::new);
    let first = start.elapsed();
    let start = Instant::now();
    let _again = Cleaner::new();
    let again = start.elapsed();
    let megabytes = |bytes: isize| bytes as f64 / 1e6;
    let (kept, peak) = (megabytes(usage.kept), megabytes(usage.peak));
    println!("{} {} {kept} {peak}", first.as_secs_f64() * 1e3, again.as_secs_f64() * 1e3);
}

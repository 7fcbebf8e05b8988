//! What a document says about the lines of its site.

use std::collections::{HashMap, HashSet};

use unfurnish::is_prose;

use super::fold::Folder;
use super::record::{About, EDGE, Key, Line, Value, hash, hash_bytes};

/// What is longer is taken for what an author wrote: rules take no more words, and a line of so
/// many bytes has more than that.
const MOST_WORDS: usize = 40;
const MOST_BYTES: usize = 500;

/// Lines below a title of which one is prose: a byline may come first. After the heading of a list come
/// more of its items.
const UNDER_TITLE: usize = 2;

/// A document as it is after the general rules.
pub(super) struct Document<'d> {
    pub(super) site: &'d str,
    pub(super) name: &'d str,
    /// Of which there are several if its row has several columns of text, or a list.
    pub(super) texts: &'d [&'d str],
}

/// A line of a document.
struct Seen<'d> {
    text: &'d str,
    /// What it is known by; none if it is too long, or has no letter and no digit.
    hash: Option<u64>,
    prose: bool,
}

/// Records of a document: its site, its lines, and which follows which.
pub(super) fn observe(document: &Document<'_>, folder: &Folder) -> Vec<(Key, Value)> {
    let site = hash(document.site);
    let name = document.site.to_owned();
    let record = |about, value| (Key { site, about }, value);
    let mut records = vec![record(About::Site, Value::Site { name, documents: 1 })];

    let article = article(document.texts);
    let mut lines = Lines::default();
    for text in document.texts {
        lines.observe(text, article, document.name, folder);
    }
    let Lines { places, pairs } = lines;
    let lines = places.into_iter();
    records.extend(
        lines.map(|(hash, (line, _))| record(About::Line(hash), Value::Line(Box::new(line)))),
    );
    let pairs = pairs.into_iter();
    records.extend(pairs.map(|(above, below)| record(About::Pair(above, below), Value::Pair(1))));
    records
}

/// The lines of a document.
#[derive(Default)]
struct Lines {
    /// With how often each stands between prose.
    places: HashMap<u64, (Line, u32)>,
    /// Which follows which.
    pairs: HashSet<(u64, u64)>,
}

impl Lines {
    fn observe(&mut self, text: &str, article: u64, document: &str, folder: &Folder) {
        let lines: Vec<Seen<'_>> = lines(text).map(|text| see(text, folder)).collect();
        // Where the prose begins and ends; a text without any has no edges.
        let is_prose = |line: &Seen<'_>| line.prose;
        let prose = lines.iter().position(is_prose).zip(lines.iter().rposition(is_prose));
        let mut above = Some(EDGE);
        for (number, line) in lines.iter().enumerate() {
            let above = std::mem::replace(&mut above, line.hash);
            let Some(hash) = line.hash else { continue };
            if let Some(above) = above {
                self.pairs.insert((above, hash));
            }
            let (record, inside) = self.places.entry(hash).or_insert_with(|| {
                let line = Line {
                    documents: 1,
                    repeated: 0,
                    above_title: 0,
                    without_prose: 1,
                    least: line.text.to_owned(),
                    greatest: None,
                    articles: vec![article],
                    samples: vec![document.to_owned()],
                };
                (line, 0)
            });
            let between = prose.is_none_or(|(first, last)| first < number && number < last);
            *inside += u32::from(between);
            record.repeated = u64::from(*inside > 1);
            record.without_prose &= u64::from(prose.is_none());
            if let [title, body @ ..] = &lines[number + 1..]
                && !(title.prose || ends_open(title.text))
                && body.iter().take(UNDER_TITLE).any(|line| line.prose)
            {
                record.above_title = 1;
            }
        }
        if let Some(last) = above.filter(|last| *last != EDGE) {
            self.pairs.insert((last, EDGE));
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// What most versions of an article share, which a site may have at many addresses: to print, with other
/// furniture around it, before an update. It is two of the document's longest lines, the same ones
/// wherever they are there. Furniture is mostly shorter; and of one line alone it might be a line that all
/// documents have.
fn article(texts: &[&str]) -> u64 {
    const LONGEST: usize = 8;
    let lines = texts.iter().flat_map(|text| lines(text));
    let mut lines: Vec<(usize, u64)> = lines.map(|line| (line.len(), hash(line))).collect();
    lines.sort_unstable();
    lines.dedup();
    let mut drawn: Vec<u64> = lines.iter().rev().take(LONGEST).map(|(_, hash)| *hash).collect();
    drawn.sort_unstable();
    let [first, second] = [0, 1].map(|number| drawn.get(number).copied().unwrap_or(EDGE));
    hash_bytes([first, second].map(u64::to_le_bytes).as_flattened())
}

fn see<'d>(text: &'d str, folder: &Folder) -> Seen<'d> {
    let short = text.len() <= MOST_BYTES && words(text) <= MOST_WORDS;
    let folded = if short { folder.fold(text) } else { String::new() };
    let known = folded.contains(char::is_alphanumeric);
    let hash = known.then(|| hash(&folded.to_lowercase()));
    Seen { text, hash, prose: is_prose(text) }
}

/// Words as rules count them, or a few more: runs of letters and digits, or two letters where
/// there are no spaces between words.
pub(super) fn words(text: &str) -> usize {
    let unspaced = |c: char| {
        matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
            || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..)
    };
    let words = text.split(|c: char| !c.is_alphanumeric() || unspaced(c));
    let letters = text.chars().filter(|&c| unspaced(c)).count();
    words.filter(|word| !word.is_empty()).count() + letters.div_ceil(2)
}

/// Whether a line ends as if something were to follow, or as a sentence does.
pub(super) fn ends_open(line: &str) -> bool {
    const CLOSERS: [char; 9] = ['"', '\'', '”', '’', '»', ')', ']', '」', '）'];
    const ENDS: [char; 20] = [
        '.', '!', '?', '…', '。', '！', '？', '؟', '।', '۔', ',', ';', '،', '，', '、', '~', '-',
        '–', '—', '♥',
    ];
    line.trim_end_matches(CLOSERS).trim_end().ends_with(ENDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_says() {
        let text = "VALLEY MAIL\nA bridge\nThe bridge was closed for most of the winter, and people \
            went the long way round.\nrefrain\nThe first to cross it in spring was the postman, who \
            had been told nothing.\nrefrain\nNobody complained, since everybody had seen what the \
            river had done to it.\nValley Mail\n";
        let document = Document { site: "valley.example", name: "1", texts: &[text] };
        let records = observe(&document, &Folder::new());
        let line = |text: &str| {
            let key = About::Line(hash(text));
            let value = records.iter().find(|(of, _)| of.about == key).map(|(_, value)| value);
            match value {
                Some(Value::Line(line)) => (line.repeated, line.above_title),
                other => panic!("{text}: {other:?}"),
            }
        };
        assert_eq!(line("valley mail"), (0, 1));
        assert_eq!(line("refrain"), (1, 0));
        assert_eq!(line("a bridge"), (0, 0));
        let pair = |above: u64, below: u64| {
            records.iter().any(|(of, _)| of.about == About::Pair(above, below))
        };
        assert!(pair(EDGE, hash("valley mail")) && pair(hash("valley mail"), hash("a bridge")));
        assert!(pair(hash("valley mail"), EDGE) && !pair(hash("a bridge"), hash("refrain")));
        let prose = hash(
            "the bridge was closed for most of the winter, and people went the long way round",
        );
        assert!(pair(hash("a bridge"), prose));
    }

    #[test]
    fn words_of_all_scripts() {
        assert_eq!(words("It's 3 o'clock, isn't it"), 8);
        assert_eq!(words("橋は閉じた。 ok"), 4);
        assert_eq!(words("— …"), 0);
    }
}

//! A look at a line by itself: what it is made of, and its words as hashes.

use super::features::{Feature as F, OF_LINE, few, level, share};
use crate::cues::is_spaced;
use crate::lanes::{bits, is_ascii_alphanumeric, lanes, within};

/// The bytes of a line that are looked at one by one; of a longer line the rest is taken to be
/// like its beginning. Its end is always looked at.
const LOOKED_AT: usize = 256;
/// Most words of a line that are compared with those of the page.
pub(super) const MOST_WORDS: usize = 48;
/// Fewest words of prose that ends like a sentence, and of any prose.
const PROSE_WORDS: (usize, usize) = (12, 30);

/// Kinds of ASCII.
const OTHER: u8 = 0;
const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 3;
const SPACE: u8 = 4;
const TERMINATOR: u8 = 5;
const COMMA: u8 = 6;
const COLON: u8 = 7;
const QUOTE: u8 = 8;
const BAR: u8 = 9;
const BRACKET: u8 = 10;
const DASH: u8 = 11;
const MONEY: u8 = 12;
const CODE: u8 = 13;
const TAB: u8 = 14;
/// A letter of a script without case; one without spaces either; what is beyond ASCII and no letter.
const CASELESS: u8 = 15;
const UNSPACED: u8 = 16;
const KINDS: usize = 17;

static KIND: [u8; 128] = {
    let mut kinds = [OTHER; 128];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b' ' => SPACE,
            b'\t' => TAB,
            b'.' | b'!' | b'?' => TERMINATOR,
            b',' | b';' => COMMA,
            b':' => COLON,
            b'"' | b'\'' => QUOTE,
            b'|' | b'/' | b'>' | b'<' | b'\\' => BAR,
            b'(' | b')' | b'[' | b']' => BRACKET,
            b'-' => DASH,
            b'$' | b'%' => MONEY,
            b'@' | b'{' | b'}' | b'=' | b'_' | b'#' | b'&' | b'+' | b'~' | b'`' => CODE,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// The kind of a code point beyond ASCII.
fn kind(c: char) -> u8 {
    match c {
        // The most frequent first.
        'à'..='ö' | 'ø'..='ÿ' | 'а'..='џ' => LOWER,
        'À'..='Ö' | 'Ø'..='Þ' | 'А'..='Я' => UPPER,
        '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => UNSPACED,
        '。' | '！' | '？' | '؟' | '।' | '۔' | '։' | '።' | '‼' | '…' => TERMINATOR,
        '、' | '，' | '،' | '；' | '؛' => COMMA,
        '：' => COLON,
        '«' | '»' | '‘'..='‟' | '‹' | '›' | '「'..='』' => QUOTE,
        '•' | '·' | '→' | '←' | '►' | '▶' | '｜' | '／' | '＞' | '➡' => BAR,
        '（' | '）' | '【' | '】' => BRACKET,
        '‐'..='―' => DASH,
        '€' | '£' | '¥' | '₩' | '₽' | '₹' | '￥' => MONEY,
        '\u{a0}' | '\u{3000}' => SPACE,
        _ if c.is_lowercase() => LOWER,
        _ if c.is_uppercase() => UPPER,
        _ if c.is_numeric() => DIGIT,
        _ if c.is_alphabetic() => {
            if is_spaced(c) {
                CASELESS
            } else {
                UNSPACED
            }
        }
        // Vowel signs and accents part no words.
        '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{200c}' | '\u{200d}' => CASELESS,
        _ => OTHER,
    }
}

/// How a line ends, the most like a sentence last.
fn end(line: &str) -> u8 {
    let mut closed = 0;
    for c in line.chars().rev().take(4) {
        match c {
            '"' | '\'' | '”' | '’' | '“' | '»' | '«' | '」' | '』' => {
                closed = closed.max(2)
            }
            ')' | ']' | '）' => closed = closed.max(1),
            '.' if line.ends_with("...") => return 6,
            '…' => return 6,
            '.' | '。' | '।' | '۔' | '።' | '։' => return 9,
            '!' | '?' | '！' | '？' | '؟' | '‼' => return 8,
            ':' | '：' => return 5,
            ',' | ';' | '،' | '、' | '，' => return 4,
            _ if closed > 0 => return 1 + closed,
            _ if c.is_alphabetic() => return 0,
            _ if c.is_numeric() => return 1,
            _ => return 7,
        }
    }
    7
}

/// How a line begins.
fn first(c: char) -> u8 {
    match c {
        '*' | '+' | '•' | '·' | '◦' | '▪' | '●' | '–' | '-' => 0,
        '"' | '“' | '„' | '«' | '»' | '\'' | '‘' | '「' | '『' => 2,
        _ if c.is_numeric() => 3,
        _ if c.is_lowercase() => 4,
        _ if c.is_uppercase() => 5,
        _ if c.is_alphabetic() => 6,
        _ => 1,
    }
}

/// The hash of a word: its first and last eight bytes, without the case of ASCII.
fn hash(line: &[u8], start: usize, end: usize) -> u32 {
    const BLANKS: u64 = 0x2020_2020_2020_2020;
    let length = end - start;
    let head = match line[start..].first_chunk() {
        Some(&eight) => u64::from_le_bytes(eight) & (!0 >> (64 - 8 * length.min(8))),
        None => (line[start..end].iter().rev()).fold(0, |all, &byte| (all << 8) | u64::from(byte)),
    };
    let tail = match line[start..end].last_chunk() {
        Some(&eight) => u64::from_le_bytes(eight),
        None => head,
    };
    let (head, tail) = (head | BLANKS, tail | BLANKS);
    let mixed = (head ^ tail.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

/// What a line has been found to be made of.
struct Read<'l> {
    /// The bytes that are looked at.
    bytes: &'l [u8],
    /// Characters of each kind.
    counts: [usize; KINDS],
    /// Where the word began that is being read, and the kind of its first letter.
    word: Option<(usize, u8)>,
    /// The kind of the character before.
    before: u8,
    hashes: &'l mut Vec<u32>,
    /// Most hashes that there may be.
    most: usize,
    /// Words of scripts that part them.
    spaced: usize,
    capitalized: usize,
    short: usize,
    numbers: usize,
    times: usize,
    years: usize,
    sentences: usize,
}

impl Read<'_> {
    fn add_word(&mut self, start: usize, end: usize, initial: u8) {
        let length = end - start;
        self.spaced += 1;
        self.capitalized += usize::from(initial == UPPER);
        self.short += usize::from(initial == LOWER && length <= 3);
        if initial == DIGIT {
            self.numbers += 1;
            self.years += usize::from(length == 4 && matches!(self.bytes[start], b'1' | b'2'));
        }
        if self.hashes.len() < self.most {
            self.hashes.push(hash(self.bytes, start, end));
        }
    }

    /// Reads a character.
    fn step(&mut self, at: usize, kind: u8, end: usize) {
        self.counts[kind as usize] += 1;
        let letter = matches!(kind, LOWER | UPPER | DIGIT | CASELESS);
        match self.word {
            None if letter => self.word = Some((at, kind)),
            Some((start, initial)) if !letter => {
                self.add_word(start, at, initial);
                self.word = None;
            }
            _ => {}
        }
        match kind {
            // Pairs of letters are words there; those of kana, kanji and hangul have three bytes
            // each.
            UNSPACED if self.before == UNSPACED && self.hashes.len() < self.most => {
                let start = at.saturating_sub(3);
                self.hashes.push(hash(self.bytes, start, end));
            }
            DIGIT if matches!(self.before, COLON | TERMINATOR | COMMA) => self.times += 1,
            SPACE | TAB => self.sentences += usize::from(self.before == TERMINATOR),
            TERMINATOR if end - at > 1 => self.sentences += 1,
            _ => {}
        }
        self.before = kind;
    }

    /// Reads ASCII, many characters at a time; returns where it ends.
    fn stride(&mut self, at: usize) -> usize {
        let (lanes, length) = lanes(&self.bytes[at..]);
        let (bytes, end) = (self.bytes, at + length);
        let inside = !0 >> (64 - length);
        let letters = bits(&lanes, is_ascii_alphanumeric) & inside;
        let digits = bits(&lanes, |byte| within(byte, b'0', b'9')) & inside;
        let uppers = bits(&lanes, |byte| within(byte, b'A', b'Z')) & inside;
        let spaces = bits(&lanes, |byte| byte == b' ') & inside;
        let mut signs = inside & !(letters | spaces);
        self.counts[DIGIT as usize] += digits.count_ones() as usize;
        self.counts[UPPER as usize] += uppers.count_ones() as usize;
        self.counts[LOWER as usize] += (letters & !(digits | uppers)).count_ones() as usize;
        self.counts[SPACE as usize] += spaces.count_ones() as usize;
        // What goes by the character before, across the edge and inside.
        match (self.before, bytes[at]) {
            (COLON | TERMINATOR | COMMA, b'0'..=b'9') => self.times += 1,
            (TERMINATOR, b' ' | b'\t') => self.sentences += 1,
            _ => {}
        }
        while signs != 0 {
            let sign = at + signs.trailing_zeros() as usize;
            signs &= signs - 1;
            let kind = KIND[usize::from(bytes[sign]) % KIND.len()];
            self.counts[kind as usize] += 1;
            if let (COLON | TERMINATOR | COMMA, true) = (kind, sign + 1 < end) {
                self.times += usize::from(bytes[sign + 1].is_ascii_digit());
                let blank = matches!(bytes[sign + 1], b' ' | b'\t');
                self.sentences += usize::from(kind == TERMINATOR && blank);
            }
        }
        self.before = KIND[usize::from(bytes[end - 1]) % KIND.len()];
        let (mut rest, mut from) = (letters, 0);
        while from < length {
            let (start, initial) = match self.word.take() {
                Some(word) => word,
                None if rest == 0 => break,
                None => {
                    from = rest.trailing_zeros() as usize;
                    (at + from, KIND[usize::from(bytes[at + from]) % KIND.len()])
                }
            };
            let past = from + (!(rest >> from)).trailing_zeros() as usize;
            if past >= length {
                self.word = Some((start, initial));
                break;
            }
            self.add_word(start, at + past, initial);
            from = past;
            rest &= !0 << past;
        }
        end
    }
}

/// Characters after one beyond ASCII that are read one by one: there are likely to be more of those.
const WARY: usize = 16;

/// Fills in what the content of a line says of itself and appends the hashes of its words.
/// `indent` is what stands before it. Returns how many words it has.
pub(super) fn look(
    line: &str,
    indent: &str,
    row: &mut [u8; OF_LINE],
    hashes: &mut Vec<u32>,
) -> usize {
    let mut looked_at = line.len().min(LOOKED_AT);
    while !line.is_char_boundary(looked_at) {
        looked_at += 1;
    }
    let most = hashes.len() + MOST_WORDS;
    let mut read = Read {
        bytes: &line.as_bytes()[..looked_at],
        counts: [0; KINDS],
        word: None,
        before: SPACE,
        hashes,
        most,
        spaced: 0,
        capitalized: 0,
        short: 0,
        numbers: 0,
        times: 0,
        years: 0,
        sentences: 0,
    };
    let (mut at, mut wary) = (0, 0);
    while at < looked_at {
        match KIND.get(usize::from(read.bytes[at])) {
            Some(&kind) if wary > 0 => {
                read.step(at, kind, at + 1);
                at += 1;
                wary -= 1;
            }
            Some(_) => at = read.stride(at),
            None => {
                let c = line[at..].chars().next().unwrap_or(' ');
                read.step(at, kind(c), at + c.len_utf8());
                at += c.len_utf8();
                wary = WARY;
            }
        }
    }
    if let Some((start, initial)) = read.word {
        read.add_word(start, looked_at, initial);
    }
    let Read { counts, spaced, capitalized, short, numbers, times, years, sentences, .. } = read;
    let chars: usize = counts.iter().sum();
    let all_words = spaced + counts[UNSPACED as usize].div_ceil(2);
    // The rest of a long line is like its beginning.
    let total_words = all_words * line.len() / looked_at.max(1);
    let count = |kind: u8| counts[kind as usize];
    let letters = count(LOWER) + count(UPPER) + count(CASELESS) + count(UNSPACED);
    let visible = chars - count(SPACE) - count(TAB);
    let ending = end(line);
    let mut set = |feature: F, value: u8| row[feature as usize] = value;
    set(F::Words, level(total_words));
    set(F::Bytes, level(line.len()));
    set(F::WordLength, few(8 * (letters + count(DIGIT)) / all_words.max(1)));
    set(F::Digits, share(count(DIGIT), visible));
    set(F::Upper, share(count(UPPER), letters));
    set(F::Capitalized, share(capitalized, all_words));
    set(F::ShortWords, share(short, all_words));
    set(F::Signs, share(visible - letters - count(DIGIT), visible));
    set(F::Caseless, share(count(CASELESS) + count(UNSPACED), letters));
    set(F::Commas, few(count(COMMA)));
    set(F::Sentences, few(sentences + usize::from(ending >= 8)));
    set(F::Colons, few(count(COLON)));
    set(F::Quotes, few(count(QUOTE)));
    set(F::Bars, few(count(BAR)));
    set(F::Brackets, few(count(BRACKET)));
    set(F::Dashes, few(count(DASH)));
    set(F::Money, few(count(MONEY)));
    set(F::Code, few(count(CODE)));
    set(F::Numbers, few(numbers));
    set(F::Times, few(times));
    set(F::Years, few(years));
    set(F::End, ending);
    let beginning = line.chars().next().map_or(1, first);
    set(F::First, beginning);
    let apart = line.chars().nth(1).is_none_or(|c| c == ' ' || c == '\t');
    set(F::Bullet, u8::from(apart && beginning == 0));
    let width = indent.chars().take(255).map(|c| if c == '\t' { 4 } else { 1 }).sum();
    set(F::Indent, few(width));
    set(F::Cells, few(count(TAB)));
    let least = if ending >= 6 && ending != 7 { PROSE_WORDS.0 } else { PROSE_WORDS.1 };
    set(F::Prose, u8::from(total_words >= least));
    total_words
}

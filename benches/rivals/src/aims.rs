//! What the speed should be, in relation to limits and rivals of the same run.

use crate::record::Record;

pub(crate) struct Aim {
    pub(crate) name: String,
    bound: Bound,
    pub(crate) measured: Option<f64>,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Aim {
    pub(crate) fn bound_and_verdict(&self) -> (String, &'static str) {
        let (bound, reached): (_, fn(f64, f64) -> bool) = match self.bound {
            Bound::AtLeast(bound) => (bound, |measured, bound| measured >= bound),
            Bound::AtMost(bound) => (bound, |measured, bound| measured <= bound),
        };
        let sign = if matches!(self.bound, Bound::AtLeast(_)) { '≥' } else { '≤' };
        let verdict = match self.measured {
            Some(measured) if reached(measured, bound) => "reached",
            Some(_) => "missed",
            None => "not measured",
        };
        (format!("{sign} {bound}"), verdict)
    }
}

const COPY: &str = "line split + copy";
/// All that is done to a text, and the part of it that the rivals do too.
const MANY: [(&str, &str); 2] = [
    ("clean_many", "article, Python clean_many"),
    ("clean_many, normalize", "normalize, Python clean_many"),
];
/// What real articles are compared with: the copy, and matchers of 2,000 cues or of all.
const BESIDE: [(&str, f64); 4] =
    [(COPY, 0.5), ("aho-corasick DFA", 3.5), ("Hyperscan", 1.0), ("Hyperscan, all cues", 1.0)];
/// What one look and one copy would allow, and what scripts of several bytes a letter cost more.
const SHARE_OF_COPY: [(&str, f64); 9] = [
    ("english", 0.5),
    ("german", 0.35),
    ("french", 0.35),
    ("russian", 0.25),
    ("arabic", 0.25),
    ("hindi", 0.25),
    ("chinese", 0.25),
    ("japanese", 0.25),
    ("korean", 0.25),
];

pub(crate) fn of(record: &Record<'_>) -> Vec<Aim> {
    let mut aims = Vec::new();
    for (language, share) in SHARE_OF_COPY {
        let corpus = format!("{language}-3KB");
        let measured = record.ratio(&corpus, "article", COPY);
        aims.push(at_least(share, format!("article / {COPY}, {corpus}"), measured));
    }
    let real = record.corpora.iter().filter(|corpus| corpus.expected.is_none());
    let real: Vec<&str> = real.map(|corpus| corpus.name.as_str()).collect();
    for &corpus in &real {
        for (other, bound) in BESIDE {
            let measured = record.ratio(corpus, "article", other);
            aims.push(at_least(bound, format!("article / {other}, {corpus}"), measured));
        }
    }
    for corpus in SHARE_OF_COPY.iter().map(|(language, _)| format!("{language}-3KB")) {
        let measured = record.ratio(&corpus, "normalize", COPY);
        aims.push(at_least(0.8, format!("normalize / {COPY}, {corpus}"), measured));
    }
    let decomposed = record.speed("german-NFD-3KB", "normalize");
    aims.push(at_least(300.0, "normalize, MB/s, german-NFD-3KB".to_owned(), decomposed));
    for corpus in ["english-3KB"].into_iter().chain(real) {
        for ((name, many), (other, bound)) in
            MANY.iter().flat_map(|many| [("plsfix", 40.0), ("ftfy", 400.0)].map(|it| (many, it)))
        {
            let measured = record.ratio(corpus, many, other);
            aims.push(at_least(bound, format!("{name} / {other}, {corpus}"), measured));
        }
    }
    aims.extend(python(record));
    aims.extend(linear(record));
    aims.extend(built(record));
    aims.extend(command_line(record));
    aims
}

/// What the package for Python may cost on top of the library.
fn python(record: &Record<'_>) -> Vec<Aim> {
    let per_call = |what: &str| record.per_document("english-200B", what);
    let both = per_call("article, Python clean").zip(per_call("article, C"));
    let beyond = both.map(|(python, c)| (python - c) / 1e3);
    let mut aims = vec![at_most(3.0, "Python clean beyond C, µs a call, 200 B".to_owned(), beyond)];
    for corpus in ["english-200B", "english-3KB", "english-furnished-3KB"] {
        let times = record.ratio(corpus, "article", "article, Python clean_arrow");
        aims.push(at_most(1.2, format!("time of clean_arrow / Rust, {corpus}"), times));
    }
    aims
}

fn linear(record: &Record<'_>) -> Vec<Aim> {
    let ordinary = &record.storms[0];
    let worst = |of: fn(&crate::linear::Storm) -> f64| {
        let storms = record.storms.iter();
        storms.max_by(|a, b| of(a).total_cmp(&of(b))).expect("there are storms")
    };
    let article = worst(|storm| storm.article);
    let normalize = worst(|storm| storm.normalize);
    let many = &record.many_cues;
    vec![
        at_most(
            4.0,
            format!("article, the worst storm ({}) / ordinary text", article.name),
            Some(article.article / ordinary.article),
        ),
        at_most(
            4.0,
            format!("normalize, the worst storm ({}) / article, ordinary text", normalize.name),
            Some(normalize.normalize / ordinary.article),
        ),
        at_most(
            1.3,
            format!("time with {} cues of one's own / built-in ones", many.count),
            Some(many.with_own / many.builtin),
        ),
        at_most(2.0, "memory for one line / its size".to_owned(), record.memory),
    ]
}

fn built(record: &Record<'_>) -> Vec<Aim> {
    let built = &record.built;
    vec![
        at_most(3.0, "building the default cleaner, ms".to_owned(), Some(built.milliseconds)),
        at_most(6.0, "its heap at the peak, MB".to_owned(), Some(built.peak_mb)),
    ]
}

fn command_line(record: &Record<'_>) -> Vec<Aim> {
    let ms = |name: &str| {
        let timing = record.command_line.iter().find(|timing| timing.name == name);
        timing.map(|timing| timing.milliseconds)
    };
    let ratio = |name: &str, other: &str| Some(ms(name)? / ms(other)?);
    let one = "clean, .jsonl, --threads 1";
    let two = "clean, .jsonl, --threads 2";
    let packed = "clean, .jsonl.zst, --threads 1";
    vec![
        at_least(0.6, "clean .jsonl / copy by line".to_owned(), ratio("copy by line", one)),
        at_least(1.8, "clean .jsonl, 2 threads / 1 thread".to_owned(), ratio(one, two)),
        at_most(
            1.3,
            "time for .jsonl.zst / recoding alone".to_owned(),
            ratio(packed, "recode .zst"),
        ),
        at_most(5.0, "unfurnish --version, ms".to_owned(), ms("unfurnish --version")),
        at_most(15.0, "echo x | unfurnish clean, ms".to_owned(), ms("echo x | unfurnish clean")),
    ]
}

fn at_least(bound: f64, name: String, measured: Option<f64>) -> Aim {
    Aim { name, bound: Bound::AtLeast(bound), measured }
}

fn at_most(bound: f64, name: String, measured: Option<f64>) -> Aim {
    Aim { name, bound: Bound::AtMost(bound), measured }
}

//! The laws that hold for every text: no panic, idempotence, nothing invented, every difference
//! accounted for, the same answer from every thread, linear time.

use std::sync::LazyLock;
use std::time::Instant;

use proptest::prelude::*;
use unfurnish::{Category, Cleaned, Cleaner, Normalization, Profile, Quotes, RulePack, Width};

/// How many texts each law is held against.
fn cases() -> u32 {
    std::env::var("LAWS").map_or(400, |cases| cases.parse().expect("a number"))
}

/// Texts made of what matters: furniture, prose, breaks, and what Unicode has in store.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    let example = prop::sample::select(&**EXAMPLES);
    let pieces = prop_oneof![6 => piece.prop_map(str::to_owned), 1 => example];
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// Every line of every hit and miss of the built-in packs.
static EXAMPLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let packs = RulePack::builtin();
    let rules = packs.iter().flat_map(|pack| pack.rules());
    let examples = rules.flat_map(|rule| rule.hits.iter().chain(&rule.misses));
    let whole = examples.map(|example| example.replace("[[", "").replace("]]", ""));
    whole.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
});

const PIECES: &[&str] = &[
    "The bridge was closed for most of the winter, and the people went the long way round.",
    "Nobody complained much, because everybody had seen the cracks in the piers.",
    "She said that readers should sign up for our newsletter, and laughed.",
    "“Sign up for our newsletter,” it said.",
    // Sentences broken by a fixed width.
    "Whoever wanted to cross the bridge had to",
    "sign up for our newsletter first and wait.",
    "the plan was open for review and",
    "comments.",
    "ALSO READ: Five bridges that failed",
    "Also read:",
    "Read more",
    "READ MORE: Why the bridge was closed",
    "Five bridges that failed last year",
    "Why the bridge was closed",
    "Get national news",
    "Sign up for our",
    "sign up for our newsletter",
    "Sign up for our free newsletter to get the news in your inbox.",
    "newsletter",
    "breaking news alerts sent to you",
    "Submit",
    "Email",
    "Like what you read?",
    "Share this article",
    "Share",
    "Facebook",
    "Facebook Twitter WhatsApp",
    "Related articles",
    "Leave a Reply",
    "What do you think?",
    "Let us know in the comments below!",
    "3 Comments",
    "Name *",
    "We use cookies on this website.",
    "Accept all cookies",
    "Advertisement",
    "Subscribe to continue reading.",
    "Tags: bridges, rivers",
    "© 2024 Valley Post",
    "Jetzt Newsletter abonnieren",
    "Lesen Sie auch: Brücken",
    "Lire aussi : Les ponts",
    "También te puede interesar:",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    "\r\n",
    "\n\n\n",
    "\u{2028}",
    "\u{85}",
    " ",
    "  ",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "e\u{301}",
    "\u{301}",
    "\u{0}",
    "•",
    "→",
    "»",
    "«",
    "\"",
    "“",
    "”",
    ".",
    ". ",
    "!",
    ":",
    ",",
    "（",
    "更多",
    "न्\u{200d}",
    "👩\u{200d}🚀",
    "ﬁ",
    "ＡＢ",
];

fn cleaners() -> &'static [Cleaner; 4] {
    static CLEANERS: LazyLock<[Cleaner; 4]> = LazyLock::new(build_cleaners);
    &CLEANERS
}

fn build_cleaners() -> [Cleaner; 4] {
    let every = Category::ALL.into_iter().fold(Cleaner::builder(), |b, c| b.remove(c));
    let folding = Normalization::default().quotes(Quotes::Straighten).width(Width::Fold);
    [
        Cleaner::new(),
        Cleaner::builder().profile(Profile::Normalize).build().unwrap(),
        every.budget(1.0).normalization(folding).build().unwrap(),
        Cleaner::builder().profile(Profile::Page).build().unwrap(),
    ]
}

/// The text with every edit and removal made again by hand.
fn replay(input: &[u8], cleaned: &Cleaned<'_>) -> Vec<u8> {
    let edits = cleaned.edits().map(|edit| (edit.span, edit.replacement));
    let removals = cleaned.removals().iter().map(|removal| (removal.span.clone(), ""));
    let mut changes: Vec<_> = edits.chain(removals).collect();
    changes.sort_by_key(|(span, _)| (span.start, span.end));
    let (mut output, mut at) = (Vec::new(), 0);
    for (span, replacement) in changes {
        assert!(at <= span.start && span.start <= span.end, "{span:?} overlaps what ends at {at}");
        output.extend_from_slice(&input[at..span.start]);
        output.extend_from_slice(replacement.as_bytes());
        at = span.end;
    }
    output.extend_from_slice(&input[at..]);
    output
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut letters = whole.chars();
    part.chars().all(|c| letters.any(|d| c == d))
}

/// Texts that were not clean after one cleaning once.
#[test]
fn what_broke_the_law_is_clean_at_once() {
    for text in [
        // Three sentences side by side, the first and the last glued to what is around.
        "Three of themIch bin damit einverstanden, dass mir externe Inhalte angezeigt werden. \
         Damit können personenbezogene Daten an Drittplattformen übermittelt werden.Sign up for \
         our free newsletter to get the news in your inbox. Let us know.The bridge was closed.",
        // A mark after a sentence that goes.
        "Share this article次回のコメントで使用するためブラウザーに自分の名前、メールアドレス、サイトを保存\
         する。\u{301}The bridge was closed.",
        // A heading that is spared, and a link that begins in its sentence.
        "the plan was open for review andJetzt Newsletter abonnierenALSO READ: Five bridges that \
         failedcomments.comments.Sign up for our free newsletter to get the news in your \
         inbox.Let us know in the comments below!",
    ] {
        let cleaner = Cleaner::builder().budget(1.0).build().expect("it is built");
        let once = cleaner.clean(text).into_text();
        assert_ne!(once, text);
        assert_eq!(cleaner.clean(&once).text(), once);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in texts()) {
        for cleaner in &cleaners()[..3] {
            let once = cleaner.clean(&text).into_text();
            let twice = cleaner.clean(&once);
            prop_assert_eq!(twice.text(), &*once);
        }
    }

    #[test]
    fn every_difference_is_accounted_for(text in texts()) {
        for cleaner in cleaners() {
            let cleaned = cleaner.clean(&text);
            prop_assert_eq!(replay(text.as_bytes(), &cleaned), cleaned.text().as_bytes());
        }
    }

    #[test]
    fn every_difference_to_bytes_is_accounted_for(
        text in texts(),
        bytes in prop::collection::vec(prop::num::u8::ANY, 0..6),
        at in 0usize..200,
    ) {
        let mut input = text.into_bytes();
        let at = at.min(input.len());
        input.splice(at..at, bytes);
        for cleaner in cleaners() {
            let cleaned = cleaner.clean_bytes(&input);
            prop_assert_eq!(replay(&input, &cleaned), cleaned.text().as_bytes());
        }
    }

    #[test]
    fn nothing_is_invented(text in texts()) {
        let [article, normalize, _, page] = cleaners();
        let normalized = normalize.clean(&text);
        for cleaner in [article, page] {
            prop_assert!(is_subsequence(cleaner.clean(&text).text(), normalized.text()));
        }
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        for cleaner in cleaners() {
            let cleaned = cleaner.clean(&text);
            prop_assert_eq!(replay(text.as_bytes(), &cleaned), cleaned.text().as_bytes());
        }
    }
}

#[test]
fn threads_agree() {
    let cleaner = Cleaner::new();
    let text = "He went home.\n\nALSO READ: Why he left\n\nIt rained all day, and nobody came.";
    let alone = cleaner.clean(text).into_text();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100).for_each(|_| assert_eq!(cleaner.clean(text).text(), alone)));
        }
    });
}

/// They go in one round, however many there are; in one each they would be too many for any.
#[test]
fn sentences_in_a_row_go() {
    let prose =
        "The bridge was closed for most of the winter, and the people went the long way round.";
    let prompts = "Sign up for our newsletter. ".repeat(100);
    let text = format!("{}{prose} {prompts}{prose}\n", format!("{prose}\n").repeat(60));
    let cleaned = cleaners()[0].clean(&text);
    assert_eq!(cleaned.text(), text.replace(&prompts, ""));
}

/// Storms of what costs most: eight times the text may cost at most some thirty times the time, half of
/// what it would if that grew with the square.
#[test]
fn time_is_linear() {
    let cleaner = Cleaner::new();
    let storms: [&str; 20] = [
        "read more ",
        "Read more: ",
        "READ MORE: sign up for our newsletter. ",
        "read more\n",
        "Related articles\nFive bridges that failed\n",
        "Share\n",
        "Sign up for our\n",
        "newsletter ",
        "\n",
        "\u{301}",
        "“Sign up. ",
        "a.b. ",
        "© ",
        "(more…) ",
        "shareShare",
        "newsletter",
        "• ",
        "Get our news. Submit\nEmail\n",
        "更多",
        "»«",
    ];
    let [.., page] = cleaners();
    for storm in storms {
        for cleaner in [&cleaner, page] {
            let time = |size: usize| {
                let text = storm.repeat(size / storm.len());
                let run = || {
                    let start = Instant::now();
                    std::hint::black_box(cleaner.clean(&text).text().len());
                    start.elapsed()
                };
                (0..5).map(|_| run()).min().unwrap()
            };
            let (small, large) = (time(1 << 15), time(1 << 18));
            let bound = small * 32 + std::time::Duration::from_millis(20);
            assert!(large < bound, "{storm:?}: {small:?} for 32 KiB, {large:?} for 256 KiB");
        }
    }
}

/// What the types promise to threads.
#[test]
fn types_cross_threads() {
    fn crosses<T: Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
    crosses::<Cleaner>();
    crosses::<unfurnish::Builder>();
    crosses::<Cleaned<'static>>();
    crosses::<unfurnish::Removal<'static>>();
    crosses::<unfurnish::Edit<'static>>();
    crosses::<unfurnish::RulePack>();
    crosses::<unfurnish::BuildError>();
}

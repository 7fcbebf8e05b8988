//! Writes a corpus of sites whose furniture no general rule knows, with marks on all of it.
//!
//! Around its articles each site has lines of its own, in all documents or in most; some list headlines of
//! others of its articles, and some interrupt the article. And there is what recurs because an author
//! writes it again: greetings and farewells, headings, questions, refrains. That must stay; and so must all
//! of the articles that a site has at many addresses, to print, for telephones, as they were before an
//! update, and in pages. Nothing is random but for a seed, and nothing of it is taken from anywhere.

use std::collections::VecDeque;
use std::fmt::Write;

/// A generator of numbers, the same everywhere: Knuth's linear congruence, of which the upper bits
/// are good enough.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed);
        dice.roll(2);
        dice
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }

    /// True so many times of a hundred.
    fn percent(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

/// What the documents of a site have in common. Of each pair of a line and a number, the number says
/// how many documents of a hundred have it.
struct Site {
    domain: &'static str,
    /// Furniture above the title and below the text.
    head: &'static [(&'static str, usize)],
    tail: &'static [(&'static str, usize)],
    /// Lines that together interrupt the text.
    inside: &'static [&'static str],
    /// Above headlines of other articles, after the text.
    shared: Option<&'static str>,
    /// Whether documents have a title.
    titled: bool,
    kind: Kind,
    /// What authors repeat: at the beginning, between paragraphs, at the end.
    opens: &'static [(&'static str, usize)],
    between: &'static [(&'static str, usize)],
    closes: &'static [(&'static str, usize)],
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    News,
    Recipe,
    Poem,
    Interview,
}

const PLAIN: Site = Site {
    domain: "",
    head: &[],
    tail: &[],
    inside: &[],
    shared: None,
    titled: true,
    kind: Kind::News,
    opens: &[],
    between: &[],
    closes: &[],
};

const SITES: [Site; 10] = [
    Site {
        domain: "valleymail.example",
        head: &[("Valley Mail", 100), ("Town Hall · Market · Weather at the weir", 96)],
        tail: &[
            ("The Valley Mail is printed in Alderbrook, three streets from the bridge", 98),
            ("Our archive goes back to 1904", 95),
            ("Find the paper at forty kiosks between the dam and the sea", 100),
        ],
        shared: Some("Elsewhere between the dam and the sea"),
        opens: &[("Good morning from the east bank.", 15)],
        closes: &[("More of this on Thursday, when the council sits.", 12)],
        ..PLAIN
    },
    Site {
        domain: "harbourpost.example",
        head: &[("The Harbour Post wakes with the tide", 100)],
        tail: &[
            ("Ring the night desk if you saw what happened", 90),
            ("Tide table for the coming fortnight", 92),
            ("The Harbour Post, Quay 4", 97),
        ],
        inside: &[
            "A letter from the quay, twice a week",
            "What the boats brought in, what the weather will do, and who was seen at the auction, before you are up.",
        ],
        opens: &[("I'm on vacation this week", 20)],
        ..PLAIN
    },
    Site {
        domain: "ovenbird.example",
        head: &[("The Ovenbird Kitchen", 100), ("From our table to yours since 2011", 97)],
        tail: &[
            ("Did you bake it? We would love to see the crumb", 96),
            ("All the loaves in one place", 94),
            ("The Ovenbird Kitchen is a bakery school in Tarn", 99),
        ],
        kind: Kind::Recipe,
        closes: &[("Bon appétit!", 70), ("Anna", 90)],
        ..PLAIN
    },
    Site {
        domain: "nightowl.example",
        // One author: everything that she repeats is in nearly all of her columns.
        tail: &[
            ("The Night Owl is set in Garamond and brewed in the dark", 100),
            ("Older nights", 98),
            ("A hundred owls have read this far", 97),
        ],
        opens: &[("Dear night owls and early birds,", 95)],
        closes: &[("Until the next full moon, sleep well.", 93), ("Yours, Ida", 96)],
        ..PLAIN
    },
    Site {
        domain: "reedsong.example",
        tail: &[
            ("Reedsong, a house for verse", 100),
            ("Read by candle, or not at all", 98),
            ("Poets of the reeds, from A to Z", 99),
        ],
        kind: Kind::Poem,
        ..PLAIN
    },
    Site {
        domain: "fivequestions.example",
        head: &[("Five Questions, no more", 100)],
        tail: &[
            ("The people we asked before", 97),
            ("Whom should we ask next month", 95),
            ("Five Questions has its office above the bakery in Mill Lane", 99),
        ],
        kind: Kind::Interview,
        ..PLAIN
    },
    Site {
        domain: "bergbote.example",
        head: &[("Der Bergbote", 100), ("Almen · Pässe · Hütten im Wind", 97)],
        tail: &[
            ("Der Bergbote erscheint, sobald der Pass offen ist", 98),
            ("Schneehöhen von gestern Abend", 93),
            ("Was die Hirten sonst noch erzählen", 95),
        ],
        shared: Some("Von den anderen Almen des Tals"),
        opens: &[("Grüß Gott aus der Hütte,", 25)],
        closes: &[("Bis zum nächsten Schneefall!", 30)],
        ..PLAIN
    },
    Site {
        domain: "phare.example",
        head: &[("Le Phare du Nord", 100)],
        tail: &[
            ("Le Phare du Nord tourne depuis 1931", 97),
            ("Les marées de la semaine au port", 94),
            ("Toutes les lampes de la côte", 96),
        ],
        inside: &[
            "La lettre du gardien, le dimanche",
            "Ce que la mer a rendu cette semaine, ce que le vent annonce, et une histoire pour la lampe.",
        ],
        closes: &[("À dimanche, si la lampe tient.", 25)],
        ..PLAIN
    },
    Site {
        domain: "fieldnotes.example",
        // Its furniture is in a part of the documents only, and its articles have no titles.
        head: &[],
        tail: &[
            ("Field Notes is kept by four people and a dog", 45),
            ("Where we walked last winter, on one map", 44),
            ("Boots, lamps and maps that we use", 45),
        ],
        titled: false,
        opens: &[("This one is from the archive", 30)],
        closes: &[("The dog agrees.", 40)],
        ..PLAIN
    },
    Site {
        domain: "ledger.example",
        head: &[
            ("The Ledger of Small Trades", 100),
            ("Edition {n} of the year", 98),
            ("Trades from anvil to zither", 97),
        ],
        tail: &[
            ("{n} readers keep this ledger", 96),
            ("The Ledger is bound by hand in Oxgate", 99),
            ("Ask for a page from before 1950", 94),
        ],
        titled: true,
        between: &[("Introduction", 90), ("Conclusion", 90)],
        ..PLAIN
    },
];

const WHO: [&str; 20] = [
    "the ferryman",
    "an old surveyor",
    "the glazier",
    "her neighbour",
    "the council",
    "a clockmaker",
    "the night watch",
    "the miller",
    "two apprentices",
    "the postmistress",
    "a diver",
    "the organist",
    "the signalman",
    "a beekeeper",
    "the cartographer",
    "the choir",
    "a shepherd",
    "the librarian",
    "the mayor's brother",
    "a lamplighter",
];
const DID: [&str; 20] = [
    "measured",
    "carried",
    "painted",
    "forgot",
    "repaired",
    "counted",
    "sold",
    "found",
    "moved",
    "copied",
    "weighed",
    "borrowed",
    "described",
    "buried",
    "polished",
    "lent out",
    "numbered",
    "lost",
    "drew",
    "defended",
];
const WHAT: [&str; 20] = [
    "the north gate",
    "a crate of lamps",
    "the last of the piers",
    "nine barrels of tar",
    "an unsigned map",
    "the bell of the ferry",
    "a ladder of oak",
    "the book of tides",
    "the sluice",
    "forty yards of rope",
    "a stone from the weir",
    "the window of the chapel",
    "a chest of letters",
    "the well",
    "a broken lens",
    "the orchard wall",
    "three keys",
    "the tower clock",
    "a boat without a name",
    "the old scales",
];
const WHEN: [&str; 16] = [
    "before the frost came",
    "while it rained",
    "in the year of the flood",
    "without a word to anyone",
    "as his father had done",
    "on the way back from the market",
    "under the eyes of the whole street",
    "when the water was at its lowest",
    "and nobody asked why",
    "although the road was closed",
    "with the help of a stranger",
    "long after midnight",
    "for the second time",
    "and wrote it down",
    "against all advice",
    "until the light went",
];

fn sentence(dice: &mut Dice) -> String {
    let (who, did, what) = (dice.of(&WHO), dice.of(&DID), dice.of(&WHAT));
    let mut text = format!("{who} {did} {what} {}", dice.of(&WHEN));
    if dice.percent(60) {
        let _ = write!(text, ", and {} {} {}", dice.of(&WHO), dice.of(&DID), dice.of(&WHAT));
    }
    let _ = write!(text, " {}.", dice.of(&WHEN));
    let first = text.remove(0).to_uppercase().to_string();
    first + &text
}

fn paragraph(dice: &mut Dice) -> String {
    let sentences: Vec<String> = (0..2 + dice.roll(4)).map(|_| sentence(dice)).collect();
    sentences.join(" ")
}

fn title(dice: &mut Dice) -> String {
    let mut text = format!("{} {} {}", dice.of(&WHO), dice.of(&DID), dice.of(&WHAT));
    if dice.percent(50) {
        let _ = write!(text, " {}", dice.of(&WHEN));
    }
    let first = text.remove(0).to_uppercase().to_string();
    first + &text
}

/// A document: lines, each with whether it is furniture.
#[derive(Clone, Default)]
pub struct Document {
    pub id: String,
    pub domain: &'static str,
    pub lines: Vec<(String, bool)>,
}

impl Document {
    fn keeps(&mut self, line: impl Into<String>) {
        self.lines.push((line.into(), false));
    }

    fn furniture(&mut self, line: impl Into<String>) {
        self.lines.push((line.into(), true));
    }

    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(line, _)| &**line).collect();
        lines.join("\n")
    }

    /// The document as a line of JSON, with its marks.
    pub fn json(&self) -> String {
        let mut marks = Vec::new();
        let mut start = 0;
        for (line, furniture) in &self.lines {
            let end = start + line.len();
            if *furniture {
                marks.push(serde_json::json!({"start": start, "end": end, "category": "other"}));
            }
            start = end + 1;
        }
        let row = serde_json::json!({
            "id": self.id, "domain": self.domain, "lang": "en", "text": self.text(), "marks": marks,
        });
        row.to_string()
    }
}

/// So many documents of each site, those of different sites in turn. Another seed gives other articles
/// of the same sites. A tenth of the documents are versions of one article, and a few more.
pub fn documents(seed: u64, of_each: usize) -> impl Iterator<Item = Document> {
    let mut dice = Dice::new(seed);
    let mut versions: Vec<VecDeque<Document>> = SITES.iter().map(|_| VecDeque::new()).collect();
    let pools: Vec<Vec<String>> = (0..SITES.len())
        .map(|site| {
            let mut dice = Dice::new(1000 + site as u64);
            (0..12).map(|_| title(&mut dice)).collect()
        })
        .collect();
    (0..of_each * SITES.len()).map(move |number| {
        let site = number % SITES.len();
        let has_versions = number / SITES.len() == of_each / 4;
        let queue = &mut versions[site];
        if queue.is_empty() {
            let original = document(&mut dice, &SITES[site], &pools[site], has_versions);
            let more = if has_versions { 5 + of_each / 10 } else { 0 };
            queue.extend((0..more).map(|kind| version(&original, kind, &mut dice)));
            queue.push_front(original);
        }
        let next = queue.pop_front().unwrap_or_default();
        Document { id: format!("{seed}-{number}"), ..next }
    })
}

/// The article at another address, in one of five ways.
fn version(original: &Document, kind: usize, dice: &mut Dice) -> Document {
    let mut document = original.clone();
    let lines = &mut document.lines;
    match kind % 5 {
        // As it is.
        0 => {}
        // To print: without any furniture.
        1 => lines.retain(|(_, furniture)| !furniture),
        // For telephones: with some of it.
        2 => lines.retain(|(_, furniture)| !furniture || dice.percent(30)),
        // Before or after an update: a sentence is another, one is gone and one is new.
        3 => {
            let own: Vec<usize> = (0..lines.len()).filter(|line| !lines[*line].1).collect();
            let line = |dice: &mut Dice| own[1 + dice.roll(own.len() - 1)];
            lines[line(dice)].0 = sentence(dice);
            lines[line(dice)].0 = sentence(dice);
            lines.remove(line(dice));
            let (at, new) = (line(dice), sentence(dice));
            lines.insert(at, (new, false));
        }
        // The last page: the title, the first sentence, and a third of the text.
        _ => {
            let own: Vec<usize> = (0..lines.len()).filter(|line| !lines[*line].1).collect();
            let mut number = 0;
            let first = 2.min(own.len());
            lines.retain(|(_, furniture)| {
                number += usize::from(!furniture);
                *furniture || number <= first || number > own.len() * 2 / 3
            });
        }
    }
    document
}

/// A brief one has a line for each sentence.
fn document(dice: &mut Dice, site: &Site, pool: &[String], brief: bool) -> Document {
    let mut document = Document { domain: site.domain, ..Document::default() };
    let filled =
        |line: &str, dice: &mut Dice| line.replace("{n}", &(2 + dice.roll(900)).to_string());
    for (line, percent) in site.head {
        if dice.percent(*percent) {
            let line = filled(line, dice);
            document.furniture(line);
        }
    }
    if site.titled {
        // Some articles have a headline that others list.
        let own = if !brief && dice.percent(10) {
            pool[dice.roll(pool.len())].clone()
        } else {
            title(dice)
        };
        document.keeps(own);
    }
    for (line, percent) in site.opens {
        if dice.percent(*percent) {
            document.keeps(*line);
        }
    }
    body(dice, site, &mut document, brief);
    for (line, percent) in site.closes {
        if dice.percent(*percent) {
            document.keeps(*line);
        }
    }
    if let Some(heading) = site.shared {
        document.furniture(heading);
        for _ in 0..3 + dice.roll(6) {
            let headline = pool[dice.roll(pool.len())].clone();
            document.furniture(headline);
        }
    }
    for (line, percent) in site.tail {
        if dice.percent(*percent) {
            let line = filled(line, dice);
            document.furniture(line);
        }
    }
    document
}

fn body(dice: &mut Dice, site: &Site, document: &mut Document, brief: bool) {
    let text = |dice: &mut Dice| if brief { sentence(dice) } else { paragraph(dice) };
    match site.kind {
        Kind::News => {
            let paragraphs = if brief { 12 } else { 3 + dice.roll(5) };
            let prompt = 1 + dice.roll(paragraphs - 1);
            for number in 0..paragraphs {
                if number == prompt && dice.percent(70) {
                    site.inside.iter().for_each(|line| document.furniture(*line));
                }
                let heading = match number {
                    0 => site.between.first(),
                    _ if number + 1 == paragraphs => site.between.last(),
                    _ => None,
                };
                if let Some((heading, percent)) = heading
                    && dice.percent(*percent)
                {
                    document.keeps(*heading);
                }
                document.keeps(text(dice));
                // What is too long to be furniture stands among short sentences.
                if brief && number % 4 == 3 {
                    document.keeps(paragraph(dice) + " " + &paragraph(dice));
                }
                // What the article is about, in a list.
                if brief && number == 5 {
                    (0..4).for_each(|_| document.keeps(title(dice)));
                }
            }
        }
        Kind::Recipe => {
            document.keeps(format!("Prep time: {} minutes", 5 * (1 + dice.roll(9))));
            document.keeps(format!("Serves {}", 2 + dice.roll(8)));
            document.keeps("Ingredients");
            const THINGS: [&str; 10] = [
                "g rye flour",
                "g butter",
                "ml of milk",
                "eggs",
                "g of honey",
                "spoons of caraway",
                "g of plums",
                "pinches of salt",
                "g fresh yeast",
                "walnuts",
            ];
            for _ in 0..4 + dice.roll(4) {
                document.keeps(format!("{} {}", 2 + dice.roll(300), dice.of(&THINGS)));
            }
            // What every kitchen has, in any order.
            const SPICES: [&str; 10] = [
                "Salt",
                "Black pepper",
                "A little oil",
                "Some more caraway",
                "Water from the well",
                "Sugar for the crust",
                "Butter for the tin",
                "A handful of oats",
                "Dried thyme, if you like",
                "Flour for the table",
            ];
            let first = dice.roll(SPICES.len());
            let step = [1, 3, 7, 9][dice.roll(4)];
            for number in 0..6 + dice.roll(4) {
                document.keeps(SPICES[(first + number * step) % SPICES.len()]);
            }
            document.keeps("Method");
            if dice.percent(60) {
                document.keeps("Heat the oven to 180 degrees.");
            }
            (0..2 + dice.roll(3)).for_each(|_| document.keeps(text(dice)));
            document.keeps("Conclusion");
            document.keeps(text(dice));
        }
        Kind::Poem => {
            let refrain = ["And the river rolled on", "And the reeds bent low"];
            for _ in 0..3 + dice.roll(6) {
                for _ in 0..4 {
                    document.keeps(title(dice).to_string() + ",");
                }
                refrain.iter().for_each(|line| document.keeps(*line));
            }
        }
        Kind::Interview => {
            const QUESTIONS: [&str; 5] = [
                "What did you want to be as a child?",
                "Which book do you lend to nobody?",
                "Where were you when the bridge fell?",
                "What do you cook for guests you do not like?",
                "Whom would you ask these questions?",
            ];
            for question in QUESTIONS {
                document.keeps(question);
                document.keeps(text(dice));
            }
        }
    }
}

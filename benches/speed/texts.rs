//! Articles of any length, put together from parts of sentences; always the same ones.

/// What an article in a language is made of. Every opening goes with every middle and every end.
pub(crate) struct Language {
    pub(crate) name: &'static str,
    space: &'static str,
    openings: &'static [&'static str],
    middles: &'static [&'static str],
    ends: &'static [&'static str],
    /// Lines that stand between the paragraphs of a furnished article.
    furniture: &'static [&'static str],
}

pub(crate) const LANGUAGES: [Language; 4] = [ENGLISH, GERMAN, RUSSIAN, CHINESE];

pub(crate) const ENGLISH: Language = Language {
    name: "english",
    space: " ",
    openings: &[
        "The council",
        "A group of fishermen from the lower harbour",
        "The engineer who had drawn the first plans",
        "Nobody in the valley",
        "The new director of the museum",
        "Her grandfather",
        "The judges of the regional court",
        "A freight train with forty wagons",
    ],
    middles: &[
        "waited for the rain to stop before anything was decided about the bridge",
        "had read the report twice and still found no reason to change the old timetable",
        "spoke for an hour about wool, about prices, and about the winter of 1963",
        "could not say how many of the 214 houses would have water by the end of the week",
        "walked along the river to see what the flood had left of the orchards",
        "wanted to keep the market where it had been for three hundred years",
        "counted the votes again, slowly, and came to the same result",
        "sold the land to a cooperative that plants hazel and walnut trees",
    ],
    ends: &[
        "when the letter came.",
        "although most people had gone home by then.",
        "and that was the end of the matter.",
        "“because it costs nothing to ask,” as the mayor put it.",
        "which surprised those who had known the place in better years.",
        "on the second Tuesday in March.",
        "while the bells of both churches rang at the same time.",
        "without a word about the money.",
    ],
    furniture: &[
        "ALSO READ: Ten hotels with a view of the sea",
        "Sign up for our newsletter and get the news in your inbox every morning.",
        "Share this article:",
        "Facebook Twitter WhatsApp",
    ],
};

pub(crate) const GERMAN: Language = Language {
    name: "german",
    space: " ",
    openings: &[
        "Der Gemeinderat",
        "Eine Gruppe von Fischern aus dem unteren Hafen",
        "Die Ingenieurin, die die ersten Pläne gezeichnet hatte,",
        "Niemand im Tal",
        "Der neue Direktor des Museums",
        "Ihr Großvater",
        "Die Richter am Oberlandesgericht",
        "Ein Güterzug mit vierzig Wagen",
    ],
    middles: &[
        "wartete, bis der Regen aufhörte, ehe über die Brücke entschieden wurde",
        "las den Bericht zweimal und fand keinen Grund, den alten Fahrplan zu ändern",
        "sprach eine Stunde über Wolle, über Preise und über den Winter 1963",
        "wusste nicht, wie viele der 214 Häuser bis zum Wochenende Wasser hätten",
        "ging am Fluss entlang, um zu sehen, was die Flut von den Gärten übrig ließ",
        "wollte den Markt dort behalten, wo er seit dreihundert Jahren war",
        "zählte die Stimmen noch einmal, langsam, und kam zum gleichen Ergebnis",
        "verkaufte das Land an eine Genossenschaft, die Haselnüsse anbaut",
    ],
    ends: &[
        "als der Brief kam.",
        "obwohl die meisten schon nach Hause gegangen waren.",
        "und damit war die Sache erledigt.",
        "„weil Fragen nichts kostet“, wie die Bürgermeisterin sagte.",
        "was jene überraschte, die den Ort in besseren Jahren gekannt hatten.",
        "am zweiten Dienstag im März.",
        "während die Glocken beider Kirchen zugleich läuteten.",
        "ohne ein Wort über das Geld.",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | E-Mail"],
};

const RUSSIAN: Language = Language {
    name: "russian",
    space: " ",
    openings: &[
        "Городской совет",
        "Один из рыбаков нижней гавани",
        "Инженер, который чертил первые планы,",
        "Никто в долине",
        "Новый директор музея",
        "Её дедушка",
        "Судья областного суда",
        "Староста деревни",
    ],
    middles: &[
        "ждал, пока кончится дождь, прежде чем решать что-либо о мосте",
        "дважды прочёл отчёт и не нашёл причины менять старое расписание",
        "целый час говорил о шерсти, о ценах и о зиме 1963 года",
        "не мог сказать, в скольких из 214 домов к концу недели будет вода",
        "прошёл вдоль реки, чтобы увидеть, что наводнение оставило от садов",
        "хотел оставить рынок там, где он стоял триста лет",
        "ещё раз, не торопясь, пересчитал голоса и пришёл к тому же итогу",
        "продал землю товариществу, которое сажает орешник",
    ],
    ends: &[
        "когда пришло письмо.",
        "хотя большинство людей уже разошлось по домам.",
        "и на этом дело кончилось.",
        "«потому что спросить ничего не стоит», как сказал мэр.",
        "что удивило тех, кто знал это место в лучшие годы.",
        "во второй вторник марта.",
        "пока колокола обеих церквей звонили одновременно.",
        "не сказав ни слова о деньгах.",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | Telegram"],
};

const CHINESE: Language = Language {
    name: "chinese",
    space: "",
    openings: &[
        "市议会",
        "下游港口的一群渔民",
        "当年画第一批图纸的工程师",
        "山谷里的人们",
        "博物馆的新馆长",
        "她的祖父",
        "地方法院的法官",
        "村里的老人",
    ],
    middles: &[
        "一直等到雨停，才开始讨论那座桥的去留，",
        "把报告读了两遍，仍然找不到更改旧时刻表的理由，",
        "花了一个小时谈羊毛、谈价格、谈1963年的冬天，",
        "说不清到周末这214户人家里有多少户能用上水，",
        "沿着河岸走了很久，想看看洪水过后果园还剩下什么，",
        "希望集市留在它已经存在了三百年的地方，",
        "把选票慢慢地重新数了一遍，得到了同样的结果，",
        "把土地卖给了一家种植榛子和核桃的合作社，",
    ],
    ends: &[
        "信就在那时到了。",
        "尽管大多数人已经回家了。",
        "事情就这样结束了。",
        "“因为问一问不花钱”，市长这样说。",
        "这让见过此地好年景的人感到意外。",
        "那是三月的第二个星期二。",
        "两座教堂的钟声同时响了起来。",
        "关于钱的事一个字也没有提。",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | Telegram"],
};

/// An article of about so many bytes that has nothing to be removed or repaired.
pub(crate) fn article(language: &Language, bytes: usize) -> String {
    let mut random = Random(1);
    let mut text = String::with_capacity(bytes + 1024);
    while text.len() < bytes {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        for sentence in 0..2 + random.below(3) {
            if sentence > 0 {
                text.push_str(language.space);
            }
            let parts = [language.openings, language.middles, language.ends];
            let parts = parts.map(|parts| parts[random.below(parts.len())]);
            text.push_str(&parts.join(language.space));
        }
    }
    text
}

/// The article with a line of furniture after every fourth paragraph, and after the first.
pub(crate) fn furnish(language: &Language, article: &str) -> String {
    let mut furniture = language.furniture.iter().cycle();
    let mut text = String::with_capacity(article.len() * 5 / 4);
    for (number, paragraph) in article.split("\n\n").enumerate() {
        if number > 0 {
            text.push_str("\n\n");
        }
        if number % 4 == 1 {
            text.extend(furniture.next().copied());
            text.push_str("\n\n");
        }
        text.push_str(paragraph);
    }
    text
}

/// A linear congruential generator: the upper half of its state is random enough for this.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end
    }
}

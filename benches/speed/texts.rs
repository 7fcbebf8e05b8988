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

pub(crate) const LANGUAGES: [Language; 9] =
    [ENGLISH, GERMAN, FRENCH, RUSSIAN, ARABIC, CHINESE, JAPANESE, KOREAN, HINDI];

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

const FRENCH: Language = Language {
    name: "french",
    space: " ",
    openings: &[
        "Le conseil municipal",
        "Un groupe de pêcheurs du port d’en bas",
        "L’ingénieure qui avait dessiné les premiers plans",
        "Personne dans la vallée",
        "Le nouveau directeur du musée",
        "Sa grand-mère",
        "Le juge du tribunal régional",
        "Le maire du village voisin",
    ],
    middles: &[
        "attendait la fin de la pluie avant de décider quoi que ce soit pour le pont",
        "avait relu le rapport sans trouver de raison de changer l’ancien horaire",
        "parla pendant une heure de la laine, des prix et de l’hiver 1963",
        "ne savait pas combien des 214 maisons auraient de l’eau avant dimanche",
        "marcha le long de la rivière pour voir ce que la crue avait laissé des vergers",
        "voulait garder le marché là où il était depuis trois cents ans",
        "compta les voix encore une fois, lentement, et trouva le même résultat",
        "vendit la terre à une coopérative qui plante des noisetiers",
    ],
    ends: &[
        "quand la lettre arriva.",
        "bien que la plupart des gens fussent déjà rentrés.",
        "et l’affaire en resta là.",
        "«parce que demander ne coûte rien», disait-on en riant.",
        "ce qui étonna ceux qui avaient connu de meilleures années.",
        "le deuxième mardi de mars.",
        "pendant que les cloches des deux églises sonnaient.",
        "sans un mot sur l’argent.",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | Telegram"],
};

const ARABIC: Language = Language {
    name: "arabic",
    space: " ",
    openings: &[
        "المجلس البلدي",
        "صياد من الميناء القديم",
        "المهندس الذي رسم المخططات الأولى",
        "شيخ من أهل الوادي",
        "المدير الجديد للمتحف",
        "جدها العجوز",
        "القاضي في محكمة الإقليم",
        "مختار القرية المجاورة",
    ],
    middles: &[
        "انتظر حتى توقف المطر قبل أن يقرر شيئا في أمر الجسر",
        "قرأ التقرير مرتين ولم يجد سببا لتغيير مواعيد القطار القديمة",
        "تحدث ساعة كاملة عن الصوف وعن الأسعار وعن شتاء 1963",
        "لم يعرف كم بيتا من 214 بيتا سيصل إليه الماء هذا الأسبوع",
        "مشى على ضفة النهر ليرى ما أبقاه الفيضان من البساتين",
        "أراد أن يبقى السوق حيث كان منذ ثلاثمئة سنة",
        "عد الأصوات مرة أخرى ببطء ووصل إلى النتيجة نفسها",
        "باع الأرض لجمعية تزرع البندق والجوز",
    ],
    ends: &[
        "عندما وصلت الرسالة.",
        "مع أن معظم الناس كانوا قد عادوا إلى بيوتهم.",
        "وهكذا انتهى الأمر كله.",
        "«لأن السؤال لا يكلف شيئا» كما قال العمدة.",
        "وهو ما أدهش من عرفوا المكان في سنوات أفضل.",
        "في الثلاثاء الثاني من الشهر.",
        "بينما كانت الأجراس تدق من بعيد.",
        "دون كلمة واحدة عن المال.",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | Telegram"],
};

const JAPANESE: Language = Language {
    name: "japanese",
    space: "",
    openings: &[
        "町議会は",
        "下流の港の漁師たちは",
        "最初の図面を引いた技師は",
        "谷に住む人々は",
        "博物館の新しい館長は",
        "彼女の祖父は",
        "地方裁判所の判事は",
        "村の老人は",
    ],
    middles: &[
        "雨がやむのを待ってから橋のことを話し合い、",
        "報告書を二度読んだが古い時刻表を変える理由を見いだせず、",
        "羊毛と値段と1963年の冬について一時間も語り、",
        "週末までに214軒のうち何軒に水が届くのか答えられず、",
        "洪水が果樹園をどれほど残したかを見ようと川沿いを歩き、",
        "三百年前からある場所に市場を残したいと考え、",
        "票をもう一度ゆっくり数えて同じ結果にたどり着き、",
        "榛と胡桃を植える組合に土地を売り、",
    ],
    ends: &[
        "そこへ手紙が届いた。",
        "ほとんどの人はもう家に帰っていた。",
        "それで話は終わりになった。",
        "「尋ねるのはただだから」と町長は言った。",
        "昔のよい時代を知る者たちを驚かせた。",
        "それは三月の第二火曜日だった。",
        "二つの寺の鐘が同時に鳴っていた。",
        "お金のことは一言も口にしなかった。",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | Telegram"],
};

const KOREAN: Language = Language {
    name: "korean",
    space: " ",
    openings: &[
        "마을 의회는",
        "아래쪽 항구의 어부들은",
        "처음 설계도를 그린 기사는",
        "골짜기에 사는 사람들은",
        "박물관의 새 관장은",
        "그녀의 할아버지는",
        "지방 법원의 판사는",
        "이웃 마을의 이장은",
    ],
    middles: &[
        "비가 그치기를 기다린 뒤에야 다리 문제를 의논했고",
        "보고서를 두 번 읽고도 옛 시간표를 바꿀 까닭을 찾지 못했고",
        "양털과 물가와 1963년 겨울에 대해 한 시간을 말했고",
        "주말까지 214채 가운데 몇 채에 물이 나올지 알지 못했고",
        "홍수가 과수원을 얼마나 남겼는지 보려고 강가를 걸었고",
        "삼백 년 동안 있던 자리에 장터를 그대로 두고 싶어 했고",
        "표를 다시 한번 천천히 세어 같은 결과를 얻었고",
        "개암나무와 호두나무를 심는 조합에 땅을 팔았고",
    ],
    ends: &[
        "그때 편지가 왔다.",
        "사람들은 거의 다 집으로 돌아간 뒤였다.",
        "그것으로 일은 끝났다.",
        "“묻는 데에는 돈이 들지 않으니까” 하고 시장이 말했다.",
        "좋았던 시절을 아는 이들은 그 말에 놀랐다.",
        "삼월의 두 번째 화요일이었다.",
        "두 절의 종이 한꺼번에 울리고 있었다.",
        "돈에 대해서는 한마디도 하지 않았다.",
    ],
    furniture: &["Facebook Twitter WhatsApp", "Facebook | WhatsApp | Telegram"],
};

const HINDI: Language = Language {
    name: "hindi",
    space: " ",
    openings: &[
        "नगर परिषद ने",
        "निचले बंदरगाह के मछुआरों ने",
        "पहला नक्शा बनाने वाले इंजीनियर ने",
        "घाटी के लोगों ने",
        "संग्रहालय के नए निदेशक ने",
        "उसके दादा ने",
        "ज़िला अदालत के न्यायाधीश ने",
        "गाँव के मुखिया ने",
    ],
    middles: &[
        "पुल के बारे में कुछ भी तय करने से पहले बारिश के रुकने का इंतज़ार किया",
        "दो बार पूरी बात सुनी और पुरानी समय सारणी बदलने का कोई कारण नहीं पाया",
        "एक घंटे तक ऊन के दाम और 1963 की सर्दी की बात की",
        "यह नहीं बताया कि 214 घरों में से कितनों में सप्ताह के अंत तक पानी आएगा",
        "नदी के किनारे चलकर देखा कि बाढ़ ने बाग़ों में क्या छोड़ा",
        "बाज़ार को वहीं रखना चाहा जहाँ वह तीन सौ साल से था",
        "धीरे धीरे फिर से मत गिने और वही नतीजा पाया",
        "अखरोट के पेड़ लगाने वाली एक समिति को ज़मीन बेच दी",
    ],
    ends: &[
        "जब चिट्ठी आई।",
        "जबकि ज़्यादातर लोग घर जा चुके थे।",
        "और बात वहीं समाप्त हो गई।",
        "“क्योंकि पूछने में कुछ नहीं लगता” जैसा महापौर ने कहा।",
        "जिससे पुराने अच्छे दिन जानने वाले चकित हुए।",
        "मार्च के दूसरे मंगलवार को।",
        "जब दोनों मंदिरों की घंटियाँ एक साथ बज रही थीं।",
        "और पैसे के बारे में एक शब्द भी नहीं कहा।",
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

//! A collection out of nothing: stems and endings of both languages, drawn as words are in real texts, a few often and
//! most of them seldom.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use serde_json::json;

use crate::collection::{Collection, Question};

const DOCUMENTS: usize = 20_000;

/// So many documents give two queries, one in each language.
const QUERY_EVERY: usize = 50;

const ENGLISH: Language = Language {
    function_words: &["the", "of", "and", "to", "in", "a", "is", "for", "that", "with", "was", "on", "by", "it", "are"],
    stems: &[
        "minister", "report", "visit", "answer", "search", "letter", "station", "record", "season", "farm", "engine",
        "harbour", "paint", "market", "mountain", "train", "garden", "winter", "signal", "journal", "question",
        "bridge", "island", "window", "teacher", "village", "border", "matter", "number", "summer", "forest",
        "kitchen", "student", "doctor", "printer", "lantern", "member", "network", "author", "factor", "sailor",
        "river", "corner", "tower",
    ],
    endings: &["", "s", "ed", "ing", "er", "ers"],
    syllables: &["ra", "te", "lo", "mi", "ku", "ven", "dor", "sa", "pli", "ton"],
};

const RUSSIAN: Language = Language {
    function_words: &["и", "в", "не", "на", "что", "с", "по", "для", "как", "это", "из", "к", "от", "за", "о"],
    stems: &[
        "министр",
        "отчёт",
        "визит",
        "ответ",
        "поиск",
        "вокзал",
        "сезон",
        "двигател",
        "порт",
        "рынок",
        "поезд",
        "сад",
        "сигнал",
        "журнал",
        "вопрос",
        "мост",
        "остров",
        "учител",
        "деревн",
        "границ",
        "номер",
        "лес",
        "кухн",
        "студент",
        "доктор",
        "фонар",
        "автор",
        "моряк",
        "берег",
        "угол",
        "башн",
        "город",
        "дорог",
        "письм",
        "школ",
        "завод",
        "книг",
        "команд",
        "картин",
        "улиц",
        "погод",
        "машин",
        "работ",
        "систем",
    ],
    endings: &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"],
    syllables: &["ра", "те", "ло", "ми", "ку", "вен", "дор", "са", "пли", "тон"],
};

struct Language {
    function_words: &'static [&'static str],
    stems: &'static [&'static str],
    endings: &'static [&'static str],
    /// What names are made of, which no dictionary holds.
    syllables: &'static [&'static str],
}

impl Language {
    fn word(&self, random: &mut Random) -> String {
        match random.below(10) {
            0..4 => random.seldom(self.function_words).to_owned(),
            4..9 => format!("{}{}", random.seldom(self.stems), random.seldom(self.endings)),
            _ => (0..2 + random.below(2)).map(|_| random.seldom(self.syllables)).collect(),
        }
    }
}

/// Writes the documents into a folder.
pub fn collection(dir: &Path) -> Collection {
    let documents = dir.join("documents.jsonl");
    let mut out = BufWriter::new(File::create(&documents).expect("writable"));
    let mut random = Random(1);
    let mut questions = Vec::new();
    for number in 0..DOCUMENTS {
        let language = if number % 2 == 0 { &ENGLISH } else { &RUSSIAN };
        let words: Vec<String> = (0..40 + random.below(400)).map(|_| language.word(&mut random)).collect();
        let sentences: Vec<String> = words.chunks(12).map(|words| words.join(" ") + ".").collect();
        let document = json!({ "id": number.to_string(), "title": words[..3].join(" "), "text": sentences.join(" ") });
        writeln!(out, "{document}").expect("writable");
        if number % QUERY_EVERY < 2 {
            let asked = words[12..13 + random.below(5)].join(" ");
            let kind = ["or", "or", "and", "phrase"][random.below(4)];
            questions.push(Question::new(kind, &asked));
        }
    }
    out.flush().expect("writable");
    Collection { documents, questions }
}

/// Numbers that look drawn and are the same each time: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        // A remainder below the bound is no larger than it.
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    /// One of them; the later in the list, the more seldom.
    fn seldom<T: Copy>(&mut self, items: &[T]) -> T {
        let reach = 1 + self.below(items.len());
        items[self.below(reach)]
    }
}

//! Texts in both languages, made of words.

use crate::Chance;

const RUSSIAN: [&str; 20] = [
    "визит",
    "министры",
    "договора",
    "железная",
    "дорога",
    "хлопок",
    "газеты",
    "Ташкент",
    "погода",
    "границей",
    "письмо",
    "отчётом",
    "урожай",
    "встретились",
    "построили",
    "вчера",
    "новый",
    "о",
    "в",
    "и",
];

const ENGLISH: [&str; 20] = [
    "visits",
    "minister",
    "treaties",
    "railway",
    "harvest",
    "cotton",
    "newspaper",
    "Tashkent",
    "weather",
    "borders",
    "letter",
    "reported",
    "met",
    "built",
    "yesterday",
    "new",
    "of",
    "in",
    "and",
    "the",
];

/// Some words: a text in Russian, in English, or in both.
pub(crate) fn text(words: u64, chance: &mut Chance) -> String {
    let language = chance.below(3);
    let mut text = String::new();
    for n in 1..=words {
        let is_russian = match language {
            0 => true,
            1 => false,
            _ => (n / 12) % 2 == 0,
        };
        text.push_str(if is_russian { chance.one_of(&RUSSIAN) } else { chance.one_of(&ENGLISH) });
        text.push_str(if n % 12 == 0 { ". " } else { " " });
    }
    text
}

/// So many letters that cannot be packed to much less room.
pub(crate) fn letters(count: u64, chance: &mut Chance) -> String {
    let letter = |_| char::from_u32(u32::from('a') + u32::try_from(chance.below(26)).ok()?);
    (0..count).filter_map(letter).collect()
}

/// What may be asked: one to three words, some of them in another form than the texts have.
pub(crate) fn query(chance: &mut Chance) -> String {
    const ASKED: [&str; 12] = [
        "визиты",
        "министром",
        "железной дороги",
        "хлопка",
        "письма",
        "урожая",
        "visit",
        "ministers",
        "railways",
        "letters",
        "weather",
        "treaty",
    ];
    let words: Vec<&str> = (0..=chance.below(3)).map(|_| chance.one_of(&ASKED)).collect();
    words.join(" ")
}

//! A text → the language label of the document, and its passages with a label each.
//!
//! The shares of the alphabets decide between English and Russian; `evidence` decides whether Latin text is English and
//! Cyrillic text Russian at all. A text is mixed where running text or whole sentences in each of the two are a real part
//! of it, and not names, commands and titles alone. The cost of a label does not grow with the text; that of passages does.

mod evidence;
mod passages;
mod pieces;
mod rivals;
mod sample;
mod word;

pub use passages::{Passage, Shares, passages};

use evidence::{Evidence, Verdict};
use sample::{Part, Sample};

use super::Label;

/// The smallest share of the letters that makes a language a real part of a mixed document: a tenth of the text, from
/// which spaces, numbers and short words take their share.
const MIN_PART: f32 = 0.08;

/// The share of its letters that stand in passages; the others are names, commands and titles.
const MIN_PASSAGES: f32 = 0.5;

/// The share of Cyrillic letters from which a text without a passage of English is Russian.
const MIN_RUSSIAN: f32 = 0.2;

/// What a text was found to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detection {
    /// The label.
    pub label: Label,
    /// How sure it is, from 0 (a guess: nothing to decide by) to 1.
    pub confidence: f32,
    /// The share of Latin letters among all letters.
    pub latin: f32,
    /// The share of Cyrillic letters among all letters.
    pub cyrillic: f32,
}

/// Finds the language label of a text.
///
/// ```
/// use oba::language::{Label, detect};
/// assert_eq!(detect("The ministers met in Tashkent.").label, Label::English);
/// assert_eq!(detect("Министры встретились в Ташкенте.").label, Label::Russian);
/// assert_eq!(detect("Die Minister trafen sich in Taschkent.").label, Label::Other);
/// assert_eq!(detect("1 000 000").label, Label::Other);
/// ```
#[must_use]
pub fn detect(text: &str) -> Detection {
    let mut sample = Sample::of(text);
    let letters = sample.letters();
    if letters == 0 {
        return Detection { label: Label::Other, confidence: 0.0, latin: 0.0, cyrillic: 0.0 };
    }
    let [latin, cyrillic] = sample.parts.each_ref().map(|part| share(part.evidence.letters, letters));
    if latin.min(cyrillic) >= MIN_PART {
        sample.count_sentences(text);
    }
    let (label, confidence) = decide(&sample, Evidence::verdict);
    Detection { label, confidence, latin, cyrillic }
}

/// The label of a sample and its confidence. `verdict` tells whether the words of an alphabet are in the language that
/// oba serves in it.
fn decide(sample: &Sample, verdict: impl Fn(&Evidence) -> Verdict) -> (Label, f32) {
    let [english, russian] = &sample.parts;
    let other_share = share(sample.other_letters, sample.letters());
    if other_share > 0.5 {
        return (Label::Other, other_share);
    }
    let both = english.evidence.letters + russian.evidence.letters;
    let is_part = |part: &Part| {
        let letters = part.evidence.letters;
        share(letters, both) >= MIN_PART
            && (share(part.passage_letters, letters) >= MIN_PASSAGES || share(part.sentence_letters, both) >= MIN_PART)
    };
    if is_part(english) && is_part(russian) {
        return match (verdict(&english.evidence), verdict(&russian.evidence)) {
            (Verdict::Yes(a), Verdict::Yes(b)) => (Label::Mixed, a.min(b)),
            (Verdict::Yes(sure), Verdict::No(_)) => (Label::English, sure / 2.0),
            (Verdict::No(_), Verdict::Yes(sure)) => (Label::Russian, sure / 2.0),
            (Verdict::No(a), Verdict::No(b)) => (Label::Other, a.min(b)),
        };
    }
    // A Russian text full of Latin names, commands and products is still Russian; English ones hold hardly any Cyrillic.
    let russian_share = share(russian.evidence.letters, both);
    let russian_leads = russian_share >= 0.5 || !is_part(english) && (is_part(russian) || russian_share >= MIN_RUSSIAN);
    let lead = if russian_leads { russian } else { english };
    match verdict(&lead.evidence) {
        Verdict::Yes(sure) => (lead.evidence.profile.label, sure),
        Verdict::No(sure) => (Label::Other, sure),
    }
}

fn share(count: usize, of: usize) -> f32 {
    // Counts of a bounded sample are far below the 2^24 that an f32 holds exactly.
    #[allow(clippy::cast_precision_loss)]
    if of == 0 { 0.0 } else { count as f32 / of as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        detect(text).label
    }

    #[test]
    fn prose_in_either_language_is_known() {
        assert_eq!(label("How are you? The children went to the museum by train."), Label::English);
        assert_eq!(label("Как дела? Дети поехали в музей на поезде."), Label::Russian);
    }

    #[test]
    fn single_words_go_by_their_alphabet() {
        for word in ["search", "John Smith", "iPhone 15 Pro Max 256GB"] {
            assert_eq!(label(word), Label::English, "{word}");
        }
        for word in ["привет", "мама", "как дела", "А. С. Пушкин", "10 кг 5 шт"] {
            assert_eq!(label(word), Label::Russian, "{word}");
        }
    }

    #[test]
    fn nothing_to_decide_by_is_other_without_confidence() {
        for text in
            ["", "12.5 34 1 000,00 2024-01-01 99%", "!!! ???", "😀👍", "https://example.org/path", "a@example.org"]
        {
            let found = detect(text);
            assert_eq!((found.label, found.confidence), (Label::Other, 0.0), "{text}");
        }
    }

    #[test]
    fn languages_in_latin_letters_are_other() {
        for text in [
            "Der alte Fischer wohnt allein in einem kleinen Haus am See.",
            "Le boulanger ouvre sa boutique tous les matins à six heures.",
            "Las ventanas de la cocina estaban abiertas cuando llegamos.",
            "Mia nonna prepara la pasta ogni domenica per tutta la famiglia.",
            "De kinderen spelen buiten omdat het eindelijk niet meer regent.",
            "Os pescadores voltaram ao porto antes que a chuva começasse.",
            "Copiii s-au jucat toată ziua în curtea școlii.",
            "Els nens van jugar al parc fins que es va fer fosc.",
            "Agricolae in agris laborant et aquam ex flumine portant.",
            "Katten ligger på soffan och vill inte gå ut i regnet.",
            "Katten ligger i sofaen og vil ikke gå ud i regnen.",
            "Hun leste avisen mens toget kjørte gjennom fjellet.",
            "Wczoraj wieczorem poszliśmy do kina, ale film był nudny.",
            "Včera jsme byli v lese a našli jsme hodně hub.",
            "Deti išli do školy, lebo už bolo skoro osem hodín.",
            "Jučer smo kupili kruh i mlijeko u trgovini kod kuće.",
            "Otroci so se igrali na vrtu, ker je bilo lepo vreme.",
            "Çocuklar bahçede oynuyor ama hava biraz soğuk.",
            "Lapset leikkivät pihalla, koska aurinko paistoi koko päivän.",
            "Lapsed mängisid õues, sest ilm oli väga ilus.",
            "A gyerekek az udvaron játszanak, mert szép idő van.",
            "Vaikai žaidė kieme, nes oras buvo labai gražus.",
            "Bērni spēlējās pagalmā, jo laiks bija ļoti skaists.",
            "Anak itu pergi ke sekolah dengan sepeda yang baru.",
            "Fëmijët luajtën në oborr sepse koha ishte e bukur.",
            "Watoto walicheza nje kwa sababu hali ya hewa ilikuwa nzuri.",
            "La infanoj ludis en la ĝardeno, ĉar la vetero estis bela.",
            "My segodnya poedem na dachu, esli ne budet dozhdya.",
        ] {
            assert_eq!(label(text), Label::Other, "{text}");
        }
    }

    #[test]
    fn languages_in_cyrillic_letters_are_other() {
        for text in [
            "Учора ввечері ми ходили до театру, але вистава була нудна.",
            "Доброго ранку, як справи? Сьогодні гарна погода, і ми йдемо гуляти.",
            "Дзеці гулялі ў двары, бо надвор'е было вельмі добрае.",
            "Децата играха на двора, защото времето беше хубаво.",
            "Децата играа во дворот затоа што времето беше убаво.",
            "Деца су се играла у дворишту јер је време било лепо.",
            "Балалар аулада ойнады, өйткені ауа райы жақсы болды.",
            "Балдар короодо ойношту, анткени аба ырайы жакшы болчу.",
            "Балалар ишегалдында уйнадылар, чөнки һава яхшы иде.",
            "Болалар ҳовлида ўйнашди, чунки ҳаво яхши эди.",
            "Кӯдакон дар ҳавлӣ бозӣ карданд, зеро ҳаво хуб буд.",
            "Хүүхдүүд хашаандаа тоглож байна, учир нь цаг агаар сайхан байна.",
        ] {
            assert_eq!(label(text), Label::Other, "{text}");
        }
        assert_eq!(label("你好世界"), Label::Other);
    }

    #[test]
    fn neighbours_without_letters_of_their_own_are_told_by_their_words() {
        for text in [
            "Той не искаше да говори за това, което се случи вчера.",
            "Брат ми е професор на медицинския факултет.",
            "Вона чекала на нього довго, але потяг не прийшов.",
            "Het was een mooie dag en we gingen met de trein naar zee.",
            "Non voglio parlare con nessuno di questa storia.",
        ] {
            assert_eq!(label(text), Label::Other, "{text}");
        }
    }

    #[test]
    fn short_sentences_and_questions_keep_their_language() {
        for text in ["Where is Lake Baikal?", "Does aspirin thin blood?", "This protein binds zinc."] {
            assert_eq!(label(text), Label::English, "{text}");
        }
        for text in [
            "Это договор, т. е. документ.",
            "Где находится Байкал?",
            "Растут ли в тундре берёзы?",
            "Кто написал оперу «Садко»?",
        ] {
            assert_eq!(label(text), Label::Russian, "{text}");
        }
    }

    #[test]
    fn foreign_names_leave_the_language_of_their_sentence() {
        let english =
            "François Müller and José Núñez flew to Malmö with their friends, because the train was late again.";
        assert_eq!(label(english), Label::English);
        let russian = "Перевод Тараса Шевченко издали в Ужгороде и в Софии, а потом в Скопье.";
        assert_eq!(label(russian), Label::Russian);
    }

    #[test]
    fn tables_of_identifiers_go_by_their_alphabet() {
        let table = "ObjectState_SetInput (int)\nObjectState_GetOutput (int)\nFileReader (int)\n".repeat(20);
        assert_eq!(label(&table), Label::English);
    }

    #[test]
    fn russian_full_of_commands_is_russian() {
        for text in [
            "Запустите docker compose up -d postgres redis и проверьте logs через kubectl get pods",
            "FileReader::setBufferSize() — задаёт размер буфера; см. FileReader::getBufferSize(), StreamWriter::flush().",
        ] {
            assert_eq!(label(text), Label::Russian, "{text}");
        }
    }

    #[test]
    fn mixed_needs_running_text_in_both_and_not_names_alone() {
        let both =
            "The quick brown fox jumps over the lazy dog. Съешь ещё этих мягких французских булок, да выпей чаю.";
        assert_eq!(label(both), Label::Mixed);
        let tenth = "The bridge was closed for repairs in the spring, and the ferry carried people across the river until \
                     the autumn, when the first snow fell and the ice began to form. Мост открыли через год.";
        assert_eq!(label(tenth), Label::Mixed);
        for alternating in [
            "Dinner is ready. Ужин готов. Come here. Иди сюда.",
            "Ужин готов!\nDinner is ready!\nМы ждём.\nHurry up, please.",
            "Hello, how are you? Как дела? Fine. Всё хорошо, спасибо.",
        ] {
            assert_eq!(label(alternating), Label::Mixed, "{alternating}");
        }
        assert_eq!(label("Ужин готов. War and Peace. Иди сюда. Content-Type application/json."), Label::Russian);
        assert_eq!(label("Come here. Ясная Поляна. Dinner is ready. We wait for you. We all do."), Label::English);
        assert_eq!(label("Ужин готов. Das Essen ist fertig. Иди сюда. Komm bitte her."), Label::Russian);
        let titles =
            "О нём писали в книгах «The History of the Great Bridge» и «A Life on the River», их перевели в Москве.";
        assert_eq!(label(titles), Label::Russian);
        assert_eq!(label("Компания Google выпустила новый Android для Samsung Galaxy и Pixel."), Label::Russian);
        assert_eq!(label("The novel was written by Лев Толстой and translated by Constance Garnett."), Label::English);
    }

    #[test]
    fn the_end_of_a_long_text_counts_as_its_beginning_does() {
        let english = "The ministers met in the capital and spoke of trade and of transport. ".repeat(400);
        let russian = "Министры встретились в столице и говорили о торговле и о транспорте. ".repeat(400);
        assert_eq!(label(&english), Label::English);
        assert_eq!(label(&russian), Label::Russian);
        assert_eq!(label(&(english + &russian)), Label::Mixed);
    }

    #[test]
    fn shares_add_up_to_the_letters() {
        let found = detect("мир peace");
        assert!((found.latin - 5.0 / 8.0).abs() < 1e-6 && (found.cyrillic - 3.0 / 8.0).abs() < 1e-6);
    }
}

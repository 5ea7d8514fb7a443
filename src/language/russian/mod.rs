//! Russian: all that oba knows of it.

mod lemmas;

use std::{collections::HashMap, sync::LazyLock};

use rust_stemmers::Algorithm;
use whatlang::Lang;

use super::{Alphabet, Keyboard, Label, Profile, dictionary, neighbours::Frequent, pairs::Pairs, profile::word_list};

const LETTERS: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";

const FREQUENT: Frequent = (Some(Lang::Rus), include_str!("frequent.txt"));

/// The profile of Russian.
///
/// ё is compared as е, for it is written only one time in five; й is a letter of its own and never и, which would
/// change the stem of more than half of the words that hold it.
pub(super) static PROFILE: Profile = Profile {
    label: Label::Russian,
    name: "Русский",
    alphabet: Alphabet::Cyrillic,
    letters: LETTERS,
    keyboard: Keyboard {
        plain: "ёйцукенгшщзхъфывапролджэячсмитьбю.", shifted: "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
    },
    // Unstressed vowels, и and ы behind ж, ш and ц, consonants that are voiced or voiceless by what follows them, signs that
    // are not heard, and groups of consonants of which one is not.
    confusions: &[
        ("о", "а"),
        ("е", "и"),
        ("я", "е"),
        ("я", "и"),
        ("и", "ы"),
        ("е", "э"),
        ("и", "й"),
        ("у", "ю"),
        ("б", "п"),
        ("в", "ф"),
        ("г", "к"),
        ("д", "т"),
        ("ж", "ш"),
        ("з", "с"),
        ("ш", "щ"),
        ("ч", "щ"),
        ("сч", "щ"),
        ("тс", "ц"),
        ("ь", "ъ"),
        ("ь", ""),
        ("ъ", ""),
        ("г", "в"),
        ("тся", "ться"),
        ("стн", "сн"),
        ("здн", "зн"),
        ("вств", "ств"),
        ("лнц", "нц"),
    ],
    folds: &[('ё', 'е')],
    months: [
        "января январь янв",
        "февраля февраль фев",
        "марта март мар",
        "апреля апрель апр",
        "мая май",
        "июня июнь июн",
        "июля июль июл",
        "августа август авг",
        "сентября сентябрь сен",
        "октября октябрь окт",
        "ноября ноябрь ноя",
        "декабря декабрь дек",
    ],
    // Those that close as many sentences as they stand in, such as «и др.» and «тыс. руб.», are left out: before a small
    // letter a sentence goes on in any case.
    abbreviations: &[
        "г",
        "гг",
        "в",
        "вв",
        "т",
        "см",
        "ср",
        "напр",
        "т.е",
        "т.к",
        "т.н",
        "ул",
        "пл",
        "просп",
        "пер",
        "им",
        "акад",
        "проф",
        "доц",
        "ред",
        "сост",
        "кн",
        "обл",
        "р-н",
        "пос",
        "дер",
        "д-р",
        "г-н",
        "г-жа",
        "св",
        "н.э",
        "э",
        "тел",
        "ок",
        "род",
        "ум",
        "гл",
        "ген",
        "полк",
        "исп",
        // The second halves of «т. е.», «т. к.» and «т. н.».
        "е",
        "к",
        "н",
    ],
    abbreviations_before_numbers: &[
        "рис", "табл", "стр", "с", "п", "пп", "д", "кв", "корп", "ст", "ч", "илл", "прим", "вып", "разд",
    ],
    source_labels: &["источник"],
    min_function_words: 0.1,
    frequent: FREQUENT,
    pairs: LazyLock::new(|| Pairs::of(LETTERS, FREQUENT, include_str!("stop_words.txt"))),
    words: LazyLock::new(|| dictionary::read(include_bytes!("words.fst"))),
    stop_words: LazyLock::new(|| word_list(include_str!("stop_words.txt"))),
    possessives: &[],
    acronyms: &["то"],
    stemmer: Algorithm::Russian,
    stem_exceptions: LazyLock::new(HashMap::new),
    lemma_terms: |form| Some(lemmas::lemma_terms(form)?.map(|term| term.to_string()).collect()),
};

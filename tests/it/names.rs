//! Names are found in the other alphabet, however they are romanised and in all their cases; what only looks alike is not.

use oba::language::names::Spelling;
use serde_json::Value;

use crate::program::{Place, encoded, ids};

/// Names of people and places, as the press of Central Asia writes them.
const NAMES: [&str; 40] = [
    "Лавров",
    "Путин",
    "Хрущёв",
    "Ельцин",
    "Горбачёв",
    "Чайковский",
    "Достоевский",
    "Щербаков",
    "Жуков",
    "Юрьев",
    "Мирзиёев",
    "Абдуллаев",
    "Каримов",
    "Рахмонов",
    "Бердымухамедов",
    "Назарбаев",
    "Токаев",
    "Жапаров",
    "Нетаньяху",
    "Шойгу",
    "Царёв",
    "Фёдоров",
    "Эренбург",
    "Ходжаев",
    "Гагарин",
    "Ташкент",
    "Самарканд",
    "Бухара",
    "Хива",
    "Душанбе",
    "Казань",
    "Тюмень",
    "Рязань",
    "Ярославль",
    "Екатеринбург",
    "Нижний",
    "Краснодар",
    "Воронеж",
    "Иркутск",
    "Якутск",
];

/// A romanisation: the letters of Russian in order, from а to я with ё behind е.
struct Table {
    name: &'static str,
    letters: [&'static str; 33],
    /// What е is at the beginning of a word and behind vowels and signs.
    e_after_vowels: &'static str,
}

const TABLES: [Table; 4] = [
    Table {
        name: "BGN/PCGN 1947",
        letters: [
            "a", "b", "v", "g", "d", "e", "ë", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
            "f", "kh", "ts", "ch", "sh", "shch", "”", "y", "’", "e", "yu", "ya",
        ],
        e_after_vowels: "ye",
    },
    Table {
        name: "ICAO 9303",
        letters: [
            "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
            "f", "kh", "ts", "ch", "sh", "shch", "ie", "y", "", "e", "iu", "ia",
        ],
        e_after_vowels: "e",
    },
    Table {
        name: "ISO 9:1995",
        letters: [
            "a", "b", "v", "g", "d", "e", "ë", "ž", "z", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
            "f", "h", "c", "č", "š", "ŝ", "", "y", "", "è", "û", "â",
        ],
        e_after_vowels: "e",
    },
    Table {
        name: "GOST 7.79-2000 B",
        letters: [
            "a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
            "f", "x", "cz", "ch", "sh", "shh", "", "y'", "'", "e'", "yu", "ya",
        ],
        e_after_vowels: "e",
    },
];

impl Table {
    fn romanised(&self, name: &str) -> String {
        let mut romanised = String::new();
        let mut before = 'а';
        for letter in name.to_lowercase().chars() {
            let number = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя".chars().position(|known| known == letter);
            let is_after_vowel = "аеёиоуыэюяйъь".contains(before);
            romanised += match number {
                Some(_) if letter == 'е' && is_after_vowel => self.e_after_vowels,
                Some(number) => self.letters[number],
                None => panic!("{name} has other letters"),
            };
            before = letter;
        }
        romanised
    }
}

fn same(latin: &str, russian: &str) -> bool {
    let form = |word: &str| oba::analysis::Analyzer::default().reading(word).form.clone();
    let (latin, russian) = (form(latin), form(russian));
    let finds = |a: &str, b: &str| Spelling::of(a).is_some_and(|spelling| spelling.cost_of(b).is_some());
    let (there, back) = (finds(&latin, &russian), finds(&russian, &latin));
    assert_eq!(there, back, "{latin} and {russian} are the same in one direction only");
    there
}

#[test]
fn names_are_known_in_every_romanisation() {
    let mut missed = Vec::new();
    for table in TABLES {
        for name in NAMES {
            let romanised = table.romanised(name);
            if !same(&romanised, name) {
                missed.push(format!("{name} {romanised} ({})", table.name));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn names_are_found_among_the_first_hits_in_every_romanisation() {
    let sentence = |name: &str| format!("Об этом в четверг сказал {name}, и с ним согласились все.");
    let documents: Vec<(String, String)> = NAMES.iter().map(|name| ((*name).to_owned(), sentence(name))).collect();
    let documents: Vec<(&str, &str)> = documents.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let place = Place::with_documents(&documents);
    let server = place.serve();
    let (mut found, mut asked) = (0, 0);
    for table in TABLES {
        for name in NAMES {
            let query = encoded(&table.romanised(name));
            let (_, answer) = server.json(&format!("/search?q={query}&limit=5&fragments=0&repair=off"));
            found += usize::from(ids(&answer).contains(&name.to_owned()));
            asked += 1;
        }
    }
    assert!(found * 100 >= asked * 95, "{found} of {asked}");
}

#[test]
fn names_are_known_as_the_press_writes_them() {
    for (name, spellings) in [
        ("Мирзиёев", "Mirziyoyev Mirziyoev Mirziyaev Mirzijoev"),
        ("Абдулла", "Abdulla Abdullah Abdoulla"),
        ("Хрущёв", "Khrushchev Khrushchov Khrouchtchev Xrushhev"),
        ("Ельцин", "Yeltsin Eltsin Jelzin"),
        ("Чайковский", "Tchaikovsky Chaikovsky Chaykovskiy Tschaikowski"),
        ("Лавров", "Lavrov Lawrow Lavroff"),
        ("Дмитрий", "Dmitry Dmitriy Dmitri Dmitrij"),
        ("Юлия", "Yulia Yuliya Iuliia Julija"),
        ("Вашингтон", "Washington"),
        ("Манчестер", "Manchester"),
        ("Телеграм", "Telegram"),
        ("Шевченко", "Shevchenko Schewtschenko Chevtchenko"),
    ] {
        for spelling in spellings.split(' ') {
            assert!(same(spelling, name), "{spelling} {name}");
        }
    }
    for case in "Лаврова Лаврову Лавровым Лаврове Лавровы".split(' ') {
        assert!(same("Lavrov", case), "{case}");
    }
    for case in "Самары Самаре Самару Самарой".split(' ') {
        assert!(same("Samara", case), "{case}");
    }
}

#[test]
fn other_names_are_not_the_same() {
    for (latin, russian) in [
        ("LG", "ЛГ"),
        ("on", "он"),
        ("pot", "пот"),
        ("BBC", "ВВС"),
        ("Lavrov", "Лаврентьев"),
        ("Putin", "Пушкин"),
        ("Moscow", "Минск"),
        ("Ivanov", "Петров"),
        ("Samarkand", "Самара"),
        ("Petrov", "Петровский"),
        ("Tashkent", "Ташкентский"),
        ("Kazan", "Рязань"),
        ("Minsk", "Пинск"),
        ("Smith", "Шмидт"),
        ("2021", "2021"),
    ] {
        assert!(!same(latin, russian), "{latin} {russian}");
    }
}

fn place() -> Place {
    Place::with_documents(&[
        ("lavrov-ru", "На встрече министр Лавров ответил. Вчера с Лавровым говорили журналисты."),
        ("lavrov-en", "At the meeting minister Lavrov answered, and reporters spoke with Lavrov."),
        ("bridge", "Новый мост через реку открыли, и лист упал в парк."),
        ("most", "The most of the list was read near the old bridge."),
        ("google", "Они нашли это в гугле, а потом в Москве."),
        ("telegram", "They wrote about it in Telegram, and then in Moscow."),
        ("brand", "Это завод ЛГ и канал ВВС."),
        ("brands", "It is an LG plant and a BBC channel."),
    ])
}

#[test]
fn a_name_finds_itself_in_the_other_alphabet_below_the_word_as_typed() {
    let place = place();
    assert_eq!(place.ids("Lavrov"), ["lavrov-en", "lavrov-ru"]);
    assert_eq!(place.ids("лавровым"), ["lavrov-ru", "lavrov-en"]);
    assert_eq!(place.ids("Mirziyoyev Lawrow"), ["lavrov-ru"]);
    assert_eq!(place.ids("google"), ["google"]);
    assert_eq!(place.ids("телеграм"), ["telegram"]);
    let mut ids = place.ids("+Москва");
    ids.sort();
    assert_eq!(ids, ["google", "telegram"]);
}

#[test]
fn what_is_no_name_or_is_meant_as_typed_stays_in_its_alphabet() {
    let place = place();
    assert_eq!(place.ids("most list"), ["most"]);
    assert_eq!(place.ids("мост лист"), ["bridge"]);
    assert_eq!(place.ids("LG BBC"), ["brands"]);
    assert_eq!(place.ids("ЛГ ВВС"), ["brand"]);
    assert_eq!(place.ids("!Lavrov"), ["lavrov-en"]);
    assert_eq!(place.ids("minister OR министр -Lavrov"), ["lavrov-ru"]);
    assert_eq!(place.ids("\"minister Lavrov\""), ["lavrov-en"]);
}

#[test]
fn names_are_marked_by_their_route_and_can_be_refused() {
    let place = place();
    let routes = |answer: &Value, hit: usize| -> Vec<(String, String)> {
        let fragments = answer["hits"][hit]["snippet"]["fragments"].as_array().expect("fragments").clone();
        let parts = fragments.iter().flat_map(|fragment| fragment["parts"].as_array().expect("parts").clone());
        let marked = parts.filter(|part| part["marked"] == true);
        let text = |part: &Value, name: &str| part[name].as_str().unwrap_or_default().to_owned();
        marked.map(|part| (text(&part, "text"), text(&part, "route"))).collect()
    };
    let answer = place.search("Lavrov");
    let name = |text: &str, route: &str| (text.to_owned(), route.to_owned());
    assert_eq!(routes(&answer, 0), [name("Lavrov", "exact"), name("Lavrov", "exact")]);
    assert_eq!(routes(&answer, 1), [name("Лавров", "name"), name("Лавровым", "name")]);
    let refused = place.run(&["search", "--names", "off", "--json", "Lavrov"]);
    let refused: Value = serde_json::from_slice(&refused.stdout).expect("JSON");
    assert_eq!(refused["hits"].as_array().map(Vec::len), Some(1));
    let server = place.serve();
    let count = |path: &str| server.json(path).1["hits"].as_array().map_or(0, Vec::len);
    assert_eq!(count(&format!("/search?q={}", encoded("Лавров"))), 2);
    assert_eq!(count(&format!("/search?q={}&names=off", encoded("Лавров"))), 1);
    assert_eq!(server.json("/search?q=Lavrov&names=perhaps").0, 400);
}

#[test]
fn names_are_compared_with_known_pairs() {
    let place = Place::new();
    place.write("names.tsv", "Lavrov\tЛавров\nHelsinki\tТарту\nNew York\tНью-Йорк\n");
    let output = place.run(&["evaluate", "--names", "names.tsv"]);
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["Latin", "to", "Russian", "1", "of", "2", "names", "0.5000"]);
    assert_eq!(lines[2], ["not", "the", "same", "0", "of", "2", "pairs", "0.000000"]);
    assert_eq!(lines[3], ["helsinki", "expected", "тарту"]);
    let output = place.run(&["evaluate", "--names", "names.tsv", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&json["pairs"], &json["foundByRussian"]), (&2.into(), &1.into()));
}

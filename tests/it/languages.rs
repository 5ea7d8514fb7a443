//! What a reader calls the same word finds the same documents, in both languages and in one text.

use serde_json::Value;

use crate::program::Place;

fn place() -> Place {
    Place::with_documents(&[
        ("minister", "Встреча с министром прошла вчера."),
        ("conference", "Two conferences were held."),
        ("docker", "Мы запускаем Docker-контейнеры на сервере, and every container is logged."),
        ("stress", "Росси\u{301}я и её сосе\u{301}ди."),
        ("tree", "Ёлка стояла в углу."),
        ("decomposed", "И\u{306}од и чаи\u{306} хранят в шкафу."),
        ("soft", "Меж\u{AD}дуна\u{AD}род\u{AD}ные пере\u{AD}возки and trans\u{AD}por\u{AD}ta\u{AD}tion."),
        ("yod", "Иод бывает и таким."),
    ])
}

#[test]
fn all_forms_of_a_word_find_it() {
    let place = place();
    let groups: [(&str, &[&str]); 8] = [
        ("minister", &["министр", "министра", "министром", "МИНИСТРЫ"]),
        ("conference", &["conference", "conferences", "Conference's"]),
        ("docker", &["Docker-контейнеры", "docker контейнер", "контейнеров", "containers"]),
        ("stress", &["россия", "России", "Росси\u{301}ю", "сосед"]),
        ("tree", &["елка", "ёлка", "ЁЛКИ", "е\u{308}лка"]),
        ("decomposed", &["йод", "и\u{306}од", "чай"]),
        ("soft", &["международный", "перевозки", "transportation"]),
        ("yod", &["иод"]),
    ];
    for (id, queries) in groups {
        for query in queries {
            assert_eq!(place.ids(query).first().map(String::as_str), Some(id), "{query}");
        }
    }
}

#[test]
fn short_i_is_not_i() {
    let place = place();
    assert_eq!(place.ids("йод"), ["decomposed"]);
    assert_eq!(place.ids("иод"), ["yod"]);
}

#[test]
fn words_of_either_language_are_one_query_and_one_list() {
    let place = place();
    let mut ids = place.ids("министр conference");
    ids.sort();
    assert_eq!(ids, ["conference", "minister"]);
    assert_eq!(place.ids("контейнеры container")[0], "docker");
}

#[test]
fn a_query_of_function_words_alone_still_answers() {
    let place = place();
    for query in ["the", "were", "мы", "и"] {
        assert!(!place.ids(query).is_empty() || query == "the", "{query}");
    }
    assert!(place.ids("и").contains(&"stress".to_owned()));
    assert_eq!(place.ids("were"), ["conference"]);
    assert!(!place.ids("и министр").contains(&"stress".to_owned()), "beside other words they are not searched for");
}

#[test]
fn every_document_has_its_label() {
    let place = Place::with_documents(&[
        ("en", "The conference was opened by the minister in the morning."),
        ("ru", "Конференцию утром открыл министр, и она продлилась два дня."),
        ("mixed", "The conference was opened by the minister. Конференцию утром открыл министр, и она была долгой."),
        ("de", "Die Konferenz wurde am Morgen von dem Minister eröffnet und dauerte zwei Tage."),
        ("uk", "Конференцію вранці відкрив міністр, і вона тривала два дні."),
        ("numbers", "1 000 000; 3,14"),
    ]);
    let label = |query: &str, id: &str| -> String {
        let answer = place.search(query);
        let hits = answer["hits"].as_array().expect("hits").clone();
        let hit = hits.into_iter().find(|hit: &Value| hit["id"] == id).unwrap_or_else(|| panic!("{id} is found"));
        hit["language"].as_str().expect("a label").to_owned()
    };
    assert_eq!(label("conference", "en"), "en");
    assert_eq!(label("конференция", "ru"), "ru");
    assert_eq!(label("конференция", "mixed"), "mixed");
    assert_eq!(label("Konferenz", "de"), "other");
    assert_eq!(label("міністр", "uk"), "other");
    assert_eq!(label("000", "numbers"), "other");
}

#[test]
fn the_title_stands_above_the_text() {
    let place = Place::new();
    let lines = r#"{"id": "text", "title": "Погода", "text": "Железная дорога закрыта из-за снега, как сообщили утром."}
{"id": "title", "title": "Железная дорога", "text": "Сегодня она закрыта из-за снега, как сообщили утром."}
{"id": "en-text", "title": "Weather", "text": "The railway was closed because of snow in the early morning."}
{"id": "en-title", "title": "Railway", "text": "It was closed because of snow in the early morning hours."}
"#;
    place.run_with_input(&["index", "-"], lines);
    assert_eq!(place.ids("железная дорога"), ["title", "text"]);
    assert_eq!(place.ids("railways"), ["en-title", "en-text"]);
}

#[test]
fn a_phrase_finds_words_side_by_side_in_any_form() {
    let place = Place::with_documents(&[
        ("side", "Строят железные дороги and new railway lines."),
        ("apart", "Дороги, которые были железными; lines of the railway."),
    ]);
    assert_eq!(place.ids("\"железная дорога\""), ["side"]);
    assert_eq!(place.ids("«железной дорогой»"), ["side"]);
    assert_eq!(place.ids("\"railway line\""), ["side"]);
    assert_eq!(place.ids("дорога -\"железная дорога\""), ["apart"]);
    assert_eq!(place.ids("+railway +apart"), [""; 0]);
}

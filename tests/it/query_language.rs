//! The query language, from what is typed to what is found, on the command line and over HTTP.
//!
//! 1. Each construct finds what it says, in both languages.
//! 2. What could not be used is said in the warnings, and the rest is searched for.
//! 3. What was found is marked: whole words, each by its route, and nothing that was excluded.
//! 4. The parameters of the request say how many words match and whether the last one is finished.

use serde_json::{Value, json};

use crate::program::{Place, encoded, ids, text};

/// Documents in pairs, one of each language.
fn place() -> Place {
    let document = |id: &str, title: &str, text: &str, language: &str, date: Option<&str>, source: Option<&str>| {
        json!({ "id": id, "title": title, "text": text, "lang": language, "date": date, "source": source }).to_string()
            + "\n"
    };
    let place = Place::new();
    let lines = [
        document(
            "minister",
            "Поездка",
            "Премьер-министр прибыл в Самарканд.",
            "ru",
            Some("2021-05-10"),
            Some("Газета.Ru"),
        ),
        document(
            "ministers",
            "Travel",
            "The prime minister flew to Samarkand.",
            "en",
            Some("2021-05-11"),
            Some("The Times"),
        ),
        document("railway", "Железная дорога", "Поезда ходят каждый день.", "ru", Some("2020"), Some("«Вестник»")),
        document("railways", "The railway", "Trains run every day.", "en", Some("2020-12-31"), Some("\"the  times\"")),
        document("apart", "Дорога", "Построили новую железную и асфальтовую дорогу в Самарканд.", "ru", None, None),
        document("aparts", "Roads", "A state with roads; a visit to the state of Samarkand.", "en", None, None),
        document("caught", "Кошки", "Кошки и собаки, кошки и птицы.", "ru", Some("2022-01"), None),
        document("cats", "Cats", "Cats and dogs, cats and birds.", "en", Some("2022-01-01"), None),
    ];
    let done = place.run_with_input(&["index", "-"], &lines.concat());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    place
}

/// Names in the alphabet of the query alone.
const AS_TYPED: [&str; 2] = ["--names", "off"];

/// The ids of all hits, in the order of the alphabet.
fn found(place: &Place, query: &str) -> Vec<String> {
    let mut ids = ids(&place.search_with(&AS_TYPED, query));
    ids.sort();
    ids
}

#[test]
fn each_construct_finds_what_it_says() {
    let place = place();
    let cases: &[(&str, &[&str])] = &[
        // Words, phrases, signs.
        ("поезд кошка", &["caught", "railway"]),
        ("trains dogs", &["cats", "railways"]),
        ("\"железная дорога\"", &["railway"]),
        ("\"железная дорога\"~2", &["apart", "railway"]),
        ("\"visit state\"~2", &["aparts"]),
        ("\"visit state\"", &[]),
        ("+самарканд -дорога", &["minister"]),
        ("+samarkand -roads", &["ministers"]),
        ("!дорогу", &["apart"]),
        ("!roads", &["aparts"]),
        // Operators and brackets.
        ("самарканд И министр", &["minister"]),
        ("samarkand AND minister", &["ministers"]),
        ("самарканд И НЕ министр", &["apart"]),
        ("samarkand AND NOT minister", &["aparts"]),
        ("(поезд ИЛИ собака) И (день ИЛИ птица)", &["caught", "railway"]),
        ("(trains OR dogs) AND (day OR birds)", &["cats", "railways"]),
        ("министр ИЛИ собака И погода", &["minister"]),
        ("minister OR dogs AND weather", &["ministers"]),
        ("-(поезд ИЛИ министр) самарканд", &["apart"]),
        ("dogs | министр", &["cats", "minister"]),
        ("+самарканд +(дорога AND -министр)", &["apart"]),
        // Fields.
        ("title:дорога", &["apart", "railway"]),
        ("заголовок:дороги", &["apart", "railway"]),
        ("title:\"железная дорога\"", &["railway"]),
        ("TITLE:railways", &["railways"]),
        ("title:(cats OR roads)", &["aparts", "cats"]),
        ("title:самарканд", &[]),
        ("title:дорог*", &["apart", "railway"]),
        ("title:rail*", &["railways"]),
        ("title:(cat* OR заголовок:кош*)", &["cats", "caught"]),
        ("title:самар* title:samar*", &[]),
        ("title:roads*", &["aparts"]),
        ("самарканд language:ru", &["apart", "minister"]),
        ("самарканд samarkand язык:en", &["aparts", "ministers"]),
        ("самарканд samarkand -language:en", &["apart", "minister"]),
        ("date:2021-05", &["minister", "ministers"]),
        ("дата:2021-05-11", &["ministers"]),
        ("date:2020..2021-05-10", &["minister", "railway", "railways"]),
        ("date:2021-05-11..", &["cats", "caught", "ministers"]),
        ("date:..2020", &["railway", "railways"]),
        ("date:2022 language:ru", &["caught"]),
        ("source:\"газета.ru\"", &["minister"]),
        ("источник:Газета.RU", &["minister"]),
        ("source:вестник", &["railway"]),
        ("source:\"The Times\"", &["ministers", "railways"]),
        ("source:(Вестник OR \"The Times\")", &["ministers", "railway", "railways"]),
        ("самарканд -source:\"Газета.Ru\"", &["apart"]),
        ("language:(ru en) date:2022", &["cats", "caught"]),
        ("кошки OR date:2020", &["caught", "railway", "railways"]),
        ("language:other", &[]),
        // Prefixes, the last with Latin letters among Russian ones.
        ("мини*", &["minister"]),
        ("MINI*", &["ministers"]),
        ("поез* -поездка", &["railway"]),
        ("премьермин*", &["minister"]),
        ("+саmaркан* дорога", &["apart", "minister"]),
        // Compounds and functions words.
        ("+премьер-министр", &["minister"]),
        ("самарканд -премьер-министр", &["apart"]),
        ("cats -birds-dogs", &["cats"]),
        ("кошки -птицы-собаки", &["caught"]),
        ("samarkand NOT (prime-minister OR train)", &["aparts"]),
        ("+dogs-cats", &["cats"]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&place, query), *expected, "{query}");
    }
}

#[test]
fn filters_do_not_score() {
    let place = place();
    let scores = |query: &str| -> Vec<f64> {
        let hits = place.search_with(&AS_TYPED, query)["hits"].as_array().expect("hits").clone();
        hits.iter().map(|hit| hit["score"].as_f64().expect("a score")).collect()
    };
    for word in ["самарканд", "samarkand"] {
        assert_eq!(scores(&format!("{word} date:2021 (language:ru OR language:en)"))[..], scores(word)[..1], "{word}");
    }
    assert!(scores("date:2021").iter().all(|score| *score == 0.0));
    let answer = place.search_with(&["--facets", "language"], "date:2021");
    assert_eq!(
        (&answer["estimatedTotalHits"], &answer["facets"]["language"]),
        (&json!(2), &json!({ "en": 1, "ru": 1 }))
    );
}

#[test]
fn a_weight_turns_the_order() {
    let place = Place::with_documents(&[
        ("ru-a", "Хлопок растёт на юге."),
        ("ru-b", "Музей стоит на юге."),
        ("en-a", "Cotton grows there."),
        ("en-b", "Museums stand there."),
    ]);
    for [first, second] in [["хлопок", "музей"], ["cotton", "museum"]] {
        let order = |query: String| place.ids(&query);
        let one = order(format!("{first}^3 {second}"));
        let other = order(format!("{first} {second}^3"));
        assert_eq!((&one[0], &one[1]), (&other[1], &other[0]), "{first}");
        assert_eq!(order(format!("({first} OR {second})^2")).len(), 2);
    }
}

#[test]
fn what_could_not_be_used_is_said_and_the_rest_is_found() {
    let place = place();
    let server = place.serve();
    let cases = [
        ("кошки author:Толстой", "no field \"author\""),
        ("cats (dogs", "not closed"),
        ("кошки)", "not opened"),
        ("\"cats and dogs", "quote"),
        ("кошки ()", "holds nothing"),
        ("cats AND", "AND joins"),
        ("кошки ИЛИ", "ИЛИ joins"),
        ("cats date:2021-13", "is no date"),
        ("кошки language:de", "There is no language"),
        ("cats^1000", "from 0.1 to 10"),
        ("кошки м*", "at least 2 letters"),
    ];
    for (query, part) in cases {
        let (status, answer) = server.json(&format!("/search?q={}", encoded(query)));
        let warning = answer["warnings"][0].as_str().unwrap_or_else(|| panic!("{query}: a warning"));
        assert!(warning.contains(part), "{query}: {warning}");
        assert_eq!((status, ids(&answer).is_empty()), (200, false), "{query}");
    }
    let deep = format!("{}кошки", "+x +(".repeat(20)) + &")".repeat(20);
    let (status, answer) = server.json(&format!("/search?q={}", encoded(&deep)));
    assert_eq!(status, 200);
    assert!(answer["warnings"].to_string().contains("8 deep"), "{answer}");
    let printed = text(&place.run(&["search", "кошки author:Толстой"]).stderr);
    assert!(printed.contains("no field"), "{printed}");
}

#[test]
fn ordinary_punctuation_is_no_query_language() {
    let place = Place::with_documents(&[
        ("ru", "Встреча в 12:30, Москва: вокзал. Примечание (важное) о визите."),
        ("en", "The meeting is at 12:30; see http://example.org/visit?a=1 (important)."),
    ]);
    for (query, id) in [
        ("12:30 Москва", "ru"),
        ("Re: визит", "ru"),
        ("Москва: вокзал", "ru"),
        ("примечание (важное)", "ru"),
        ("ВСТРЕЧА И ВИЗИТ", "ru"),
        ("http://example.org/visit?a=1", "en"),
        ("Title: meeting (important)", "en"),
        ("MEETING AND PENGUINS", "en"),
    ] {
        let answer = place.search(query);
        assert_eq!(ids(&answer).first().map(String::as_str), Some(id), "{query}");
        assert_eq!(answer["warnings"], json!([]), "{query}");
    }
}

#[test]
fn what_was_found_is_marked_by_its_route() {
    let place = place();
    let marked = |query: &str| -> Vec<(String, String)> {
        let answer = place.search(query);
        let fragments = answer["hits"][0]["snippet"]["fragments"].as_array().expect("fragments").clone();
        let parts = fragments.iter().flat_map(|fragment| fragment["parts"].as_array().expect("parts").clone());
        let marked = parts.filter(|part| part["marked"] == true);
        let string = |value: &Value| value.as_str().expect("a string").to_owned();
        marked.map(|part| (string(&part["text"]), string(&part["route"]))).collect()
    };
    let pairs = |expected: &[(&str, &str)]| -> Vec<(String, String)> {
        expected.iter().map(|&(word, route)| (word.to_owned(), route.to_owned())).collect()
    };
    assert_eq!(marked("прем* самар*"), pairs(&[("Премьер-министр", "prefix"), ("Самарканд", "prefix")]));
    assert_eq!(marked("minis* samarkand"), pairs(&[("minister", "prefix"), ("Samarkand", "exact")]));
    assert_eq!(marked("самарканд -поезд NOT кошки language:ru И министр")[1].0, "Самарканд");
    assert_eq!(marked("title:железная поезда"), pairs(&[("Поезда", "exact")]));
    assert_eq!(marked("title:railway date:2020"), pairs(&[]));
    assert_eq!(marked("title:rail* trains"), pairs(&[("Trains", "exact")]));
    assert_eq!(marked("(trains OR cats) AND (day OR penguin)"), pairs(&[("Trains", "exact"), ("day", "exact")]));
    let server = place.serve();
    for in_title in ["title:железная", "title:желез*"] {
        let page = server.get(&format!("/?q={}", encoded(in_title))).1;
        assert!(page.contains("<mark>Железная</mark> дорога"), "{page}");
    }
}

#[test]
fn the_request_says_how_many_words_match() {
    let place = place();
    let server = place.serve();
    let count = |query: &str, matching: &str| {
        let (status, answer) = server.json(&format!("/search?q={}&matching={matching}", encoded(query)));
        assert_eq!(status, 200, "{answer}");
        (ids(&answer).len(), answer["estimatedTotalHits"].as_u64().expect("a number"))
    };
    for query in ["кошки собаки министр", "cats dogs ministers", "кошки и собаки (министр)"]
    {
        assert_eq!(count(query, "any"), (2, 2), "{query}");
        assert_eq!(count(query, "most"), (1, 1), "{query}");
        assert_eq!(count(query, "all"), (0, 0), "{query}");
    }
    assert_eq!(count("кошки собаки", "all").0, 1);
    assert_eq!(count("кошки министр", "most").0, 0, "two of two");
    assert_eq!(count("cats (dogs OR penguins)", "all").0, 1);
    assert_eq!(count("премьер-министр самарканд", "all").0, 1);
    assert_eq!(count("самарканд дорога language:ru", "all").0, 1);
    assert_eq!(count("премьер-министр language:ru", "most").0, 1);
    let (status, refusal) = server.json("/search?q=visit&matching=some");
    assert_eq!((status, &refusal["code"]), (400, &json!("invalid_parameter")));
    let by_flag = place.run(&["search", "--matching", "all", "кошки", "министр"]);
    assert_eq!(by_flag.status.code(), Some(1), "{}", text(&by_flag.stdout));
    assert_eq!(place.run(&["search", "--matching", "some", "визит"]).status.code(), Some(2));
}

#[test]
fn while_it_is_typed_the_last_word_is_a_prefix() {
    let place = place();
    let server = place.serve();
    for (typed, id) in [("поезда само самар", "minister"), ("prime sama", "ministers"), ("кошки соба", "caught")]
    {
        let path = format!("/search?q={}", encoded(typed));
        let (_, answer) = server.json(&format!("{path}&typing=true"));
        assert!(ids(&answer).contains(&id.to_owned()), "{typed}: {:?}", ids(&answer));
        assert!(answer.to_string().contains("\"prefix\""), "{typed}");
        let (_, finished) = server.json(&format!("{path}&typing=false"));
        assert!(!finished.to_string().contains("\"prefix\""), "{typed}");
    }
    assert_eq!(ids(&server.post("/search", "{\"q\": \"соба\", \"typing\": true}").1), ["caught"]);
    assert_eq!(ids(&server.json(&format!("/search?q={}&typing=true", encoded("соба "))).1), [""; 0]);
    assert_eq!(server.json("/search?q=visit&typing=maybe").0, 400);
    assert_eq!(place.run(&["search", "--typing", "samark"]).status.code(), Some(0));
}

//! Filters, orders and facets, by the command line, over HTTP and on the page.
//!
//! 1. A filter leaves out documents by what is known of them, and scores nothing.
//! 2. Members are filtered, sorted and counted by where they were declared, and refused with what to do where they were not.
//! 3. Hits come in the order that was asked for; what has no value comes last.
//! 4. Facets count what matches.
//! 5. A query without words finds what the filter leaves.

use serde_json::{Value, json};

use crate::program::{Place, encoded, ids, text};

/// Documents in both languages with members of several kinds.
fn place() -> Place {
    let place = Place::new();
    let lines = [
        json!({ "id": "ru-1", "title": "Визит в Ташкент", "text": "Визит начался.", "date": "2021-11-19", "source": "«Газета.Ru»",
                "тема": "Политика", "price": 10, "tags": ["визит", "мир"] }),
        json!({ "id": "ru-2", "title": "Погода", "text": "После визита пошёл дождь.", "date": "2020", "source": "Газета.ru",
                "тема": "погода", "price": 9.5, "tags": ["мир"] }),
        json!({ "id": "en-1", "title": "A visit", "text": "The visit began. Визит.", "date": "2021-03", "source": "The Times",
                "тема": "politics", "price": 100, "lang": "en" }),
        json!({ "id": "en-2", "title": "No date", "text": "Another visit, визит.", "price": true, "lang": "en" }),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let done = place.run_with_input(&["index", "-", "--filterable", "тема,price,tags"], &lines.join("\n"));
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    place
}

fn found(place: &Place, filter: &str) -> Vec<String> {
    let mut found = ids(&place.search_with(&["--filter", filter], "визит"));
    found.sort_unstable();
    found
}

#[test]
fn filters_leave_out_documents_and_score_nothing() {
    let place = place();
    for (filter, expected) in [
        ("language = ru", vec!["ru-1", "ru-2"]),
        ("язык != ru", vec!["en-1", "en-2"]),
        ("date >= 2021-01", vec!["en-1", "ru-1"]),
        ("date > 2021-03", vec!["ru-1"]),
        ("год = 2020 OR year = 2021 AND language = en", vec!["en-1", "ru-2"]),
        ("date NOT EXISTS", vec!["en-2"]),
        ("source = 'газета.ru'", vec!["ru-1", "ru-2"]),
        ("source EXISTS AND NOT source IN [\"the times\", Вестник]", vec!["ru-1", "ru-2"]),
        ("id IN [ru-1, en-2]", vec!["en-2", "ru-1"]),
        ("тема = политика", vec!["ru-1"]),
        ("тема IN [ПОГОДА, Politics]", vec!["en-1", "ru-2"]),
        ("тема EXISTS", vec!["en-1", "ru-1", "ru-2"]),
        ("тема >= погода", vec!["ru-1", "ru-2"]),
        ("tags = мир AND tags = визит", vec!["ru-1"]),
        ("price = 10.0", vec!["ru-1"]),
        ("price > 9.5", vec!["en-1", "ru-1"]),
        ("price 9 TO 10", vec!["ru-1", "ru-2"]),
        ("price = true", vec!["en-2"]),
        ("НЕ (price < 50 или price >= 100)", vec!["en-2"]),
    ] {
        assert_eq!(found(&place, filter), expected, "{filter}");
    }
    let scores = |options: &[&str]| -> Vec<Value> {
        let hits = place.search_with(options, "визит")["hits"].as_array().expect("hits").clone();
        hits.iter().filter(|hit| hit["id"] == "ru-1").map(|hit| hit["score"].clone()).collect()
    };
    assert_eq!(scores(&["--filter", "price < 50"]), scores(&[]));
}

#[test]
fn what_was_not_declared_is_refused_with_what_to_do() {
    let place = place();
    for options in [["--filter", "author = Иванов"], ["--sort", "author:asc"], ["--facets", "author"]] {
        let output = place.run(&[&["search", "visit"][..], &options].concat());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains("\"author\" was not declared") && said.contains("price, tags, тема"), "{said}");
        assert!(said.contains("--filterable"), "{said}");
    }
    let server = place.serve();
    for wrong in ["filter=author%3Dx", "filter=language", "sort=date", "sort=author:asc", "facets=author"] {
        let (status, refusal) = server.json(&format!("/search?q=visit&{wrong}"));
        assert_eq!((status, &refusal["code"]), (400, &json!("invalid_parameter")), "{wrong}");
    }
    let (_, refusal) = server.json(&format!("/search?q=visit&filter={}", encoded("язык = ru И дата > вчера")));
    assert!(refusal["message"].as_str().expect("a message").contains("at character 20"), "{refusal}");
    // They are declared once: another declaration is another index.
    let other = place.run_with_input(&["index", "-", "--filterable", "price"], r#"{"id": "a", "text": "визит"}"#);
    assert_eq!(other.status.code(), Some(2));
    assert!(text(&other.stderr).contains("--rebuild --filterable price"), "{}", text(&other.stderr));
    let same =
        place.run_with_input(&["index", "-", "--filterable", "tags,price,тема"], r#"{"id": "a", "text": "визит"}"#);
    assert_eq!(same.status.code(), Some(0), "{}", text(&same.stderr));
}

#[test]
fn hits_come_in_the_order_that_was_asked_for() {
    let place = place();
    for (order, expected) in [
        ("date:desc", ["ru-1", "en-1", "ru-2", "en-2"]),
        ("date:asc", ["ru-2", "en-1", "ru-1", "en-2"]),
        ("source:asc,price:asc", ["en-1", "ru-2", "ru-1", "en-2"]),
        ("source:asc,price:desc", ["en-1", "ru-1", "ru-2", "en-2"]),
        // true is a text, and stands behind the numbers.
        ("price:asc", ["ru-2", "ru-1", "en-1", "en-2"]),
        ("тема:desc", ["ru-1", "ru-2", "en-1", "en-2"]),
    ] {
        let answer = place.search_with(&["--sort", order], "визит");
        assert_eq!(ids(&answer), expected, "{order}");
        assert_eq!(answer["estimatedTotalHits"], 4);
        let all_scored = answer["hits"].as_array().expect("hits").iter().all(|hit| hit["score"].as_f64() > Some(0.0));
        assert!(all_scored, "a score says how well it matches, in any order");
        let second = place.run(&["search", "--json", "--limit", "1", "--offset", "1", "--sort", order, "визит"]);
        assert_eq!(ids(&serde_json::from_slice(&second.stdout).expect("JSON")), expected[1..2], "{order}");
    }
    assert_eq!(ids(&place.search_with(&["--sort", "relevance:desc"], "визит")), place.ids("визит"));
}

#[test]
fn facets_count_what_matches() {
    let place = place();
    let facets = |options: &[&str]| place.search_with(options, "визит")["facets"].clone();
    let all = ["--facets", "language,year,source,price,tags,тема"];
    let expected = json!({
        "language": { "en": 2, "ru": 2 },
        "year": { "2021": 2, "2020": 1 },
        "source": { "«Газета.Ru»": 2, "The Times": 1 },
        "price": { "10": 1, "100": 1, "9.5": 1, "true": 1 },
        "tags": { "мир": 2, "визит": 1 },
        "тема": { "politics": 1, "Политика": 1, "погода": 1 },
    });
    assert_eq!(facets(&all), expected);
    let russian = facets(&["--facets", "language,year", "--language", "ru"]);
    let expected = json!({ "language": { "en": 2, "ru": 2 }, "year": { "2020": 1, "2021": 1 } });
    assert_eq!(russian, expected, "the other languages are still counted");
    assert_eq!(facets(&["--facets", "year", "--filter", "language = en"]), json!({ "year": { "2021": 1 } }));
    assert_eq!(facets(&[]), json!({}));
    let body = json!({ "q": "визит", "facets": ["tags"], "sort": ["date:asc"], "filter": "date EXISTS" }).to_string();
    let (status, answer) = place.serve().post("/search", &body);
    assert_eq!((status, ids(&answer)), (200, vec!["ru-2".to_owned(), "en-1".to_owned(), "ru-1".to_owned()]));
    assert_eq!(answer["facets"], json!({ "tags": { "мир": 2, "визит": 1 } }));
}

#[test]
fn a_query_without_words_finds_what_the_filter_leaves() {
    let place = place();
    let answer = place.search_with(&["--filter", "year = 2021", "--sort", "date:desc"], "");
    assert_eq!(ids(&answer), ["ru-1", "en-1"]);
    let (_, answer) = place.serve().json("/search?q=&facets=language");
    assert_eq!((&answer["estimatedTotalHits"], &answer["facets"]["language"]["ru"]), (&json!(4), &json!(2)));
}

#[test]
fn the_page_offers_and_keeps_choices() {
    let place = place();
    let server = place.serve();
    let query = encoded("визит");
    let (_, page) = server.get(&format!("/?q={query}"));
    for link in ["year=2021\"", "source=%C2%AB", "sort=newest\"", "matching=all\"", "names=off\""] {
        assert!(page.contains(link), "{link} in {page}");
    }
    let (_, page) = server.get(&format!("/?q={query}&year=2021&sort=oldest"));
    assert_eq!(page.matches("<li>").count(), 2);
    let (first, second) = (page.find("A <mark>visit</mark>"), page.find("<mark>Визит</mark> в Ташкент"));
    assert!(first.or(page.find("A visit")) < second, "{page}");
    assert!(page.contains("<details class=\"more\" open>") && page.contains("name=\"year\" value=\"2021\""), "{page}");
    let (_, nothing) = server.get(&format!("/?q={query}&year=1999"));
    assert!(nothing.contains("Искать везде") && nothing.contains(&format!("href=\"/?q={query}\"")), "{nothing}");
    assert_eq!(server.get(&format!("/?q={query}&sort=best")).0, 400);
}

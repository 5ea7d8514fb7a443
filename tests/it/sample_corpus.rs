//! The sample documents of `corpus/`, as `make run` indexes them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::{Place, project};

fn place() -> Place {
    let place = Place::new();
    let corpus = project().join("corpus");
    let done = place.run(&["index", corpus.to_str().expect("UTF-8")]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    place
}

#[test]
fn it_holds_enough_of_each_language() {
    let place = place();
    let stats: Value = serde_json::from_slice(&place.run(&["stats", "--json"]).stdout).expect("JSON");
    let languages: BTreeMap<String, u64> =
        serde_json::from_value(stats["manifest"]["languages"].clone()).expect("counts");
    assert!(stats["documents"].as_u64().is_some_and(|count| count >= 80));
    assert!(languages["en"] >= 30 && languages["ru"] >= 30 && languages["mixed"] >= 8, "{languages:?}");
    assert!(!languages.contains_key("other"), "{languages:?}");
}

#[test]
fn events_are_found_in_the_language_that_was_asked_in() {
    let place = place();
    for (query, part) in [
        ("министром Лавровым", "2021-03-kamilov-lavrov.ru"),
        ("conference of rectors in Bukhara", "2021-05-bukhara-rectors.en"),
        ("ректоры в Бухаре", "2021-05-bukhara-rectors.ru"),
        ("Docker-контейнеры", "devops-k8s.mixed"),
        ("встреча в Кремле", "2021-11-kremlin.ru"),
        ("Kandym gas field", "gas-of-kandym"),
        ("рецепт плова", "plov-recipe.ru"),
    ] {
        let first = place.ids(query).into_iter().take(3).collect::<Vec<_>>();
        assert!(first.iter().any(|id| id.contains(part)), "{query}: {first:?}");
    }
}

//! Documents that say the same: copies and near duplicates.
//!
//! 1. Copies are one hit, whatever their formats, and the hit names the others.
//! 2. Near duplicates share a group, in both languages, and different documents of one source do not; both are measured.
//! 3. `collapse` folds a group to its best hit, right with paging, order, facets and counts.
//! 4. Groups stay what they are when documents come later, are deleted or replaced.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
};

use serde_json::{Value, json};

use crate::program::{Place, encoded, ids, project, text};

/// The share of pairs in one group that are near duplicates, and of near duplicates that are in one group, that must be.
const PRECISION: f64 = 0.99;
const RECALL: f64 = 0.95;

fn index(place: &Place, lines: &[Value]) {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let done = place.run_with_input(&["index", "-"], &lines.join("\n"));
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
}

/// The groups of all documents of an index, by their ids.
fn groups(place: &Place) -> HashMap<String, String> {
    let server = place.serve();
    let (mut groups, mut cursor) = (HashMap::new(), "*".to_owned());
    loop {
        let (status, answer) = server.json(&format!("/search?q=&limit=100&fragments=0&cursor={}", encoded(&cursor)));
        assert_eq!(status, 200, "{answer}");
        for hit in answer["hits"].as_array().expect("hits") {
            let member = |name: &str| hit[name].as_str().expect("a text").to_owned();
            groups.insert(member("id"), member("group"));
        }
        match answer["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return groups,
        }
    }
}

/// A press release on one of some sites: with another head, another foot, and each twentieth word another one.
fn on_site(site: usize, title: &str, body: &str, is_russian: bool) -> Value {
    let (name, head, foot) = match (is_russian, site % 3) {
        (true, 0) => ("Вестник", "Главная Новости Общество Культура", "Подписывайтесь на нас. Читайте также: погода."),
        (true, 1) => ("Газета", "Лента дня. Опубликовано сегодня утром.", "Все права защищены. Нашли ошибку?"),
        (true, _) => ("Портал", "Регистрация Вход Поиск по сайту", "При перепечатке ссылка обязательна."),
        (false, 0) => ("Herald", "Home News Society Culture", "Follow us. Read also: the weather of the week."),
        (false, 1) => ("Gazette", "Top stories. Published this morning.", "All rights reserved. Found a mistake?"),
        (false, _) => ("Portal", "Sign in Register Search this site", "Reprints must carry a link to this page."),
    };
    let other =
        if is_russian { ["вчера", "затем", "однако"] } else { ["yesterday", "then", "however"] };
    let changed = |(n, word): (usize, &str)| match (n + site * 7) % 20 {
        0 => other[(n / 20 + site) % other.len()].to_owned(),
        _ => word.to_owned(),
    };
    let body: Vec<String> = body.split_whitespace().enumerate().map(changed).collect();
    json!({ "id": format!("{title}/{site}"), "title": format!("{title} | {name}"),
        "text": format!("{head}\n\n{}\n\n{foot}", body.join(" ")), "source": name })
}

/// The texts of the sample documents that are long enough to be press releases, with their names.
fn releases() -> Vec<(String, String)> {
    let mut found = BTreeMap::new();
    for folder in ["news", "manuals"] {
        for entry in fs::read_dir(project().join("corpus").join(folder)).expect("sample documents") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap_or_default();
            let body = text.rsplit("---\n").next().unwrap_or_default().to_owned();
            if body.split_whitespace().count() >= 80 {
                found.insert(name, body);
            }
        }
    }
    found.into_iter().collect()
}

#[test]
fn near_duplicates_share_a_group_and_others_do_not() {
    let feet = [
        "О министерстве. Министерство образовано в 1992 году, проводит государственную политику в своей области и отвечает \
         перед парламентом. Пресс-служба отвечает на вопросы журналистов по рабочим дням с девяти до восемнадцати часов.",
        "About the ministry. The ministry was founded in 1992, carries out the policy of the state in its field and answers \
         to parliament. The press office takes questions from journalists on working days from nine to six.",
    ];
    let releases = releases();
    assert!(releases.len() >= 30, "{} sample documents", releases.len());
    let mut documents = Vec::new();
    for (name, body) in &releases {
        let is_russian = name.contains(".ru.");
        let body = format!("{body}\n\n{}", feet[usize::from(!is_russian)]);
        documents.extend((0..3).map(|site| on_site(site, name, &body, is_russian)));
    }
    let place = Place::new();
    // In two runs, so that some meet their like in the index and some in the same run.
    let (first, second) = documents.split_at(documents.len() / 2 + 1);
    index(&place, first);
    index(&place, second);
    let groups: Vec<(String, String)> = groups(&place).into_iter().collect();
    assert_eq!(groups.len(), documents.len());
    for (language, mark) in [("Russian", ".ru."), ("English", ".en.")] {
        let of_language: Vec<_> = groups.iter().filter(|(id, _)| id.contains(mark)).collect();
        let (mut same, mut together, mut both) = (0_u32, 0_u32, 0_u32);
        for (n, (one, group)) in of_language.iter().enumerate() {
            for (other, other_group) in &of_language[..n] {
                let is_same =
                    one.rsplit_once('/').map(|(name, _)| name) == other.rsplit_once('/').map(|(name, _)| name);
                let is_together = group == other_group;
                same += u32::from(is_same);
                together += u32::from(is_together);
                both += u32::from(is_same && is_together);
            }
        }
        let (precision, recall) = (f64::from(both) / f64::from(together), f64::from(both) / f64::from(same));
        println!("{language}: {same} near duplicates, precision {precision:.3}, recall {recall:.3}");
        assert!(same >= 30 && precision >= PRECISION && recall >= RECALL, "{language}: {precision} {recall}");
    }
}

#[test]
fn copies_are_one_hit_whatever_their_formats() {
    let place = Place::new();
    place.write("docs/визит.txt", "Визит в Ташкент\n\nПрезидент прибыл  в пятницу. The visit began.\n");
    place.write("docs/old/visit.md", "# Визит в Ташкент\n\nПрезидент прибыл в пятницу.\nThe visit began.\n");
    place.write(
        "docs/visit.html",
        "<html><head><title>Визит в Ташкент</title></head><body><p>Президент прибыл в пятницу. The visit \
         began.</p></body></html>",
    );
    place.write("docs/other.txt", "Визит в Ташкент\n\nПрезидент прибыл в субботу. The visit began.\n");
    let done = place.run(&["index", "docs"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    for query in ["президент пятница", "visit began"] {
        let answer = place.search(query);
        let hits = answer["hits"].as_array().expect("hits");
        assert_eq!((hits.len(), &answer["estimatedTotalHits"]), (2, &json!(4)), "{query}: {answer}");
        let hit = hits.iter().find(|hit| hit["copies"].is_u64()).expect("a hit with copies");
        assert_eq!(hit["copies"], 2);
        let mut paths: BTreeSet<&str> =
            hit["otherPaths"].as_array().expect("paths").iter().filter_map(Value::as_str).collect();
        assert!(paths.insert(hit["path"].as_str().expect("a path")));
        assert_eq!(paths, BTreeSet::from(["docs/old/visit.md", "docs/visit.html", "docs/визит.txt"]));
    }
    let shown = text(&place.run(&["search", "президент"]).stdout);
    assert!(shown.contains("also docs/"), "{shown}");
    let server = place.serve();
    let (_, page) = server.get(&format!("/?q={}", encoded("президент")));
    assert!(page.contains("Also ") && page.contains("docs/old/visit.md"), "{page}");
    // A copy is left when the others go.
    fs::remove_file(place.path("docs/old/visit.md")).expect("it is there");
    assert_eq!(place.run(&["index", "--prune", "docs"]).status.code(), Some(0));
    let answer = place.search("пятница");
    assert_eq!((ids(&answer).len(), &answer["hits"][0]["copies"]), (1, &json!(1)), "{answer}");
}

/// A text of some hundred words about a number, with its own beginning.
fn long(number: usize, own: &str, is_russian: bool) -> String {
    let list = if is_russian {
        ["министр", "визит", "встреча", "доклад", "рост"]
    } else {
        ["minister", "visit", "meeting", "report", "growth"]
    };
    let word = |n: usize| list[(n * n + number) % list.len()];
    let words: Vec<String> = (0..120).map(|n| format!("{} x{}y{}", word(n), number, n)).collect();
    format!("{own}. {}", words.join(" "))
}

/// Five groups of four near duplicates and ten documents of their own, half of them in each language.
fn collection() -> Vec<Value> {
    let mut lines = Vec::new();
    for number in 0..15 {
        let is_russian = number % 2 == 0;
        for copy in 0..if number < 5 { 4 } else { 1 } {
            let own = format!("{} {copy}", if is_russian { "Издание номер" } else { "Edition number" });
            lines.push(json!({ "id": format!("g{number}-{copy}"), "title": format!("Release {number}"),
                "text": format!("{} visit визит", long(number, &own, is_russian)),
                "date": format!("2021-{:02}-{:02}", copy + 1, number + 1), "source": format!("Site {copy}") }));
        }
    }
    lines
}

#[test]
fn a_group_is_folded_to_its_best_hit() {
    let place = Place::new();
    index(&place, &collection());
    let server = place.serve();
    let group_of = |id: &str| id.split_once('-').map(|(group, _)| group.to_owned()).expect("a group");
    for (query, order) in [("visit", ""), ("визит", ""), ("визит", "&sort=date:desc"), ("", "&sort=date:asc")]
    {
        let query = format!("/search?q={}&fragments=0&collapse=true{order}", encoded(query));
        let (status, answer) = server.json(&format!("{query}&limit=100&facets=source,language"));
        assert_eq!(status, 200, "{answer}");
        let whole = ids(&answer);
        let groups: BTreeSet<String> = whole.iter().map(|id| group_of(id)).collect();
        assert_eq!((whole.len(), groups.len()), (15, 15), "{query}: {whole:?}");
        // What is counted are documents.
        assert_eq!((&answer["estimatedTotalHits"], &answer["facets"]["source"]["Site 0"]), (&json!(30), &json!(15)));
        for hit in answer["hits"].as_array().expect("hits") {
            let is_folded =
                group_of(hit["id"].as_str().expect("an id")).trim_start_matches('g').parse::<u8>().is_ok_and(|n| n < 5);
            assert_eq!(hit["groupSize"], if is_folded { 4 } else { 1 }, "{hit}");
        }
        // Pages of any size are the whole, cut.
        for limit in [1, 2, 4, 7] {
            let mut paged = Vec::new();
            for offset in (0..15).step_by(limit) {
                paged.extend(ids(&server.json(&format!("{query}&limit={limit}&offset={offset}")).1));
            }
            assert_eq!(paged, whole, "{query} by {limit}");
        }
        // The best is the first that is found without.
        let each = ids(&server.json(&query.replace("&collapse=true", "&limit=100")).1);
        let mut seen = BTreeSet::new();
        let first: Vec<String> = each.iter().filter(|id| seen.insert(group_of(id))).cloned().collect();
        assert_eq!((each.len(), first), (30, whole), "{query}");
    }
    // What is left out by a filter is neither shown nor counted.
    let filter = encoded("source = \"Site 3\" OR source = \"Site 1\"");
    let (_, answer) = server.json(&format!("/search?q=visit&collapse=true&filter={filter}"));
    assert_eq!(ids(&answer).len(), 5, "{answer}");
    assert!(answer["hits"].as_array().expect("hits").iter().all(|hit| hit["groupSize"] == 2), "{answer}");
    let (status, refusal) = server.json("/search?q=visit&collapse=true&cursor=*");
    assert_eq!((status, &refusal["code"]), (400, &json!("invalid_parameter")), "{refusal}");
}

#[test]
fn the_command_line_and_the_page_fold_too() {
    let place = Place::new();
    index(&place, &collection());
    let shown = text(&place.run(&["search", "--collapse", "визит"]).stdout);
    assert_eq!(shown.matches("and 3 more like it").count(), 5, "{shown}");
    assert_eq!(ids(&place.search_with(&["--collapse"], "visit")).len(), 15);
    assert_eq!(place.run(&["search", "--collapse", "--cursor", "*", "визит"]).status.code(), Some(2));
    let server = place.serve();
    let (_, page) = server.get("/?q=visit&collapse=true");
    assert!(page.contains("More like it") && page.contains("лучший из них"), "{page}");
    assert!(!server.get("/?q=visit").1.contains("More like it"));
}

#[test]
fn groups_outlive_their_documents() {
    let place = Place::new();
    let document = |id: &str, own: &str| json!({ "id": id, "title": "Визит", "text": long(1, own, true) });
    index(&place, &[document("a", "Вестник"), document("b", "The Times")]);
    let known = groups(&place);
    assert_eq!(known["a"], known["b"]);
    assert_eq!(place.run(&["delete", "a"]).status.code(), Some(0));
    index(&place, &[document("c", "Газета")]);
    assert_eq!(groups(&place)["c"], known["b"]);
    // What is replaced by another text leaves the group.
    index(&place, &[json!({ "id": "b", "title": "Harvest", "text": long(2, "The Times", false) })]);
    let now = groups(&place);
    assert_ne!(now["b"], now["c"]);
    assert_eq!(now["c"], known["b"]);
    // Short texts are near nothing but their copies.
    index(
        &place,
        &[
            json!({ "id": "d", "text": "Визит начался вчера." }),
            json!({ "id": "e", "text": "Визит начался вчера!" }),
            json!({ "id": "f", "text": "Визит  начался вчера!" }),
        ],
    );
    let now = groups(&place);
    assert_ne!(now["d"], now["e"]);
    assert_eq!(now["e"], now["f"]);
}

//! Queries that were meant otherwise are repaired, and others are left alone: lists that are made by rule from the sample
//! documents, typed on the wrong layout or with wrong letters.

use std::fs;

use oba::{
    evaluate::{Mistake, spelling},
    index::Index,
    language::{Alphabet, Keyboard, profiles},
    search::{Answer, RepairMode, Request, search},
    text::words,
};

use crate::program::{Place, encoded, project};

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

/// Texts of the sample documents; of the files with an even or an odd number alone, if so asked.
fn texts(only: Option<usize>) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![project().join("corpus")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let chosen = files.iter().enumerate().filter(|(n, _)| only.is_none_or(|only| n % 2 == only));
    chosen.filter_map(|(_, path)| fs::read_to_string(path).ok()).filter(|text| !text.starts_with('{')).collect()
}

/// Words and phrases of one alphabet as they stand in texts, one to five words each, of which one is no function word.
fn phrases(texts: &[String], alphabet: Alphabet, count: usize) -> Vec<String> {
    let mut numbers = Numbers(7);
    let mut found = Vec::new();
    let stop = |word: &str| oba::analysis::Analyzer::default().reading(word).is_stop_word;
    while found.len() < count {
        let text = &texts[numbers.below(texts.len())];
        let all: Vec<_> = words(text).map(|word| word.text).collect();
        let length = 1 + numbers.below(5);
        let Some(last) = all.len().checked_sub(length + 1) else { continue };
        let start = numbers.below(last + 1);
        let phrase = &all[start..start + length];
        let fits = |word: &&str| Alphabet::of(word) == alphabet && word.chars().all(char::is_alphabetic);
        if phrase.iter().all(fits) && phrase.iter().any(|word| word.chars().count() > 2 && !stop(word)) {
            found.push(phrase.join(" "));
        }
    }
    found
}

fn index_of(texts: &[String]) -> (Place, Index) {
    let ids: Vec<String> = (0..texts.len()).map(|n| n.to_string()).collect();
    let documents: Vec<_> = ids.iter().zip(texts).map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let place = Place::with_documents(&documents);
    let index = Index::open(&place.path("index")).expect("an index");
    (place, index)
}

fn ask(index: &Index, query: &str) -> Answer {
    let request = Request::new(query, Some(1), None, None).expect("in bounds").with_repair(RepairMode::Auto);
    search(index, &request).expect("an answer")
}

fn folded(query: &str) -> String {
    query.to_lowercase().replace('ё', "е")
}

#[test]
fn what_was_typed_on_the_other_layout_is_found() {
    let texts = texts(None);
    let (_place, index) = index_of(&texts);
    let [english, russian] = profiles();
    for (meant, typed_on) in [(russian, english), (english, russian)] {
        let keyboard: &Keyboard = &typed_on.keyboard;
        let phrases = phrases(&texts, meant.alphabet, 150);
        let is_right = |phrase: &&String| {
            let typed = keyboard.retype(phrase, &meant.keyboard);
            ask(&index, &typed).repairs.searched_query.is_some_and(|searched| folded(&searched) == folded(phrase))
        };
        let right = phrases.iter().filter(is_right).count();
        assert!(right * 100 >= phrases.len() * 95, "{}: {right} of {}", meant.name, phrases.len());
    }
}

#[test]
fn what_was_typed_right_stays() {
    // Half of the words are in no document of the index.
    let (_place, index) = index_of(&texts(Some(0)));
    let others = texts(Some(1));
    let mut queries = phrases(&others, Alphabet::Latin, 250);
    queries.extend(phrases(&others, Alphabet::Cyrillic, 250));
    let names = "xfce gtk kde vlc nginx Kubernetes PostgreSQL ffmpeg zsh qwerty iPhone systemd ZTE HTC BMW NVIDIA \
        GitHub rsync tmux vim kubectl OAuth2 TCP/IP don't user's e.g. ТАСС НАТО КПРФ ГОСТ СНиП ЖЭК ДТП ЕГЭ ВТБ МГУ";
    queries.extend(names.split(' ').map(str::to_owned));
    queries.extend(names.split(' ').map(|name| format!("настроить {name} на сервере")));
    let mut numbers = Numbers(11);
    let keys: Vec<char> = "abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".chars().collect();
    queries.extend((0..100).map(|n| (0..6 + n % 7).map(|_| keys[numbers.below(keys.len())]).collect::<String>()));
    let wrong: Vec<_> = queries.iter().filter_map(|query| ask(&index, query).repairs.searched_query).collect();
    assert!(wrong.len() * 1000 <= queries.len() * 3, "{} of {}: {wrong:?}", wrong.len(), queries.len());
}

#[test]
fn one_wrong_letter_is_mended_alike_in_both_languages() {
    let (_place, index) = index_of(&texts(None));
    let mut shares = Vec::new();
    let all = spelling(&index, 100).expect("readable");
    for profile in profiles() {
        let one = all.iter().filter(|row| row.language == profile.label && row.mistake != Mistake::Two);
        let (mut words, mut mended, mut wrong) = (0, 0, 0);
        for row in one {
            words += row.words;
            mended += row.mended;
            wrong += row.wrong.len();
        }
        assert!(words >= 400, "{}: {words} words", profile.name);
        assert!(mended * 100 >= words * 85, "{}: {mended} of {words} mended", profile.name);
        assert!(wrong * 100 <= words * 3, "{}: {wrong} of {words} taken for another word", profile.name);
        shares.push(mended * 1000 / words);
    }
    assert!(shares[0].abs_diff(shares[1]) <= 30, "in thousandths: {shares:?}");
}

#[test]
fn misspelt_words_are_searched_for_as_they_were_meant() {
    let documents: Vec<(String, String)> = (0..6)
        .flat_map(|n| {
            let russian = "Программа и корова: здравствуйте, учиться в университете, контейнеры Docker.";
            let english = "The committee will receive a knife and a separate calendar from the university.";
            [(format!("ru{n}"), russian.to_owned()), (format!("en{n}"), english.to_owned())]
        })
        .collect();
    let documents: Vec<_> = documents.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let place = Place::with_documents(&documents);
    for (typed, searched) in [
        ("програма", "программа"),
        ("здраствуйте", "здравствуйте"),
        ("Карова \"унивирситете\"", "Корова \"университете\""),
        ("docker контейниры", "docker контейнеры"),
        ("recieve", "receive"),
        ("+comittee (calandar^2 OR seperate)", "+committee (calendar^2 OR separate)"),
        // A word of the other layout beside a misspelt one.
        ("ghjuhfvvf комитет унивирситете", "программа комитет университете"),
    ] {
        let answer = place.search(typed);
        assert_eq!(answer["searchedQuery"], searched, "{typed}: {answer:#}");
        let corrections = answer["corrections"].as_array().expect("a list");
        assert!(corrections.iter().any(|correction| correction["kind"] == "spelling"), "{answer:#}");
    }
    for query in ["!recieve", "-recieve knife", "recieve2", "RECIEVE", "комитеты", "knives", "Knivet.exe"] {
        let answer = place.search(query);
        assert_eq!(answer["corrections"], serde_json::json!([]), "{answer:#}");
    }
}

fn place() -> Place {
    Place::with_documents(&[
        ("ru", "Привет, мир! Бухгалтер и хлеб, объём и жизнь. Экзамен по программе Docker."),
        ("en", "Search engines read containers, and hello world."),
    ])
}

#[test]
fn signs_of_the_query_language_stay_what_they_are() {
    let place = place();
    for (typed, searched) in [
        ("ghbdtn vbh", "привет мир"),
        ("GHBDTN, vbh!", "ПРИВЕТ, мир!"),
        ("ыуфкср", "search"),
        (",e[ufknth", "бухгалтер"),
        ("[kt, j,]tv ;bpym", "хлеб объем жизнь"),
        ("docker 'rpfvty", "docker экзамен"),
        ("\"ghbdtn vbh\" -gjujlf language:ru", "\"привет мир\" -погода language:ru"),
        ("+ghbdtn (,e[ufknth^2 OR ыуфкср)", "+привет (бухгалтер^2 OR search)"),
    ] {
        let answer = place.search(typed);
        assert_eq!(answer["searchedQuery"], searched, "{typed}: {answer:#}");
        assert!(answer["corrections"][0]["applied"].as_bool().expect("a flag"));
        assert_eq!(answer["corrections"][0]["kind"], "layout");
    }
    for query in ["!ghbdtn", "hello мир", "привет search", "language:ru", "gj*", "2021"] {
        let answer = place.search(query);
        assert!(answer["corrections"].as_array().expect("a list").is_empty(), "{answer:#}");
    }
}

#[test]
fn letters_that_look_alike_are_mended_and_told() {
    let place =
        Place::with_documents(&[("ru", "Стол у окна, МОСКВА, дом 77а."), ("en", "A table in the service room 77a.")]);
    for (typed, meant, count) in
        [("cтол", "стол", 1), ("МОСКBА", "МОСКВА", 1), ("77а", "77a", 2), ("serviсe", "service", 1)]
    {
        let answer = place.search(typed);
        let correction = &answer["corrections"][0];
        assert_eq!((&correction["to"], &correction["kind"]), (&meant.into(), &"lookalike".into()), "{answer:#}");
        assert_eq!((&correction["applied"], &correction["hitsAfter"]), (&true.into(), &count.into()), "{answer:#}");
        assert!(answer.get("searchedQuery").is_none());
        assert_eq!(place.search(meant)["corrections"], serde_json::json!([]));
    }
}

#[test]
fn a_person_sees_what_was_repaired_and_can_refuse_it() {
    let place = place();
    let server = place.serve();
    let (_, body) = server.get(&format!("/?q={}", encoded("ghbdtn vbh")));
    for piece in
        ["Showing results for", "Показано по запросу", "<strong>привет мир</strong>", "repair=off", "<mark>мир"]
    {
        assert!(body.contains(piece), "{piece} in {body}");
    }
    let (_, body) = server.get(&format!("/?q={}&repair=off", encoded("ghbdtn vbh")));
    assert!(body.contains("Nothing found.") && !body.contains("Showing results for"), "{body}");
    let (_, body) = server.get(&format!("/?q={}&repair=suggest", encoded("ыуфкср")));
    assert!(body.contains("Did you mean") && body.contains("Возможно, вы имели в виду"), "{body}");
    let (_, answer) = server.json(&format!("/search?q={}&repair=suggest", encoded("ghbdtn")));
    assert_eq!(answer["suggestedQuery"], "привет");
    let correction = &answer["corrections"][0];
    assert_eq!((&correction["from"], &correction["to"]), (&"ghbdtn".into(), &"привет".into()));
    assert_eq!(
        (&correction["applied"], &correction["hitsBefore"], &correction["hitsAfter"]),
        (&false.into(), &0.into(), &1.into())
    );
    let said = place.run(&["search", "ыуфкср"]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("Showing results for: search"));
    let said = place.run(&["search", "--repair", "off", "ghbdtn"]);
    assert_eq!(said.status.code(), Some(1));
}

#[test]
fn in_a_small_collection_everyday_mistakes_are_mended_too() {
    let place = Place::with_documents(&[
        ("ru", "Новая программа для библиотек."),
        ("en", "They will receive the new committee."),
    ]);
    for (typed, id) in [("програма", "ru"), ("recieve", "en"), ("comittee", "en")] {
        let answer = place.search(typed);
        assert_eq!(crate::program::ids(&answer), [id], "{typed}");
        assert_eq!(answer["corrections"][0]["applied"], true, "{typed}");
    }
}

//! The command line.
//!
//! 1. Exit codes: index 0 all, 1 skips, 2 failed; search 0 found, 1 nothing, 2 error.
//! 2. Data goes to standard output, all else to standard error; no colours and no bar where there is no terminal.
//! 3. Settings: flag, environment, oba.toml, default.
//! 4. Every command answers in both languages.

use serde_json::Value;

use crate::program::{Place, ids, json_lines, text};

const BOTH: [(&str, &str); 2] =
    [("en", "The ministers met at two conferences in Tashkent."), ("ru", "Министры встретились в Ташкенте.")];

#[test]
fn index_tells_by_its_exit_code_how_it_went() {
    let place = Place::new();
    place.write("good/визит.txt", "Визит начался.");
    place.write("bad/picture.txt", [0_u8, 1, 2]);
    let done = place.run(&["index", "good"]);
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stdout).starts_with("Indexed 1 documents into index"), "{}", text(&done.stdout));
    assert_eq!(text(&done.stderr), "", "no bar where there is no terminal");
    let skipped = place.run(&["index", "good", "bad"]);
    assert_eq!(skipped.status.code(), Some(1));
    assert!(text(&skipped.stderr).contains("skipped bad/picture.txt: not a text file"), "{}", text(&skipped.stderr));
    place.write("other/file.txt", "no index");
    let failed = place.run(&["index", "good", "--index", "other"]);
    assert_eq!(failed.status.code(), Some(2));
    assert!(text(&failed.stderr).contains("holds other files"), "{}", text(&failed.stderr));
    assert_eq!(place.run(&["index"]).status.code(), Some(2));
}

#[test]
fn index_is_told_encodings_and_columns() {
    let place = Place::new();
    // «привет» in KOI8-R is «РТЙЧЕФ» in windows-1251.
    place.write("old/a.txt", b"\xd0\xd2\xc9\xd7\xc5\xd4");
    place.write("tables/t.csv", "Содержание;author\nВизит министров;Anna\nThe visit;Олег\n");
    assert_eq!(place.run(&["index", "old", "--encoding", "cp1251"]).status.code(), Some(0));
    assert_eq!(place.ids("РТЙЧЕФ"), ["old/a.txt"]);
    let done = place.run(&["index", "tables", "--column", "text=содержание", "--column", "source=Author"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(place.ids("source:Anna визит"), ["tables/t.csv/2"]);
    assert_eq!(place.ids("source:Олег visit"), ["tables/t.csv/3"]);
    for (flag, value, reason) in [("--encoding", "кои8", "koi8-r"), ("--column", "text", "MEMBER=COLUMN")] {
        let refused = place.run(&["index", "old", flag, value]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(reason), "{}", text(&refused.stderr));
    }
}

#[test]
fn search_tells_by_its_exit_code_what_it_found() {
    let place = Place::with_documents(&BOTH);
    for found in ["conference", "министр"] {
        let output = place.run(&["search", found]);
        assert_eq!(output.status.code(), Some(0), "{found}");
        assert!(!text(&output.stdout).contains('\u{1b}'), "no colours where there is no terminal");
    }
    for missing in ["penguin", "пингвин"] {
        let output = place.run(&["search", missing]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{missing}");
        assert!(text(&output.stderr).contains("Nothing found"));
    }
    let nowhere = place.run(&["search", "visit", "--index", "nowhere"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("there is no index in nowhere; build one"), "{}", text(&nowhere.stderr));
    assert_eq!(place.run(&["search", "visit", "--limit", "101"]).status.code(), Some(2));
}

#[test]
fn search_prints_hits_with_their_snippets() {
    let place = Place::with_documents(&BOTH);
    let printed = text(&place.run(&["search", "Ташкент"]).stdout);
    assert!(printed.contains("1. ru") && printed.contains("Министры встретились в Ташкенте."), "{printed}");
    let answer = place.search("tashkent conference");
    assert_eq!(
        answer["hits"][0]["snippet"]["html"],
        "The ministers met at two <mark>conferences</mark> in <mark>Tashkent</mark>."
    );
}

#[test]
fn limit_offset_and_language_choose_hits() {
    let place = Place::with_documents(&[("a", "визит visit"), ("b", "визит визита"), ("c", "visit"), ("d", "погода")]);
    let all = place.ids("визит visit");
    assert_eq!(all.len(), 3);
    let json = |arguments: &[&str]| -> Value {
        let output = place.run(&[&["search", "визит visit", "--json"], arguments].concat());
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    assert_eq!(ids(&json(&["--limit", "1", "--offset", "1"])), all[1..2]);
    assert_eq!(ids(&json(&["--limit", "0"])), [""; 0]);
    assert_eq!(json(&["--limit", "0"])["estimatedTotalHits"], 3);
    let english = json(&["--language", "en", "--facets", "language"]);
    assert_eq!((ids(&english), &english["estimatedTotalHits"]), (vec!["c".to_owned()], &Value::from(1)));
    assert_eq!(english["facets"]["language"]["ru"], 2, "the other languages are still counted");
    assert_eq!(place.run(&["search", "visit", "--language", "de"]).status.code(), Some(2));
}

#[test]
fn standard_input_is_json_lines() {
    let place = Place::new();
    let done = place.run_with_input(&["index", "-"], &json_lines(&BOTH));
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(place.ids("ташкент"), ["ru", "en"]);
    assert_eq!(place.ids("tashkent"), ["en", "ru"]);
}

#[test]
fn analyze_shows_span_alphabet_and_term_of_each_word() {
    let place = Place::new();
    let printed = text(&place.run(&["analyze", "Министром conferences"]).stdout);
    let lines: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["0..18", "cyrillic", "Министром", "→", "министр"]);
    assert_eq!(lines[1], ["19..30", "latin", "conferences", "→", "confer"]);
    let json: Value = serde_json::from_slice(&place.run(&["analyze", "--json", "и the"]).stdout).expect("JSON");
    assert_eq!(json["words"][0]["stopWord"], true);
    assert_eq!(json["words"][1]["start"], 3);
}

#[test]
fn analyze_shows_passages_with_their_languages() {
    let place = Place::new();
    let text_of_both = "Dinner is ready. Ужин готов. Мы ждём.";
    let printed = text(&place.run(&["analyze", text_of_both]).stdout);
    let lines: Vec<Vec<&str>> = printed.lines().rev().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["17..52", "ru", "54", "%", "Ужин", "готов.", "Мы", "ждём."]);
    assert_eq!(lines[1], ["0..16", "en", "46", "%", "Dinner", "is", "ready."]);
    assert_eq!(lines[2][..2], ["language", "mixed"]);
    let json: Value = serde_json::from_slice(&place.run(&["analyze", "--json", text_of_both]).stdout).expect("JSON");
    assert_eq!((&json["language"], &json["passages"][1]["start"]), (&"mixed".into(), &17.into()));
    assert_eq!(json["passages"][0]["text"], "Dinner is ready.");
    let share = |language: &str| json["shares"][language].as_f64().expect("a share");
    assert!((share("en") + share("ru") - 1.0).abs() < 1e-6 && share("mixed") == 0.0);
}

#[test]
fn stems_are_compared_with_a_vocabulary() {
    let place = Place::new();
    place.write("words.tsv", "министром\tминистр\nvisits\tvisit\nskies\tskie\n");
    let output = place.run(&["evaluate", "--stemming", "words.tsv"]);
    let expected = "en: 1 of 2 stems are the same\n  skies  expected skie, given sky\nru: 1 of 1 stems are the same\n";
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), expected.to_owned()));
    let output = place.run(&["evaluate", "--stemming", "words.tsv", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&json[1]["same"], &json[0]["differences"][0]["given"]), (&1.into(), &"sky".into()));
    assert_eq!(place.run(&["evaluate", "--stemming", "nowhere.tsv"]).status.code(), Some(2));
}

#[test]
fn stats_count_documents_by_language() {
    let place = Place::with_documents(&BOTH);
    let json: Value = serde_json::from_slice(&place.run(&["stats", "--json"]).stdout).expect("JSON");
    assert_eq!(json["documents"], 2);
    assert_eq!(json["manifest"]["languages"], serde_json::json!({ "en": 1, "ru": 1 }));
    assert!(text(&place.run(&["stats"]).stdout).starts_with("documents  2\n"));
}

#[test]
fn settings_come_from_flag_environment_file_and_default() {
    let place = Place::new();
    let config = |arguments: &[&str], environment: Option<&str>| {
        let mut command = place.command(&[&["config"], arguments].concat());
        if let Some(dir) = environment {
            command.env("OBA_INDEX", dir);
        }
        text(&command.output().expect("runs").stdout).lines().next().expect("a line").to_owned()
    };
    assert_eq!(config(&[], None), "index   index  (default)");
    place.write("oba.toml", "index = 'архив'\n");
    assert_eq!(config(&[], None), "index   архив  (oba.toml)");
    assert_eq!(config(&[], Some("env")), "index   env  (environment, OBA_INDEX)");
    assert_eq!(config(&["--index", "flag"], Some("env")), "index   flag  (flag)");
    place.write("oba.toml", "indx = 'архив'\n");
    let refused = place.run(&["config"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("indx"), "{}", text(&refused.stderr));
}

#[test]
fn snippets_are_measured_by_known_answers() {
    let place = Place::new();
    place.write("set/corpus.jsonl", json_lines(&BOTH));
    place.write("set/qrels.tsv", "q1 0 en 1\nq2 0 ru 1\n");
    let queries = [
        r#"{"id": "q1", "text": "Where did the ministers meet?", "lang": "en"}"#,
        r#"{"id": "q2", "text": "Где встретились министры?", "lang": "ru"}"#,
    ];
    place.write("set/queries.jsonl", queries.join("\n"));
    let one = ["evaluate", "--snippets", "--documents", "set/corpus.jsonl", "--queries", "set/queries.jsonl"];
    let refused = place.run(&one);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("answers.jsonl"), "{}", text(&refused.stderr));
    let answers = [
        r#"{"id": "q1", "doc": "en", "answers": ["Tashkent"]}"#,
        r#"{"id": "q2", "doc": "ru", "answers": ["в Ташкенте"]}"#,
    ];
    place.write("set/answers.jsonl", answers.join("\n"));
    let done = place.run(&[&one[..], &["--json"]].concat());
    let figures: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    for language in ["en", "ru"] {
        assert_eq!(figures["groups"][language]["sentenceShown"]["mean"], 1.0, "{figures}");
        assert_eq!(figures["groups"][language]["answerShown"]["mean"], 1.0, "{figures}");
    }
    let table = text(&place.run(&["evaluate", "--snippets", "--all", "."]).stdout);
    assert!(table.lines().any(|line| line.starts_with("set          2  1.0000 ± 0.0000")), "{table}");
}

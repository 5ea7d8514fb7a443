//! Copies of an index, and whether it is whole.
//!
//! 1. A snapshot answers as the index did, is made while others write, and is there whole or not at all.
//! 2. A restored snapshot takes the place of the index in one step, with what is known of files.
//! 3. Whatever is flipped, cut or taken away is told with its file.
//! 4. The server does the same, and makes no path of what a client says.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};

use crate::program::{Place, encoded, ids, json_lines, text};

fn place() -> Place {
    let place = Place::new();
    place.write("letters/visit.txt", "The state visit to Tashkent began on Friday.");
    place.write("letters/визит.txt", "Государственный визит в Ташкент начался в пятницу.");
    assert_eq!(place.run(&["index", "letters"]).status.code(), Some(0));
    place
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn data(place: &Place, index: &str) -> PathBuf {
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(place.path(index).join("manifest.json")).expect("a manifest"))
            .expect("JSON");
    place.path(index).join(manifest["data"].as_str().expect("a name"))
}

#[test]
fn a_snapshot_answers_as_the_index_did_and_comes_back() {
    let place = place();
    let made = place.run(&["snapshot", "copies/first"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(text(&made.stdout).starts_with("Wrote 2 documents"), "{}", text(&made.stdout));
    fs::remove_file(place.path("letters/визит.txt")).expect("there");
    place.write("letters/later.txt", "Written later. Написано позже.");
    assert_eq!(place.run(&["index", "letters", "--prune"]).status.code(), Some(0));
    assert_eq!(place.ids("визит"), [""; 0]);
    let of_copy = |query: &str| ids(&place.search_with(&["--index", "copies/first"], query));
    assert_eq!(
        (of_copy("визит"), of_copy("visits")),
        (vec!["letters/визит.txt".into()], vec!["letters/visit.txt".into()])
    );
    let restored = place.run(&["restore", "copies/first"]);
    assert_eq!(restored.status.code(), Some(0), "{}", text(&restored.stderr));
    assert_eq!((place.ids("визит"), place.ids("visit")), (of_copy("визит"), of_copy("visit")));
    assert_eq!((place.ids("позже"), place.ids("later")), (vec![], vec![]));
    assert_eq!(place.run(&["verify"]).status.code(), Some(0));
    // What is known of files came with it: one that is as it was is not read again, one that it lacks is.
    let again = place.run(&["index", "letters"]);
    assert!(
        text(&again.stdout).contains("Indexed 1 documents into index; 1 files unchanged"),
        "{}",
        text(&again.stdout)
    );
    // The old data is gone, and what waited to be put in its place.
    let left: Vec<String> = fs::read_dir(place.path("index"))
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("data-") || name.starts_with(".restored"))
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_snapshot_takes_no_place_that_is_taken_and_a_failed_one_leaves_nothing() {
    let place = place();
    place.write("taken/письмо.txt", "Чужое");
    let refused = place.run(&["snapshot", "taken"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("no empty folder"), "{}", text(&refused.stderr));
    fs::create_dir(place.path("пусто")).expect("writable");
    assert_eq!(place.run(&["snapshot", "пусто"]).status.code(), Some(0));
    let missing = place.run(&["snapshot", "none/copy", "--index", "nothing"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(!place.path("none/copy").exists());
    // A file that is gone for good ends the copying, after some tries.
    let segment = files(&data(&place, "index")).into_iter().find(|path| path.extension().is_some_and(|e| e == "store"));
    fs::remove_file(segment.expect("a segment")).expect("removed");
    let failed = place.run(&["snapshot", "broken"]);
    assert_eq!(failed.status.code(), Some(2));
    assert!(!place.path("broken").exists());
    let hidden = fs::read_dir(place.path("")).expect("readable").map(|entry| entry.expect("readable").file_name());
    assert_eq!(hidden.filter(|name| name.to_string_lossy().starts_with(".snapshot")).count(), 0);
}

#[test]
fn snapshots_are_whole_while_another_process_writes() {
    let place = Place::with_documents(&[("ru", "Визит"), ("en", "A visit")]);
    let runs = 12;
    std::thread::scope(|scope| {
        // Each run commits, puts segments together and clears old ones away.
        let writer = scope.spawn(|| {
            for n in 0..runs {
                // Another text each time: of copies one is a hit.
                let new = format!("Новый визит, a new visit {n}");
                let lines = json_lines(&[(&format!("new-{n}"), &new), ("en", "A visit again")]);
                let done = place.run_with_input(&["index", "-"], &lines);
                assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
            }
        });
        let mut n = 0;
        while n == 0 || !writer.is_finished() {
            let to = format!("copies/{n}");
            let made = place.run(&["snapshot", &to]);
            assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
            let verified = place.run(&["verify", "--json", "--index", &to]);
            let found: Value = serde_json::from_slice(&verified.stdout).expect("JSON");
            assert_eq!((&found["clean"], &found["notes"]), (&json!(true), &json!([])), "{found}");
            for (query, id) in [("визит", "ru"), ("visits", "en")] {
                let answer = place.search_with(&["--index", &to, "--filter", &format!("id = {id}")], query);
                assert_eq!(ids(&answer), [id], "{query}");
            }
            let verified = place.run(&["verify"]);
            assert_eq!(verified.status.code(), Some(0), "{}{}", text(&verified.stdout), text(&verified.stderr));
            n += 1;
        }
        writer.join().expect("all runs ended well");
    });
    assert_eq!(place.run(&["verify"]).status.code(), Some(0));
    assert_eq!(place.ids("визит").len(), runs + 1);
}

#[test]
fn a_journal_beside_the_index_is_copied_and_put_back() {
    let place = place();
    place.write("index/.journal", "{\"id\": \"журнал\"}");
    place.write("index/.journal-2/part", "journal");
    assert_eq!(place.run(&["snapshot", "copy"]).status.code(), Some(0));
    place.write("index/.journal", "another");
    place.write("index/.journal-3", "of what comes after");
    assert_eq!(place.run(&["restore", "copy"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(place.path("index/.journal")).expect("there"), "{\"id\": \"журнал\"}");
    assert_eq!(fs::read_to_string(place.path("index/.journal-2/part")).expect("there"), "journal");
    assert!(!place.path("index/.journal-3").exists());
}

#[test]
fn a_restoring_run_that_was_cut_off_behind_its_step_is_ended_by_the_next_run() {
    let place = place();
    place.write("index/.journal", "old");
    let data = data(&place, "index").file_name().expect("a name").to_string_lossy().into_owned();
    // As it is left between the step and the end: the manifest names the data, what was hidden still waits.
    place.write(&format!("index/.restored-{data}/.journal"), "визит");
    place.write("index/.restored-data-0099/.journal", "of a run that came to nothing");
    place.write("letters/new.txt", "New and новое");
    assert_eq!(place.run(&["index", "letters"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(place.path("index/.journal")).expect("there"), "визит");
    assert!(!place.path(&format!("index/.restored-{data}")).exists());
    assert!(!place.path("index/.restored-data-0099").exists());
    assert_eq!(place.ids("новое"), ["letters/new.txt"]);
}

#[test]
fn what_is_damaged_is_told_with_its_file_and_never_restored() {
    let place = place();
    assert_eq!(place.run(&["snapshot", "copy"]).status.code(), Some(0));
    for (n, file) in files(&data(&place, "index")).into_iter().enumerate() {
        let ending = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        if ending == "lock" || ending == "json" {
            continue;
        }
        let copy = format!("damaged-{n}");
        assert_eq!(place.run(&["snapshot", &copy]).status.code(), Some(0));
        let damaged = data(&place, &copy).join(file.file_name().expect("a name"));
        let whole = fs::read(&damaged).expect("readable");
        let mut flipped = whole.clone();
        flipped[whole.len() / 3] ^= 0x10;
        // Files are shared with the index: a new one is written in the place of the old.
        fs::remove_file(&damaged).expect("removed");
        for (what, content) in
            [("flipped", Some(flipped)), ("cut", Some(whole[..whole.len() / 2].to_vec())), ("gone", None)]
        {
            match content {
                Some(content) => fs::write(&damaged, content).expect("writable"),
                None => fs::remove_file(&damaged).expect("removed"),
            }
            let told = place.run(&["verify", "--json", "--index", &copy]);
            assert_eq!(told.status.code(), Some(2), "{what} {ending}");
            let found: Value = serde_json::from_slice(&told.stdout).expect("JSON");
            assert_eq!(found["clean"], false);
            let fault = &found["faults"][0];
            assert_eq!(
                fault["file"],
                format!("{copy}/{}", damaged.strip_prefix(place.path(&copy)).expect("inside").display())
            );
            assert!(fault["advice"].as_str().is_some_and(|advice| advice.contains("oba restore")), "{fault}");
        }
        let refused = place.run(&["restore", &copy]);
        assert_eq!(refused.status.code(), Some(2), "{ending}");
    }
    assert_eq!(place.run(&["verify"]).status.code(), Some(0), "the index shares files and is as it was");
    assert_eq!((place.ids("визит").len(), place.ids("visit").len()), (1, 1));
    let none = place.run(&["restore", "letters"]);
    assert!(text(&none.stderr).contains("there is no snapshot in letters"), "{}", text(&none.stderr));
}

/// Enough text for a dictionary of what Russian texts have in common, of words that nobody knows but a few.
fn long_texts() -> String {
    let mut state = 7_u64;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let syllables = ["при", "во", "за", "ста", "ный", "ка", "ле", "ру"];
        (0..2 + (state >> 60) % 3)
            .map(|n| syllables[usize::try_from(state >> (40 + 4 * n) & 7).unwrap_or_default()])
            .collect()
    };
    let mut texts = Vec::new();
    for n in 0..75 {
        let words: Vec<String> = (0..2_000).map(|_| word()).collect();
        texts.push((format!("ru-{n}"), format!("Визит номер {n}. Всё это было и прошло. {}.", words.join(" "))));
    }
    let documents: Vec<(&str, &str)> = texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    json_lines(&documents) + &json_lines(&[("en", "The state visit began.")])
}

#[test]
fn dictionaries_of_texts_are_copied_and_checked_with_the_rest() {
    let place = Place::new();
    let made = place.run_with_input(&["index", "-"], &long_texts());
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let name = "texts-ru.dictionary";
    assert!(data(&place, "index").join(name).is_file() && !data(&place, "index").join("texts-en.dictionary").exists());
    assert_eq!(place.run(&["snapshot", "copy"]).status.code(), Some(0));
    let last = |options: &[&str]| ids(&place.search_with(options, "визиты номер 74"))[0].clone();
    assert_eq!((last(&[]), last(&["--index", "copy"])), ("ru-74".into(), "ru-74".into()));
    assert_eq!(place.run(&["verify", "--index", "copy"]).status.code(), Some(0));
    let copied = data(&place, "copy").join(name);
    let mut bytes = fs::read(&copied).expect("readable");
    // It is shared with the index: a new one is written in the place of the old.
    fs::remove_file(&copied).expect("removed");
    let told = |problem: &str| {
        let told = place.run(&["verify", "--index", "copy"]);
        let told = (told.status.code(), text(&told.stdout));
        assert!(told.0 == Some(2) && told.1.contains(name) && told.1.contains(problem), "{told:?}");
    };
    told("is not there");
    bytes[2_000] ^= 1;
    fs::write(&copied, bytes).expect("writable");
    told("checksum");
    let refused = place.run(&["search", "визит", "--index", "copy"]);
    assert!(refused.status.code() == Some(2) && text(&refused.stderr).contains(name), "{}", text(&refused.stderr));
    assert_eq!((last(&[]), place.run(&["verify"]).status.code()), ("ru-74".into(), Some(0)));
}

#[test]
fn counts_and_lists_that_disagree_are_told() {
    let place = place();
    let manifest = fs::read_to_string(place.path("index/manifest.json")).expect("readable");
    place.write("index/manifest.json", manifest.replace("\"documents\": 2", "\"documents\": 3"));
    let told = place.run(&["verify"]);
    assert_eq!(told.status.code(), Some(2));
    assert!(text(&told.stdout).contains("it counts 3 documents"), "{}", text(&told.stdout));
    place.write("index/manifest.json", "{");
    let told = place.run(&["verify"]);
    assert_eq!(told.status.code(), Some(2), "{}", text(&told.stdout));
    assert!(text(&told.stdout).contains("index/manifest.json"), "{}", text(&told.stdout));
    place.write("index/manifest.json", manifest);
    let meta = data(&place, "index").join("meta.json");
    fs::write(meta, "[]").expect("writable");
    assert_eq!(place.run(&["verify"]).status.code(), Some(2));
}

#[test]
fn a_manifest_of_before_the_last_commit_is_no_damage() {
    let place = place();
    let path = place.path("index/manifest.json");
    let manifest = fs::read_to_string(&path).expect("readable");
    fs::write(&path, manifest.replace("\"documents\": 2", "\"documents\": 1")).expect("writable");
    let before =
        fs::metadata(data(&place, "index").join("meta.json")).and_then(|meta| meta.modified()).expect("a time");
    let file = fs::File::options().write(true).open(&path).expect("ours");
    file.set_modified(before - std::time::Duration::from_secs(5)).expect("set");
    let told = place.run(&["verify"]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stdout));
    assert!(text(&told.stdout).contains("cut off after its commit"), "{}", text(&told.stdout));
    // A snapshot of it counts what it holds.
    assert_eq!(place.run(&["snapshot", "copy"]).status.code(), Some(0));
    let told = place.run(&["verify", "--json", "--index", "copy"]);
    let found: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    assert_eq!((&found["clean"], &found["notes"]), (&json!(true), &json!([])));
}

#[test]
fn nothing_is_restored_while_another_process_writes() {
    let place = place();
    assert_eq!(place.run(&["snapshot", "copy"]).status.code(), Some(0));
    let mut writer = place.command(&["index", "-"]);
    let mut writer =
        writer.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let (started, holder) = (std::time::Instant::now(), writer.id().to_string());
    while fs::read_to_string(place.path("index/.lock")).is_ok_and(|held| held.trim() != holder) {
        assert!(started.elapsed().as_secs() < 60, "the writer takes the lock");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let restored = place.run(&["restore", "copy"]);
    assert_eq!(restored.status.code(), Some(2));
    let refused = text(&restored.stderr);
    assert!(refused.contains(&format!("process {holder} has the index")), "{refused}");
    drop(writer.stdin.take());
    assert!(writer.wait().expect("it ends").success());
    assert_eq!(place.run(&["restore", "copy"]).status.code(), Some(0));
    assert_eq!((place.ids("визит").len(), place.ids("visit").len()), (1, 1));
}

#[test]
fn the_server_keeps_snapshots_and_exports() {
    let place = place();
    let server = place.serve();
    assert_eq!(server.json("/snapshots"), (200, json!({ "snapshots": [] })));
    // Left by a server that was killed.
    place.write("index-home/snapshots/.snapshot-abc/manifest.json", "{");
    let (status, made) = server.post("/snapshots", "");
    assert_eq!((status, &made["documents"]), (201, &json!(2)), "{made}");
    let name = made["name"].as_str().expect("a name").to_owned();
    assert!(place.path("index-home/snapshots").join(&name).is_dir());
    let (_, listed) = server.json("/snapshots");
    assert_eq!(listed["snapshots"][0]["name"], json!(name));
    assert_eq!(listed["snapshots"][0]["documents"], 2);
    let (status, verified) = server.json("/verify");
    assert_eq!((status, &verified["clean"], &verified["documents"]), (200, &json!(true), &json!(2)), "{verified}");
    let (status, exported) = server.get("/export");
    assert_eq!((status, exported.lines().count()), (200, 2));
    assert_eq!(exported, text(&place.run(&["export"]).stdout));
    let (status, russian) = server.get(&format!("/export?filter={}", encoded("language = ru")));
    assert_eq!((status, russian.lines().count()), (200, 1), "{russian}");
    assert!(russian.contains("Государственный визит"));
    let refused = |(status, body): (u16, Value)| (status, body["code"].as_str().unwrap_or_default().to_owned());
    assert_eq!(
        refused(server.json(&format!("/export?filter={}", encoded("цена > 5")))),
        (400, "invalid_parameter".into())
    );
    assert_eq!(refused(server.json("/export?q=visit")), (400, "unknown_parameter".into()));
    for wrong in
        ["..%2F..%2Fletters", "%2E%2E", "снимок", "20261122T091500123", "20000101T000000000Z", &format!("..%2F{name}")]
    {
        let path = format!("/snapshots/{}", wrong.replace("снимок", &encoded("снимок")));
        assert_eq!(refused(server.delete(&path)), (404, "snapshot_not_found".into()), "{wrong}");
    }
    assert!(place.path("letters").is_dir());
    assert_eq!(server.delete(&format!("/snapshots/{name}")).0, 204);
    assert_eq!(server.json("/snapshots").1, json!({ "snapshots": [] }));
    assert_eq!(fs::read_dir(place.path("index-home/snapshots")).expect("readable").count(), 0);
}

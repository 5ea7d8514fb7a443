//! What goes wrong in real collections gets a clear answer, and the rest goes on.

use std::{fs, process::Command};

use crate::program::{Place, json_lines, text};

#[test]
fn a_text_of_ten_megabytes_is_indexed_and_its_end_is_found() {
    let place = Place::new();
    for (name, filler, end) in [
        ("en.txt", "The weather was calm on that day. ", "Zanzibar."),
        ("ru.txt", "Погода в тот день была тихой. ", "Занзибар."),
    ] {
        let mut content = filler.repeat(10_000_000 / filler.len());
        content.push_str(end);
        place.write(name, content);
    }
    let done = place.run(&["index", "en.txt", "ru.txt"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    for (query, id) in [("zanzibar", "en.txt"), ("занзибар", "ru.txt")] {
        let answer = place.search(query);
        assert_eq!(answer["hits"][0]["id"], id);
        let html = answer["hits"][0]["snippet"]["html"].as_str().expect("a snippet");
        assert!(html.contains("<mark>"), "{html}");
    }
}

#[test]
fn what_cannot_be_read_is_reported_with_its_reason_and_the_rest_go_on() {
    let place = Place::new();
    place.write("docs/letter.txt", "A letter about the weather.");
    place.write("docs/письмо.txt", "Письмо о погоде.");
    place.write("docs/empty.txt", "");
    place.write("docs/blank.md", " \n\n");
    place.write("docs/noise.txt", (0..2_000_u32).map(|n| (n * 7_919 % 251) as u8).collect::<Vec<_>>());
    place.write("docs/report.pdf", "%PDF-1.4");
    place.write("docs/.hidden.txt", "hidden weather");
    let done = place.run(&["index", "docs", "missing.txt"]);
    assert_eq!(done.status.code(), Some(1));
    let report = text(&done.stderr);
    for line in [
        "skipped docs/empty.txt: empty: no word in it",
        "skipped docs/blank.md: empty: no word in it",
        "skipped docs/noise.txt: not a text file",
        "skipped docs/report.pdf: the PDF cannot be read: ",
        "skipped missing.txt: no such file or folder",
    ] {
        assert!(report.contains(line), "{line} in:\n{report}");
    }
    assert_eq!(report.lines().count(), 5, "{report}");
    assert!(text(&done.stdout).contains("Indexed 2 documents into index; 5 skipped"), "{}", text(&done.stdout));
    assert_eq!(place.ids("weather"), ["docs/letter.txt"]);
    assert_eq!(place.ids("погода"), ["docs/письмо.txt"]);
}

#[test]
fn a_broken_line_is_reported_by_its_number_and_the_rest_go_on() {
    let place = Place::new();
    let lines = "{\"id\": \"a\", \"text\": \"Визит\"}\n{\"id\": \"b\", \"text\": \"Vis\n\n{\"text\": \"visit\"}\n{\"id\": \"c\", \"text\": \"visit\"}\n";
    place.write("lines.jsonl", lines);
    let done = place.run(&["index", "lines.jsonl"]);
    assert_eq!(done.status.code(), Some(1));
    let report = text(&done.stderr);
    assert!(report.contains("skipped lines.jsonl:2: not valid JSON"), "{report}");
    assert!(report.contains("skipped lines.jsonl:4: no \"id\""), "{report}");
    assert_eq!(place.ids("визит visit").len(), 2);
}

#[test]
fn a_folder_without_rights_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.write("docs/open.txt", "Открытое письмо");
    place.write("docs/closed/secret.txt", "Закрытое письмо");
    let set = |name: &str, mode| fs::set_permissions(place.path(name), fs::Permissions::from_mode(mode)).expect("ours");
    set("docs/closed", 0o000);
    // Whoever may do everything is refused nothing: then the program runs as somebody who may not.
    let is_root = fs::read_dir(place.path("docs/closed")).is_ok();
    let mut command = if is_root {
        set(".", 0o777);
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(place.path("oba")).args(["index", "docs"]).current_dir(place.path(""));
        fs::copy(env!("CARGO_BIN_EXE_oba"), place.path("oba")).expect("copied");
        command
    } else {
        place.command(&["index", "docs"])
    };
    let done = command.output().expect("the program runs; as root it needs setpriv of util-linux");
    set("docs/closed", 0o755);
    let report = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{report}");
    assert!(report.contains("skipped docs/closed: permission denied"), "{report}");
    assert!(text(&done.stdout).contains("Indexed 1 documents"));
}

#[test]
fn a_query_of_five_thousand_letters_is_cut_and_says_so() {
    let place = Place::with_documents(&[("ru", "слово"), ("en", "word")]);
    for (word, id) in [("слово ", "ru"), ("words ", "en")] {
        let answer = place.search(&word.repeat(5_000 / word.chars().count()));
        assert_eq!(answer["hits"][0]["id"], id);
        assert!(answer["warnings"][0].as_str().expect("a warning").contains("first 1000 characters"));
    }
    for letter in ["ж", "x"] {
        let answer = place.search(&letter.repeat(5_000));
        assert_eq!(answer["hits"].as_array().map(Vec::len), Some(0));
    }
}

#[test]
fn old_encodings_are_read_beside_new_ones() {
    let place = Place::new();
    // «Железная дорога построена за один год» in windows-1251 and in KOI8-R.
    let cp1251 = b"\xc6\xe5\xeb\xe5\xe7\xed\xe0\xff \xe4\xee\xf0\xee\xe3\xe0 \xef\xee\xf1\xf2\xf0\xee\xe5\xed\xe0 \xe7\xe0 \xee\xe4\xe8\xed \xe3\xee\xe4";
    let koi8 = b"\xf6\xc5\xcc\xc5\xda\xce\xc1\xd1 \xc4\xcf\xd2\xcf\xc7\xc1 \xd0\xcf\xd3\xd4\xd2\xcf\xc5\xce\xc1 \xda\xc1 \xcf\xc4\xc9\xce \xc7\xcf\xc4";
    place.write("docs/1251.txt", cp1251);
    place.write("docs/koi8.txt", koi8);
    place.write("docs/latin1.txt", b"A caf\xe9 near the railway station opened in spring.");
    assert_eq!(place.run(&["index", "docs"]).status.code(), Some(0));
    // They say the same, and so they are one hit.
    let answer = place.search("железные дороги");
    let hit = &answer["hits"][0];
    let mut paths = [&hit["path"], &hit["otherPaths"][0]].map(|path| path.as_str().unwrap_or_default());
    paths.sort_unstable();
    assert_eq!((paths, &hit["copies"]), (["docs/1251.txt", "docs/koi8.txt"], &serde_json::json!(1)), "{answer}");
    assert_eq!(place.ids("railways"), ["docs/latin1.txt"]);
}

#[test]
fn an_interrupt_leaves_the_last_commit_whole() {
    use std::{io::Write, process::Stdio, time::Duration};
    let place = Place::with_documents(&[("old", "Визит visit")]);
    let mut command = place.command(&["index", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut input = child.stdin.take().expect("piped");
    let many: Vec<(String, &str)> = (0..20_000).map(|n| (format!("new{n}"), "Новый визит, a new visit")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(id, text)| (id.as_str(), *text)).collect();
    input.write_all(json_lines(&many).as_bytes()).expect("it reads");
    std::thread::sleep(Duration::from_millis(300));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success());
    // The input stays open: the program must end although it waits for more.
    let output = child.wait_with_output().expect("it ends");
    drop(input);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("as its last commit left it"), "{}", text(&output.stderr));
    assert_eq!(place.ids("визит"), ["old"]);
    assert_eq!(place.ids("visit"), ["old"]);
    assert_eq!(place.run(&["index", "documents.jsonl"]).status.code(), Some(0), "and can be written to again");
}

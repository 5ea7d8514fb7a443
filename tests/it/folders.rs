//! Folders that change, and what they hold.
//!
//! 1. A run reads what is new or changed, and nothing else; `--prune` drops what is gone; `--dry-run` only tells.
//! 2. Patterns, `.obaignore` files and lists of paths choose files.
//! 3. The report has a line for each file, the same whether it was read again or not.
//! 4. Archives are read as they go by; what is hostile in them costs a line in the report and not the run.
//! 5. Documents are deleted by their ids, and by those of their files.

use std::io::Write;

use serde_json::Value;

use crate::program::{Place, text};

/// Runs the indexer over a folder; what it says on standard output.
fn index(place: &Place, options: &[&str]) -> String {
    let output = place.run(&[&["index", "folder"], options].concat());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn found(place: &Place, query: &str) -> Vec<String> {
    let mut ids = place.ids(query);
    ids.sort_unstable();
    ids
}

/// The lines of a report, by the files that they are about.
fn report(place: &Place, options: &[&str]) -> Vec<(String, Value)> {
    index(place, &[&["--report", "report.jsonl"], options].concat());
    let report = std::fs::read_to_string(place.path("report.jsonl")).expect("a report");
    let lines = report.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.map(|line| (line["file"].as_str().expect("a file").to_owned(), line)).collect()
}

fn place() -> Place {
    let place = Place::new();
    place.write("folder/письма/визит.txt", "Визит\n\nВизит начался в пятницу.");
    place.write("folder/letters/visit.md", "# A visit\n\nThe visit began on Friday.");
    place
}

#[test]
fn a_run_reads_what_is_new_or_changed() {
    let place = place();
    assert!(index(&place, &[]).starts_with("Indexed 2 documents"));
    let again = index(&place, &[]);
    assert!(again.starts_with("Indexed 0 documents") && again.contains("2 files unchanged"), "{again}");
    // Another time with the same content is no change.
    let path = place.path("folder/letters/visit.md");
    let content = std::fs::read(&path).expect("readable");
    std::thread::sleep(std::time::Duration::from_millis(20));
    std::fs::write(&path, content).expect("writable");
    assert!(index(&place, &[]).contains("2 files unchanged"));
    place.write("folder/letters/visit.md", "# A hedgehog\n\nNothing else.");
    place.write("folder/новое.txt", "Новое письмо о хлопке.");
    let planned = text(&place.run(&["index", "folder", "--dry-run"]).stdout);
    let lines: Vec<&str> = planned.lines().collect();
    assert!(
        lines.iter().any(|line| line.starts_with("changed") && line.contains("folder/letters/visit.md")),
        "{planned}"
    );
    assert!(lines.iter().any(|line| line.starts_with("new") && line.contains("folder/новое.txt")), "{planned}");
    assert!(lines.iter().any(|line| line.starts_with("unchanged") && line.contains("визит.txt")), "{planned}");
    assert_eq!(found(&place, "хлопок"), [""; 0], "a dry run does nothing");
    assert!(index(&place, &[]).starts_with("Indexed 2 documents"));
    assert_eq!((found(&place, "visit"), found(&place, "хлопок")), (Vec::new(), vec!["folder/новое.txt".to_owned()]));
}

#[test]
fn what_is_gone_goes_where_that_is_asked_for() {
    let place = place();
    place.write("other/остальное.txt", "Визит остальных.");
    place.run(&["index", "folder", "other"]);
    for file in ["folder/письма/визит.txt", "other/остальное.txt"] {
        std::fs::remove_file(place.path(file)).expect("it is there");
    }
    index(&place, &[]);
    assert_eq!(found(&place, "визит").len(), 2, "nobody asked");
    assert!(text(&place.run(&["index", "folder", "--prune", "--dry-run"]).stdout).contains("gone"));
    assert!(index(&place, &["--prune"]).contains("1 files gone"));
    assert_eq!(found(&place, "визит"), ["other/остальное.txt"], "only below what was named");
    // What an archive no longer holds goes with its next version.
    place.write(
        "folder/a.jsonl",
        "{\"id\": \"хлопок\", \"text\": \"хлопок\"}\n{\"id\": \"cotton\", \"text\": \"cotton\"}\n",
    );
    index(&place, &[]);
    place.write("folder/a.jsonl", "{\"id\": \"cotton\", \"text\": \"cotton\"}\n");
    index(&place, &[]);
    assert_eq!((found(&place, "хлопок"), found(&place, "cotton")), (Vec::new(), vec!["cotton".to_owned()]));
}

#[test]
fn patterns_and_lists_choose_files() {
    let place = place();
    place.write("folder/notes/черновик.txt", "Визит, черновик.");
    place.write("folder/notes/.obaignore", "черновик*\n");
    assert!(index(&place, &["--include", "*.txt"]).starts_with("Indexed 1 documents"));
    assert_eq!(found(&place, "визит visit"), ["folder/письма/визит.txt"]);
    assert!(index(&place, &["--exclude", "письма/**", "--rebuild"]).starts_with("Indexed 1 documents"));
    assert_eq!(found(&place, "визит visit"), ["folder/letters/visit.md"]);
    let wrong = place.run(&["index", "folder", "--include", "a[b"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("\"a[b\""), "{}", text(&wrong.stderr));
    for (list, options) in [("folder/письма/визит.txt\0", &["-0"][..]), ("folder/письма/визит.txt\r\n\n", &[])]
    {
        let arguments = [&["index", "--rebuild", "--files-from", "-"], options].concat();
        assert_eq!(place.run_with_input(&arguments, list).status.code(), Some(0));
        assert_eq!(found(&place, "визит visit"), ["folder/письма/визит.txt"]);
    }
}

#[test]
fn a_report_has_a_line_for_each_file() {
    let place = place();
    place.write("folder/пусто.txt", " \n");
    place.write("folder/koi8.txt", encoding_rs::KOI8_R.encode("Визит министра начался в пятницу утром.").0);
    let expected = |lines: &[(String, Value)], unchanged: bool| {
        let line = |name: &str| {
            let found = lines.iter().find(|(file, _)| file == name);
            found.unwrap_or_else(|| panic!("{name} in {lines:?}")).1.clone()
        };
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|(_, line)| line["unchanged"] == unchanged), "{lines:?}");
        assert!(line("folder/koi8.txt")["encoding"].as_str().is_some_and(|name| name.starts_with("KOI8")));
        assert_eq!(line("folder/письма/визит.txt")["language"], "ru");
        assert_eq!(
            (&line("folder/letters/visit.md")["format"], &line("folder/letters/visit.md")["words"]),
            (&"markdown".into(), &7.into())
        );
        let empty = line("folder/пусто.txt");
        assert!(
            empty["reason"].as_str().is_some_and(|reason| reason.contains("no word")) && empty["language"].is_null()
        );
    };
    expected(&report(&place, &[]), false);
    expected(&report(&place, &[]), true);
}

/// A tar archive of files with these names and contents.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = b'0';
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].copy_from_slice(b"        ");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        bytes.extend(header);
        bytes.extend(*content);
        bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    }
    bytes.extend([0; 1024]);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("written")
}

/// A zip archive of files with these names, as bytes, and contents.
fn zip(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in files {
        // Names in old encodings are put in below, where the writer takes UTF-8 only.
        writer.start_file(String::from_utf8_lossy(name).into_owned(), options).expect("a file");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("written").into_inner()
}

#[test]
fn archives_are_read_as_they_go_by() {
    let place = place();
    let inner = zip(&[("письмо.txt".as_bytes(), "Письмо о хлопке.".as_bytes())]);
    let files: [(&str, &[u8]); 3] = [
        ("news/a.txt", b"The cotton was sold."),
        ("news/inner.zip", &inner),
        ("lines.jsonl", "{\"id\": \"j\", \"text\": \"хлопок cotton\"}\n".as_bytes()),
    ];
    place.write("folder/all.tar.gz", gzip(&tar(&files)));
    place.write("folder/visit.txt.gz", gzip(b"The cotton visit."));
    index(&place, &[]);
    let expected =
        ["folder/all.tar.gz/news/a.txt", "folder/all.tar.gz/news/inner.zip/письмо.txt", "folder/visit.txt.gz", "j"];
    assert_eq!(found(&place, "хлопок cotton"), expected);
    let lines = report(&place, &["--rebuild"]);
    assert!(lines.iter().any(|(file, _)| file == "folder/all.tar.gz/news/inner.zip/письмо.txt"), "{lines:?}");
}

#[test]
fn what_is_hostile_costs_a_line() {
    let place = place();
    // Much out of little, one in another.
    place.write("folder/bomb.gz", gzip(&gzip(&vec![b'a'; 80 << 20])));
    let mut deep = zip(&[(b"a.txt", b"visit")]);
    for _ in 0..6 {
        deep = zip(&[(b"deep.zip", &deep)]);
    }
    place.write("folder/deep.zip", deep);
    place.write("folder/cut.zip", &zip(&[(b"a.txt", b"visit")])[..40]);
    place.write("folder/out.zip", zip(&[(b"../../../outside.txt", b"visit")]));
    place.write("folder/image.txt", b"\x89PNG\r\n\x1a\n\0\0");
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path("folder"), place.path("folder/letters/loop")).expect("a link");
    let lines = report(&place, &[]);
    let reason = |name: &str| {
        let line = lines.iter().find(|(file, _)| file.starts_with(name));
        line.unwrap_or_else(|| panic!("{name} in {lines:?}")).1["reason"].as_str().unwrap_or_default().to_owned()
    };
    assert!(reason("folder/bomb.gz").contains("bytes"), "{}", reason("folder/bomb.gz"));
    assert!(reason("folder/deep.zip").contains("deep"), "{}", reason("folder/deep.zip"));
    assert!(reason("folder/cut.zip").contains("zip archive"), "{}", reason("folder/cut.zip"));
    assert!(reason("folder/image.txt").contains("image"), "{}", reason("folder/image.txt"));
    assert_eq!(found(&place, "visit"), ["folder/letters/visit.md", "folder/out.zip/outside.txt"]);
    assert!(!place.path("outside.txt").exists());
}

#[test]
fn documents_are_deleted_by_their_ids_and_by_those_of_their_files() {
    let place = place();
    place.write("folder/a.tar", tar(&[("b.txt", "Хлопок.".as_bytes()), ("c.txt", b"Cotton.")]));
    index(&place, &[]);
    let delete = |ids: &[&str]| place.run(&[&["delete"], ids].concat());
    assert_eq!(delete(&["folder/письма/визит.txt", "folder/a.tar"]).status.code(), Some(0));
    assert_eq!(found(&place, "визит visit хлопок cotton"), ["folder/letters/visit.md"]);
    let output = delete(&["нет", "folder/letters/visit.md"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("\"нет\"") && text(&output.stdout).contains("Deleted 1"));
}

#[test]
fn a_watched_folder_is_followed() {
    let place = place();
    let mut command = place.command(&["watch", "folder"]);
    let mut watching = command.stdout(std::process::Stdio::null()).spawn().expect("the program starts");
    let wait_for = |query: &str, count: usize| {
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while std::time::Instant::now() < until {
            let output = place.run(&["search", "--json", "--repair", "off", query]);
            let answer = serde_json::from_slice::<Value>(&output.stdout);
            if answer.is_ok_and(|answer| answer["estimatedTotalHits"] == count) {
                return true;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        false
    };
    assert!(wait_for("визит visit", 2), "what is there is indexed first");
    place.write("folder/new/хлопок.txt", "Письмо о хлопке.");
    assert!(wait_for("хлопок", 1), "a new file is found");
    place.write("folder/letters/visit.md", "# Cotton\n\nOnly cotton.");
    assert!(wait_for("cotton", 1) && wait_for("visit", 0), "a changed file is read again");
    std::fs::remove_file(place.path("folder/письма/визит.txt")).expect("it is there");
    assert!(wait_for("визит", 0), "what is gone goes");
    watching.kill().expect("it runs");
    watching.wait().expect("it ends");
}

//! A tree as a folder of twenty years: every format, encoding and fault, by real writers where the machine has them.
//!
//! It is indexed in one command, twice in a row; each document is found by a Russian and an English word from its middle, and
//! the report has the right line for each file. It takes a minute or two, and so is asked for: `make tree`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, WINDOWS_1251, X_MAC_CYRILLIC};
use serde_json::{Value, json};

use crate::program::{Place, encoded, ids, text};

/// A document of the tree, and what has to be told of it.
struct Expected {
    id: String,
    format: &'static str,
    /// The beginning of the name of its encoding, where it has one.
    encoding: Option<&'static str>,
    number: usize,
}

/// The tree while it is made.
struct Tree {
    place: Place,
    documents: Vec<Expected>,
    /// Files that are no documents, with a piece of the reason.
    faults: Vec<(String, &'static str)>,
}

/// The words of a number, which are in the middle of its text and nowhere else.
fn words(number: usize) -> (String, String) {
    let spelled = |syllables: [&str; 10]| {
        let digits = format!("{number:03}");
        digits.bytes().map(|digit| syllables[usize::from(digit - b'0')]).collect::<String>()
    };
    let russian = spelled(["ба", "ве", "ги", "до", "жу", "за", "ке", "ли", "мо", "ну"]);
    let english = spelled(["ba", "ve", "gi", "do", "ju", "za", "ke", "li", "mo", "nu"]);
    (format!("{russian}рик"), format!("{english}rick"))
}

fn paragraphs(number: usize) -> [String; 3] {
    let (russian, english) = words(number);
    [
        "Первый абзац говорит о погоде, которая будет на следующей неделе во всех областях.".to_owned(),
        format!(
            "В середине текста стоит слово {russian}, а за ним another word, {english}, in the middle of a sentence."
        ),
        "The last paragraph speaks of the weather of last week in all parts of the country.".to_owned(),
    ]
}

fn plain(number: usize) -> String {
    paragraphs(number).join("\n\n")
}

impl Tree {
    fn next(&self) -> usize {
        self.documents.len() + 1
    }

    /// Adds a document of the next number, whose bytes are made of its text; `part` is where it stands in its file.
    fn add(&mut self, name: &str, part: &str, format: &'static str, encoding: Option<&'static str>, bytes: &[u8]) {
        self.place.write(&format!("tree/{name}"), bytes);
        self.expect(name, part, format, encoding);
    }

    fn expect(&mut self, name: &str, part: &str, format: &'static str, encoding: Option<&'static str>) {
        let number = self.next();
        let id = if part.is_empty() { format!("tree/{name}") } else { format!("tree/{name}/{part}") };
        self.documents.push(Expected { id, format, encoding, number });
    }

    fn fault(&mut self, name: &str, reason: &'static str, bytes: &[u8]) {
        self.place.write(&format!("tree/{name}"), bytes);
        self.faults.push((format!("tree/{name}"), reason));
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.place.path(&format!("tree/{name}"))).expect("it was written")
    }
}

/// Whether the machine has a program; where it has none, that is told.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        println!("skipped: this machine has no {program}, so that nothing of the tree is written by it");
    }
    is_there
}

fn run(command: &mut Command) {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
}

/// Documents written by pandoc, each from Markdown.
fn by_pandoc(tree: &mut Tree) {
    let formats = [
        ("docx", "docx", None),
        ("odt", "opendocument", None),
        ("epub", "epub", None),
        ("rtf", "rtf", None),
        ("fb2", "fb2", Some("UTF-8")),
        ("pptx", "pptx", None),
        ("html", "html", Some("UTF-8")),
    ];
    for (ending, format, encoding) in formats {
        let name = format!("pandoc/документ.{ending}");
        let source = tree.place.path("source.md");
        fs::write(&source, format!("# Заголовок\n\n{}\n", plain(tree.next()))).expect("writable");
        let target = tree.place.path(&format!("tree/{name}"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("writable");
        run(Command::new("pandoc").args(["-s", "--metadata", "title=Письмо", "-o"]).arg(target).arg(source));
        tree.expect(&name, "", format, encoding);
    }
}

/// Writes files by `LibreOffice`; `to` is the ending, and a filter with its options where one is needed.
fn convert(place: &Place, to: &str, folder: &str, sources: &[PathBuf]) {
    let home = format!("-env:UserInstallation=file://{}", place.path("home").display());
    let folder = place.path(&format!("tree/{folder}"));
    fs::create_dir_all(&folder).expect("writable");
    run(Command::new("soffice")
        .arg(home)
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(folder)
        .args(sources));
}

/// Documents written by `LibreOffice`: texts from texts, sheets from tables.
fn by_libreoffice(tree: &mut Tree) {
    let texts = [
        ("docx", "docx:MS Word 2007 XML", "docx", None),
        ("odt", "odt", "opendocument", None),
        ("pdf", "pdf", "pdf", None),
        ("rtf", "rtf:Rich Text Format", "rtf", None),
        ("html", "html:HTML (StarWriter)", "html", Some("UTF-8")),
    ];
    for (ending, to, format, encoding) in texts {
        let source = tree.place.path("текст.html");
        let [first, middle, last] = paragraphs(tree.next());
        let page = format!("<html><meta charset=utf-8><h1>Letter</h1><p>{first}<p>{middle}<p>{last}</html>");
        fs::write(&source, page).expect("writable");
        // A page is opened as a text, not as a page.
        let opened = tree.place.path("opened");
        convert(&tree.place, "odt:writer8", "../opened", &[source]);
        convert(&tree.place, to, "libreoffice", &[opened.join("текст.odt")]);
        let name = format!("libreoffice/текст.{ending}");
        tree.expect(&name, "", format, encoding);
    }
    for (ending, to) in [("xlsx", "xlsx:Calc MS Excel 2007 XML"), ("ods", "ods")] {
        let source = tree.place.path("смета.csv");
        let rows: Vec<String> = paragraphs(tree.next()).iter().map(|row| format!("\"{row}\",1500")).collect();
        fs::write(&source, rows.join("\n")).expect("writable");
        let home = format!("-env:UserInstallation=file://{}", tree.place.path("home").display());
        let folder = tree.place.path("tree/libreoffice");
        let filter = ["--headless", "--infilter=CSV:44,34,76,1", "--convert-to", to, "--outdir"];
        run(Command::new("soffice").arg(home).args(filter).arg(folder).arg(source));
        tree.expect(&format!("libreoffice/смета.{ending}"), "", "spreadsheet", None);
    }
    let locked = "pdf:writer_pdf_Export:{\"EncryptFile\":{\"type\":\"boolean\",\"value\":\"true\"},\
                  \"DocumentOpenPassword\":{\"type\":\"string\",\"value\":\"тайна\"}}";
    convert(&tree.place, locked, "locked", &[tree.place.path("opened/текст.odt")]);
    tree.faults.push(("tree/locked/текст.pdf".to_owned(), "encrypted"));
}

/// Texts in all encodings, and formats of text that need no writer.
fn texts(tree: &mut Tree) {
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    tree.add("utf8.txt", "", "text", Some("UTF-8"), plain(tree.next()).as_bytes());
    tree.add("utf8-bom.txt", "", "text", Some("UTF-8"), format!("\u{FEFF}{}", plain(tree.next())).as_bytes());
    tree.add("utf16le.txt", "", "text", Some("UTF-16LE"), &wide(&plain(tree.next()), u16::to_le_bytes));
    let marked = format!("\u{FEFF}{}", plain(tree.next()));
    tree.add("utf16be-bom.txt", "", "text", Some("UTF-16BE"), &wide(&marked, u16::to_be_bytes));
    let old: [(&str, &'static Encoding); 5] =
        [("1251", WINDOWS_1251), ("koi8", KOI8_R), ("866", IBM866), ("8859-5", ISO_8859_5), ("mac", X_MAC_CYRILLIC)];
    for (name, encoding) in old {
        let bytes = encoding.encode(&plain(tree.next())).0.into_owned();
        let told = if encoding == KOI8_R { "KOI8" } else { encoding.name() };
        tree.add(&format!("{name}.txt"), "", "text", Some(told), &bytes);
    }
    tree.add(
        "note.md",
        "",
        "markdown",
        Some("UTF-8"),
        format!("---\ntitle: Заметка\n---\n{}", plain(tree.next())).as_bytes(),
    );
    let page = format!("<!DOCTYPE html><title>Письмо</title><p>{}", paragraphs(tree.next()).join("<p>"));
    tree.add("page.html", "", "html", Some("windows-1251"), &WINDOWS_1251.encode(&page).0);
    let [first, middle, last] = paragraphs(tree.next());
    let cues =
        [(1, first), (2, middle), (3, last)].map(|(n, cue)| format!("{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n"));
    tree.add("film.srt", "", "subtitles", Some("UTF-8"), cues.join("\n").as_bytes());
    let table = format!("title;text\nСтрока;\"{}\"\n", plain(tree.next()).replace('\n', " "));
    tree.add("table.csv", "2", "csv", Some("UTF-8"), table.as_bytes());
    let array = json!([{ "title": "List", "text": plain(tree.next()) }]).to_string();
    tree.add("list.json", "1", "json", Some("UTF-8"), array.as_bytes());
    let message = format!(
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: Letter\r\nContent-Type: text/plain; charset=koi8-r\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        plain(tree.next())
    );
    tree.add("letter.eml", "", "email", None, &KOI8_R.encode(&message).0);
    let message = format!(
        "From a@example.org Fri Nov 19 10:00:00 2021\nFrom: a@example.org\nTo: b@example.org\nSubject: Letter\n\n{}\n",
        plain(tree.next())
    );
    tree.add("box.mbox", "1", "email", None, message.as_bytes());
    // A name that is no UTF-8, and endings that are not what they say.
    #[cfg(unix)]
    {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let path = tree.place.path("tree").join(OsStr::from_bytes(b"\xEF\xE8\xF1\xFC\xEC\xEE.txt"));
        fs::write(path, plain(tree.next())).expect("writable");
        tree.expect("%EF%E8%F1%FC%EC%EE.txt", "", "text", Some("UTF-8"));
    }
    tree.add("text.docx", "", "text", Some("UTF-8"), plain(tree.next()).as_bytes());
    let page = format!("<!DOCTYPE html><html><p>{}</html>", paragraphs(tree.next()).join("<p>"));
    tree.add("page.doc", "", "html", Some("UTF-8"), page.as_bytes());
}

fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
    writer.write_all(content).expect("written");
    writer.finish().expect("written").into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("written")
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..out.len().saturating_sub(from.len() - 1) {
        if out[at..].starts_with(from) {
            out[at..at + from.len()].copy_from_slice(to);
        }
    }
    out
}

fn archives(tree: &mut Tree) {
    let archive = zip("папка/письмо.txt", plain(tree.next()).as_bytes());
    tree.add("utf8-names.zip", "папка/письмо.txt", "text", Some("UTF-8"), &archive);
    // Names in cp866, as archivers of Russian Windows write them.
    let archive = zip("XXXXXX.txt", plain(tree.next()).as_bytes());
    let archive = replaced(&archive, b"XXXXXX", &IBM866.encode("письмо").0);
    tree.add("866-names.zip", "письмо.txt", "text", Some("UTF-8"), &archive);
    let mut builder = tar::Builder::new(Vec::new());
    let content = plain(tree.next());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, "архив/письмо.txt", content.as_bytes()).expect("written");
    tree.add("all.tar.gz", "архив/письмо.txt", "text", Some("UTF-8"), &gzip(&builder.into_inner().expect("written")));
    tree.add("one.txt.gz", "", "text", Some("UTF-8"), &gzip(plain(tree.next()).as_bytes()));
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(plain(tree.next()).as_bytes()).expect("written");
    tree.add("one.txt.bz2", "", "text", Some("UTF-8"), &encoder.finish().expect("written"));
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(plain(tree.next()).as_bytes()).expect("written");
    tree.add("one.txt.xz", "", "text", Some("UTF-8"), &encoder.finish().expect("written"));
    let packed = zstd::encode_all(plain(tree.next()).as_bytes(), 3).expect("written");
    tree.add("one.txt.zst", "", "text", Some("UTF-8"), &packed);
}

/// What does harm, and what is broken.
fn faults(tree: &mut Tree) {
    // Pages that are their own parents, and a drawing that draws itself.
    let endless = "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>\n\
                   endobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n";
    tree.fault("endless.pdf", "", endless.as_bytes());
    tree.fault("bomb.gz", "bytes", &gzip(&gzip(&vec![b'a'; 80 << 20])));
    tree.fault("bomb.zip", "bytes", &zip("a.txt", &vec![b'a'; 80 << 20]));
    let entity = |n: usize| format!("<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};\">", n - 1);
    let entities: Vec<String> = (1..40).map(entity).collect();
    let mut laughs = format!("<!DOCTYPE w [<!ENTITY a0 \"ha\">{}", entities.concat());
    laughs.push_str("]><w:document xmlns:w='x'><w:body><w:p><w:r><w:t>&a39;</w:t></w:r></w:p></w:body></w:document>");
    tree.fault("laughs.docx", "", &zip("word/document.xml", laughs.as_bytes()));
    // A line of 2 GB, most of which takes no place on the disk.
    for name in ["tree/long.txt", "tree/long.jsonl"] {
        tree.place.write(name, "{");
        let file = fs::OpenOptions::new().write(true).open(tree.place.path(name)).expect("it is there");
        file.set_len(2 << 30).expect("a sparse file");
    }
    tree.faults.push(("tree/long.txt".to_owned(), "bytes"));
    #[cfg(unix)]
    std::os::unix::fs::symlink(tree.place.path("tree"), tree.place.path("tree/loop")).expect("a link");
    // What is cut off in the middle.
    for name in ["pandoc/документ.docx", "pandoc/документ.epub", "libreoffice/смета.xlsx", "utf8-names.zip"]
    {
        if tree.place.path(&format!("tree/{name}")).exists() {
            let bytes = tree.bytes(name);
            let file = name.rsplit('/').next().expect("a name");
            tree.fault(&format!("cut/{file}"), "zip", &bytes[..bytes.len() / 2]);
        }
    }
    let bytes = tree.bytes("one.txt.gz");
    tree.fault("cut/one.txt.gz", "", &bytes[..bytes.len() / 2]);
    // What has a password.
    let mut locked = zip("a.txt", b"The visit.");
    locked[6] |= 1;
    let central = locked.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").expect("a table");
    locked[central + 8] |= 1;
    tree.fault("locked.zip", "assword", &locked);
    let mut office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    office.resize(1024, 0);
    office.extend("EncryptedPackage".bytes().flat_map(|byte| [byte, 0]));
    tree.fault("locked.docx", "encrypted", &office);
    tree.fault("empty.txt", "", b" \n");
    tree.fault("image.txt", "image", b"\x89PNG\r\n\x1a\n\0\0");
}

/// The lines of the report, by the files that they are about.
fn report(place: &Place) -> BTreeMap<String, Value> {
    let report = fs::read_to_string(place.path("report.jsonl")).expect("a report");
    let lines = report.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.map(|line| (line["file"].as_str().expect("a file").to_owned(), line)).collect()
}

fn check(tree: &Tree, is_again: bool) {
    let lines = report(&tree.place);
    let mut expected: BTreeSet<&str> = tree.documents.iter().map(|document| document.id.as_str()).collect();
    expected.insert("tree/long.jsonl");
    for Expected { id, format, encoding, .. } in &tree.documents {
        let line = lines.get(id).unwrap_or_else(|| panic!("{id} in {:?}", lines.keys()));
        assert_eq!((&line["reason"], &line["format"]), (&Value::Null, &json!(format)), "{line}");
        let told = line["encoding"].as_str();
        assert!(encoding.is_none_or(|encoding| told.is_some_and(|told| told.starts_with(encoding))), "{line}");
        assert_eq!(line["unchanged"], is_again, "{line}");
        assert!(line["words"].as_u64().is_some_and(|words| (25..120).contains(&words)), "{line}");
    }
    for (id, reason) in &tree.faults {
        let (name, line) = lines.iter().find(|(name, _)| name.starts_with(id)).unwrap_or_else(|| panic!("{id}"));
        let told = line["reason"].as_str();
        assert!(told.is_some_and(|told| told.contains(reason)), "{id}: {line}");
        expected.insert(name);
    }
    let others: Vec<&String> = lines.keys().filter(|name| !expected.contains(name.as_str())).collect();
    assert!(others.is_empty(), "{others:?} are not of the tree");
    let server = tree.place.serve();
    for Expected { id, number, .. } in &tree.documents {
        let (russian, english) = words(*number);
        for word in [russian, english] {
            let (_, answer) = server.json(&format!("/search?q={}&repair=off&names=off", encoded(&word)));
            assert_eq!(ids(&answer), [id.as_str()], "{word}");
        }
    }
}

#[test]
#[ignore = "it takes minutes, and real writers: make tree"]
fn a_folder_of_twenty_years_is_read() {
    let mut tree = Tree { place: Place::new(), documents: Vec::new(), faults: Vec::new() };
    texts(&mut tree);
    archives(&mut tree);
    if has("pandoc") {
        by_pandoc(&mut tree);
    }
    if has("soffice") {
        by_libreoffice(&mut tree);
    }
    faults(&mut tree);
    let mut took = Vec::new();
    for is_again in [false, true] {
        let started = Instant::now();
        let done = tree.place.run(&["index", "tree", "--report", "report.jsonl"]);
        took.push(started.elapsed());
        let told = text(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{told}");
        assert!(is_again || told.contains("long.jsonl:1: "), "{told}");
        check(&tree, is_again);
    }
    println!(
        "{} documents, {} faults: read in {:?}, and again in {:?}",
        tree.documents.len(),
        tree.faults.len(),
        took[0],
        took[1]
    );
}

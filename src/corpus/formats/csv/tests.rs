use encoding_rs::{IBM866, WINDOWS_1251};
use proptest::prelude::*;

use crate::{
    corpus::{Document, Limits, Part, ReadOptions, read::read_bytes},
    language::Label,
};

fn parts(bytes: &[u8], options: &ReadOptions) -> Vec<Part> {
    let mut parts = Vec::new();
    read_bytes("таблица.csv", bytes, options, &mut |part| parts.push(part));
    parts
}

fn documents(bytes: &[u8]) -> Vec<Document> {
    parts(bytes, &ReadOptions::default()).into_iter().map(|part| *part.result.expect("a document")).collect()
}

const NEWS: &str = "id;Заголовок;Текст;Дата;Источник;язык;сумма\r\n\
    7;Визит;\"Министры обсудили; \"\"договор\"\"\r\nи планы\";19.11.2021;Вести;ru;14.5\r\n\
    8;Visit;The ministers met;2021-11-20;Silk Wire;en;007\r\n";

#[test]
fn known_columns_are_members_of_documents_in_both_languages() {
    let found = documents(NEWS.as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].id.as_str(), found[0].title.as_str()), ("7", "Визит"));
    assert_eq!(found[0].text, "Министры обсудили; \"договор\"\r\nи планы");
    assert_eq!(found[0].date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
    assert_eq!(found[0].source.as_deref(), Some("Вести"));
    assert_eq!(found[0].declared, Some(Label::Russian));
    assert_eq!(found[0].members["сумма"], 14.5);
    assert_eq!(found[1].members["сумма"], "007");
}

#[test]
fn rows_without_text_are_what_their_columns_say() {
    let found = parts("товар\tцена\nНасос\t1200\n\nPump\t\n".as_bytes(), &ReadOptions::default());
    assert_eq!(found.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["2", "3"]);
    let first = found[0].result.as_ref().expect("a document");
    assert_eq!((first.text.as_str(), first.title.as_str()), ("товар: Насос\nцена: 1200", "товар: Насос"));
    assert_eq!(first.members["цена"], 1200);
    assert_eq!(found[1].result.as_ref().expect("a document").text, "товар: Pump");
}

#[test]
fn columns_are_what_was_said_of_them() {
    let columns = [("text", "Body"), ("id", "номер"), ("author", "text")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let options = ReadOptions { columns: columns.to_vec(), ..ReadOptions::default() };
    let found = parts("Номер,body,text\n5,The visit,Anna\n".as_bytes(), &options);
    let document = found[0].result.as_ref().expect("a document");
    assert_eq!((document.id.as_str(), document.text.as_str()), ("5", "The visit"));
    assert_eq!(document.members["author"], "Anna");
}

#[test]
fn tables_are_read_in_every_encoding() {
    for encoding in [WINDOWS_1251, IBM866] {
        let (bytes, ..) = encoding.encode(NEWS);
        let found = parts(&bytes, &ReadOptions::default());
        assert_eq!(found[0].encoding.as_deref(), Some(encoding.name()));
        assert_eq!(found[0].result.as_ref().expect("a document").title, "Визит");
    }
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(NEWS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(documents(&utf16)[0].title, "Визит");
    assert_eq!(documents(format!("\u{FEFF}{NEWS}").as_bytes())[0].id, "7");
    // The head is ASCII, and what is not comes late.
    let mut late = b"title,text\n".to_vec();
    late.extend(b"visit,text of it\n".repeat(5000));
    late.extend(WINDOWS_1251.encode("Визит,Министры обсудили договор\n").0.iter());
    assert_eq!(documents(&late).last().expect("rows").title, "Визит");
}

#[test]
fn the_separator_is_told_by_the_names_or_by_the_table() {
    for table in
        ["title|text\na|visit, b; c", "sep=;\r\ntitle;text\r\na;visit, b; c", "\"title\",\"text\"\na,\"visit, b; c\""]
    {
        let found = documents(table.as_bytes());
        assert_eq!(found[0].title, "a", "{table}");
        assert!(found[0].text.starts_with("visit"), "{table}");
    }
}

#[test]
fn a_row_without_end_is_refused() {
    let options =
        ReadOptions { limits: Limits { document_bytes: 100_000, ..Limits::default() }, ..ReadOptions::default() };
    let endless = format!("title,text\na,visit\nb,\"{}", "слово ".repeat(100_000));
    let found = parts(endless.as_bytes(), &options);
    assert!(found[0].result.is_ok());
    assert!(found[1].result.as_ref().is_err_and(|error| error.to_string().contains("not be closed")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_table_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "[a,;\t\"\n\rб]{0,60}") {
        let _ = parts(&bytes, &ReadOptions::default());
        let _ = parts(text.as_bytes(), &ReadOptions::default());
        let _ = parts(&[NEWS.as_bytes(), &bytes].concat(), &ReadOptions::default());
    }
}

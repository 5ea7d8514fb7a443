use encoding_rs::{KOI8_R, WINDOWS_1251};
use proptest::prelude::*;

use super::*;
use crate::corpus::{Part, ReadOptions, read::read_bytes};

fn parts(bytes: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    read_bytes("letter.eml", bytes, &ReadOptions::default(), &mut |part| parts.push(part));
    parts
}

fn only(bytes: &[u8]) -> Document {
    let mut parts = parts(bytes);
    assert_eq!(parts.len(), 1);
    *parts.remove(0).result.expect("a document")
}

const LETTER: &str = "From: =?utf-8?B?0JDQvdC90LAg0JrQuNC8?= <anna@example.org>\r\nTo: Oleg <oleg@example.org>, pr@example.org\r\n\
    Subject: =?koi8-r?Q?=F7=C9=DA=C9=D4?= to Tashkent\r\nDate: Fri, 19 Nov 2021 23:30:00 +0300\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n\
    Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n\
    Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    =F0=D2=C9=D7=C5=D4, report attached.\r\n--inner\r\nContent-Type: text/html\r\n\r\n<p>page</p>\r\n--inner--\r\n\
    --outer\r\nContent-Type: text/plain; name=notes.txt\r\nContent-Disposition: attachment; filename*=utf-8''%D0%BE%D1%82%D1%87%D1%91%D1%82.txt\r\n\r\n\
    The report of the ministers\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n\
    From: b@example.org\r\nSubject: inner\r\n\r\nСообщение внутри\r\n--outer--\r\n";

#[test]
fn a_message_is_read_with_its_files() {
    let parts = parts(LETTER.as_bytes());
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["", "отчёт.txt", "2.eml"]);
    assert_eq!(parts[0].encoding.as_deref(), Some("KOI8-R"));
    let documents: Vec<&Document> = parts.iter().map(|part| part.result.as_deref().expect("a document")).collect();
    assert_eq!(documents[0].title, "Визит to Tashkent");
    assert_eq!(documents[0].text, "Привет, report attached.");
    assert_eq!(documents[0].source.as_deref(), Some("Анна Ким"));
    assert_eq!(documents[0].members["from"], "Анна Ким <anna@example.org>");
    assert_eq!(documents[0].members["to"], "Oleg <oleg@example.org>, pr@example.org");
    assert_eq!(documents[0].date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
    assert_eq!(documents[1].text.trim(), "The report of the ministers");
    assert_eq!((documents[2].title.as_str(), documents[2].text.trim()), ("inner", "Сообщение внутри"));
}

#[test]
fn letters_that_declare_no_encoding_are_read() {
    let text = "From: Анна Ким <a@example.org>\nTo: b@example.org\nSubject: Визит министров в Ташкент\n\nМинистры обсудили договор о дорогах.\n";
    for encoding in [KOI8_R, WINDOWS_1251] {
        let document = only(&encoding.encode(text).0);
        assert_eq!(document.title, "Визит министров в Ташкент", "{}", encoding.name());
        assert_eq!(document.text, "Министры обсудили договор о дорогах.");
        assert_eq!(document.source.as_deref(), Some("Анна Ким"));
    }
}

#[test]
fn what_old_programs_did_to_messages_is_undone() {
    let cut = "From: a@b.c\nSubject: =?utf-8?B?0A==?= =?utf-8?B?ktC40LfQuNGC?=\n\nvisit";
    assert_eq!(only(cut.as_bytes()).title, "Визит");
    let named = "From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nbody\n--B\n\
        Content-Type: text/plain\nContent-Disposition: attachment; filename=\"отчёт за год.txt\"\n\nМинистры обсудили дороги\n--B--\n";
    let parts = parts(&WINDOWS_1251.encode(named).0);
    assert_eq!(parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["", "отчёт за год.txt"]);
    let unfinished = "From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nbody, тело";
    assert_eq!(only(unfinished.as_bytes()).text, "body, тело");
    assert_eq!(only("Просто текст\nбез заголовков".as_bytes()).title, "Просто текст");
}

#[test]
fn a_message_that_is_a_page_is_read_as_one() {
    let letter = "Subject: visit\nFrom: a@b.c\nContent-Type: text/html; charset=utf-8\n\n<html><style>p{}</style><p>Hello, <b>мир</b></p>";
    let document = only(letter.as_bytes());
    assert_eq!(
        (document.text.as_str(), document.source.as_deref(), document.date),
        ("Hello, мир", Some("a@b.c"), None)
    );
    assert_eq!(only(b"Subject: only a subject\nFrom: a@b.c\n\n").text, "only a subject");
}

#[test]
fn messages_in_messages_end_somewhere() {
    let deep = |levels: usize| "Content-Type: message/rfc822\n\n".repeat(levels) + "Subject: x\nFrom: a@b.c\n\nvisit";
    let errors = |levels| parts(deep(levels).as_bytes()).into_iter().filter_map(|part| part.result.err()).count();
    assert!(errors(20) > 0);
    let too_many = parts(deep(100_000).as_bytes());
    assert!(too_many[0].result.as_ref().is_err_and(|error| error.to_string().contains("messages in one another")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_message_is_read_or_refused(cut in 0..LETTER.len(), at in 0..LETTER.len(), rubbish in proptest::collection::vec(any::<u8>(), 0..30)) {
        let bytes = LETTER.as_bytes();
        let _ = parts(&bytes[..cut]);
        let _ = parts(&[&bytes[..at], &rubbish, &bytes[at..]].concat());
        let _ = parts(&rubbish);
    }
}

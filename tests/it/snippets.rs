//! Snippets of whatever texts there are, over the whole path: indexed, searched for, shown.
//!
//! 1. Parts, joined, are a passage of the document; passages are in order and do not overlap.
//! 2. The HTML says what the parts say, and marks are all its markup.
//! 3. Marked parts are whole words, and a hit has some.
//! 4. A passage has at most 200 characters, or is a single word; texts of either language show as many characters.

use oba::{
    index::{Index, IndexWriter},
    ingest::{Options, Silent, Source, ingest},
    search::{Hit, Request, document, search},
    text::char_count,
};
use proptest::{collection::vec, prelude::*};
use tempfile::TempDir;

use crate::{
    program::json_lines,
    random_text::{QUERIES, random_text, single_line},
};

/// The most characters of a passage.
const FRAGMENT_CHARS: usize = 200;

proptest! {
    // Each case makes an index, which takes longer than all its searches.
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_shown_truly(texts in vec(random_text(), 1..16)) {
        let (index, _folder) = indexed(&texts);
        for query in QUERIES {
            for hit in hits(&index, query) {
                let text = document(&index, &hit.id).expect("readable").expect("a document").text;
                check(&hit, &text).map_err(|wrong| TestCaseError::fail(format!("{query}: {wrong}")))?;
            }
        }
    }
}

#[test]
fn a_line_of_a_megabyte_is_shown_truly() {
    let texts = [
        single_line("Погода в горах спокойная; визит министра в Ташкент и Росси\u{301}ю,", 1_000_000),
        single_line("The weather in the hills is calm; a state visit to Tashkent, contract signed,", 1_000_000),
        single_line("визит,visit-", 1_000_000).replace(' ', ""),
    ];
    let (index, _folder) = indexed(&texts);
    for query in ["визит", "visit tashkent", "\"state visit\"", "\"визит министра\""] {
        let hits = hits(&index, query);
        assert!(!hits.is_empty(), "{query}");
        for hit in hits {
            let text = &texts[hit.id.parse::<usize>().expect("a number")];
            check(&hit, text).unwrap_or_else(|wrong| panic!("{query}: {wrong}"));
        }
    }
}

#[test]
fn texts_of_either_language_show_as_many_characters() {
    let sentences = [
        (
            "The weather stayed calm in the mountains for the whole week.",
            "Погода во всей горной местности всю неделю была спокойной.",
        ),
        ("A state visit to Tashkent began on Friday.", "Визит президента в Ташкент начался вчера."),
        (
            "Contracts for cotton were signed in the morning of the day.",
            "Договоры о поставках хлопка подписали утром того же дня.",
        ),
        ("Nobody answered the letters!", "На письма никто не ответил!"),
    ];
    let repeated = |texts: Vec<&str>| (texts.join(" ") + " ").repeat(50);
    let english = repeated(sentences.iter().map(|both| both.0).collect());
    let russian = repeated(sentences.iter().map(|both| both.1).collect());
    let (index, _folder) = indexed(&[english, russian]);
    for (english, russian) in [
        ("tashkent", "ташкент"),
        ("cotton visit", "хлопок визит"),
        ("\"state visit\"", "\"визит президента\""),
        ("letters", "письма"),
    ] {
        let shown = |query| char_count(&passages(&hits(&index, query)[0]).concat());
        let (english, russian) = (shown(english), shown(russian));
        // Both counts are below a thousand.
        #[allow(clippy::cast_precision_loss)]
        let ratio = russian as f64 / english as f64;
        assert!((0.95..=1.05).contains(&ratio), "{russian} characters in Russian, {english} in English");
    }
}

/// An index of texts, whose ids are their numbers.
fn indexed(texts: &[String]) -> (Index, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = folder.path().join("index");
    let ids: Vec<String> = (0..texts.len()).map(|number| number.to_string()).collect();
    let documents: Vec<(&str, &str)> = ids.iter().zip(texts).map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let lines = std::io::Cursor::new(json_lines(&documents));
    let mut writer = IndexWriter::open(&dir, None).expect("a writer");
    let sources = vec![Source::Lines("lines".into(), Box::new(lines))];
    ingest(&mut writer, sources, &dir, &Options::default(), &Silent, &false.into()).expect("they are indexed");
    writer.close().expect("the last merge");
    (Index::open(&dir).expect("an index"), folder)
}

fn hits(index: &Index, query: &str) -> Vec<Hit> {
    let request = Request::new(query, Some(100), None, None).expect("in bounds");
    search(index, &request).expect("an answer").hits
}

/// The passages of a hit, as a client puts them together.
fn passages(hit: &Hit) -> Vec<String> {
    hit.snippet.fragments.iter().map(|fragment| fragment.parts.iter().map(|part| part.text).collect()).collect()
}

/// Whether what a hit shows is true of its text; what is wrong if not.
fn check(hit: &Hit, text: &str) -> Result<(), String> {
    let mut end = 0;
    for (fragment, passage) in hit.snippet.fragments.iter().zip(passages(hit)) {
        let marked: Vec<(usize, usize)> = marked(fragment.parts.iter().map(|part| (part.text, part.marked)));
        // A passage may stand in the text more than once: one of its places, after the passage before, must be right.
        let places = text[end..].match_indices(&passage).map(|(at, _)| end + at);
        let is_right = |place: &usize| marked.iter().all(|&(from, to)| is_whole_word(text, place + from, place + to));
        let place = places.into_iter().find(is_right).ok_or_else(|| {
            format!("{passage:?}, marked at {marked:?}, is not in the text after byte {end} with whole words marked")
        })?;
        end = place + passage.len();
        let longest = marked.iter().map(|&(from, to)| char_count(&passage[from..to])).max().unwrap_or_default();
        if char_count(&passage) > FRAGMENT_CHARS.max(longest) {
            return Err(format!("{} characters in {passage:?}", char_count(&passage)));
        }
    }
    check_html(hit)
}

/// Where the marked parts of a passage are in it, in bytes.
fn marked<'p>(parts: impl Iterator<Item = (&'p str, bool)>) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    for (part, is_marked) in parts {
        if is_marked {
            found.push((at, at + part.len()));
        }
        at += part.len();
    }
    found
}

/// Whether letters stand at the edges inside and none outside.
fn is_whole_word(text: &str, from: usize, to: usize) -> bool {
    let word = &text[from..to];
    let (before, after) = (text[..from].chars().next_back(), text[to..].chars().next());
    word.starts_with(char::is_alphanumeric)
        && !before.is_some_and(char::is_alphabetic)
        && !after.is_some_and(|c| c.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&c))
}

/// Whether the HTML holds marks, and only them, around the marked parts, and all other text as it is.
fn check_html(hit: &Hit) -> Result<(), String> {
    let html = &hit.snippet.html;
    let mut shown = String::new();
    let mut marks = Vec::new();
    for (number, piece) in html.split("<mark>").enumerate() {
        let (inside, outside) = match (number, piece.split_once("</mark>")) {
            (0, _) => ("", piece),
            (_, Some(pair)) => pair,
            (_, None) => return Err(format!("a mark without an end in {html}")),
        };
        let (inside, outside) = (decoded(inside)?, decoded(outside)?);
        shown.push_str(&inside);
        shown.push_str(&outside);
        if number > 0 {
            marks.push(inside);
        }
    }
    let parts = hit.snippet.fragments.iter().flat_map(|fragment| fragment.parts.iter());
    let marked: Vec<&str> = parts.filter(|part| part.marked).map(|part| part.text).collect();
    if marks != marked || marked.is_empty() {
        return Err(format!("{marks:?} are marked in the HTML, and {marked:?} in the parts"));
    }
    let mut rest = shown.as_str();
    for passage in passages(hit) {
        rest = rest.split_once(&passage).ok_or_else(|| format!("{passage:?} is not in {shown:?}"))?.1;
    }
    Ok(())
}

/// HTML without tags → its text.
fn decoded(html: &str) -> Result<String, String> {
    if html.contains(['<', '>', '"', '\'']) {
        return Err(format!("{html:?} is not escaped"));
    }
    let mut pieces = html.split('&');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').ok_or_else(|| format!("a bare & in {html:?}"))?;
        text.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            _ => return Err(format!("an unknown &{name}; in {html:?}")),
        });
        text.push_str(rest);
    }
    Ok(text)
}

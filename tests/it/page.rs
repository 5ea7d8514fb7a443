//! The page, as a browser without JavaScript gets it.

use crate::program::{Place, encoded};

fn page(place: &Place, path: &str) -> String {
    let (status, body) = place.serve().get(path);
    assert_eq!(status, 200, "{body}");
    assert!(body.starts_with("<!DOCTYPE html>"));
    assert_eq!(body.matches("<script").count(), 1, "its own, which completes what is typed");
    assert!(body.contains("<script src=\"/complete.js\" defer></script>"));
    body
}

#[test]
fn it_shows_hits_with_language_date_and_marks() {
    let place = Place::new();
    let line = r#"{"id": "a/b", "title": "Визит в Ташкент", "text": "Визит начался.", "date": "2021-11-19", "source": "Вестник"}"#;
    place.run_with_input(&["index", "-"], line);
    let body = page(&place, &format!("/?q={}", encoded("визиты")));
    for piece in [
        "<mark>Визит</mark> в Ташкент",
        "<mark>Визит</mark> начался.",
        "<time datetime=\"2021-11-19\">",
        "Русский",
        "Вестник",
        "href=\"/view/a%2Fb\"",
        "value=\"визиты\"",
        "Found: 1",
        "Найдено: 1",
    ] {
        assert!(body.contains(piece), "{piece} in {body}");
    }
    assert!(page(&place, "/view/a%2Fb").contains("<p>Визит начался.</p>"));
    place.write("letters/letter.md", "# A letter\n\nThe text.");
    place.run(&["index", "letters"]);
    let body = page(&place, "/view/letters%2Fletter.md");
    assert!(body.contains("<h1>A letter</h1>") && body.contains("<p>The text.</p>"));
    assert!(!body.contains("<p>A letter</p>"), "the title is not shown twice");
}

#[test]
fn its_labels_are_in_both_languages_and_its_fields_are_named() {
    let body = page(&Place::with_documents(&[("a", "visit")]), "/");
    for piece in ["Search", "Поиск", "Найти", "<label for=\"q\">", "role=\"search\"", "name=\"viewport\""] {
        assert!(body.contains(piece), "{piece} in {body}");
    }
}

#[test]
fn pages_and_languages_are_links() {
    let text =
        |n| if n % 3 == 0 { format!("визит в столицу {n}") } else { format!("a visit, визит {n}") };
    let many: Vec<(String, String)> = (0..45).map(|n| (n.to_string(), text(n))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let place = Place::with_documents(&many);
    let server = place.serve();
    let query = encoded("визит");
    let (_, first) = server.get(&format!("/?q={query}"));
    assert_eq!(first.matches("<li>").count(), 20);
    assert!(first.contains("offset=20") && first.contains("rel=\"next\"") && !first.contains("rel=\"prev\""));
    let (_, last) = server.get(&format!("/?q={query}&offset=40"));
    assert_eq!(last.matches("<li>").count(), 5);
    assert!(last.contains("rel=\"prev\"") && !last.contains("rel=\"next\""));
    let (_, russian) = server.get(&format!("/?q={query}&language=ru&utm_source=letter"));
    assert_eq!(russian.matches("<li>").count(), 15);
    assert!(russian.contains("aria-current=\"true\""));
}

#[test]
fn what_was_typed_and_what_was_written_is_never_markup() {
    let place = Place::with_documents(&[("<i>", "<script>alert(1)</script> визит & visit")]);
    let body = page(&place, &format!("/?q={}", encoded("визит \"><script>x")));
    assert!(body.contains("&lt;script&gt;alert(1)&lt;/script&gt; <mark>визит</mark> &amp; visit"), "{body}");
    let (status, body) = place.serve().get("/view/none");
    assert_eq!(status, 404);
    assert!(body.contains("There is no document"));
}

#[test]
fn nothing_found_is_said_in_both_languages() {
    let place = Place::with_documents(&[("a", "visit")]);
    for query in ["пингвин", "penguin"] {
        let body = page(&place, &format!("/?q={}", encoded(query)));
        assert!(body.contains("Nothing found.") && body.contains("Ничего не найдено."), "{body}");
    }
}

#[test]
fn a_document_is_shown_with_those_like_it() {
    let place = Place::with_documents(&[("a", "Визит министра."), ("b/<i>", "О визите. A visit."), ("c", "Погода.")]);
    let body = page(&place, "/view/a");
    for piece in ["Similar", "Похожие", "href=\"/view/b%2F%3Ci%3E\"", "b/&lt;i&gt;"] {
        assert!(body.contains(piece), "{piece} in {body}");
    }
    assert!(!page(&place, "/view/c").contains("Похожие"));
}

#[test]
fn the_script_is_served_and_the_policy_lets_it_run() {
    let place = Place::with_documents(&[("a", "визит visit")]);
    let server = place.serve();
    let (status, script) = server.get("/complete.js");
    assert_eq!(status, 200);
    assert!(script.contains("role\", \"combobox") && !script.contains("innerHTML"));
    let policy = server.header("/", "content-security-policy");
    assert!(
        policy.contains("script-src 'self'; connect-src 'self'") && policy.contains("default-src 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(server.header("/complete.js", "content-type"), "text/javascript; charset=utf-8");
}

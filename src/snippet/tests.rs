//! 1. Parts, joined, are the passage; marked parts are whole words that the query matched.
//! 2. Limits count characters and hold for both alphabets alike.
//! 3. Passages begin and end at sentences where they can.
//! 4. Nothing but the mark is markup.

use proptest::prelude::*;

use super::*;
use crate::{query::parse, text::char_count};

fn shown(text: &str, query: &str, limits: Limits) -> Snippet {
    let mut analyzer = Analyzer::default();
    let query = parse(query, &mut analyzer).query;
    let pattern = Pattern::new(&query, |_| 1.0);
    let places = find_places(text, &pattern, &mut analyzer);
    let Ok(snippet) = snippet(&mut Plain::new(text), &places, &pattern, &mut analyzer, limits);
    snippet
}

fn html_of(snippet: &Snippet) -> String {
    snippet.to_html(&Tags::default())
}

fn html(text: &str, query: &str) -> String {
    html_of(&shown(text, query, Limits::default()))
}

fn long(sentence: &str, middle: &str) -> String {
    format!("{}{middle} {}", sentence.repeat(40), sentence.repeat(40))
}

#[test]
fn every_form_of_a_word_is_marked_whole() {
    assert_eq!(
        html("Министры обороны встретились с министром.", "министр"),
        "<mark>Министры</mark> обороны встретились с <mark>министром</mark>."
    );
    assert_eq!(html("Two conferences in a year", "conference"), "Two <mark>conferences</mark> in a year");
    assert_eq!(html("О Росси\u{301}и", "россия"), "О <mark>Росси\u{301}и</mark>");
    assert_eq!(html("Docker-контейнеры", "контейнер"), "Docker-<mark>контейнеры</mark>");
}

#[test]
fn a_phrase_marks_only_its_own_occurrences() {
    assert_eq!(
        html("Железная дорога. Дорога железная? Железной дорогой", "\"железная дорога\""),
        "<mark>Железная</mark> <mark>дорога</mark>. Дорога железная? <mark>Железной</mark> <mark>дорогой</mark>"
    );
    assert_eq!(
        html("state visit, visit of state", "\"state visit\""),
        "<mark>state</mark> <mark>visit</mark>, visit of state"
    );
}

#[test]
fn a_fragment_is_a_whole_sentence_where_it_fits() {
    let english = long("The weather stayed calm all over the country. ", "A state visit to Tashkent began on Friday.");
    let limits = Limits { fragments: 1, fragment_chars: 60 };
    assert_eq!(
        shown(&english, "tashkent", limits).to_html(&Tags::default()),
        "… A state visit to <mark>Tashkent</mark> began on Friday. …"
    );
    let russian = long("Погода по всей стране была спокойной. ", "В пятницу начался визит в Ташкент.");
    assert_eq!(
        shown(&russian, "ташкент", limits).to_html(&Tags::default()),
        "… В пятницу начался визит в <mark>Ташкент</mark>. …"
    );
}

#[test]
fn fragments_cover_as_many_query_words_as_they_can() {
    let filler = "Nothing of note was said on the first day of the long talks. ".repeat(20);
    let text =
        format!("Cotton was named. Cotton again. {filler}Railways were named. {filler}Cotton and museums were named.");
    let found = shown(&text, "cotton museums railways", Limits::default());
    let marked: Vec<_> = found
        .fragments
        .iter()
        .flat_map(Fragment::parts)
        .filter(|p| p.route.is_some())
        .map(|p| p.text.to_lowercase())
        .collect();
    for word in ["cotton", "museums", "railways"] {
        assert!(marked.iter().any(|m| m == word), "{word}: {marked:?}");
    }
}

#[test]
fn a_long_sentence_is_shown_over_several_fragments() {
    let limits = Limits { fragments: 3, fragment_chars: 60 };
    for (filler, sentence, query) in [
        (
            "It rained again. ",
            "The delegation that had come to Bukhara by the night train went on to Tashkent where the visit began.",
            "tashkent",
        ),
        (
            "Снова шёл дождь. ",
            "Делегация, которая приехала в Бухару ночным поездом, отправилась в Ташкент, где и начался её визит.",
            "ташкент",
        ),
    ] {
        let found = shown(&long(filler, sentence), query, limits);
        let marked = html_of(&found).replace("<mark>", "").replace("</mark>", "");
        assert_eq!(marked, format!("… {sentence} …"), "touching passages have no ellipsis between them");
        assert!(found.fragments.len() > 1);
    }
}

#[test]
fn a_form_that_was_not_asked_for_is_passed_over() {
    let filler = "Nothing of note was said. Ничего не было сказано. ".repeat(20);
    for (query, expected) in [("!visits", "<mark>visits</mark>"), ("!визитом", "<mark>визитом</mark>")] {
        let text = format!("One visit. Один визит. {filler} Of visits. Перед визитом. {filler}");
        let found = html_of(&shown(&text, query, Limits { fragments: 1, fragment_chars: 40 }));
        assert!(found.contains(expected) && found.matches("<mark>").count() == 1, "{found}");
    }
}

#[test]
fn the_beginning_is_shown_where_nothing_matched() {
    let text = "Первое предложение. ".repeat(100);
    let found = shown(&text, "хлопок", Limits { fragments: 3, fragment_chars: 50 });
    assert_eq!(found.to_html(&Tags::default()), "Первое предложение. Первое предложение. …");
    assert_eq!(shown("", "хлопок", Limits::default()).to_html(&Tags::default()), "");
}

#[test]
fn limits_are_equal_in_both_alphabets() {
    for (word, query) in [("слово ", "слово"), ("words ", "words")] {
        let found = shown(&word.repeat(1_000), query, Limits { fragments: 1, fragment_chars: 100 });
        let length = char_count(found.fragments[0].text());
        assert!((95..=100).contains(&length), "{query}: {length}");
    }
}

#[test]
fn all_but_the_mark_is_escaped() {
    assert_eq!(
        html("<b>Визит & \"visit\"</b>'", "визит"),
        "&lt;b&gt;<mark>Визит</mark> &amp; &quot;visit&quot;&lt;/b&gt;&#39;"
    );
}

#[test]
fn a_long_text_without_spaces_is_cut() {
    for letter in ["ж", "x"] {
        let found = shown(&letter.repeat(100_000), "визит", Limits::default());
        assert_eq!(char_count(found.fragments[0].text()), 200);
    }
}

#[test]
fn a_number_in_groups_is_not_cut_between_them() {
    for space in ["\u{a0}", "\u{202f}"] {
        let number = format!("1{space}000{space}000");
        let text = format!("{number},{}", "визит,visit,".repeat(60));
        let found = shown(&text, "1000000", Limits::default());
        let marked = found.fragments[0].parts().find(|part| part.route.is_some());
        assert_eq!(marked.map(|part| part.text), Some(number.as_str()), "{found:?}");
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_true_snippet(
        text in "(визит|visit|в|to|Ташкент|Tashkent|[.!?…]|\n\n|\r\n| |т\\. е\\.|e\\.g\\.|\u{301}|😀|שלום|<b>|&|-){0,120}",
        query in "(визит|visit|\"visit to\"|Ташкент| ){1,4}",
        fragments in 1usize..4,
        fragment_chars in 1usize..80,
    ) {
        let found = shown(&text, &query, Limits { fragments, fragment_chars });
        prop_assert!((1..=fragments).contains(&found.fragments.len()));
        let mut end = 0;
        for fragment in &found.fragments {
            prop_assert_eq!(fragment.text(), fragment.span.of(&text));
            prop_assert!(fragment.span.start >= end, "fragments are in order and do not overlap");
            end = fragment.span.end;
            let widest = fragment.parts().filter(|p| p.route.is_some()).map(|p| char_count(p.text)).max().unwrap_or(0);
            prop_assert!(char_count(fragment.text()) <= fragment_chars.max(widest));
            for part in fragment.parts().filter(|part| part.route.is_some()) {
                prop_assert!(crate::text::words(part.text).count() >= 1);
            }
        }
    }
}

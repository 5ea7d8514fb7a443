//! How many documents an answer says that there are: counted where facets are, or where all that match are read for the first of them,
//! else estimated, which is the same where few match and near it where many do.

use oba::{
    index::{Facet, Index, Order},
    language::Label,
    search::{Request, search},
};

use crate::program::Place;

/// Documents in turn English and Russian, of which every second, third and hundredth holds a word in its language.
fn index(documents: usize) -> (Place, Index) {
    let text = |n: usize| {
        let words = [("The visit began well.", "Визит начался хорошо."), ("Cotton was sold.", "Хлопок был продан.")];
        let rare = ("A hedgehog came.", "Пришёл ёжик.");
        let chosen = [(2, words[0]), (3, words[1]), (100, rare), (1, ("It rained all day.", "Весь день шёл дождь."))];
        let in_language = |(english, russian)| if n.is_multiple_of(2) { english } else { russian };
        let number = n / 2;
        let sentences = chosen.iter().filter(|(each, _)| number.is_multiple_of(*each));
        sentences.map(|&(_, sentence)| in_language(sentence)).collect::<Vec<&str>>().join(" ")
    };
    let (ids, texts): (Vec<String>, Vec<String>) = (0..documents).map(|n| (n.to_string(), text(n))).unzip();
    let documents: Vec<_> = ids.iter().zip(&texts).map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let place = Place::with_documents(&documents);
    let index = Index::open(&place.path("index")).expect("an index");
    (place, index)
}

fn request(query: &str, language: Option<Label>) -> Request {
    Request::new(query, Some(3), None, language).expect("in bounds")
}

fn told(index: &Index, request: &Request) -> u64 {
    search(index, request).expect("an answer").estimated_total_hits
}

fn total(index: &Index, query: &str, language: Option<Label>, facets: &[Facet]) -> u64 {
    told(index, &request(query, language).counting(facets.to_vec()).expect("in bounds"))
}

#[test]
fn few_are_counted_and_many_are_nearly_known() {
    let (_place, index) = index(12_000);
    // The most that each may be wrong, in hundredths.
    for (query, percent) in [
        ("hedgehog", 0),
        ("ёжиками", 0),
        ("hedgehogs ёжик", 0),
        ("platypus", 0),
        ("утконос", 0),
        ("visits", 10),
        ("визитом", 10),
        ("visit визит", 10),
        ("cotton visit", 10),
        ("хлопком визиты", 10),
        ("+visit +cotton", 0),
        ("+визит -хлопок", 0),
        ("\"визит начался\"", 0),
        ("rain дождь -визит", 0),
        ("hedgehog hedgehog ёжик", 0),
    ] {
        for language in [None, Some(Label::English), Some(Label::Russian)] {
            let exact = total(&index, query, language, &[Facet::Language]);
            let about = total(&index, query, language, &[]);
            assert!(about.abs_diff(exact) * 100 <= percent * exact, "{query} in {language:?}: {about} for {exact}");
            assert_eq!(about, total(&index, query, language, &[]), "{query}: the same each time");
        }
    }
}

#[test]
fn what_is_sorted_or_walked_through_is_counted() {
    let (_place, index) = index(12_000);
    for query in ["visits", "визитом", "cotton visit", "хлопком визиты", ""] {
        let exact = total(&index, query, None, &[Facet::Language]);
        let by_date: Order = "date:desc".parse().expect("an order");
        let sorted = request(query, None).sorted_by(vec![by_date]).expect("in bounds");
        let walked = [sorted.clone(), request(query, None)];
        assert_eq!(told(&index, &sorted), exact, "{query}");
        for request in walked {
            let mut cursor = Some("*".to_owned());
            for page in 0..3 {
                let answer = search(&index, &request.clone().from_cursor(cursor)).expect("an answer");
                assert_eq!(answer.estimated_total_hits, exact, "page {page} of {query}");
                cursor = answer.next_cursor;
            }
        }
    }
}

//! How many documents an answer says that there are: counted where facets are, else estimated, which is the same where few match and
//! near it where many do.

use oba::{
    index::{Facet, Index},
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

fn total(index: &Index, query: &str, language: Option<Label>, facets: &[Facet]) -> u64 {
    let request = Request::new(query, Some(3), None, language).and_then(|request| request.counting(facets.to_vec()));
    let request = request.expect("in bounds");
    search(index, &request).expect("an answer").estimated_total_hits
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
        ("+visit +cotton", 10),
        ("+визит -хлопок", 10),
        ("\"визит начался\"", 10),
        ("rain дождь -визит", 10),
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

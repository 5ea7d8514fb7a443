//! Any query, a line feed, and any text → a snippet that is true of the text.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use oba::{
    analysis::Analyzer,
    query::parse,
    snippet::{Fragment, Limits, Pattern, Plain, Tags, find_places, mark, snippet},
    text::{char_count, words},
};

thread_local! {
    /// Kept, for it remembers words: the snippets are what is tested.
    static ANALYZER: RefCell<Analyzer> = RefCell::default();
}

fuzz_target!(|input: (u8, u8, &str)| {
    let (fragments, chars, input) = input;
    let limits = Limits { fragments: usize::from(fragments % 4), fragment_chars: usize::from(chars) + 1 };
    let (query, text) = input.split_once('\n').unwrap_or(("визит visit", input));
    ANALYZER.with_borrow_mut(|analyzer| {
        let query = parse(query, analyzer).query.condensed();
        let pattern = Pattern::new(&query, |_| 1.0);
        let places = find_places(text, &pattern, analyzer);
        let Ok(found) = snippet(&mut Plain::new(text), &places, &pattern, analyzer, limits);
        assert!(found.fragments.len() <= limits.fragments);
        let mut end = 0;
        for fragment in &found.fragments {
            assert!(fragment.span.start >= end, "passages are in order and apart");
            end = fragment.span.end;
            let marked = fragment.parts().filter(|part| part.route.is_some());
            let longest = marked.map(|part| char_count(part.text)).max().unwrap_or_default();
            assert!(char_count(fragment.text()) <= limits.fragment_chars.max(longest), "{:?}", fragment.text());
            check(fragment, text);
        }
        check(&mark(text, &places, &pattern, analyzer), text);
    });
});

/// Parts, joined, are the passage; what is marked is a word; there is no markup but the marks.
fn check(fragment: &Fragment, text: &str) {
    assert_eq!(fragment.text(), fragment.span.of(text));
    for part in fragment.parts().filter(|part| part.route.is_some()) {
        assert!(words(part.text).next().is_some(), "{:?}", part.text);
    }
    let html = fragment.to_html(&Tags::default()).replace("<mark>", "").replace("</mark>", "");
    assert!(!html.contains(['<', '>', '"', '\'']), "{html}");
}

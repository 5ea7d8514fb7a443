//! Any string → a query, which printed and parsed again is the same query.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use oba::{
    analysis::Analyzer,
    query::{MAX_DEPTH, MAX_QUERY_CHARS, parse, parse_unfinished},
    text::char_count,
};

thread_local! {
    /// Kept, for it remembers words: the parser is what is tested.
    static ANALYZER: RefCell<Analyzer> = RefCell::default();
}

fuzz_target!(|text: &str| {
    ANALYZER.with_borrow_mut(|analyzer| {
        let query = parse(text, analyzer).query;
        assert!(query.depth() <= MAX_DEPTH);
        let printed = query.to_string();
        // Names of fields are printed in full, so a query at the limit may grow beyond it.
        if char_count(&printed) <= MAX_QUERY_CHARS {
            let again = parse(&printed, analyzer).query;
            assert_eq!(again, query, "printed: {printed}");
            assert_eq!(again.to_string(), printed);
        }
        let _ = query.condensed();
        let _ = parse_unfinished(text, analyzer);
    });
});

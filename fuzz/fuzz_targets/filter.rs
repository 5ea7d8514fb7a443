//! Any text → a condition or a reason that tells the place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oba::query::Condition;

fuzz_target!(|text: &str| {
    match text.parse::<Condition>() {
        Ok(condition) => drop(condition.members()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

//! Any bytes as the answers of a process that parses → parts or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oba::corpus::sandbox::next_part;

fuzz_target!(|bytes: &[u8]| {
    let mut input = bytes;
    while let Ok(Some(part)) = next_part(&mut input) {
        drop(part);
    }
});

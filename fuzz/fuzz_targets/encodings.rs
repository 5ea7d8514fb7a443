//! Any bytes → text, in whatever encoding; ASCII is what it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oba::corpus::decode;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(decoded) = decode(bytes, None) {
        let is_plain = bytes.iter().all(|byte| (0x20..0x7f).contains(byte));
        assert!(!is_plain || decoded.text.as_bytes() == bytes);
    }
});

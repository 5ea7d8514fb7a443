//! Any bytes, as a file of each format of text and of those that are no package → documents or reasons, and nothing else.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oba::corpus::{Limits, Part, ReadOptions, read_bytes};

/// What tells a format: the name of a file, and what it begins with.
const FORMATS: [(&str, &str); 13] = [
    ("a.txt", ""),
    ("a.md", "---\n"),
    ("a.rtf", "{\\rtf1"),
    ("a.mbox", "From "),
    ("a.eml", ""),
    ("a.srt", ""),
    ("a.vtt", "WEBVTT\n"),
    ("a.csv", ""),
    ("a.tsv", ""),
    ("a.json", ""),
    ("a.jsonl", ""),
    ("a.html", ""),
    ("a.fb2", "<?xml version=\"1.0\"?><FictionBook>"),
];

fuzz_target!(|input: (u8, &[u8])| {
    let (format, bytes) = input;
    let (name, beginning) = FORMATS[usize::from(format) % FORMATS.len()];
    let limits = Limits { document_bytes: 1 << 20, entries: 1_000, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    read_bytes(name, &[beginning.as_bytes(), bytes].concat(), &options, &mut |part: Part| {
        if let Ok(document) = part.result {
            assert!(!document.text.trim().is_empty() || !document.title.trim().is_empty());
        }
    });
});

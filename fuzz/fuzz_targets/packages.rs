//! Any text as the main part of each format that is a zip archive inside → a document or a reason: what walks XML.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use oba::corpus::{ReadOptions, read_bytes};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The files of each format; the last one holds what is tried.
const PACKAGES: [&[(&str, &str)]; 6] = [
    &[("[Content_Types].xml", "<Types/>"), ("word/document.xml", "")],
    &[("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document/>"), ("word/footnotes.xml", "")],
    &[("[Content_Types].xml", "<Types/>"), ("ppt/presentation.xml", "<p/>"), ("ppt/slides/slide1.xml", "")],
    &[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")],
    &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "")],
    &[
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            "<container><rootfiles><rootfile full-path='a.opf'/></rootfiles></container>",
        ),
        (
            "a.opf",
            "<package><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>\
             <spine><itemref idref='a'/></spine></package>",
        ),
        ("a.xhtml", ""),
    ],
];

fuzz_target!(|input: (u8, &str)| {
    let (format, text) = input;
    let files = PACKAGES[usize::from(format) % PACKAGES.len()];
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (n, (name, content)) in files.iter().enumerate() {
        package.start_file(*name, stored).expect("in memory");
        let content = if n + 1 == files.len() { text } else { content };
        package.write_all(content.as_bytes()).expect("in memory");
    }
    let bytes = package.finish().expect("in memory").into_inner();
    read_bytes("a", &bytes, &ReadOptions::default(), &mut |part| drop(part));
});

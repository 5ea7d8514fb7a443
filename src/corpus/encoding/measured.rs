//! How often the encoding is found, over the sample documents in each encoding, cut to short lengths.

#![cfg(test)]

use std::{fs, path::Path};

use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

use super::decode;

/// The sample documents whose names hold one of some marks, such as `.ru.`.
fn samples(language: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut texts = Vec::new();
    for inside in ["news", "everyday", "manuals"] {
        for entry in fs::read_dir(folder.join(inside)).expect("the samples") {
            let path = entry.expect("a sample").path();
            if path.to_string_lossy().contains(language) {
                texts.push(fs::read_to_string(path).expect("UTF-8"));
            }
        }
    }
    assert!(texts.len() > 10);
    texts
}

/// Pieces of a text, each of so many bytes in the encoding or a word more, and nothing that the encoding lacks.
fn pieces(text: &str, encoding: &'static Encoding, length: usize) -> Vec<String> {
    // What is surely in it is not asked, for it is nearly all.
    let has = |c: char| c.is_ascii() || (encoding != WINDOWS_1252 && ('А'..='я').contains(&c));
    let can = |c: char| has(c) || !encoding.encode(c.encode_utf8(&mut [0; 4])).2;
    let mut pieces = vec![String::new()];
    let mut chars = 0;
    for word in text.split_whitespace() {
        let Some(last) = pieces.last_mut() else { break };
        let before = last.len();
        last.extend(word.chars().filter(|&c| can(c)));
        chars += last[before..].chars().count() + 1;
        if chars > length {
            pieces.push(String::new());
            chars = 0;
        } else {
            last.push(' ');
        }
    }
    pieces.pop();
    pieces
}

/// How many of the pieces with something beyond ASCII are read as they were written, and of how many.
fn rate(language: &str, encoding: &'static Encoding, length: usize) -> (usize, usize) {
    let (mut right, mut all) = (0, 0);
    for text in samples(language) {
        // Some of the short ones, of which there are many.
        let step = 1 + 400 / length;
        for piece in pieces(&text, encoding, length).iter().filter(|piece| !piece.is_ascii()).step_by(step) {
            let (bytes, ..) = encoding.encode(piece);
            all += 1;
            let is_right = decode(&bytes, None).is_ok_and(|decoded| decoded.text == *piece);
            right += usize::from(is_right);
            if !is_right {
                let found = decode(&bytes, None).map_or("none", |decoded| decoded.encoding);
                println!("{} taken for {found}: {piece}", encoding.name());
            }
        }
    }
    println!("{} {length} bytes: {right} of {all}", encoding.name());
    (right, all)
}

#[test]
fn russian_is_read_in_each_of_its_encodings() {
    for encoding in [WINDOWS_1251, KOI8_R, IBM866, ISO_8859_5, X_MAC_CYRILLIC] {
        for (length, percent) in [(40, 90), (200, 99), (2000, 99)] {
            let (right, all) = rate(".ru.", encoding, length);
            assert!(all > 10 && right * 100 >= all * percent, "{} {length}: {right} of {all}", encoding.name());
        }
    }
}

#[test]
fn english_is_read_with_its_quotes_and_accents() {
    for (length, percent) in [(40, 90), (200, 99), (2000, 99)] {
        let (right, all) = rate(".en.", WINDOWS_1252, length);
        assert!(right * 100 >= all * percent, "{length}: {right} of {all}");
    }
}

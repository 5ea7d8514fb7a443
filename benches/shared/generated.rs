//! A collection out of the sample documents: their sentences, drawn anew, as many times as it takes.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use serde_json::json;

use crate::collection::{Collection, Question, is_russian};

const DOCUMENTS: usize = 10_000;

/// So many documents give two queries, one in each language.
const QUERY_EVERY: usize = 50;

/// Writes the documents into a folder.
pub fn collection(dir: &Path) -> Collection {
    let [english, russian] = sentences();
    let documents = dir.join("documents.jsonl");
    let mut out = BufWriter::new(File::create(&documents).expect("writable"));
    let mut random = Random(1);
    let mut questions = Vec::new();
    for number in 0..DOCUMENTS {
        let sentences = if number % 2 == 0 { &english } else { &russian };
        let drawn: Vec<&str> = (0..5 + random.below(60)).map(|_| random.one_of(sentences)).collect();
        let document = json!({ "id": number.to_string(), "title": drawn[0], "text": drawn.join(" ") });
        writeln!(out, "{document}").expect("writable");
        if number % QUERY_EVERY < 2 {
            questions.push(question(drawn[1], &mut random));
        }
    }
    out.flush().expect("writable");
    Collection { documents, questions }
}

/// A few words of a sentence that stand side by side.
fn question(sentence: &str, random: &mut Random) -> Question {
    let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let first = random.below(words.len());
    let words = &words[first..words.len().min(first + 1 + random.below(3))];
    let kind = random.one_of(&["term", "or", "and", "phrase"].map(str::to_owned)).to_owned();
    Question::new(&kind, &words.join(" "))
}

/// The sentences of the sample documents, by language.
fn sentences() -> [Vec<String>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "txt" || ending == "md") {
                let text = fs::read_to_string(path).unwrap_or_default();
                let whole = text.split_inclusive(". ").filter(|sentence| sentence.split_whitespace().count() > 2);
                whole.for_each(|text| found[usize::from(is_russian(text))].push(text.trim().to_owned()));
            }
        }
    }
    // Folders are read in any order, and the collection is the same each time.
    for sentences in &mut found {
        sentences.sort_unstable();
    }
    found
}

/// Numbers that look drawn and are the same each time: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        // A remainder below the bound is no larger than it.
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    fn one_of<'t>(&mut self, items: &'t [String]) -> &'t str {
        &items[self.below(items.len())]
    }
}

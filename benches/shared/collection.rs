//! Documents and what is asked of them.

use std::{
    cmp::Reverse,
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

/// Its multiples spread evenly and repeat no pattern; every so-manieth document might be of one language.
const GOLDEN_RATIO: f64 = 1.618_033_988_749_895;

/// How many bytes of a text tell its language.
const SAMPLE_BYTES: usize = 1_000;

pub struct Collection {
    pub documents: PathBuf,
    pub questions: Vec<Question>,
}

/// A query, in signs that both engines read alike: words that may match, `+words` that must, `"words"` that stand together.
#[derive(Clone)]
pub struct Question {
    /// `term`, `or`, `and`, `phrase`.
    pub kind: String,
    pub is_russian: bool,
    pub text: String,
}

impl Collection {
    /// Reads `documents.jsonl` and `queries.tsv` in a folder; what is packed there is unpacked into another one.
    pub fn read(dir: &Path, unpacked: &Path) -> Self {
        let table = fs::read_to_string(dir.join("queries.tsv")).expect("a table of queries");
        let question = |line: &str| {
            let columns: Vec<&str> = line.split('\t').collect();
            Some(Question::new(columns.get(2)?, columns.get(3)?))
        };
        Self { documents: documents(dir, unpacked), questions: table.lines().filter_map(question).collect() }
    }

    /// About so many of its documents, spread over all of them, in a file in `dir`.
    pub fn about(self, count: usize, dir: &Path) -> Self {
        let all = lines(&self.documents).count();
        if all <= count {
            return self;
        }
        let documents = dir.join("some-documents.jsonl");
        let mut out = BufWriter::new(File::create(&documents).expect("writable"));
        let share = count as f64 / all as f64;
        for (n, line) in lines(&self.documents).enumerate() {
            if (n as f64 * GOLDEN_RATIO).fract() < share {
                writeln!(out, "{line}").expect("writable");
            }
        }
        out.flush().expect("writable");
        Self { documents, questions: self.questions }
    }

    /// Documents of a length in bytes, at most so many in each language, made by joining documents of one language.
    pub fn joined(&self, length: usize, of_each: usize, dir: &Path) -> PathBuf {
        let documents = dir.join(format!("documents-of-{length}.jsonl"));
        let mut out = BufWriter::new(File::create(&documents).expect("writable"));
        let mut texts = [String::new(), String::new()];
        let mut made = [0, 0];
        for line in lines(&self.documents) {
            let value: Value = serde_json::from_str(&line).expect("JSON");
            let part = value["text"].as_str().unwrap_or_default();
            let language = usize::from(is_russian(part));
            let text = &mut texts[language];
            text.push_str(part);
            text.push_str("\n\n");
            if text.len() >= length && made[language] < of_each {
                text.truncate(text.floor_char_boundary(length));
                let document = json!({ "id": format!("{language}-{}", made[language]), "title": "", "text": text });
                writeln!(out, "{document}").expect("writable");
                text.clear();
                made[language] += 1;
            }
        }
        out.flush().expect("writable");
        documents
    }
}

impl Question {
    /// A query of a kind; `OR` and `AND` between its words say no more than the kind does.
    pub fn new(kind: &str, text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "OR" | "AND")).collect();
        let text = match kind {
            "and" => format!("+{}", words.join(" +")),
            "phrase" => format!("\"{}\"", words.join(" ").trim_matches('"')),
            _ => words.join(" "),
        };
        Self { kind: kind.to_owned(), is_russian: is_russian(&text), text }
    }
}

/// The questions of each language that find most documents, at most so many of each.
pub fn broadest(questions: &[Question], of_each: usize, found: impl Fn(&Question) -> u64) -> Vec<Question> {
    let of_language = |is_russian| {
        let mut some: Vec<&Question> = questions.iter().filter(|question| question.is_russian == is_russian).collect();
        some.sort_by_cached_key(|question| Reverse(found(question)));
        some.into_iter().take(of_each).cloned().collect::<Vec<_>>()
    };
    [of_language(false), of_language(true)].concat()
}

/// Whether most letters at the beginning of a text are Cyrillic.
pub fn is_russian(text: &str) -> bool {
    let letters = text[..text.floor_char_boundary(SAMPLE_BYTES)].chars().filter(|c| c.is_alphabetic());
    let (cyrillic, others): (Vec<_>, Vec<_>) = letters.partition(|c| ('\u{400}'..='\u{4FF}').contains(c));
    cyrillic.len() > others.len()
}

/// The `documents.jsonl` of a folder, or `documents.jsonl.zst`, unpacked into another folder.
pub fn documents(dir: &Path, unpacked: &Path) -> PathBuf {
    let (plain, packed) = (dir.join("documents.jsonl"), dir.join("documents.jsonl.zst"));
    if plain.exists() || !packed.exists() {
        return plain;
    }
    let documents = unpacked.join("documents.jsonl");
    let out = BufWriter::new(File::create(&documents).expect("writable"));
    zstd::stream::copy_decode(File::open(packed).expect("documents"), out).expect("room to unpack");
    documents
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    let file = BufReader::with_capacity(1 << 20, File::open(path).expect("documents"));
    file.lines().map(|line| line.expect("a line"))
}

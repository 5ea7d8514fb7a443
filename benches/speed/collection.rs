//! Documents and what is asked of them.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub struct Collection {
    pub documents: PathBuf,
    pub questions: Vec<Question>,
}

/// A query, in signs that both engines read alike: words that may match, `+words` that must, `"words"` that stand together.
pub struct Question {
    /// `term`, `or`, `and`, `phrase`.
    pub kind: String,
    pub text: String,
}

impl Collection {
    /// Reads `documents.jsonl` and `queries.tsv` in a folder.
    pub fn read(dir: &Path) -> Self {
        let table = fs::read_to_string(dir.join("queries.tsv")).expect("a table of queries");
        let question = |line: &str| {
            let columns: Vec<&str> = line.split('\t').collect();
            Some(Question::new(columns.get(2)?, columns.get(3)?))
        };
        Self { documents: dir.join("documents.jsonl"), questions: table.lines().filter_map(question).collect() }
    }
}

impl Question {
    /// A query of a kind; `OR` and `AND` between its words say no more than the kind does.
    pub fn new(kind: &str, text: &str) -> Self {
        let words = text.split_whitespace().filter(|word| !matches!(*word, "OR" | "AND"));
        let words: Vec<&str> = words.collect();
        let text = match kind {
            "and" => format!("+{}", words.join(" +")),
            "phrase" => format!("\"{}\"", words.join(" ").trim_matches('"')),
            _ => words.join(" "),
        };
        Self { kind: kind.to_owned(), text }
    }
}

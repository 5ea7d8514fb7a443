//! A folder of judged collections → the files of each.
//!
//! Each collection is a folder with `queries.jsonl`, `qrels.tsv` and `corpus.jsonl`; or, in the place of the last, a file
//! `CORPUS` that names the sister folder whose documents it searches. Beside them may lie `answers.jsonl`, by which
//! snippets are judged. Other folders and files are passed over.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::EvaluateError;

const DOCUMENTS: &str = "corpus.jsonl";
const QUERIES: &str = "queries.jsonl";
const JUDGEMENTS: &str = "qrels.tsv";
/// The file of the answers to the queries that it lies beside.
pub const ANSWERS: &str = "answers.jsonl";
const SHARED_DOCUMENTS: &str = "CORPUS";

/// The files of a judged collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The name of its folder.
    pub name: String,
    /// Its documents, which it may share with other collections.
    pub documents: PathBuf,
    /// Its queries.
    pub queries: PathBuf,
    /// Its judgements.
    pub judgements: PathBuf,
    /// The answers to its queries, where it has them.
    pub answers: Option<PathBuf>,
}

/// The collections in a folder, by name.
///
/// # Errors
/// Where the folder cannot be read, holds no collection, or one without judgements or documents.
pub fn collections(dir: &Path) -> Result<Vec<Collection>, EvaluateError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(EvaluateError::file(dir))? {
        let folder = entry.map_err(EvaluateError::file(dir))?.path();
        if folder.join(QUERIES).is_file() {
            found.push(collection(dir, &folder)?);
        }
    }
    if found.is_empty() {
        return Err(wrong(dir, format!("no collection in it, that is, no folder with {QUERIES}")));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn collection(dir: &Path, folder: &Path) -> Result<Collection, EvaluateError> {
    let judgements = folder.join(JUDGEMENTS);
    if !judgements.is_file() {
        return Err(wrong(folder, format!("no {JUDGEMENTS} beside {QUERIES}")));
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let documents = documents(dir, folder)?;
    let answers = Some(folder.join(ANSWERS)).filter(|answers| answers.is_file());
    Ok(Collection { name, documents, queries: folder.join(QUERIES), judgements, answers })
}

fn documents(dir: &Path, folder: &Path) -> Result<PathBuf, EvaluateError> {
    let own = folder.join(DOCUMENTS);
    if own.is_file() {
        return Ok(own);
    }
    let pointer = folder.join(SHARED_DOCUMENTS);
    if !pointer.is_file() {
        return Err(wrong(folder, format!("neither {DOCUMENTS} nor {SHARED_DOCUMENTS}")));
    }
    let name = fs::read_to_string(&pointer).map_err(EvaluateError::file(&pointer))?;
    let shared = dir.join(name.trim()).join(DOCUMENTS);
    if !shared.is_file() {
        return Err(wrong(&pointer, format!("it names {:?}, which has no {DOCUMENTS}", name.trim())));
    }
    Ok(shared)
}

fn wrong(path: &Path, reason: String) -> EvaluateError {
    EvaluateError::Collection { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
            fs::write(path, text).expect("writable");
        }
        folder
    }

    #[test]
    fn collections_are_found_and_may_share_documents() {
        let files = [
            ("README.md", ""),
            ("notes/a.txt", ""),
            ("b/corpus.jsonl", ""),
            ("b/queries.jsonl", ""),
            ("b/qrels.tsv", ""),
            ("a/CORPUS", "b\n"),
            ("a/queries.jsonl", ""),
            ("a/qrels.tsv", ""),
            ("a/answers.jsonl", ""),
        ];
        let folder = folder(&files);
        let found = collections(folder.path()).expect("valid");
        assert_eq!(found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(found[0].documents, folder.path().join("b/corpus.jsonl"));
        assert_eq!(found[0].queries, folder.path().join("a/queries.jsonl"));
        assert_eq!(found[1].documents, found[0].documents);
        assert_eq!(found[0].answers, Some(folder.path().join("a/answers.jsonl")));
        assert_eq!(found[1].answers, None);
    }

    #[test]
    fn what_is_unfinished_is_told() {
        let refused = |files: &[_]| collections(folder(files).path()).expect_err("refused").to_string();
        assert!(refused(&[]).ends_with("no collection in it, that is, no folder with queries.jsonl"));
        assert!(refused(&[("a/queries.jsonl", "")]).ends_with("a: no qrels.tsv beside queries.jsonl"));
        let bare = [("a/queries.jsonl", ""), ("a/qrels.tsv", "")];
        assert!(refused(&bare).ends_with("a: neither corpus.jsonl nor CORPUS"));
        let lost = [bare[0], bare[1], ("a/CORPUS", "gone")];
        assert!(refused(&lost).ends_with("CORPUS: it names \"gone\", which has no corpus.jsonl"));
    }
}

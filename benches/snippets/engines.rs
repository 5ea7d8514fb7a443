//! The two engines over the same documents.

use std::path::Path;

use oba::{
    index::Index,
    search::{Request, search},
};

use crate::{
    bare::{self, Bare},
    folders::{index, size},
};

/// How many hits a query asks for.
pub const LIMIT: usize = 10;

/// How much bare tantivy shows of a document: as much as oba does in three fragments of 200.
pub const SNIPPET_SIZE: usize = 600;

/// The same documents in both indexes.
pub struct Engines {
    pub oba: Index,
    pub bare: Bare,
    pub oba_bytes: u64,
    pub bare_bytes: u64,
}

impl Engines {
    /// Opens the indexes in a folder; makes them where there are none, or none that this version of oba reads.
    pub fn over(documents: &Path, dir: &Path) -> Self {
        let (oba_dir, bare_dir) = (dir.join("oba"), dir.join("tantivy"));
        let oba = Index::open(&oba_dir).unwrap_or_else(|_| {
            index(documents, &oba_dir);
            Index::open(&oba_dir).expect("an index")
        });
        if !bare_dir.exists() {
            bare::index(documents, &bare_dir);
        }
        let (oba_bytes, bare_bytes) = (size(&oba_dir), size(&bare_dir));
        Self { oba, bare: Bare::open(&bare_dir), oba_bytes, bare_bytes }
    }

    /// How many documents a query finds.
    pub fn found(&self, query: &str) -> u64 {
        let request = Request::new(query, Some(0), None, None).expect("in bounds");
        search(&self.oba, &request).expect("an answer").estimated_total_hits
    }

    /// How many characters of HTML oba answers with, as it answers a request for no counts by language.
    pub fn ask_oba(&self, query: &str) -> usize {
        let request = Request::new(query, Some(LIMIT), None, None).expect("in bounds");
        let answer = search(&self.oba, &request).expect("an answer");
        answer.hits.iter().map(|hit| hit.snippet.html.len()).sum()
    }

    /// How many characters of HTML bare tantivy answers with.
    pub fn ask_bare(&self, query: &str) -> usize {
        self.bare
            .answer(self.bare.parse(query).as_ref(), LIMIT, SNIPPET_SIZE)
            .iter()
            .map(|(id, html)| id.len() + html.len())
            .sum()
    }
}

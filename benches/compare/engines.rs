//! The two engines, asked the same three things.

use std::path::Path;

use oba::{
    index::{Facet, Index},
    search::{Request, ranked_ids, search},
};

use crate::{asked::Asked, bare};

/// How many hits a query asks for.
pub const LIMIT: usize = 10;

/// How much bare tantivy shows of a document, in bytes: as many characters as oba does in three fragments of 200.
const SNIPPET_SIZE: usize = 600;

/// What is asked; each gives a number, so that the work cannot be left out.
pub trait Engine {
    /// The ids of the best documents.
    fn ids(&self, asked: &Asked) -> usize;
    /// The best documents with their snippets.
    fn page(&self, asked: &Asked) -> usize;
    /// How many documents there are, exactly.
    fn count(&self, asked: &Asked) -> usize;
}

/// What is measured: a name for the table, and the question.
pub type Task = (&'static str, fn(&dyn Engine, &Asked) -> usize);

pub const TASKS: [Task; 3] = [
    ("top-10 ids", |engine, asked| engine.ids(asked)),
    ("top-10 with snippets", |engine, asked| engine.page(asked)),
    ("exact count", |engine, asked| engine.count(asked)),
];

pub struct Oba {
    index: Index,
}

impl Oba {
    pub fn open(dir: &Path) -> Self {
        Self { index: Index::open(dir).expect("an index") }
    }

    pub fn documents(&self) -> u64 {
        self.index.documents()
    }

    fn request(asked: &Asked, limit: usize) -> Request {
        Request::new(asked.text.as_str(), Some(limit), None, None).expect("in bounds")
    }
}

impl Engine for Oba {
    fn ids(&self, asked: &Asked) -> usize {
        ranked_ids(&self.index, &Self::request(asked, LIMIT)).expect("an answer").len()
    }

    fn page(&self, asked: &Asked) -> usize {
        let answer = search(&self.index, &Self::request(asked, LIMIT)).expect("an answer");
        answer.hits.iter().map(|hit| hit.id.len() + hit.snippet.html.len()).sum()
    }

    /// Counted by language, which makes the count exact.
    fn count(&self, asked: &Asked) -> usize {
        let request = Self::request(asked, 0).counting(vec![Facet::of("language")]).expect("in bounds");
        let found = search(&self.index, &request).expect("an answer").estimated_total_hits;
        usize::try_from(found).unwrap_or_default()
    }
}

pub struct Bare(bare::Bare);

impl Bare {
    pub fn open(dir: &Path) -> Self {
        Self(bare::Bare::open(dir))
    }
}

impl Engine for Bare {
    fn ids(&self, asked: &Asked) -> usize {
        self.0.ids(&self.0.read(&asked.plain, asked.kind == "prefix"), LIMIT)
    }

    fn page(&self, asked: &Asked) -> usize {
        let query = self.0.read(&asked.plain, asked.kind == "prefix");
        let shown = self.0.answer(query.as_ref(), LIMIT, SNIPPET_SIZE);
        shown.iter().map(|(id, html)| id.len() + html.len()).sum()
    }

    fn count(&self, asked: &Asked) -> usize {
        self.0.count(&self.0.read(&asked.plain, asked.kind == "prefix"))
    }
}

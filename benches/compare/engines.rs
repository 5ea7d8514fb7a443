//! The engines, asked the same three things.

use std::path::Path;

use oba::{
    index::{Facet, Index},
    search::{Request, ranked_ids, search},
};

use crate::{
    asked::Asked,
    bare,
    latency::{Took, took},
};

/// How many hits a query asks for.
pub const LIMIT: usize = 10;

/// How much bare tantivy shows of a document, in bytes: as many characters as oba does in three fragments of 200.
const SNIPPET_SIZE: usize = 600;

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub enum Task {
    /// The ids of the best documents.
    Ids,
    /// The best documents with their snippets.
    Page,
    /// How many documents there are, exactly.
    Count,
}

/// All tasks, with their names in the table.
pub const TASKS: [(&str, Task); 3] =
    [("top-10 ids", Task::Ids), ("top-10 with snippets", Task::Page), ("exact count", Task::Count)];

/// What can be asked.
pub trait Engine {
    /// What a task took; `None` where the engine knows no such query.
    fn took(&self, task: Task, asked: &Asked) -> Option<Took>;
}

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

    fn ids(&self, asked: &Asked) -> usize {
        ranked_ids(&self.index, &Self::request(asked, LIMIT)).expect("an answer").len()
    }

    /// The best documents with their snippets; a number, so that the work cannot be left out.
    pub fn page(&self, asked: &Asked) -> usize {
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

impl Engine for Oba {
    fn took(&self, task: Task, asked: &Asked) -> Option<Took> {
        Some(took(|| match task {
            Task::Ids => self.ids(asked),
            Task::Page => self.page(asked),
            Task::Count => self.count(asked),
        }))
    }
}

pub struct Bare(bare::Bare);

impl Bare {
    pub fn open(dir: &Path) -> Self {
        Self(bare::Bare::open(dir))
    }
}

impl Bare {
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

impl Engine for Bare {
    fn took(&self, task: Task, asked: &Asked) -> Option<Took> {
        Some(took(|| match task {
            Task::Ids => self.ids(asked),
            Task::Page => self.page(asked),
            Task::Count => self.count(asked),
        }))
    }
}

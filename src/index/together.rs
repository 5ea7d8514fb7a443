//! How many documents of those that a query finds hold a word, for many words and one query: its documents are found once and
//! each word's are counted among them.

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    query::{AllQuery, EnableScoring, Query as EngineQuery},
    schema::IndexRecordOption,
};

use super::{
    Index, IndexError,
    compile::{in_language, unscored},
    deadline::{Pulse, each},
};
use crate::{language::Label, query::Query};

/// A word that so many times more documents hold than a query finds is looked for in each of those; otherwise all documents
/// that hold it are read.
const MANY_TIMES: usize = 8;

/// The documents that a query finds, to count words in.
#[derive(Debug, Clone)]
pub struct Together {
    segments: Vec<Segment>,
}

/// The documents of a segment.
#[derive(Debug, Clone, Default)]
struct Segment {
    /// Their numbers, in order.
    docs: Vec<DocId>,
    /// A bit for each document of the segment.
    bits: Vec<u64>,
}

impl Together {
    /// Whether there are no documents.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.iter().all(|segment| segment.docs.is_empty())
    }
}

impl Segment {
    fn holds(&self, doc: DocId) -> bool {
        self.bits.get(doc as usize / 64).is_some_and(|bits| bits >> (doc % 64) & 1 == 1)
    }
}

impl Index {
    /// The documents that a query finds, of all languages or of one; a query without clauses finds all.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn together(&self, query: &Query, language: Option<Label>) -> Result<Together, IndexError> {
        let compiled = if query.clauses.is_empty() { Box::new(AllQuery) } else { self.compiled(query)? };
        let compiled = match language {
            Some(label) => in_language(compiled, label, self.fields()),
            None => compiled,
        };
        self.documents_of(compiled).map_err(IndexError::engine(self.dir()))
    }

    fn documents_of(&self, compiled: Box<dyn EngineQuery>) -> tantivy::Result<Together> {
        let weight = unscored(compiled).weight(EnableScoring::disabled_from_searcher(self.searcher()))?;
        let mut segments = Vec::new();
        for reader in self.searcher().segment_readers() {
            let mut found = Segment { docs: Vec::new(), bits: vec![0; (reader.max_doc() as usize).div_ceil(64)] };
            each(weight.as_ref(), reader, &mut |doc| {
                found.docs.push(doc);
                found.bits[doc as usize / 64] |= 1 << (doc % 64);
            })?;
            segments.push(found);
        }
        Ok(Together { segments })
    }

    /// How many documents hold one of some terms, of all documents or of those that a query finds.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn count(&self, terms: &[impl AsRef<str>], among: Option<&Together>) -> Result<u64, IndexError> {
        self.count_terms(terms, among).map_err(IndexError::engine(self.dir()))
    }

    fn count_terms(&self, terms: &[impl AsRef<str>], among: Option<&Together>) -> tantivy::Result<u64> {
        let mut count = 0;
        for (n, reader) in self.searcher().segment_readers().iter().enumerate() {
            let segment = among.and_then(|among| among.segments.get(n));
            count += self.count_in(reader, terms, segment)? as u64;
        }
        Ok(count)
    }

    fn count_in(
        &self,
        reader: &SegmentReader,
        terms: &[impl AsRef<str>],
        among: Option<&Segment>,
    ) -> tantivy::Result<usize> {
        let index = reader.inverted_index(self.fields().body)?;
        let mut lists = Vec::new();
        for term in terms {
            let term = Term::from_field_text(self.fields().body, term.as_ref());
            if let Some(info) = index.get_term_info(&term)? {
                lists.push(info);
            }
        }
        if among.is_none() && lists.len() == 1 && reader.num_deleted_docs() == 0 {
            return Ok(lists[0].doc_freq as usize);
        }
        let (mut found, pulse) = (Vec::new(), Pulse::new());
        for info in &lists {
            let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let few = among.filter(|among| among.docs.len() * MANY_TIMES < info.doc_freq as usize);
            if let Some(few) = few {
                for &doc in &few.docs {
                    pulse.check()?;
                    let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
                    if at == doc {
                        found.push(doc);
                    }
                    if at == TERMINATED {
                        break;
                    }
                }
            } else {
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    pulse.check()?;
                    if among.map_or_else(|| !reader.is_deleted(doc), |among| among.holds(doc)) {
                        found.push(doc);
                    }
                    doc = postings.advance();
                }
            }
        }
        if lists.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        Ok(found.len())
    }
}

//! What is told of a match's duplicates.

use tantivy::{DocAddress, DocSet, TERMINATED, Term, collector::Count, query::BooleanQuery, schema::IndexRecordOption};

use super::contents::{Contents, Holders};
use crate::{
    index::{Find, Index, IndexError, Match},
    query::Query,
};

/// So many copies are named at most.
const MAX_NAMED: usize = 10;

/// What says the same as a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// The group of its near duplicates: a number that they share, and nobody else does.
    pub group: u64,
    /// How many other documents of the index have the same title and text.
    pub copies: u64,
    /// The paths of the first ten of these, or their ids where they are no files, in order.
    pub paths: Vec<String>,
}

impl Index {
    /// What says the same as each of some documents, whether a query found it or not.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn duplicates(&self, matches: &[Match]) -> Result<Vec<Duplicates>, IndexError> {
        let segments = self.segments_kept().zip(&self.duplicates);
        let contents = segments.map(|((reader, kept), columns)| kept.contents.some_more(columns, reader.max_doc()));
        let contents: Vec<Option<&Contents>> = contents.collect();
        matches.iter().map(|&found| self.duplicates_of(found, &contents)).collect()
    }

    /// What says the same as one document; of each segment the contents, if they are counted.
    fn duplicates_of(&self, found: Match, contents: &[Option<&Contents>]) -> Result<Duplicates, IndexError> {
        let engine = IndexError::engine(&self.dir);
        let columns = &self.duplicates[found.address.segment_ord as usize];
        let (content, group) = (columns.content(found.address.doc_id), columns.group(found.address.doc_id));
        let others = match content {
            Some(content) => self.others(content, found.address, contents).map_err(engine)?,
            None => Vec::new(),
        };
        let named = others.iter().take(MAX_NAMED).map(|&address| {
            let (record, _) = self.load(Match { score: 0.0, address })?;
            Ok(record.path.unwrap_or(record.id))
        });
        let mut paths = named.collect::<Result<Vec<_>, IndexError>>()?;
        paths.sort_unstable();
        Ok(Duplicates { group: group.unwrap_or_default(), copies: others.len() as u64, paths })
    }

    /// How many documents of each of some groups a query finds.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn group_sizes(&self, query: &Query, find: Find<'_>, groups: &[u64]) -> Result<Vec<u64>, IndexError> {
        let mut sizes = Vec::with_capacity(groups.len());
        let count = |sizes: &mut Vec<u64>| -> tantivy::Result<()> {
            let asked = self.unscored(query, find)?;
            for &group in groups {
                // Its founder and the copies of that have its number as their content, the others as their group.
                let terms = [self.fields.content, self.fields.group].map(|field| Term::from_field_u64(field, group));
                let with = |term: &Term| self.searcher.doc_freq(term);
                let is_alone = with(&terms[0])? + with(&terms[1])? == 1;
                let size = if is_alone {
                    1
                } else {
                    let of_group = BooleanQuery::new_multiterms_query(terms.into());
                    let both = BooleanQuery::intersection(vec![asked.box_clone(), Box::new(of_group)]);
                    self.searcher.search(&both, &Count)?
                };
                sizes.push(size as u64);
            }
            Ok(())
        };
        count(&mut sizes).map_err(IndexError::engine(&self.dir))?;
        Ok(sizes)
    }

    /// The other documents of the same content.
    fn others(
        &self,
        content: u64,
        itself: DocAddress,
        contents: &[Option<&Contents>],
    ) -> tantivy::Result<Vec<DocAddress>> {
        let term = Term::from_field_u64(self.fields.content, content);
        let mut others = Vec::new();
        for ((segment, reader), contents) in (0..).zip(self.searcher.segment_readers()).zip(contents) {
            // The document itself is one.
            let least = if segment == itself.segment_ord { Holders::OneAtMost } else { Holders::Nobody };
            if contents.is_some_and(|contents| contents.holders(content) <= least) {
                continue;
            }
            let option = IndexRecordOption::Basic;
            let Some(mut postings) = reader.inverted_index(term.field())?.read_postings(&term, option)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                let address = DocAddress::new(segment, postings.doc());
                if address != itself && !reader.is_deleted(address.doc_id) {
                    others.push(address);
                }
                postings.advance();
            }
        }
        Ok(others)
    }
}

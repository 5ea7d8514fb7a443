//! An index → its documents, each as it came, with the file that it was read from.

use tantivy::{DocAddress, DocSet, SegmentReader, TERMINATED, schema::IndexRecordOption};

use super::{Index, IndexError, Match, Record};
use crate::corpus::Document;

/// What stands for a document that was read from no file.
const NO_FILE: u32 = u32::MAX;

/// The ids of the files that the documents of a segment were read from.
struct Files {
    names: Vec<String>,
    /// For each document the place of its file among the names.
    of: Vec<u32>,
}

impl Index {
    /// Gives each document on, one after the other, with the id of the file that it was read from, until one is not taken;
    /// whether all were. Of each document that came from a file it takes four bytes of memory beside.
    ///
    /// # Errors
    /// Where the data cannot be read, and what `take` fails with.
    pub fn each_document<E: From<IndexError>>(
        &self,
        take: &mut dyn FnMut(Box<Document>, Option<String>) -> Result<bool, E>,
    ) -> Result<bool, E> {
        for (number, segment) in (0..).zip(self.searcher().segment_readers()) {
            let files = self.files(segment).map_err(IndexError::engine(self.dir()))?;
            for doc in (0..segment.max_doc()).filter(|&doc| !segment.is_deleted(doc)) {
                let (record, mut text) = self.load(Match { score: 0.0, address: DocAddress::new(number, doc) })?;
                let text = text.whole().map_err(self.unreadable())?;
                if !take(Box::new(as_it_came(record, text)), files.of(doc))? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// What is stored tells no file; the terms do.
    fn files(&self, segment: &SegmentReader) -> tantivy::Result<Files> {
        let inverted = segment.inverted_index(self.fields().file)?;
        let mut files = Files { names: Vec::new(), of: Vec::new() };
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let mut postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            let name = u32::try_from(files.names.len()).unwrap_or(NO_FILE);
            files.names.push(String::from_utf8_lossy(terms.key()).into_owned());
            files.of.resize(segment.max_doc() as usize, NO_FILE);
            while postings.doc() != TERMINATED {
                files.of[postings.doc() as usize] = name;
                postings.advance();
            }
        }
        Ok(files)
    }
}

impl Files {
    fn of(&self, doc: u32) -> Option<String> {
        self.names.get(*self.of.get(doc as usize)? as usize).cloned()
    }
}

/// The document of which a record was made.
fn as_it_came(record: Record, text: String) -> Document {
    Document {
        // Only what was declared is kept without how sure it is.
        declared: if record.confidence.is_none() { record.language.parse().ok() } else { None },
        id: record.id,
        title: record.title,
        text,
        // It was written by the same type.
        date: record.date.and_then(|date| date.parse().ok()),
        source: record.source,
        path: record.path,
        members: record.members,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::language::detect;

    #[test]
    fn a_document_comes_back_as_it_was() {
        let members = json!({ "раздел": ["политика", null], "title": 5 }).as_object().cloned().unwrap_or_default();
        let whole = Document {
            id: "визит".into(),
            title: "Визит — Visit".into(),
            text: "Министр прибыл. The minister arrived.".into(),
            date: "2021-11".parse().ok(),
            source: Some("Газета".into()),
            path: Some("a/б.md".into()),
            declared: "ru".parse().ok(),
            members,
        };
        for document in [Document { declared: None, date: None, source: None, ..whole.clone() }, whole] {
            let record = Record::of(&document, &detect(&document.text));
            assert_eq!(as_it_came(record, document.text.clone()), document);
        }
    }
}

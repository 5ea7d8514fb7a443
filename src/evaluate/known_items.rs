//! A table of known items (query, language, kind, text, document) → topics, each judged by the one document that it was
//! taken from.

use std::path::Path;

use super::{EvaluateError, Judgements, Topic, lines::Lines};

/// Queries that were each made from one document, which they should find again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownItems {
    /// The queries.
    pub topics: Vec<Topic>,
    /// The document of each.
    pub judgements: Judgements,
}

impl KnownItems {
    /// Reads a table: columns parted by tabs, without a heading. A line without a document is passed over.
    ///
    /// # Errors
    /// Where it cannot be read; where a line has not five columns, or the id of an earlier one, with the line.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        Self::parse(&Lines::read(path)?)
    }

    fn parse(lines: &Lines) -> Result<Self, EvaluateError> {
        let mut items = Self::default();
        for line in lines.iter() {
            let columns: Vec<&str> = line.text.split('\t').map(str::trim).collect();
            let &[id, language, kind, text, document] = columns.as_slice() else {
                let expected = "a known item has five, parted by tabs: query language kind text document";
                return Err(line.wrong(format!("{} columns; {expected}", columns.len())));
            };
            if document.is_empty() {
                continue;
            }
            if items.judgements.of_query(id).is_some() {
                return Err(line.wrong(format!("there is a query {id} already")));
            }
            items.judgements.add(id, document, 1);
            items.topics.push(Topic {
                id: id.to_owned(),
                text: text.to_owned(),
                language: Some(language.to_owned()),
                kind: Some(kind.to_owned()),
            });
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_document_is_passed_over() {
        let lines = Lines::of("q0\ten\tterm\tcollection\t\nq1\tru\tphrase\t\"два слова\"\tru:a/b.md\n");
        let items = KnownItems::parse(&lines).expect("valid");
        let topic = &items.topics[0];
        assert_eq!(items.topics.len(), 1);
        assert_eq!((topic.id.as_str(), topic.text.as_str()), ("q1", "\"два слова\""));
        assert_eq!((topic.language.as_deref(), topic.kind.as_deref()), (Some("ru"), Some("phrase")));
        assert_eq!(items.judgements.of_query("q1").expect("judged")["ru:a/b.md"], 1);
        assert_eq!(items.judgements.of_query("q0"), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let refused = |text| KnownItems::parse(&Lines::of(text)).expect_err("refused").to_string();
        assert!(refused("\nq0 en term collection").starts_with("test:2: 1 columns; a known item has five"));
        assert_eq!(refused("q\ten\tor\ta\td1\nq\ten\tor\tb\td2"), "test:2: there is a query q already");
    }
}

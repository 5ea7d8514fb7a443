//! TREC judgements (`query 0 document grade`, parted by tabs or spaces) → how well each judged document answers a query.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    path::Path,
};

use super::{EvaluateError, lines::Lines};

/// The grades of the documents that were judged for one query: 0 and below is "does not answer it", and the more above,
/// the better.
pub type Grades = BTreeMap<String, i32>;

/// Which documents answer which query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgements {
    queries: BTreeMap<String, Grades>,
}

impl Judgements {
    /// Reads a file of judgements.
    ///
    /// # Errors
    /// Where it cannot be read; where a line has not four columns, a grade is no whole number, or a document is judged
    /// twice for a query, with the line.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        Self::parse(&Lines::read(path)?)
    }

    fn parse(lines: &Lines) -> Result<Self, EvaluateError> {
        let mut judgements = Self::default();
        for line in lines.iter() {
            let columns = line.columns();
            let &[query, _, document, grade] = columns.as_slice() else {
                let count = columns.len();
                return Err(line.wrong(format!("{count} columns; a judgement has four: query 0 document grade")));
            };
            let grade = grade
                .parse()
                .map_err(|_| line.wrong(format!("the grade {grade:?} is not a whole number, such as 1")))?;
            if !judgements.add(query, document, grade) {
                return Err(line.wrong(format!("document {document} is judged twice for query {query}")));
            }
        }
        Ok(judgements)
    }

    /// Adds a judgement; false where the document was judged for the query already, which then stays as it was.
    pub(super) fn add(&mut self, query: &str, document: &str, grade: i32) -> bool {
        let grades = self.queries.entry(query.to_owned()).or_default();
        match grades.entry(document.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(grade);
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    /// The grades of the documents judged for a query; `None` where none was.
    #[must_use]
    pub fn of_query(&self, id: &str) -> Option<&Grades> {
        self.queries.get(id)
    }

    /// The ids of the queries that have judgements, in order.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.queries.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Judgements::parse(&Lines::of(text)).expect_err("refused").to_string()
    }

    #[test]
    fn columns_are_parted_by_spaces_or_tabs() {
        let text = "\u{FEFF}q1 0 a 2\nq1\t0\tписьма/мой друг.txt\t1\r\n\n  q2   0 b   -1\n";
        let judgements = Judgements::parse(&Lines::of(text)).expect("valid");
        assert_eq!(judgements.queries().collect::<Vec<_>>(), ["q1", "q2"]);
        let grades = judgements.of_query("q1").expect("judged");
        assert_eq!(
            grades.iter().map(|(id, &grade)| (id.as_str(), grade)).collect::<Vec<_>>(),
            [("a", 2), ("письма/мой друг.txt", 1)]
        );
        assert_eq!(judgements.of_query("q2").expect("judged")["b"], -1);
        assert_eq!(judgements.of_query("q3"), None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(refused("q1 0 a 1\n\nq1 0 b"), "test:3: 3 columns; a judgement has four: query 0 document grade");
        assert_eq!(refused("q1 0 a yes"), "test:1: the grade \"yes\" is not a whole number, such as 1");
        assert_eq!(refused("q1 0 a 1\nq2 0 a 1\nq1 0 a 0"), "test:3: document a is judged twice for query q1");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Judgements::read(Path::new("no-such-folder/qrels.tsv")).expect_err("refused").to_string();
        assert!(error.starts_with("no-such-folder/qrels.tsv: "), "{error}");
    }
}

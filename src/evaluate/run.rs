//! Ranked documents ⇄ TREC run file (`query Q0 document rank score tag`).

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use super::{EvaluateError, lines::Lines};

/// What the last column of a run file calls its system.
const TAG: &str = "oba";

/// A document that a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its id.
    pub document: String,
    /// How well it matches; only the order within one query means anything. A 32-bit number, as in `trec_eval`, so that
    /// what is a tie there is one here.
    pub score: f32,
}

/// What each query found, best first.
///
/// The order is that of `trec_eval`, whatever order the documents came in: by score, and equal scores by id from last to
/// first. A run is therefore measured alike before it is written and after it was read again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    queries: BTreeMap<String, Vec<Ranked>>,
}

impl Run {
    /// Adds what a query found.
    pub fn add(&mut self, query: &str, mut found: Vec<Ranked>) {
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.document.cmp(&a.document)));
        self.queries.insert(query.to_owned(), found);
    }

    /// What a query found, best first; nothing where it is not in the run.
    #[must_use]
    pub fn of_query(&self, id: &str) -> &[Ranked] {
        self.queries.get(id).map_or(&[], Vec::as_slice)
    }

    /// Reads a run file. The ranks in it count for nothing, as in `trec_eval`; the scores give the order.
    ///
    /// # Errors
    /// Where it cannot be read; where a line has not six columns, a score is no number, or a document comes twice for a
    /// query, with the line.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        Self::parse(&Lines::read(path)?)
    }

    fn parse(lines: &Lines) -> Result<Self, EvaluateError> {
        let mut seen = HashSet::new();
        let mut queries: BTreeMap<&str, Vec<Ranked>> = BTreeMap::new();
        for line in lines.iter() {
            let columns = line.columns();
            let &[query, _, document, _, score, _] = columns.as_slice() else {
                let count = columns.len();
                let expected = "a line of a run has six: query Q0 document rank score tag";
                return Err(line.wrong(format!("{count} columns; {expected}")));
            };
            let number = score.parse().ok().filter(|score: &f32| !score.is_nan());
            let score = number.ok_or_else(|| line.wrong(format!("the score {score:?} is not a number")))?;
            if !seen.insert((query, document)) {
                return Err(line.wrong(format!("document {document} comes twice for query {query}")));
            }
            queries.entry(query).or_default().push(Ranked { document: document.to_owned(), score });
        }
        let mut run = Self::default();
        for (query, found) in queries {
            run.add(query, found);
        }
        Ok(run)
    }

    /// Writes a run file.
    ///
    /// # Errors
    /// Where it cannot be written, and where an id has white space in it, at which a column ends.
    pub fn write(&self, path: &Path) -> Result<(), EvaluateError> {
        let ids = self.queries.iter().flat_map(|(id, found)| {
            std::iter::once(id.as_str()).chain(found.iter().map(|ranked| ranked.document.as_str()))
        });
        if let Some(id) = ids.into_iter().find(|id| id.contains(char::is_whitespace)) {
            return Err(EvaluateError::IdWithSpace(id.to_owned()));
        }
        File::create(path)
            .and_then(|file| {
                let mut out = BufWriter::new(file);
                self.write_to(&mut out)?;
                out.flush()
            })
            .map_err(EvaluateError::file(path))
    }

    fn write_to(&self, out: &mut impl Write) -> std::io::Result<()> {
        for (query, found) in &self.queries {
            for (rank, Ranked { document, score }) in (1..).zip(found) {
                // A score is written with as many digits as make it the same number when it is read.
                writeln!(out, "{query} Q0 {document} {rank} {score} {TAG}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Run::parse(&Lines::of(text)).expect_err("refused").to_string()
    }

    fn ids<'r>(run: &'r Run, query: &str) -> Vec<&'r str> {
        run.of_query(query).iter().map(|ranked| ranked.document.as_str()).collect()
    }

    #[test]
    fn scores_give_the_order_and_ties_go_by_id_from_last_to_first() {
        let text = "q Q0 a 1 2.5 x\nq Q0 б 2 2.5 x\nq Q0 b 3 2.5 x\nq Q0 z 4 1 x\nq Q0 top 5 1e1 x\n";
        let run = Run::parse(&Lines::of(text)).expect("valid");
        assert_eq!(ids(&run, "q"), ["top", "б", "b", "a", "z"]);
        assert_eq!(ids(&run, "other"), [""; 0]);
    }

    #[test]
    fn scores_that_differ_beyond_32_bits_are_ties_as_in_trec_eval() {
        let run = Run::parse(&Lines::of("q Q0 a 1 9.00000001 x\nq Q0 b 2 9.0 x\n")).expect("valid");
        assert_eq!(ids(&run, "q"), ["b", "a"]);
    }

    #[test]
    fn a_run_that_is_written_is_read_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run.txt");
        let ranked = |document: &str, score| Ranked { document: document.to_owned(), score };
        let mut run = Run::default();
        run.add("q1", vec![ranked("визит", 0.3), ranked("visit", 12.345_679)]);
        run.add("q2", vec![]);
        run.write(&path).expect("writable");
        assert_eq!(
            std::fs::read_to_string(&path).expect("readable"),
            "q1 Q0 visit 1 12.345679 oba\nq1 Q0 визит 2 0.3 oba\n"
        );
        assert_eq!(Run::read(&path).expect("valid").of_query("q1"), run.of_query("q1"));
    }

    #[test]
    fn an_id_with_a_space_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut run = Run::default();
        run.add("q1", vec![Ranked { document: "my file.txt".into(), score: 1.0 }]);
        let error = run.write(&folder.path().join("run.txt")).expect_err("refused").to_string();
        assert!(error.starts_with("\"my file.txt\" cannot stand in a TREC run file"), "{error}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert!(refused("q Q0 a 1 2.5").starts_with("test:1: 5 columns; a line of a run has six"));
        assert_eq!(refused("q Q0 a 1 high x"), "test:1: the score \"high\" is not a number");
        assert_eq!(refused("q Q0 a 1 1 x\nq Q0 a 2 1 x"), "test:2: document a comes twice for query q");
    }
}

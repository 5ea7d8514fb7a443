//! Judged queries in, figures out: documents → index → queries → runs → measures.
//!
//! Every query is asked as the service would ask it, and measured as `trec_eval -c` would measure it: means are over the
//! queries that have judgements, and one that finds nothing counts as 0.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use oba::evaluate::{self, Judgements, Options, read_topics};
//! use oba::ingest::{Silent, Source};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let queries = folder.path().join("queries.jsonl");
//! let judgements = folder.path().join("qrels.tsv");
//! std::fs::write(&queries, r#"{"id": "q1", "text": "visits to Tashkent", "lang": "en"}"#)?;
//! std::fs::write(&judgements, "q1 0 a 1\n")?;
//! let documents = r#"{"id": "a", "text": "The visit ends on Friday."}"#;
//!
//! let documents = Source::Lines("documents".into(), Box::new(documents.as_bytes()));
//! let options = Options { observer: &Silent, stop: &AtomicBool::new(false) };
//! let evaluation =
//!     evaluate::run(documents, &read_topics(&queries)?, &Judgements::read(&judgements)?, options)?;
//! assert_eq!(evaluation.figures().all.ndcg_at_10.mean, 1.0);
//! # Ok(())
//! # }
//! ```

mod answer_place;
mod answers;
mod bench;
mod collections;
mod compare;
mod detection;
mod error;
mod figures;
mod judgements;
mod known_items;
mod lines;
mod measures;
mod names;
mod queries;
mod run;
mod snippets;
mod spelling;
mod stemming;

pub use answer_place::{AnswerPlace, Shown};
pub use answers::{Answers, ByDocument};
pub use collections::{ANSWERS, Collection, collections};
pub use compare::Change;
pub use detection::{KnownText, KnownTexts, Row, Table};
pub use error::EvaluateError;
pub use figures::{Estimate, Figures, Grouped};
pub use judgements::{Grades, Judgements};
pub use known_items::KnownItems;
pub use measures::Scores;
pub use names::{KnownPair, KnownPairs, NameFigures};
pub use queries::{Topic, read_topics};
pub use run::{Ranked, Run};
pub use snippets::{SnippetEvaluation, SnippetFigures, SnippetScores, run_all_snippets, run_snippets};
pub use spelling::{Mistake, SpellingFigures, spelling};
pub use stemming::{Agreement, KnownStem, Vocabulary};

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use crate::ingest::{Observer, Source};
use bench::Bench;

/// Who watches an evaluation, and who may stop it.
#[derive(Clone, Copy)]
pub struct Options<'o> {
    /// Is told of the documents that are indexed. Of those that are skipped, only empty ones and files that are no
    /// documents are told: any other ends the evaluation.
    pub observer: &'o dyn Observer,
    /// Stops the evaluation when it turns true.
    pub stop: &'o AtomicBool,
}

/// The measures of one query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryScores {
    /// The id of the query.
    pub id: String,
    /// The groups whose figures it counts in.
    pub groups: Vec<String>,
    /// Its measures.
    pub scores: Scores,
}

/// What came of the queries of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What each query found.
    pub run: Run,
    /// The measures of each query that has judgements.
    pub queries: Vec<QueryScores>,
    /// The queries that have judgements and no text; they count for nothing.
    pub unasked: BTreeSet<String>,
    /// The documents that answer a query by the judgements and are not among the documents: they count as not found.
    pub missing: BTreeSet<String>,
}

impl Evaluation {
    /// The means, by group of queries and over all.
    #[must_use]
    pub fn figures(&self) -> Grouped<Figures> {
        Grouped::of(
            &self.queries,
            |query| query.groups.clone(),
            |queries| Figures::of(queries.map(|query| &query.scores)),
        )
    }

    /// What changed from another run of the same queries to this one.
    #[must_use]
    pub fn change_from(&self, other: &Run, judgements: &Judgements) -> Grouped<Change> {
        let none = Grades::new();
        let before = self.queries.iter().map(|query| {
            let judged = judgements.of_query(&query.id).unwrap_or(&none);
            QueryScores { scores: Scores::of(other.of_query(&query.id), judged), ..query.clone() }
        });
        let pairs: Vec<_> = before.zip(&self.queries).collect();
        Grouped::of(
            &pairs,
            |(_, after)| after.groups.clone(),
            |pairs| Change::of(pairs.map(|(before, after)| (before, *after))),
        )
    }
}

/// Indexes documents into a temporary folder, asks every query that has judgements and measures what it finds.
///
/// Files are named as in an index that lies beside the folder or file that `documents` is.
///
/// # Errors
/// Where no query has a judgement, a document cannot be read or there is none, where the index fails, and where the
/// evaluation was told to stop.
pub fn run(
    documents: Source,
    topics: &[Topic],
    judgements: &Judgements,
    options: Options,
) -> Result<Evaluation, EvaluateError> {
    check_judged(topics, judgements)?;
    Bench::index(documents, options)?.evaluate(topics, judgements, options)
}

/// Evaluates all collections in a folder, by name; see [`collections()`]. Documents that several collections share are
/// indexed once.
///
/// # Errors
/// As [`run()`] and [`collections()`], and where a file of a collection cannot be read.
pub fn run_all(dir: &Path, options: Options) -> Result<Vec<(String, Evaluation)>, EvaluateError> {
    let mut by_documents: BTreeMap<PathBuf, Vec<(String, Vec<Topic>, Judgements)>> = BTreeMap::new();
    for collection in collections(dir)? {
        let (topics, judgements) = (read_topics(&collection.queries)?, Judgements::read(&collection.judgements)?);
        check_judged(&topics, &judgements)?;
        by_documents.entry(collection.documents).or_default().push((collection.name, topics, judgements));
    }
    let mut evaluations = Vec::new();
    for (documents, collections) in by_documents {
        let bench = Bench::index(Source::Path(documents), options)?;
        for (name, topics, judgements) in collections {
            evaluations.push((name, bench.evaluate(&topics, &judgements, options)?));
        }
    }
    evaluations.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(evaluations)
}

fn check_judged(topics: &[Topic], judgements: &Judgements) -> Result<(), EvaluateError> {
    let is_any_judged = topics.iter().any(|topic| judgements.of_query(&topic.id).is_some());
    if is_any_judged { Ok(()) } else { Err(EvaluateError::NothingJudged) }
}

/// The measures of each query that has judgements; one that is not in the run found nothing.
fn score(topics: &[Topic], judgements: &Judgements, run: &Run) -> Vec<QueryScores> {
    let judged = topics.iter().filter_map(|topic| Some((topic, judgements.of_query(&topic.id)?)));
    let scored = judged.map(|(topic, judged)| QueryScores {
        id: topic.id.clone(),
        groups: topic.groups(),
        scores: Scores::of(run.of_query(&topic.id), judged),
    });
    scored.collect()
}

#[cfg(test)]
mod tests {
    //! 1. Queries are asked as the service asks them; only those with judgements count, and one that finds nothing
    //!    counts as 0.
    //! 2. What is odd about the data is told: judged queries without text, judged documents that are not there.
    //! 3. A document that cannot be read ends the evaluation with its line; an empty one does not.
    //! 4. Collections that share documents are evaluated like those that do not.

    use std::fs;

    use super::*;
    use crate::ingest::Silent;

    const DOCUMENTS: &str = concat!(
        r#"{"id": "en1", "title": "State visit", "text": "The presidents met in the Kremlin."}"#,
        "\n",
        r#"{"id": "ru1", "title": "Визит", "text": "Президенты встретились в Кремле."}"#,
        "\n",
        r#"{"id": "ru2", "text": "Пчёлы в апреле, о визитах ни слова."}"#,
        "\n",
        r#"{"id": "empty", "text": ""}"#,
    );

    fn topic(id: &str, text: &str, language: &str) -> Topic {
        Topic { id: id.into(), text: text.into(), language: Some(language.into()), kind: None }
    }

    fn judgements(lines: &[(&str, &str, i32)]) -> Judgements {
        let mut judgements = Judgements::default();
        for &(query, document, grade) in lines {
            assert!(judgements.add(query, document, grade));
        }
        judgements
    }

    fn evaluate(
        documents: &'static str,
        topics: &[Topic],
        judgements: &Judgements,
    ) -> Result<Evaluation, EvaluateError> {
        let documents = Source::Lines("documents".into(), Box::new(documents.as_bytes()));
        run(documents, topics, judgements, Options { observer: &Silent, stop: &AtomicBool::new(false) })
    }

    #[test]
    fn queries_with_judgements_are_asked_and_measured() {
        let topics = [
            topic("q1", "визиты президентов", "ru"),
            topic("q2", "kremlin", "en"),
            topic("q3", "волейбол", "ru"),
            topic("q4", "visit", "en"),
        ];
        let judged =
            judgements(&[("q1", "ru1", 1), ("q2", "en1", 1), ("q2", "gone", 1), ("q3", "ru2", 1), ("q9", "x", 1)]);
        let evaluation = evaluate(DOCUMENTS, &topics, &judged).expect("figures");
        let figures = evaluation.figures();
        assert_eq!((figures.all.queries, figures.groups["ru"].queries, figures.groups["en"].queries), (3, 2, 1));
        assert!((figures.groups["ru"].ndcg_at_10.mean - 0.5).abs() < 1e-9, "{figures:?}");
        assert!((figures.groups["en"].recall_at_100.mean - 0.5).abs() < 1e-9, "{figures:?}");
        assert_eq!(evaluation.run.of_query("q1").len(), 2);
        assert!(evaluation.run.of_query("q3").is_empty() && evaluation.run.of_query("q4").is_empty());
        assert_eq!(evaluation.unasked, BTreeSet::from(["q9".to_owned()]));
        assert_eq!(evaluation.missing, BTreeSet::from(["gone".to_owned()]));

        let change = evaluation.change_from(&Run::default(), &judged);
        assert_eq!((change.all.rose, change.all.fell, change.groups["ru"].rose), (2, 0, 1));
        assert_eq!(evaluation.change_from(&evaluation.run, &judged).all.rose, 0);
    }

    #[test]
    fn what_cannot_be_evaluated_is_refused() {
        let (topics, judged) = ([topic("q1", "визит", "ru")], judgements(&[("q1", "ru1", 1)]));
        let refused = |documents| evaluate(documents, &topics, &judged).expect_err("refused").to_string();
        assert!(refused("{\"id\": 1, \"text\": \"a\"}\nno JSON").starts_with("documents:2: not valid JSON"));
        assert_eq!(refused(r#"{"id": 1, "text": ""}"#), "no document to search in documents");
        let strange = evaluate(DOCUMENTS, &topics, &judgements(&[("other", "ru1", 1)])).expect_err("refused");
        assert!(matches!(strange, EvaluateError::NothingJudged));
        let gone = Source::Path("no-such-file.jsonl".into());
        let gone = run(gone, &topics, &judged, Options { observer: &Silent, stop: &AtomicBool::new(false) });
        assert!(gone.expect_err("refused").to_string().starts_with("no-such-file.jsonl: "));
    }

    #[test]
    fn an_evaluation_that_is_told_to_stop_stops() {
        let documents = Source::Lines("documents".into(), Box::new(DOCUMENTS.as_bytes()));
        let (topics, judged) = ([topic("q1", "визит", "ru")], judgements(&[("q1", "ru1", 1)]));
        let stopped = run(documents, &topics, &judged, Options { observer: &Silent, stop: &AtomicBool::new(true) });
        assert!(matches!(stopped, Err(EvaluateError::Stopped)));
    }

    #[test]
    fn collections_that_share_documents_are_evaluated_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
            fs::write(path, text).expect("writable");
        };
        write("b/corpus.jsonl", DOCUMENTS);
        write("b/queries.jsonl", r#"{"id": "q1", "text": "визит", "lang": "ru"}"#);
        write("b/qrels.tsv", "q1\t0\tru1\t1\n");
        write("a/CORPUS", "b");
        write("a/queries.jsonl", r#"{"id": "q1", "text": "bees", "lang": "en"}"#);
        write("a/qrels.tsv", "q1\t0\tru2\t1\n");
        let options = Options { observer: &Silent, stop: &AtomicBool::new(false) };
        let evaluations = run_all(folder.path(), options).expect("figures");
        let shown: Vec<_> = evaluations
            .iter()
            .map(|(name, evaluation)| (name.as_str(), format!("{:.2}", evaluation.figures().all.mrr_at_10.mean)))
            .collect();
        assert_eq!(shown, [("a", "0.00".to_owned()), ("b", "1.00".to_owned())]);
    }
}

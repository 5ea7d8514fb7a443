//! Documents → an index in a temporary folder → what each query finds in it.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Mutex, PoisonError, atomic::Ordering},
};

use tempfile::TempDir;

use super::{EvaluateError, Evaluation, Judgements, Options, Ranked, Run, Topic, measures::DEPTH, score};
use crate::{
    corpus::ReadError,
    index::{Index, IndexWriter},
    ingest::{self, Observer, Skip, Source, ingest},
    search::{Request, ranked_ids},
};

/// An index of the documents of a collection; its folder goes when this is dropped.
pub(super) struct Bench {
    pub(super) index: Index,
    _folder: TempDir,
}

impl Bench {
    /// Indexes documents, as `oba index` does.
    pub(super) fn index(documents: Source, options: Options) -> Result<Self, EvaluateError> {
        let folder = tempfile::tempdir().map_err(EvaluateError::file(&std::env::temp_dir()))?;
        let dir = folder.path().join("index");
        // Files are named as in an index that lies beside them, so that judgements can name them wherever that is.
        let (name, beside) = match &documents {
            Source::Path(path) => (path.display().to_string(), path.clone()),
            Source::Lines(name, _) => (name.clone(), PathBuf::from(".")),
        };
        let mut writer = IndexWriter::open(&dir, None)?;
        let watch = Watch { observer: options.observer, failure: Mutex::new(None) };
        let report = ingest(&mut writer, vec![documents], &beside, &ingest::Options::default(), &watch, options.stop)?;
        if let Some(skip) = watch.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(EvaluateError::Document(skip));
        }
        if report.documents == 0 {
            return Err(EvaluateError::NoDocuments(name));
        }
        writer.close()?;
        Ok(Self { index: Index::open(&dir)?, _folder: folder })
    }

    /// Asks the queries that have judgements and measures what they find.
    pub(super) fn evaluate(
        &self,
        topics: &[Topic],
        judgements: &Judgements,
        options: Options,
    ) -> Result<Evaluation, EvaluateError> {
        let mut run = Run::default();
        for topic in topics.iter().filter(|topic| judgements.of_query(&topic.id).is_some()) {
            if options.stop.load(Ordering::Relaxed) {
                return Err(EvaluateError::Stopped);
            }
            run.add(&topic.id, self.ask(&topic.text)?);
        }
        let queries = score(topics, judgements, &run);
        let asked: BTreeSet<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
        let unasked = judgements.queries().filter(|&id| !asked.contains(id)).map(str::to_owned).collect();
        let missing = self.missing(&queries.iter().map(|query| query.id.as_str()).collect::<Vec<_>>(), judgements)?;
        Ok(Evaluation { run, queries, unasked, missing })
    }

    /// What a query finds, as the service answers it.
    fn ask(&self, text: &str) -> Result<Vec<Ranked>, EvaluateError> {
        let ranked = ranked_ids(&self.index, &Request::new(text, Some(DEPTH), None, None)?)?;
        Ok(ranked.into_iter().map(|(document, score)| Ranked { document, score }).collect())
    }

    /// The documents that answer one of the queries and are not in the index.
    fn missing(&self, queries: &[&str], judgements: &Judgements) -> Result<BTreeSet<String>, EvaluateError> {
        let grades = queries.iter().filter_map(|id| judgements.of_query(id)).flatten();
        let answers: BTreeSet<&str> = grades.filter(|&(_, &grade)| grade > 0).map(|(id, _)| id.as_str()).collect();
        let mut missing = BTreeSet::new();
        for id in answers {
            if !self.index.document_exists(id)? {
                missing.insert(id.to_owned());
            }
        }
        Ok(missing)
    }
}

/// Passes on what an observer is told, and keeps the first document without which the figures would be others.
struct Watch<'o> {
    observer: &'o dyn Observer,
    failure: Mutex<Option<Box<Skip>>>,
}

impl Observer for Watch<'_> {
    fn found(&self, bytes: Option<u64>) {
        self.observer.found(bytes);
    }

    fn added(&self, bytes: u64) {
        self.observer.added(bytes);
    }

    fn skipped(&self, skip: &Skip, bytes: u64) {
        // What is empty, or no document at all, no query could have found.
        if matches!(skip.reason, ReadError::Empty | ReadError::NotText(_) | ReadError::Unsupported(_)) {
            self.observer.skipped(skip, bytes);
            return;
        }
        let told = Skip {
            name: skip.name.clone(),
            line: skip.line,
            is_part: skip.is_part,
            reason: ReadError::Walk(skip.reason.to_string()),
        };
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(Box::new(told));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::{ingest::Silent, search::search};

    #[test]
    fn what_is_measured_is_what_the_service_answers() {
        let documents = concat!(
            "{\"id\": \"a\", \"title\": \"Визит\", \"text\": \"Визит президента в Ташкент.\"}\n",
            "{\"id\": \"b\", \"text\": \"A visit to Tashkent, президент и его визиты.\"}\n",
            "{\"id\": \"c\", \"text\": \"В Ташкенте дождь.\"}\n",
        );
        let documents = Source::Lines("documents".into(), Box::new(documents.as_bytes()));
        let options = Options { observer: &Silent, stop: &AtomicBool::new(false) };
        let bench = Bench::index(documents, options).expect("an index");
        for text in ["визит", "визиты президента в Ташкенте", "\"визит президента\" -дождь", "visit +tashkent", "не и"]
        {
            let request = Request::new(text, Some(DEPTH), None, None).expect("in bounds");
            let answer = search(&bench.index, &request).expect("an answer");
            let shown: Vec<_> =
                answer.hits.into_iter().map(|hit| Ranked { document: hit.id, score: hit.score }).collect();
            assert_eq!(bench.ask(text).expect("an answer"), shown, "{text}");
        }
    }

    #[test]
    fn files_are_named_from_the_folder_above_the_documents() {
        let folder = tempfile::tempdir().expect("a folder");
        let corpus = folder.path().join("corpus");
        std::fs::create_dir_all(corpus.join("новости")).expect("writable");
        std::fs::write(corpus.join("новости/визит.txt"), "Визит завершился.").expect("writable");
        let options = Options { observer: &Silent, stop: &AtomicBool::new(false) };
        let bench = Bench::index(Source::Path(corpus), options).expect("an index");
        assert_eq!(bench.ask("визит").expect("an answer")[0].document, "corpus/новости/визит.txt");
    }
}

//! Questions with known answers → whether the snippet of the first document shows the sentence that answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use serde::Serialize;

use super::{
    AnswerPlace, Answers, Estimate, EvaluateError, Grouped, Options, Shown, Topic, answers::ByDocument, bench::Bench,
    collections, measures::real, read_topics,
};
use crate::{
    index::Index,
    ingest::Source,
    search::{Hit, Request, document, search},
    text::char_count,
};

/// What the snippet of one question shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnippetScores {
    /// The id of the question.
    pub id: String,
    /// The groups whose figures it counts in.
    pub groups: Vec<String>,
    /// Whether the first document is one that answers.
    pub is_first_right: bool,
    /// What its snippet shows; nothing where another document is the first.
    pub shown: Shown,
    /// How many characters the snippet of the first document has.
    pub characters: usize,
}

/// The means over a group of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnippetFigures {
    /// How many questions the means are of.
    pub questions: usize,
    /// The share of questions whose first document is one that answers: no snippet can show more.
    pub first_right: Estimate,
    /// The share of questions whose whole answering sentence is in the first document's snippet.
    pub sentence_shown: Estimate,
    /// The share of questions whose answer is shown where that sentence gives it.
    pub answer_shown: Estimate,
    /// How many characters are shown.
    pub characters: Estimate,
}

impl SnippetFigures {
    /// The means over questions.
    #[must_use]
    pub fn of<'s>(scores: impl IntoIterator<Item = &'s SnippetScores>) -> Self {
        let scores: Vec<&SnippetScores> = scores.into_iter().collect();
        let estimate = |measure: fn(&SnippetScores) -> f64| {
            Estimate::of(&scores.iter().map(|scores| measure(scores)).collect::<Vec<_>>())
        };
        Self {
            questions: scores.len(),
            first_right: estimate(|scores| f64::from(scores.is_first_right)),
            sentence_shown: estimate(|scores| f64::from(scores.shown.sentence)),
            answer_shown: estimate(|scores| f64::from(scores.shown.answer)),
            characters: estimate(|scores| real(scores.characters)),
        }
    }
}

/// What came of the questions of a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SnippetEvaluation {
    /// What the snippet of each question shows.
    pub questions: Vec<SnippetScores>,
    /// The questions that have answers and no text; they count for nothing.
    pub unasked: BTreeSet<String>,
    /// The questions whose answers their documents do not hold; they count for nothing.
    pub unanswered: BTreeSet<String>,
    /// The documents that answer a question and are not among the documents: they count as not found.
    pub missing: BTreeSet<String>,
}

impl SnippetEvaluation {
    /// The means, by group of questions and over all.
    #[must_use]
    pub fn figures(&self) -> Grouped<SnippetFigures> {
        Grouped::of(&self.questions, |scores| scores.groups.clone(), |scores| SnippetFigures::of(scores))
    }
}

/// Indexes documents into a temporary folder, asks every question whose answers are known and judges the snippet of the
/// first document by the rules of [`AnswerPlace`].
///
/// # Errors
/// As [`run()`](super::run()), answers in the place of judgements.
pub fn run_snippets(
    documents: Source,
    topics: &[Topic],
    answers: &Answers,
    options: Options,
) -> Result<SnippetEvaluation, EvaluateError> {
    check_answered(topics, answers)?;
    evaluate(&Bench::index(documents, options)?.index, topics, answers, options)
}

/// Evaluates the snippets of all collections in a folder that have `answers.jsonl`, by name; see [`collections()`].
///
/// # Errors
/// As [`run_snippets()`] and [`collections()`]; where no collection has answers, or a file of one cannot be read.
pub fn run_all_snippets(dir: &Path, options: Options) -> Result<Vec<(String, SnippetEvaluation)>, EvaluateError> {
    let mut by_documents: BTreeMap<PathBuf, Vec<(String, Vec<Topic>, Answers)>> = BTreeMap::new();
    for collection in collections(dir)? {
        let Some(answers) = collection.answers else { continue };
        let (topics, answers) = (read_topics(&collection.queries)?, Answers::read(&answers)?);
        check_answered(&topics, &answers)?;
        by_documents.entry(collection.documents).or_default().push((collection.name, topics, answers));
    }
    if by_documents.is_empty() {
        let reason = "no collection in it has answers.jsonl, by which snippets are judged".to_owned();
        return Err(EvaluateError::Collection { path: dir.to_owned(), reason });
    }
    let mut evaluations = Vec::new();
    for (documents, collections) in by_documents {
        let bench = Bench::index(Source::Path(documents), options)?;
        for (name, topics, answers) in collections {
            evaluations.push((name, evaluate(&bench.index, &topics, &answers, options)?));
        }
    }
    evaluations.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(evaluations)
}

fn check_answered(topics: &[Topic], answers: &Answers) -> Result<(), EvaluateError> {
    let is_any_answered = topics.iter().any(|topic| answers.of_question(&topic.id).is_some());
    if is_any_answered { Ok(()) } else { Err(EvaluateError::NothingAnswered) }
}

fn evaluate(
    index: &Index,
    topics: &[Topic],
    answers: &Answers,
    options: Options,
) -> Result<SnippetEvaluation, EvaluateError> {
    let asked: BTreeSet<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
    let unasked = answers.questions().filter(|id| !asked.contains(id)).map(str::to_owned).collect();
    let mut evaluation = SnippetEvaluation { unasked, ..SnippetEvaluation::default() };
    for topic in topics {
        let Some(answers) = answers.of_question(&topic.id) else { continue };
        if options.stop.load(Ordering::Relaxed) {
            return Err(EvaluateError::Stopped);
        }
        let places = places(index, topic, answers, &mut evaluation.missing)?;
        if places.values().all(Option::is_none) && places.len() == answers.len() {
            evaluation.unanswered.insert(topic.id.clone());
        } else {
            evaluation.questions.push(score(index, topic, &places)?);
        }
    }
    Ok(evaluation)
}

/// Where each document that answers a question does so; without those that are not in the index.
fn places<'a>(
    index: &Index,
    topic: &Topic,
    answers: &'a ByDocument,
    missing: &mut BTreeSet<String>,
) -> Result<BTreeMap<&'a str, Option<AnswerPlace>>, EvaluateError> {
    let mut places = BTreeMap::new();
    for (id, answers) in answers {
        match document(index, id)? {
            Some(document) => {
                places.insert(id.as_str(), AnswerPlace::find(&document.text, &topic.text, answers));
            }
            None => {
                missing.insert(id.clone());
            }
        }
    }
    Ok(places)
}

fn score(
    index: &Index,
    topic: &Topic,
    places: &BTreeMap<&str, Option<AnswerPlace>>,
) -> Result<SnippetScores, EvaluateError> {
    let answer = search(index, &Request::new(&topic.text, Some(1), None, None)?)?;
    let first = answer.hits.first();
    let passages = first.map(passages).unwrap_or_default();
    let place = first.and_then(|hit| places.get(hit.id.as_str()));
    let shown = place.and_then(Option::as_ref).map(|place| place.shown_by(passages.iter().map(String::as_str)));
    Ok(SnippetScores {
        id: topic.id.clone(),
        groups: topic.groups(),
        is_first_right: place.is_some(),
        shown: shown.unwrap_or_default(),
        characters: passages.iter().map(|passage| char_count(passage)).sum(),
    })
}

/// The passages that a hit shows, as a client puts them together.
fn passages(hit: &Hit) -> Vec<String> {
    hit.snippet.passages().map(|passage| passage.text().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::{evaluate::lines::Lines, ingest::Silent};

    fn topic(id: &str, text: &str, language: &str) -> Topic {
        Topic { id: id.into(), text: text.into(), language: Some(language.into()), kind: None }
    }

    /// A document whose answer stands far behind its beginning.
    fn document(id: &str, filler: &str, answer: &str) -> String {
        serde_json::json!({ "id": id, "text": format!("{}{answer} {}", filler.repeat(30), filler.repeat(30)) })
            .to_string()
    }

    fn evaluation(stop: bool) -> Result<SnippetEvaluation, EvaluateError> {
        let documents = [
            document("en", "It rained in the hills. ", "The visit to Tashkent ended on 9 May."),
            document("ru", "В горах шёл дождь. ", "Визит в Ташкент завершился 9 мая."),
        ];
        let topics = [
            topic("q1", "When did the visit to Tashkent end?", "en"),
            topic("q2", "Когда завершился визит в Ташкент?", "ru"),
            topic("q3", "Где шёл дождь?", "ru"),
            topic("q4", "Где вулканы?", "ru"),
            topic("q5", "Not a question with an answer", "en"),
            topic("q6", "Какой визит?", "ru"),
        ];
        let answers = concat!(
            "{\"id\": \"q1\", \"doc\": \"en\", \"answers\": [\"9 May\"]}\n",
            "{\"id\": \"q2\", \"doc\": \"ru\", \"answers\": [\"9 МАЯ\"]}\n",
            "{\"id\": \"q3\", \"doc\": \"en\", \"answers\": [\"hills\"]}\n",
            "{\"id\": \"q4\", \"doc\": \"gone\", \"answers\": [\"нигде\"]}\n",
            "{\"id\": \"q6\", \"doc\": \"ru\", \"answers\": [\"третий\"]}\n",
            "{\"id\": \"q9\", \"doc\": \"ru\", \"answers\": [\"9\"]}\n",
        );
        let answers = Answers::parse(&Lines::of(answers)).expect("valid");
        let documents = Source::Lines("documents".into(), Box::new(std::io::Cursor::new(documents.join("\n"))));
        run_snippets(documents, &topics, &answers, Options { observer: &Silent, stop: &AtomicBool::new(stop) })
    }

    #[test]
    fn the_first_documents_snippet_is_judged() {
        let evaluation = evaluation(false).expect("figures");
        let figures = evaluation.figures();
        for (language, questions, right) in [("en", 1, 1.0), ("ru", 3, 1.0 / 3.0)] {
            let figures = figures.groups[language];
            assert_eq!(figures.questions, questions, "{language}");
            for share in [figures.first_right, figures.sentence_shown, figures.answer_shown] {
                assert!((share.mean - right).abs() < 1e-9, "{language}: {figures:?}");
            }
        }
        assert!((100.0..=600.0).contains(&figures.groups["en"].characters.mean), "{figures:?}");
        assert_eq!(evaluation.unasked, BTreeSet::from(["q9".to_owned()]));
        assert_eq!(evaluation.unanswered, BTreeSet::from(["q6".to_owned()]));
        assert_eq!(evaluation.missing, BTreeSet::from(["gone".to_owned()]));
    }

    #[test]
    fn what_cannot_be_evaluated_is_refused() {
        assert!(matches!(evaluation(true), Err(EvaluateError::Stopped)));
        let documents = Source::Lines("documents".into(), Box::new("".as_bytes()));
        let options = Options { observer: &Silent, stop: &AtomicBool::new(false) };
        let refused = run_snippets(documents, &[topic("q", "визит", "ru")], &Answers::default(), options);
        assert!(matches!(refused, Err(EvaluateError::NothingAnswered)));
    }

    #[test]
    fn collections_without_answers_are_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
            std::fs::write(path, text).expect("writable");
        };
        write("b/corpus.jsonl", r#"{"id": "a", "text": "Визит начался в Москве. The visit began."}"#);
        write("b/queries.jsonl", r#"{"id": "q", "text": "визит"}"#);
        write("b/qrels.tsv", "q\t0\ta\t1\n");
        let options = Options { observer: &Silent, stop: &AtomicBool::new(false) };
        let refused = run_all_snippets(folder.path(), options).expect_err("refused").to_string();
        assert!(refused.ends_with("no collection in it has answers.jsonl, by which snippets are judged"), "{refused}");
        write("a/CORPUS", "b");
        write("a/queries.jsonl", r#"{"id": "q", "text": "Where was the visit?"}"#);
        write("a/qrels.tsv", "q\t0\ta\t1\n");
        write("a/answers.jsonl", r#"{"id": "q", "doc": "a", "answers": ["Москве"]}"#);
        let evaluations = run_all_snippets(folder.path(), options).expect("figures");
        let shown: Vec<_> =
            evaluations.iter().map(|(name, found)| (name.as_str(), found.questions[0].shown.sentence)).collect();
        assert_eq!(shown, [("a", true)]);
    }
}

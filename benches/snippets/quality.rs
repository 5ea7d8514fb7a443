//! Which part of the answers the snippets of either engine show, of the same first documents.

use std::path::Path;

use oba::{
    evaluate::{self, AnswerPlace, Answers, Collection, Estimate, Shown, SnippetFigures, SnippetScores, Topic},
    search::{Request, document, search},
    text::char_count,
};

use crate::engines::Engines;

/// The snippets that are compared, by name.
const VARIANTS: [&str; 4] = ["oba", "tantivy, 200", "tantivy, 600", "tantivy, 600 characters"];

/// Prints a table of shares for each collection in a folder that has answers.
pub fn measure(dir: &Path) {
    for collection in evaluate::collections(dir).expect("collections") {
        if let Some(answers) = &collection.answers {
            table(&collection, &Answers::read(answers).expect("answers"));
        }
    }
}

fn table(collection: &Collection, answers: &Answers) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engines = Engines::over(&collection.documents, folder.path());
    let topics = evaluate::read_topics(&collection.queries).expect("queries");
    let mut scores: [Vec<SnippetScores>; 4] = Default::default();
    for topic in &topics {
        for (scores, score) in scores.iter_mut().zip(judged(&engines, topic, answers).into_iter().flatten()) {
            scores.push(score);
        }
    }
    println!("{:23}  first right      sentence shown   answer shown     characters", collection.name);
    for (name, scores) in VARIANTS.iter().zip(&scores) {
        let figures = SnippetFigures::of(scores);
        let shares = [figures.first_right, figures.sentence_shown, figures.answer_shown].map(share).join("  ");
        println!("{name:23}  {shares}  {:.0}", figures.characters.mean);
    }
    println!("{} questions\n", scores[0].len());
}

fn share(Estimate { mean, standard_error }: Estimate) -> String {
    format!("{mean:.4} ± {:.4}", standard_error.unwrap_or_default())
}

/// What each variant shows of the first document of a question; `None` where its answer is not known.
fn judged(engines: &Engines, topic: &Topic, answers: &Answers) -> Option<[SnippetScores; 4]> {
    let answers = answers.of_question(&topic.id)?;
    let request = Request::new(&topic.text, Some(1), None, None).expect("in bounds");
    let first = search(&engines.oba, &request).expect("an answer").hits.into_iter().next();
    let text_of = |id: &str| document(&engines.oba, id).expect("readable").map(|found| found.text);
    let text = first.as_ref().and_then(|hit| text_of(&hit.id)).unwrap_or_default();
    let own = first.iter().flat_map(|hit| hit.snippet.passages()).map(|passage| passage.text().to_owned()).collect();
    // A question is no query: its marks would be read as signs.
    let words = topic.text.replace(|c: char| !c.is_alphanumeric(), " ");
    let bare = |size| vec![engines.bare.passage(&words, &text, size)];
    let wide = 600 * text.len() / char_count(&text).max(1);
    let variants: [Vec<String>; 4] = [own, bare(200), bare(600), bare(wide)];
    let right = first.as_ref().and_then(|hit| answers.get(&hit.id));
    let place = right.and_then(|answers| AnswerPlace::find(&text, &topic.text, answers));
    Some(variants.map(|passages| SnippetScores {
        id: topic.id.clone(),
        groups: Vec::new(),
        is_first_right: right.is_some(),
        shown: place.as_ref().map_or(Shown::default(), |place| place.shown_by(passages.iter().map(String::as_str))),
        characters: passages.iter().map(|passage| char_count(passage)).sum(),
    }))
}

//! `oba evaluate --snippets`: questions with known answers → a table of what snippets show of them.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use oba::evaluate::{self, Answers, Estimate, SnippetEvaluation, SnippetFigures};
use serde_json::json;

use super::{
    Failure,
    evaluate::{cell, rows, say_ids, watched, width},
    index::source,
};

/// Evaluates the snippets of one collection, whose answers lie beside its queries.
pub(super) fn one(documents: PathBuf, queries: &Path, stop: &AtomicBool, json: bool) -> Result<(), Failure> {
    let topics = evaluate::read_topics(queries)?;
    let answers = Answers::read(&queries.with_file_name(evaluate::ANSWERS))?;
    let evaluation = watched(stop, |options| evaluate::run_snippets(source(documents), &topics, &answers, options))?;
    note(&evaluation, "");
    let figures = evaluation.figures();
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&figures)?)?;
    } else {
        table(&mut out, &rows(&figures))?;
    }
    Ok(())
}

/// Evaluates the snippets of each collection of a folder that has answers.
pub(super) fn all(dir: &Path, stop: &AtomicBool, json: bool) -> Result<(), Failure> {
    let evaluations = watched(stop, |options| evaluate::run_all_snippets(dir, options))?;
    for (name, evaluation) in &evaluations {
        note(evaluation, &format!("{name}: "));
    }
    let figures: Vec<(&str, SnippetFigures)> =
        evaluations.iter().map(|(name, evaluation)| (name.as_str(), evaluation.figures().all)).collect();
    let mut out = io::stdout().lock();
    if json {
        let shown: serde_json::Map<_, _> =
            figures.iter().map(|(name, figures)| ((*name).to_owned(), json!(figures))).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    } else {
        let rows: Vec<_> = figures.iter().map(|(name, figures)| (*name, figures)).collect();
        table(&mut out, &rows)?;
    }
    Ok(())
}

/// Says what of the data counts for nothing.
fn note(evaluation: &SnippetEvaluation, of: &str) {
    say_ids(&evaluation.unasked, &format!("{of}answered questions without a text, which are left out"));
    say_ids(
        &evaluation.unanswered,
        &format!("{of}questions whose documents do not hold the answer, which are left out"),
    );
    say_ids(&evaluation.missing, &format!("{of}documents that answer a question and are not among the documents"));
}

fn table(out: &mut impl Write, rows: &[(&str, &SnippetFigures)]) -> io::Result<()> {
    let width = width(rows);
    writeln!(out, "{:width$}  questions  document first   sentence shown   answer shown     characters", "")?;
    for (name, figures) in rows {
        let SnippetFigures { questions, first_right, sentence_shown, answer_shown, characters } = figures;
        let shares = [first_right, sentence_shown, answer_shown]
            .map(|estimate| cell(estimate, &format!("{:.4}", estimate.mean)))
            .join("  ");
        writeln!(out, "{name:width$}  {questions:>9}  {shares}  {}", whole(characters))?;
    }
    Ok(())
}

/// A mean of characters with its standard error, where there is one.
fn whole(Estimate { mean, standard_error }: &Estimate) -> String {
    match standard_error {
        Some(error) => format!("{mean:.0} ± {error:.1}"),
        None => format!("{mean:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_below_their_headings() {
        let estimate = |mean, standard_error| Estimate { mean, standard_error };
        let one = SnippetFigures { questions: 1, sentence_shown: estimate(1.0, None), ..SnippetFigures::default() };
        let all = SnippetFigures {
            questions: 1190,
            answer_shown: estimate(0.876_54, Some(0.01)),
            characters: estimate(432.1, Some(1.26)),
            ..SnippetFigures::default()
        };
        let mut out = Vec::new();
        table(&mut out, &[("русский", &one), ("all", &all)]).expect("writable");
        let written = String::from_utf8(out).expect("UTF-8");
        assert_eq!(
            written.lines().collect::<Vec<_>>(),
            [
                "         questions  document first   sentence shown   answer shown     characters",
                "русский          1  0.0000           1.0000           0.0000           0",
                "all           1190  0.0000           0.0000           0.8765 ± 0.0100  432 ± 1.3",
            ]
        );
    }
}

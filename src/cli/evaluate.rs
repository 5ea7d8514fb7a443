//! `oba evaluate`: judged collections and known items → tables of figures.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use oba::evaluate::{self, Change, Estimate, Evaluation, Figures, Grouped, Judgements, KnownItems, Options, Run};
use serde_json::json;

use super::{
    Failure, Outcome,
    arguments::EvaluateArguments,
    index::{source, stop_on_signal},
    known_lists,
    progress::Progress,
    settings::Settings,
    snippets,
};

/// How many ids a note shows at most.
const SHOWN_IDS: usize = 3;

/// Evaluates what was asked for.
pub(super) fn evaluate(settings: &Settings, arguments: EvaluateArguments) -> Result<Outcome, Failure> {
    let stop = stop_on_signal()?;
    let json = arguments.json;
    match arguments {
        EvaluateArguments { all: Some(dir), snippets: true, .. } => snippets::all(&dir, &stop, json)?,
        EvaluateArguments { documents: Some(documents), queries: Some(queries), snippets: true, .. } => {
            snippets::one(documents, &queries, &stop, json)?;
        }
        EvaluateArguments { all: Some(dir), .. } => all(&dir, &stop, json)?,
        EvaluateArguments { detection: Some(texts), .. } => known_lists::detection(&texts, &stop, json)?,
        EvaluateArguments { stemming: Some(vocabulary), .. } => known_lists::stemming(&vocabulary, json)?,
        EvaluateArguments { names: Some(pairs), .. } => known_lists::names(&pairs, json)?,
        EvaluateArguments { spelling: Some(words), .. } => {
            known_lists::spelling(&settings.index.value, words, json)?;
        }
        EvaluateArguments { documents: Some(documents), known_items: Some(items), .. } => {
            known_items(documents, &items, &stop, json)?;
        }
        EvaluateArguments {
            documents: Some(documents),
            queries: Some(queries),
            judgements: Some(judgements),
            run,
            compare,
            ..
        } => {
            let files = Files { documents, queries, judgements, run, compare };
            judged(files, &stop, json)?;
        }
        // The parser of the arguments lets nothing else through.
        _ => {
            return Err(
                "give --documents with --queries and --judgements or --snippets, or with --known-items; or --all, --detection, --stemming, --names or --spelling"
                    .into(),
            );
        }
    }
    Ok(Outcome::Done)
}

/// The files of one judged collection, and of its runs.
struct Files {
    documents: PathBuf,
    queries: PathBuf,
    judgements: PathBuf,
    run: Option<PathBuf>,
    compare: Option<PathBuf>,
}

fn judged(files: Files, stop: &AtomicBool, json: bool) -> Result<(), Failure> {
    let topics = evaluate::read_topics(&files.queries)?;
    let judgements = Judgements::read(&files.judgements)?;
    let other = files.compare.as_deref().map(Run::read).transpose()?;
    let evaluation = watched(stop, |options| evaluate::run(source(files.documents), &topics, &judgements, options))?;
    note(&evaluation, "");
    if let Some(path) = &files.run {
        evaluation.run.write(path)?;
    }
    let figures = evaluation.figures();
    let change = other.map(|other| evaluation.change_from(&other, &judgements));
    let mut out = io::stdout().lock();
    if json {
        let shown = json!({ "groups": figures.groups, "all": figures.all, "change": change });
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
        return Ok(());
    }
    figures_table(&mut out, &rows(&figures))?;
    if let (Some(change), Some(path)) = (change, &files.compare) {
        writeln!(out, "\nChange from {}", path.display())?;
        change_table(&mut out, &rows(&change))?;
    }
    Ok(())
}

fn known_items(documents: PathBuf, items: &Path, stop: &AtomicBool, json: bool) -> Result<(), Failure> {
    let items = KnownItems::read(items)?;
    let evaluation =
        watched(stop, |options| evaluate::run(source(documents), &items.topics, &items.judgements, options))?;
    note(&evaluation, "");
    let figures = evaluation.figures();
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&figures)?)?;
    } else {
        figures_table(&mut out, &rows(&figures))?;
    }
    Ok(())
}

fn all(dir: &Path, stop: &AtomicBool, json: bool) -> Result<(), Failure> {
    let evaluations = watched(stop, |options| evaluate::run_all(dir, options))?;
    let figures: Vec<(&str, Figures)> =
        evaluations.iter().map(|(name, evaluation)| (name.as_str(), evaluation.figures().all)).collect();
    for (name, evaluation) in &evaluations {
        note(evaluation, &format!("{name}: "));
    }
    let mut out = io::stdout().lock();
    if json {
        let shown: serde_json::Map<_, _> =
            figures.iter().map(|(name, figures)| ((*name).to_owned(), json!(figures))).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    } else {
        let rows: Vec<_> = figures.iter().map(|(name, figures)| (*name, figures)).collect();
        figures_table(&mut out, &rows)?;
    }
    Ok(())
}

/// Does something that a bar shows and a signal stops.
pub(super) fn watched<T, E>(stop: &AtomicBool, work: impl FnOnce(Options) -> Result<T, E>) -> Result<T, E> {
    let progress = Progress::new(None);
    let done = work(Options { observer: &progress, stop });
    progress.finish();
    done
}

/// Says what of the data counts for nothing.
fn note(evaluation: &Evaluation, of: &str) {
    say_ids(&evaluation.unasked, &format!("{of}judged queries without a text, which are left out"));
    say_ids(&evaluation.missing, &format!("{of}documents that answer a query and are not among the documents"));
}

/// Says that there are such ids; nothing where there is none.
pub(super) fn say_ids(ids: &BTreeSet<String>, what: &str) {
    say(ids.iter().cloned(), ids.len(), what);
}

/// Says that there are so many of something, with the first of their names; nothing where there is none.
pub(super) fn say(names: impl Iterator<Item = String>, count: usize, what: &str) {
    if count > 0 {
        let shown: Vec<String> = names.take(SHOWN_IDS).collect();
        let more = if count > SHOWN_IDS { ", …" } else { "" };
        eprintln!("{what}: {count} ({}{more})", shown.join(", "));
    }
}

/// The rows of a table: each group, and all.
pub(super) fn rows<T>(grouped: &Grouped<T>) -> Vec<(&str, &T)> {
    let groups = grouped.groups.iter().map(|(name, value)| (name.as_str(), value));
    groups.chain([("all", &grouped.all)]).collect()
}

/// The width of the first column, in characters.
pub(super) fn width<T>(rows: &[(&str, T)]) -> usize {
    rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default()
}

fn figures_table(out: &mut impl Write, rows: &[(&str, &Figures)]) -> io::Result<()> {
    let width = width(rows);
    writeln!(out, "{:width$}  queries  nDCG@10          MRR@10           recall@100", "")?;
    for (name, figures) in rows {
        let Figures { queries, ndcg_at_10, mrr_at_10, recall_at_100 } = figures;
        let cells =
            [ndcg_at_10, mrr_at_10, recall_at_100].map(|estimate| cell(estimate, &format!("{:.4}", estimate.mean)));
        writeln!(out, "{name:width$}  {queries:>7}  {}", cells.join("  "))?;
    }
    Ok(())
}

fn change_table(out: &mut impl Write, rows: &[(&str, &Change)]) -> io::Result<()> {
    let width = width(rows);
    writeln!(out, "{:width$}  nDCG@10           MRR@10            recall@100           rose   fell", "")?;
    for (name, change) in rows {
        let Change { ndcg_at_10, mrr_at_10, recall_at_100, rose, fell } = change;
        let cells = [ndcg_at_10, mrr_at_10, recall_at_100].map(|estimate| cell(estimate, &signed(estimate.mean)));
        writeln!(out, "{name:width$}  {}  {rose:>5}  {fell:>5}", cells.join("  "))?;
    }
    Ok(())
}

/// A mean, as it is written, and its standard error, where there is one.
pub(super) fn cell(estimate: &Estimate, mean: &str) -> String {
    match estimate.standard_error {
        Some(error) => format!("{mean} ± {error:.4}"),
        None => format!("{mean}         "),
    }
}

/// A difference with its sign; one that is rounded to nothing has none.
fn signed(difference: f64) -> String {
    let written = format!("{difference:+.4}");
    if written == "-0.0000" { "+0.0000".to_owned() } else { written }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn lines(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<String> {
        let mut out = Vec::new();
        write(&mut out).expect("writable");
        String::from_utf8(out).expect("UTF-8").lines().map(|line| line.trim_end().to_owned()).collect()
    }

    #[test]
    fn figures_stand_below_their_headings() {
        let estimate = |mean, standard_error| Estimate { mean, standard_error };
        let one = Figures { queries: 1, ndcg_at_10: estimate(0.5, None), ..Figures::default() };
        let all = Figures { queries: 225, mrr_at_10: estimate(0.123_46, Some(0.01)), ..Figures::default() };
        let grouped = Grouped { groups: BTreeMap::from([("русский".to_owned(), one)]), all };
        assert_eq!(
            lines(|out| figures_table(out, &rows(&grouped))),
            [
                "         queries  nDCG@10          MRR@10           recall@100",
                "русский        1  0.5000           0.0000           0.0000",
                "all          225  0.0000           0.1235 ± 0.0100  0.0000",
            ]
        );
    }

    #[test]
    fn changes_have_signs() {
        let estimate = |mean| Estimate { mean, standard_error: Some(0.0) };
        let change = Change {
            ndcg_at_10: estimate(0.012_34),
            mrr_at_10: estimate(-0.5),
            recall_at_100: estimate(-0.000_001),
            rose: 12,
            fell: 3,
        };
        let grouped = Grouped { groups: BTreeMap::new(), all: change };
        assert_eq!(
            lines(|out| change_table(out, &rows(&grouped))),
            [
                "     nDCG@10           MRR@10            recall@100           rose   fell",
                "all  +0.0123 ± 0.0000  -0.5000 ± 0.0000  +0.0000 ± 0.0000     12      3",
            ]
        );
    }
}

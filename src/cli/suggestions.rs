//! `oba suggest` and `oba similar`.

use std::io::{self, Write};

use oba::{
    index::Index,
    search::{self, SimilarRequest, SuggestRequest},
};

use super::{
    Failure, Outcome,
    print::{self, Style},
    search_arguments::{SimilarArguments, SuggestArguments},
    settings::Settings,
};

/// Completes a query.
pub(super) fn suggest(settings: &Settings, arguments: &SuggestArguments) -> Result<Outcome, Failure> {
    let request = SuggestRequest::new(arguments.query.join(" "), arguments.limit, arguments.language)?;
    let answer = search::suggest(&Index::open(&settings.index.value)?, &request)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
    } else {
        for suggestion in &answer.suggestions {
            writeln!(out, "{}", print::one_line(&suggestion.text))?;
        }
    }
    Ok(outcome(answer.suggestions.is_empty(), arguments.json))
}

/// Shows the documents that are like one.
pub(super) fn similar(settings: &Settings, arguments: &SimilarArguments) -> Result<Outcome, Failure> {
    let request = SimilarRequest::new(&arguments.id, arguments.limit)?;
    let answer = search::similar(&Index::open(&settings.index.value)?, &request)?;
    let answer = answer.ok_or_else(|| format!("there is no document {:?}", arguments.id))?;
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
    } else {
        print::hits(&mut out, 1, &answer.hits, Style::of_stdout())?;
    }
    Ok(outcome(answer.hits.is_empty(), arguments.json))
}

fn outcome(is_empty: bool, json: bool) -> Outcome {
    if is_empty && !json {
        eprintln!("Nothing found.");
    }
    if is_empty { Outcome::Partly } else { Outcome::Done }
}

//! What was typed → what is done, printed and returned.

mod arguments;
mod commands;
mod evaluate;
mod known_lists;
mod print;
mod progress;
mod settings;
mod snippets;

use std::{io, process::ExitCode};

use clap::Parser;
use oba::{analysis::Rules, corpus::ReadOptions, index::Options};

use arguments::{Arguments, Command};
use settings::Settings;

/// What a command ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All was done, or something was found.
    Done,
    /// Finished with skips, or nothing was found.
    Partly,
}

/// Any failure of a command; its message is what the person sees.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match perform(arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(1),
        Err(error) if is_broken_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("oba: {error}");
            ExitCode::from(2)
        }
    }
}

fn perform(arguments: Arguments) -> Result<Outcome, Failure> {
    let settings = Settings::resolve(&arguments.settings)?;
    match arguments.command {
        Command::Index { paths, rebuild, no_lemmas, filterable, encoding, columns } => {
            let rules = no_lemmas.then_some(Rules { lemmas: false });
            let encoding = encoding.map(|encoding| encoding.0);
            let read = ReadOptions { encoding, columns, ..ReadOptions::default() };
            commands::index(&settings, paths, rebuild, Options { rules, filterable }, read)
        }
        Command::Search(search) => commands::search(&settings, &search),
        Command::Serve => commands::serve(&settings),
        Command::Analyze { text, json } => commands::analyze(&text.join(" "), json),
        Command::Stats { json } => commands::stats(&settings, json),
        Command::Config => commands::config(&settings),
        Command::ReadFiles { memory } => commands::read_files(memory),
        Command::Evaluate(arguments) => evaluate::evaluate(arguments),
    }
}

/// Whether whoever read our output has had enough of it (`oba search … | head`), which is no failure.
fn is_broken_pipe(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

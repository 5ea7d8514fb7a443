//! What was typed → what is done, printed and returned.

mod arguments;
mod backup;
mod commands;
mod evaluate;
mod guard_settings;
mod index;
mod keys;
mod known_lists;
mod logging;
mod print;
mod progress;
mod search_arguments;
mod settings;
mod snippets;
mod suggestions;
mod systemd;
mod target;
mod watch;

use std::{io, process::ExitCode};

use clap::Parser;

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
        Command::Index(arguments) => index::index(&settings, arguments),
        Command::Watch(arguments) => watch::watch(&settings, &arguments),
        Command::Delete { ids } => index::delete(&settings, &ids),
        Command::Search(search) => commands::search(&settings, &search),
        Command::Suggest(suggest) => suggestions::suggest(&settings, &suggest),
        Command::Similar(similar) => suggestions::similar(&settings, &similar),
        Command::Serve => commands::serve(&settings),
        Command::Analyze { text, json } => commands::analyze(&text.join(" "), json),
        Command::Stats { json } => commands::stats(&settings, json),
        Command::Keys { command } => keys::keys(&settings, &command),
        Command::Snapshot { dir } => backup::snapshot(&settings, &dir),
        Command::Restore { dir } => backup::restore(&settings, &dir),
        Command::Verify { json } => backup::verify(&settings, json),
        Command::Optimize => index::optimize(&settings),
        Command::Export(arguments) => backup::export(&settings, &arguments),
        Command::Config => commands::config(&settings),
        Command::ReadFiles { memory } => index::read_files(memory),
        Command::Evaluate(arguments) => evaluate::evaluate(&settings, arguments),
    }
}

/// Whether whoever read our output has had enough of it (`oba search … | head`), which is no failure.
fn is_broken_pipe(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

//! The command line: arguments in, exit code out. The only place that prints and exits.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

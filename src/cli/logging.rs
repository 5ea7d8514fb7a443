//! What the server tells its operator, on standard error.

use std::{
    io::{self, IsTerminal},
    str::FromStr,
};

use tracing_subscriber::EnvFilter;

/// In what form the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// A line of text for each event.
    Text,
    /// A line of JSON for each event.
    Json,
}

impl LogFormat {
    /// Its name in settings.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Auto, Self::Text, Self::Json].into_iter().find(|format| format.name() == name).ok_or(())
    }
}

/// Begins to write the log.
pub(super) fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_env("OBA_LOG").unwrap_or_else(|_| "info".into());
    let is_terminal = io::stderr().is_terminal();
    // A line that cannot be written, because the disk of the log is full, would be told of on standard error: that panics, for it
    // cannot be written either.
    let log = tracing_subscriber::fmt().log_internal_errors(false);
    let log = log.with_env_filter(filter).with_writer(io::stderr).with_ansi(is_terminal);
    if format == LogFormat::Json || (format == LogFormat::Auto && !is_terminal) {
        log.json().flatten_event(true).with_span_list(false).init();
    } else {
        log.init();
    }
}

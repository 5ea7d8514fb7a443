//! The whole program, as people meet it: through the command line and over HTTP. One file a subject.

mod architecture;
mod command_line;
mod counting;
mod explain;
mod faults;
mod filters;
mod folders;
mod formats;
mod http;
mod index;
mod judged;
mod languages;
mod live;
mod names;
mod page;
mod program;
mod query_language;
mod random_text;
mod repairs;
mod sample_corpus;
mod similar;
mod snippets;
mod suggestions;
mod walks;
mod words;

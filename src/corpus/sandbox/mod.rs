//! Files that are parsed in a process of their own, so that one that hangs a parser, overflows its stack or eats the memory costs
//! a line in the report and not the run.
//!
//! The process is this same program, told to [`serve`] requests on its standard input. It is kept from file to file, and
//! started anew after one that it did not survive.

mod child;
mod parent;
mod wire;

pub use child::serve;
pub use parent::{ProcessLimits, ReaderProcess};
pub use wire::next_part;

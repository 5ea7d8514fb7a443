//! Text without meaning: words and the gaps between them, normal forms, cutting by characters.
//!
//! Nothing here knows a language. Every position is a [`Span`] of **bytes** into the text that was given, always on
//! character boundaries; every limit counts **characters**, so that Russian letters weigh as much as English ones.

mod body;
mod characters;
mod headings;
mod normalize;
mod span;
mod words;

/// A text that stands where it is kept and not elsewhere in memory, where it is no longer than most words are (24 bytes): who compares or copies
/// it waits for memory once less.
pub use compact_str::CompactString as ShortText;

pub use body::body_start;
pub use characters::{char_count, head, is_invisible, is_stress_mark};
pub use headings::headings;
pub use normalize::normalize_word;
pub use span::Span;
pub use words::{Piece, Pieces, Word, Words, pieces, words};

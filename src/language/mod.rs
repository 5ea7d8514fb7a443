//! All that differs between languages, one folder each, as data in a [`Profile`].
//!
//! The alphabets of English and Russian share no letter, so the alphabet of a *word* tells its language with certainty;
//! words are therefore treated one by one, by [`Profile::of_alphabet`]. The language of a *document* is a [`Label`] that
//! [`detect()`] finds, for filters and facets. The language of a query is never guessed.

mod alphabet;
mod detect;
mod dictionary;
mod english;
mod keyboard;
mod label;
mod lookalike;
mod mistakes;
pub mod names;
mod neighbours;
mod pairs;
mod profile;
mod russian;
mod sentences;

pub use alphabet::Alphabet;
pub use detect::{Detection, Passage, Shares, detect, passages};
pub use keyboard::Keyboard;
pub use label::{Label, UnknownLabel};
pub use lookalike::mend;
pub use profile::{Profile, profiles};
pub use sentences::{end_before, end_behind, sentences};

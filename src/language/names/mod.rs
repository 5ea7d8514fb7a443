//! Names in the other alphabet: Lavrov and Лавров, Mirziyoyev and Мирзиёев, Google and Гугл.
//!
//! How a name is written in the other alphabet is known by two tables: [`Spelling`] compares words by the spellings that
//! their sounds have in both, letter by letter; [`known_names`] has the few that no rule gives.
//!
//! ```
//! use oba::language::names::{Spelling, known_names};
//! let lavrov = Spelling::of("lavrov").unwrap();
//! assert!(lavrov.cost_of("лавровым").is_some() && lavrov.cost_of("лаврентьев").is_none());
//! assert!(Spelling::of("лавров").unwrap().cost_of("lavrov").is_some());
//! assert_eq!(known_names("москв"), ["moscow"]);
//! ```

mod known;
mod rules;
mod spelling;
mod tail;

pub use known::known_names;
pub use spelling::{Rows, Spelling};

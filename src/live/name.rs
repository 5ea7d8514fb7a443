//! The name of an index, which becomes a part of addresses and the name of a folder.

use std::{fmt, str::FromStr};

/// The longest name, in bytes, of which each is a character.
const MAX_BYTES: usize = 64;

/// The name of an index: small Latin letters, digits, `-` and `_`, at most 64 of them, a letter or digit first. So it is one
/// part of a path, on every system, and never another index for being written otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexName(String);

/// A text that is no name of an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no name of an index; take small Latin letters, digits, - and _, at most {MAX_BYTES}, a letter or digit first"
)]
pub struct NotAnIndexName(String);

impl IndexName {
    /// The name of the index that the plain routes are of.
    pub const DEFAULT: &'static str = "default";

    /// The name as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is that of the index that the plain routes are of.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0 == Self::DEFAULT
    }
}

impl Default for IndexName {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl FromStr for IndexName {
    type Err = NotAnIndexName;

    fn from_str(text: &str) -> Result<Self, NotAnIndexName> {
        let is_name = (1..=MAX_BYTES).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
            && !text.starts_with(['-', '_']);
        if is_name { Ok(Self(text.to_owned())) } else { Err(NotAnIndexName(text.to_owned())) }
    }
}

impl fmt::Display for IndexName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_a_path_and_nothing_else() {
        for name in ["default", "a", "7", "press-2021", "novosti_ru", &"x".repeat(64)] {
            assert_eq!(name.parse::<IndexName>().expect(name).to_string(), name);
        }
        for wrong in [
            "",
            ".",
            "..",
            "a/b",
            "../a",
            "a\\b",
            "-a",
            "_a",
            "Press",
            "a b",
            "a.b",
            "новости",
            "a\0",
            "а",
            &"x".repeat(65),
        ] {
            assert!(wrong.parse::<IndexName>().is_err(), "{wrong:?}");
        }
    }
}

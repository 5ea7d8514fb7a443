//! What language a document is in, as far as a collection of English and Russian needs to know.

use std::{fmt, str::FromStr};

/// The language label of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// English.
    English,
    /// Russian.
    Russian,
    /// A real part in each of the two.
    Mixed,
    /// Another language, or nothing to tell a language by.
    Other,
}

impl Label {
    /// Every label, in the order in which facets list them.
    pub const ALL: [Self; 4] = [Self::English, Self::Russian, Self::Mixed, Self::Other];

    /// The code that indexes, answers and filters use: `en`, `ru`, `mixed`, `other`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Mixed => "mixed",
            Self::Other => "other",
        }
    }

    /// The label that a document declares for itself by a language tag, such as `ru`, `en-GB` or `ru_RU`. Tags of other
    /// languages are [`Label::Other`]; what is no tag at all is `None`.
    ///
    /// ```
    /// use oba::language::Label;
    /// assert_eq!(Label::from_tag("ru-RU"), Some(Label::Russian));
    /// assert_eq!(Label::from_tag("de"), Some(Label::Other));
    /// assert_eq!(Label::from_tag(""), None);
    /// ```
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_lowercase();
        match primary.as_str() {
            "en" | "eng" | "english" => Some(Self::English),
            "ru" | "rus" | "russian" => Some(Self::Russian),
            "mixed" | "mul" => Some(Self::Mixed),
            "other" => Some(Self::Other),
            "und" | "zxx" => None,
            code => (matches!(code.len(), 2 | 3) && code.is_ascii()).then_some(Self::Other),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language label; it is one of en, ru, mixed, other")]
pub struct UnknownLabel(pub String);

impl FromStr for Label {
    type Err = UnknownLabel;

    fn from_str(code: &str) -> Result<Self, UnknownLabel> {
        Self::ALL.into_iter().find(|label| label.code() == code).ok_or_else(|| UnknownLabel(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Label;

    #[test]
    fn codes_name_their_labels() {
        for label in Label::ALL {
            assert_eq!(label.code().parse(), Ok(label));
        }
        assert!("русский".parse::<Label>().is_err());
        assert!("EN".parse::<Label>().is_err());
    }

    #[test]
    fn tags_are_read_by_their_primary_part() {
        assert_eq!(Label::from_tag("en_US"), Some(Label::English));
        assert_eq!(Label::from_tag("RU"), Some(Label::Russian));
        assert_eq!(Label::from_tag("uk"), Some(Label::Other));
        assert_eq!(Label::from_tag("und"), None);
        assert_eq!(Label::from_tag("не знаю"), None);
    }
}

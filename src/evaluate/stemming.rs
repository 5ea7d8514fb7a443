//! A vocabulary with its stems (word, stem) → how many words of each language are stemmed alike, and which are not.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{EvaluateError, lines::Lines};
use crate::{
    language::{Alphabet, Label, Profile, profiles},
    text::normalize_word,
};

/// Words with the stems that another stemmer gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The words.
    pub words: Vec<KnownStem>,
    /// The numbers of the lines that are left out, because they have no two columns or their word no letter of a language
    /// that oba stems.
    pub left_out: Vec<usize>,
}

/// A word with its stem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStem {
    /// The language, by the alphabet of the word.
    pub language: Label,
    /// The word.
    pub word: String,
    /// Its stem by the vocabulary, without regard to letters that oba compares as others: е for ё.
    pub stem: String,
}

impl Vocabulary {
    /// Reads a vocabulary: columns parted by tabs, without a heading. `#` begins a comment.
    ///
    /// # Errors
    /// Where it cannot be read, and where no line has two columns.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        let vocabulary = Self::parse(&Lines::read(path)?);
        if vocabulary.words.is_empty() {
            let reason = "no line with two columns, parted by tabs: word stem";
            let source = io::Error::new(io::ErrorKind::InvalidData, reason);
            return Err(EvaluateError::File { path: PathBuf::from(path), source });
        }
        Ok(vocabulary)
    }

    fn parse(lines: &Lines) -> Self {
        let mut vocabulary = Self::default();
        for line in lines.iter().filter(|line| !line.text.starts_with('#')) {
            let known = line.text.split_once('\t').and_then(|(word, stem)| KnownStem::new(word.trim(), stem.trim()));
            match known {
                Some(known) => vocabulary.words.push(known),
                None => vocabulary.left_out.push(line.number()),
            }
        }
        vocabulary
    }
}

impl KnownStem {
    fn new(word: &str, stem: &str) -> Option<Self> {
        let profile = Profile::of_alphabet(Alphabet::of(word))?;
        Some(Self { language: profile.label, word: word.to_owned(), stem: folded(profile, stem) })
    }

    /// The stem that oba gives the word, where it is another.
    fn other_stem(&self) -> Option<String> {
        let profile = Profile::of_alphabet(Alphabet::of(&self.word))?;
        let stem = profile.stem(&folded(profile, &self.word));
        (stem != self.stem).then_some(stem)
    }
}

/// A word as it is compared.
fn folded(profile: &Profile, word: &str) -> String {
    let mut form = String::new();
    normalize_word(word, &mut form);
    profile.fold(&mut form);
    form
}

/// How far stems agree in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement<'v> {
    /// The language.
    pub language: Label,
    /// How many words there are.
    pub words: usize,
    /// The words whose stems differ, each with the stem that oba gives it.
    pub differences: Vec<(&'v KnownStem, String)>,
}

impl<'v> Agreement<'v> {
    /// Stems a vocabulary: an agreement for each language that it has words of.
    #[must_use]
    pub fn of(vocabulary: &'v Vocabulary) -> Vec<Self> {
        let of_language = |language| {
            let words = || vocabulary.words.iter().filter(move |known| known.language == language);
            let differences = words().filter_map(|known| Some((known, known.other_stem()?))).collect();
            Self { language, words: words().count(), differences }
        };
        let all = profiles().map(|profile| of_language(profile.label));
        all.into_iter().filter(|agreement| agreement.words > 0).collect()
    }

    /// How many words have the same stem.
    #[must_use]
    pub fn same(&self) -> usize {
        self.words - self.differences.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vocabulary_is_read_and_what_is_no_word_is_left_out() {
        let vocabulary =
            Vocabulary::parse(&Lines::of("# word stem\nёлки\tёлк\nconferences\tconfer\n''\t''\nодин столбец\n"));
        let words: Vec<_> = vocabulary.words.iter().map(|known| (known.language, known.stem.as_str())).collect();
        assert_eq!(words, [(Label::Russian, "елк"), (Label::English, "confer")]);
        assert_eq!(vocabulary.left_out, [4, 5]);
        assert!(Vocabulary::read(Path::new("/nonexistent")).is_err());
    }

    #[test]
    fn differences_are_told_by_language() {
        let vocabulary = Vocabulary::parse(&Lines::of("ёлки\tелк\nминистром\tминистер\nvisits\tvisit\nskies\tskie\n"));
        let [english, russian] = &Agreement::of(&vocabulary)[..] else { panic!("two languages") };
        assert_eq!((english.same(), english.words, russian.same(), russian.words), (1, 2, 1, 2));
        assert_eq!(english.differences[0].1, "sky");
        assert_eq!(
            (russian.differences[0].0.word.as_str(), russian.differences[0].1.as_str()),
            ("министром", "министр")
        );
    }
}

//! Pairs of names (Latin, Russian) → how many are taken for the same name, and how many that are not the same.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{EvaluateError, lines::Lines};
use crate::{
    analysis::Analyzer,
    language::{
        Alphabet,
        names::{Spelling, known_names},
    },
};

/// With how many names of other pairs each name is compared.
const OTHERS: usize = 100;

/// Names in both alphabets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownPairs {
    /// The pairs.
    pub pairs: Vec<KnownPair>,
    /// The numbers of the lines that are left out, because they have no two columns or a name in them is no single word of
    /// four letters and more.
    pub left_out: Vec<usize>,
}

/// A name in both alphabets, in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPair {
    /// The name in Latin letters.
    pub latin: String,
    /// Its spellings in Russian.
    pub russian: Vec<String>,
}

/// What came of comparing the names of pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct NameFigures<'p> {
    /// How many pairs there are.
    pub pairs: usize,
    /// Those of which no Russian spelling is found by the Latin one.
    pub not_found: Vec<&'p KnownPair>,
    /// How many are found the other way, by their first Russian spelling.
    pub found_by_russian: usize,
    /// How many pairs of names that are not the same were compared.
    pub compared: usize,
    /// How many of these were taken for the same.
    pub mistaken: usize,
}

impl KnownPairs {
    /// Reads pairs: two columns parted by tabs, several Russian spellings parted by `|`; further columns count for nothing.
    ///
    /// # Errors
    /// Where the file cannot be read, and where no line is a pair.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        let known = Self::parse(&Lines::read(path)?);
        if known.pairs.is_empty() {
            let reason = "no line with two columns, parted by tabs: Latin name, Russian name";
            let source = io::Error::new(io::ErrorKind::InvalidData, reason);
            return Err(EvaluateError::File { path: PathBuf::from(path), source });
        }
        Ok(known)
    }

    fn parse(lines: &Lines) -> Self {
        let mut analyzer = Analyzer::default();
        let mut known = Self::default();
        for line in lines.iter().filter(|line| !line.text.starts_with('#')) {
            match KnownPair::read(line.text, &mut analyzer) {
                Some(pair) => known.pairs.push(pair),
                None => known.left_out.push(line.number()),
            }
        }
        known
    }

    /// Compares the names of each pair, and each name with those of some other pairs.
    #[must_use]
    pub fn figures(&self) -> NameFigures<'_> {
        let mut analyzer = Analyzer::default();
        let mut figures = NameFigures {
            pairs: self.pairs.len(),
            not_found: Vec::new(),
            found_by_russian: 0,
            compared: 0,
            mistaken: 0,
        };
        let step = (self.pairs.len() / OTHERS).max(1);
        for (n, pair) in self.pairs.iter().enumerate() {
            let latin = Asked::new(&pair.latin, &mut analyzer);
            if !pair.russian.iter().any(|russian| latin.finds(russian)) {
                figures.not_found.push(pair);
            }
            let is_found =
                pair.russian.first().is_some_and(|first| Asked::new(first, &mut analyzer).finds(&pair.latin));
            figures.found_by_russian += usize::from(is_found);
            for other in self.pairs.iter().skip(n % step).step_by(step).filter(|other| !other.is_like(pair)) {
                figures.compared += 1;
                figures.mistaken += usize::from(other.russian.iter().any(|russian| latin.finds(russian)));
            }
        }
        figures
    }
}

impl KnownPair {
    fn read(line: &str, analyzer: &mut Analyzer) -> Option<Self> {
        let mut columns = line.split('\t');
        let latin = word(columns.next()?, Alphabet::Latin, analyzer)?;
        let russian = columns.next()?.split('|').filter_map(|name| word(name, Alphabet::Cyrillic, analyzer));
        let russian: Vec<String> = russian.collect();
        (!russian.is_empty()).then_some(Self { latin, russian })
    }

    /// Whether another pair has a name of this one.
    fn is_like(&self, other: &Self) -> bool {
        self.latin == other.latin || self.russian.iter().any(|name| other.russian.contains(name))
    }
}

/// The normal form of a name that is a single word of an alphabet.
fn word(name: &str, alphabet: Alphabet, analyzer: &mut Analyzer) -> Option<String> {
    let mut tokens = analyzer.tokens(name.trim());
    let only = tokens.next().filter(|_| tokens.next().is_none())?;
    let form = only.reading.form.to_string();
    (only.reading.alphabet == alphabet && Spelling::of(&form).is_some()).then_some(form)
}

/// A name that others are compared with.
struct Asked {
    spelling: Option<Spelling>,
    known: Vec<&'static str>,
}

impl Asked {
    fn new(form: &str, analyzer: &mut Analyzer) -> Self {
        let known = analyzer.reading(form).terms.iter().flat_map(|term| known_names(term)).copied().collect();
        Self { spelling: Spelling::of(form), known }
    }

    fn finds(&self, form: &str) -> bool {
        self.known.contains(&form) || self.spelling.as_ref().is_some_and(|spelling| spelling.cost_of(form).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_and_compared_both_ways() {
        let known = KnownPairs::parse(&Lines::of(
            "Lavrov\tЛавров\nMoscow\tМосква\tRU\nNew York\tНью-Йорк\nGdynia\tПознань|Гдыня\nHelsinki\tТарту\nLG\tЛГ\n",
        ));
        assert_eq!((known.pairs.len(), known.left_out.as_slice()), (4, [3, 6].as_slice()));
        let figures = known.figures();
        let missed: Vec<&str> = figures.not_found.iter().map(|pair| pair.latin.as_str()).collect();
        assert_eq!(missed, ["helsinki"]);
        assert_eq!((figures.pairs, figures.found_by_russian), (4, 2));
        assert_eq!((figures.compared, figures.mistaken), (12, 0));
        assert!(KnownPairs::read(Path::new("/nonexistent")).is_err());
    }
}

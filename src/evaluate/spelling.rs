//! Words of an index, damaged by rule → how many of them are repaired.
//!
//! Words of five letters and more that some documents hold are drawn alike, however frequent they are, and mistakes are made
//! in them at random places, the same in every run. A mistake that makes another word of the index or of the language, or one
//! that is found all the same, is made anew: nobody could tell it.

use super::EvaluateError;
use crate::{
    analysis::Analyzer,
    index::Index,
    language::{Label, Profile, profiles},
    query::repair::Vocabulary as _,
    search::{Answer, RepairMode, Request, search},
};

/// In how many documents a word stands at least that is drawn, and how many letters it has.
const MIN_DOCUMENTS: u64 = 5;
const MIN_LETTERS: usize = 5;
/// … for two mistakes.
const MIN_LETTERS_TWO: usize = 8;

/// How often a mistake is made anew before another word is drawn.
const TRIES: usize = 8;

/// A mistake in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistake {
    /// Another letter.
    Substitution,
    /// A letter less.
    Deletion,
    /// A letter more.
    Insertion,
    /// Two letters in the wrong order.
    Transposition,
    /// What people confuse in the language, or a letter doubled or not.
    Confusion,
    /// Two of the first four.
    Two,
}

impl Mistake {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Substitution, Self::Deletion, Self::Insertion, Self::Transposition, Self::Confusion, Self::Two];

    /// The name that figures use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Substitution => "substitution",
            Self::Deletion => "deletion",
            Self::Insertion => "insertion",
            Self::Transposition => "transposition",
            Self::Confusion => "confusion",
            Self::Two => "two",
        }
    }
}

/// What became of the words of a language with one kind of mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpellingFigures {
    /// The language.
    pub language: Label,
    /// The mistake.
    pub mistake: Mistake,
    /// How many words there are.
    pub words: usize,
    /// How many are searched for as they were meant, or in another form of the same word.
    pub mended: usize,
    /// How many of these in the very form.
    pub same_form: usize,
    /// How many more are suggested as they were meant, or in another form of the same word.
    pub suggested: usize,
    /// What was meant, what was typed and what was searched for, where that is another word.
    pub wrong: Vec<[String; 3]>,
    /// What was meant and what was typed, where nothing is searched for in its place and nothing right suggested.
    pub left: Vec<[String; 2]>,
}

/// Damages so many words of each language for each kind of mistake, and asks the index for them.
///
/// # Errors
/// Where the index cannot be read.
pub fn spelling(index: &Index, words: usize) -> Result<Vec<SpellingFigures>, EvaluateError> {
    let forms = index.forms(MIN_DOCUMENTS)?;
    let mut analyzer = Analyzer::new(index.rules());
    let mut all = Vec::new();
    for profile in profiles() {
        let fits = |form: &str| form.chars().all(|c| profile.letters.contains(c)) && !profile.is_stop_word(form);
        for mistake in Mistake::ALL {
            let least = if mistake == Mistake::Two { MIN_LETTERS_TWO } else { MIN_LETTERS };
            let forms = forms.iter().map(|(form, _)| form.as_str());
            let forms: Vec<&str> = forms.filter(|form| fits(form) && form.chars().count() >= least).collect();
            let mut figures = SpellingFigures {
                language: profile.label,
                mistake,
                words: 0,
                mended: 0,
                same_form: 0,
                suggested: 0,
                wrong: Vec::new(),
                left: Vec::new(),
            };
            let mut numbers = Numbers(7);
            // More draws than words, as some words cannot be damaged so.
            for _ in 0..words * TRIES {
                if forms.is_empty() || figures.words == words {
                    break;
                }
                let form = forms[numbers.below(forms.len())];
                let mut damaged = (0..TRIES).filter_map(|_| damage(form, mistake, profile, &mut numbers));
                if let Some(typed) = damaged.find(|typed| is_lost(typed, form, profile, index, &mut analyzer)) {
                    figures.count(form, &typed, index, &mut analyzer)?;
                }
            }
            all.push(figures);
        }
    }
    Ok(all)
}

/// Whether a damaged word is no word of the index or of the language, and not found by what is left of it.
fn is_lost(typed: &str, meant: &str, profile: &Profile, index: &Index, analyzer: &mut Analyzer) -> bool {
    let (typed, meant) = (analyzer.reading(typed), analyzer.reading(meant));
    !profile.is_word(&typed.form)
        && typed.form != meant.form
        && index.documents_as_typed(&typed) == 0
        && typed.answers(&meant).is_none()
}

impl SpellingFigures {
    fn count(&mut self, form: &str, typed: &str, index: &Index, analyzer: &mut Analyzer) -> Result<(), EvaluateError> {
        // Every word is in bounds.
        let Ok(request) = Request::new(typed, Some(1), None, None) else { return Ok(()) };
        let Answer { repairs, .. } = search(index, &request.with_repair(RepairMode::Auto))?;
        let meant = analyzer.reading(form);
        let mut is_meant = |repaired: &str| analyzer.reading(repaired).answers(&meant).is_some();
        self.words += 1;
        match (repairs.searched_query, repairs.suggested_query) {
            (Some(searched), _) if is_meant(&searched) => {
                self.mended += 1;
                self.same_form += usize::from(searched == form);
            }
            (Some(searched), _) => self.wrong.push([form.to_owned(), typed.to_owned(), searched]),
            (None, Some(suggested)) if is_meant(&suggested) => self.suggested += 1,
            (None, _) => self.left.push([form.to_owned(), typed.to_owned()]),
        }
        Ok(())
    }
}

/// A word with a mistake in it; `None` where there is no place for one.
fn damage(form: &str, mistake: Mistake, profile: &Profile, numbers: &mut Numbers) -> Option<String> {
    let mut letters: Vec<char> = form.chars().collect();
    let alphabet: Vec<char> =
        profile.letters.chars().filter(|c| profile.folds.iter().all(|(fold, _)| fold != c)).collect();
    let any = alphabet[numbers.below(alphabet.len())];
    let at = numbers.below(letters.len());
    match mistake {
        Mistake::Substitution => letters[at] = any,
        Mistake::Deletion => drop(letters.remove(at)),
        Mistake::Insertion => letters.insert(numbers.below(letters.len() + 1), any),
        Mistake::Transposition => letters.swap(at, at.checked_sub(1)?),
        Mistake::Confusion => return confused(form, profile, numbers),
        Mistake::Two => {
            let mut kind = || Mistake::ALL[numbers.below(4)];
            let (first, second) = (kind(), kind());
            return damage(&damage(form, first, profile, numbers)?, second, profile, numbers);
        }
    }
    Some(letters.into_iter().collect())
}

/// A word with what people confuse.
fn confused(form: &str, profile: &Profile, numbers: &mut Numbers) -> Option<String> {
    let both = profile.confusions.iter().flat_map(|&(one, other)| [(one, other), (other, one)]);
    let places = both.filter(|(from, _)| !from.is_empty()).flat_map(|(from, to)| {
        form.match_indices(from).map(move |(at, _)| format!("{}{to}{}", &form[..at], &form[at + from.len()..]))
    });
    let letters: Vec<char> = form.chars().collect();
    let doubled = (1..letters.len()).map(|at| {
        let mut letters = letters.clone();
        if letters[at] == letters[at - 1] {
            letters.remove(at);
        } else {
            letters.insert(at, letters[at]);
        }
        letters.into_iter().collect::<String>()
    });
    let all: Vec<String> = places.chain(doubled).collect();
    (!all.is_empty()).then(|| all[numbers.below(all.len())].clone())
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // 31 bits.
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }
}

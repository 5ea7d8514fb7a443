//! Text → terms: the one place where index, query and snippet get their terms.
//!
//! Each word is treated by the rules of the alphabet that it is written in, whatever stands around it: look-alike letters
//! mended, normal form, folded letters, then the stems of its lemmas. So a word that is found is a word that is marked,
//! and one field serves both languages. A compound («научно-технический», U.N., 1 000 000, an e-mail address) is its parts
//! and, at the place of the first, the whole.
//!
//! ```
//! let mut analyzer = oba::analysis::Analyzer::default();
//! let terms: Vec<_> = analyzer.tokens("Министром conferences").map(|token| token.reading.terms[0].clone()).collect();
//! assert_eq!(terms, ["министр", "confer"]);
//! ```

mod compound;
mod names;
mod reading;
mod rules;

pub use names::Names;
pub use reading::{Reading, Route, Terms};
pub use rules::Rules;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use crate::text::{ShortText, Span, Word, Words, words};
use compound::Whole;

/// The longest term, in characters; of longer words the first so many count, in documents and queries alike. The
/// longest words of dictionaries have about 60; what is longer is encoded data.
pub const MAX_TERM_CHARS: usize = 128;

/// How many readings are remembered: the 64,000 most frequent forms are all words of English and 98 in 100 of Russian.
const REMEMBERED: usize = 64_000;

/// How many compounds are remembered, of which there are ever new ones: addresses, versions, numbers.
const REMEMBERED_COMPOUNDS: usize = 16_000;

/// The longest compound that is remembered, in bytes.
const MAX_REMEMBERED_BYTES: usize = 64;

/// A word of a text, or a compound, with what search knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// The word as written, and where.
    pub word: Word<'t>,
    /// Its number among the words of the text, from 0; that of its first part for a compound.
    pub position: usize,
    /// What it is indexed and searched by.
    pub reading: Arc<Reading>,
    /// Whether it is a compound, beside its parts.
    pub is_compound: bool,
}

/// Turns text into tokens, and remembers the readings of words that it has met.
#[derive(Debug, Default)]
pub struct Analyzer {
    rules: Rules,
    readings: HashMap<ShortText, Arc<Reading>, foldhash::fast::RandomState>,
    /// What runs of joined words are together, by how they are written.
    compounds: HashMap<ShortText, Arc<[Compound]>, foldhash::fast::RandomState>,
}

/// A compound in a run of joined words.
#[derive(Debug)]
struct Compound {
    /// The numbers of its first and last part in the run.
    first: usize,
    last: usize,
    reading: Arc<Reading>,
}

impl Clone for Analyzer {
    /// An analyzer of the same rules, which has met no word yet.
    fn clone(&self) -> Self {
        Self::new(self.rules)
    }
}

impl Analyzer {
    /// An analyzer of these rules.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// How many words and compounds it remembers.
    #[must_use]
    pub fn words(&self) -> usize {
        self.readings.len() + self.compounds.len()
    }

    /// The tokens of a text, in order; a compound comes before its parts.
    pub fn tokens<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        let mut words = words(text);
        let next = words.next();
        Tokens { analyzer: self, text, words, next, position: 0, parts: Vec::new(), ready: VecDeque::new() }
    }

    /// The words of a text that stand in it as names do, in order.
    pub fn names<'a>(&'a mut self, text: &'a str) -> Names<'a> {
        Names::new(self, text)
    }

    /// What search knows of one word.
    pub fn reading(&mut self, word: &str) -> Arc<Reading> {
        if let Some(reading) = self.readings.get(word) {
            return Arc::clone(reading);
        }
        let reading = Arc::new(Reading::of(word, self.rules));
        if self.readings.len() < REMEMBERED && word.len() <= MAX_TERM_CHARS {
            self.readings.insert(word.into(), Arc::clone(&reading));
        }
        reading
    }

    /// The compounds in a run of joined words, outermost first.
    fn compounds(&mut self, text: &str, parts: &[Word<'_>]) -> Arc<[Compound]> {
        let run = &text[parts[0].span.start..parts[parts.len() - 1].span.end];
        if let Some(compounds) = self.compounds.get(run) {
            return Arc::clone(compounds);
        }
        let reading = |whole: &Whole| Arc::new(Reading::of_whole(&whole.form, whole.is_acronym, self.rules));
        let wholes = compound::wholes(text, parts).into_iter();
        let compounds: Arc<[_]> =
            wholes.map(|whole| Compound { first: whole.first, last: whole.last, reading: reading(&whole) }).collect();
        if self.compounds.len() < REMEMBERED_COMPOUNDS && run.len() <= MAX_REMEMBERED_BYTES {
            self.compounds.insert(run.into(), Arc::clone(&compounds));
        }
        compounds
    }
}

/// Iterator over the tokens of a text; see [`Analyzer::tokens`].
#[derive(Debug)]
pub struct Tokens<'a> {
    analyzer: &'a mut Analyzer,
    text: &'a str,
    words: Words<'a>,
    next: Option<Word<'a>>,
    position: usize,
    /// Room for the parts of a compound.
    parts: Vec<Word<'a>>,
    ready: VecDeque<Token<'a>>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(token) = self.ready.pop_front() {
            return Some(token);
        }
        let word = self.next?;
        self.next = self.words.next();
        let Some(next) = self.next else { return Some(self.part(word, None)) };
        if compound::joins(&self.text[word.span.end..next.span.start]) {
            self.compound(word);
            return self.ready.pop_front();
        }
        Some(self.part(word, Some(next)))
    }
}

impl<'a> Tokens<'a> {
    /// The token of a word on its own.
    fn part(&mut self, word: Word<'a>, next: Option<Word<'a>>) -> Token<'a> {
        let mut reading = self.analyzer.reading(word.text);
        if reading.is_stop_word && self.is_name(word, next) {
            reading = Arc::new(Reading::of_acronym(&reading));
        }
        self.token(word, reading, false)
    }

    fn token(&mut self, word: Word<'a>, reading: Arc<Reading>, is_compound: bool) -> Token<'a> {
        let position = self.position;
        self.position += usize::from(!is_compound);
        Token { word, position, reading, is_compound }
    }

    /// Makes ready the tokens of a run of words that are joined by signs: the wholes, each before its parts.
    fn compound(&mut self, first: Word<'a>) {
        let mut parts = std::mem::take(&mut self.parts);
        parts.clear();
        parts.push(first);
        while let Some(next) = self.next {
            let last = parts[parts.len() - 1];
            if parts.len() == compound::MAX_PARTS || !compound::joins(&self.text[last.span.end..next.span.start]) {
                break;
            }
            parts.push(next);
            self.next = self.words.next();
        }
        let compounds = self.analyzer.compounds(self.text, &parts);
        for (n, part) in parts.iter().enumerate() {
            for Compound { first, last, reading } in compounds.iter().filter(|compound| compound.first == n) {
                let span = Span::new(parts[*first].span.start, parts[*last].span.end);
                let whole = self.token(Word { span, text: span.of(self.text) }, Arc::clone(reading), true);
                self.ready.push_back(whole);
            }
            let part = self.part(*part, parts.get(n + 1).copied());
            self.ready.push_back(part);
        }
        self.parts = parts;
    }

    /// Whether a function word is a name here: US among words that are not all in capitals, or an initial (А. С. Пушкин).
    fn is_name(&self, word: Word<'_>, next: Option<Word<'_>>) -> bool {
        let is_upper = |text: &str| !text.contains(char::is_lowercase) && text.contains(char::is_uppercase);
        if !is_upper(word.text) {
            return false;
        }
        let after = &self.text[word.span.end..];
        if word.text.chars().count() == 1 {
            return after.starts_with('.') && word.text != "I";
        }
        reading::is_known_acronym(word.text) && next.is_none_or(|next| !is_upper(next.text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first term of each token.
    fn terms(text: &str) -> Vec<String> {
        Analyzer::default().tokens(text).map(|token| token.reading.terms[0].to_string()).collect()
    }

    #[test]
    fn each_word_is_stemmed_by_the_rules_of_its_alphabet() {
        assert_eq!(terms("Как запускать Docker containers"), ["как", "запуска", "docker", "contain"]);
    }

    #[test]
    fn forms_of_a_word_share_their_term() {
        for group in [
            "министр министра министром",
            "conference conferences",
            "Росси\u{301}я россия РОССИИ",
            "ёлка елка елкой",
            "визит визита визиты",
            "люди человек людьми",
            "go went gone",
        ] {
            let terms = terms(group);
            assert!(terms.iter().all(|term| *term == terms[0]), "{group}: {terms:?}");
        }
    }

    #[test]
    fn an_ambiguous_form_has_the_terms_of_all_its_lemmas() {
        let mut analyzer = Analyzer::default();
        assert_eq!(analyzer.reading("стали").terms.len(), 2, "стать and сталь");
        assert_eq!(analyzer.reading("стол").terms.len(), 1);
    }

    #[test]
    fn short_i_is_a_letter_of_its_own() {
        assert_ne!(terms("йод"), terms("иод"));
        assert_eq!(terms("чаи\u{306}"), terms("чай"));
    }

    #[test]
    fn long_words_are_cut_by_characters_in_both_alphabets() {
        for letter in ["x", "ж"] {
            let [term] = &terms(&letter.repeat(5_000))[..] else { panic!("one word, one term") };
            assert_eq!(term.chars().count(), MAX_TERM_CHARS);
        }
    }

    #[test]
    fn function_words_are_known_in_both_languages() {
        let mut analyzer = Analyzer::default();
        let stop = analyzer.tokens("The visit и визит её").filter(|t| t.reading.is_stop_word);
        assert_eq!(stop.map(|t| t.reading.form.clone()).collect::<Vec<_>>(), ["the", "и", "ее"]);
    }

    #[test]
    fn names_in_capitals_are_no_function_words() {
        let stop = |text: &str| Analyzer::default().tokens(text).filter(|t| t.reading.is_stop_word).count();
        assert_eq!((stop("told us"), stop("the US economy"), stop("US"), stop("TOLD US SO")), (1, 1, 0, 2));
        assert_eq!(stop("А. С. Пушкин"), 0);
        assert_eq!(stop("а с Пушкиным"), 2);
        assert_eq!(terms("U.S."), ["us=", "u", "s"]);
        assert_eq!(terms("US"), ["us="]);
        assert_eq!(terms("U.N. UN"), ["un", "u", "n", "un"]);
    }

    #[test]
    fn no_lemmas_leaves_the_stems() {
        let mut analyzer = Analyzer::new(Rules { lemmas: false });
        assert_ne!(analyzer.reading("люди").terms, analyzer.reading("человек").terms);
        assert_eq!(analyzer.reading("министром").terms, analyzer.reading("министра").terms);
    }

    proptest! {
        #[test]
        fn any_text_is_analysed_and_no_term_is_empty(text in "[a-zа-яA-ZА-Я0-9'.,@:/_\u{301}\u{A0} -]{0,60}|\\PC{0,60}") {
            let mut analyzer = Analyzer::default();
            let mut position = 0;
            for token in analyzer.tokens(&text) {
                prop_assert_eq!(token.position, position);
                position += usize::from(!token.is_compound);
                prop_assert_eq!(token.word.span.of(&text), token.word.text);
                prop_assert!(!token.reading.form.is_empty() && !token.reading.terms.is_empty());
                prop_assert!(token.reading.terms.iter().all(|term| !term.is_empty()));
                prop_assert!(token.reading.terms.iter().all(|term| term.chars().count() <= MAX_TERM_CHARS + 1));
            }
            prop_assert_eq!(position, words(&text).count());
            // What it remembers of words and compounds is what it read.
            let text = format!("{text} {text}, U.S. e-mail 1,000 научно-технический");
            let mut anew = Analyzer::default();
            prop_assert!(anew.tokens(&text).eq(analyzer.tokens(&text)));
        }
    }
}

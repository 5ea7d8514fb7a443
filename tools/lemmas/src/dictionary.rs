//! Reading every word form of ruMorph's dictionary.
//!
//! The crate has no iterator over its words, but its file is a list of sections, each a little-endian `u64` length, the
//! bytes, and zeros up to a multiple of eight, after a header of 16 bytes. Section 4 is the alphabet (the byte of a
//! letter is its number, from one), section 10 the `fst` of the folded word forms. The rest is left to the crate.

use fst::Streamer as _;
use rumorph::Dictionary;

/// Number of the section with the alphabet.
const ALPHABET: usize = 4;
/// Number of the section with the automaton of the word forms.
const WORDS: usize = 10;
/// Length of the file's header.
const HEADER: usize = 16;

/// What a reading of a form is, as far as the table cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A noun that is no name.
    Noun,
    /// A first name, patronymic, surname or place.
    Name,
    /// An adjective.
    Adjective,
    /// An adverb or predicative.
    Adverb,
    /// A verb in a finite form or the infinitive.
    Verb,
    /// A participle; its lemma is the verb.
    Participle,
    /// A gerund (деепричастие); its lemma is the verb.
    Gerund,
    /// A numeral.
    Numeral,
    /// Pronouns, prepositions, conjunctions, particles, interjections.
    Function,
}

impl Class {
    /// Whether a form of a verb.
    pub fn is_verbal(self) -> bool {
        matches!(self, Self::Verb | Self::Participle | Self::Gerund)
    }

    /// Whether a noun or name.
    pub fn is_nominal(self) -> bool {
        matches!(self, Self::Noun | Self::Name)
    }
}

/// One lexeme that a form can belong to.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The lexeme's lemma, with ё folded to е.
    pub lemma: String,
    /// The part of speech.
    pub class: Class,
    /// Whether an ordinary adjective (no possessive such as мамин), or a noun declined like one.
    pub adjectival: bool,
    /// Whether a noun or name that is not declined.
    pub indeclinable: bool,
    /// Whether a name that is a woman's surname.
    pub female_surname: bool,
    /// P(reading | form); 0 for every reading where the dictionary knows no frequencies of the form.
    pub probability: f64,
}

/// An error with its explanation.
pub type Error = Box<dyn std::error::Error>;

/// Folds ё to е, as oba does before it looks a word up.
pub fn fold(word: &str) -> String {
    word.replace('ё', "е")
}

/// Calls `visit` for each folded form of Russian letters alone, in alphabetical order, with its readings (never none).
/// Abbreviations (см, г) and colloquial vocatives (Маш, пап) are no readings.
pub fn for_each_form(mut visit: impl FnMut(&str, &[Reading])) -> Result<(), Error> {
    let dictionary = Dictionary::bundled()?;
    let file = rumorph_dict_ru::DICTIONARY;
    let alphabet: Vec<char> = std::str::from_utf8(section(file, ALPHABET)?)?.chars().collect();
    let words = fst::Map::new(section(file, WORDS)?)?;
    let mut keys = words.stream();
    while let Some((key, _)) = keys.next() {
        let form: Option<String> =
            key.iter().map(|&byte| alphabet.get(usize::from(byte).checked_sub(1)?).copied()).collect();
        let form = form.ok_or("a letter outside the dictionary's alphabet")?;
        if is_russian(&form) {
            let readings = readings(&dictionary, &form);
            if !readings.is_empty() {
                visit(&form, &readings);
            }
        }
    }
    Ok(())
}

/// Whether a word is not empty and of the letters а to я alone.
fn is_russian(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| ('а'..='я').contains(&letter))
}

/// The bytes of one section of the dictionary's file.
fn section(file: &[u8], number: usize) -> Result<&[u8], Error> {
    let mut at = HEADER;
    for _ in 0..number {
        at = section_at(file, at)?.end.next_multiple_of(8);
    }
    Ok(&file[section_at(file, at)?])
}

/// Where the bytes of the section that begins at `at` lie.
fn section_at(file: &[u8], at: usize) -> Result<std::ops::Range<usize>, Error> {
    let length = file.get(at..at + 8).ok_or("the dictionary's file ends early")?;
    let length = usize::try_from(u64::from_le_bytes(length.try_into()?))?;
    let range = at + 8..at + 8 + length;
    if range.end > file.len() {
        return Err("a section of the dictionary's file is cut off".into());
    }
    Ok(range)
}

/// The readings of `form`, merged by lemma and class.
fn readings(dictionary: &Dictionary, form: &str) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    for analysis in dictionary.candidate_analyses(form) {
        let Some(tag) = dictionary.ud_tag(analysis.ud) else {
            continue;
        };
        let grammemes = analysis.tag.and_then(|number| dictionary.tag(number)).unwrap_or_default();
        let has = |name: &str| grammemes.split([',', ' ']).any(|grammeme| grammeme == name);
        let lemma = fold(&analysis.lemma);
        if tag.feat("Abbr").is_some() || has("Abbr") || has("voct") || !is_russian(&lemma) {
            continue;
        }
        let class = match (tag.pos(), tag.feat("VerbForm")) {
            (_, Some("Part")) => Class::Participle,
            (_, Some("Conv")) => Class::Gerund,
            ("VERB" | "AUX", _) if !has("INTJ") => Class::Verb,
            ("NOUN", _) => Class::Noun,
            ("PROPN", _) => Class::Name,
            ("ADJ", _) => Class::Adjective,
            // Как, так, где, потом: pronouns in all but name; много and больше are not.
            ("ADV", _) if tag.feat("PronType").is_some_and(|kind| kind != "Tot") => Class::Function,
            ("ADV", _) => Class::Adverb,
            ("NUM", _) => Class::Numeral,
            _ => Class::Function,
        };
        let new = Reading {
            adjectival: match class {
                Class::Adjective => !has("Poss"),
                Class::Noun => ends_like_adjective(&lemma),
                _ => false,
            },
            indeclinable: class.is_nominal() && has("Fixd"),
            female_surname: class == Class::Name && tag.feat("NameType") == Some("Sur") && has("femn"),
            probability: analysis.prob,
            class,
            lemma,
        };
        match readings.iter_mut().find(|known| known.lemma == new.lemma && known.class == new.class) {
            Some(known) => {
                known.probability += new.probability;
                known.adjectival |= new.adjectival;
                known.indeclinable &= new.indeclinable;
                known.female_surname &= new.female_surname;
            }
            None => readings.push(new),
        }
    }
    readings
}

/// Whether a noun looks like an adjective: рабочий, столовая, целое, данные, but not санаторий, шея, здание.
fn ends_like_adjective(lemma: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| lemma.ends_with(ending));
    ends(&["ый", "ой", "ая", "яя", "ое", "ее", "ые"])
        || ends(&["кий", "гий", "хий", "чий", "щий", "жий", "ший", "ний", "щие", "кие"])
}

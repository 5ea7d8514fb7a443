//! Which terms a word form is indexed under.
//!
//! A *unit* is what is to be found together: all lexemes with one (folded) lemma. Its term is the Snowball stem of the
//! lemma. Where units that have nothing to do with each other share a stem (пол, поле), one of them, the owner, keeps
//! it; each other gets its whole lemma with [`MARK`] behind as its term.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use rust_stemmers::{Algorithm, Stemmer};

use crate::dictionary::{self, Class, Error, Reading};

/// The last letter of a term that is a lemma and no stem, so that it cannot meet another word's stem.
pub const MARK: char = '=';

/// Stems of this many letters and more that two words share show that the words are related, but for the names,
/// the indeclinable and the words of `apart.txt`.
const LONG_STEM: usize = 5;

/// What a form seen in the dictionary's corpora counts for when a stem's owner is chosen; any other form counts for one.
const SEEN: u32 = 100;

const SHORT_VERBS: &str = include_str!("../data/short_verbs.txt");
const APART: &str = include_str!("../data/apart.txt");
const ALIASES: &str = include_str!("../data/aliases.tsv");
const OVERRIDES: &str = include_str!("../data/overrides.tsv");

/// What the builder can be told.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Readings with a smaller share of their form's uses are dropped.
    pub rare: f64,
    /// Names with a smaller share are dropped where the form has a reading that is no name.
    pub rare_name: f64,
    /// Participles with a smaller share are dropped where the form is also a noun or an adjective (данные, текущий).
    pub rare_participle: f64,
    /// Other words with a smaller share are dropped where the form is a function word, too (потом, for the noun пот).
    pub rare_beside_function: f64,
    /// Function words with a smaller share are dropped.
    pub rare_function: f64,
    /// Whether participles are the verb's forms; otherwise they keep their own stem.
    pub participles: bool,
    /// Whether units with unrelated lemmas get terms of their own.
    pub split: bool,
    /// Whether function words are lemmatised at all.
    pub function_words: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rare: 0.005,
            rare_name: 0.05,
            rare_participle: 0.2,
            rare_beside_function: 0.015,
            rare_function: 0.1,
            participles: true,
            split: true,
            function_words: false,
        }
    }
}

/// A word form of the dictionary.
pub struct Form {
    /// The form, folded.
    pub text: String,
    /// The units that it is filed under; none if it is left to Snowball.
    pub units: Vec<u32>,
    /// All its units in the dictionary with their shares, to measure with.
    pub lexemes: Vec<(u32, f64)>,
}

/// The terms of word forms.
pub struct Scheme {
    /// The lemma of each unit.
    pub lemmas: Vec<String>,
    /// Whether each unit is made of function words only.
    pub function: Vec<bool>,
    /// The term of each unit.
    pub terms: Vec<String>,
    /// The forms, sorted.
    pub forms: Vec<Form>,
    /// The words of `apart.txt` that are not needed there.
    pub needless: Vec<&'static str>,
    stemmer: Stemmer,
}

/// A unit while the scheme is made.
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
struct Unit {
    lemma: String,
    stem: String,
    /// How many letters the stem has.
    letters: usize,
    /// Whether an ordinary adjective, a noun declined like one, or an adverb as made of adjectives is in it.
    adjectival: bool,
    verbal: bool,
    nominal: bool,
    /// Whether all of it is indeclinable nouns.
    indeclinable: bool,
    /// Whether all of it is names.
    name: bool,
    /// Whether all of it is function words.
    function: bool,
    /// Whether it is in the list of the unrelated.
    apart: bool,
    /// Whether its stem is also that of a function word, which keeps its stem.
    reserved: bool,
    /// How many forms need no entry if this unit keeps the stem.
    weight: u32,
}

/// The units that have been seen so far, by lemma.
struct Units {
    stemmer: Stemmer,
    apart: HashSet<&'static str>,
    all: Vec<Unit>,
    numbers: HashMap<String, u32>,
}

impl Units {
    /// The number of the unit with this lemma, which `reading` belongs to.
    fn number(&mut self, lemma: &str, reading: &Reading) -> u32 {
        let number = self.find_or_add(lemma);
        let unit = &mut self.all[number as usize];
        unit.adjectival |= reading.adjectival || (reading.class == Class::Adverb && lemma.ends_with(['о', 'е', 'и']));
        unit.verbal |= reading.class.is_verbal();
        unit.nominal |= reading.class.is_nominal();
        unit.indeclinable &= reading.indeclinable;
        unit.name &= reading.class == Class::Name;
        unit.function &= reading.class == Class::Function;
        number
    }

    fn find_or_add(&mut self, lemma: &str) -> u32 {
        if let Some(&number) = self.numbers.get(lemma) {
            return number;
        }
        let number = u32::try_from(self.all.len()).expect("fewer units than 2^32");
        let stem = self.stemmer.stem(lemma).into_owned();
        self.all.push(Unit {
            letters: stem.chars().count(),
            stem,
            adjectival: false,
            verbal: false,
            nominal: false,
            indeclinable: true,
            name: true,
            function: true,
            apart: self.apart.contains(base(lemma)),
            reserved: false,
            weight: 0,
            lemma: lemma.to_owned(),
        });
        self.numbers.insert(lemma.to_owned(), number);
        number
    }
}

/// The words of a list without its comments: lines from `#`, and words in brackets.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('(').enumerate()).flat_map(
        |(number, part)| {
            let outside = match number {
                0 => part,
                _ => part.split_once(')').map_or("", |(_, after)| after),
            };
            outside.split_whitespace()
        },
    )
}

impl Scheme {
    /// Reads the dictionary and makes the terms.
    pub fn new(options: Options) -> Result<Self, Error> {
        let short_verbs: HashSet<&str> = words(SHORT_VERBS).collect();
        let aliases: HashMap<&str, &str> = rows(ALIASES).collect();
        let overrides: HashMap<&str, Vec<&str>> =
            rows(OVERRIDES).map(|(form, lemmas)| (form, lemmas.split_whitespace().collect())).collect();
        let mut units = Units {
            stemmer: Stemmer::create(Algorithm::Russian),
            apart: words(APART).collect(),
            all: Vec::new(),
            numbers: HashMap::new(),
        };
        let mut forms = Vec::new();
        let mut reserved = HashSet::new();
        dictionary::for_each_form(|text, readings| {
            let mut form = Form { text: text.to_owned(), units: Vec::new(), lexemes: Vec::new() };
            let seen = readings.iter().any(|reading| reading.probability > 0.0);
            for reading in readings {
                let share = if seen {
                    reading.probability
                } else {
                    #[expect(clippy::cast_precision_loss, reason = "a handful")]
                    let count = readings.len() as f64;
                    1.0 / count
                };
                let unit = units.number(&reading.lemma, reading);
                match form.lexemes.iter_mut().find(|(other, _)| *other == unit) {
                    Some((_, sum)) => *sum += share,
                    None => form.lexemes.push((unit, share)),
                }
            }
            if let Some(lemmas) = overrides.get(text) {
                form.units = lemmas.iter().map(|lemma| units.find_or_add(lemma)).collect();
            } else {
                for (lemma, reading) in keep(text, readings, options, &short_verbs) {
                    let lemma = aliases.get(lemma.as_str()).copied().unwrap_or(&lemma);
                    let unit = units.number(lemma, reading);
                    if !form.units.contains(&unit) {
                        form.units.push(unit);
                    }
                }
            }
            let own = units.stemmer.stem(text);
            let function: f64 = readings
                .iter()
                .filter(|reading| reading.class == Class::Function)
                .map(|reading| reading.probability)
                .sum();
            let is_function =
                if seen { function >= 0.5 } else { readings.iter().any(|reading| reading.class == Class::Function) };
            if form.units.is_empty() && is_function {
                reserved.insert(own.clone().into_owned());
            }
            for &unit in &form.units {
                let unit = &mut units.all[unit as usize];
                if unit.stem == own {
                    unit.weight += if seen { SEEN } else { 1 };
                }
            }
            forms.push(form);
        })?;
        for unit in &mut units.all {
            unit.reserved = reserved.contains(&unit.stem);
        }
        forms.sort_by(|a, b| a.text.cmp(&b.text));
        Ok(Self {
            needless: needless(&units.all),
            terms: terms(&units.all, options),
            function: units.all.iter().map(|unit| unit.function).collect(),
            lemmas: units.all.into_iter().map(|unit| unit.lemma).collect(),
            forms,
            stemmer: units.stemmer,
        })
    }

    /// The stem that Snowball gives.
    pub fn stem(&self, word: &str) -> String {
        self.stemmer.stem(word).into_owned()
    }

    /// The terms of a form as it is indexed in the end, sorted.
    pub fn terms_of(&self, form: &Form) -> Vec<String> {
        if form.units.is_empty() {
            return vec![self.stem(&form.text)];
        }
        let mut terms: Vec<String> = form.units.iter().map(|&unit| self.terms[unit as usize].clone()).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// The terms of any word.
    pub fn terms_of_word(&self, word: &str) -> Vec<String> {
        match self.forms.binary_search_by(|form| form.text.as_str().cmp(word)) {
            Ok(at) => self.terms_of(&self.forms[at]),
            Err(_) => vec![self.stem(word)],
        }
    }

    /// How many units do not have their lemma's stem as their term.
    pub fn marked(&self) -> usize {
        self.terms.iter().filter(|term| term.ends_with(MARK)).count()
    }
}

/// The lines of a list of two columns.
fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

/// The readings of a form that count, each with the lemma to file it under.
fn keep<'r>(
    form: &str,
    readings: &'r [Reading],
    options: Options,
    short_verbs: &HashSet<&str>,
) -> Vec<(String, &'r Reading)> {
    let letters = form.chars().count();
    let seen = readings.iter().any(|reading| reading.probability > 0.0);
    let share = |lemma: &str| -> f64 {
        readings.iter().filter(|reading| reading.lemma == lemma).map(|reading| reading.probability).sum()
    };
    let mut kept: Vec<&Reading> =
        readings.iter().filter(|reading| !seen || share(&reading.lemma) >= options.rare).collect();
    // Short forms: no verb that is not listed, and nothing at all where such a verb is what the form mostly is.
    if letters <= 3 && !short_verbs.contains(form) {
        let best = kept.iter().max_by(|a, b| a.probability.total_cmp(&b.probability));
        if seen && best.is_some_and(|best| best.class.is_verbal()) {
            return Vec::new();
        }
        kept.retain(|reading| !reading.class.is_verbal());
    }
    if letters <= 2 {
        kept.retain(|reading| reading.class != Class::Name);
    }
    if letters == 1 {
        kept.retain(|reading| reading.class == Class::Function);
    }
    // Names, where the form is mostly another word.
    if seen && kept.iter().any(|reading| reading.class != Class::Name) {
        kept.retain(|reading| reading.class != Class::Name || share(&reading.lemma) >= options.rare_name);
    }
    // Participles that have become other words.
    if seen && kept.iter().any(|reading| !reading.class.is_verbal()) {
        kept.retain(|reading| reading.class != Class::Participle || reading.probability >= options.rare_participle);
    }
    if seen && kept.iter().any(|reading| reading.class == Class::Function) {
        kept.retain(|reading| {
            reading.class == Class::Function || share(&reading.lemma) >= options.rare_beside_function
        });
    }
    // Function words count only where there is nothing else: том is a volume, not a form of тот.
    if kept.iter().any(|reading| reading.class != Class::Function) {
        kept.retain(|reading| reading.class != Class::Function);
    } else if options.function_words {
        kept.retain(|reading| !seen || share(&reading.lemma) >= options.rare_function);
    } else {
        kept.clear();
    }
    // An adverb that is a noun's case is the noun: ночью, летом.
    if kept.iter().any(|reading| reading.class == Class::Noun) {
        kept.retain(|reading| reading.class != Class::Adverb || reading.lemma != form);
    }
    if !options.participles {
        kept.retain(|reading| reading.class != Class::Participle);
    }
    kept.into_iter().map(|reading| (lemma_of(reading), reading)).collect()
}

/// The lemma that a reading is filed under: its own, but for a woman's surname the man's.
fn lemma_of(reading: &Reading) -> String {
    let male = reading.lemma.strip_suffix('а').filter(|male| {
        let ends = ["ов", "ев", "ин", "ын"].iter().any(|ending| male.ends_with(ending));
        reading.female_surname && ends
    });
    male.unwrap_or(&reading.lemma).to_owned()
}

/// Each unit's term.
fn terms(units: &[Unit], options: Options) -> Vec<String> {
    let mut terms: Vec<String> = units.iter().map(|unit| unit.stem.clone()).collect();
    if !options.split {
        return terms;
    }
    let mut by_stem: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for (number, unit) in units.iter().enumerate() {
        by_stem.entry(&unit.stem).or_default().push(unit);
        numbers.insert(&unit.lemma, number);
    }
    for members in by_stem.into_values() {
        // Families: whoever is related to one member is in.
        let mut families: Vec<Vec<&Unit>> = Vec::new();
        for unit in members {
            let mut family = vec![unit];
            families.retain_mut(|other| {
                let joins = other.iter().any(|member| related(unit, member));
                if joins {
                    family.append(other);
                }
                !joins
            });
            families.push(family);
        }
        // The heaviest keeps the stem; where two are equal, the first by its lemmas, so that chance has no say.
        families.sort_by_cached_key(|family| {
            let weight: u32 = family.iter().map(|unit| unit.weight).sum();
            (Reverse(weight), family.iter().map(|unit| unit.lemma.clone()).min())
        });
        // Nobody keeps a function word's stem.
        let kept = usize::from(!families.iter().flatten().any(|unit| unit.reserved));
        for family in families.iter().skip(kept) {
            let named = family.iter().max_by_key(|unit| (unit.weight, Reverse(unit.lemma.as_str())));
            let Some(named) = named else { continue };
            for unit in family {
                terms[numbers[unit.lemma.as_str()]] = format!("{}{MARK}", named.lemma);
            }
        }
    }
    terms
}

/// The words of the list of the unrelated that share a stem with no word that they would be taken to be related to.
fn needless(units: &[Unit]) -> Vec<&'static str> {
    let listed: Vec<&Unit> = units.iter().filter(|unit| unit.apart).collect();
    let needed = |word: &str| {
        listed.iter().any(|unit| {
            let plain =
                |unit: &Unit| Unit { apart: false, lemma: unit.lemma.clone(), stem: unit.stem.clone(), ..*unit };
            let same = |other: &&Unit| other.stem == unit.stem && !related(unit, other);
            base(&unit.lemma) == word && units.iter().filter(same).any(|other| related(&plain(unit), &plain(other)))
        })
    };
    words(APART).filter(|word| !needed(word)).collect()
}

/// A verb's lemma without the reflexive ending.
fn base(lemma: &str) -> &str {
    let base = lemma.strip_suffix("ся").or_else(|| lemma.strip_suffix("сь"));
    base.unwrap_or(lemma)
}

/// Whether two units with one stem belong together.
fn related(a: &Unit, b: &Unit) -> bool {
    let soft = |lemma: &str| lemma.replace("ье", "ие").replace("ья", "ия");
    if a.function != b.function {
        return false;
    }
    // Красный and красно; учить and учиться; терпение and терпенье.
    if (a.adjectival && b.adjectival)
        || (a.verbal && b.verbal && base(&a.lemma) == base(&b.lemma))
        || (a.nominal && b.nominal && soft(&a.lemma) == soft(&b.lemma))
    {
        return true;
    }
    let alone = |unit: &Unit| unit.apart || unit.indeclinable || unit.function;
    // Томск and томский, but not Франц and Франция, Толстой and толстый.
    let names = !a.name && !b.name || a.name != b.name && a.stem.ends_with("ск") && (a.adjectival || b.adjectival);
    a.letters >= LONG_STEM && names && !alone(a) && !alone(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_without_comments() {
        let list = "# one\nдва (три четыре) пять\nшесть (семь)";
        assert_eq!(words(list).collect::<Vec<_>>(), ["два", "пять", "шесть"]);
        assert_eq!(rows("# а\tб\nв\tг д\nе").collect::<Vec<_>>(), [("в", "г д")]);
    }

    #[test]
    fn reflexive_verbs_have_a_base() {
        assert_eq!(base("учиться"), "учить");
        assert_eq!(base("беречься"), "беречь");
        assert_eq!(base("дом"), "дом");
    }

    /// The whole dictionary, so rather slow without optimisation.
    #[test]
    fn terms_of_traps() {
        let scheme = Scheme::new(Options::default()).expect("a scheme");
        let terms = |word: &str| scheme.terms_of_word(word);
        for (form, expected) in [
            ("лет", "год"),
            ("см", "см"),
            ("ев", "ев"),
            ("людям", "человек"),
            ("метро", "метро="),
            ("метра", "метр"),
            ("тот", "тот"),
        ] {
            assert_eq!(terms(form), [expected], "{form}");
        }
        assert!(terms("ели").contains(&"ель=".to_owned()) || terms("ели").len() == 2);
        assert_ne!(terms("поле"), terms("пол"));
        assert!(scheme.needless.is_empty(), "{:?}", scheme.needless);
    }
}

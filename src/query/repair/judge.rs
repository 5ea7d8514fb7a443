//! A word that hardly any document holds → what was probably meant by it, and whether that is plain enough to search for it unasked.

use std::collections::HashMap;

use super::{Asked, Vocabulary};
use crate::{
    analysis::{Analyzer, Reading},
    language::Profile,
    text::{ShortText, Span, Word},
};

/// A form that no more documents hold may be a mistake, theirs too.
pub(super) const FEW: u64 = 5;

/// … if what was meant stands in so many times more.
const MANY_TIMES: u64 = 50;

/// How many letters a word has at least that may have one mistake, and two.
const ONE_EDIT_LETTERS: usize = 4;
const TWO_EDIT_LETTERS: usize = 8;

/// What a mistake costs at most in a word of so few letters that is repaired unasked: one that people often make. Too many
/// abbreviations are a letter away from some word.
const SHORT_LETTERS: usize = 4;
const SHORT_COST: f32 = 0.75;

/// The longest word that is compared, in letters.
const MAX_LETTERS: usize = 40;

/// What an edit weighs against the logarithm of the number of documents: about that of the number of edits that a word of
/// eight letters and an alphabet of thirty leave to chance.
const EDIT: f32 = 6.0;

/// What a letter more speaks for a repair, as fewer words of chance are near a long one, and from how many letters on.
const LETTER: f32 = 0.5;
const LETTERS: f32 = 6.0;

/// What a capital letter inside a query speaks against it: it begins a name, and names are rarely known. What it does that the
/// word is found as a name in the other alphabet, as one unknown word in twenty is by chance.
const CAPITAL: f32 = 2.0;
const NAME: f32 = 1.0;

/// What all of this comes to at least where it is searched for unasked. Of what 6,115 real questions on other subjects ask of
/// 50,000 documents, one in three hundred is repaired wrongly so.
const SURE: f32 = -4.5;

/// How many documents that holds for, and how much less a tenth of them asks for: fewer words are near another by chance,
/// and each stands in fewer documents.
const SURE_OF: f32 = 50_000.0;
const SURE_TENTH: f32 = 0.7;

/// The share that what was meant has of all that may have been, at least.
const SURE_SHARE: f32 = 0.9;

/// In how many documents it stands at least,
const SURE_DOCUMENTS: u64 = 5;

/// … and in how few for each thousand of all, and one, where the mistake costs no more than one that people make every day: in a
/// small collection few words stand in many documents.
const SURE_DOCUMENTS_OF_THOUSAND: u64 = 1;
const EVERYDAY_COST: f32 = 0.5;

/// … and where two edits that nothing explains make its letters likelier by so much each, which is sure, too.
const SURE_DOCUMENTS_TWO: u64 = 20;
const SURE_LIKELIER_TWO: f32 = 0.25;

/// What two edits cost at most that are sure: one of them at least is one that people often make. Rare words that are right are
/// two edits away from frequent ones too often (coinfections, connections).
const SURE_COST_TWO: f32 = 1.5;

/// Whoever compares the words of a query with those of an index.
pub(super) struct Judge<'j, V> {
    pub asked: &'j Asked<'j>,
    pub analyzer: &'j mut Analyzer,
    pub vocabulary: &'j V,
    /// How many words were compared.
    pub walks: usize,
}

/// A word that is looked at.
struct Suspect<'s> {
    reading: &'s Reading,
    profile: &'static Profile,
    letters: usize,
    documents: u64,
    /// How many documents hold it in any form, or another word with its stem.
    any_form: u64,
    /// Whether it is found as a name in the other alphabet.
    is_name: bool,
    has_capital: bool,
    /// What speaks for a repair that is sure comes to at least so much.
    least: f32,
    /// How many documents there are.
    size: u64,
}

/// The forms of one word that may have been meant.
#[derive(Default)]
struct Meant {
    /// The likeliest of them.
    form: String,
    documents: u64,
    cost: f32,
    score: f32,
    /// How likely all of them are, together.
    weight: f32,
}

impl<V: Vocabulary> Judge<'_, V> {
    /// What was meant by a word, and whether that is sure; `None` where it is right, or nobody knows.
    pub(super) fn meant(&mut self, word: Word<'_>, span: Span) -> Option<(String, bool)> {
        let reading = self.analyzer.reading(word.text);
        let profile = Profile::of_alphabet(reading.alphabet)?;
        let form = reading.form.as_str();
        let letters = form.chars().count();
        let is_compared = (ONE_EDIT_LETTERS..=MAX_LETTERS).contains(&letters)
            && is_of(form, profile)
            && !has_capital_inside(word.text)
            && !profile.is_word(form);
        if !is_compared {
            return None;
        }
        let suspect = Suspect {
            reading: &reading,
            profile,
            letters,
            documents: self.vocabulary.documents_as_typed(&reading),
            any_form: self.vocabulary.documents(&reading),
            is_name: self.asked.names.contains(&form),
            least: least(self.vocabulary.size()),
            size: self.vocabulary.size(),
            has_capital: span.start > 0 && word.text.starts_with(char::is_uppercase),
        };
        if suspect.documents > FEW {
            return None;
        }
        self.walks += 1;
        let mut best = self.best(&suspect, 1);
        // Of a form that documents hold, mistakes and all, the likeliest ones are looked for alone.
        if letters >= TWO_EDIT_LETTERS && suspect.documents == 0 && best.as_ref().is_none_or(|(_, is_sure)| !is_sure) {
            best = self.best(&suspect, 2);
        }
        best.map(|(to, is_sure)| (as_written(&to, word.text), is_sure))
    }

    /// The likeliest of what is so many edits away.
    fn best(&mut self, suspect: &Suspect<'_>, edits: usize) -> Option<(String, bool)> {
        let typed = &suspect.reading.form;
        let mut all: HashMap<ShortText, Meant> = HashMap::new();
        for (form, documents) in self.vocabulary.near(typed, edits) {
            // What is written so seldom is rather the same mistake.
            if !is_of(&form, suspect.profile) || documents < suspect.documents.saturating_mul(MANY_TIMES) {
                continue;
            }
            let cost = suspect.profile.mistake(typed, &form);
            // Near enough above the 2^24 that an f32 holds exactly.
            #[allow(clippy::cast_precision_loss)]
            let score = (documents as f32).ln() - EDIT * cost;
            let reading = self.analyzer.reading(&form);
            let meant = all.entry(reading.terms[0].clone()).or_default();
            let weight = meant.weight + score.exp();
            if meant.form.is_empty() || (score, &meant.form) > (meant.score, &form) {
                *meant = Meant { form, documents, cost, score, weight };
            }
            meant.weight = weight;
        }
        let total: f32 = all.values().map(|meant| meant.weight).sum();
        let best = all.into_values().max_by(|a, b| a.weight.total_cmp(&b.weight).then_with(|| b.form.cmp(&a.form)))?;
        if self.analyzer.reading(&best.form).answers(suspect.reading).is_some() && suspect.any_form > FEW {
            return None;
        }
        // A name that nobody knows is no misspelt word: what is written as a name was meant as one.
        let is_fitting = !suspect.has_capital || self.vocabulary.is_name(&best.form);
        let is_sure = is_fitting && best.weight >= SURE_SHARE * total && suspect.is_sure(&best, edits);
        Some((best.form, is_sure))
    }
}

impl Suspect<'_> {
    /// Whether nothing speaks against it that another word was meant.
    fn is_sure(&self, meant: &Meant, edits: usize) -> bool {
        if self.letters <= SHORT_LETTERS && meant.cost > SHORT_COST || edits == 2 && meant.cost > SURE_COST_TWO {
            return false;
        }
        // A form that nobody knows of a stem that is known better may be right.
        let needed = if meant.cost > EVERYDAY_COST {
            SURE_DOCUMENTS
        } else {
            SURE_DOCUMENTS.min(1 + SURE_DOCUMENTS_OF_THOUSAND * self.size / 1_000)
        };
        if meant.documents < needed || self.any_form > FEW && meant.documents < self.any_form {
            return false;
        }
        // Far below the 2^24 that an f32 holds exactly.
        #[allow(clippy::cast_precision_loss)]
        let length = LETTER * (self.letters as f32 - LETTERS);
        let against = if self.has_capital { CAPITAL } else { 0.0 } + if self.is_name { NAME } else { 0.0 };
        if meant.score + length - against > self.least {
            return true;
        }
        let likelier = self.profile.likelihood(&meant.form) - self.profile.likelihood(&self.reading.form);
        let is_two = edits == 2 && !self.has_capital && !self.is_name && meant.cost > 1.0;
        is_two && likelier > SURE_LIKELIER_TWO && meant.documents >= SURE_DOCUMENTS_TWO
    }
}

/// What speaks for a repair that is sure comes to at least so much, in an index of so many documents.
fn least(documents: u64) -> f32 {
    // Near enough above the 2^24 that an f32 holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let tenths = (documents.max(1) as f32 / SURE_OF).log10();
    SURE + SURE_TENTH * tenths
}

/// Whether a form is letters of a language alone.
fn is_of(form: &str, profile: &Profile) -> bool {
    form.chars().all(|c| profile.letters.contains(c))
}

/// Whether capitals behind the first letter say that a word is meant as it stands: iPhone, NATO.
fn has_capital_inside(word: &str) -> bool {
    word.chars().skip(1).any(char::is_uppercase)
}

/// A form with the capital letter of another.
fn as_written(form: &str, like: &str) -> String {
    let mut letters = form.chars();
    match letters.next() {
        Some(first) if like.starts_with(char::is_uppercase) => first.to_uppercase().chain(letters).collect(),
        _ => form.to_owned(),
    }
}

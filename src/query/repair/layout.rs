//! Words that were typed on the keyboard layout of the other language.
//!
//! Two witnesses have to agree: the index, which holds the word that was meant and not the one that was typed, and the letters,
//! which follow each other as in the language of the former. Either alone is wrong too often: `xfce` typed on the other
//! layout is «часу», and «vs» stands in many documents.

use super::{Kind, Known, Repair, Vocabulary, runs::Run};
use crate::{
    analysis::Analyzer,
    language::{Alphabet, Profile, profiles},
};

/// In no more documents than so many a word is as good as not there.
const FEW: u64 = 5;

/// … if what was meant stands in so many times more.
const MANY_TIMES: u64 = 50;

/// By how much letters have to be likelier in the language that was meant, as logarithms a letter.
const LIKELIER: f32 = 0.0;

/// … for words of two letters, more for short words with a sign inside that is a letter on the other layout, and for words
/// of which documents hold another form; for words that no document holds otherwise, and for short words that stand alone.
const LIKELIER_SHORT: f32 = 1.5;
const LIKELIER_SIGNS: f32 = 1.0;
const LIKELIER_STEM: f32 = 1.0;
const LIKELIER_UNKNOWN: f32 = 1.2;
const LIKELIER_LONE: f32 = 1.3;

/// The fewest letters of a word that decides, and of one that stands alone and needs no more than others.
const MIN_LETTERS: usize = 2;
const MIN_LONE_LETTERS: usize = 5;

/// One of so many documents at least holds a short word that stands alone and is sure: strings of three letters are words of
/// the other layout by chance, but seldom frequent ones.
const LONE_SHARE: u64 = 1_000;

/// The most signs at an end of a word that may be letters.
const MAX_SIGNS: usize = 3;

/// What speaks for it that a word was typed on the other layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// Nothing: it is known as it was typed, and otherwise not.
    Against,
    /// It is known as it was typed, and otherwise too.
    Either,
    /// Nothing against it.
    Open,
    /// All that can.
    Sure,
}

/// A run as the same keys give it on the other layout.
struct Retyped {
    text: String,
    language: &'static Profile,
    /// By how much its letters are likelier so.
    likelier: f32,
    letters: usize,
    /// Whether so many documents hold it that it is asked for often.
    is_frequent: bool,
    evidence: Evidence,
}

/// The words of a query that were typed on the other layout.
pub(super) fn repairs(
    runs: &[Run<'_>],
    known: &[Known],
    analyzer: &mut Analyzer,
    vocabulary: &impl Vocabulary,
) -> Vec<Repair> {
    if !runs.iter().zip(known).any(|(run, known)| is_suspect(run.text, *known)) {
        return Vec::new();
    }
    let mut judge = Judge { analyzer, vocabulary };
    let retyped: Vec<_> = runs.iter().map(|run| judge.retyped(run.text)).collect();
    let mut chosen: Vec<_> = profiles().into_iter().flat_map(|language| chosen(runs, &retyped, language)).collect();
    chosen.sort_by_key(|repair: &Repair| repair.span.start);
    chosen
}

/// The repairs into one language: the words that are sure, and those that go with them.
fn chosen(runs: &[Run<'_>], retyped: &[Option<Retyped>], language: &Profile) -> Vec<Repair> {
    let is_ours = |retyped: &&Retyped| std::ptr::eq(retyped.language, language);
    let count = |evidence| retyped.iter().flatten().filter(is_ours).filter(|r| r.evidence == evidence).count();
    let (sure, against) = (count(Evidence::Sure), count(Evidence::Against));
    let pairs = runs.iter().zip(retyped).filter_map(|(run, retyped)| Some((run, retyped.as_ref().filter(is_ours)?)));
    let wanted = pairs.filter(|(_, retyped)| match retyped.evidence {
        Evidence::Sure => true,
        Evidence::Open => sure > 0 && sure >= against,
        Evidence::Either => sure > 0 && against == 0,
        Evidence::Against => false,
    });
    let wanted: Vec<_> = wanted.collect();
    let is_alone = wanted.len() == 1;
    // Who typed the words around it on the right layout seldom changed it for a short one: it is rather an abbreviation.
    let is_sure = |retyped: &Retyped| {
        let is_plain = runs.len() == 1 && retyped.likelier >= LIKELIER_LONE && retyped.is_frequent;
        !is_alone || retyped.letters >= MIN_LONE_LETTERS || is_plain
    };
    let repairs = wanted.into_iter().map(|(run, retyped)| Repair {
        span: run.span,
        from: run.text.to_owned(),
        to: retyped.text.clone(),
        kind: Kind::Layout,
        is_sure: is_sure(retyped),
    });
    repairs.collect()
}

struct Judge<'j, V> {
    analyzer: &'j mut Analyzer,
    vocabulary: &'j V,
}

impl<V: Vocabulary> Judge<'_, V> {
    fn known(&mut self, run: &str) -> Known {
        Known::of(run, self.analyzer, self.vocabulary)
    }

    /// A run as the other layout gives it; `None` where it cannot have been typed on one.
    fn retyped(&mut self, run: &str) -> Option<Retyped> {
        let is_odd = |c: char| c.is_numeric() || matches!(c, '@' | '_' | '\\' | '=' | '#' | '$' | '%' | '*');
        let source = Profile::of_alphabet(Alphabet::of(run)).filter(|_| !run.contains(is_odd))?;
        let language = profiles().into_iter().find(|profile| profile.label != source.label)?;
        let (text, documents, is_form) = self.best(run, source, language);
        // Of words joined by hyphens the longest tells: each by itself may be a word by chance.
        let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
        let letters = text.split('-').map(letters).max().unwrap_or_default();
        // The letters that were meant, and the keys that gave them.
        let pairs = text.chars().zip(run.chars()).filter(|(meant, _)| meant.is_alphabetic());
        let (meant, keys): (String, String) = pairs.unzip();
        let likelier = likelihood(&meant, language) - likelihood(&keys, source);
        let is_frequent = documents.saturating_mul(LONE_SHARE) >= self.vocabulary.size();
        let mut retyped = Retyped { text, language, likelier, letters, is_frequent, evidence: Evidence::Against };
        retyped.evidence = self.evidence(run, &retyped, documents);
        // Too many short strings have the stem of a word by chance, and no word is typed with a letter for a sign beside it or
        // in it.
        let has_sign_inside = |text: &str| text.trim_matches(is_sign).contains(is_sign);
        let is_chance = letters < MIN_LONE_LETTERS && !is_form
            || ends(&retyped.text) > ends(run)
            || has_sign_inside(&retyped.text) && !has_sign_inside(run);
        if retyped.evidence == Evidence::Sure && is_chance {
            retyped.evidence = Evidence::Open;
        }
        Some(retyped)
    }

    /// Commas and stops at the ends of a run may be letters or signs. They are letters where that gives a form that the
    /// index has; otherwise the reading counts that most documents hold. Also the number of those, and whether it is such a
    /// form.
    fn best(&mut self, run: &str, source: &Profile, language: &Profile) -> (String, u64, bool) {
        let (before, after) = (signs(run.chars()), signs(run.chars().rev()));
        let characters: Vec<char> = run.chars().collect();
        let mut best: Option<(String, u64)> = None;
        for (first, last) in (0..=before).flat_map(|first| (0..=after).map(move |last| (first, last))) {
            let is_inside = |at: usize| at >= first && at + last < characters.len();
            let retype = |(at, &c): (usize, &char)| {
                if is_inside(at) { language.keyboard.key(c, &source.keyboard).unwrap_or(c) } else { c }
            };
            let text: String = characters.iter().enumerate().map(retype).collect();
            let Known { any_form: documents, as_typed } = self.known(&text);
            if as_typed > 0 {
                return (text, documents, true);
            }
            if best.as_ref().is_none_or(|(_, most)| documents > *most) {
                best = Some((text, documents));
            }
        }
        let (text, documents) = best.unwrap_or_default();
        (text, documents, false)
    }

    fn evidence(&mut self, run: &str, retyped: &Retyped, documents: u64) -> Evidence {
        let Retyped { text, likelier, letters, .. } = retyped;
        // A sign inside that became a letter makes one word of two, each of which may be well known.
        let is_inside = |text: &str| text.trim_matches(is_sign).contains(is_sign);
        let is_joined = is_inside(run) && !is_inside(text);
        let Known { any_form, as_typed } = if is_joined { Known::default() } else { self.known(run) };
        let is_unknown = as_typed == 0 || as_typed <= FEW && as_typed.saturating_mul(MANY_TIMES) <= documents;
        let mut least = if *letters > MIN_LETTERS { LIKELIER } else { LIKELIER_SHORT };
        least += if is_inside(run) && *letters < MIN_LONE_LETTERS { LIKELIER_SIGNS } else { 0.0 };
        least += if any_form > FEW { LIKELIER_STEM } else { 0.0 };
        match (is_unknown, documents > 0) {
            (true, true) if *letters >= MIN_LETTERS && *likelier > least => Evidence::Sure,
            (true, true) => Evidence::Open,
            // A form that no document has, among others that were typed on the wrong layout.
            (true, false) if *likelier > LIKELIER_UNKNOWN => Evidence::Open,
            (false, true) if as_typed <= documents || *letters <= MIN_LETTERS => Evidence::Either,
            _ => Evidence::Against,
        }
    }
}

/// Whether a run is worth a closer look: few documents hold it, or it has a sign that may be a letter.
fn is_suspect(run: &str, known: Known) -> bool {
    let has_sign = |profile: &Profile| run.contains(|c: char| is_sign(c) && profile.keyboard.plain.contains(c));
    known.as_typed <= FEW || profiles().into_iter().any(has_sign)
}

/// The likelihood of letters in a language.
fn likelihood(letters: &str, language: &Profile) -> f32 {
    let mut lower = letters.to_lowercase();
    language.fold(&mut lower);
    language.likelihood(&lower)
}

/// Whether a character is neither letter nor digit, nor what joins words in every language.
fn is_sign(character: char) -> bool {
    !character.is_alphanumeric() && character != '-'
}

/// At how many of its ends a run has a sign.
fn ends(run: &str) -> usize {
    usize::from(run.starts_with(is_sign)) + usize::from(run.ends_with(is_sign))
}

/// How many signs a run begins with that people put beside words.
fn signs(characters: impl Iterator<Item = char>) -> usize {
    characters.take_while(|c| matches!(c, ',' | '.' | ';' | ':' | '?' | '!' | '/')).take(MAX_SIGNS).count()
}

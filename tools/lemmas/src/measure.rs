//! How well a scheme, and Snowball alone, do on real texts.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use crate::dictionary::{Error, fold};
use crate::scheme::Scheme;

/// How many cases are shown.
const SHOWN: usize = 40;

/// A share in per cent of a sum of weights.
#[derive(Clone, Copy, Default)]
struct Share {
    hits: f64,
    all: f64,
}

impl Share {
    fn add(&mut self, weight: f64, hit: bool) {
        self.all += weight;
        if hit {
            self.hits += weight;
        }
    }

    fn percent(self) -> f64 {
        100.0 * self.hits / self.all
    }
}

/// Reads word forms with their counts, `form TAB count` on each line.
pub fn read_counts(path: &Path) -> Result<HashMap<String, f64>, Error> {
    fs::read_to_string(path)?
        .lines()
        .map(|line| {
            let (form, count) = line.split_once('\t').ok_or("no tab in a line")?;
            Ok((form.to_owned(), count.parse()?))
        })
        .collect()
}

/// Prints under-stemming and over-stemming over the dictionary's forms, weighted by `counts`.
pub fn dictionary(scheme: &Scheme, counts: &HashMap<String, f64>, verbose: bool) {
    let mut snowball = Share::default();
    let mut table = Share::default();
    let mut table_words = Share::default();
    let mut snowball_words = Share::default();
    let (mut tokens, mut terms, mut other) = (0.0, 0.0, Share::default());
    let mut worst: Vec<(f64, String)> = Vec::new();
    for form in &scheme.forms {
        let Some(&count) = counts.get(&form.text) else {
            continue;
        };
        let of_form = scheme.terms_of(form);
        let stem = scheme.stem(&form.text);
        tokens += count;
        #[expect(clippy::cast_precision_loss, reason = "a handful")]
        let number = of_form.len() as f64;
        terms += count * number;
        other.add(count, of_form != [stem.as_str()]);
        for &(unit, share) in &form.lexemes {
            let lemma = &scheme.lemmas[unit as usize];
            let of_lemma = scheme.terms_of_word(lemma);
            let split = !of_form.iter().any(|term| of_lemma.contains(term));
            let weight = count * share;
            snowball.add(weight, scheme.stem(lemma) != stem);
            table.add(weight, split);
            if !scheme.function[unit as usize] {
                snowball_words.add(weight, scheme.stem(lemma) != stem);
                table_words.add(weight, split);
            }
            if split && verbose {
                worst.push((weight, format!("{} ({lemma}) {of_form:?} {of_lemma:?}", form.text)));
            }
        }
    }
    println!(
        "under-stemming, dictionary: Snowball {:.3} %, table {:.3} %; without function words {:.3} %, {:.3} %",
        snowball.percent(),
        table.percent(),
        snowball_words.percent(),
        table_words.percent(),
    );
    println!("terms per known token {:.4}; tokens in the table {:.1} %", terms / tokens, other.percent());
    show(worst);
    over_stemming(scheme, counts, verbose);
}

/// Prints the share of pairs of different forms with a common term that have no lexeme in common.
fn over_stemming(scheme: &Scheme, counts: &HashMap<String, f64>, verbose: bool) {
    // A reading this rare does not make a pair a good one.
    const SHARE: f64 = 0.005;
    let forms: Vec<(&crate::scheme::Form, f64)> = scheme
        .forms
        .iter()
        .filter(|form| form.lexemes.iter().any(|&(unit, share)| share >= SHARE && !scheme.function[unit as usize]))
        .filter_map(|form| Some((form, *counts.get(&form.text)?)))
        .collect();
    for snowball in [true, false] {
        let mut by_term: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, (form, _)) in forms.iter().enumerate() {
            let terms = if snowball { vec![scheme.stem(&form.text)] } else { scheme.terms_of(form) };
            for term in terms {
                by_term.entry(term).or_default().push(number);
            }
        }
        let mut worst = Vec::new();
        let mut done = HashSet::new();
        let (mut product, mut root, mut plain) = (Share::default(), Share::default(), Share::default());
        for members in by_term.values() {
            for (at, &a) in members.iter().enumerate() {
                for &b in &members[at + 1..] {
                    if !done.insert((a, b)) {
                        continue;
                    }
                    let lexemes = |number: usize| forms[number].0.lexemes.iter().filter(|(_, share)| *share >= SHARE);
                    let strangers = !lexemes(a).any(|(unit, _)| lexemes(b).any(|(other, _)| unit == other));
                    let weight = forms[a].1 * forms[b].1;
                    if strangers && verbose && !snowball {
                        worst.push((forms[a].1.min(forms[b].1), format!("{} {}", forms[a].0.text, forms[b].0.text)));
                    }
                    product.add(weight, strangers);
                    root.add(weight.sqrt(), strangers);
                    plain.add(1.0, strangers);
                }
            }
        }
        println!(
            "over-stemming, {}: of pairs of forms with a common term, different lexemes: {:.2} % weighted by the product \
             of the counts, {:.2} % by its root, {:.2} % unweighted ({} pairs)",
            if snowball { "Snowball" } else { "table" },
            product.percent(),
            root.percent(),
            plain.percent(),
            done.len()
        );
        show(worst);
    }
}

/// Prints under-stemming over a treebank's pairs: `treebank, form, lemma, part of speech, count`, by tabs.
pub fn treebanks(scheme: &Scheme, path: &Path, verbose: bool) -> Result<(), Error> {
    let text = fs::read_to_string(path)?;
    let mut names: Vec<&str> = text.lines().filter_map(|line| line.split('\t').next()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let mut snowball = Share::default();
        let mut table = Share::default();
        let mut worst = Vec::new();
        for line in text.lines() {
            let mut columns = line.split('\t');
            let (Some(treebank), Some(form), Some(lemma), Some(class), Some(count)) =
                (columns.next(), columns.next(), columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let (form, lemma) = (fold(&form.to_lowercase()), fold(&lemma.to_lowercase()));
            let russian = |word: &str| word.chars().all(|letter| ('а'..='я').contains(&letter));
            if treebank != name || !russian(&form) || !russian(&lemma) {
                continue;
            }
            let count: f64 = count.parse()?;
            snowball.add(count, scheme.stem(&form) != scheme.stem(&lemma));
            let (of_form, of_lemma) = (scheme.terms_of_word(&form), scheme.terms_of_word(&lemma));
            let split = !of_form.iter().any(|term| of_lemma.contains(term));
            table.add(count, split);
            if split && verbose {
                worst.push((count, format!("{form} ({lemma}, {class}) {of_form:?} {of_lemma:?}")));
            }
        }
        println!(
            "under-stemming, treebank {name}: {} tokens, Snowball {:.3} %, table {:.3} %",
            snowball.all,
            snowball.percent(),
            table.percent()
        );
        show(worst);
    }
    Ok(())
}

/// Prints the heaviest cases.
fn show(mut cases: Vec<(f64, String)>) {
    cases.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    for (weight, text) in cases.iter().take(SHOWN) {
        println!("  {weight:.0} {text}");
    }
}

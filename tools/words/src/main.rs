//! Makes oba's lists of words that are right, by which a rare word is told from a misspelt one.
//!
//! ```text
//! oba-words ru frequencies.tsv dictionary.txt words.fst
//! ```
//!
//! The frequencies are lines of a form and its share of all words, parted by a tab; the dictionary has a form a line. Forms
//! are folded as oba folds them: lower case, е for ё.
//!
//! A form of the dictionary is taken if it is used at all: the rarest words of a dictionary are met less often than mistakes
//! in frequent ones. A form that the dictionary lacks, a name for the most part, is taken if it is used far more often, and
//! is not a letter away from one so much more frequent that it is more probably a mistake in that one. Each letter is a byte
//! in the list: its number in the alphabet, from `0` up.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    env,
    error::Error,
    fs,
};

/// The letters of each language, in the order of `Profile::letters`.
const LETTERS: [(&str, &str); 2] = [("en", "abcdefghijklmnopqrstuvwxyz"), ("ru", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя")];

/// The share of all words that a form of the dictionary has at least, and any other form. A Russian word has some ten forms
/// where an English one has two or three, and the list would have twice the size with the same share as in English.
const MIN_SHARE: [(&str, f64); 2] = [("en", 2e-8), ("ru", 3e-8)];
const MIN_SHARE_UNKNOWN: f64 = 2e-7;

/// … a form of so many letters at most, so many times as much: most that is so short is a rare word of some dictionary.
const SHORT_LETTERS: usize = 5;
const SHORT_TIMES: f64 = 10.0;

/// A form that the dictionary lacks is a mistake in one that is so many times as frequent.
const MANY_TIMES: f64 = 30.0;

/// The shortest form that can be misspelt in oba, less one: a letter may have been left out.
const MIN_LETTERS: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [language, frequencies, dictionary, output] = arguments.as_slice() else {
        return Err("usage: oba-words en|ru frequencies.tsv dictionary.txt words.fst".into());
    };
    let find = |table: &[(&str, f64)]| table.iter().find(|(name, _)| name == language).map(|&(_, value)| value);
    let min_share = find(&MIN_SHARE).ok_or("en or ru")?;
    let (_, letters) = LETTERS.iter().find(|(name, _)| name == language).ok_or("en or ru")?;
    let letters: Vec<char> = letters.chars().collect();

    let dictionary = fs::read_to_string(dictionary)?;
    let dictionary: HashSet<&str> = dictionary.lines().collect();
    let frequencies = fs::read_to_string(frequencies)?;
    let mut shares: HashMap<&str, f64> = HashMap::new();
    for line in frequencies.lines() {
        let (form, share) = line.split_once('\t').ok_or("a line without a tab")?;
        if form.chars().count() >= MIN_LETTERS && form.chars().all(|c| letters.contains(&c)) {
            shares.insert(form, share.parse()?);
        }
    }
    let is_mistake = |form: &str, share: f64| {
        near(form, &letters).any(|near| shares.get(near.as_str()).is_some_and(|&other| other >= share * MANY_TIMES))
    };
    let is_right = |form: &str, share: f64| {
        if dictionary.contains(form) {
            share >= if form.chars().count() > SHORT_LETTERS { min_share } else { min_share * SHORT_TIMES }
        } else {
            share >= MIN_SHARE_UNKNOWN && !is_mistake(form, share)
        }
    };
    let right = shares.iter().filter(|(form, share)| is_right(form, **share));
    let keys: BTreeSet<Vec<u8>> = right.map(|(form, _)| key(form, &letters)).collect::<Option<_>>().ok_or("letters")?;
    let count = keys.len();
    let bytes = fst::Set::from_iter(keys)?.into_fst().into_inner();
    println!("{count} forms, {} bytes", bytes.len());
    fs::write(output, bytes)?;
    Ok(())
}

/// The key of a form: a byte for each letter.
fn key(form: &str, letters: &[char]) -> Option<Vec<u8>> {
    let code = |c| u8::try_from(letters.iter().position(|&letter| letter == c)?).ok()?.checked_add(b'0');
    form.chars().map(code).collect()
}

/// All that is one edit of a letter away from a form.
fn near<'n>(form: &'n str, letters: &'n [char]) -> impl Iterator<Item = String> + 'n {
    let form: Vec<char> = form.chars().collect();
    let length = form.len();
    let edited = move |at: usize| {
        let (before, behind) = form.split_at(at);
        let join = |middle: &[char], rest: usize| {
            before.iter().chain(middle).chain(behind.iter().skip(rest)).collect::<String>()
        };
        let mut all: Vec<String> = letters.iter().map(|&letter| join(&[letter], 0)).collect();
        if let Some(&first) = behind.first() {
            all.push(join(&[], 1));
            all.extend(letters.iter().filter(|letter| **letter != first).map(|&letter| join(&[letter], 1)));
        }
        if let [first, second, ..] = *behind {
            if first != second {
                all.push(join(&[second, first], 2));
            }
        }
        all
    };
    (0..=length).flat_map(edited)
}

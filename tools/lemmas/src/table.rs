//! The table's file: an `fst` of the forms whose terms are not their own stem, each with the number of a *rule set*, and
//! the rule sets.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `OBALEM01` |
//! | 4 | n, the number of rule sets, little-endian, as all numbers |
//! | 4 | the length of the rule sets |
//! | 4 × (n + 1) | where each set begins, from the beginning of the sets; and their end |
//! | … | the rule sets |
//! | … | the fst, to the end of the file |
//!
//! A rule set is one rule or more, each of them one term: a byte with the number of letters dropped at the form's
//! beginning (in the upper two bits: наи-, по-) and at its end (lower six), a byte with the length of what is put
//! behind in bytes, and that in UTF-8. Letters from а to я are one byte each in the fst's keys, see [`key`].

use std::collections::HashMap;

use crate::dictionary::Error;
use crate::scheme::Scheme;

/// The first bytes of the file.
const MAGIC: &[u8; 8] = b"OBALEM01";

/// The bytes of the letters from а to я in the keys: such as the `fst` crate stores in the least room.
const LETTERS: &[u8; 32] = b"012345abcdefghijklmnopqrstuvwxyz";

/// The largest number of letters that may be dropped at the end.
const MOST_DROPPED: usize = 0x3f;
/// The largest number of letters that may be dropped at the beginning.
const MOST_SKIPPED: usize = 3;

/// A table, and what it is made of.
pub struct Table {
    /// The file.
    pub bytes: Vec<u8>,
    /// The number of forms.
    pub forms: usize,
    /// The number of forms with more than one term.
    pub ambiguous: usize,
    /// The number of rule sets.
    pub sets: usize,
    /// The length of the rule sets with their offsets.
    pub sets_length: usize,
}

/// A form's key in the fst; none for a word with other letters than а to я.
fn key(form: &str) -> Option<Vec<u8>> {
    form.chars()
        .map(|letter| {
            let number = u32::from(letter).checked_sub(u32::from('а'))?;
            LETTERS.get(usize::try_from(number).ok()?).copied()
        })
        .collect()
}

/// Appends the rule that makes `term` of `form`.
fn push_rule(form: &str, term: &str, rules: &mut Vec<u8>) -> Result<(), Error> {
    let form: Vec<char> = form.chars().collect();
    let term: Vec<char> = term.chars().collect();
    // Whichever beginning leaves the least to write down.
    let common = |skip: usize| form.iter().skip(skip).zip(&term).take_while(|(a, b)| a == b).count();
    let skip = (0..=MOST_SKIPPED.min(form.len())).max_by_key(|&skip| (common(skip), MOST_SKIPPED - skip)).unwrap_or(0);
    let kept = common(skip);
    // Nothing in common: drop everything.
    let (skip, dropped) = if kept == 0 { (0, form.len()) } else { (skip, form.len() - skip - kept) };
    let ending: String = term[kept..].iter().collect();
    if dropped > MOST_DROPPED {
        return Err(format!("{form:?} is too long").into());
    }
    rules.push(u8::try_from(skip << 6 | dropped)?);
    rules.push(u8::try_from(ending.len())?);
    rules.extend_from_slice(ending.as_bytes());
    Ok(())
}

impl Table {
    /// Makes the table of a scheme, of those forms that `wanted` lets in.
    pub fn new(scheme: &Scheme, wanted: impl Fn(&str) -> bool) -> Result<Self, Error> {
        let mut entries: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        let mut ambiguous = 0;
        for form in &scheme.forms {
            let terms = scheme.terms_of(form);
            if terms == [scheme.stem(&form.text)] || !wanted(&form.text) {
                continue;
            }
            ambiguous += usize::from(terms.len() > 1);
            let mut rules = Vec::new();
            for term in &terms {
                push_rule(&form.text, term, &mut rules)?;
            }
            entries.push((key(&form.text).ok_or("a form with strange letters")?, rules));
        }
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        // Sets that many forms share get small numbers, which take less room.
        let mut uses: HashMap<&[u8], usize> = HashMap::new();
        for (_, rules) in &entries {
            *uses.entry(rules).or_default() += 1;
        }
        let mut sets: Vec<(&[u8], usize)> = uses.into_iter().collect();
        sets.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let mut numbers: HashMap<&[u8], u64> = HashMap::new();
        let mut offsets = Vec::new();
        let mut rules = Vec::new();
        for (number, (set, _)) in (0..).zip(&sets) {
            numbers.insert(set, number);
            offsets.extend_from_slice(&u32::try_from(rules.len())?.to_le_bytes());
            rules.extend_from_slice(set);
        }
        offsets.extend_from_slice(&u32::try_from(rules.len())?.to_le_bytes());
        let mut builder = fst::MapBuilder::memory();
        for (key, set) in &entries {
            builder.insert(key, numbers[set.as_slice()])?;
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&u32::try_from(sets.len())?.to_le_bytes());
        bytes.extend_from_slice(&u32::try_from(rules.len())?.to_le_bytes());
        bytes.extend_from_slice(&offsets);
        bytes.extend_from_slice(&rules);
        bytes.extend_from_slice(&builder.into_inner()?);
        Ok(Self { forms: entries.len(), ambiguous, sets: sets.len(), sets_length: offsets.len() + rules.len(), bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule from `form` to `term`, as skipped, dropped, put behind.
    fn rule(form: &str, term: &str) -> (u8, u8, String) {
        let mut rules = Vec::new();
        push_rule(form, term, &mut rules).expect("a rule");
        assert_eq!(usize::from(rules[1]), rules.len() - 2);
        let ending = String::from_utf8(rules[2..].to_vec()).expect("letters");
        (rules[0] >> 6, rules[0] & 0x3f, ending)
    }

    #[test]
    fn rules_keep_what_is_common() {
        assert_eq!(rule("дня", "ден"), (0, 2, "ен".to_owned()));
        assert_eq!(rule("людям", "человек"), (0, 5, "человек".to_owned()));
        assert_eq!(rule("полями", "поле="), (0, 3, "е=".to_owned()));
        assert_eq!(rule("повыше", "высок"), (2, 2, "сок".to_owned()));
    }

    #[test]
    fn keys_are_in_the_order_of_the_letters() {
        assert!(key("абв") < key("абя") && key("абя") < key("ая"));
        assert_eq!(key("дом1"), None);
    }
}

//! Lemmas of Russian word forms, as terms to index them under.
//!
//! Snowball's stemmer splits many forms of one word (люди, человек; день, дня; сон, сна; остров, острова) and joins words
//! that have nothing to do with each other (радио, рада; поле, пол). [`lemma_terms`] knows the terms of those forms for
//! which a dictionary says otherwise than the stemmer: as a rule the Snowball stem of the lemma; the lemma itself, marked
//! with `=` behind it, where its stem is another word's. **A form that is not in the table has its Snowball stem as its only
//! term, and a form that is in it has the table's terms and *not* its own stem.**
//!
//! The table is `lemmas-ru.bin` in the program's read-only data; it is used where it lies. Its layout is described in the
//! builder, `tools/lemmas/src/table.rs`. It is derived from OpenCorpora and Wiktionary, see `lemmas-ru.LICENSE.txt`.

use std::fmt;
use std::sync::LazyLock;

use fst::Map;

/// The table's file.
static FILE: &[u8] = include_bytes!("lemmas-ru.bin");

/// The table, or nothing if its file is broken (which the tests rule out).
static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| Table::read(FILE));

/// The first bytes of the file.
const MAGIC: &[u8] = b"OBALEM01";

/// The bytes that stand for the letters from а to я in the keys.
const LETTERS: &[u8; 32] = b"012345abcdefghijklmnopqrstuvwxyz";

/// The length of а to я in UTF-8.
const LETTER_LENGTH: usize = 2;

/// The longest form that is looked up, in letters.
const LONGEST: usize = 40;

/// The terms of a Russian word form, if they differ from the form's Snowball stem.
///
/// The form must be normalised: NFC, lower case, without stress marks, with е for ё. There is nothing for a form with
/// other characters than the letters from а to я.
#[must_use]
pub(super) fn lemma_terms(form: &str) -> Option<LemmaTerms<'_>> {
    TABLE.as_ref()?.find(form)
}

/// The terms of one form, never none.
#[derive(Clone, Debug)]
pub(super) struct LemmaTerms<'f> {
    form: &'f str,
    rules: &'static [u8],
}

/// One term: letters of the form, and an ending.
///
/// `Display` joins the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LemmaTerm<'f> {
    kept: &'f str,
    ending: &'static str,
}

/// The parts of the file.
struct Table {
    forms: Map<&'static [u8]>,
    /// Where each rule set begins, as little-endian numbers of four bytes, and the end of the last.
    offsets: &'static [u8],
    rules: &'static [u8],
}

impl Table {
    /// Reads the table's head; the rest stays where it is.
    fn read(file: &'static [u8]) -> Option<Self> {
        let rest = file.strip_prefix(MAGIC)?;
        let (sets, rest) = (number(rest, 0)?, rest.get(8..)?);
        let length = number(file, 3)?;
        let (offsets, rest) = rest.split_at_checked(sets.checked_add(1)?.checked_mul(4)?)?;
        let (rules, forms) = rest.split_at_checked(length)?;
        Some(Self { forms: Map::new(forms).ok()?, offsets, rules })
    }

    fn find<'f>(&self, form: &'f str) -> Option<LemmaTerms<'f>> {
        let mut key = [0; LONGEST];
        let mut length = 0;
        for letter in form.chars() {
            let code = u32::from(letter).checked_sub(u32::from('а'))?;
            *key.get_mut(length)? = *LETTERS.get(usize::try_from(code).ok()?)?;
            length += 1;
        }
        let set = usize::try_from(self.forms.get(key.get(..length)?)?).ok()?;
        let from = number(self.offsets, set)?;
        let to = number(self.offsets, set.checked_add(1)?)?;
        let rules = self.rules.get(from..to)?;
        Some(LemmaTerms { form, rules })
    }
}

/// The `index`-th number in a row of little-endian numbers of four bytes.
fn number(bytes: &[u8], index: usize) -> Option<usize> {
    let number = bytes.get(index.checked_mul(4)?..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*number)).ok()
}

impl<'f> Iterator for LemmaTerms<'f> {
    type Item = LemmaTerm<'f>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&[cut, length], rest) = self.rules.split_first_chunk()?;
        let (ending, rest) = rest.split_at_checked(usize::from(length))?;
        self.rules = rest;
        let skipped = usize::from(cut >> 6) * LETTER_LENGTH;
        let dropped = usize::from(cut & 0x3f) * LETTER_LENGTH;
        let end = self.form.len().checked_sub(dropped)?;
        Some(LemmaTerm { kept: self.form.get(skipped..end)?, ending: std::str::from_utf8(ending).ok()? })
    }
}

impl fmt::Display for LemmaTerm<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kept)?;
        formatter.write_str(self.ending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms of a form as oba indexes it.
    fn terms(form: &str) -> Vec<String> {
        let stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Russian);
        match lemma_terms(form) {
            Some(terms) => terms.map(|term| term.to_string()).collect(),
            None => vec![stemmer.stem(form).into_owned()],
        }
    }

    #[test]
    fn the_file_is_whole() {
        let table = TABLE.as_ref().expect("the file has the right head");
        table.forms.as_fst().verify().expect("the fst's checksum is right");
        let sets = table.offsets.len() / 4 - 1;
        for set in 0..sets {
            let from = number(table.offsets, set).expect("an offset");
            let to = number(table.offsets, set + 1).expect("an offset");
            let rules = table.rules.get(from..to).expect("a rule set within the rules");
            let form = "а".repeat(LONGEST * 2);
            let mut terms = LemmaTerms { form: &form, rules };
            assert!(terms.by_ref().count() > 0);
            assert!(terms.rules.is_empty(), "rule set {set} has a rest");
        }
    }

    #[test]
    fn every_form_has_terms_and_every_set_exists() {
        use fst::Streamer as _;
        let table = TABLE.as_ref().expect("the file has the right head");
        let mut forms = table.forms.stream();
        let mut count = 0_usize;
        while let Some((key, _)) = forms.next() {
            let form: String = key
                .iter()
                .filter_map(|byte| LETTERS.iter().position(|letter| letter == byte))
                .filter_map(|code| char::from_u32(u32::from('а') + u32::try_from(code).ok()?))
                .collect();
            let terms: Vec<String> = lemma_terms(&form).expect("terms").map(|term| term.to_string()).collect();
            assert!(!terms.is_empty() && terms.iter().all(|term| !term.is_empty()), "{form}");
            count += 1;
        }
        assert!(count > 100_000);
    }

    #[test]
    fn terms_of_some_forms() {
        assert_eq!(terms("люди"), ["человек"]);
        assert_eq!(terms("лет"), ["год"]);
        assert_eq!(terms("дня"), terms("день"));
        assert_eq!(terms("метро"), ["метро="]);
        assert_eq!(terms("книга"), ["книг"]);
        assert!(terms("стали").len() == 2, "стать and сталь");
    }

    #[test]
    fn nothing_for_other_words() {
        for word in ["", "word", "см", "Дня", "ещё", "дня1", "-", "ъъъ", "дня ", "д\u{301}ня"] {
            assert!(lemma_terms(word).is_none(), "{word:?}");
        }
        assert!(lemma_terms(&"а".repeat(1000)).is_none());
    }

    #[test]
    fn broken_files_are_refused() {
        assert!(Table::read(b"").is_none());
        assert!(Table::read(b"OBALEM01").is_none());
        assert!(Table::read(b"OBALEM01\xff\xff\xff\xff\xff\xff\xff\xff").is_none());
        assert!(Table::read(b"OBALEM01\0\0\0\0\0\0\0\0\0\0\0\0rubbish").is_none());
    }
}

//! A word as others write it in the other alphabet: compared letter by letter, so that a dictionary can be walked with it.
//!
//! The comparison is an edit distance whose edits are the rules of a table (Wagner and Fischer 1974, with pieces of several
//! letters as in Brill and Moore, ACL 2000). It has a row for each beginning of the other word, so a dictionary of many
//! words is compared at once, each beginning that they share once.

use super::{
    rules::{LATIN, MAX_PIECE, RUSSIAN, Rule, Rules},
    tail::{Piece, Tail},
};
use crate::language::Alphabet;

/// The longest word that is compared, in letters; names are shorter.
const MAX_LETTERS: usize = 24;

/// The shortest: of shorter ones too many are alike, such as LG and ЛГ.
const MIN_LETTERS: usize = 4;

/// The shortest that it is compared with: Хуа is Hua.
const MIN_OTHER_LETTERS: usize = 3;

/// The longest end of a Latin word that gives way to a Russian ending: Maria, Марией.
const MAX_ENDING: usize = 3;

/// The most that a comparison may cost.
const MAX_COST: u8 = 12;

/// More than any comparison may cost.
const NEVER: u8 = 200;

/// What it costs that one vowel stands for another, that a vowel is not there, and that a consonant is not.
const OTHER_VOWEL: u8 = 5;
const NO_VOWEL: u8 = 6;
const NO_CONSONANT: u8 = 12;

/// As many letters as one alphabet has, and more, stand in places of their own.
const BUCKETS: usize = 64;

/// The row of a comparison: for each beginning of the word what the beginning of the other that was read costs, and behind the whole
/// word what is more than it may: as many as a processor takes at once.
type Row = [u8; 32];
const _: () = assert!(MAX_LETTERS < size_of::<Row>());

/// A word of one alphabet, to be compared with words of the other.
#[derive(Debug, Clone)]
pub struct Spelling {
    letters: Vec<char>,
    /// The other alphabet.
    other: Alphabet,
    /// The rules that end with a letter of the other word, by [`bucket`].
    by_letter: Vec<Vec<Step>>,
    /// The rules that count at the end of words.
    last: Vec<Step>,
    /// What it costs that a letter is not in the other word.
    skips: Vec<u8>,
    /// What the beginnings of the word must stay below.
    bounds: Row,
    /// The same of those that an ending may follow; the others may cost nothing at all, not even 0.
    bounds_at_end: Row,
}

/// A rule at a place in the word.
#[derive(Debug, Clone)]
struct Step {
    /// Where in the word its piece begins and ends.
    from: usize,
    to: usize,
    /// The piece of the other word.
    piece: Piece,
    cost: u8,
}

/// The rows of the beginnings of another word, of which one is read after the other: those that two words share are
/// computed once, and nothing is copied from beginning to beginning.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The row before the first letter, after it, and so on.
    rows: Vec<Row>,
    /// The last letters at each of them.
    tails: Vec<Tail>,
}

impl Spelling {
    /// The spelling of a word in normal form; `None` for one that is too short or too long to be compared, or is of neither
    /// alphabet.
    #[must_use]
    pub fn of(form: &str) -> Option<Self> {
        let alphabet = Alphabet::of(form);
        if form.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let is_latin = match alphabet {
            Alphabet::Latin => true,
            Alphabet::Cyrillic => false,
            _ => return None,
        };
        let mut letters: Vec<char> = form.strip_suffix("'s").unwrap_or(form).chars().map(base).collect();
        if !(MIN_LETTERS..=MAX_LETTERS).contains(&letters.len()) {
            return None;
        }
        letters.dedup_by(|a, b| a == b && !is_vowel(*a));
        let skips = letters.iter().map(|&letter| skip(letter)).collect();
        let other = if is_latin { Alphabet::Cyrillic } else { Alphabet::Latin };
        let most = limit(letters.len());
        // No more than a limit is less than one more.
        let bounds = std::array::from_fn(|read| most.min(limit_after(read)) + 1);
        let end = letters.len().saturating_sub(MAX_ENDING);
        let bounds_at_end = std::array::from_fn(|read| if read < end { 0 } else { bounds[read] });
        let by_letter = vec![Vec::new(); BUCKETS];
        let mut spelling = Self { letters, other, by_letter, last: Vec::new(), skips, bounds, bounds_at_end };
        let rules: &Rules = if is_latin { &LATIN } else { &RUSSIAN };
        for from in 0..=spelling.letters.len() {
            let letter = spelling.letters.get(from).map(|&letter| Some(letter));
            for start in [None].into_iter().chain(letter) {
                rules.get(&start).into_iter().flatten().for_each(|rule| spelling.add(rule, from));
            }
        }
        spelling.add_vowels(if is_latin { "аеиоуыэюя" } else { "aeiouy" });
        Some(spelling)
    }

    /// Adds a rule where it holds for the letters from `from` on.
    fn add(&mut self, rule: &Rule, from: usize) {
        let to = from + rule.own.len();
        if !self.letters[from..].starts_with(&rule.own) || (rule.is_final && to < self.letters.len()) {
            return;
        }
        let step = Step { from, to, piece: Piece::of(&rule.other), cost: rule.cost };
        match rule.other.last() {
            Some(&letter) if !rule.is_final => self.by_letter[bucket(letter)].push(step),
            _ => self.last.push(step),
        }
    }

    fn add_vowels(&mut self, others: &str) {
        for from in (0..self.letters.len()).filter(|&n| is_vowel(self.letters[n])) {
            for other in others.chars() {
                let step = Step { from, to: from + 1, piece: Piece::of(&[other]), cost: OTHER_VOWEL };
                self.by_letter[bucket(other)].push(step);
            }
        }
    }

    /// The one beginning that all other words share, before their first letter.
    #[must_use]
    pub fn start(&self) -> Rows {
        let mut row = [NEVER; size_of::<Row>()];
        row[0] = 0;
        self.skip_letters(&mut row);
        Rows { rows: vec![row], tails: vec![Tail::default()] }
    }

    /// Reads one more letter behind the first `read` letters; gives how many letters that are then. What was read behind
    /// them before is forgotten.
    pub fn read(&self, rows: &mut Rows, read: usize, letter: char) -> usize {
        let letter = base(letter);
        rows.tails.truncate(read + 1);
        rows.rows.truncate(read + 1);
        let before = rows.tails[read];
        if before.is_behind(letter) && !is_vowel(letter) {
            return read;
        }
        let tail = before.with(letter);
        let extra = skip(letter);
        let mut row = rows.rows[read];
        for cost in &mut row {
            *cost = (*cost + extra).min(NEVER);
        }
        for step in &self.by_letter[bucket(letter)] {
            if tail.ends_with(step.piece) {
                // What ends with a piece has as many letters at least, so that there is such a row.
                let cost = rows.rows[read + 1 - step.piece.length][step.from] + step.cost;
                row[step.to] = row[step.to].min(cost);
            }
        }
        self.skip_letters(&mut row);
        rows.tails.push(tail);
        rows.rows.push(row);
        read + 1
    }

    /// Whether words of the other alphabet hold a letter.
    #[must_use]
    pub fn may_read(&self, letter: char) -> bool {
        Alphabet::of_character(letter) == self.other || letter == '\''
    }

    /// Whether a word that begins with the first `read` letters may still be the same at a cost within `most`.
    #[must_use]
    pub fn is_open(&self, rows: &Rows, read: usize, most: u8) -> bool {
        // The last letter may be the beginning of a piece of several, and behind the whole word the last letters that of an
        // ending.
        let most = most.saturating_add(1);
        rows.rows[..=read].iter().rev().take(MAX_PIECE).enumerate().any(|(back, row)| {
            let bounds = if back < 2 { &self.bounds } else { &self.bounds_at_end };
            // All of them and not until the first: a processor looks at all at once.
            row.iter().zip(bounds).fold(false, |is_open, (&cost, &bound)| is_open | (cost < bound.min(most)))
        })
    }

    /// What it costs to read the word of the first `read` letters as this one, if they may be the same.
    #[must_use]
    pub fn cost(&self, rows: &Rows, read: usize) -> Option<u8> {
        let all = self.letters.len();
        let ends = self.last.iter().filter(|step| rows.tails[read].ends_with(step.piece));
        let costs = ends.map(|step| rows.rows[read - step.piece.length][step.from] + step.cost);
        let cost = costs.chain([rows.rows[read][all]]).min()?;
        (read >= MIN_OTHER_LETTERS && cost <= limit(read.min(all))).then_some(cost)
    }

    /// Whether a word that begins so may still have a beginning that is the whole of this one at a cost within `limit`. Nothing
    /// behind the whole matters here, so fewer words are left than [`Spelling::is_open`] leaves.
    #[must_use]
    pub fn may_begin(&self, rows: &Rows, read: usize, most: u8) -> bool {
        let limit = limit(self.letters.len()).min(most);
        let is_begun = |step: &Step| {
            let mut lengths = 1..step.piece.length.min(read + 1);
            lengths.any(|begun| {
                rows.rows[read - begun][step.from] + step.cost <= limit
                    && rows.tails[read].ends_with(step.piece.beginning(begun))
            })
        };
        rows.rows[read].iter().any(|&cost| cost <= limit) || self.by_letter.iter().flatten().any(is_begun)
    }

    /// What it costs to read what was read of the other word as the whole of this one, if they may be the same: another word
    /// that goes on from there begins so.
    #[must_use]
    pub fn cost_of_whole(&self, rows: &Rows, read: usize) -> Option<u8> {
        let cost = rows.rows[read][self.letters.len()];
        (read >= MIN_OTHER_LETTERS && cost <= limit(self.letters.len())).then_some(cost)
    }

    /// What it costs to read the beginning of a word in normal form as this one, if they may be the same.
    ///
    /// ```
    /// use oba::language::names::Spelling;
    /// assert_eq!(Spelling::of("lavr").unwrap().cost_of_beginning("лавров"), Some(0));
    /// assert_eq!(Spelling::of("мирз").unwrap().cost_of_beginning("mirziyoyev"), Some(0));
    /// assert_eq!(Spelling::of("щерб").unwrap().cost_of_beginning("shcherbakov"), Some(0));
    /// assert_eq!(Spelling::of("lavr").unwrap().cost_of_beginning("ларин"), None);
    /// ```
    #[must_use]
    pub fn cost_of_beginning(&self, form: &str) -> Option<u8> {
        let mut rows = self.start();
        let (mut read, mut least) = (0, None::<u8>);
        for letter in form.chars() {
            read = self.read(&mut rows, read, letter);
            least = least.into_iter().chain(self.cost_of_whole(&rows, read)).min();
            if least == Some(0) || !self.may_begin(&rows, read, MAX_COST) {
                break;
            }
        }
        least
    }

    /// What it costs to read a word in normal form as this one, if they may be the same.
    #[must_use]
    pub fn cost_of(&self, form: &str) -> Option<u8> {
        let mut rows = self.start();
        let read = form.chars().fold(0, |read, letter| self.read(&mut rows, read, letter));
        self.cost(&rows, read)
    }

    fn skip_letters(&self, row: &mut Row) {
        for (n, &cost) in self.skips.iter().enumerate() {
            row[n + 1] = row[n + 1].min(row[n] + cost).min(NEVER);
        }
    }
}

/// The most that the comparison of words of so many letters may cost.
fn limit(letters: usize) -> u8 {
    u8::try_from(letters.saturating_sub(2) * 2).map_or(MAX_COST, |limit| limit.min(MAX_COST))
}

/// The most that the first letters of a word may cost, so many of them: what is unlike at once is another word.
fn limit_after(letters: usize) -> u8 {
    u8::try_from(4 + letters).unwrap_or(MAX_COST)
}

/// Where the rules that end with a letter stand. Letters may share a place: a rule is compared with its whole piece.
fn bucket(letter: char) -> usize {
    letter as usize % BUCKETS
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

/// What it costs that a letter has none to stand for it.
fn skip(letter: char) -> u8 {
    match letter {
        '\'' | 'ʹ' | 'ʺ' | '`' | 'ь' | 'ъ' => 0,
        'h' | 'й' => 3,
        'e' => 4,
        _ if is_vowel(letter) => NO_VOWEL,
        _ => NO_CONSONANT,
    }
}

/// A letter without the marks that the table does not know.
fn base(letter: char) -> char {
    match letter {
        'ё' => 'е',
        'á' | 'à' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ả' | 'ạ' | 'ấ' | 'ầ' | 'ắ' => 'a',
        'ê' | 'ē' | 'ę' | 'ě' | 'ė' | 'ế' | 'ề' | 'ệ' | 'ẹ' | 'ə' => 'e',
        'í' | 'ì' | 'î' | 'ī' | 'į' | 'ı' | 'ĩ' | 'ị' => 'i',
        'ò' | 'ô' | 'õ' | 'ō' | 'ő' | 'ơ' | 'ố' | 'ồ' | 'ộ' | 'ó' => 'o',
        'ú' | 'ù' | 'ū' | 'ů' | 'ű' | 'ư' | 'ų' | 'ŭ' => 'u',
        'ý' | 'ÿ' => 'y',
        'ń' | 'ň' | 'ņ' => 'n',
        'ł' | 'ľ' | 'ļ' | 'ĺ' => 'l',
        'ř' | 'ŕ' => 'r',
        'ś' | 'ș' => 's',
        'ź' | 'ż' | 'ẑ' => 'z',
        'ț' | 'ţ' | 'ť' => 't',
        'đ' | 'ď' | 'ð' => 'd',
        'ğ' | 'ģ' | 'ġ' => 'g',
        'ħ' | 'ḥ' | 'ḩ' => 'h',
        'ķ' => 'k',
        '’' | 'ʼ' | '‘' | '´' => '\'',
        _ => letter,
    }
}

//! A text → the numbers by which its copies and near duplicates are known.

use std::hash::Hasher;

use fnv::FnvHasher;

use crate::text::{body_start, normalize_word, words};

/// So many words that stand side by side are one run. A changed word spoils as many runs as they have words, and the foot that
/// all releases of an office share counts the same whatever their length: so they are short.
const RUN: usize = 2;

/// Texts of fewer words are never near duplicates: what they share is what all short texts share.
pub(super) const MIN_WORDS: usize = 40;

/// The runs are dealt out to so many bins, and each bin keeps its least: one pass over the text, however many bins (Li, Owen
/// and Zhang, "One permutation hashing", NIPS 2012).
const BINS: usize = 128;

/// So many bits of each least run are kept: two runs that differ share them once in four times, which the estimate takes
/// into account (Li and König, "b-bit minwise hashing", WWW 2010). The standard error of the estimate is about 0.05.
const BITS: usize = 2;

/// The numbers that the runs take in a sketch, and those that the words of the title take, the first 16 of them, 16 bits each.
const RUNS: usize = BINS * BITS / 64;
const TITLE: usize = 4;
const TITLE_WORDS: usize = 4 * TITLE;

/// So many bands of so many bins each: of two documents that share 60 % of their runs 98 in 100 have a band in common, of
/// those that share 20 % about 12, which the sketches then tell apart.
const BANDS: usize = 16;
const BAND: usize = 3;

/// So many bits of a band are kept: numbers that lie near each other take less than half of the room in a dictionary that they take
/// with all 64, and many documents to a number less than one to each. Of a million documents each meets 15 others in a band by chance,
/// which its sketch then tells apart; of four million as many as are looked at.
const BAND_BITS: u32 = 16;

/// The share of runs that near duplicates have in common at least, of all runs that one or the other has. Where each title
/// has a word that the other lacks, nearly all of a long text: pages made from one form share most of their words, and their
/// titles tell what each of them is of.
const NEAR: f32 = 0.55;
const NEAR_UNDER_OTHER_TITLE: f32 = 0.9;
const MIN_WORDS_UNDER_OTHER_TITLE: usize = 400;

/// What stands between a title and the name of the site that it is on.
const BEFORE_SITE: [&str; 5] = [" | ", " — ", " – ", " - ", " · "];

/// By what copies and near duplicates of a document are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::index) struct Signature {
    /// A number of title and text, whatever the white space between their words.
    pub content: u64,
    /// What near duplicates are known by; `None` of a short text.
    pub near: Option<Box<Near>>,
}

/// By what near duplicates are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::index) struct Near {
    pub sketch: Sketch,
    pub bands: [u64; BANDS],
    /// How many words the text has.
    words: usize,
}

/// What is kept of the words of a title and of the runs of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct Sketch {
    title: [u64; TITLE],
    runs: [u64; RUNS],
}

impl Signature {
    /// The signature of a document.
    pub(in crate::index) fn of(title: &str, text: &str) -> Self {
        let text = &text[body_start(text, title)..];
        Self { content: content(title, text), near: near(title, text) }
    }
}

/// A number of a title and a text, whatever the white space.
fn content(title: &str, text: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in [title, text] {
        for word in part.split_whitespace() {
            hasher.update(word.as_bytes());
            hasher.update(b" ");
        }
        hasher.update(b"\n");
    }
    hasher.finalize().as_bytes().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn near(title: &str, text: &str) -> Option<Box<Near>> {
    // No number of a run is so great: it would be the one that hashes to all ones.
    const EMPTY: u64 = u64::MAX;
    let mut least = [EMPTY; BINS];
    let mut run = [0_u64; RUN];
    let mut count = 0_usize;
    let mut form = String::new();
    for word in words(text) {
        run.rotate_left(1);
        run[RUN - 1] = word_number(word.text, &mut form);
        count += 1;
        if count >= RUN {
            let number = run.iter().fold(0, |number, &word| mixed(number ^ word));
            // The highest bits choose the bin, the others are compared.
            let bin = usize::try_from(number >> (u64::BITS - BINS.ilog2())).unwrap_or_default();
            least[bin] = least[bin].min(number << BINS.ilog2());
        }
    }
    if count < MIN_WORDS {
        return None;
    }
    let filled = least;
    for (bin, value) in least.iter_mut().enumerate().filter(|(_, value)| **value == EMPTY) {
        *value = borrowed(&filled, bin, EMPTY);
    }
    Some(Box::new(Near { sketch: Sketch::of(title, &least), bands: bands(&least), words: count }))
}

/// What an empty bin has from a full one, which two texts choose alike (Shrivastava, "Optimal densification for fast and
/// accurate minwise hashing", ICML 2017).
fn borrowed(least: &[u64; BINS], bin: usize, empty: u64) -> u64 {
    let mut attempt = bin as u64;
    loop {
        attempt = mixed(attempt);
        let value = least[usize::try_from(attempt % BINS as u64).unwrap_or_default()];
        if value != empty {
            return mixed(value ^ bin as u64);
        }
    }
}

/// A number of each band, those of the first below those of the second.
fn bands(least: &[u64; BINS]) -> [u64; BANDS] {
    let mut bands = [0; BANDS];
    for (n, (band, bins)) in (0..).zip(bands.iter_mut().zip(least.chunks_exact(BAND))) {
        let number = bins.iter().fold(0, |number, &value| mixed(number ^ value));
        *band = n << BAND_BITS | number >> (u64::BITS - BAND_BITS);
    }
    bands
}

/// The number of a word, whatever its case. The letter ё is written or not, as people please.
fn word_number(word: &str, form: &mut String) -> u64 {
    form.clear();
    normalize_word(word, form);
    let mut hasher = FnvHasher::default();
    for part in form.split('ё') {
        hasher.write(part.as_bytes());
        hasher.write("е".as_bytes());
    }
    mixed(hasher.finish())
}

/// A title without the name of the site, which is the shorter part of it.
fn without_site(title: &str) -> &str {
    let mut longest = title;
    for mark in BEFORE_SITE {
        longest = longest.split(mark).max_by_key(|part| part.len()).unwrap_or(longest);
    }
    longest
}

/// Spreads a number over all its bits (the finalizer of Steele, Lea and Flood, "`SplittableRandom`", OOPSLA 2014).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

impl Sketch {
    fn of(title: &str, least: &[u64; BINS]) -> Self {
        let mut form = String::new();
        let mut numbers = [0; TITLE];
        for (n, word) in words(without_site(title)).take(TITLE_WORDS).enumerate() {
            // None is 0, for that is no word.
            numbers[n / 4] |= (word_number(word.text, &mut form) & 0xffff).max(1) << (n % 4 * 16);
        }
        let mut runs = [0; RUNS];
        for (bin, value) in least.iter().enumerate() {
            // The highest bits of a least value are the likeliest to be zeros; the middle ones are as chance has them.
            runs[bin * BITS / 64] |= (mixed(*value) & ((1 << BITS) - 1)) << (bin * BITS % 64);
        }
        Self { title: numbers, runs }
    }

    /// The sketch as the numbers that are kept of it: those of its title as far as that goes.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.runs.into_iter().chain(self.title.into_iter().take_while(|&words| words != 0))
    }

    /// The sketch that was kept; `None` where these are the numbers of none.
    pub(super) fn from_numbers(mut numbers: impl Iterator<Item = u64>) -> Option<Self> {
        let (mut title, mut runs) = ([0; TITLE], [0; RUNS]);
        for place in &mut runs {
            *place = numbers.next()?;
        }
        for (place, words) in title.iter_mut().zip(numbers) {
            *place = words;
        }
        Some(Self { title, runs })
    }

    /// About what share of the runs of two texts both have, from 0 to 1.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        // One bit for each bin that is the same: where both of its bits are.
        let low = 0x5555_5555_5555_5555_u64;
        let same = self.runs.iter().zip(other.runs).map(|(&ours, theirs)| {
            let same = !(ours ^ theirs);
            (same & same >> 1 & low).count_ones()
        });
        let same = f32::from(u16::try_from(same.sum::<u32>()).unwrap_or(u16::MAX)) / 128.0;
        let by_chance = 0.25;
        ((same - by_chance) / (1.0 - by_chance)).max(0.0)
    }

    /// The words of the title, as numbers.
    fn title(&self) -> impl Iterator<Item = u64> + Clone {
        let words = self.title.into_iter().flat_map(|number| (0..4).map(move |n| number >> (n * 16) & 0xffff));
        words.filter(|&word| word != 0)
    }

    /// Whether a title has a word that another lacks.
    fn names_more_than(&self, other: &Self) -> bool {
        self.title().any(|word| !other.title().any(|known| known == word))
    }
}

impl Near {
    /// Whether a text is a near duplicate of one of this sketch.
    pub(super) fn is_of(&self, founder: &Sketch) -> bool {
        let least = match self.sketch.names_more_than(founder) && founder.names_more_than(&self.sketch) {
            true if self.words < MIN_WORDS_UNDER_OTHER_TITLE => return false,
            true => NEAR_UNDER_OTHER_TITLE,
            false => NEAR,
        };
        self.sketch.likeness(founder) >= least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of so many words, drawn from a list by a number.
    fn text(seed: u64, count: usize) -> String {
        let list =
            "министр visit визит ministry заседание council Ташкент session доклад report рост growth вопрос paper";
        let list: Vec<&str> = list.split(' ').collect();
        let mut state = seed;
        let draw = |_| {
            state = mixed(state);
            let word = list[usize::try_from(state % list.len() as u64).unwrap_or_default()];
            format!("{word}{}", state >> 40 & 0xff)
        };
        (0..count).map(draw).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn white_space_does_not_tell_copies_apart_and_all_else_does() {
        let content = |title, text| Signature::of(title, text).content;
        let known = content("Визит", "Президент прибыл.  The visit\r\nbegan.");
        assert_eq!(content("Визит", "Президент\u{A0}прибыл. The visit began.\n"), known);
        assert_eq!(
            content("Визит", "Визит\n\nПрезидент прибыл. The visit began."),
            known,
            "the title stands in the text"
        );
        for (title, text) in [
            ("Визиты", "Президент прибыл. The visit began."),
            ("Визит", "Президент прибыл. The visit began"),
            ("Визит Президент", "прибыл. The visit began."),
            ("", "Визит Президент прибыл. The visit began."),
        ] {
            assert_ne!(content(title, text), known, "{title}: {text}");
        }
    }

    #[test]
    fn likeness_is_about_the_share_of_runs_in_common() {
        for (seed, common, own) in [(1, 400, 0), (2, 400, 50), (3, 400, 100), (4, 400, 200), (5, 0, 400)] {
            let shared = text(seed, common);
            let near = |seed| near("", &format!("{shared} {}", text(seed, own))).expect("it is long enough");
            let (one, other) = (near(seed + 100), near(seed + 200));
            #[allow(clippy::cast_precision_loss)]
            let expected = common as f32 / (common + 2 * own) as f32;
            let found = one.sketch.likeness(&other.sketch);
            assert!((found - expected).abs() < 0.17, "{found} for {expected}");
        }
    }

    #[test]
    fn a_sketch_comes_back_from_its_numbers() {
        for title in ["", "Визит министра", "The Times: ministry on the visit to Tashkent", &text(3, TITLE_WORDS + 1)]
        {
            let near = near(title, &text(7, 90)).expect("it is long enough");
            assert_eq!(Sketch::from_numbers(near.sketch.numbers()), Some(near.sketch), "{title}");
            assert_eq!(Sketch::from_numbers(near.sketch.numbers().take(RUNS - 1)), None);
        }
    }

    #[test]
    fn short_texts_are_near_nothing() {
        assert_eq!(near("Визит", &text(8, MIN_WORDS - 1)), None);
        assert!(near("Визит", &text(8, MIN_WORDS)).is_some());
    }

    #[test]
    fn under_another_title_nearly_all_has_to_be_the_same() {
        let shared = text(9, 400);
        let near = |title: &str, own| near(title, &format!("{shared} {}", text(own, 10))).expect("it is long enough");
        let known = near("Визит министра", 20).sketch;
        for title in ["Визит министра", "Визит министра в Ташкент — Вестник", "The Times | Визит министра", ""]
        {
            assert!(near(title, 21).is_of(&known), "{title}");
        }
        assert!(near("Визит посла", 20).is_of(&known) && near("Визит посла", 21).is_of(&known));
        let near = |title: &str, own| {
            super::near(title, &format!("{} {}", text(9, 200), text(own, 20))).expect("it is long enough")
        };
        let known = near("Визит министра", 20).sketch;
        assert!(near("Визит министра", 21).is_of(&known) && !near("Визит посла", 21).is_of(&known));
    }
}

//! A text → the language label of the document.
//!
//! The shares of the alphabets decide between English and Russian; function words, letters that the language does not
//! have and, on a bounded sample, whatlang decide whether Latin text is English and Cyrillic text Russian at all.
//! Addresses (URLs, e-mail) are left out: their letters say nothing of the language around them.

use whatlang::Lang;

use super::{Alphabet, Label, Profile, profiles};
use crate::text::{Words, head, normalize_word, words};

/// How many characters of a text are looked at: this many windows, spread evenly, of this many bytes each. Enough for
/// shares to a per cent; the cost does not grow with the text.
const WINDOWS: usize = 8;
const WINDOW_BYTES: usize = 1024;

/// whatlang reads its whole input at a few megabytes a second; this many characters are as telling as more.
const WHATLANG_MAX_CHARS: usize = 400;

/// whatlang's answers below this confidence are noise on short texts.
const WHATLANG_MIN_CONFIDENCE: f64 = 0.6;

/// The smallest share of the letters that makes a language a real part of a mixed document.
const MIN_PART: f32 = 0.1;

/// Where at least this share of a text's words are function words of a language, it is prose in that language. English
/// prose has about 0.45 and Russian 0.3, their neighbours in the same alphabet under 0.1.
const PROSE: f32 = 0.2;

/// Where more than this share of the letters is foreign to the alphabet of a language, the text is in another one.
const MAX_FOREIGN: f32 = 0.02;

/// What a text was found to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detection {
    /// The label.
    pub label: Label,
    /// How sure it is, from 0 (a guess: nothing to decide by) to 1.
    pub confidence: f32,
    /// The share of Latin letters among all letters.
    pub latin: f32,
    /// The share of Cyrillic letters among all letters.
    pub cyrillic: f32,
}

/// Finds the language label of a text.
///
/// ```
/// use oba::language::{Label, detect};
/// assert_eq!(detect("The ministers met in Tashkent.").label, Label::English);
/// assert_eq!(detect("Министры встретились в Ташкенте.").label, Label::Russian);
/// assert_eq!(detect("Die Minister trafen sich in Taschkent.").label, Label::Other);
/// assert_eq!(detect("1 000 000").label, Label::Other);
/// ```
#[must_use]
pub fn detect(text: &str) -> Detection {
    let sample = Sample::of(text);
    let [english, russian] = profiles().map(|profile| sample.part(profile.alphabet));
    let letters = english.letters + russian.letters + sample.other_letters;
    if letters == 0 {
        return Detection { label: Label::Other, confidence: 0.0, latin: 0.0, cyrillic: 0.0 };
    }
    let share = |count: usize| share(count, letters);
    let (label, confidence) = decide(english, russian, share(sample.other_letters));
    Detection { label, confidence, latin: share(english.letters), cyrillic: share(russian.letters) }
}

/// The label and its confidence, from what was seen of each alphabet.
fn decide(english: &Part, russian: &Part, other_share: f32) -> (Label, f32) {
    if other_share > 0.5 {
        return (Label::Other, other_share);
    }
    let both = english.letters + russian.letters;
    let is_part = |part: &Part| share(part.letters, both) >= MIN_PART && part.is_running_text();
    if is_part(english) && is_part(russian) {
        return match (english.verdict(), russian.verdict()) {
            (Verdict::Yes(a), Verdict::Yes(b)) => (Label::Mixed, a.min(b)),
            (Verdict::Yes(sure), Verdict::No(_)) => (Label::English, sure / 2.0),
            (Verdict::No(_), Verdict::Yes(sure)) => (Label::Russian, sure / 2.0),
            (Verdict::No(a), Verdict::No(b)) => (Label::Other, a.min(b)),
        };
    }
    // A Russian sentence full of Latin names, commands and products is still a Russian sentence.
    let russian_leads = share(russian.letters, both) >= 0.5
        || (share(russian.letters, both) >= 0.3 && russian.is_running_text() && !english.is_running_text());
    let lead = if russian_leads { russian } else { english };
    match lead.verdict() {
        Verdict::Yes(sure) => (lead.profile.label, sure),
        Verdict::No(sure) => (Label::Other, sure),
    }
}

fn share(count: usize, of: usize) -> f32 {
    // Counts of a bounded sample are far below the 2^24 that an f32 holds exactly.
    #[allow(clippy::cast_precision_loss)]
    if of == 0 { 0.0 } else { count as f32 / of as f32 }
}

/// Whether a part of a text is in the language that its alphabet suggests, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Verdict {
    Yes(f32),
    No(f32),
}

/// What a text holds in the alphabet of one language.
struct Part {
    profile: &'static Profile,
    /// Its words, each with a space after it, for whatlang.
    text: String,
    words: usize,
    lower_case_words: usize,
    stop_words: usize,
    letters: usize,
    foreign_letters: usize,
}

impl Part {
    fn new(profile: &'static Profile) -> Self {
        Self {
            profile,
            text: String::new(),
            words: 0,
            lower_case_words: 0,
            stop_words: 0,
            letters: 0,
            foreign_letters: 0,
        }
    }

    fn add(&mut self, word: &str, form: &mut String) {
        form.clear();
        normalize_word(word, form);
        self.words += 1;
        self.lower_case_words += usize::from(word.starts_with(char::is_lowercase));
        for letter in form.chars().filter(|c| c.is_alphabetic()) {
            self.letters += 1;
            self.foreign_letters += usize::from(!self.profile.letters.contains(letter));
        }
        self.profile.fold(form);
        self.stop_words += usize::from(self.profile.is_stop_word(form));
        self.text.push_str(word);
        self.text.push(' ');
    }

    /// Whether the words form sentences and are not names alone, which any text quotes in the other alphabet.
    fn is_running_text(&self) -> bool {
        self.lower_case_words >= 2 && share(self.stop_words, self.words) >= PROSE
    }

    fn verdict(&self) -> Verdict {
        let foreign = share(self.foreign_letters, self.letters);
        let stop_words = share(self.stop_words, self.words);
        if self.letters == 0 {
            return Verdict::No(0.0);
        }
        if self.words >= 8 && stop_words >= PROSE && foreign <= MAX_FOREIGN {
            return Verdict::Yes((0.5 + stop_words).min(1.0));
        }
        if foreign > MAX_FOREIGN * 2.0 {
            return Verdict::No((0.5 + foreign * 5.0).min(1.0));
        }
        self.ask_whatlang(foreign, stop_words)
    }

    /// whatlang's opinion where function words leave it open: short texts, tables, neighbours in the same alphabet.
    fn ask_whatlang(&self, foreign: f32, stop_words: f32) -> Verdict {
        let own = match self.profile.label {
            Label::English => Lang::Eng,
            _ => Lang::Rus,
        };
        let answer = whatlang::detect(head(&self.text, WHATLANG_MAX_CHARS));
        // Confidences are probabilities: an f32 keeps more of them than they mean.
        #[allow(clippy::cast_possible_truncation)]
        match answer {
            Some(info) if info.lang() == own => Verdict::Yes((0.5 + info.confidence() / 2.0) as f32),
            Some(info) if info.confidence() > WHATLANG_MIN_CONFIDENCE && self.words > 2 && stop_words < PROSE => {
                Verdict::No(info.confidence() as f32)
            }
            _ if foreign > MAX_FOREIGN => Verdict::No(0.3),
            // Too short to say: its alphabet is the best that is known.
            _ => Verdict::Yes(0.3),
        }
    }
}

/// The words of a bounded sample of a text, sorted by alphabet.
struct Sample {
    parts: [Part; 2],
    other_letters: usize,
}

impl Sample {
    fn of(text: &str) -> Self {
        let mut sample = Self { parts: profiles().map(Part::new), other_letters: 0 };
        let mut form = String::new();
        for window in windows(text) {
            for token in window.split_whitespace().filter(|token| !is_address(token)) {
                sample.add(words(token), &mut form);
            }
        }
        sample
    }

    fn add(&mut self, words: Words<'_>, form: &mut String) {
        for word in words {
            let alphabet = match Alphabet::of(word.text) {
                Alphabet::Mixed => majority(word.text),
                alphabet => alphabet,
            };
            match self.parts.iter_mut().find(|part| part.profile.alphabet == alphabet) {
                Some(part) => part.add(word.text, form),
                None => self.other_letters += word.text.chars().filter(|c| c.is_alphabetic()).count(),
            }
        }
    }

    fn part(&self, alphabet: Alphabet) -> &Part {
        self.parts.iter().find(|part| part.profile.alphabet == alphabet).unwrap_or(&self.parts[0])
    }
}

/// The alphabet of most letters of a word that mixes two, as look-alike letters make it.
fn majority(word: &str) -> Alphabet {
    let count = |alphabet| word.chars().filter(|&c| Alphabet::of_character(c) == alphabet).count();
    if count(Alphabet::Latin) > count(Alphabet::Cyrillic) { Alphabet::Latin } else { Alphabet::Cyrillic }
}

fn is_address(token: &str) -> bool {
    token.contains("://") || token.contains('@') || token.starts_with("www.")
}

/// The pieces of a text that are looked at: all of a short one, evenly spread windows of a long one.
fn windows(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.len() <= WINDOWS * WINDOW_BYTES;
    let (count, step) = if whole { (1, 0) } else { (WINDOWS, (text.len() - WINDOW_BYTES) / (WINDOWS - 1)) };
    let size = if whole { text.len() } else { WINDOW_BYTES };
    (0..count).map(move |n| {
        let start = text.floor_char_boundary(n * step);
        &text[start..text.floor_char_boundary(start + size)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> Label {
        detect(text).label
    }

    #[test]
    fn prose_in_either_language_is_known() {
        assert_eq!(label("How are you? The children went to the museum by train."), Label::English);
        assert_eq!(label("Как дела? Дети поехали в музей на поезде."), Label::Russian);
    }

    #[test]
    fn single_words_go_by_their_alphabet() {
        for word in ["search", "John Smith", "iPhone 15 Pro Max 256GB"] {
            assert_eq!(label(word), Label::English, "{word}");
        }
        for word in ["привет", "мама", "как дела", "А. С. Пушкин", "10 кг 5 шт"] {
            assert_eq!(label(word), Label::Russian, "{word}");
        }
    }

    #[test]
    fn nothing_to_decide_by_is_other_without_confidence() {
        for text in
            ["", "12.5 34 1 000,00 2024-01-01 99%", "!!! ???", "😀👍", "https://example.org/path", "a@example.org"]
        {
            let found = detect(text);
            assert_eq!((found.label, found.confidence), (Label::Other, 0.0), "{text}");
        }
    }

    #[test]
    fn other_languages_are_other() {
        for text in [
            "Guten Morgen, wie geht es Ihnen heute? Ich hoffe, dass alles in Ordnung ist.",
            "Доброго ранку, як справи? Сьогодні гарна погода, і ми йдемо гуляти.",
            "Добро јутро, како сте данас? Време је лепо.",
            "Қайырлы таң, қалайсыз? Бүгін ауа райы жақсы.",
            "你好世界",
        ] {
            assert_eq!(label(text), Label::Other, "{text}");
        }
    }

    #[test]
    fn mixed_needs_running_text_in_both_and_not_names_alone() {
        let both =
            "The quick brown fox jumps over the lazy dog. Съешь ещё этих мягких французских булок, да выпей чаю.";
        assert_eq!(label(both), Label::Mixed);
        assert_eq!(label("Компания Google выпустила новый Android для Samsung Galaxy и Pixel."), Label::Russian);
        assert_eq!(label("The novel was written by Лев Толстой and translated by Constance Garnett."), Label::English);
    }

    #[test]
    fn the_end_of_a_long_text_counts_as_its_beginning_does() {
        let english = "The ministers met in the capital and spoke of trade and of transport. ".repeat(400);
        let russian = "Министры встретились в столице и говорили о торговле и о транспорте. ".repeat(400);
        assert_eq!(label(&english), Label::English);
        assert_eq!(label(&russian), Label::Russian);
        assert_eq!(label(&(english + &russian)), Label::Mixed);
    }

    #[test]
    fn shares_add_up_to_the_letters() {
        let found = detect("мир peace");
        assert!((found.latin - 5.0 / 8.0).abs() < 1e-6 && (found.cyrillic - 3.0 / 8.0).abs() < 1e-6);
    }
}

//! A text → the passages of one language in it.
//!
//! A paragraph of one alphabet is one piece; where alphabets change, each of its sentences is. What is too short or too
//! full of names to stand for a language of its own goes with its neighbours, and neighbours of one label are joined.

use super::{
    decide,
    evidence::{Evidence, Verdict},
    pieces::{is_sentence, paragraphs, sentences},
    sample::Sample,
    share,
};
use crate::{
    language::{Alphabet, Label},
    text::Span,
};

/// The share of the letters of a piece that stand in running text where the piece stands for a language.
const MIN_RUNNING: f32 = 0.5;

/// So many words stand for a language where they are no whole sentence; fewer may be names and commands.
const MIN_WORDS: usize = 4;

/// A verdict of less confidence than this gives way to that over all of the text: a few words tell little.
const MIN_SURE: f32 = 0.5;

/// A passage of a text: neighbouring paragraphs and sentences of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands, in bytes, without the white space around it.
    pub span: Span,
    /// Its language; mixed where both languages stand in its sentences.
    pub label: Label,
    /// How many letters it holds.
    pub letters: usize,
}

/// The shares of a text that passages of each label hold, by letters; all 0 where there are no letters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shares {
    /// Of English passages.
    pub english: f32,
    /// Of Russian passages.
    pub russian: f32,
    /// Of passages with both languages in their sentences.
    pub mixed: f32,
    /// Of passages in other languages.
    pub other: f32,
}

/// Finds the passages of a text, in order; nothing but white space stands between them.
///
/// ```
/// use oba::language::{Label, passages};
/// let text = "The ministers met in Tashkent. Министры встретились в Ташкенте. Они говорили о торговле.";
/// let found: Vec<_> = passages(text).iter().map(|passage| (passage.label, passage.span.of(text))).collect();
/// assert_eq!(found[0], (Label::English, "The ministers met in Tashkent."));
/// assert_eq!(found[1], (Label::Russian, "Министры встретились в Ташкенте. Они говорили о торговле."));
/// ```
#[must_use]
pub fn passages(text: &str) -> Vec<Passage> {
    let whole = Sample::of(text);
    let mut pieces: Vec<Piece> = pieces(text).map(|span| Piece::of(text, span, &whole)).collect();
    settle(&mut pieces);
    join(&pieces, decide(&whole, Evidence::verdict).0)
}

/// The paragraphs of a text, or their sentences where alphabets change.
fn pieces(text: &str) -> impl Iterator<Item = Span> {
    paragraphs(text).flat_map(move |paragraph| {
        let changes = has_both_alphabets(paragraph.of(text));
        let (whole, parts) = if changes { (None, Some(sentences(text, paragraph))) } else { (Some(paragraph), None) };
        whole.into_iter().chain(parts.into_iter().flatten())
    })
}

impl Shares {
    /// Adds up passages.
    #[must_use]
    pub fn of(passages: &[Passage]) -> Self {
        let of = |label: Option<Label>| -> usize {
            passages.iter().filter(|passage| label.is_none_or(|label| passage.label == label)).map(|p| p.letters).sum()
        };
        let all = of(None);
        let [english, russian, mixed, other] = Label::ALL.map(|label| share(of(Some(label)), all));
        Self { english, russian, mixed, other }
    }
}

/// A paragraph or a sentence.
struct Piece {
    span: Span,
    letters: usize,
    /// Its label, if it has letters to tell by.
    label: Option<Label>,
    /// Whether it stands for a language by itself.
    stands: bool,
}

impl Piece {
    fn of(text: &str, span: Span, whole: &Sample) -> Self {
        let text = span.of(text);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let sample = Sample::of(text);
        if sample.letters() == 0 {
            return Self { span, letters, label: None, stands: false };
        }
        let (label, _) = decide(&sample, |evidence| verdict(evidence, whole));
        Self { span, letters, label: Some(label), stands: is_sentence(text) || stands(label, &sample) }
    }
}

/// What the words of a piece say, and where they are not sure, what those of the whole text say.
fn verdict(evidence: &Evidence, whole: &Sample) -> Verdict {
    match evidence.verdict() {
        Verdict::Yes(sure) | Verdict::No(sure) if sure < MIN_SURE => {
            whole.part(evidence.profile.alphabet).map_or_else(|| evidence.verdict(), |part| part.evidence.verdict())
        }
        verdict => verdict,
    }
}

/// Whether a piece that is no whole sentence stands for a language: by running text, or by words of another language.
fn stands(label: Label, sample: &Sample) -> bool {
    let running: usize = sample.parts.iter().map(|part| part.passage_letters).sum();
    let words: usize = sample.parts.iter().map(|part| part.evidence.words).sum();
    // Of other alphabets only the letters are counted.
    let is_long = words >= MIN_WORDS || words == 0;
    is_long && (label == Label::Other || share(running, sample.letters()) >= MIN_RUNNING)
}

/// Whether a text has letters of both alphabets.
fn has_both_alphabets(text: &str) -> bool {
    let has = |alphabet| text.chars().any(|c| Alphabet::of_character(c) == alphabet);
    has(Alphabet::Cyrillic) && has(Alphabet::Latin)
}

/// Gives the pieces that do not stand for a language the label of what stands before them, or else after them, unless one
/// of the two has their own.
fn settle(pieces: &mut [Piece]) {
    let mut after = vec![None; pieces.len()];
    let mut next = None;
    for (at, piece) in pieces.iter().enumerate().rev() {
        after[at] = next;
        next = if piece.stands { piece.label } else { next };
    }
    let mut before = None;
    for (piece, after) in pieces.iter_mut().zip(after) {
        if piece.stands {
            before = piece.label;
        } else if piece.label.is_none() || ![before, after].contains(&piece.label) {
            piece.label = before.or(after);
        }
    }
}

/// Joins neighbouring pieces of one label. What has none yet is of the label of the whole.
fn join(pieces: &[Piece], whole: Label) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for piece in pieces {
        let label = piece.label.unwrap_or(whole);
        match passages.last_mut().filter(|last| last.label == label) {
            Some(last) => {
                last.span.end = piece.span.end;
                last.letters += piece.letters;
            }
            None => passages.push(Passage { span: piece.span, label, letters: piece.letters }),
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The passages of a text, and their labels.
    fn found(text: &str) -> Vec<(&str, &str)> {
        passages(text).iter().map(|passage| (passage.label.code(), passage.span.of(text))).collect()
    }

    #[test]
    fn a_text_of_one_language_is_one_passage() {
        for (code, text) in [
            ("en", "Heading\n\nThe ministers met in Tashkent. They spoke of trade.\n\nIt rained."),
            ("ru", "Заголовок\n\nМинистры встретились в Ташкенте. Они говорили о торговле.\n\nШёл дождь."),
            ("en", "search"),
            ("ru", "привет"),
            ("other", "Der alte Fischer wohnt allein in einem kleinen Haus am See.\n\nEr ist müde."),
            ("other", "12.5 34\n\n99%"),
        ] {
            assert_eq!(found(text), [(code, text)]);
        }
        assert_eq!(found(" \n"), []);
    }

    #[test]
    fn paragraphs_have_their_labels() {
        let text = "English introduction to the document.\n\nВторой абзац написан по-русски и длиннее первого.\n\n\
                    Третий тоже.\n\nDer alte Fischer wohnt allein in einem kleinen Haus am See.";
        let codes: Vec<_> = found(text).iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["en", "ru", "other"]);
        assert_eq!(found(text)[1].1, "Второй абзац написан по-русски и длиннее первого.\n\nТретий тоже.");
    }

    #[test]
    fn sentences_have_their_labels_where_alphabets_change() {
        assert_eq!(
            found("Dinner is ready. Ужин готов. Come here. Иди сюда! Мы ждём."),
            [("en", "Dinner is ready."), ("ru", "Ужин готов."), ("en", "Come here."), ("ru", "Иди сюда! Мы ждём.")]
        );
    }

    #[test]
    fn a_sentence_in_both_languages_is_mixed() {
        let text = "He said that the train would be late again tonight, а потом долго смотрел в окно и не отвечал.";
        assert_eq!(found(text), [("mixed", text)]);
    }

    #[test]
    fn names_titles_and_commands_go_with_their_neighbours() {
        for (code, text) in [
            ("ru", "Docker\n\nМы запускаем контейнеры на сервере.\n\ndocker compose up\n\nПотом смотрим журнал."),
            ("ru", "О нём писали в книге. The History of the Great Bridge. Её перевели в Москве."),
            ("en", "Лев Толстой\n\nThe novel was written by Лев Толстой in the country.\n\nЯсная Поляна\n\n1877"),
        ] {
            assert_eq!(found(text), [(code, text)]);
        }
        let between = "The novel was read by all of us.\n\nВойна и мир\n\nРоман читали мы все.";
        assert_eq!(
            found(between)[1],
            ("ru", "Война и мир\n\nРоман читали мы все."),
            "with the neighbour of its language"
        );
    }

    #[test]
    fn shares_count_letters() {
        let shares = |text: &str| Shares::of(&passages(text));
        let found = shares("We all ate it. Мы все ели.");
        assert!((found.english - 10.0 / 18.0).abs() < 1e-6 && (found.russian - 8.0 / 18.0).abs() < 1e-6);
        assert_eq!(shares("Мы запускаем Docker на сервере."), Shares { russian: 1.0, ..Shares::default() });
        assert_eq!(shares("12"), Shares::default());
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_stands_between_passages(text in "([A-Za-zА-Яа-яё]{1,6}[ .!?\n1-]{1,2}){0,30}|\\PC{0,40}") {
            let mut at = 0;
            for passage in passages(&text) {
                prop_assert!(text[at..passage.span.start].trim().is_empty());
                prop_assert!(!passage.span.is_empty());
                at = passage.span.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}

//! A text, a question and its answer → the sentence that answers it → whether a snippet shows that sentence.
//!
//! The rules are simple and know nothing of how snippets are made, so that they judge the snippets of any program:
//!
//! * Letters count without case, white space of any length as one space.
//! * A sentence ends at `.`, `!`, `?` or `…` before white space and a capital letter, quotes and brackets aside, but not at
//!   the full stop of an initial; and at an empty line.
//! * Of several sentences that hold the answer, the one that shares most words with the question answers it, the first of
//!   those that share as many. Words are the same where their first five letters are, which does for the endings of both
//!   languages without the stemmer that is being judged.
//! * A sentence is shown where all its letters and digits are, be it in two passages; an answer where one passage holds it.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::text::Span;

/// How many letters of a word tell it from others.
const STEM_CHARS: usize = 5;

/// Where a text answers a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerPlace {
    /// The text, folded.
    text: String,
    /// The sentence that answers the question.
    sentence: Span,
    /// The answer's places in it.
    answers: Vec<Span>,
}

/// What a snippet shows of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// The whole sentence that answers.
    pub sentence: bool,
    /// The answer, where it stands in that sentence.
    pub answer: bool,
}

impl AnswerPlace {
    /// The place in a text that answers a question; `None` where it holds none of the answers.
    #[must_use]
    pub fn find(text: &str, question: &str, answers: &[String]) -> Option<Self> {
        let (text, sentences) = folded_sentences(text);
        let places: Vec<Span> = answers.iter().flat_map(|answer| places(&text, &fold(answer))).collect();
        // An answer may reach over what only looks like the end of a sentence: St. Petersburg.
        let sentence_of = |place: &Span| {
            let first = sentences.partition_point(|sentence| sentence.end <= place.start);
            let last = sentences.partition_point(|sentence| sentence.end < place.end);
            Span::new(sentences[first].start, sentences[last].end)
        };
        let question = fold(question);
        let asked = stems(&question);
        let shared = |sentence: &Span| stems(sentence.of(&text)).intersection(&asked).count();
        let sentence = places.iter().map(sentence_of).min_by_key(|span| (Reverse(shared(span)), *span))?;
        let answers = places.into_iter().filter(|place| sentence_of(place) == sentence).collect();
        Some(Self { text, sentence, answers })
    }

    /// What the passages of a snippet, pieces of the text, show of the answer.
    #[must_use]
    pub fn shown_by<'f>(&self, passages: impl IntoIterator<Item = &'f str>) -> Shown {
        let passages = passages.into_iter().map(fold).filter(|passage| !passage.is_empty());
        let spans: Vec<Span> = passages.flat_map(|passage| found(&self.text, &passage)).collect();
        let holds = |span: &Span| self.answers.iter().any(|&answer| self.is_shown(answer, &[*span]));
        Shown { sentence: self.is_shown(self.sentence, &spans), answer: spans.iter().any(holds) }
    }

    /// Whether all letters and digits of a piece of the text stand in what is shown.
    fn is_shown(&self, piece: Span, shown: &[Span]) -> bool {
        let mut written = piece.of(&self.text).char_indices().filter(|(_, c)| c.is_alphanumeric());
        written.all(|(at, _)| shown.iter().any(|span| (span.start..span.end).contains(&(piece.start + at))))
    }
}

/// Lower case, with one space for all white space that stands together, and none around.
fn fold(text: &str) -> String {
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced.chars().flat_map(char::to_lowercase).collect()
}

/// A text, folded, and where in it each sentence stands.
fn folded_sentences(text: &str) -> (String, Vec<Span>) {
    let mut whole = String::with_capacity(text.len());
    let mut spans = Vec::new();
    for sentence in sentences(text) {
        let sentence = fold(sentence);
        if !sentence.is_empty() {
            whole.push_str(if whole.is_empty() { "" } else { " " });
            spans.push(Span::new(whole.len(), whole.len() + sentence.len()));
            whole.push_str(&sentence);
        }
    }
    (whole, spans)
}

fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(char::is_whitespace) {
        if is_boundary(&text[start..at], &text[at..]) {
            found.push(&text[start..at]);
            start = at;
        }
    }
    found.push(&text[start..]);
    found
}

fn is_boundary(before: &str, after: &str) -> bool {
    let next = after.trim_start();
    if after[..after.len() - next.len()].matches('\n').count() > 1 {
        return true;
    }
    let before = before.trim_end_matches(['"', '\'', '»', '”', '“', '’', ')', ']']);
    let next = next.trim_start_matches(['"', '\'', '«', '“', '„', '‘', '(', '[', '—', '–', '-', ' ', '\u{A0}']);
    before.ends_with(['.', '!', '?', '…']) && next.starts_with(char::is_uppercase) && !is_initial(before)
}

/// Whether a text ends with an initial: a lone capital letter and its full stop.
fn is_initial(text: &str) -> bool {
    let mut from_end = text.chars().rev();
    from_end.next() == Some('.')
        && from_end.next().is_some_and(char::is_uppercase)
        && !from_end.next().is_some_and(char::is_alphanumeric)
}

/// Where an answer stands in a text as whole words, or anywhere if it does so nowhere; both folded.
fn places(text: &str, answer: &str) -> Vec<Span> {
    let all = found(text, answer);
    let ends_with = |text: &str| text.ends_with(char::is_alphanumeric);
    let starts_with = |text: &str| text.starts_with(char::is_alphanumeric);
    let is_whole = |span: &&Span| {
        let (before, after) = (&text[..span.start], &text[span.end..]);
        !(ends_with(before) && starts_with(answer) || starts_with(after) && ends_with(answer))
    };
    let whole: Vec<Span> = all.iter().filter(is_whole).copied().collect();
    if whole.is_empty() { all } else { whole }
}

fn found(text: &str, piece: &str) -> Vec<Span> {
    if piece.is_empty() {
        return Vec::new();
    }
    text.match_indices(piece).map(|(at, _)| Span::new(at, at + piece.len())).collect()
}

/// The beginnings of the words of a folded text.
fn stems(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.char_indices().nth(STEM_CHARS).map_or(word, |(end, _)| &word[..end])).collect()
}

#[cfg(test)]
mod tests {
    //! 1. Sentences end at their marks, and not at initials.
    //! 2. The sentence that answers is the one nearest to the question.
    //! 3. Sentence and answer are shown by what holds them, case and spaces aside.

    use super::*;

    const ENGLISH: &str =
        "The first visit was in 1991. Mr. J. R. Brown came\nin 2021 \"for talks\". It rained in 1991!";
    const RUSSIAN: &str =
        "Первый визит был в 1991 г. в Москве. А. С. Иванов приехал\r\nв 2021 году. Дождь шёл в 1991 году.";

    fn place(text: &str, question: &str, answer: &str) -> AnswerPlace {
        AnswerPlace::find(text, question, &[answer.to_owned()]).expect("the answer is there")
    }

    fn shown(text: &str, question: &str, answer: &str, passages: &[&str]) -> (bool, bool) {
        let Shown { sentence, answer } = place(text, question, answer).shown_by(passages.iter().copied());
        (sentence, answer)
    }

    #[test]
    fn sentences_end_at_marks_before_capitals() {
        let trimmed = |text| sentences(text).into_iter().map(str::trim).collect::<Vec<_>>();
        assert_eq!(
            trimmed("He came. «Да!» — Нет… Who? In no. 5 of it\n\nA. S. Brown 3.14"),
            ["He came.", "«Да!»", "— Нет…", "Who?", "In no. 5 of it", "A. S. Brown 3.14"]
        );
        assert_eq!(trimmed(RUSSIAN).len(), 3);
        assert_eq!(trimmed(""), [""]);
    }

    #[test]
    fn the_sentence_that_shares_most_with_the_question_answers() {
        for (text, question, sentence) in [
            (ENGLISH, "In what year did it rain?", "it rained in 1991!"),
            (ENGLISH, "When was the first of the visits?", "the first visit was in 1991."),
            (RUSSIAN, "В каком году шёл дождь?", "дождь шёл в 1991 году."),
            (RUSSIAN, "Когда был первый из визитов?", "первый визит был в 1991 г. в москве."),
        ] {
            let place = place(text, question, "1991");
            assert_eq!(place.sentence.of(&place.text), sentence);
        }
    }

    #[test]
    fn answers_are_whole_words_where_they_can_be() {
        let found = place("Версий 2021 года было 2. Других 3.", "Сколько версий?", "2");
        assert_eq!(found.answers, [Span::new(36, 37)]);
        assert_eq!(place("The 1990s began.", "When?", "1990").answers, [Span::new(4, 8)]);
        assert_eq!(AnswerPlace::find("Визит начался.", "Когда?", &["1991".to_owned(), String::new()]), None);
        let over = place("He moved to St. Petersburg. It rained.", "Where?", "St. Petersburg");
        assert_eq!(over.sentence.of(&over.text), "he moved to st. petersburg.");
    }

    #[test]
    fn a_sentence_is_shown_by_all_its_letters_and_an_answer_by_one_passage() {
        for (text, question, answer, whole, first, last) in [
            (
                ENGLISH,
                "When did Brown come?",
                "in 2021",
                "MR. J. R. Brown came in 2021 \"for talks",
                "Mr. J. R.",
                "Brown came\nin",
            ),
            (
                RUSSIAN,
                "Когда приехал Иванов?",
                "в 2021",
                "А. С. ИВАНОВ приехал в 2021 году",
                "А. С.",
                "Иванов приехал\r\nв",
            ),
        ] {
            let rest = &text[text.find("2021").expect("it is there")..];
            assert_eq!(shown(text, question, answer, &[whole]), (true, true));
            assert_eq!(shown(text, question, answer, &[first, last]), (false, false));
            assert_eq!(shown(text, question, answer, &[first, last, rest]), (true, false), "the answer is cut in two");
            assert_eq!(shown(text, question, answer, &[first]), (false, false));
            assert_eq!(shown(text, question, answer, &["", "not of the text"]), (false, false));
        }
        assert_eq!(
            shown(ENGLISH, "In what year did it rain?", "1991", &["The first visit was in 1991."]),
            (false, false)
        );
    }
}

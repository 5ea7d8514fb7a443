//! Words that were spelled or typed wrong.
//!
//! A word that hardly any document holds in no form, and that is no word of its language either, is compared with the words
//! of the index that are an edit or two away. Each of them counts by the documents that hold it and by what it costs to have
//! typed the one for the other; the forms of one word count together, as they find the same. Where it may be otherwise
//! still, it is suggested and not searched for: a name that nobody knows is no mistake.

use super::{
    Asked, Kind, Known, Repair, Vocabulary,
    judge::{FEW, Judge},
    runs::Run,
};
use crate::{
    analysis::Analyzer,
    text::{Span, words},
};

/// The most words of a query that are compared, as each is a walk through the dictionary.
const MAX_WORDS: usize = 4;

/// The words of a query that were probably spelled otherwise.
pub(super) fn repairs(
    asked: &Asked<'_>,
    runs: &[Run<'_>],
    known: &[Known],
    taken: &[Repair],
    analyzer: &mut Analyzer,
    vocabulary: &impl Vocabulary,
) -> Vec<Repair> {
    let is_open = |run: &Run<'_>| {
        let is_unfinished = asked.is_typing && run.span.end == asked.text.len();
        !run.is_excluded && !is_unfinished && is_plain(run.text) && taken.iter().all(|repair| repair.span != run.span)
    };
    let suspects = runs.iter().zip(known).filter(|(run, known)| known.as_typed <= FEW && is_open(run));
    let words = suspects.flat_map(|(run, _)| {
        words(run.text).map(|word| (Span::new(run.span.start + word.span.start, run.span.start + word.span.end), word))
    });
    let mut judge = Judge { asked, analyzer, vocabulary, walks: 0 };
    let mut found = Vec::new();
    for (span, word) in words {
        if judge.walks == MAX_WORDS {
            break;
        }
        if let Some((to, is_sure)) = judge.meant(word, span) {
            found.push(Repair { span, from: word.text.to_owned(), to, kind: Kind::Spelling, is_sure });
        }
    }
    found
}

/// Whether a run is letters and hyphens, with nothing but signs around them: no number, address or path.
fn is_plain(run: &str) -> bool {
    let inside = run.trim_matches(|c: char| !c.is_alphanumeric());
    inside.chars().all(|c| c.is_alphabetic() || c == '-')
}

#[cfg(test)]
mod tests {
    use crate::{
        analysis::{Analyzer, Reading},
        query::repair::{Asked, Repair, Vocabulary, repairs},
    };

    /// Some words with the number of documents that hold them.
    struct Words(&'static [(&'static str, u64)]);

    impl Vocabulary for Words {
        fn size(&self) -> u64 {
            2_000
        }

        fn documents(&self, reading: &Reading) -> u64 {
            let mut analyzer = Analyzer::default();
            let same = self.0.iter().filter(|(word, _)| analyzer.reading(word).answers(reading).is_some());
            same.map(|(_, count)| *count).max().unwrap_or_default()
        }

        fn documents_as_typed(&self, reading: &Reading) -> u64 {
            self.0.iter().find(|(word, _)| *word == reading.form).map_or(0, |(_, count)| *count)
        }

        fn near(&self, form: &str, edits: usize) -> Vec<(String, u64)> {
            let near = self.0.iter().filter(|(word, _)| strsim::osa_distance(word, form) <= edits && *word != form);
            near.map(|(word, count)| ((*word).to_owned(), *count)).collect()
        }

        fn is_name(&self, form: &str) -> bool {
            matches!(form, "москва" | "zabbix")
        }
    }

    const WORDS: Words = Words(&[
        ("программа", 300),
        ("программы", 500),
        ("корова", 40),
        ("королева", 90),
        ("receive", 200),
        ("relieve", 20),
        ("committee", 60),
        ("request", 400),
        ("requests", 300),
        ("reqest", 3),
        ("zabbix", 2),
        ("москва", 70),
    ]);

    fn repaired(text: &str) -> Vec<(String, String, bool)> {
        let asked = Asked { text, is_typing: false, names: Vec::new() };
        let found = repairs(&asked, &mut Analyzer::default(), &WORDS);
        found.into_iter().map(|Repair { from, to, is_sure, .. }| (from, to, is_sure)).collect()
    }

    #[test]
    fn common_mistakes_are_repaired_in_both_languages() {
        for (typed, meant) in [
            ("карова", "корова"),
            ("програма", "программа"),
            ("прогармма", "программа"),
            ("Програмы", "Программы"),
            ("recieve", "receive"),
            ("comittee", "committee"),
            ("reqest", "request"),
            ("москав", "москва"),
        ] {
            assert_eq!(repaired(typed), [(typed.to_owned(), meant.to_owned(), true)]);
        }
    }

    #[test]
    fn what_is_right_or_meant_as_it_stands_is_left_alone() {
        for text in [
            "программу", // another form of a known word
            "коровка",   // a word of the language that no document holds
            "believe",   // the same
            "!recieve",  // asked for as typed
            "-recieve",  // excluded
            "reciev*",   // a prefix
            "RECIEVE",   // an abbreviation
            "reciEve",   // a name of its own
            "recieve2",  // with a digit
            "re.cieve",  // an address
            "кор",       // too short
            "language:recieve",
        ] {
            assert_eq!(repaired(text), [], "{text}");
        }
    }

    #[test]
    fn a_word_that_is_still_typed_may_be_right() {
        let asked = Asked { text: "карова recieve", is_typing: true, names: Vec::new() };
        let found = repairs(&asked, &mut Analyzer::default(), &WORDS);
        assert_eq!(found.iter().map(|repair| repair.to.as_str()).collect::<Vec<_>>(), ["корова"]);
    }

    #[test]
    fn what_may_be_otherwise_is_suggested() {
        // Two unlike words are as near; a rare word; two edits that nothing explains, of letters that are as likely.
        for text in ["короева", "zabbux"] {
            let found = repaired(text);
            assert!(found.iter().all(|(_, _, is_sure)| !is_sure), "{found:?}");
            assert_eq!(found.len(), 1, "{text}");
        }
    }

    #[test]
    fn what_is_written_as_a_name_is_repaired_to_a_name_alone() {
        let sure =
            |text: &str| repaired(text).iter().map(|(_, to, is_sure)| (to.clone(), *is_sure)).collect::<Vec<_>>();
        assert_eq!(sure("поезд Карова"), [("Корова".to_owned(), false)]);
        assert_eq!(sure("train Recieve"), [("Receive".to_owned(), false)]);
        assert_eq!(sure("поезд в Моссква"), [("Москва".to_owned(), true)]);
    }

    #[test]
    fn words_in_quotes_and_beside_signs_are_repaired_where_they_stand() {
        let text = "\"карова recieve\", (comittee)";
        let asked = Asked { text, ..Asked::default() };
        let found = repairs(&asked, &mut Analyzer::default(), &WORDS);
        let repaired = super::super::repaired(text, &found);
        assert_eq!(repaired, "\"корова receive\", (committee)");
    }
}

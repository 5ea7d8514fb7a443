//! Words in which a letter of the other alphabet stands for one that looks like it.
//!
//! Analysis reads such words as they were meant, in documents and queries alike: here it is only told.

use super::{Kind, Repair, runs::Run};
use crate::{
    language::mend,
    text::{Span, words},
};

/// The words of some runs that are read otherwise than they were typed.
pub(super) fn mended(runs: &[Run<'_>]) -> Vec<Repair> {
    let of_run = |run: &Run<'_>| {
        let start = run.span.start;
        let mended = words(run.text).filter_map(move |word| {
            let span = Span::new(start + word.span.start, start + word.span.end);
            let to = mend(word.text)?;
            Some(Repair { span, from: word.text.to_owned(), to, kind: Kind::Lookalike, is_sure: true })
        });
        mended.collect::<Vec<_>>()
    };
    runs.iter().flat_map(of_run).collect()
}

#[cfg(test)]
mod tests {
    use crate::query::repair::mended;

    #[test]
    fn words_that_are_read_otherwise_are_told() {
        let query = "cтол \"МОСКBА визит\" 77а serviсe language:ru";
        let found = mended(query);
        let told: Vec<_> = found.iter().map(|repair| (repair.from.as_str(), repair.to.as_str())).collect();
        assert_eq!(told, [("cтол", "стол"), ("МОСКBА", "МОСКВА"), ("77а", "77a"), ("serviсe", "service")]);
        assert!(found.iter().all(|repair| repair.span.of(query) == repair.from));
        assert!(mended("стол service 77a Wi-Fi").is_empty());
    }
}

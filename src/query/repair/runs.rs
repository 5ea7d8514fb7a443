//! Query → the runs of characters in it that may be repaired.
//!
//! They are cut at spaces and not into words: on the wrong layout `[`, `;` and the comma are letters.

use crate::{
    query::{
        MAX_QUERY_CHARS, Occurrence,
        lexer::{Field, Kind, lex, split_boost},
    },
    text::{Span, head},
};

/// Characters without a space between them that stand for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run<'t> {
    /// Where it stands in the query.
    pub span: Span,
    /// As it was typed.
    pub text: &'t str,
    /// Whether documents with it are left out.
    pub is_excluded: bool,
}

/// The runs of a query that may be repaired, in order.
pub(super) fn runs(query: &str) -> Vec<Run<'_>> {
    let query = head(query, MAX_QUERY_CHARS);
    let mut found = Vec::new();
    for lexeme in lex(query, &mut Vec::new()) {
        if lexeme.field.is_some_and(|field| field != Field::Title) {
            continue;
        }
        let text = match lexeme.kind {
            Kind::Word { raw, is_exact: false, is_prefix: false, .. } => split_boost(raw).map_or(raw, |(head, _)| head),
            Kind::Quoted { raw, .. } => raw,
            _ => continue,
        };
        let is_excluded = lexeme.sign == Some(Occurrence::MustNot);
        found.extend(text.split_whitespace().map(|text| Run { span: place(text, query), text, is_excluded }));
    }
    found
}

/// Where a part of a text stands in it.
fn place(part: &str, text: &str) -> Span {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    Span::new(start, start + part.len())
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn signs_of_the_language_are_no_part_of_a_run() {
        let query = "+ghbdtn -vbh (title:,e[ufknth OR \"lj,hsq ltym\") !exact мини* language:ru ыуфкср^2 визит";
        let found = runs(query);
        let texts: Vec<_> = found.iter().map(|run| run.text).collect();
        assert_eq!(texts, ["ghbdtn", "vbh", ",e[ufknth", "lj,hsq", "ltym", "ыуфкср", "визит"]);
        assert!(found.iter().all(|run| run.span.of(query) == run.text));
        assert!(found[1].is_excluded && !found[0].is_excluded);
    }
}

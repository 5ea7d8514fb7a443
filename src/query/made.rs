//! Queries that nobody typed: made of analysed words, or of other queries.

use std::sync::Arc;

use super::{Clause, Expression, Matching, Occurrence, Query, QueryWord};
use crate::analysis::Reading;

impl Query {
    /// The documents with any of some words, each with what it is worth.
    #[must_use]
    pub fn any_of(words: impl IntoIterator<Item = (Arc<Reading>, f32)>) -> Self {
        let word = |(position, (reading, weight)): (usize, (Arc<Reading>, f32))| {
            let word = QueryWord {
                typed: reading.form.to_string(),
                reading,
                position,
                is_exact: false,
                is_compound: false,
                is_in_title: false,
                weight,
                names: Vec::new(),
            };
            Clause { occurrence: Occurrence::Should, expression: Expression::Word(word), boost: weight }
        };
        Self { clauses: words.into_iter().enumerate().map(word).collect(), matching: Some(Matching::Any) }
    }

    /// The query whose words are looked for in titles alone, in any form; filters stay.
    #[must_use]
    pub fn in_titles(mut self) -> Self {
        let in_title = |word: &mut QueryWord| (word.is_in_title, word.is_exact) = (true, false);
        for clause in &mut self.clauses {
            match &mut clause.expression {
                Expression::Word(word) => in_title(word),
                Expression::Compound(compound) => compound.words.iter_mut().for_each(in_title),
                Expression::Phrase(phrase) => phrase.words.iter_mut().for_each(in_title),
                Expression::Group(group) => *group = std::mem::take(group).in_titles(),
                Expression::Prefix(prefix) => prefix.is_in_title = true,
                Expression::Filter(_) => {}
            }
        }
        self
    }

    /// The documents that both queries find.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let both = [self, other].into_iter().filter(|query| !query.clauses.is_empty());
        let demand = |query| Clause::new(Occurrence::Must, Expression::Group(query));
        Self { clauses: both.map(demand).collect(), matching: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analysis::Analyzer, query::parse};

    #[test]
    fn made_queries_are_what_could_have_been_typed() {
        let mut analyzer = Analyzer::default();
        let words = ["визит", "visit"].map(|word| (analyzer.reading(word), 2.0));
        assert_eq!(Query::any_of(words).to_string(), "визит^2 | visit^2");
        let typed = parse("визит \"state visit\" !Tashkent мини* language:ru", &mut analyzer).query;
        let in_titles = typed.in_titles();
        assert_eq!(in_titles.to_string(), "title:визит title:\"state visit\" title:Tashkent title:мини* language:ru");
        let other = parse("погода OR weather", &mut analyzer).query;
        assert_eq!(Query::default().and(other).to_string(), "+(погода | weather)");
    }
}

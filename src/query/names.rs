//! Query → the query whose words are found by their names in the other alphabet, too.

use super::{Expression, Occurrence, Query, QueryWord};
use crate::text::ShortText;

impl Query {
    /// The query with the names that `names` gives for a word: of words that may stand in any form. What is excluded, in
    /// quotes or asked for as typed is meant as typed.
    ///
    /// # Errors
    /// Where `names` has one.
    pub fn with_names<E>(mut self, names: &mut impl FnMut(&QueryWord) -> Result<Vec<ShortText>, E>) -> Result<Self, E> {
        for clause in self.clauses.iter_mut().filter(|clause| clause.occurrence != Occurrence::MustNot) {
            match &mut clause.expression {
                Expression::Word(word) => name(word, names)?,
                Expression::Compound(compound) => {
                    compound.words.iter_mut().try_for_each(|word| name(word, names))?;
                }
                Expression::Group(group) => *group = std::mem::take(group).with_names(names)?,
                Expression::Phrase(_) | Expression::Prefix(_) | Expression::Filter(_) => {}
            }
        }
        Ok(self)
    }
}

fn name<E>(word: &mut QueryWord, names: &mut impl FnMut(&QueryWord) -> Result<Vec<ShortText>, E>) -> Result<(), E> {
    if !word.is_exact && !word.is_compound {
        word.names = names(word)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use crate::{analysis::Analyzer, query::parse};

    #[test]
    fn only_words_that_may_stand_in_any_form_have_names() {
        let query =
            parse("Лавров (+Путин -Медведев) !Песков \"Сергей Иванов\" Lavrov's", &mut Analyzer::default()).query;
        let mut asked = Vec::new();
        let named: Result<_, Infallible> = query.with_names(&mut |word| {
            asked.push(word.typed.clone());
            Ok(vec!["name".into()])
        });
        assert_eq!(asked, ["Лавров", "Путин", "Lavrov's"]);
        assert_eq!(named.map(|query| query.words().filter(|word| word.names == ["name"]).count()), Ok(3));
    }
}

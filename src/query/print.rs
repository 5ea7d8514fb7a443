//! Query → string, which is parsed to the same query again.

use std::fmt::{self, Display, Formatter};

use super::{Clause, Compound, Expression, Filter, Occurrence, Query, QueryWord, lexer::is_operator};

/// What stands before what is looked for in titles alone.
const IN_TITLE: &str = "title:";

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // The name OR would be a word among words in capitals, the sign is always an operator.
        let between = if self.matching.is_some() { " | " } else { " " };
        for (n, clause) in self.clauses.iter().enumerate() {
            f.write_str(if n > 0 { between } else { "" })?;
            write!(f, "{clause}")?;
        }
        Ok(())
    }
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.occurrence {
            Occurrence::Must if !self.expression.is_filter() => "+",
            Occurrence::MustNot => "-",
            _ => "",
        })?;
        match &self.expression {
            expression if !self.is_boosted() => write!(f, "{expression}"),
            expression if is_number(expression) => write!(f, "({expression})^{}", self.boost),
            expression => write!(f, "{expression}^{}", self.boost),
        }
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) if is_operator(&word.typed) && !word.is_exact => {
                write!(f, "{}\"{}\"", signs(Some(word)), word.typed)
            }
            Self::Word(word) => write!(f, "{}{}", signs(Some(word)), word.typed),
            Self::Compound(compound) => write!(f, "{}{}", signs(compound.words.first()), compound.typed),
            Self::Phrase(phrase) => {
                write!(f, "{}\"{}\"", signs(phrase.words.first()), phrase.typed)?;
                if phrase.slop > 0 { write!(f, "~{}", phrase.slop) } else { Ok(()) }
            }
            Self::Prefix(prefix) => write!(f, "{}{}*", if prefix.is_in_title { IN_TITLE } else { "" }, prefix.typed),
            Self::Filter(Filter::Everything) => f.write_str("*"),
            Self::Filter(Filter::Language(label)) => write!(f, "language:{label}"),
            Self::Filter(Filter::Date(range)) => write!(f, "date:{range}"),
            Self::Filter(Filter::Source(name)) => write!(f, "source:\"{name}\""),
            Self::Group(group) => write!(f, "({group})"),
        }
    }
}

/// Whether what stands behind `^` would be a power and no weight.
fn is_number(expression: &Expression) -> bool {
    let (Expression::Word(QueryWord { typed, .. }) | Expression::Compound(Compound { typed, .. })) = expression else {
        return false;
    };
    !typed.contains(char::is_alphabetic)
}

/// What stands before a word: the field, and that it is asked for as typed.
fn signs(word: Option<&QueryWord>) -> &'static str {
    match word {
        Some(QueryWord { is_in_title: true, .. }) => IN_TITLE,
        Some(QueryWord { is_exact: true, .. }) => "!",
        _ => "",
    }
}

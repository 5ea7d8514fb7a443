//! The words and signs of a filter → a condition, by recursive descent.

use std::{ops::Bound, str::FromStr};

use super::{
    Condition, FilterError, MAX_FILTER_CHARS, MAX_FILTER_DEPTH, MAX_TESTS, Test, Values,
    lex::{Kind, Token, lex},
};
use crate::{
    query::{DateRange, Filter},
    text::char_count,
};

impl FromStr for Condition {
    type Err = FilterError;

    fn from_str(filter: &str) -> Result<Self, FilterError> {
        let length = char_count(filter);
        if length > MAX_FILTER_CHARS {
            let message = format!("a filter has at most {MAX_FILTER_CHARS} characters; this one has {length}");
            return Err(FilterError { at: MAX_FILTER_CHARS + 1, message });
        }
        let mut parser = Parser { tokens: &lex(filter)?, at: 0, tests: 0, end: length + 1 };
        let condition = parser.any(0)?;
        match parser.tokens.get(parser.at) {
            None => Ok(condition),
            Some(_) => Err(parser.error("AND, OR or the end is missing here")),
        }
    }
}

/// What a test asks for, by the name that a filter gives.
enum Subject<'n> {
    Id,
    Language,
    Source,
    Date,
    Member(&'n str),
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    tests: usize,
    /// Where the filter ends, in characters from 1.
    end: usize,
}

impl<'t> Parser<'t> {
    /// Conditions of which one is enough.
    fn any(&mut self, depth: usize) -> Result<Condition, FilterError> {
        let mut parts = vec![self.all(depth)?];
        while self.takes_word(&["or", "или"]) {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
    }

    /// Conditions that have to be met together.
    fn all(&mut self, depth: usize) -> Result<Condition, FilterError> {
        let mut parts = vec![self.one(depth)?];
        while self.takes_word(&["and", "и"]) {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
    }

    /// A test, or a condition in brackets, or the contrary of one.
    fn one(&mut self, depth: usize) -> Result<Condition, FilterError> {
        if depth > MAX_FILTER_DEPTH {
            return Err(self.error(&format!("brackets and NOT stand at most {MAX_FILTER_DEPTH} deep")));
        }
        if self.takes_word(&["not", "не"]) {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes_sign("(") {
            let condition = self.any(depth + 1)?;
            return if self.takes_sign(")") { Ok(condition) } else { Err(self.error("a ) is missing")) };
        }
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err(self.error(&format!("a filter has at most {MAX_TESTS} tests")));
        }
        self.test()
    }

    fn test(&mut self) -> Result<Condition, FilterError> {
        let start = self.here();
        let name = self.text().ok_or_else(|| self.error("a condition such as language = ru is missing"))?;
        let subject = Subject::of(name);
        if let Some(sign) = self.comparison() {
            let at = self.here();
            let value = self.value()?;
            let is_not = matches!(sign, "!=" | "<>");
            let test = subject.compare(if is_not { "=" } else { sign }, value, at)?;
            return Ok(if is_not { Condition::Not(Box::new(test)) } else { test });
        }
        let is_not = self.takes_word(&["not", "не"]);
        let next = self.here();
        let test = if self.takes_word(&["in", "в"]) {
            self.list(&subject)?
        } else if self.takes_word(&["exists", "есть"]) {
            subject.known(start)?
        } else if is_not {
            return Err(self.error("IN or EXISTS is missing after NOT"));
        } else if let Some(from) = self.text() {
            if !self.takes_word(&["to", "до"]) {
                let message = format!("a comparison such as = is missing after {name}");
                return Err(FilterError { at: next, message });
            }
            let to = self.value()?;
            Condition::All(vec![subject.compare(">=", from, next)?, subject.compare("<=", to, next)?])
        } else {
            return Err(self.error(&format!("a comparison (= != > >= < <= IN TO EXISTS) is missing after {name}")));
        };
        Ok(if is_not { Condition::Not(Box::new(test)) } else { test })
    }

    /// Values of which one is enough, in square brackets.
    fn list(&mut self, subject: &Subject<'_>) -> Result<Condition, FilterError> {
        if !self.takes_sign("[") {
            return Err(self.error("a list such as [en, ru] is missing after IN"));
        }
        let mut values = Vec::new();
        while !self.takes_sign("]") {
            if !values.is_empty() && !self.takes_sign(",") {
                return Err(self.error("a , or ] is missing"));
            }
            let at = self.here();
            self.tests += 1;
            values.push(subject.compare("=", self.value()?, at)?);
        }
        if values.is_empty() || self.tests > MAX_TESTS {
            return Err(self.error(&format!("a list has at least one value, and a filter at most {MAX_TESTS} tests")));
        }
        Ok(Condition::Any(values))
    }

    fn value(&mut self) -> Result<&'t str, FilterError> {
        self.text().ok_or_else(|| self.error("a value is missing; write one with spaces or signs in quotes"))
    }

    /// The word or the quoted text that comes next.
    fn text(&mut self) -> Option<&'t str> {
        match &self.tokens.get(self.at)?.kind {
            Kind::Word(text) | Kind::Quoted(text) => {
                self.at += 1;
                Some(text)
            }
            Kind::Sign(_) => None,
        }
    }

    fn comparison(&mut self) -> Option<&'static str> {
        let found = ["!=", "<>", ">=", "<=", "=", ">", "<"].into_iter().find(|sign| self.is_sign(sign));
        self.at += usize::from(found.is_some());
        found
    }

    fn is_sign(&self, sign: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| matches!(token.kind, Kind::Sign(found) if found == sign))
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is_there = self.is_sign(sign);
        self.at += usize::from(is_there);
        is_there
    }

    /// Whether one of some words comes next, in any case and not in quotes.
    fn takes_word(&mut self, words: &[&str]) -> bool {
        let is_there = match self.tokens.get(self.at).map(|token| &token.kind) {
            Some(Kind::Word(word)) => words.contains(&word.to_lowercase().as_str()),
            _ => false,
        };
        self.at += usize::from(is_there);
        is_there
    }

    /// Where the next token stands, or the end.
    fn here(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |token| token.at)
    }

    fn error(&self, message: &str) -> FilterError {
        FilterError { at: self.here(), message: message.to_owned() }
    }
}

impl<'n> Subject<'n> {
    fn of(name: &'n str) -> Self {
        match name.to_lowercase().as_str() {
            "id" => Self::Id,
            "language" | "язык" => Self::Language,
            "source" | "источник" => Self::Source,
            // A year is a range of dates.
            "date" | "дата" | "year" | "год" => Self::Date,
            _ => Self::Member(name),
        }
    }

    fn compare(&self, sign: &'static str, value: &str, at: usize) -> Result<Condition, FilterError> {
        let refuse = |message: String| FilterError { at, message };
        let only_equal = |what: &str| match sign {
            "=" => Ok(()),
            _ => Err(refuse(format!("{what} is compared by = != and IN only, not by {sign}"))),
        };
        let test = match self {
            Self::Id => {
                only_equal("id")?;
                Test::Id(value.to_owned())
            }
            Self::Language => {
                only_equal("language")?;
                let unknown = || refuse(format!("there is no language {value:?}; there are en, ru, mixed and other"));
                Test::Filter(Filter::language(value).map_err(|_| unknown())?)
            }
            Self::Source => {
                only_equal("source")?;
                Test::Filter(Filter::Source(value.to_owned()))
            }
            Self::Date => {
                let no_date = || refuse(format!("{value:?} is no date such as 2021, 2021-11 or 2021-11-19"));
                Test::Filter(Filter::Date(dates(sign, value).ok_or_else(no_date)?))
            }
            Self::Member(name) => Test::Member { name: (*name).to_owned(), values: Values::compare(sign, value) },
        };
        Ok(Condition::Test(test))
    }

    fn known(&self, at: usize) -> Result<Condition, FilterError> {
        let test = match self {
            Self::Id | Self::Language => {
                return Err(FilterError { at, message: "every document has an id and a language".to_owned() });
            }
            Self::Source => Test::Sourced,
            Self::Date => Test::Dated,
            Self::Member(name) => Test::Member { name: (*name).to_owned(), values: Values::Known },
        };
        Ok(Condition::Test(test))
    }
}

impl Values {
    fn compare(sign: &str, value: &str) -> Self {
        let value = value.to_owned();
        match sign {
            ">" => Self::Between(Bound::Excluded(value), Bound::Unbounded),
            ">=" => Self::Between(Bound::Included(value), Bound::Unbounded),
            "<" => Self::Between(Bound::Unbounded, Bound::Excluded(value)),
            "<=" => Self::Between(Bound::Unbounded, Bound::Included(value)),
            _ => Self::Equal(value),
        }
    }
}

/// The dates that compare so with a day, a month or a year.
fn dates(sign: &str, value: &str) -> Option<DateRange> {
    match sign {
        ">" => DateRange::after(value),
        ">=" => DateRange::read(&format!("{value}..")),
        "<" => DateRange::before(value),
        "<=" => DateRange::read(&format!("..{value}")),
        _ => DateRange::read(value),
    }
}

#[cfg(test)]
mod tests {
    //! 1. Operators bind as everywhere: NOT before AND before OR, in both languages and any case.
    //! 2. Every comparison and every kind of member is understood.
    //! 3. What cannot be understood is refused where it stands.

    use super::*;

    fn read(filter: &str) -> Condition {
        filter.parse().unwrap_or_else(|error| panic!("{filter}: {error}"))
    }

    fn refused(filter: &str) -> (usize, String) {
        let error = filter.parse::<Condition>().expect_err(filter);
        (error.at, error.message)
    }

    fn member(name: &str, values: Values) -> Condition {
        Condition::Test(Test::Member { name: name.into(), values })
    }

    fn equal(name: &str, value: &str) -> Condition {
        member(name, Values::Equal(value.into()))
    }

    #[test]
    fn operators_bind_as_everywhere() {
        let expected = Condition::Any(vec![
            equal("a", "1"),
            Condition::All(vec![equal("b", "2"), Condition::Not(Box::new(equal("c", "3")))]),
        ]);
        for filter in ["a = 1 OR b = 2 AND NOT c = 3", "a=1 или b=2 и не c=3", "a = 1 or ((b = 2) and (not (c = '3')))"]
        {
            assert_eq!(read(filter), expected, "{filter}");
        }
        let grouped = Condition::All(vec![Condition::Any(vec![equal("a", "1"), equal("b", "2")]), equal("c", "3")]);
        assert_eq!(read("(a = 1 OR b = 2) AND c = 3"), grouped);
    }

    #[test]
    fn members_are_compared_in_every_way() {
        use Bound::{Excluded, Included, Unbounded};
        let between = |from, to| member("цена", Values::Between(from, to));
        let text = |text: &str| text.to_owned();
        assert_eq!(read("цена > 5"), between(Excluded(text("5")), Unbounded));
        assert_eq!(read("цена >= 5"), between(Included(text("5")), Unbounded));
        assert_eq!(read("цена < 5"), between(Unbounded, Excluded(text("5"))));
        assert_eq!(read("цена <= 5"), between(Unbounded, Included(text("5"))));
        let both = Condition::All(vec![read("цена >= 5"), read("цена <= 7")]);
        assert_eq!(read("цена 5 TO 7"), both);
        assert_eq!(read("тема EXISTS"), member("тема", Values::Known));
        assert_eq!(read("topic NOT EXISTS"), Condition::Not(Box::new(member("topic", Values::Known))));
        let list = Condition::Any(vec![equal("topic", "sport"), equal("topic", "в мире")]);
        assert_eq!(read("topic IN [sport, 'в мире']"), list);
        assert_eq!(read("topic NOT IN [sport, «в мире»]"), Condition::Not(Box::new(list)));
        assert_eq!(read("topic != sport"), Condition::Not(Box::new(equal("topic", "sport"))));
        assert_eq!(read("\"not\" = \"and\""), equal("not", "and"));
        assert_eq!(read("topic = a AND b = c").members(), ["topic", "b"]);
    }

    #[test]
    fn what_is_known_of_every_document_needs_no_declaration() {
        let filter = "id = визит AND language IN [ru, English] AND source = «Газета» AND дата >= 2021-05 AND year = 2021 \
                      AND date EXISTS AND источник не есть";
        assert!(read(filter).members().is_empty());
        let range = |filter: &str| match read(filter) {
            Condition::Test(Test::Filter(Filter::Date(range))) => (range.first(), range.last()),
            other => panic!("{other:?}"),
        };
        assert_eq!(range("date > 2021"), (Some(20_220_000), None));
        assert_eq!(range("date > 2021-02-28"), (Some(20_210_300), None));
        assert_eq!(range("date >= 2021-11-19"), (Some(20_211_119), None));
        assert_eq!(range("date < 2021"), (None, Some(20_201_231)));
        assert_eq!(range("date < 2021-03"), (None, Some(20_210_228)));
        assert_eq!(range("date <= 2021-03"), (None, Some(20_210_331)));
        assert_eq!(range("год = 2021"), (Some(20_210_000), Some(20_211_231)));
    }

    #[test]
    fn what_cannot_be_understood_is_refused_where_it_stands() {
        for (filter, at) in [
            ("", 1),
            ("язык", 5),
            ("language =", 11),
            ("language = de", 12),
            ("language > ru", 12),
            ("(language = ru", 15),
            ("language = ru)", 14),
            ("language = ru date = 2021", 15),
            ("date = вчера", 8),
            ("date = 2021-13", 8),
            ("topic IN sport", 10),
            ("topic IN [sport", 16),
            ("topic IN []", 12),
            ("topic NOT sport", 11),
            ("topic sport", 7),
            ("тема = \"спорт", 8),
            ("AND a = 1", 5),
            ("id EXISTS", 1),
        ] {
            assert_eq!(refused(filter).0, at, "{filter}: {}", refused(filter).1);
        }
        for letter in ["a", "ж"] {
            let long = format!("{letter} = {}", letter.repeat(MAX_FILTER_CHARS - 4));
            assert!(long.parse::<Condition>().is_ok());
            assert_eq!(refused(&format!("{long}{letter}")).0, MAX_FILTER_CHARS + 1);
        }
        let nested = |depth: usize| format!("{}a = 1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(nested(MAX_FILTER_DEPTH).parse::<Condition>().is_ok());
        assert!(nested(MAX_FILTER_DEPTH + 1).parse::<Condition>().is_err());
        let many = |tests: usize| vec!["a = 1"; tests].join(" OR ");
        assert!(many(MAX_TESTS).parse::<Condition>().is_ok());
        assert!(many(MAX_TESTS + 1).parse::<Condition>().is_err());
    }
}

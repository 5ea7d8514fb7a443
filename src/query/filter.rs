//! Values of fields → filters: what is known of a document beside its text.

use std::fmt;

use crate::language::{Label, profiles};

/// What a document has to be, whatever its words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Anything: it leaves every document.
    Everything,
    /// Of this language label.
    Language(Label),
    /// Published in a range of days.
    Date(DateRange),
    /// Published by the one of this name, as it was typed.
    Source(String),
}

/// A range of days, both ends included; an end that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    from: Option<Date>,
    to: Option<Date>,
}

/// A day, or a whole month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Date {
    year: u16,
    /// 1 to 12; `None` for the whole year.
    month: Option<u8>,
    /// 1 to 31; `None` for the whole month.
    day: Option<u8>,
}

impl Filter {
    /// The filter by a language: a code, or its name in English or in itself.
    pub(super) fn language(value: &str) -> Result<Self, String> {
        let lower = value.to_lowercase();
        let by_name = || profiles().into_iter().find(|p| p.name.to_lowercase() == lower).map(|p| p.label);
        // Tags of other languages are all one label; whoever asks for German would be given Kazakh.
        let by_tag = || Label::from_tag(&lower).filter(|label| *label != Label::Other);
        let label = lower.parse().ok().or_else(by_name).or_else(by_tag);
        label.map(Self::Language).ok_or_else(|| {
            format!("There is no language {value:?} to choose by; there are en, ru, mixed and other. It was left out.")
        })
    }

    /// The filter by a source.
    pub(super) fn source(value: &str) -> Result<Self, String> {
        match value.trim() {
            "" => Err("source: is followed by no name; it was left out.".to_owned()),
            name => Ok(Self::Source(name.to_owned())),
        }
    }

    /// The filter by a range of days.
    pub(super) fn date(value: &str) -> Result<Self, String> {
        let bad = || {
            format!(
                "{value:?} is no date; write a day, a month, a year or two of them with .. between, such as 2021-11-19, \
                 2021-11, 2021 or 2021-01..2021-06. It was left out."
            )
        };
        let range = DateRange::read(value).ok_or_else(bad)?;
        if range.is_reversed() {
            return Err(format!("The dates {value} end before they begin. They were left out."));
        }
        Ok(Self::Date(range))
    }
}

impl DateRange {
    /// Reads a day, a month or a year, or two of them with `..` between, of which one may be left out.
    #[must_use]
    pub fn read(value: &str) -> Option<Self> {
        let end = |text: &str| if text.is_empty() { Some(None) } else { Date::read(text).map(Some) };
        let (from, to) = value.split_once("..").unwrap_or((value, value));
        let range = Self { from: end(from)?, to: end(to)? };
        (range.from.is_some() || range.to.is_some()).then_some(range)
    }

    /// All that comes after a day, a month or a year.
    #[must_use]
    pub fn after(value: &str) -> Option<Self> {
        Some(Self { from: Some(Date::read(value)?.next()?), to: None })
    }

    /// All that comes before a day, a month or a year.
    #[must_use]
    pub fn before(value: &str) -> Option<Self> {
        Some(Self { from: None, to: Some(Date::read(value)?.previous()?) })
    }

    fn is_reversed(&self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| from.first() > to.last())
    }

    /// The first date of the range as a number, year × 10,000 + month × 100 + day; where a month or year is in the range
    /// whole, that of the month or year, whose day or month counts as 0.
    #[must_use]
    pub fn first(&self) -> Option<i64> {
        let from = self.from?;
        let first = from.first();
        let last = self.to.map_or(i64::MAX, Date::last);
        let (year, month) = (first / 10_000 * 10_000, first / 100 * 100);
        Some(if first <= year + 101 && last >= year + 1_231 {
            year
        } else if first <= month + 1 && last >= month + i64::from(from.days_in_month()) {
            month
        } else {
            first
        })
    }

    /// The last date of the range as such a number.
    #[must_use]
    pub fn last(&self) -> Option<i64> {
        self.to.map(Date::last)
    }
}

impl Date {
    /// Reads `2021`, `2021-11`, `2021-11-19`, and `11.2021`, `19.11.2021`.
    fn read(text: &str) -> Option<Self> {
        let mut parts: Vec<&str> = text.split('-').collect();
        if parts.len() == 1 {
            parts = text.split('.').rev().collect();
        }
        let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit()) && matches!(part.len(), 1..=4);
        let (&year, rest) = parts.split_first()?;
        if year.len() != 4 || rest.len() > 2 || !parts.iter().all(is_number) {
            return None;
        }
        let number = |n: usize| rest.get(n).map(|part| part.parse().ok());
        let (month, day): (Option<Option<u8>>, Option<Option<u8>>) = (number(0), number(1));
        let read = Self { year: year.parse().ok()?, month: month.map_or(Some(None), |m| m.map(Some))?, day: None };
        let read = Self { day: day.map_or(Some(None), |d| d.map(Some))?, ..read };
        let known = time::Month::try_from(read.month.unwrap_or(1)).ok()?;
        time::Date::from_calendar_date(i32::from(read.year), known, read.day.unwrap_or(1)).ok()?;
        (read.year > 0).then_some(read)
    }

    /// The day after it ends.
    fn next(self) -> Option<Self> {
        let (month, day) = (self.month.unwrap_or(12), self.day.unwrap_or(self.days_in_month()));
        self.day(month, day)?.next_day().and_then(Self::of)
    }

    /// The day before it begins.
    fn previous(self) -> Option<Self> {
        self.day(self.month.unwrap_or(1), self.day.unwrap_or(1))?.previous_day().and_then(Self::of)
    }

    fn day(self, month: u8, day: u8) -> Option<time::Date> {
        time::Date::from_calendar_date(i32::from(self.year), time::Month::try_from(month).ok()?, day).ok()
    }

    fn of(day: time::Date) -> Option<Self> {
        let year = u16::try_from(day.year()).ok().filter(|&year| (1..=9_999).contains(&year))?;
        Some(Self { year, month: Some(day.month().into()), day: Some(day.day()) })
    }

    fn key(self, month: u8, day: u8) -> i64 {
        i64::from(self.year) * 10_000 + i64::from(month) * 100 + i64::from(day)
    }

    fn first(self) -> i64 {
        self.key(self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    fn last(self) -> i64 {
        let days = self.days_in_month();
        self.key(self.month.unwrap_or(12), self.day.unwrap_or(days))
    }

    fn days_in_month(self) -> u8 {
        // A month that was read is one of the calendar.
        let month = time::Month::try_from(self.month.unwrap_or(12)).unwrap_or(time::Month::December);
        month.length(i32::from(self.year))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => write!(f, "{from}"),
            (from, to) => {
                let end = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
                write!(f, "{}..{}", end(from), end(to))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(value: &str) -> (Option<i64>, Option<i64>) {
        match Filter::date(value) {
            Ok(Filter::Date(range)) => (range.first(), range.last()),
            other => panic!("{value}: {other:?}"),
        }
    }

    #[test]
    fn a_range_holds_both_its_ends() {
        assert_eq!(range("2021-11-19"), (Some(20_211_119), Some(20_211_119)));
        assert_eq!(range("2021-02"), (Some(20_210_200), Some(20_210_228)));
        assert_eq!(range("2021"), (Some(20_210_000), Some(20_211_231)));
        assert_eq!(range("2021-02..2021-03-05"), (Some(20_210_200), Some(20_210_305)));
        assert_eq!(range("2021-02-02..2021-03-05"), (Some(20_210_202), Some(20_210_305)));
        assert_eq!(range("2021-05.."), (Some(20_210_500), None));
        assert_eq!(range("..2021-06"), (None, Some(20_210_630)));
        assert_eq!(range("19.11.2021..1.12.2021"), (Some(20_211_119), Some(20_211_201)));
    }

    #[test]
    fn what_is_dated_by_its_year_or_month_is_in_a_range_that_holds_it_whole() {
        assert_eq!(range("2021-01..2021-12").0, Some(20_210_000));
        assert_eq!(range("2021-01..2021-11").0, Some(20_210_100));
        assert_eq!(range("2021-01-01..").0, Some(20_210_000));
        assert_eq!(range("2020-02-01..2020-02-29").0, Some(20_200_200));
        assert_eq!(range("2020-02-01..2020-02-28").0, Some(20_200_201));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for value in ["", "..", "2021-13", "2021-02-30", "вчера", "tomorrow", "21", "2022..2021", "2021-1-2-3", "0000"]
        {
            assert!(Filter::date(value).is_err(), "{value}");
        }
        assert!(Filter::date("30.02.2021").is_err());
    }

    #[test]
    fn languages_are_known_by_code_and_name_in_any_case() {
        for (value, label) in [
            ("ru", Label::Russian),
            ("RU", Label::Russian),
            ("русский", Label::Russian),
            ("Russian", Label::Russian),
            ("English", Label::English),
            ("en-GB", Label::English),
            ("mixed", Label::Mixed),
            ("other", Label::Other),
        ] {
            assert_eq!(Filter::language(value), Ok(Filter::Language(label)), "{value}");
        }
        for value in ["de", "немецкий", ""] {
            assert!(Filter::language(value).is_err(), "{value}");
        }
    }
}

//! Dates of documents, as ISO 8601 writes them: a year, a month, or a day.

use std::{fmt, str::FromStr};

/// A date that is exact to the day, the month or the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    /// 1 to 12; 0 where only the year is known.
    month: u8,
    /// 1 to 31; 0 where only the month is known.
    day: u8,
}

impl Date {
    /// The date of a day; `None` where the calendar has no such day.
    #[must_use]
    pub fn of_day(year: u16, month: u8, day: u8) -> Option<Self> {
        let known = time::Month::try_from(month).ok()?;
        time::Date::from_calendar_date(i32::from(year), known, day).ok()?;
        (year > 0).then_some(Self { year, month, day })
    }

    /// The date of a month; `None` where the calendar has no such month.
    #[must_use]
    pub fn of_month(year: u16, month: u8) -> Option<Self> {
        (year > 0 && (1..=12).contains(&month)).then_some(Self { year, month, day: 0 })
    }

    /// A number by which dates are ordered: `20211119` for 19 November 2021. Unknown months and days count as 0 and so
    /// come before known ones.
    #[must_use]
    pub fn sort_key(self) -> i64 {
        i64::from(self.year) * 10_000 + i64::from(self.month) * 100 + i64::from(self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// A text that is no ISO 8601 date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date such as 2021, 2021-11, 2021-11-19 or 2021-11-19T10:00:00Z")]
pub struct NotADate(String);

impl FromStr for Date {
    type Err = NotADate;

    /// Reads `2021`, `2021-11`, `2021-11-19`, and the day of `2021-11-19T10:00:00Z`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let refuse = || NotADate(text.to_owned());
        let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
        let numbers: Option<Vec<u16>> = day.split('-').map(digits).collect();
        let widths: Vec<usize> = day.split('-').map(str::len).collect();
        match (numbers.as_deref(), widths.as_slice()) {
            (Some(&[year]), [4]) if year > 0 => Ok(Self { year, month: 0, day: 0 }),
            (Some(&[year, month]), [4, 2]) => Self::of_month(year, small(month)).ok_or_else(refuse),
            (Some(&[year, month, day]), [4, 2, 2]) => Self::of_day(year, small(month), small(day)).ok_or_else(refuse),
            _ => Err(refuse()),
        }
    }
}

/// A number of digits only: no sign, no space.
fn digits(text: &str) -> Option<u16> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// A number of two digits as the type of months and days.
fn small(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn iso_dates_are_read_and_written() {
        for text in ["2021", "2021-11", "2021-11-19", "0988-01-01"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        assert_eq!("2021-11-19T10:00:00+05:00".parse::<Date>().unwrap().to_string(), "2021-11-19");
        assert_eq!("2021-11-19 10:00".parse::<Date>().unwrap().to_string(), "2021-11-19");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "19.11.2021", "2021-13", "2021-02-30", "2021-1-1", "+021-11", "вчера", "20211119", "0000"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_are_ordered() {
        let key = |text: &str| text.parse::<Date>().unwrap().sort_key();
        assert!(key("2021") < key("2021-01") && key("2021-01") < key("2021-01-01") && key("2021-12-31") < key("2022"));
    }
}

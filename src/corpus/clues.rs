//! What a text tells about itself: title, date and source, as people write them into its first and last lines.

use super::Date;
use crate::{
    language::{profiles, sentences},
    text::{Word, char_count, head, normalize_word, words},
};

/// A first line longer than this, in characters, is no title but text.
const MAX_TITLE_CHARS: usize = 200;

/// How many lines with words at the beginning may hold the date line.
const DATE_LINES: usize = 4;

/// A date line is short; of a longer line only the beginning counts, where datelines stand ("TASHKENT, 3 March 2021 — …").
const DATE_CHARS: usize = 60;

/// How many lines at the end may name the source.
const SOURCE_LINES: usize = 5;

/// The first line with a word, where it is short enough for a title; else its beginning.
pub(super) fn title(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| words(line).next().is_some()).unwrap_or_default();
    if char_count(line) <= MAX_TITLE_CHARS {
        return line.to_owned();
    }
    let cut = head(line, MAX_TITLE_CHARS);
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

/// The date in the first lines, if one is written there in full: `19 ноября 2021 г.`, `November 19, 2021`,
/// `19.11.2021`, `2021-11-19`.
pub(super) fn date(text: &str) -> Option<Date> {
    let lines = text.lines().filter(|line| words(line).next().is_some()).take(DATE_LINES);
    lines.into_iter().find_map(|line| date_in(head(line, DATE_CHARS)))
}

/// The date that a value is, such as those of headers and of pages: ISO 8601, that of e-mails, or as people write it.
///
/// The first days that clocks know stand where a program had no date.
pub(super) fn date_of_value(value: &str) -> Option<Date> {
    let (first, epoch) = (Date::of_month(1500, 1), Date::of_day(1970, 1, 1));
    let is_real = |date: &Date| first.is_some_and(|first| *date >= first) && Some(*date) != epoch;
    let date = value.parse().ok().or_else(|| date_in(head(value, DATE_CHARS)));
    date.filter(is_real)
}

/// The date at the beginning of a file name: `2021-11-19-kremlin`, `2021-11-kremlin`.
pub(super) fn date_of_name(name: &str) -> Option<Date> {
    let date = |length| {
        let (date, rest) = name.split_at_checked(length)?;
        if rest.starts_with(|c: char| c.is_ascii_digit()) { None } else { date.parse().ok() }
    };
    date(10).or_else(|| date(7))
}

/// Who published the text, by a last line such as `Source: …` or `Источник: …`.
pub(super) fn source(text: &str) -> Option<String> {
    let lines = text.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(SOURCE_LINES);
    lines.into_iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let value = value.trim().trim_matches(['*', '_']).trim();
        let is_source = profiles().iter().any(|profile| profile.source_labels.contains(&name.as_str()));
        // What follows the name in sentences of its own is no part of it: «При перепечатке ссылка обязательна».
        let value = sentences(value).next()?.of(value).trim_end_matches('.');
        (is_source && words(value).next().is_some() && char_count(value) <= MAX_TITLE_CHARS).then(|| value.to_owned())
    })
}

/// The first full date in a line.
fn date_in(line: &str) -> Option<Date> {
    let words: Vec<Word<'_>> = words(line).collect();
    words.windows(3).find_map(|window| {
        let [a, b, c] = window else { return None };
        let dotted = [a, b].iter().all(|word| line[word.span.end..].starts_with('.'));
        let slashed = [a, b].iter().all(|word| line[word.span.end..].starts_with('/'));
        let dashed = [a, b].iter().all(|word| line[word.span.end..].starts_with('-'));
        if dotted {
            return Date::of_day(year(c.text)?, number(b.text)?, number(a.text)?);
        }
        if slashed {
            // 03/04/2021 is in March or in April, depending on who wrote it.
            let (first, second) = (number(a.text)?, number(b.text)?);
            let is_plain = first > 12 || second > 12 || first == second;
            let (day, month) = if second > 12 { (second, first) } else { (first, second) };
            return is_plain.then(|| Date::of_day(year(c.text)?, month, day)).flatten();
        }
        if dashed {
            return Date::of_day(year(a.text)?, number(b.text)?, number(c.text)?);
        }
        let (day, month) = if number(ordinal(a.text)).is_some() { (a, b) } else { (b, a) };
        Date::of_day(year(c.text)?, month_named(month.text)?, number(ordinal(day.text))?)
    })
}

fn year(text: &str) -> Option<u16> {
    text.parse().ok().filter(|year| (1500..=2199).contains(year))
}

fn number(text: &str) -> Option<u8> {
    text.parse().ok()
}

/// The number of an English ordinal: 3 of 3rd.
fn ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(text)
}

fn month_named(word: &str) -> Option<u8> {
    let mut form = String::new();
    normalize_word(word, &mut form);
    let in_language = |months: &[&str; 12]| months.iter().position(|names| names.split(' ').any(|name| name == form));
    let month = profiles().iter().find_map(|profile| in_language(&profile.months))?;
    u8::try_from(month + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        date(text).map(|date| date.to_string())
    }

    #[test]
    fn the_first_line_is_the_title() {
        assert_eq!(title("\n\n  Визит в Ташкент \n\nТекст"), "Визит в Ташкент");
        assert_eq!(title("---\nState visit\nText"), "State visit");
        assert_eq!(title(""), "");
    }

    #[test]
    fn a_long_first_line_is_cut_at_a_word_in_both_languages() {
        for word in ["слово ", "words "] {
            let title = title(&word.repeat(100));
            assert!((195..=200).contains(&char_count(&title)), "{title}");
            assert!(title.ends_with("о…") || title.ends_with("s…"));
        }
    }

    #[test]
    fn dates_of_both_languages_are_found_in_the_first_lines() {
        for text in [
            "Title\n19 ноября 2021 г.\nText",
            "Заголовок\nМосква, 19 ноября 2021 года — Президенты встретились",
            "Title\n\nBy Staff | November 19, 2021",
            "Title\nTASHKENT, 19th November 2021. The ministers",
            "Заголовок\n19.11.2021, 10:30",
            "Title\nPublished 2021-11-19",
            "Subject: visit\nDate: Fri, 19 Nov 2021 10:00:00 +0300",
            "Тема: визит\nДата: пт, 19 ноя 2021 10:00",
            "Title\n11/19/2021",
            "Заголовок\n19/11/2021",
        ] {
            assert_eq!(found(text).as_deref(), Some("2021-11-19"), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_of_the_text_is_left_alone() {
        for text in [
            "Title\nText of 2021",
            "Версия 3.14.2021",
            "IP 10.12.14.16",
            "Заголовок\nДлинный первый абзац, в котором лишь где-то в середине сказано, что 19 ноября 2021 года было холодно",
            "a\nb\nc\nd\ne\n19.11.2021",
            "31.02.2021",
            "Title\n03/04/2021",
            "Title\nAct 5, scene 2021",
            "Глава 11\nв 2021 году",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_dates_as_programs_and_people_write_them() {
        let found = |value: &str| date_of_value(value).map(|date| date.to_string());
        for value in
            ["2021-11-19T10:00:00+03:00", "Fri, 19 Nov 2021 10:00:00 GMT", "19 ноября 2021 г.", "19.11.2021 10:00"]
        {
            assert_eq!(found(value).as_deref(), Some("2021-11-19"), "{value}");
        }
        assert_eq!(found("2021-11").as_deref(), Some("2021-11"));
        for value in ["", "вчера", "0001-01-01", "1970-01-01T00:00:00Z", "1637316000", "10:30", "03/04/2021"] {
            assert_eq!(found(value), None, "{value}");
        }
    }

    #[test]
    fn file_names_may_begin_with_a_date() {
        assert_eq!(date_of_name("2021-11-19-kremlin.md").map(|d| d.to_string()).as_deref(), Some("2021-11-19"));
        assert_eq!(date_of_name("2021-11-kremlin.ru.txt").map(|d| d.to_string()).as_deref(), Some("2021-11"));
        assert_eq!(date_of_name("2021-112.txt"), None);
        assert_eq!(date_of_name("отчёт.txt"), None);
    }

    #[test]
    fn the_source_is_named_in_the_last_lines() {
        assert_eq!(source("Text\n\nSource: Silk Wire\n").as_deref(), Some("Silk Wire"));
        assert_eq!(source("Текст\n**Источник:** «Вести долины»\nКомментарии (0)").as_deref(), Some("«Вести долины»"));
        let source_of_line = source("Текст\nИсточник: ИА «Тракт». При перепечатке ссылка обязательна.");
        assert_eq!(source_of_line.as_deref(), Some("ИА «Тракт»"));
        assert_eq!(source("Text\nSource: Dr. Fox Weekly. All rights reserved.").as_deref(), Some("Dr. Fox Weekly"));
        assert_eq!(source("Source: first\nb\nc\nd\ne\nf"), None);
        assert_eq!(source("Text: none"), None);
    }
}

//! What can be chosen on a page of results: languages, years, sources, the order, how words match. All of them are links,
//! so that each choice has an address.

use maud::{Markup, html};

use super::{
    choices::{Choices, NEWEST, OLDEST},
    language_name,
};
use crate::{
    index::Facet,
    language::Label,
    search::{Answer, MAX_WINDOW},
};

/// How many years and sources are offered.
const MAX_VALUES: usize = 8;

/// Links that choose a language, with the number of hits in each.
pub(super) fn languages(choices: &Choices, answer: &Answer) -> Markup {
    let counts = answer.facets.of(&Facet::Language);
    let total = counts.iter().map(|(_, count)| count).sum();
    let current = choices.get("language");
    let link = |label: Option<Label>, count: u64| {
        let code = label.map(Label::code);
        option(choices, ("language", code), current == code, &language_name(label), Some(count))
    };
    html! {
        nav.languages aria-label="Language · Язык" {
            (link(None, total))
            @for label in Label::ALL {
                @if let Some((_, count)) = counts.iter().find(|(code, _)| code == label.code()) { (link(Some(label), *count)) }
            }
        }
    }
}

/// What else can be chosen, folded away until something is chosen or wanted.
pub(super) fn more(choices: &Choices, answer: &Answer) -> Markup {
    let names = ["year", "source", "sort", "matching", "names", "collapse"];
    let is_open = names.iter().any(|name| choices.get(name).is_some());
    html! {
        details.more open[is_open] {
            summary { "Filter and sort " span lang="ru" { "Отбор и порядок" } }
            (years(choices, answer))
            (sources(choices, answer))
            (orders(choices))
            (matching(choices))
            (names_across_alphabets(choices))
            (near_duplicates(choices))
        }
    }
}

/// The years of the hits, the latest first.
fn years(choices: &Choices, answer: &Answer) -> Markup {
    let mut values = answer.facets.of(&Facet::Year).to_vec();
    values.truncate(MAX_VALUES);
    values.sort_by(|a, b| b.0.cmp(&a.0));
    facet(choices, "year", ("Year", "Год"), &values)
}

fn sources(choices: &Choices, answer: &Answer) -> Markup {
    let mut values = answer.facets.of(&Facet::Source).to_vec();
    values.truncate(MAX_VALUES);
    facet(choices, "source", ("Source", "Источник"), &values)
}

/// The values of a facet, or the one that is chosen with a way back to all.
fn facet(choices: &Choices, name: &str, label: (&str, &str), values: &[(String, u64)]) -> Markup {
    let chosen = choices.get(name);
    html! {
        @if chosen.is_some() || !values.is_empty() {
            (group(label, &html! {
                @match chosen {
                    Some(value) => {
                        (option(choices, (name, Some(value)), true, &html! { (value) }, None))
                        (option(choices, (name, None), false, &html! { "all " span lang="ru" { "все" } }, None))
                    }
                    None => {
                        @for (value, count) in values {
                            (option(choices, (name, Some(value)), false, &html! { (value) }, Some(*count)))
                        }
                    }
                }
            }))
        }
    }
}

fn orders(choices: &Choices) -> Markup {
    let current = choices.get("sort");
    let link = |value: Option<&str>, name: Markup| option(choices, ("sort", value), current == value, &name, None);
    group(
        ("Order", "Порядок"),
        &html! {
            (link(None, html! { "best first " span lang="ru" { "лучшие" } }))
            (link(Some(NEWEST), html! { "newest first " span lang="ru" { "новые" } }))
            (link(Some(OLDEST), html! { "oldest first " span lang="ru" { "старые" } }))
        },
    )
}

fn matching(choices: &Choices) -> Markup {
    let current = choices.get("matching").unwrap_or("any");
    let link = |value: &str, name: Markup| {
        let chosen = Some(value).filter(|value| *value != "any");
        option(choices, ("matching", chosen), current == value, &name, None)
    };
    group(
        ("Words", "Слова"),
        &html! {
            (link("any", html! { "any of them " span lang="ru" { "любые" } }))
            (link("most", html! { "most " span lang="ru" { "большинство" } }))
            (link("all", html! { "all " span lang="ru" { "все" } }))
        },
    )
}

fn names_across_alphabets(choices: &Choices) -> Markup {
    let is_off = choices.get("names") == Some("off");
    let link = |value: Option<&str>, is_current: bool, name: Markup| {
        option(choices, ("names", value), is_current, &name, None)
    };
    group(
        ("Names", "Имена"),
        &html! {
            (link(None, !is_off, html! { "in both alphabets " span lang="ru" { "в обоих алфавитах" } }))
            (link(Some("off"), is_off, html! { "as typed " span lang="ru" { "как набрано" } }))
        },
    )
}

fn near_duplicates(choices: &Choices) -> Markup {
    let is_collapsed = choices.get("collapse") == Some("true");
    let link = |value: Option<&str>, is_current: bool, name: Markup| {
        option(choices, ("collapse", value), is_current, &name, None)
    };
    group(
        ("Near duplicates", "Почти одинаковые"),
        &html! {
            (link(None, !is_collapsed, html! { "each " span lang="ru" { "все" } }))
            (link(Some("true"), is_collapsed, html! { "the best one " span lang="ru" { "лучший из них" } }))
        },
    )
}

/// Some options under their name in both languages.
fn group((english, russian): (&str, &str), options: &Markup) -> Markup {
    html! {
        nav.options aria-label={ (english) " · " (russian) } {
            span.label { (english) " " span lang="ru" { (russian) } }
            div.values { (options) }
        }
    }
}

/// A link to the page with a choice, marked where it is chosen already.
fn option(
    choices: &Choices,
    choice: (&str, Option<&str>),
    is_current: bool,
    name: &Markup,
    count: Option<u64>,
) -> Markup {
    let (parameter, value) = choice;
    html! {
        a href=(choices.with(parameter, value).address()) aria-current=[is_current.then_some("true")] {
            (name) @if let Some(count) = count { " " span.count { (count) } }
        }
    }
}

/// Links to the page before and the page after.
pub(super) fn pages(choices: &Choices, answer: &Answer) -> Markup {
    let (offset, limit) = (answer.offset, answer.limit.max(1));
    let last = answer.estimated_total_hits.min(MAX_WINDOW as u64);
    let shown = (offset + answer.hits.len()) as u64;
    // Of hits that were folded into one another there are fewer than documents: a page that is not full is the last.
    let is_full = answer.hits.len() == limit;
    let has_next = is_full && shown < last && offset + 2 * limit <= MAX_WINDOW;
    let page = |offset: usize| {
        let value = Some(offset.to_string()).filter(|_| offset > 0);
        choices.with("offset", value.as_deref()).address()
    };
    html! {
        @if offset > 0 || has_next {
            nav.pages aria-label="Pages · Страницы" {
                @if offset > 0 {
                    a rel="prev" href=(page(offset.saturating_sub(limit))) { "← Previous " span lang="ru" { "Назад" } }
                }
                span { "Page " span lang="ru" { "Страница" } " " (offset / limit + 1) }
                @if has_next {
                    a rel="next" href=(page(offset + limit)) { "Next " span lang="ru" { "Дальше" } " →" }
                }
            }
        }
    }
}

//! The page: a search box, hits, a filter by language, pages. Plain HTML made on the server: it works without
//! JavaScript, from the keyboard, and on a telephone; its labels are in both languages. A script of its own completes what
//! is typed, where scripts run.

mod similar;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    language::{Label, profiles},
    search::{Answer, DocumentAnswer, Hit, MAX_WINDOW, RepairMode, Request, Similar},
    snippet::{Fragment, Tags},
};

/// The style sheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// The script that completes what is typed.
pub(super) const SCRIPT: &str = include_str!("complete.js");

/// The parameters that the page knows; it has no limit of its own choosing.
pub(super) const PARAMETERS: [&str; 4] = ["q", "offset", "language", "repair"];

/// What is escaped in an address: all that RFC 3986 does not call unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page before anything was asked.
pub(super) fn start() -> Markup {
    layout(
        "oba",
        None,
        &search_form("", None),
        &html! {
            p.hint { "Search in English and in Russian." br; span lang="ru" { "Ищите по-английски и по-русски." } }
        },
    )
}

/// The page of an answer.
pub(super) fn results(request: &Request, answer: &Answer) -> Markup {
    let title = format!("{} · oba", answer.query);
    layout(
        &title,
        None,
        &search_form(&answer.query, request.language()),
        &html! {
            (language_filter(request, answer))
            p.summary role="status" { (summary(answer)) }
            (repairs(request, answer))
            @for warning in &answer.warnings { p.warning { (warning) } }
            ol.hits start=(answer.offset + 1) {
                @for hit in &answer.hits { li { (hit_markup(hit)) } }
            }
            (pages(request, answer))
        },
    )
}

/// The page of one document, and of those like it.
pub(super) fn document(document: &DocumentAnswer, similar: Option<&Similar>) -> Markup {
    let record = &document.record;
    let title = if record.title.is_empty() { &record.id } else { &record.title };
    layout(
        title,
        language_code(&record.language),
        &search_form("", None),
        &html! {
            article.document {
                h1 { (title) }
                p.about { (about(&record.language, record.date.as_deref(), record.source.as_deref())) }
                @for paragraph in document.body().split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
                    p { (paragraph) }
                }
            }
            @if let Some(similar) = similar { (similar::similar(similar)) }
        },
    )
}

/// The page of a request that was refused.
pub(super) fn failure(message: &str) -> Markup {
    layout("oba", None, &search_form("", None), &html! { p.warning role="alert" { (message) } })
}

fn layout(title: &str, language: Option<&str>, form: &Markup, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
                script src="/complete.js" defer {}
            }
            body {
                header { a.name href="/" { "oba" } (form) }
                main lang=[language] { (content) }
            }
        }
    }
}

fn search_form(query: &str, language: Option<Label>) -> Markup {
    html! {
        form role="search" action="/" method="get" {
            label for="q" { "Search " span lang="ru" { "Поиск" } }
            input #q type="search" name="q" value=(query) autofocus[query.is_empty()] autocomplete="off"
                spellcheck="false" maxlength="1000";
            @if let Some(label) = language { input type="hidden" name="language" value=(label.code()); }
            button type="submit" { "Search " span lang="ru" { "Найти" } }
        }
    }
}

/// Links that keep the query and choose a language, with the number of hits in each.
fn language_filter(request: &Request, answer: &Answer) -> Markup {
    let total: u64 = answer.facets.language.values().sum();
    let link = |label: Option<Label>, count: u64| {
        html! {
            a href=(address(request, &answer.query, label, 0)) aria-current=[(request.language() == label).then_some("true")] {
                (language_name(label)) " " span.count { (count) }
            }
        }
    };
    html! {
        nav.languages aria-label="Language · Язык" {
            (link(None, total))
            @for label in Label::ALL {
                @if let Some(&count) = answer.facets.language.get(label.code()) { (link(Some(label), count)) }
            }
        }
    }
}

/// What a label is called on the page: languages by their own names, the rest in both.
fn language_name(label: Option<Label>) -> Markup {
    match label {
        None => html! { "All " span lang="ru" { "Все" } },
        Some(Label::Mixed) => html! { "Mixed " span lang="ru" { "Оба" } },
        Some(Label::Other) => html! { "Other " span lang="ru" { "Другие" } },
        Some(label) => {
            let name = profiles().into_iter().find(|profile| profile.label == label).map_or(label.code(), |p| p.name);
            html! { span lang=(label.code()) { (name) } }
        }
    }
}

fn summary(answer: &Answer) -> Markup {
    let total = answer.estimated_total_hits;
    if total == 0 {
        return html! { "Nothing found. " span lang="ru" { "Ничего не найдено." } };
    }
    html! {
        "Found: " (total) " · " span lang="ru" { "Найдено: " (total) }
        " · " (answer.processing_time_ms) " ms " span lang="ru" { "мс" }
    }
}

fn hit_markup(hit: &Hit) -> Markup {
    let title = if hit.title.is_empty() { PreEscaped(escape(&hit.id)) } else { marked(&hit.marked_title) };
    html! {
        article lang=[language_code(&hit.language)] {
            h2 { a href={ "/view/" (percent_encoded(&hit.id)) } { (title) } }
            p.about { (about(&hit.language, hit.date.as_deref(), hit.source.as_deref())) }
            p.snippet { (PreEscaped(&hit.snippet.html)) }
        }
    }
}

fn about(language: &str, date: Option<&str>, source: Option<&str>) -> Markup {
    html! {
        @if let Ok(label) = language.parse::<Label>() { span.language { (language_name(Some(label))) } }
        @if let Some(date) = date { " " time datetime=(date) { (date) } }
        @if let Some(source) = source { " " span.source { (source) } }
    }
}

/// Links to the page before and the page after.
fn pages(request: &Request, answer: &Answer) -> Markup {
    let language = request.language();
    let (offset, limit) = (answer.offset, answer.limit.max(1));
    let last = answer.estimated_total_hits.min(MAX_WINDOW as u64);
    let has_next = (offset + answer.hits.len()) as u64 >= 1
        && ((offset + answer.hits.len()) as u64) < last
        && offset + 2 * limit <= MAX_WINDOW;
    html! {
        @if offset > 0 || has_next {
            nav.pages aria-label="Pages · Страницы" {
                @if offset > 0 {
                    a rel="prev" href=(address(request, &answer.query, language, offset.saturating_sub(limit))) {
                        "← Previous " span lang="ru" { "Назад" }
                    }
                }
                span { "Page " span lang="ru" { "Страница" } " " (offset / limit + 1) }
                @if has_next {
                    a rel="next" href=(address(request, &answer.query, language, offset + limit)) {
                        "Next " span lang="ru" { "Дальше" } " →"
                    }
                }
            }
        }
    }
}

/// What was searched for in place of the query, and what may have been meant.
fn repairs(request: &Request, answer: &Answer) -> Markup {
    let repairs = &answer.repairs;
    let link = |query: &str, repair: RepairMode| {
        let request = request.clone().with_repair(repair);
        html! { a href=(address(&request, query, request.language(), 0)) { (query) } }
    };
    html! {
        @if let Some(query) = &repairs.searched_query {
            p.repair {
                "Showing results for " span lang="ru" { "Показано по запросу" } " " strong { (query) }
                " · search instead for " span lang="ru" { "искать" } " " (link(&answer.query, RepairMode::Off))
            }
        }
        @if let Some(query) = &repairs.suggested_query {
            p.repair {
                "Did you mean " span lang="ru" { "Возможно, вы имели в виду" } " " (link(query, RepairMode::Auto)) "?"
            }
        }
    }
}

/// The address of a page of results.
fn address(request: &Request, query: &str, language: Option<Label>, offset: usize) -> String {
    let repair = match request.repair() {
        RepairMode::Auto => "",
        RepairMode::Suggest => "&repair=suggest",
        RepairMode::Off => "&repair=off",
    };
    let language = language.map(|label| format!("&language={label}")).unwrap_or_default();
    let offset = if offset > 0 { format!("&offset={offset}") } else { String::new() };
    format!("/?q={}{language}{repair}{offset}", percent_encoded(query))
}

/// The code of a label that is a language, for `lang` attributes.
fn language_code(code: &str) -> Option<&str> {
    matches!(code, "en" | "ru").then_some(code)
}

fn marked(fragment: &Fragment) -> Markup {
    PreEscaped(fragment.to_html(&Tags::default()))
}

fn escape(text: &str) -> String {
    html! { (text) }.into_string()
}

/// A text as a part of an address: all but letters, digits and `-._~` as `%XX`.
fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

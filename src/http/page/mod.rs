//! The page: a search box, hits, a filter by language, pages. Plain HTML made on the server: it works without
//! JavaScript, from the keyboard, and on a telephone; its labels are in both languages. A script of its own completes what
//! is typed, where scripts run.

mod similar;

mod choices;
mod controls;
mod duplicates;

use maud::{DOCTYPE, Markup, PreEscaped, html};

pub(super) use choices::Choices;
use choices::percent_encoded;

use crate::{
    language::{Label, profiles},
    search::{Answer, DocumentAnswer, Hit, Similar},
    snippet::{Fragment, Tags},
};

/// The style sheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// The script that completes what is typed.
pub(super) const SCRIPT: &str = include_str!("complete.js");

/// The page before anything was asked.
pub(super) fn start(choices: &Choices) -> Markup {
    layout(
        "oba",
        None,
        choices,
        &html! {
            p.hint { "Search in English and in Russian." br; span lang="ru" { "Ищите по-английски и по-русски." } }
        },
    )
}

/// The page of an answer.
pub(super) fn results(choices: &Choices, answer: &Answer) -> Markup {
    let title = format!("{} · oba", answer.query);
    layout(
        &title,
        None,
        choices,
        &html! {
            (controls::languages(choices, answer))
            (controls::more(choices, answer))
            p.summary role="status" { (summary(choices, answer)) }
            (repairs(choices, answer))
            @for warning in &answer.warnings { p.warning { (warning) } }
            ol.hits start=(answer.offset + 1) {
                @for hit in &answer.hits { li { (hit_markup(choices, hit)) } }
            }
            (controls::pages(choices, answer))
        },
    )
}

/// The page of one document, and of those like it.
pub(super) fn document(base: String, document: &DocumentAnswer, similar: Option<&Similar>) -> Markup {
    let choices = Choices::default().under(base);
    let record = &document.record;
    let title = if record.title.is_empty() { &record.id } else { &record.title };
    layout(
        title,
        language_code(&record.language),
        &choices,
        &html! {
            article.document {
                h1 { (title) }
                p.about { (about(&record.language, record.date.as_deref(), record.source.as_deref())) }
                @for paragraph in document.body().split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
                    p { (paragraph) }
                }
            }
            @if let Some(similar) = similar { (similar::similar(&choices, similar)) }
        },
    )
}

/// The page of a request that was refused.
pub(super) fn failure(base: String, message: &str) -> Markup {
    layout("oba", None, &Choices::default().under(base), &html! { p.warning role="alert" { (message) } })
}

fn layout(title: &str, language: Option<&str>, choices: &Choices, content: &Markup) -> Markup {
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
                header { a.name href={ (choices.base()) "/" } { "oba" } (search_form(choices)) }
                main lang=[language] { (content) }
            }
        }
    }
}

fn search_form(choices: &Choices) -> Markup {
    let query = choices.query();
    html! {
        form role="search" action={ (choices.base()) "/" } method="get" {
            label for="q" { "Search " span lang="ru" { "Поиск" } }
            input #q type="search" name="q" value=(query) autofocus[query.is_empty()] autocomplete="off"
                spellcheck="false" maxlength="1000";
            @for (name, value) in choices.beside_query() { input type="hidden" name=(name) value=(value); }
            button type="submit" { "Search " span lang="ru" { "Найти" } }
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

fn summary(choices: &Choices, answer: &Answer) -> Markup {
    let total = answer.estimated_total_hits;
    if total == 0 {
        return html! {
            "Nothing found. " span lang="ru" { "Ничего не найдено." }
            @if choices.is_filtered() {
                " " a href=(choices.without_filters().address()) { "Search all documents " span lang="ru" { "Искать везде" } }
            }
        };
    }
    html! {
        "Found: " (total) " · " span lang="ru" { "Найдено: " (total) }
        " · " (answer.processing_time_ms) " ms " span lang="ru" { "мс" }
    }
}

fn hit_markup(choices: &Choices, hit: &Hit) -> Markup {
    let title =
        if hit.title.is_empty() { PreEscaped(escape(&hit.id)) } else { marked(hit.title_answer.parts.fragment()) };
    html! {
        article lang=[language_code(&hit.language)] {
            h2 { a href={ (choices.base()) "/view/" (percent_encoded(&hit.id)) } { (title) } }
            p.about { (about(&hit.language, hit.date.as_deref(), hit.source.as_deref())) }
            p.snippet { (PreEscaped(&hit.snippet.html)) }
            (duplicates::duplicates(hit))
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

/// What was searched for in place of the query, and what may have been meant.
fn repairs(choices: &Choices, answer: &Answer) -> Markup {
    let repairs = &answer.repairs;
    let link = |query: &str, repair: Option<&str>| {
        let page = choices.with("q", Some(query)).with("repair", repair);
        html! { a href=(page.address()) { (query) } }
    };
    html! {
        @if let Some(query) = &repairs.searched_query {
            p.repair {
                "Showing results for " span lang="ru" { "Показано по запросу" } " " strong { (query) }
                " · search instead for " span lang="ru" { "искать" } " " (link(&answer.query, Some("off")))
            }
        }
        @if let Some(query) = &repairs.suggested_query {
            p.repair {
                "Did you mean " span lang="ru" { "Возможно, вы имели в виду" } " " (link(query, None)) "?"
            }
        }
    }
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

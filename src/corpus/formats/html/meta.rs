//! What a page tells about itself in its head: title, date, source, author.

use std::collections::HashMap;

use scraper::{ElementRef, Html};
use serde_json::{Map, Value};

use crate::{
    corpus::{Date, clues},
    language::Label,
    text::words,
};

/// What stands between the title of a page and the name of its site.
const SEPARATORS: [&str; 8] = [" | ", " — ", " – ", " - ", " :: ", " · ", " • ", " » "];

/// Where pages write when they were published, the surer first.
const DATES: [&str; 13] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publish-date",
    "publish_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
];

/// What a page tells about itself.
#[derive(Default)]
pub(super) struct Meta {
    pub title: Option<String>,
    /// The first heading of the first level.
    pub heading: Option<String>,
    pub date: Option<Date>,
    pub source: Option<String>,
    pub declared: Option<Label>,
    /// Its description and its author.
    pub members: Map<String, Value>,
}

/// What is found on the way through a page, the first of each.
#[derive(Default)]
struct Found {
    /// By their names in lower case.
    values: HashMap<String, String>,
    title: Option<String>,
    heading: Option<String>,
    /// The time of the article, else the first one.
    published: Option<Date>,
    time: Option<Date>,
    language: Option<String>,
}

impl Meta {
    pub(super) fn of(page: &Html) -> Self {
        let mut found = Found::default();
        for element in page.tree.nodes().filter_map(ElementRef::wrap) {
            found.take(element);
        }
        let value = |name: &str| found.values.get(name).cloned();
        let source = value("og:site_name");
        let title = value("og:title").or(found.title).map(|title| without_site(&title, source.as_deref()));
        let mut members = Map::new();
        if let Some(description) = value("description").or_else(|| value("og:description")) {
            members.insert("description".into(), description.into());
        }
        // Some give the address of a page about the author.
        let authors = ["author", "article:author", "dc.creator"].into_iter().filter_map(value);
        if let Some(author) = authors.into_iter().find(|author| !author.starts_with("http")) {
            members.insert("author".into(), author.into());
        }
        let date = DATES.iter().find_map(|name| clues::date_of_value(found.values.get(*name)?));
        Self {
            title: title.filter(|title| words(title).next().is_some()).or_else(|| found.heading.clone()),
            heading: found.heading,
            date: date.or(found.published).or(found.time),
            source,
            declared: found.language.and_then(|tag| Label::from_tag(&tag)),
            members,
        }
    }
}

impl Found {
    fn take(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        match value.name() {
            "html" => self.language = value.attr("lang").or_else(|| value.attr("xml:lang")).map(str::to_owned),
            "meta" => {
                let name = ["property", "name", "itemprop"].iter().find_map(|name| value.attr(name));
                let content = value.attr("content").map(one_line).filter(|content| !content.is_empty());
                if let (Some(name), Some(content)) = (name, content) {
                    self.values.entry(name.trim().to_ascii_lowercase()).or_insert(content);
                }
            }
            "title" if self.title.is_none() && !is_in(element, "svg") => self.title = Some(text_of(element)),
            "h1" if self.heading.is_none() => {
                self.heading = Some(text_of(element)).filter(|heading| words(heading).next().is_some());
            }
            "time" => {
                let is_of_article = value.attr("pubdate").is_some() || value.attr("itemprop") == Some("datePublished");
                let known = if is_of_article { &mut self.published } else { &mut self.time };
                // The times of comments, of other articles and of events stand in the margins.
                let is_aside = ["aside", "nav", "footer"].iter().any(|name| is_in(element, name));
                if known.is_none() && !is_aside {
                    *known = value.attr("datetime").and_then(clues::date_of_value);
                }
            }
            _ => {}
        }
    }
}

fn is_in(element: ElementRef<'_>, name: &str) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|around| around.value().name() == name)
}

fn text_of(element: ElementRef<'_>) -> String {
    one_line(&element.text().collect::<String>())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title without the name of the site at its end or its beginning.
fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site else { return title.to_owned() };
    let bare = SEPARATORS.iter().find_map(|separator| {
        let at_end = title.strip_suffix(site).and_then(|title| title.strip_suffix(separator));
        at_end.or_else(|| title.strip_prefix(site).and_then(|title| title.strip_prefix(separator)))
    });
    bare.map(str::trim).filter(|bare| !bare.is_empty()).unwrap_or(title).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(html: &str) -> Meta {
        Meta::of(&Html::parse_document(html))
    }

    #[test]
    fn the_name_of_the_site_is_no_part_of_the_title() {
        for (title, bare) in [
            ("Визит | Вести", "Визит"),
            ("Visit — Вести", "Visit"),
            ("Вести :: Визит", "Визит"),
            ("Вести", "Вести"),
            ("Визит | Мир", "Визит | Мир"),
        ] {
            let html = format!("<title>{title}</title><meta property=og:site_name content='Вести'>");
            assert_eq!(meta(&html).title.as_deref(), Some(bare));
        }
        assert_eq!(meta("<title>Визит | Мир</title>").title.as_deref(), Some("Визит | Мир"));
        assert_eq!(meta("<title> </title><h1>The <i>visit</i></h1>").title.as_deref(), Some("The visit"));
        assert_eq!(meta("<svg><title>логотип</title></svg><p>x").title, None);
    }

    #[test]
    fn dates_are_those_of_the_article_or_none() {
        let date = |html: &str| meta(html).date.map(|date| date.to_string());
        for html in [
            "<meta property=article:published_time content=2021-11-19T10:00:00Z>",
            "<meta name=date content='19.11.2021'>",
            "<meta itemprop=datePublished content=2021-11-19>",
            "<meta name=date content='Fri, 19 Nov 2021 10:00:00 +0300'>",
            "<time datetime=2020-01-01>x</time><time pubdate datetime=2021-11-19>",
            "<aside><time datetime=2020-01-01></time></aside><time datetime='2021-11-19 10:00'>",
        ] {
            assert_eq!(date(html).as_deref(), Some("2021-11-19"), "{html}");
        }
        for html in [
            "<meta name=date content=yesterday>",
            "<meta name=date content='0001-01-01T00:00:00'>",
            "<meta name=date content='1970-01-01T00:00:00Z'>",
            "<time datetime=PT2H>2 h</time>",
            "<time datetime=10:30>",
            "<footer><time datetime=2021-11-19></time></footer>",
        ] {
            assert_eq!(date(html), None, "{html}");
        }
    }
}

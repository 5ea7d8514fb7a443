//! A page of the web → what it was written for: its main content, without menus, banners and scripts.

mod depth;
mod meta;
mod render;

use dom_smoothie::{Article, Config, Readability};
use scraper::Html;

use crate::{
    corpus::{Document, ReadError, clues, read::Parsed},
    language::{Alphabet, Label},
    text::char_count,
};
use meta::Meta;

/// The largest page whose main content is looked for, in bytes; of larger ones, which are tables or books, all is content.
const MAX_SEARCHED_BYTES: usize = 4 * 1024 * 1024;

/// The most elements of a page whose main content is looked for.
const MAX_SEARCHED_ELEMENTS: usize = 100_000;

/// The share of the words outside of links that the main content has to have, in percent, or it was not found.
const MIN_SHARE: usize = 25;

/// The same for content as short as this, in characters: a caption may be taken for it.
const SHORT_CHARS: usize = 250;
const MIN_SHARE_OF_SHORT: usize = 50;

/// The document that a page is.
pub(in crate::corpus) fn read(text: &str) -> Parsed {
    if depth::is_too_deep(text) {
        let reason = format!("elements more than {} deep in one another", depth::MAX_DEPTH);
        return Err(ReadError::damaged("page", &reason));
    }
    let mut page = Html::parse_document(text);
    let meta = Meta::of(&page);
    let body = render::body(&page);
    let article = if text.len() <= MAX_SEARCHED_BYTES { main_content(&mut page) } else { None };
    // The line below the heading is often taken for no content.
    let below = meta.heading.as_deref().and_then(|heading| clues::date(from_line(&body.text, heading)?));
    let main = article.as_ref().map(|article| render::fragment(&article.content));
    let text = match main {
        Some(main) if is_enough(char_count(&main), body.plain_chars) => main,
        _ => body.text,
    };
    let published = article.and_then(|article| article.published_time);
    let date = meta.date.or_else(|| clues::date_of_value(&published?)).or_else(|| clues::date(&text)).or(below);
    let title = meta.title.filter(|title| !title.is_empty()).unwrap_or_else(|| clues::title(&text));
    let source = meta.source.or_else(|| clues::source(&text));
    let declared = meta.declared.filter(|&label| may_be(label, &text));
    Ok(Document { title, date, source, declared, members: meta.members, text, ..Document::default() })
}

/// The main content of a page. Banners are taken out of the page first, for where there is little text they are taken for it.
fn main_content(page: &mut Html) -> Option<Article> {
    render::take_out_what_is_around(page);
    let config = Config { max_elements_to_parse: MAX_SEARCHED_ELEMENTS, ..Config::default() };
    Readability::new(page.html(), None, Some(config)).ok()?.parse().ok()
}

/// A text from a line on.
fn from_line<'t>(text: &'t str, line: &str) -> Option<&'t str> {
    let mut start = 0;
    for found in text.split_inclusive('\n') {
        if found.trim() == line {
            return Some(&text[start..]);
        }
        start += found.len();
    }
    None
}

/// Whether the main content is so much of a page that nothing was missed, in characters.
fn is_enough(main: usize, plain: usize) -> bool {
    let share = if main < SHORT_CHARS { MIN_SHARE_OF_SHORT } else { MIN_SHARE };
    main > 0 && main * 100 >= plain * share
}

/// Whether a text may be in the language that it declares: templates say `en` of whatever is put into them.
fn may_be(label: Label, text: &str) -> bool {
    let (mut latin, mut cyrillic) = (0_usize, 0_usize);
    for character in text.chars() {
        match Alphabet::of_character(character) {
            Alphabet::Latin => latin += 1,
            Alphabet::Cyrillic => cyrillic += 1,
            _ => {}
        }
    }
    match label {
        Label::English => latin * 2 >= cyrillic,
        Label::Russian => cyrillic * 4 >= latin,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><html lang="ru-RU"><head>
        <title>Визит в Ташкент | Вести долины</title>
        <meta property="og:site_name" content="Вести долины">
        <meta name="description" content="О переговорах"><meta name="author" content="Анна Ким">
        <meta property="article:published_time" content="2021-11-19T10:00:00+05:00">
        <script>var menu = "скрипт";</script><style>p { color: red }</style></head><body>
        <nav><ul><li><a href="/">Главная</a></li><li><a href="/news">Новости</a></li><li><a href="/c">Контакты</a></li></ul></nav>
        <div class="cookie-banner">Мы используем файлы cookie. <button>Согласен</button></div>
        <article><h1>Визит в Ташкент</h1>
        <p>Министры иностранных дел, прибывшие в Ташкент, обсудили сотрудничество в области транспорта, энергетики и образования.
        Переговоры, по словам участников, прошли в дружеской обстановке.</p>
        <p>The ministers, who arrived on Friday, also discussed co-operation in transport, energy and education, and agreed to meet again.</p>
        <table><tr><th>Год</th><th>Сумма</th></tr><tr><td>2020</td><td>14 млрд</td></tr></table>
        <p>Следующая встреча, как ожидается, состоится весной, в Москве, и будет посвящена железным дорогам, портам и таможне.</p>
        </article><footer>© 2021 Вести долины. Все права защищены.</footer></body></html>"#;

    #[test]
    fn the_content_of_a_page_is_read_without_what_is_around_it() {
        let document = read(PAGE).expect("a page");
        assert_eq!(document.title, "Визит в Ташкент");
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), Some("2021-11-19"));
        assert_eq!(document.source.as_deref(), Some("Вести долины"));
        assert_eq!(document.declared, Some(Label::Russian));
        assert_eq!(document.members["description"], "О переговорах");
        assert_eq!(document.members["author"], "Анна Ким");
        for kept in ["Министры иностранных дел", "arrived on Friday", "2020\t14 млрд", "состоится весной"]
        {
            assert!(document.text.contains(kept), "{kept} in {}", document.text);
        }
        for left in ["Контакты", "cookie", "скрипт", "color", "Все права"] {
            assert!(!document.text.contains(left), "{left} in {}", document.text);
        }
        assert!(document.text.contains("обстановке.\n\nThe ministers"), "{}", document.text);
    }

    #[test]
    fn where_there_is_no_article_all_is_read() {
        let document = read("<p>Короткая заметка.<p>Short note<ul><li>one<li>два</ul>").expect("a page");
        assert_eq!(document.text, "Короткая заметка.\n\nShort note\n\n• one\n• два");
        assert_eq!(document.title, "Короткая заметка.");
        assert_eq!((document.date, document.declared), (None, None));
    }

    #[test]
    fn a_date_below_the_heading_is_that_of_the_page() {
        let page = |meta| {
            format!(
                "<div>1 мая 2020</div><div><h1>Визит в Ташкент</h1><div class=meta>{meta}</div>{}</div>",
                "<p>Министры, прибывшие накануне, обсудили, по их словам, транспорт, энергетику и образование.</p>"
                    .repeat(9)
            )
        };
        let date = |meta| read(&page(meta)).expect("a page").date.map(|date| date.to_string());
        assert_eq!(date("19 ноября 2021, Анна Ким").as_deref(), Some("2021-11-19"));
        assert_eq!(date("Анна Ким"), None);
    }

    #[test]
    fn a_language_that_cannot_be_is_not_believed() {
        let page = |lang, text| read(&format!("<html lang={lang}><p>{text}</p>")).expect("a page").declared;
        assert_eq!(page("en", "Министры обсудили договор"), None);
        assert_eq!(page("ru", "The ministers discussed a treaty"), None);
        assert_eq!(page("en-GB", "The ministers discussed a treaty"), Some(Label::English));
        assert_eq!(page("de", "Die Minister"), Some(Label::Other));
    }

    #[test]
    fn nesting_without_end_is_refused_and_does_not_overflow() {
        for html in ["<div>".repeat(100_000), "<div>".repeat(200_000) + "text", "<b><i>".repeat(100_000)] {
            assert!(matches!(read(&html), Err(ReadError::Damaged { .. })));
        }
        let deep = format!("{}visit{}", "<div>".repeat(depth::MAX_DEPTH - 10), "</div>".repeat(depth::MAX_DEPTH - 10));
        assert_eq!(read(&deep).expect("a page").text, "visit");
        // What ends by itself is not deep: so were pages written once.
        let long = "<p>строка<br><li>пункт<td>ячейка".repeat(5000);
        assert!(read(&long).expect("a page").text.contains("ячейка"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_page_is_read_or_refused(cut in 0..PAGE.len(), at in 0..PAGE.len(), rubbish in "[<>/a-z\"'=& а-я!-]{0,20}") {
            let _ = read(&PAGE[..PAGE.floor_char_boundary(cut)]);
            let mut mutated = PAGE.to_owned();
            mutated.insert_str(PAGE.floor_char_boundary(at), &rubbish);
            let _ = read(&mutated);
            let _ = read(&rubbish);
        }
    }
}

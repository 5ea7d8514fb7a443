//! The tree of a page → the text that a reader sees: paragraphs parted by empty lines, tables as rows of cells parted by tabs.

use scraper::{ElementRef, Html, Node, node::Element};

use crate::text::char_count;

/// A banner about cookies has no more text than this, in characters; what has more is an article about them.
const MAX_BANNER_CHARS: usize = 1500;

/// Elements that are no text.
const NO_TEXT: [&str; 17] = [
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video",
    "button", "select", "datalist", "textarea", "noframes",
];

/// Elements between which there is an empty line.
const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "nav",
];

/// The text of a whole page.
pub(super) struct Body {
    pub text: String,
    /// How many characters of it stand outside of links.
    pub plain_chars: usize,
}

/// The text of a page without its menus, its foot and its banners.
pub(super) fn body(page: &Html) -> Body {
    let with = render(page, true);
    // A page may be nothing but what is left out: then that is what it is.
    if with.text.is_empty() { render(page, false) } else { with }
}

/// Takes menus, feet and banners out of a page.
pub(super) fn take_out_what_is_around(page: &mut Html) {
    let around = page.tree.nodes().filter(|&node| ElementRef::wrap(node).is_some_and(is_around));
    for id in around.map(|node| node.id()).collect::<Vec<_>>() {
        if let Some(mut node) = page.tree.get_mut(id) {
            node.detach();
        }
    }
}

/// The text of a piece of a page.
pub(super) fn fragment(html: &str) -> String {
    render(&Html::parse_fragment(html), true).text
}

fn render(page: &Html, leaves_out: bool) -> Body {
    let mut walk = Walk { leaves_out, ..Walk::default() };
    // Without recursion: a page may be deep.
    let root = page.tree.root();
    let mut node = root;
    loop {
        let goes_in = walk.open(node.value(), ElementRef::wrap(node));
        if let Some(child) = node.first_child().filter(|_| goes_in) {
            node = child;
            continue;
        }
        walk.close(node.value(), goes_in);
        while node.next_sibling().is_none() && node != root {
            let Some(parent) = node.parent() else { break };
            node = parent;
            walk.close(node.value(), true);
        }
        match node.next_sibling().filter(|_| node != root) {
            Some(next) => node = next,
            None => return Body { text: walk.out.finish(), plain_chars: walk.plain_chars },
        }
    }
}

/// A walk through a page.
#[derive(Default)]
struct Walk {
    out: Out,
    leaves_out: bool,
    /// How many links, and pieces that are laid out, stand around.
    links: usize,
    laid_out: usize,
    plain_chars: usize,
}

impl Walk {
    /// Takes what a node says; whether what is in it is read.
    fn open(&mut self, node: &Node, element: Option<ElementRef<'_>>) -> bool {
        match node {
            Node::Text(text) => {
                self.out.text(text, self.laid_out > 0);
                self.plain_chars += if self.links == 0 { char_count(text.trim()) } else { 0 };
            }
            Node::Element(value) => {
                if is_no_text(value) || self.leaves_out && element.is_some_and(is_around) {
                    return false;
                }
                self.links += usize::from(value.name() == "a");
                self.laid_out += usize::from(value.name() == "pre");
                self.out.open(value.name());
            }
            _ => {}
        }
        true
    }

    fn close(&mut self, node: &Node, was_read: bool) {
        if let Node::Element(value) = node
            && was_read
        {
            self.links -= usize::from(value.name() == "a");
            self.laid_out -= usize::from(value.name() == "pre");
            self.out.close(value.name());
        }
    }
}

/// Whether nothing of an element is seen.
fn is_no_text(element: &Element) -> bool {
    NO_TEXT.contains(&element.name())
        || element.attr("hidden").is_some()
        || element.attr("style").is_some_and(|style| {
            let style: String = style.split_whitespace().collect();
            style.to_ascii_lowercase().contains("display:none")
        })
}

/// Whether an element stands around the content: menus, the foot of the page, what asks for consent.
fn is_around(element: ElementRef<'_>) -> bool {
    let value = element.value();
    if matches!(value.name(), "html" | "body" | "main" | "article") {
        return false;
    }
    if matches!(value.name(), "nav" | "footer") {
        return true;
    }
    if value.attr("role").is_some_and(|role| {
        matches!(role, "navigation" | "dialog" | "alertdialog" | "search" | "menu" | "menubar" | "contentinfo")
    }) {
        return true;
    }
    let names = [value.attr("id"), value.attr("class")].into_iter().flatten().map(str::to_ascii_lowercase);
    let is_banner = names.into_iter().any(|name| ["cookie", "consent", "gdpr"].iter().any(|mark| name.contains(mark)));
    is_banner && element.text().map(char_count).sum::<usize>() <= MAX_BANNER_CHARS
}

/// Text as it is written, with the breaks that are due.
#[derive(Default)]
struct Out {
    text: String,
    /// What has to stand before the next word: nothing, a space, a tab, a line break, an empty line.
    due: &'static str,
    /// How many lists stand around.
    lists: usize,
}

impl Out {
    /// Text, with its white space as one space, or as it stands.
    fn text(&mut self, text: &str, is_kept: bool) {
        if is_kept {
            if !text.trim().is_empty() {
                self.break_if_due();
                self.text.push_str(text);
            }
            return;
        }
        if text.starts_with(char::is_whitespace) {
            self.need(" ");
        }
        for (number, word) in text.split_whitespace().enumerate() {
            if number > 0 {
                self.need(" ");
            }
            self.break_if_due();
            self.text.push_str(word);
        }
        if text.ends_with(char::is_whitespace) {
            self.need(" ");
        }
    }

    fn open(&mut self, name: &str) {
        match name {
            // Two breaks are how paragraphs were once parted.
            "br" => self.need(if self.due == "\n" { "\n\n" } else { "\n" }),
            "tr" => self.need("\n"),
            "li" => {
                self.need("\n");
                self.break_if_due();
                self.text.push_str("• ");
            }
            "ul" | "ol" => {
                self.list();
                self.lists += 1;
            }
            name if BLOCKS.contains(&name) => self.block(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "td" | "th" => self.cell(),
            "tr" => self.need("\n"),
            // Whatever was due in an item is not, so that the next one stands below it.
            "li" => self.due = "\n",
            "ul" | "ol" => {
                self.lists = self.lists.saturating_sub(1);
                self.list();
            }
            name if BLOCKS.contains(&name) => self.block(),
            _ => {}
        }
    }

    /// A block in an item of a list or in a cell begins on the line of its mark.
    fn block(&mut self) {
        if !self.text.ends_with("• ") && !self.due.ends_with('\t') {
            self.need("\n\n");
        }
    }

    /// A list in an item of another is no block of its own.
    fn list(&mut self) {
        if self.lists > 0 { self.need("\n") } else { self.block() }
    }

    /// The end of a cell; whatever was due in it is not, so that a row stays a line.
    fn cell(&mut self) {
        self.due = "\t";
    }

    /// The stronger break counts.
    fn need(&mut self, due: &'static str) {
        let rank = |due| match due {
            "" => 0,
            " " => 1,
            "\t" => 2,
            "\n" => 3,
            _ => 4,
        };
        if rank(due) > rank(self.due) {
            self.due = due;
        }
    }

    fn break_if_due(&mut self) {
        let due = std::mem::take(&mut self.due);
        if due.starts_with('\n') {
            self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
            // An item that is empty.
            if self.text.ends_with("\n•") || self.text == "•" {
                self.text.truncate(self.text.len() - "•".len());
                self.text.truncate(self.text.trim_end().len());
            }
        }
        let is_there = due == " " && self.text.ends_with(char::is_whitespace);
        if !self.text.is_empty() && !is_there {
            self.text.push_str(due);
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end_matches(|c: char| c.is_whitespace() || c == '•').len());
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_stand_where_a_reader_sees_them() {
        for (html, text) in [
            ("<p>a <b>б</b>\n в<p>г", "a б в\n\nг"),
            ("<div>строка<br>line<br> <br/>новый абзац</div>", "строка\nline\n\nновый абзац"),
            ("<ul><li><p>one</p></li><li>два</li></ul>", "• one\n• два"),
            ("<ul><li>a<ul><li>б</ul><li>в</ul>", "• a\n• б\n• в"),
            ("<table><tr><td><p>a</p></td><td> б </td></tr><tr><td>1<td>2</table>", "a\tб\n1\t2"),
            ("<pre>  a\n   b</pre>", "  a\n   b"),
            ("сло<i>во</i>, <b>x</b>", "слово, x"),
            ("<p>a<script>b</script><p hidden>c<p style='display: none'>d", "a"),
            ("a &amp; &laquo;б&raquo; &nbsp;x", "a & «б» x"),
            ("<ul><li></li><li>a</li></ul>", "• a"),
        ] {
            assert_eq!(fragment(html), text, "{html}");
        }
    }

    #[test]
    fn menus_feet_and_banners_are_left_out_of_a_page() {
        let page = |html: &str| body(&Html::parse_document(html)).text;
        assert_eq!(page("<nav>Меню</nav><div role=dialog>Войти</div><p>Текст</p><footer>©</footer>"), "Текст");
        assert_eq!(page("<div id=CookieConsent>Мы храним cookie</div><p>Текст"), "Текст");
        assert_eq!(page("<nav>Карта сайта</nav>"), "Карта сайта");
        let recipe = format!("<div class=cookie-recipe>{}</div><p>Автор", "Печенье с изюмом. ".repeat(100));
        assert!(page(&recipe).starts_with("Печенье"));
    }
}

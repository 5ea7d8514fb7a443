//! How deep the elements of a page stand in one another, told without building them: a tree of a hundred thousand levels takes
//! its builder minutes, and whoever walks it by recursion the stack.

/// How deep elements may stand in one another.
pub(super) const MAX_DEPTH: usize = 1000;

/// Elements that have no content, and those that end by themselves where the next begins.
const NOT_COUNTED: [&str; 30] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "html", "head", "body",
    "frame",
];

const OF_TABLES: [&str; 6] = ["tr", "td", "th", "tbody", "thead", "tfoot"];

const OF_LOOKS: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements in which there are no others.
const OF_TEXT: [&str; 6] = ["script", "style", "textarea", "title", "xmp", "iframe"];

/// Whether elements stand deeper in one another than is read. An end closes all that began since its beginning.
pub(super) fn is_too_deep(html: &str) -> bool {
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let (is_end, tag) = rest.strip_prefix('/').map_or((false, rest), |tag| (true, tag));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let length = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
        let name = tag[..length].to_ascii_lowercase();
        rest = after_tag(&tag[length..]);
        if OF_TABLES.contains(&name.as_str()) {
            // A cell ends what was begun in it for the looks of its text, and never ended: so were price lists written.
            let kept = open.iter().rposition(|known| !OF_LOOKS.contains(&known.as_str())).map_or(0, |at| at + 1);
            open.truncate(kept);
        }
        if NOT_COUNTED.contains(&name.as_str()) {
            continue;
        }
        if is_end {
            if let Some(began) = open.iter().rposition(|known| *known == name) {
                open.truncate(began);
            }
        } else if OF_TEXT.contains(&name.as_str()) {
            rest = after_end(rest, &name);
        } else {
            open.push(name);
            if open.len() > MAX_DEPTH {
                return true;
            }
        }
    }
    false
}

/// What follows the end of a tag, whose values may hold its sign in quotes.
fn after_tag(tag: &str) -> &str {
    let mut quote = None;
    let mut before = '=';
    for (at, character) in tag.char_indices() {
        match quote {
            None if character == '>' => return &tag[at + 1..],
            None if matches!(character, '"' | '\'') && before == '=' => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ => {}
        }
        if !character.is_whitespace() {
            before = character;
        }
    }
    ""
}

/// What follows the end of an element of text.
fn after_end<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.as_bytes().get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return rest;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_in_one_another_is_deep() {
        let many = 3 * MAX_DEPTH;
        for (html, is_deep) in [
            ("<div>".repeat(many), true),
            ("<DIV class='>'>".repeat(many), true),
            ("<div></div>".repeat(many), false),
            ("<ul><li><b>визит</ul>".repeat(many), false),
            ("<p>a<br>".repeat(many), false),
            ("<tr><td><font color=red><b>Насос<td>5".repeat(many), false),
            ("<font color=red><b>".repeat(many), true),
            ("<!-- <div> -->".repeat(many), false),
            (format!("<script>{}</script>", "'<div>'".repeat(many)), false),
            ("a < b <3 ".repeat(many), false),
        ] {
            assert_eq!(is_too_deep(&html), is_deep, "{}", &html[..20]);
        }
    }
}

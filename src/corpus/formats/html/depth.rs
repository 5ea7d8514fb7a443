//! How deep the elements of a page stand in one another, told without building them: a tree of a hundred thousand levels takes
//! its builder minutes, and whoever walks it by recursion the stack.

/// How deep elements may stand in one another.
pub(super) const MAX_DEPTH: usize = 1000;

/// How many different elements for the looks of text may be open: each paragraph begins all of them anew.
const MAX_RENEWED: usize = 100;

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

/// An element that was begun and not ended.
struct Open<'h> {
    name: String,
    /// Whether it is begun anew in each paragraph that follows; three of the same are, and no more.
    is_renewed: bool,
    /// Its attributes, as they are written.
    attributes: &'h str,
}

/// Whether elements stand deeper in one another than is read. An end closes all that began since its beginning.
pub(super) fn is_too_deep(html: &str) -> bool {
    let mut open: Vec<Open<'_>> = Vec::new();
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
        let attributes = &tag[length..tag.len() - rest.len()];
        let is_of_looks = OF_LOOKS.contains(&name.as_str());
        if OF_TABLES.contains(&name.as_str()) {
            // A cell ends what was begun in it for the looks of its text, and never ended: so were price lists written.
            let kept = open.iter().rposition(|known| !OF_LOOKS.contains(&known.name.as_str())).map_or(0, |at| at + 1);
            open.truncate(kept);
        }
        if NOT_COUNTED.contains(&name.as_str()) {
            continue;
        }
        let began = open.iter().rposition(|known| known.name == name);
        if is_end {
            open.truncate(began.unwrap_or(open.len()));
        } else if OF_TEXT.contains(&name.as_str()) {
            rest = after_end(rest, &name);
        } else {
            // A link ends the one before.
            if let Some(before) = began.filter(|_| name == "a") {
                open.remove(before);
            }
            let same = open.iter().filter(|known| known.name == name && known.attributes == attributes).count();
            open.push(Open { name, is_renewed: is_of_looks && same < 3, attributes });
            let renewed = open.iter().filter(|known| known.is_renewed).count();
            if open.len() > MAX_DEPTH || renewed > MAX_RENEWED {
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
            ("<p><font color=red>".repeat(MAX_DEPTH - 1), false),
            ((0..200).map(|size| format!("<p><font size={size}>")).collect::<Vec<_>>().concat(), true),
            ((0..many).map(|name| format!("<a name={name}>глава")).collect::<Vec<_>>().concat(), false),
            ("<!-- <div> -->".repeat(many), false),
            (format!("<script>{}</script>", "'<div>'".repeat(many)), false),
            ("a < b <3 ".repeat(many), false),
        ] {
            assert_eq!(is_too_deep(&html), is_deep, "{}", &html[..20]);
        }
    }
}

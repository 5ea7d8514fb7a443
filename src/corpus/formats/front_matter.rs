//! What stands before the text of a Markdown file, between lines of `---` (flat YAML) or `+++` (flat TOML) → members.
//!
//! A reader of the few forms that people write there: names with a text, a number or a list. What is nested is kept as text;
//! a parser of all of YAML would be larger than all other formats.

use serde_json::{Map, Number, Value};

/// The longest front matter, in bytes; a text that is longer before its second line of dashes has none.
const MAX_BYTES: usize = 64 * 1024;

/// The members of a front matter, and the text behind it. `None` where there is none.
pub(super) fn split(text: &str) -> Option<(Map<String, Value>, &str)> {
    let text = text.trim_start_matches('\u{FEFF}');
    let (fence, sign) = if text.starts_with("---") { ("---", ':') } else { ("+++", '=') };
    let (first, rest) = text.split_once('\n')?;
    if first.trim_end() != fence {
        return None;
    }
    let mut end = 0;
    for line in rest[..rest.floor_char_boundary(MAX_BYTES)].split_inclusive('\n') {
        let is_end = line.trim_end() == fence || (sign == ':' && line.trim_end() == "...");
        if is_end {
            let members = members(&rest[..end], sign)?;
            return Some((members, &rest[end + line.len()..]));
        }
        end += line.len();
    }
    None
}

/// The members of lines; `None` where the first of them is none, for then the dashes are a rule between paragraphs.
fn members(lines: &str, sign: char) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    // The name whose list goes on in the next lines.
    let mut open: Option<String> = None;
    for line in lines.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let trimmed = line.trim();
        if let (Some(name), true) =
            (&open, trimmed.starts_with("- ") || line.starts_with([' ', '\t']) || trimmed == "]")
        {
            go_on(&mut members, name, trimmed);
            continue;
        }
        open = None;
        // A table of TOML: what follows is nested, and kept by the names alone.
        if sign == '=' && trimmed.starts_with('[') {
            continue;
        }
        let Some((name, value)) = trimmed.split_once(sign).filter(|(name, _)| is_name(name.trim())) else {
            if members.is_empty() {
                return None;
            }
            continue;
        };
        let (name, value) = (name.trim().trim_matches('"').to_owned(), value.trim());
        let is_begun = matches!(value, "" | "[" | "|" | ">" | "|-" | ">-");
        members.insert(name.clone(), if is_begun { Value::Null } else { value_of(value) });
        open = is_begun.then_some(name);
    }
    members.retain(|_, value| !value.is_null());
    Some(members)
}

fn is_name(name: &str) -> bool {
    let name = name.trim_matches('"');
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
}

/// Adds a line to what was begun before: an item of a list, or one more line of a text.
fn go_on(members: &mut Map<String, Value>, name: &str, line: &str) {
    if line == "]" {
        return;
    }
    let Some(value) = members.get_mut(name) else { return };
    let item = line.strip_prefix("- ").map(str::trim);
    // The items of a list of TOML have commas and no dashes.
    let is_item = item.is_some() || line.ends_with(',');
    let text = item.unwrap_or_else(|| line.trim_end_matches(','));
    match value {
        Value::Array(values) => values.push(value_of(text)),
        Value::Null if is_item => *value = Value::Array(vec![value_of(text)]),
        Value::Null => *value = Value::String(line.to_owned()),
        Value::String(known) => {
            known.push(' ');
            known.push_str(line);
        }
        _ => {}
    }
}

/// The value of `text`, `"text"`, `5`, `true` or `[a, "b"]`.
fn value_of(text: &str) -> Value {
    if let Some(list) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = items(list).into_iter().map(str::trim).filter(|item| !item.is_empty());
        return Value::Array(items.map(scalar).collect());
    }
    scalar(text)
}

/// The items of a list, parted by commas outside of quotes.
fn items(list: &str) -> Vec<&str> {
    let mut quote = None;
    list.split(|c: char| {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            None => return c == ',',
            Some(_) => {}
        }
        false
    })
    .collect()
}

fn scalar(text: &str) -> Value {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Value::String(if quote == '"' { inside.replace("\\\"", "\"") } else { inside.replace("''", "'") });
        }
    }
    // A comment behind a value.
    let text = text.split(" #").next().unwrap_or_default().trim_end();
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" | "~" | "" => Value::Null,
        _ => match text.parse::<i64>().ok().filter(|number| number.to_string() == text) {
            Some(number) => Value::Number(Number::from(number)),
            None => Value::String(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::split;

    #[test]
    fn flat_front_matter_is_read_in_both_forms() {
        let yaml = "---\ntitle: \"Визит: итоги\"\ndate: 2021-11-19 # Friday\ntags: [мир, 'a, b', 3]\nauthors:\n  - Анна\n  - Oleg\n\
            summary: >\n  first line\n  second\ndraft: false\nempty:\n---\nТекст";
        let (members, text) = split(yaml).expect("a front matter");
        let expected = json!({"title": "Визит: итоги", "date": "2021-11-19", "tags": ["мир", "a, b", 3], "authors": ["Анна", "Oleg"],
            "summary": "first line second", "draft": false});
        assert_eq!((serde_json::Value::Object(members), text), (expected, "Текст"));
        let toml = "+++\r\ntitle = \"Visit\"\r\ndate = 2021-11-19T10:00:00Z\r\ntags = [\r\n  \"a\",\r\n  \"б\"\r\n]\r\n[extra]\r\nx = 1\r\n+++\r\nText";
        let (members, text) = split(toml).expect("a front matter");
        let expected = json!({"title": "Visit", "date": "2021-11-19T10:00:00Z", "tags": ["a", "б"], "x": 1});
        assert_eq!((serde_json::Value::Object(members), text), (expected, "Text"));
    }

    #[test]
    fn rules_between_paragraphs_are_no_front_matter() {
        for text in [
            "---\nТекст без двоеточия\n---\nЕщё",
            "---\ntitle: x",
            "--- a\nb: c\n---\n",
            "text\n---\na: b\n---\n",
            "",
            "---",
        ] {
            assert!(split(text).is_none(), "{text}");
        }
        let (members, text) = split("---\n---\n# Визит").expect("an empty one");
        assert!(members.is_empty() && text == "# Визит");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_split_or_not(lines in proptest::collection::vec("(a|б)?[:=]? ?(\\[|\\]|- |\"|'|x|)[,я]?", 0..8)) {
            let _ = split(&format!("---\n{}\n---\n", lines.join("\n")));
            let _ = split(&format!("+++\n{}\n+++\n", lines.join("\n")));
        }
    }
}

//! The queries of a collection → all kinds of queries, each in the signs that either engine reads.

use crate::collection::Question;

/// A prefix has so many letters at least; shorter ones oba does not take.
const MIN_PREFIX_CHARS: usize = 3;

/// One query, and what it is.
pub struct Asked {
    /// `word`, `any`, `all`, `phrase`, `prefix` or `repaired`.
    pub kind: &'static str,
    pub is_russian: bool,
    /// As oba is asked.
    pub text: String,
    /// As bare tantivy is asked: without the mistake, which it would find nothing by. A prefix without its sign.
    pub plain: String,
}

/// The kinds, in the order of the table.
pub const KINDS: [&str; 6] = ["word", "any", "all", "phrase", "prefix", "repaired"];

/// The questions as they are, and those of one word as prefixes and as typed on the other keyboard layout.
pub fn kinds(questions: &[Question]) -> Vec<Asked> {
    let mut all = Vec::new();
    for question in questions {
        let kind = match question.kind.as_str() {
            "term" => "word",
            "or" => "any",
            "and" => "all",
            "phrase" => "phrase",
            // The heading of the table.
            _ => continue,
        };
        let text = &question.text;
        let mut ask = |kind, text: String, plain: &str| {
            all.push(Asked { kind, is_russian: question.is_russian, text, plain: plain.to_owned() });
        };
        ask(kind, text.clone(), text);
        if kind == "word" {
            let length = text.chars().count();
            let prefix: String = text.chars().take((length * 2).div_ceil(3).max(MIN_PREFIX_CHARS)).collect();
            if length > MIN_PREFIX_CHARS && text.chars().all(char::is_alphabetic) {
                ask("prefix", format!("{prefix}*"), &prefix);
                ask("repaired", on_the_other_layout(text), text);
            }
        }
    }
    all
}

/// The same keys on the other layout.
fn on_the_other_layout(text: &str) -> String {
    const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";
    let key = |c: char| {
        let pairs = LATIN.chars().zip(CYRILLIC.chars());
        pairs.into_iter().find_map(|(a, b)| if a == c { Some(b) } else { (b == c).then_some(a) })
    };
    text.to_lowercase().chars().map(|c| key(c).unwrap_or(c)).collect()
}

//! A filter → its words and signs.

use super::FilterError;

/// A word or a sign, and where it stands, in characters from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub at: usize,
    pub kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a value or an operator in letters.
    Word(String),
    /// A value or a name in quotes.
    Quoted(String),
    /// A bracket, a comma or a comparison.
    Sign(&'static str),
}

/// The signs, those of two characters before their beginnings.
const SIGNS: [&str; 12] = ["!=", ">=", "<=", "<>", "=", ">", "<", "(", ")", "[", "]", ","];

/// The quotes, opening and closing.
const QUOTES: [(char, char); 6] = [('"', '"'), ('\'', '\''), ('«', '»'), ('“', '”'), ('„', '“'), ('‘', '’')];

/// The tokens of a filter.
pub(super) fn lex(filter: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut rest = filter;
    let mut at = 1;
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first.is_whitespace() {
            (None, first.len_utf8())
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Some(Kind::Sign(sign)), sign.len())
        } else if let Some(&(_, close)) = QUOTES.iter().find(|(open, _)| *open == first) {
            let (text, length) = quoted(rest, first, close, at)?;
            (Some(Kind::Quoted(text)), length)
        } else {
            let is_end = |c: char| c.is_whitespace() || SIGNS.into_iter().any(|sign| sign.starts_with(c));
            let length = rest.find(is_end).unwrap_or(rest.len()).max(first.len_utf8());
            (Some(Kind::Word(rest[..length].to_owned())), length)
        };
        tokens.extend(token.map(|kind| Token { at, kind }));
        at += rest[..length].chars().count();
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// What stands in the quotes at the beginning of a text, where `\` takes a quote or itself as it is, and the bytes of all.
fn quoted(text: &str, open: char, close: char, at: usize) -> Result<(String, usize), FilterError> {
    let mut out = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((place, character)) = characters.next() {
        if character == close {
            return Ok((out, place + close.len_utf8()));
        }
        let escaped = if character == '\\' { characters.clone().next() } else { None };
        match escaped.filter(|&(_, next)| next == close || next == open || next == '\\') {
            Some((_, next)) => {
                out.push(next);
                characters.next();
            }
            None => out.push(character),
        }
    }
    Err(FilterError { at, message: format!("the quote {open} is not closed") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotes_and_signs_are_told_apart() {
        let tokens = lex("источник!=«Газета \\» Ru» AND(год>=2021)").expect("it is read");
        let word = |text: &str| Kind::Word(text.to_owned());
        let expected = [
            (1, word("источник")),
            (9, Kind::Sign("!=")),
            (11, Kind::Quoted("Газета » Ru".to_owned())),
            (26, word("AND")),
            (29, Kind::Sign("(")),
            (30, word("год")),
            (33, Kind::Sign(">=")),
            (35, word("2021")),
            (39, Kind::Sign(")")),
        ];
        assert_eq!(tokens, expected.map(|(at, kind)| Token { at, kind }));
        assert_eq!(lex("topic = \"sport").expect_err("it is refused").at, 9);
    }
}

//! The table of a font that tells the letters of its codes (`ToUnicode`).
//!
//! The library has a reader of such tables, which refuses one for a missing name or line break; with the table all text of its font
//! would be refused. Here is read what a table needs: which code, or which range of codes, is which letters.

use std::collections::HashMap;

/// A table says that a range of codes has letters one after another, of which there are so many at most.
const MAX_RANGE: u32 = 0xFFFF;

/// The letters of codes.
pub(super) fn read(table: &[u8]) -> HashMap<u16, String> {
    let mut letters = HashMap::new();
    let mut waiting: Vec<Token<'_>> = Vec::new();
    for token in (Tokens { rest: table }) {
        match token {
            Token::Word(b"endbfchar") => {
                for pair in waiting.chunks_exact(2) {
                    if let [Token::Hex(code), Token::Hex(text)] = pair {
                        letters.extend(number(code).zip(text_of(text, 0)));
                    }
                }
                waiting.clear();
            }
            Token::Word(b"endbfrange") => ranges(&waiting, &mut letters),
            Token::Word(word) if word.starts_with(b"begin") => waiting.clear(),
            Token::Word(_) => {}
            token => waiting.push(token),
        }
    }
    letters
}

/// Ranges: two codes, and the letters of the first, or a list of the letters of each.
fn ranges(tokens: &[Token<'_>], letters: &mut HashMap<u16, String>) {
    let mut tokens = tokens.iter();
    while let (Some(Token::Hex(first)), Some(Token::Hex(last)), Some(third)) =
        (tokens.next(), tokens.next(), tokens.next())
    {
        let (Some(first), Some(last)) = (number(first), number(last)) else { continue };
        if let Token::Hex(text) = third {
            for code in first..=last {
                letters.extend(text_of(text, u32::from(code - first)).map(|text| (code, text)));
            }
            continue;
        }
        let mut code = Some(first);
        for token in tokens.by_ref().take_while(|token| !matches!(token, Token::Close)) {
            if let (Some(known), Token::Hex(text)) = (code, token) {
                letters.extend(text_of(text, 0).map(|text| (known, text)));
                code = known.checked_add(1).filter(|&code| code <= last);
            }
        }
    }
}

/// A code in hexadecimal digits; codes of more than two bytes are not used in fonts.
fn number(digits: &[u8]) -> Option<u16> {
    let digits: String = hexadecimal(digits).collect();
    u16::from_str_radix(&digits, 16).ok()
}

/// Letters in hexadecimal digits of UTF-16, the last one moved on so far. Zero stands for "unknown" with some writers.
fn text_of(digits: &[u8], moved: u32) -> Option<String> {
    let digits: Vec<char> = hexadecimal(digits).collect();
    let units: Option<Vec<u16>> =
        digits.chunks(4).map(|unit| u16::from_str_radix(&unit.iter().collect::<String>(), 16).ok()).collect();
    let mut units = units?;
    if moved > 0 {
        let last = units.last_mut()?;
        *last = u16::try_from((u32::from(*last) + moved).min(MAX_RANGE)).ok()?;
    }
    units.iter().any(|&unit| unit != 0).then(|| String::from_utf16_lossy(&units))
}

fn hexadecimal(digits: &[u8]) -> impl Iterator<Item = char> + '_ {
    digits.iter().filter(|digit| digit.is_ascii_hexdigit()).map(|&digit| char::from(digit))
}

#[derive(Debug, Clone, Copy)]
enum Token<'t> {
    /// Digits between < and >.
    Hex(&'t [u8]),
    Open,
    Close,
    Word(&'t [u8]),
}

struct Tokens<'t> {
    rest: &'t [u8],
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let start = self.rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = &self.rest[start..];
        let until = |is_end: &dyn Fn(u8) -> bool| {
            rest.iter().skip(1).position(|&byte| is_end(byte)).map_or(rest.len(), |at| at + 1)
        };
        let (token, length) = match rest[0] {
            b'[' => (Token::Open, 1),
            b']' => (Token::Close, 1),
            // A dictionary, which has nothing to tell here.
            b'<' if rest.get(1) == Some(&b'<') => (Token::Word(b"<<"), 2),
            b'<' => {
                let end = until(&|byte| byte == b'>');
                (Token::Hex(&rest[1..end]), (end + 1).min(rest.len()))
            }
            b'%' => (Token::Word(b"%"), until(&|byte| matches!(byte, b'\r' | b'\n'))),
            _ => {
                let end = until(&|byte| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'[' | b']'));
                (Token::Word(&rest[..end]), end)
            }
        };
        self.rest = &rest[length..];
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_ranges_have_letters() {
        let table = b"/CIDInit /ProcSet findresource begin << /Registry (Adobe) >> def % 1 beginbfchar <01> <0041> endbfchar\n\
            1 begincodespacerange<0000><FFFF>endcodespacerange 2 beginbfchar <0001><0412>\n<2> <00660069> endbfchar\n\
            2 beginbfrange <0003> <0005> <0430> <0006> <0007> [<0058> <D83DDE00>]endbfrange 1 beginbfchar <09> <0000> endbfchar";
        let letters = read(table);
        let text: String = (1..8).map(|code| letters.get(&code).map_or("?", String::as_str)).collect();
        assert_eq!(text, "ВfiабвX😀");
        assert_eq!(letters.len(), 7);
    }

    #[test]
    fn a_damaged_table_tells_what_it_can() {
        for table in [
            &b"beginbfrange <00"[..],
            b"beginbfrange <0000> <FFFF> [<41> endbfrange",
            b"<<<>>>[[",
            b"<0> <1> endbfchar endbfrange",
        ] {
            assert!(read(table).len() < 3);
        }
        assert_eq!(read(b"beginbfrange <0000> <FFFF> <FFFF> endbfrange").len(), 0x1_0000);
    }
}

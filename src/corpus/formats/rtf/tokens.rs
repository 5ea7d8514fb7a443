//! Bytes of RTF → its marks, words and letters.

/// A piece of RTF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'b> {
    /// A group begins.
    Open,
    /// A group ends.
    Close,
    /// Who does not know the next word leaves out its group.
    Optional,
    /// A letter, or a part of one, in some code page.
    Byte(u8),
    /// A letter.
    Character(char),
    /// A word, and the number behind it.
    Word(&'b str, Option<i32>),
}

/// The pieces of a file, one after another.
pub(super) struct Tokens<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Tokens<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes follow that are such, so many at most.
    fn run(&self, from: usize, most: usize, is_such: impl Fn(&u8) -> bool) -> usize {
        self.bytes.get(from..).unwrap_or_default().iter().take(most).take_while(|byte| is_such(byte)).count()
    }

    /// The text of some bytes, which were seen to be ASCII.
    fn text(&self, from: usize, to: usize) -> &'b str {
        self.bytes.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// What stands behind a backslash; none where it means nothing.
    fn escaped(&mut self) -> Option<Token<'b>> {
        let first = *self.bytes.get(self.at)?;
        if first.is_ascii_alphabetic() {
            return self.word();
        }
        self.at += 1;
        match first {
            b'\'' => {
                let byte = u8::from_str_radix(self.text(self.at, self.at + 2), 16).ok()?;
                self.at += 2;
                Some(Token::Byte(byte))
            }
            b'*' => Some(Token::Optional),
            b'~' => Some(Token::Character(' ')),
            b'_' => Some(Token::Character('-')),
            b'\r' | b'\n' => Some(Token::Word("par", None)),
            b'\\' | b'{' | b'}' => Some(Token::Byte(first)),
            // A place where a word may be broken, and marks of indexes.
            _ => None,
        }
    }

    fn word(&mut self) -> Option<Token<'b>> {
        let end = self.at + self.run(self.at, 32, u8::is_ascii_alphabetic);
        let word = self.text(self.at, end);
        let sign = usize::from(self.bytes.get(end) == Some(&b'-'));
        let digits = self.run(end + sign, 10, u8::is_ascii_digit);
        let number = if digits > 0 { self.text(end, end + sign + digits).parse().ok() } else { None };
        self.at = if digits > 0 { end + sign + digits } else { end };
        self.at += usize::from(self.bytes.get(self.at) == Some(&b' '));
        if word == "bin" {
            // Bytes of a picture, as many as the number says.
            self.at = self.at.saturating_add(usize::try_from(number.unwrap_or(0)).unwrap_or(0));
            return None;
        }
        Some(Token::Word(word, number))
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'{' => return Some(Token::Open),
                b'}' => return Some(Token::Close),
                b'\r' | b'\n' | 0 => {}
                b'\\' => {
                    if let Some(token) = self.escaped() {
                        return Some(token);
                    }
                }
                byte => return Some(Token::Byte(byte)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_words_and_letters_are_told_apart() {
        let tokens: Vec<Token<'_>> = Tokens::of(b"{\\*\\b0 a\\'cf\\u-10 ?\\bin3 {{{\\~\r\n}").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Optional,
                Token::Word("b", Some(0)),
                Token::Byte(b'a'),
                Token::Byte(0xCF),
                Token::Word("u", Some(-10)),
                Token::Byte(b'?'),
                Token::Character(' '),
                Token::Close,
            ]
        );
    }

    #[test]
    fn an_end_within_a_piece_is_an_end() {
        for bytes in [&b"\\"[..], b"\\'", b"\\'c", b"\\b-", b"\\bin9999999999 x"] {
            assert!(Tokens::of(bytes).count() <= 2);
        }
    }
}

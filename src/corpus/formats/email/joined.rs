//! Encoded words of a header that were cut within a character → one word: `=?utf-8?B?0?= =?utf-8?B?J8=?=`. The standard forbids
//! it, and many programs that sent Russian did it.

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::decoders::base64::base64_decode;

/// A word of a header that is encoded.
struct Word<'h> {
    /// `utf-8?B?`, in lower case.
    kind: String,
    content: &'h str,
}

/// Headers in which neighbouring words of one encoding are one.
pub(super) fn joined(headers: &str) -> String {
    let mut out = String::with_capacity(headers.len());
    // The words that are not written yet.
    let mut waiting: Vec<Word<'_>> = Vec::new();
    let mut rest = headers;
    while let Some(at) = rest.find("=?") {
        let Some((word, length)) = word_at(&rest[at..]) else {
            flush(&mut waiting, &mut out);
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        let is_next = rest[..at].trim().is_empty() && waiting.first().is_some_and(|first| first.kind == word.kind);
        if !is_next {
            flush(&mut waiting, &mut out);
            out.push_str(&rest[..at]);
        }
        waiting.push(word);
        rest = &rest[at + length..];
    }
    flush(&mut waiting, &mut out);
    out.push_str(rest);
    out
}

/// The encoded word at the beginning of a text, and its length in bytes.
fn word_at(text: &str) -> Option<(Word<'_>, usize)> {
    let inside = text.strip_prefix("=?")?;
    let (charset, rest) = inside.split_once('?')?;
    let (way, rest) = rest.split_once('?')?;
    let (content, _) = rest.split_once("?=")?;
    let is_word = matches!(way, "B" | "b" | "Q" | "q") && !content.contains(char::is_whitespace);
    let is_charset = !charset.is_empty() && charset.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:*".contains(c));
    let length = 2 + charset.len() + 1 + way.len() + 1 + content.len() + 2;
    let kind = format!("{charset}?{way}?").to_ascii_lowercase();
    (is_word && is_charset).then_some((Word { kind, content }, length))
}

fn flush(words: &mut Vec<Word<'_>>, out: &mut String) {
    let Some(kind) = words.first().map(|first| first.kind.clone()) else { return };
    let one = match words.as_slice() {
        [word] => Some(word.content.to_owned()),
        words if kind.ends_with("b?") => {
            let bytes: Option<Vec<Vec<u8>>> = words.iter().map(|word| base64_decode(word.content.as_bytes())).collect();
            bytes.map(|bytes| STANDARD.encode(bytes.concat()))
        }
        words => Some(words.iter().map(|word| word.content).collect()),
    };
    // What cannot be joined stays as it was.
    let contents = one.map_or_else(|| words.iter().map(|word| word.content.to_owned()).collect(), |one| vec![one]);
    let written: Vec<String> = contents.iter().map(|content| format!("=?{kind}{content}?=")).collect();
    out.push_str(&written.join(" "));
    words.clear();
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn neighbours_of_one_encoding_are_one() {
        assert_eq!(joined("Subject: =?UTF-8?B?0JI=?=\r\n =?utf-8?b?0Lg=?= x"), "Subject: =?utf-8?b?0JLQuA==?= x");
        assert_eq!(joined("a: =?koi8-r?Q?=F7?= =?koi8-r?Q?=C9?=\nb: c"), "a: =?koi8-r?q?=F7=C9?=\nb: c");
        for header in ["a: =? b", "a: =?x y?q?z?=", "Subject: visit, визит", "", "=?", "=?utf-8?q?a?= to =?utf-8?q?b?="]
        {
            assert_eq!(joined(header), header);
        }
    }
}

//! A mailbox in one file → its messages, one after the other; in memory is one at a time.

use std::io::{BufRead, BufReader, Read};

use crate::corpus::{
    Format, ReadError,
    formats::email,
    read::{Place, Reader},
};

/// How many bytes are read at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Reads the messages of a mailbox, numbered from 1.
pub(in crate::corpus) fn read(reader: &mut Reader<'_>, place: &Place, input: &mut dyn Read) -> Result<(), ReadError> {
    let mut messages =
        Messages::new(BufReader::with_capacity(BUFFER_BYTES, input), reader.options.limits.document_bytes);
    let mut number = 0_u64;
    while let Some(message) = messages.next_message()? {
        number += 1;
        reader.count_entry()?;
        let place = place.piece(&number);
        match message {
            Ok(bytes) => email::read(reader, &place, &bytes),
            Err(error) => reader.refuse(&place, Format::Email, error),
        }
    }
    Ok(())
}

/// The messages of a stream.
struct Messages<R> {
    input: R,
    /// The most bytes of one message.
    limit: u64,
    /// Whether a message begins here, its separator read.
    has_begun: bool,
}

impl<R: BufRead> Messages<R> {
    fn new(input: R, limit: u64) -> Self {
        Self { input, limit, has_begun: false }
    }

    /// The bytes of the next message without the line before it; `None` at the end.
    ///
    /// # Errors
    /// Where the stream cannot be read.
    fn next_message(&mut self) -> Result<Option<Result<Vec<u8>, ReadError>>, ReadError> {
        let (mut message, mut length) = (Vec::new(), 0_u64);
        let mut line = Vec::new();
        let (mut is_line_start, mut is_after_blank) = (true, true);
        loop {
            line.clear();
            // Of a line longer than a buffer, pieces.
            let read = (&mut self.input).take(BUFFER_BYTES as u64).read_until(b'\n', &mut line)?;
            let is_blank = line.trim_ascii().is_empty();
            if read == 0 || (is_line_start && is_after_blank && is_separator(&line)) {
                let had_begun = std::mem::replace(&mut self.has_begun, read > 0);
                let has_message = had_begun || length > 0;
                if has_message {
                    let too_large = length > self.limit;
                    let error = || ReadError::TooLarge { bytes: length, limit: self.limit };
                    return Ok(Some(if too_large { Err(error()) } else { Ok(message) }));
                }
                if read == 0 {
                    return Ok(None);
                }
                continue;
            }
            // Blank lines before the first message are none of it.
            if is_blank && !self.has_begun && length == 0 {
                continue;
            }
            length += read as u64;
            if length <= self.limit {
                message.extend_from_slice(if is_line_start { unquoted(&line) } else { &line });
            } else {
                message = Vec::new();
            }
            is_after_blank = is_line_start && is_blank;
            is_line_start = line.ends_with(b"\n");
        }
    }
}

/// Whether a line stands before a message: `From name@example.org Fri Nov 19 10:00:00 2021`. What somebody wrote after an empty
/// line and forgot to quote («From here on …») has neither an address nor a time.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let sender = rest.split(|&byte| byte == b' ').next().unwrap_or_default();
    let has_time = rest
        .windows(5)
        .any(|window| window[2] == b':' && [0, 1, 3, 4].iter().all(|&at: &usize| window[at].is_ascii_digit()));
    sender.contains(&b'@') || has_time
}

/// A line without the mark that kept it from being a separator: `From` of `>From`.
fn unquoted(line: &[u8]) -> &[u8] {
    let bare = line.trim_ascii_start();
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    if marks > 0 && bare[marks..].starts_with(b"From ") { &line[1..] } else { line }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn messages(input: &[u8], limit: u64) -> Vec<Result<String, String>> {
        let mut messages = Messages::new(BufReader::with_capacity(16, input), limit);
        let mut found = Vec::new();
        while let Some(message) = messages.next_message().expect("readable") {
            let message = message.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            found.push(message.map_err(|error| error.to_string()));
        }
        found
    }

    #[test]
    fn a_mailbox_is_split_at_its_separators() {
        let mailbox = "\nFrom a@b.c Mon Jan 1 10:00:00 2021\nSubject: один\n\nТекст\n>From Tashkent\n>>From\n>>From x\n\n\
            From here on it is text.\n\nFrom - Tue Jan 2 11:00:00 2021\r\nSubject: two\r\n\r\nFrom Tashkent in a line\r\n";
        let found = messages(mailbox.as_bytes(), 1000);
        assert_eq!(found.len(), 2, "{found:?}");
        let first = "Subject: один\n\nТекст\nFrom Tashkent\n>>From\n>From x\n\nFrom here on it is text.\n\n";
        assert_eq!(found[0].as_deref(), Ok(first));
        assert_eq!(messages(b"", 10), []);
        assert_eq!(messages(b"From a@b.c\n", 10), [Ok(String::new())]);
    }

    #[test]
    fn a_message_too_large_is_passed_over() {
        let long =
            format!("From a@b.c\nSubject: x\n\n{}\n\nFrom b@c.d\nSubject: y\n\nvisit\n", "слово ".repeat(50_000));
        let found = messages(long.as_bytes(), 100);
        assert_eq!(found.len(), 2);
        assert!(found[0].as_ref().is_err_and(|error| error.contains("more than the 100")));
        assert_eq!(found[1].as_deref(), Ok("Subject: y\n\nvisit\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_is_lost_of_any_bytes(lines in proptest::collection::vec("(From a@b.c|>From |x|визит|)", 0..12)) {
            let text = lines.join("\n");
            let kept: usize = messages(text.as_bytes(), 10_000).iter().map(|m| m.as_ref().map_or(0, |m| m.matches("визит").count())).sum();
            prop_assert_eq!(kept, text.matches("визит").count());
        }
    }
}

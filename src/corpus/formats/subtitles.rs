//! Subtitles (`SubRip`, `WebVTT`) → what is said, without numbers, times and tags.

use crate::{
    corpus::{Document, clues},
    text::words,
};

/// How many seconds of silence part two paragraphs.
const SILENCE_SECONDS: f64 = 4.0;

/// The document that subtitles are: the lines of a cue, which break where the picture ends, are one line.
pub(in crate::corpus) fn read(subtitles: &str) -> Document {
    let mut text = String::new();
    // Before the first cue stand the header of WebVTT and its notes.
    let mut is_said = false;
    let mut cue = String::new();
    let (mut ended, mut is_after_silence) = (None, false);
    let lines: Vec<&str> = subtitles.lines().map(str::trim).collect();
    for (at, line) in lines.iter().enumerate() {
        if let Some((begins, ends)) = times(line) {
            flush(&mut cue, &mut text, is_after_silence);
            is_after_silence = ended.is_some_and(|ended| begins - ended >= SILENCE_SECONDS);
            (ended, is_said) = (Some(ends), true);
        } else if line.is_empty() {
            // An empty line within a cue ends it; what follows is a number or a name, up to the next times.
            is_said = is_said && !leads_to_times(&lines[at + 1..]) && !is_note(lines.get(at + 1));
        } else if is_said {
            let is_number = line.bytes().all(|byte| byte.is_ascii_digit())
                && lines.get(at + 1).is_some_and(|next| times(next).is_some());
            if !is_number {
                say(line, &mut cue);
            }
        }
    }
    flush(&mut cue, &mut text, is_after_silence);
    let title = clues::title(&text);
    Document { title, text, ..Document::default() }
}

/// Whether the next lines are a number or a name, and times.
fn leads_to_times(lines: &[&str]) -> bool {
    let mut lines = lines.iter().skip_while(|line| line.is_empty());
    lines.next().is_some_and(|line| times(line).is_some()) || lines.next().is_some_and(|line| times(line).is_some())
}

fn is_note(line: Option<&&str>) -> bool {
    line.is_some_and(|line| ["NOTE", "STYLE", "REGION"].iter().any(|name| line.starts_with(name)))
}

/// The seconds of `00:01:02,500 --> 00:01:04,000` and of `01:02.500 --> 01:04.000 align:start`.
fn times(line: &str) -> Option<(f64, f64)> {
    let (begins, ends) = line.split_once("-->")?;
    Some((seconds(begins.trim())?, seconds(ends.split_whitespace().next()?)?))
}

fn seconds(time: &str) -> Option<f64> {
    let mut sum = 0.0;
    for part in time.split(':') {
        let part: f64 = part.replace(',', ".").parse().ok()?;
        sum = sum * 60.0 + part;
    }
    Some(sum)
}

/// Adds a line of a cue without its tags: `<i>`, `<v Anna>`, `{\\an8}`.
fn say(line: &str, cue: &mut String) {
    let mut bare = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        bare.push_str(before);
        let is_curly = tag.starts_with('{');
        let is_tag = if is_curly {
            tag.starts_with("{\\")
        } else {
            tag[1..].starts_with(|c: char| c.is_alphanumeric() || c == '/')
        };
        // A sign that begins no tag is text.
        let end = tag.find(if is_curly { '}' } else { '>' }).filter(|_| is_tag);
        bare.push_str(if end.is_some() { "" } else { &tag[..1] });
        rest = &tag[end.map_or(1, |end| end + 1)..];
    }
    bare.push_str(rest);
    for (entity, sign) in [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
        bare = bare.replace(entity, sign);
    }
    if words(&bare).next().is_some() {
        cue.push_str(if cue.is_empty() { "" } else { " " });
        cue.push_str(bare.trim());
    }
}

/// Adds a cue to the text; one that is said twice, as subtitles that roll say it, once.
fn flush(cue: &mut String, text: &mut String, is_after_silence: bool) {
    let cue = std::mem::take(cue);
    if cue.is_empty() || text.lines().next_back() == Some(cue.as_str()) {
        return;
    }
    if !text.is_empty() {
        text.push_str(if is_after_silence { "\n\n" } else { "\n" });
    }
    text.push_str(&cue);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read;

    fn text(subtitles: &str) -> String {
        read(subtitles).text
    }

    #[test]
    fn subrip_is_read_in_both_languages() {
        let srt = "1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>Добро пожаловать</i>\r\nв Ташкент.\r\n\r\n2\r\n00:00:03,500 --> \
            00:00:05,000\r\n{\\an8}Welcome, 5 < 7 {sic}\r\n\r\n3\r\n00:00:15,000 --> 00:00:16,000\r\n1992\r\n";
        assert_eq!(text(srt), "Добро пожаловать в Ташкент.\nWelcome, 5 < 7 {sic}\n\n1992");
    }

    #[test]
    fn web_subtitles_are_read_without_header_notes_and_names() {
        let vtt = "WEBVTT Kind: captions\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 align:start\n\
            <v Anna>Привет &amp; hello\n\nNOTE ещё одна\n\n00:02.000 --> 00:03.000\nThe visit\n\n00:03.000 --> 00:04.000\nThe visit\n";
        assert_eq!(text(vtt), "Привет & hello\nThe visit");
    }

    #[test]
    fn what_is_no_subtitles_has_no_text() {
        assert_eq!(text(""), "");
        assert_eq!(text("WEBVTT\n\nslide --> nowhere"), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_read(lines in proptest::collection::vec("(00:0[0-9]:01,000 --> 00:00:02|[0-9]|<[a-zя]?|\\{.?|визит<b>|)", 0..20)) {
            let _ = text(&lines.join("\n"));
        }
    }
}

//! Answers → text for a terminal or a pipe.

use std::io::{self, IsTerminal, Write};

use oba::{
    analysis::Token,
    language::Passage,
    search::{Answer, Hit, Repairs, Stats},
    snippet::Fragment,
    text::head,
};

/// How much of a passage is shown, in characters.
const SHOWN_CHARS: usize = 60;

/// How marks and titles are set off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    mark: &'static str,
    title: &'static str,
    quiet: &'static str,
    reset: &'static str,
}

impl Style {
    /// Colours on a terminal that wants them, none elsewhere. `NO_COLOR` is honoured (<https://no-color.org>).
    pub(super) fn of_stdout() -> Self {
        let is_wanted = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        if is_wanted {
            Self { mark: "\x1b[1;33m", title: "\x1b[1m", quiet: "\x1b[2m", reset: "\x1b[0m" }
        } else {
            Self { mark: "", title: "", quiet: "", reset: "" }
        }
    }

    fn draw(self, fragment: &Fragment, out: &mut String) {
        for part in fragment.parts() {
            let text = one_line(part.text);
            match part.route {
                Some(_) => out.extend([self.mark, &text, self.reset]),
                None => out.push_str(&text),
            }
        }
    }
}

/// A text with each run of white space as one space, and without the control characters by which a document could play
/// with the terminal.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            c if c.is_whitespace() && out.ends_with(' ') => {}
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// The hits of an answer, numbered, and what was counted of them.
pub(super) fn answer(out: &mut impl Write, answer: &Answer, style: Style) -> io::Result<()> {
    hits(out, answer.offset + 1, &answer.hits, style)?;
    for (facet, values) in answer.facets.iter() {
        let values: Vec<String> = values.iter().map(|(value, count)| format!("{} {count}", one_line(value))).collect();
        writeln!(out, "{}{facet}{}: {}", style.quiet, style.reset, values.join(", "))?;
    }
    Ok(())
}

/// Some hits, numbered from `first`.
pub(super) fn hits(out: &mut impl Write, first: usize, hits: &[Hit], style: Style) -> io::Result<()> {
    for (number, found) in (first..).zip(hits) {
        hit(out, number, found, style)?;
    }
    Ok(())
}

/// What was repaired of a query, in sentences.
pub(super) fn repairs(repairs: &Repairs) -> impl Iterator<Item = String> {
    let searched =
        repairs.searched_query.iter().map(|query| format!("Showing results for: {query} (--repair off: as typed)"));
    searched.chain(repairs.suggested_query.iter().map(|query| format!("Did you mean: {query}")))
}

fn hit(out: &mut impl Write, number: usize, hit: &Hit, style: Style) -> io::Result<()> {
    let title = if hit.title.is_empty() { one_line(&hit.id) } else { one_line(&hit.title) };
    writeln!(out, "{number}. {}{title}{}", style.title, style.reset)?;
    let about = [Some(hit.language.as_str()), hit.date.as_deref(), hit.source.as_deref(), Some(&hit.id)];
    let about: Vec<_> = about.into_iter().flatten().map(one_line).collect();
    writeln!(out, "   {}{}{}", style.quiet, about.join(" · "), style.reset)?;
    if hit.copies > 0 {
        let more = hit.copies.saturating_sub(hit.other_paths.len() as u64);
        let others: Vec<_> = hit.other_paths.iter().map(|path| one_line(path)).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "   {}also {}{more}{}", style.quiet, others.join(" · "), style.reset)?;
    }
    if let Some(more) = hit.group_size.and_then(|size| size.checked_sub(1)).filter(|&more| more > 0) {
        writeln!(out, "   {}and {more} more like it (without --collapse: each){}", style.quiet, style.reset)?;
    }
    let mut snippet = String::new();
    Fragment::joined(hit.snippet.passages(), &mut snippet, |fragment, out| style.draw(fragment, out));
    if !snippet.is_empty() {
        writeln!(out, "   {snippet}")?;
    }
    if let Some(parts) = &hit.explanation {
        writeln!(out, "   {}score {:.4}{}", style.quiet, hit.score, style.reset)?;
        for part in parts {
            writeln!(out, "   {}{:>9.4}  {}{}", style.quiet, part.score, one_line(&part.says), style.reset)?;
        }
    }
    writeln!(out)
}

/// The tokens of a text, one a line.
pub(super) fn tokens<'t>(out: &mut impl Write, tokens: impl Iterator<Item = Token<'t>>) -> io::Result<()> {
    for token in tokens {
        let span = format!("{}..{}", token.word.span.start, token.word.span.end);
        let reading = &token.reading;
        let stop = if reading.is_stop_word { "  stop word" } else { "" };
        let terms = reading.terms.join(", ");
        writeln!(out, "{span:>12}  {:<9} {} → {terms}{stop}", reading.alphabet.name(), token.word.text)?;
    }
    Ok(())
}

/// The passages of a text, one a line, each with its share of the letters and its beginning.
pub(super) fn passages(out: &mut impl Write, passages: &[Passage], text: &str) -> io::Result<()> {
    let letters = passages.iter().map(|passage| passage.letters).sum::<usize>().max(1);
    for passage in passages {
        let span = format!("{}..{}", passage.span.start, passage.span.end);
        // Rounded, for people.
        let percent = (passage.letters * 100 + letters / 2) / letters;
        let shown = one_line(passage.span.of(text));
        let beginning = head(&shown, SHOWN_CHARS);
        let more = if beginning.len() < shown.len() { " …" } else { "" };
        writeln!(out, "{span:>12}  {:<9} {percent:>3} % {beginning}{more}", passage.label.code())?;
    }
    Ok(())
}

/// The figures of an index.
pub(super) fn stats(out: &mut impl Write, stats: &Stats) -> io::Result<()> {
    let manifest = &stats.manifest;
    writeln!(out, "documents  {}", stats.documents)?;
    for (label, count) in &manifest.languages {
        writeln!(out, "  {label:<8} {count}")?;
    }
    writeln!(out, "segments   {}", stats.segments)?;
    writeln!(out, "on disk    {}", indicatif::HumanBytes(stats.disk_bytes))?;
    writeln!(out, "created    {}", manifest.created)?;
    writeln!(out, "updated    {}", manifest.updated)?;
    writeln!(out, "format     {}", manifest.format)?;
    writeln!(out, "analysis   {}", manifest.analysis)
}

#[cfg(test)]
mod tests {
    #[test]
    fn documents_cannot_play_with_the_terminal() {
        assert_eq!(super::one_line("визит\r\n\n в\u{1b}[31m"), "визит в\u{FFFD}[31m");
    }
}

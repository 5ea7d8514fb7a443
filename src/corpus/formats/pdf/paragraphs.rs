//! Lines of pages → paragraphs, as a reader sees them: lines are joined, words that were broken too, and what stands at the head
//! or foot of every page is left out.

use std::collections::{HashMap, HashSet};

use super::lines::Line;

/// On so many pages a line has to stand first or last to be no text of them, with so many letters (in bytes).
const MIN_REPEATED: usize = 2;
const MIN_LETTERS_REPEATED: usize = 4;

/// So many pages a text has to have, for numbers alone to be those of its pages.
const MIN_NUMBERED: usize = 3;

/// What stands at the end of a line for a word that goes on: the last one is never anything else.
const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{AD}'];

/// A word of which more stands at the end of a line, in bytes, is none.
const MAX_HALF_BYTES: usize = 200;

/// The text of all pages.
pub(super) fn of(mut pages: Vec<Vec<Line>>) -> String {
    leave_out_fixtures(&mut pages);
    let whole = whole_compounds(&pages);
    let mut text = String::new();
    let mut last: Option<(&Line, Measure)> = None;
    for lines in &pages {
        let leading = median(lines.windows(2).map(|pair| pair[0].y - pair[1].y).filter(|&drop| drop > 0.0));
        for (number, line) in lines.iter().enumerate() {
            if let Some((before, measure)) = &last {
                let place = Place { is_first: number == 0, next: lines.get(number + 1) };
                match gap(before, line, measure, &place) {
                    Gap::Space => join(&mut text, &line.text, &whole),
                    Gap::Line => text.push('\n'),
                    Gap::Paragraph => text.push_str("\n\n"),
                }
            }
            text.push_str(&line.text);
            last = Some((line, Measure::of(lines, number, leading)));
        }
    }
    text
}

/// The title that a first page shows by the size of its letters.
pub(super) fn heading(lines: &[Line]) -> Option<String> {
    let usual = median(lines.iter().map(|line| line.size));
    let largest = lines.iter().map(|line| line.size).fold(0.0, f32::max);
    if lines.len() < 3 || largest < 1.15 * usual {
        return None;
    }
    let is_large = |line: &&Line| line.size > 0.95 * largest;
    let title: Vec<&str> = lines
        .iter()
        .skip_while(|line| !is_large(line))
        .take_while(is_large)
        .take(4)
        .map(|line| line.text.as_str())
        .collect();
    Some(title.join(" "))
}

/// What stands between two lines.
#[derive(Debug, PartialEq, Eq)]
enum Gap {
    Space,
    Line,
    Paragraph,
}

/// Where a line stands on its page.
struct Place<'l> {
    is_first: bool,
    next: Option<&'l Line>,
}

/// How the lines around a line are set.
struct Measure {
    /// From one line to the next.
    leading: f32,
    left: f32,
    right: f32,
}

impl Measure {
    /// The measure of the column that a line stands in: of the lines near it that begin near where it does.
    fn of(lines: &[Line], number: usize, leading: f32) -> Self {
        const NEAR_LINES: usize = 40;
        const NEAR_SIZES: f32 = 4.0;
        let line = &lines[number];
        let around = &lines[number.saturating_sub(NEAR_LINES)..(number + NEAR_LINES).min(lines.len())];
        let column = around.iter().filter(|other| (other.x - line.x).abs() <= NEAR_SIZES * line.size);
        let (left, right) =
            column.fold((line.x, line.end), |(left, right), other| (left.min(other.x), right.max(other.end)));
        Self { leading, left, right }
    }
}

fn gap(before: &Line, line: &Line, measure: &Measure, place: &Place<'_>) -> Gap {
    let size = before.size.max(line.size);
    // A narrow column that is filled has gaps as wide as those of a table; a broken word tells it from one.
    if ends_broken(&before.text) && line.text.starts_with(char::is_lowercase) {
        return Gap::Space;
    }
    if before.text.contains('\t') || line.text.contains('\t') {
        return Gap::Line;
    }
    if before.size > 1.12 * line.size || line.size > 1.12 * before.size {
        return Gap::Paragraph;
    }
    if begins_item(&line.text) {
        return if begins_item(&before.text) { Gap::Line } else { Gap::Paragraph };
    }
    if begins_numbered(&before.text) && begins_numbered(&line.text) {
        return Gap::Line;
    }
    let ends = ends_sentence(&before.text);
    let drop = before.y - line.y;
    let width = (measure.right - measure.left).max(1.0);
    let is_short = before.end < measure.right - 0.15 * width;
    // A new page or a new column.
    if place.is_first || drop < 0.0 {
        return if ends || (is_short && !ends_broken(&before.text)) { Gap::Paragraph } else { Gap::Space };
    }
    // The lines of an item of a list stand further right than its first.
    let is_alone = place.next.is_none_or(|next| next.x < line.x - 0.3 * size);
    let is_indented = line.x > before.x + 0.7 * size && (ends || is_alone) && !begins_item(&before.text);
    if drop > 2.6 * size || (drop > 1.3 * measure.leading && drop > 1.1 * size) || is_indented || (is_short && ends) {
        return Gap::Paragraph;
    }
    // Verse, addresses and lists end their lines where they like.
    if before.end < measure.right - 0.45 * width && !ends_broken(&before.text) {
        return Gap::Line;
    }
    Gap::Space
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['»', '”', '"', ')', '’']).ends_with(['.', '!', '?', '…', ':', ';'])
}

/// Whether a line begins an item of a list, or a speech of a dialogue.
fn begins_item(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next().unwrap_or(' ');
    let is_mark = matches!(first, '•' | '▪' | '■' | '●' | '○' | '◦' | '–' | '—' | '·' | '\u{F0B7}' | '\u{F0A7}');
    is_mark && letters.next().is_some_and(char::is_whitespace)
}

/// Whether a line begins as an item of a numbered list does: `12. Визит`, `3) Visit`.
fn begins_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=3).contains(&(text.len() - rest.len()))
        && rest.starts_with(['.', ')'])
        && rest[1..].starts_with(char::is_whitespace)
}

/// Whether a line ends within a word.
fn ends_broken(text: &str) -> bool {
    let before = text.trim_end_matches(HYPHENS);
    before.len() < text.len() && before.ends_with(char::is_alphabetic)
}

/// Joins a line to the text before it.
fn join(text: &mut String, line: &str, whole: &HashSet<String>) {
    if !ends_broken(text) {
        text.push(' ');
        return;
    }
    let end = text.trim_end_matches(HYPHENS).len();
    let is_soft = text[end..].contains('\u{AD}');
    text.truncate(end);
    // "Санкт-Петербург" keeps its hyphen, and so does a compound that stands unbroken elsewhere.
    let tail = &text[text.floor_char_boundary(text.len().saturating_sub(MAX_HALF_BYTES))..];
    let half = tail.rsplit(char::is_whitespace).next().unwrap_or_default();
    let half = format!("{}-", half.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let rest: String = line.chars().take_while(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_compound = whole.contains(&format!("{half}{rest}")) || whole.contains(&half);
    if !is_soft && (is_compound || !line.starts_with(char::is_lowercase)) {
        text.push('-');
    }
}

/// The words with a hyphen within lines, in lower case, and their first halves ("северо-"), where those are long enough not to
/// be the beginning of anything ("по-").
fn whole_compounds(pages: &[Vec<Line>]) -> HashSet<String> {
    const MIN_HALF_LETTERS: usize = 4;
    let words = pages.iter().flatten().flat_map(|line| line.text.split_whitespace());
    let mut whole = HashSet::new();
    for word in words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())) {
        let Some((half, _)) = word.split_once('-') else { continue };
        whole.insert(word.to_lowercase());
        if half.chars().count() >= MIN_HALF_LETTERS {
            whole.insert(format!("{}-", half.to_lowercase()));
        }
    }
    whole
}

/// Leaves out the numbers of pages, and what stands first or last on most pages: the name of the book, of the chapter.
fn leave_out_fixtures(pages: &mut [Vec<Line>]) {
    // Two lines may stand above the text, and two below it.
    for is_first in [true, false, true, false] {
        let edge = |lines: &Vec<Line>| if is_first { lines.first().cloned() } else { lines.last().cloned() };
        let mut seen: HashMap<String, usize> = HashMap::new();
        for line in pages.iter().filter_map(edge) {
            *seen.entry(letters(&line)).or_default() += 1;
        }
        let count = pages.len();
        for (number, lines) in pages.iter_mut().enumerate().filter(|(_, lines)| lines.len() > 1) {
            let Some(line) = edge(lines) else { continue };
            // The title of a text is what stands above each of its pages.
            if number == 0 && is_first {
                continue;
            }
            let times = seen.get(&letters(&line)).copied().unwrap_or(0);
            let is_repeated =
                times >= MIN_REPEATED && times * 3 >= count && letters(&line).len() >= MIN_LETTERS_REPEATED;
            if is_repeated || (count >= MIN_NUMBERED && is_page_number(&line.text)) {
                lines.remove(if is_first { 0 } else { lines.len() - 1 });
            }
        }
    }
}

fn letters(line: &Line) -> String {
    line.text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// Whether a line is the number of a page: `12`, `- 12 -`, `3/7`.
fn is_page_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (1..=4).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '–' | '—' | '/'))
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of 10 points with 12 from one to the next, whose letters are 5 wide; a leading space is an indent.
    fn page(lines: &[&str]) -> Vec<Line> {
        let mut y = 700.0;
        let mut page = Vec::new();
        for line in lines {
            y -= 12.0;
            let text = line.trim();
            // Few letters.
            #[allow(clippy::cast_precision_loss)]
            let [indent, width] =
                [line.len() - line.trim_start().len(), text.chars().count()].map(|count| count as f32);
            let x = 50.0 + 10.0 * indent;
            page.push(Line { text: text.into(), x, end: x + 5.0 * width, y, size: 10.0 });
        }
        page.retain(|line| !line.text.is_empty());
        page
    }

    #[test]
    fn lines_are_joined_and_broken_words_too() {
        let lines = page(&[
            "Министры обсудили сотруд-",
            "ничество в северо-западном",
            "крае, и едут в северо-",
            "западный Санкт-",
            "Петербург и co\u{AD}",
            "operate with it there all.",
        ]);
        assert_eq!(
            of(vec![lines]),
            "Министры обсудили сотрудничество в северо-западном крае, и едут в северо-западный Санкт-Петербург и cooperate \
             with it there all."
        );
        // The space before a dash is one where a line may not end.
        let lines = page(&["Юго-западный ветер\u{A0}юго-", "западный ветер был весь день"]);
        assert_eq!(of(vec![lines]), "Юго-западный ветер\u{A0}юго-западный ветер был весь день");
    }

    #[test]
    fn paragraphs_are_told_by_indents_gaps_and_short_lines() {
        let lines = page(&[
            " First paragraph which is long",
            "and goes on.",
            " Второй абзац, который длинный",
            "и кончается здесь же, вот так",
            "",
            "After a gap comes another one",
        ]);
        assert_eq!(
            of(vec![lines]),
            "First paragraph which is long and goes on.\n\nВторой абзац, который длинный и кончается здесь же, вот так\n\nAfter \
             a gap comes another one"
        );
    }

    #[test]
    fn pages_are_joined_and_their_heads_left_out() {
        let pages = [" Он вошёл в дом и в", "комнату, и сел там", "за стол."]
            .iter()
            .enumerate()
            .map(|(number, line)| page(&["War and Peace", line, &format!("{}", number + 1)]))
            .collect();
        assert_eq!(of(pages), "War and Peace\n\nОн вошёл в дом и в комнату, и сел там за стол.");
    }

    #[test]
    fn large_letters_are_a_title() {
        let mut lines = page(&["Журнал", "Визит в", "Ташкент", "Текст", "the text", "of it"]);
        for line in &mut lines[1..3] {
            line.size = 16.0;
        }
        assert_eq!(heading(&lines).as_deref(), Some("Визит в Ташкент"));
        assert_eq!(heading(&lines[3..]), None);
    }
}

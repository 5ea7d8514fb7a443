//! Runs of text on a page → its lines, from left to right.

use super::page::Run;

/// A gap between two runs that is a space, as a share of the size of the font; letters that are drawn nearer to one another
/// than usual, and apart from one another, are closer than this.
const SPACE: f32 = 0.15;

/// A gap between two cells of a table.
const CELL: f32 = 2.0;

/// A line of a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub text: String,
    pub x: f32,
    pub end: f32,
    pub y: f32,
    pub size: f32,
}

/// The lines of a page, in the order in which they were written, which is that of reading with nearly all programs.
pub(super) fn of(runs: Vec<Run>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last: Option<Run> = None;
    for run in runs {
        if run.text.trim().is_empty() && last.is_none() {
            continue;
        }
        // Letters are drawn twice to look bold.
        let is_twice = last.as_ref().is_some_and(|last| {
            let near = 0.25 * run.size;
            last.text == run.text && (last.x - run.x).abs() < near && (last.y - run.y).abs() < near
        });
        if is_twice {
            continue;
        }
        match lines.last_mut().filter(|line| goes_on(line, &run)) {
            Some(line) => line.add(&run),
            None => lines.push(Line { text: run.text.clone(), x: run.x, end: run.end, y: run.y, size: run.size }),
        }
        last = Some(run);
    }
    for line in &mut lines {
        line.text = without_leaders(line.text.trim());
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// The text with a tab in the place of dots or strokes that lead to the number of a page or are to be filled in.
fn without_leaders(text: &str) -> String {
    const MIN_MARKS: usize = 5;
    let is_mark = |c: char| matches!(c, '.' | ':' | '·' | '…' | '_');
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_mark) {
        let end = rest[start..].find(|c: char| !is_mark(c) && c != ' ').map_or(rest.len(), |length| start + length);
        let (before, leader) = (&rest[..start], &rest[start..end]);
        let marks = leader.chars().map(|c| if c == '…' { 3 } else { usize::from(is_mark(c)) });
        if marks.sum::<usize>() >= MIN_MARKS {
            kept.push_str(before.trim_end());
            kept.push('\t');
        } else {
            kept.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

fn goes_on(line: &Line, run: &Run) -> bool {
    let size = line.size.max(run.size);
    (line.y - run.y).abs() < 0.45 * size && run.x > line.end - 1.0 * size
}

impl Line {
    fn add(&mut self, run: &Run) {
        let gap = run.x - self.end;
        let is_apart = !self.text.ends_with(char::is_whitespace) && !run.text.starts_with(char::is_whitespace);
        // The number of a note stands above the line and is no part of the word before it.
        let is_note = run.size < 0.9 * self.size
            && run.y > self.y + 0.1 * self.size
            && self.text.ends_with(char::is_alphabetic)
            && run.text.starts_with(|c: char| c.is_ascii_digit());
        if gap > CELL * self.size.max(run.size) && !self.text.trim().is_empty() {
            self.text.truncate(self.text.trim_end().len());
            self.text.push('\t');
        } else if is_apart && (gap > SPACE * self.size.max(run.size) || is_note) {
            self.text.push(' ');
        }
        self.text.push_str(&run.text);
        self.end = self.end.max(run.end);
        self.size = self.size.max(run.size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, x: f32, end: f32, y: f32) -> Run {
        Run { text: text.into(), x, end, y, size: 10.0 }
    }

    fn texts(runs: Vec<Run>) -> Vec<String> {
        of(runs).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn gaps_are_spaces_and_wide_ones_tabs() {
        let runs = vec![
            run("Ви", 0.0, 10.0, 90.0),
            run("зит", 10.5, 25.0, 90.0),
            run("visit", 28.0, 50.0, 90.0),
            run("12", 90.0, 100.0, 90.0),
            run("Next", 0.0, 20.0, 78.0),
        ];
        assert_eq!(texts(runs), ["Визит visit\t12", "Next"]);
    }

    #[test]
    fn leaders_are_tabs() {
        for text in ["Глава 1 . . . . . . . 12", "Глава 1......12", "Глава 1: : : : : : : : 12", "Глава 1\t………… 12"]
        {
            assert_eq!(without_leaders(text), "Глава 1\t12", "{text}");
        }
        assert_eq!(without_leaders("Wait... no: 12. Да…"), "Wait... no: 12. Да…");
    }

    #[test]
    fn what_is_drawn_twice_is_read_once_and_notes_stand_apart() {
        let note = Run { size: 6.0, ..run("1", 25.0, 28.0, 94.0) };
        let runs = vec![run("Визит", 0.0, 25.0, 90.0), run("Визит", 0.3, 25.3, 90.0), note];
        assert_eq!(texts(runs), ["Визит 1"]);
    }
}

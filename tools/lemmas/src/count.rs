//! Texts → how often each Russian word form stands in them.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::{fs, str};

use crate::dictionary::{Error, fold};

/// Counts the folded forms in files of UTF-8 text, JSON Lines among them: all that is not a run of Russian letters parts
/// words. The most frequent come first.
pub fn forms(paths: &[&str]) -> Result<Vec<(String, u64)>, Error> {
    let mut counts = HashMap::new();
    for path in paths {
        let mut lines = BufReader::new(fs::File::open(Path::new(path))?);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            add(str::from_utf8(&line).map_err(|error| format!("{path}: {error}"))?, &mut counts);
            line.clear();
        }
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(counts)
}

fn add(line: &str, counts: &mut HashMap<String, u64>) {
    // Stress marks and soft hyphens stand inside words and part none.
    let line: String = line.chars().filter(|c| !matches!(c, '\u{300}' | '\u{301}' | '\u{AD}')).collect();
    for word in line.split(|c: char| !matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')).filter(|word| !word.is_empty())
    {
        *counts.entry(fold(&word.to_lowercase())).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_folded_and_parted_by_all_else() {
        let mut counts = HashMap::new();
        add(r#"{"text": "Ёлка\nи ёлки, росси́я; Docker-ёлка"}"#, &mut counts);
        let mut forms: Vec<_> = counts.into_iter().collect();
        forms.sort_unstable();
        assert_eq!(forms, [("елка".into(), 2), ("елки".into(), 1), ("и".into(), 1), ("россия".into(), 1)]);
    }
}

//! `oba evaluate --detection`, `--stemming`, `--names` and `--spelling`: lists of what is known → how much of it the program knows too.

use std::{
    io::{self, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use oba::{
    evaluate::{
        self, Agreement, EvaluateError, KnownPairs, KnownStem, KnownTexts, NameFigures, Row, SpellingFigures, Table,
        Vocabulary,
    },
    index::Index,
    language::{Label, detect},
};
use serde_json::json;

use super::{Failure, evaluate::say};

/// Evaluates detection on texts whose language is known.
pub(super) fn detection(path: &Path, stop: &AtomicBool, json: bool) -> Result<(), Failure> {
    let known = KnownTexts::read(path)?;
    let left_out = known.left_out.iter().map(usize::to_string);
    say(left_out, known.left_out.len(), "lines without three columns, which are left out");
    let mut labels = Vec::with_capacity(known.texts.len());
    // The first text of a process makes the tables, of both languages; that is no part of the speed.
    _ = detect("warm тепло");
    let started = Instant::now();
    for text in &known.texts {
        if stop.load(Ordering::Relaxed) {
            return Err(EvaluateError::Stopped.into());
        }
        labels.push(detect(&text.text).label);
    }
    let elapsed = started.elapsed();
    let mut table = Table::default();
    for (text, label) in known.texts.iter().zip(labels) {
        table.add(text, label);
    }
    let bytes = known.texts.iter().map(|text| text.text.len()).sum();
    let mut out = io::stdout().lock();
    if json {
        let rows: Vec<_> = table.rows.iter().map(row_json).collect();
        let shown = json!({ "rows": rows, "bytes": bytes, "megabytes_per_second": speed(bytes, elapsed) });
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    } else {
        detection_table(&mut out, &table)?;
        writeln!(out, "\n{:.1} MB/s", speed(bytes, elapsed))?;
    }
    Ok(())
}

/// Compares stems with those of a reference vocabulary.
pub(super) fn stemming(path: &Path, json: bool) -> Result<(), Failure> {
    let vocabulary = Vocabulary::read(path)?;
    let left_out = vocabulary.left_out.iter().map(usize::to_string);
    say(left_out, vocabulary.left_out.len(), "lines without a word and its stem, which are left out");
    let agreements = Agreement::of(&vocabulary);
    let mut out = io::stdout().lock();
    if json {
        let shown: Vec<_> = agreements.iter().map(agreement_json).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
        return Ok(());
    }
    for agreement in &agreements {
        let Agreement { language, words, differences } = agreement;
        writeln!(out, "{language}: {} of {words} stems are the same", agreement.same())?;
        for (known, given) in differences {
            writeln!(out, "  {}  expected {}, given {given}", known.word, known.stem)?;
        }
    }
    Ok(())
}

/// Evaluates names on pairs of spellings in both alphabets.
pub(super) fn names(path: &Path, json: bool) -> Result<(), Failure> {
    let known = KnownPairs::read(path)?;
    let left_out = known.left_out.iter().map(usize::to_string);
    say(left_out, known.left_out.len(), "lines that are no pair of single words, which are left out");
    let NameFigures { pairs, not_found, found_by_russian, compared, mistaken } = known.figures();
    let found = pairs - not_found.len();
    let mut out = io::stdout().lock();
    if json {
        let missed: Vec<_> =
            not_found.iter().map(|pair| json!({ "latin": pair.latin, "russian": pair.russian })).collect();
        let shown = json!({
            "pairs": pairs,
            "foundByLatin": found,
            "foundByRussian": found_by_russian,
            "compared": compared,
            "mistaken": mistaken,
            "notFound": missed,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
        return Ok(());
    }
    writeln!(out, "Latin to Russian  {found:>9} of {pairs} names  {:.4}", share(found, pairs))?;
    writeln!(out, "Russian to Latin  {found_by_russian:>9} of {pairs} names  {:.4}", share(found_by_russian, pairs))?;
    writeln!(out, "not the same      {mistaken:>9} of {compared} pairs  {:.6}", share(mistaken, compared))?;
    for pair in not_found {
        writeln!(out, "  {}  expected {}", pair.latin, pair.russian.join(" or "))?;
    }
    Ok(())
}

/// Asks an index for its own words, misspelt.
pub(super) fn spelling(dir: &Path, words: usize, json: bool) -> Result<(), Failure> {
    let figures = evaluate::spelling(&Index::open(dir)?, words)?;
    let mut out = io::stdout().lock();
    if json {
        let shown: Vec<_> = figures.iter().map(spelling_json).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
        return Ok(());
    }
    writeln!(out, "{:<14}     {:>7} {:>7} {:>9} {:>7}", "mistake", "words", "mended", "suggested", "wrong")?;
    for SpellingFigures { language, mistake, words, mended, suggested, wrong, .. } in &figures {
        let share = |part: usize| share(part, *words);
        let (mended, suggested, wrong) = (share(*mended), share(*suggested), share(wrong.len()));
        let name = mistake.name();
        writeln!(out, "{name:<14} {:<3} {words:>7} {mended:>7.4} {suggested:>9.4} {wrong:>7.4}", language.code())?;
    }
    Ok(())
}

fn spelling_json(figures: &SpellingFigures) -> serde_json::Value {
    let SpellingFigures { language, mistake, words, mended, same_form, suggested, wrong, left } = figures;
    json!({
        "language": language.code(),
        "mistake": mistake.name(),
        "words": words,
        "mended": mended,
        "sameForm": same_form,
        "suggested": suggested,
        "wrong": wrong,
        "left": left,
    })
}

/// A part of a whole; 0 of nothing.
// Both are far below the 2^53 that an f64 holds exactly.
#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn agreement_json(agreement: &Agreement) -> serde_json::Value {
    let difference = |(known, given): &(&KnownStem, String)| {
        let KnownStem { word, stem, .. } = known;
        json!({ "word": word, "expected": stem, "given": given })
    };
    json!({
        "language": agreement.language.code(),
        "words": agreement.words,
        "same": agreement.same(),
        "differences": agreement.differences.iter().map(difference).collect::<Vec<_>>(),
    })
}

/// Millions of bytes in a second; 0 for what took no time.
fn speed(bytes: usize, elapsed: Duration) -> f64 {
    // Far below the 2^53 that an f64 holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let megabytes = bytes as f64 / 1e6;
    if elapsed.is_zero() { 0.0 } else { megabytes / elapsed.as_secs_f64() }
}

fn row_json(row: &Row) -> serde_json::Value {
    let mut shown = json!({ "expected": row.expected, "class": row.class, "texts": row.texts(), "right": row.right() });
    for (label, count) in Label::ALL.into_iter().zip(row.counts) {
        shown[label.code()] = json!(count);
    }
    shown
}

fn detection_table(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let widest = |heading: &str, cells: &dyn Fn(&Row) -> usize| {
        table.rows.iter().map(cells).chain([heading.len()]).max().unwrap_or_default()
    };
    let expected = widest("expected", &|row| row.expected.chars().count());
    let class = widest("class", &|row| row.class.chars().count());
    let labels: Vec<String> = Label::ALL.iter().map(|label| format!("{:>6}", label.code())).collect();
    writeln!(out, "{:expected$}  {:class$}  {:>6}  {}   right", "expected", "class", "n", labels.join("  "))?;
    for row in &table.rows {
        let counts: Vec<String> = row.counts.iter().map(|count| format!("{count:>6}")).collect();
        let right = row.right().map(|share| format!("  {share:.4}")).unwrap_or_default();
        let (of, texts) = (&row.expected, row.texts());
        writeln!(out, "{of:expected$}  {:class$}  {texts:>6}  {}{right}", row.class, counts.join("  "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<String> {
        let mut out = Vec::new();
        write(&mut out).expect("writable");
        String::from_utf8(out).expect("UTF-8").lines().map(|line| line.trim_end().to_owned()).collect()
    }

    #[test]
    fn labels_stand_below_their_headings_and_what_has_no_right_one_has_no_share() {
        let row = |expected: &str, class: &str, counts| Row { expected: expected.into(), class: class.into(), counts };
        let table =
            Table { rows: vec![row("ru", "слово", [0, 999, 0, 1]), row("und", "a long class", [1, 0, 0, 3])] };
        assert_eq!(
            lines(|out| detection_table(out, &table)),
            [
                "expected  class              n      en      ru   mixed   other   right",
                "ru        слово           1000       0     999       0       1  0.9990",
                "und       a long class       4       1       0       0       3",
            ]
        );
        assert_eq!(row_json(&table.rows[0])["right"], 0.999);
        assert_eq!(row_json(&table.rows[1])["other"], 3);
        assert!(row_json(&table.rows[1])["right"].is_null());
    }

    #[test]
    fn speeds_are_in_millions_of_bytes() {
        assert!((speed(3_000_000, Duration::from_millis(500)) - 6.0).abs() < 1e-9);
        assert!(speed(1, Duration::ZERO).abs() < 1e-9);
    }
}

//! Makes oba's table of Russian lemmas, and measures it.
//!
//! ```text
//! oba-lemmas build lemmas-ru.bin [options]                      make the table
//! oba-lemmas count text … > counts.tsv                          forms in texts or JSON Lines, with their counts
//! oba-lemmas measure counts.tsv [treebanks.tsv] [options]       under- and over-stemming
//! oba-lemmas terms слово слова …                                terms of some words
//! oba-lemmas terms-of counts.tsv                                all forms of a list with their terms, by tabs
//! ```
//!
//! Options: `--no-participles`, `--no-split`, `--function-words`, `--rare 0.005`, `--rare-name 0.05`,
//! `--rare-participle 0.2`, `--only counts.tsv` (forms of a list only),
//! `--verbose`.

mod count;
mod dictionary;
mod measure;
mod scheme;
mod table;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::{env, fs, io};

use dictionary::Error;
use scheme::{Options, Scheme};
use table::Table;

fn main() -> Result<(), Error> {
    let mut options = Options::default();
    let mut verbose = false;
    let mut only = None;
    let mut words = Vec::new();
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--no-participles" => options.participles = false,
            "--no-split" => options.split = false,
            "--function-words" => options.function_words = true,
            "--rare" => options.rare = arguments.next().ok_or("--rare needs a number")?.parse()?,
            "--rare-name" => {
                options.rare_name = arguments.next().ok_or("--rare-name needs a number")?.parse()?;
            }
            "--rare-participle" => {
                options.rare_participle = arguments.next().ok_or("--rare-participle needs a number")?.parse()?;
            }
            "--verbose" => verbose = true,
            "--only" => {
                let path = arguments.next().ok_or("--only needs a file")?;
                only = Some(measure::read_counts(Path::new(&path))?);
            }
            _ => words.push(argument),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build", output] => {
            let scheme = Scheme::new(options)?;
            let table = Table::new(&scheme, |form| only.as_ref().is_none_or(|only| only.contains_key(form)))?;
            fs::write(output, &table.bytes)?;
            println!(
                "{} forms in the dictionary, {} units, {} of them marked",
                scheme.forms.len(),
                scheme.lemmas.len(),
                scheme.marked()
            );
            if !scheme.needless.is_empty() {
                println!("needless in apart.txt: {}", scheme.needless.join(" "));
            }
            println!(
                "{} forms in the table ({} with several terms), {} rule sets in {} bytes, {} bytes in all",
                table.forms,
                table.ambiguous,
                table.sets,
                table.sets_length,
                table.bytes.len()
            );
        }
        ["count", texts @ ..] if !texts.is_empty() => {
            let mut out = BufWriter::new(io::stdout().lock());
            for (form, count) in count::forms(texts)? {
                writeln!(out, "{form}\t{count}")?;
            }
            out.flush()?;
        }
        ["measure", counts, treebanks @ ..] if treebanks.len() <= 1 => {
            let scheme = Scheme::new(options)?;
            measure::dictionary(&scheme, &measure::read_counts(Path::new(counts))?, verbose);
            for treebanks in treebanks {
                measure::treebanks(&scheme, Path::new(treebanks), verbose)?;
            }
        }
        ["terms-of", counts] => {
            let scheme = Scheme::new(options)?;
            for form in measure::read_counts(Path::new(counts))?.keys() {
                println!("{form}\t{}", scheme.terms_of_word(form).join(" "));
            }
        }
        ["terms", words @ ..] => {
            let scheme = Scheme::new(options)?;
            for word in words {
                println!("{word}\t{}", scheme.terms_of_word(word).join(" "));
            }
        }
        _ => return Err("say build, count, measure, terms or terms-of; see the head of main.rs".into()),
    }
    Ok(())
}

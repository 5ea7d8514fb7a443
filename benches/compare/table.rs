//! The figures of a run, in the order in which they were measured.

/// How many engines a table has room for: oba, bare tantivy, and one that may be missing.
pub const ENGINES: usize = 3;

/// A figure of each engine that has it.
struct Figure {
    what: String,
    of: [Option<f64>; ENGINES],
}

/// All figures of a collection.
#[derive(Default)]
pub struct Figures {
    documents: u64,
    figures: Vec<Figure>,
}

impl Figures {
    pub fn note_documents(&mut self, documents: u64) {
        self.documents = documents;
    }

    pub fn documents(&self) -> f64 {
        self.documents as f64
    }

    pub fn note(&mut self, what: &str, of: [Option<f64>; ENGINES]) {
        self.figures.push(Figure { what: what.to_owned(), of });
    }

    /// Prints a table in Markdown, with what oba has for each unit of the others.
    pub fn print(&self) {
        let has_peer = self.figures.iter().any(|figure| figure.of[2].is_some());
        let (heads, rule) = if has_peer { (" SeekStorm | oba / SeekStorm |", " --- | --- |") } else { ("", "") };
        println!("| {} documents | oba | bare tantivy | oba / tantivy |{heads}", self.documents);
        println!("| --- | --- | --- | --- |{rule}");
        for Figure { what, of: [oba, tantivy, peer] } in &self.figures {
            let beside = |theirs: &Option<f64>| format!(" {} | {} |", short(*theirs), short(ratio(*oba, *theirs)));
            let peer = if has_peer { beside(peer) } else { String::new() };
            println!("| {what} | {} |{}{peer}", short(*oba), beside(tantivy));
        }
        println!();
    }

    /// Prints how many times as large each figure is as that of another collection.
    pub fn print_growth(&self, small: &Self) {
        println!("| | oba | bare tantivy | SeekStorm |");
        println!("| --- | --- | --- | --- |");
        for figure in &self.figures {
            if let Some(before) = small.figures.iter().find(|before| before.what == figure.what) {
                let grown: Vec<String> =
                    figure.of.iter().zip(before.of).map(|(now, before)| short(ratio(*now, before))).collect();
                println!("| {} | {} |", figure.what, grown.join(" | "));
            }
        }
        println!();
    }
}

fn ratio(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    Some(ours? / theirs?)
}

/// Three digits, as far as there are any that matter.
fn short(number: Option<f64>) -> String {
    let Some(number) = number else { return "–".to_owned() };
    let decimals = if number < 10.0 { 2 } else { usize::from(number < 100.0) };
    format!("{number:.decimals$}")
}

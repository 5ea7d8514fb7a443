//! The figures of a run, in the order in which they were measured.

/// A figure of both engines.
struct Figure {
    what: String,
    oba: f64,
    tantivy: f64,
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

    pub fn note(&mut self, what: &str, oba: f64, tantivy: f64) {
        self.figures.push(Figure { what: what.to_owned(), oba, tantivy });
    }

    /// Prints a table in Markdown, with what oba has for each unit of bare tantivy.
    pub fn print(&self) {
        println!("| {} documents | oba | bare tantivy | oba / tantivy |", self.documents);
        println!("| --- | --- | --- | --- |");
        for Figure { what, oba, tantivy } in &self.figures {
            println!("| {what} | {} | {} | {:.2} |", short(*oba), short(*tantivy), oba / tantivy);
        }
        println!();
    }

    /// Prints how many times as large each figure is as that of another collection.
    pub fn print_growth(&self, small: &Self) {
        println!("| | oba | bare tantivy |");
        println!("| --- | --- | --- |");
        for figure in &self.figures {
            if let Some(before) = small.figures.iter().find(|before| before.what == figure.what) {
                let (oba, tantivy) = (figure.oba / before.oba, figure.tantivy / before.tantivy);
                println!("| {} | {oba:.2} | {tantivy:.2} |", figure.what);
            }
        }
        println!();
    }
}

/// Three digits, as far as there are any that matter.
fn short(number: f64) -> String {
    let decimals = if number < 10.0 { 2 } else { usize::from(number < 100.0) };
    format!("{number:.decimals$}")
}

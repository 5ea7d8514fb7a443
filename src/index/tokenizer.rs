//! The tokens of `analysis`, in the forms in which tantivy takes them.

use std::{sync::Arc, vec};

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::tokenized::{MAX_BYTES, Tokenized, Worker, Workers};
use crate::{
    analysis::{self, Analyzer, Reading, Rules},
    text::ShortText,
};

/// The name under which the schema knows the terms of words.
pub(super) const TERMS: &str = "oba-terms";

/// The name under which the schema knows the forms of words as written.
pub(super) const FORMS: &str = "oba-forms";

/// The name under which the schema knows the forms of names.
pub(super) const NAMES: &str = "oba-names";

/// The name under which the schema knows the terms of headings.
pub(super) const HEADINGS: &str = "oba-headings";

/// The term that stands before the words of each heading: its places tell where one heading ends and the next begins. No
/// word has it, for it is no letter.
pub(super) const HEADING_START: &str = "¶";

/// The tokenizers of an index under these rules.
pub(super) fn manager(rules: Rules) -> TokenizerManager {
    let manager = TokenizerManager::default();
    let workers = Arc::new(Workers::new(rules));
    for (name, output) in [(TERMS, Output::Terms), (HEADINGS, Output::Headings), (FORMS, Output::Forms)] {
        let workers = Arc::clone(&workers);
        manager.register(name, Analysis { workers, analyzer: Analyzer::new(rules), output });
    }
    manager.register(NAMES, NameAnalysis { workers });
    manager
}

/// What of a word is indexed.
#[derive(Debug, Clone, Copy)]
enum Output {
    /// Its terms, all at its position.
    Terms,
    /// Its terms, behind the term that starts a heading.
    Headings,
    /// Its form, not each time that it stands in the text.
    Forms,
}

#[derive(Debug, Clone)]
struct Analysis {
    workers: Arc<Workers>,
    /// For texts that are too long for a worker.
    analyzer: Analyzer,
    output: Output,
}

impl Tokenizer for Analysis {
    type TokenStream<'t> = Stream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> Stream<'t> {
        let Self { workers, analyzer, output } = self;
        let tokens = if text.len() <= MAX_BYTES {
            let mut worker = workers.take(text);
            worker.analyse(text);
            worker.begin_forms();
            Tokens::Kept { worker: Some(worker), workers, text, next: 0 }
        } else {
            Tokens::Read(analyzer.tokens(text))
        };
        let is_heading = matches!(output, Output::Headings);
        let current = Current {
            output: *output,
            offset: usize::from(is_heading),
            is_begun: !is_heading,
            more: None,
            token: Token::default(),
        };
        Stream { tokens, current }
    }
}

struct Stream<'t> {
    tokens: Tokens<'t>,
    current: Current,
}

/// Where the tokens of a text come from.
enum Tokens<'t> {
    /// A worker, who has them all. It is there until it is given back.
    Kept { worker: Option<Worker>, workers: &'t Workers, text: &'t str, next: usize },
    /// The text, as far as it is read.
    Read(analysis::Tokens<'t>),
}

/// What the engine is given.
struct Current {
    output: Output,
    /// How far the words stand behind the start of the text.
    offset: usize,
    /// Whether the term has come that starts a heading.
    is_begun: bool,
    /// The word that was read last, and how many of its terms have come, while there are more.
    more: Option<(Arc<Reading>, usize)>,
    token: Token,
}

impl Current {
    /// Gives what comes before the next word; whether there is something.
    fn goes_on(&mut self) -> bool {
        if !self.is_begun {
            self.is_begun = true;
            self.token.position = 0;
            self.set(HEADING_START);
            return true;
        }
        let Some((reading, come)) = self.more.take() else { return false };
        self.set(&reading.terms[come]);
        self.more = (come + 1 < reading.terms.len()).then_some((reading, come + 1));
        true
    }

    /// Gives a word.
    fn take(&mut self, position: usize, from: usize, to: usize, reading: &Arc<Reading>) {
        self.token.position = position + self.offset;
        (self.token.offset_from, self.token.offset_to) = (from, to);
        match self.output {
            Output::Forms => self.set(&reading.form),
            Output::Terms | Output::Headings => {
                self.set(reading.terms.first().map_or("", ShortText::as_str));
                self.more = (reading.terms.len() > 1).then(|| (Arc::clone(reading), 1));
            }
        }
    }

    fn set(&mut self, term: &str) {
        self.token.text.clear();
        self.token.text.push_str(term);
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Self { tokens, current } = self;
        if current.goes_on() {
            return true;
        }
        match tokens {
            Tokens::Kept { worker, text, next, .. } => {
                let Some(worker) = worker else { return false };
                if matches!(current.output, Output::Forms) {
                    *next = worker.next_form(text, *next);
                }
                let token = worker.tokens(text).get(*next);
                let Some(Tokenized { position, from, to, reading }) = token else { return false };
                *next += 1;
                current.take(*position as usize, *from as usize, *to as usize, reading);
            }
            Tokens::Read(tokens) => {
                let Some(token) = tokens.next() else { return false };
                current.take(token.position, token.word.span.start, token.word.span.end, &token.reading);
            }
        }
        true
    }

    fn token(&self) -> &Token {
        &self.current.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current.token
    }
}

impl Drop for Tokens<'_> {
    fn drop(&mut self) {
        if let Self::Kept { worker, workers, .. } = self
            && let Some(worker) = worker.take()
        {
            workers.give_back(worker);
        }
    }
}

#[derive(Debug, Clone)]
struct NameAnalysis {
    workers: Arc<Workers>,
}

impl Tokenizer for NameAnalysis {
    type TokenStream<'t> = NameStream;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> NameStream {
        let mut worker = self.workers.take(text);
        let names = worker.names(text);
        self.workers.give_back(worker);
        NameStream { names: names.into_iter(), token: Token::default() }
    }
}

struct NameStream {
    names: vec::IntoIter<Arc<Reading>>,
    token: Token,
}

impl TokenStream for NameStream {
    fn advance(&mut self) -> bool {
        let Some(name) = self.names.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(&name.form);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

//! The tokens of `analysis`, in the forms in which tantivy takes them.

use std::collections::VecDeque;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::{self, Analyzer, Names, Rules};

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
    manager.register(TERMS, Analysis { analyzer: Analyzer::new(rules), output: Output::Terms });
    manager.register(HEADINGS, Analysis { analyzer: Analyzer::new(rules), output: Output::Headings });
    manager.register(NAMES, NameAnalysis { analyzer: Analyzer::new(rules) });
    manager.register(FORMS, Analysis { analyzer: Analyzer::new(rules), output: Output::Forms });
    manager
}

/// What of a word is indexed.
#[derive(Debug, Clone, Copy)]
enum Output {
    /// Its terms, all at its position.
    Terms,
    /// Its terms, behind the term that starts a heading.
    Headings,
    /// Its form.
    Forms,
}

#[derive(Debug, Clone)]
struct Analysis {
    analyzer: Analyzer,
    output: Output,
}

impl Tokenizer for Analysis {
    type TokenStream<'t> = Stream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> Stream<'t> {
        let tokens = self.analyzer.tokens(text);
        let offset = usize::from(matches!(self.output, Output::Headings));
        let mut stream = Stream { tokens, output: self.output, offset, more: VecDeque::new(), token: Token::default() };
        if offset > 0 {
            stream.token.position = 0;
            stream.more.push_back(HEADING_START.to_owned());
        }
        stream
    }
}

struct Stream<'t> {
    tokens: analysis::Tokens<'t>,
    output: Output,
    /// How far the words stand behind the start of the text.
    offset: usize,
    /// The further terms of the word that was read last.
    more: VecDeque<String>,
    token: Token,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(term) = self.more.pop_front() {
            self.token.text = term;
            return true;
        }
        let Some(token) = self.tokens.next() else { return false };
        self.token.position = token.position + self.offset;
        self.token.offset_from = token.word.span.start;
        self.token.offset_to = token.word.span.end;
        self.token.text.clear();
        match self.output {
            Output::Forms => self.token.text.push_str(&token.reading.form),
            Output::Terms | Output::Headings => {
                let (first, more) = token.reading.terms.split_first().map_or(("", [].as_slice()), |(f, m)| (f, m));
                self.token.text.push_str(first);
                self.more.extend(more.iter().cloned());
            }
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[derive(Debug, Clone)]
struct NameAnalysis {
    analyzer: Analyzer,
}

impl Tokenizer for NameAnalysis {
    type TokenStream<'t> = NameStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> NameStream<'t> {
        NameStream { names: self.analyzer.names(text), token: Token::default() }
    }
}

struct NameStream<'t> {
    names: Names<'t>,
    token: Token,
}

impl TokenStream for NameStream<'_> {
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

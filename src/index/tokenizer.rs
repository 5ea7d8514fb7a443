//! The terms of `analysis`, in the form in which tantivy takes them.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::{Tokens, tokens};

/// The name under which the schema knows the analysis.
pub(super) const NAME: &str = "oba";

/// The tokenizers of an index.
pub(super) fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(NAME, Analysis);
    manager
}

#[derive(Debug, Clone)]
struct Analysis;

impl Tokenizer for Analysis {
    type TokenStream<'t> = Terms<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> Terms<'t> {
        Terms { tokens: tokens(text), token: Token::default() }
    }
}

struct Terms<'t> {
    tokens: Tokens<'t>,
    token: Token,
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        self.token.position = token.position;
        self.token.offset_from = token.word.span.start;
        self.token.offset_to = token.word.span.end;
        self.token.text = token.term;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

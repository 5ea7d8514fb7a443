//! Lexemes as they were typed → lexemes that make a tree: operators where they are meant, brackets in pairs.

use super::{
    MAX_DEPTH,
    lexer::{Kind, Lexeme, is_operator},
};

/// The lexemes with as many brackets closed as opened, none too deep, and with AND as a word where all is in capitals.
pub(super) fn balanced<'t>(mut lexemes: Vec<Lexeme<'t>>, warnings: &mut Vec<String>) -> Vec<Lexeme<'t>> {
    if is_in_capitals(&lexemes) {
        lexemes.iter_mut().for_each(without_operator);
    }
    let (mut depth, mut left_out) = (0, 0);
    let (mut is_too_deep, mut is_stray) = (false, false);
    lexemes.retain(|lexeme| match lexeme.kind {
        Kind::Open if depth == MAX_DEPTH => {
            left_out += 1;
            is_too_deep = true;
            false
        }
        Kind::Open => {
            depth += 1;
            true
        }
        Kind::Close if left_out > 0 => {
            left_out -= 1;
            false
        }
        Kind::Close if depth == 0 => {
            is_stray = true;
            false
        }
        Kind::Close => {
            depth -= 1;
            true
        }
        _ => true,
    });
    let close = Lexeme { kind: Kind::Close, sign: None, field: None, boost: 1.0 };
    lexemes.extend(std::iter::repeat_n(close, depth));
    let mut warn = |is_so, warning: &str| warnings.extend(Some(warning).filter(|_| is_so).map(str::to_owned));
    warn(is_stray, "A bracket is closed that was not opened; it was left out.");
    warn(depth + left_out > 0, "A bracket is opened and not closed; it was closed at the end.");
    warn(is_too_deep, &too_deep());
    lexemes
}

/// What is said of a query whose tree would be too deep.
pub(super) fn too_deep() -> String {
    format!("Brackets and operators stand more than {MAX_DEPTH} deep in one another; deeper ones were left out.")
}

/// Whether all words are in capitals, so that AND may be one as any other: «WAR AND PEACE», «ВИЗИТ В ТАШКЕНТ И САМАРКАНД».
/// Whoever names a field is writing in the query language.
fn is_in_capitals(lexemes: &[Lexeme<'_>]) -> bool {
    let mut has_upper = false;
    for lexeme in lexemes {
        let (Kind::Word { text, .. } | Kind::Quoted { text, .. }) = lexeme.kind else { continue };
        if lexeme.field.is_some() || text.contains(char::is_lowercase) {
            return false;
        }
        has_upper |= text.contains(char::is_uppercase) && !is_operator(text);
    }
    has_upper
}

fn without_operator(lexeme: &mut Lexeme<'_>) {
    match lexeme.kind {
        Kind::Operator(_, text) if is_operator(text) => {
            lexeme.kind = Kind::Word { raw: text, text, is_exact: false, is_prefix: false };
        }
        _ => {}
    }
}

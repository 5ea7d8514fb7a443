//! The header `Authorization` → the key that was shown.

use axum::http::{HeaderMap, header};
use base64::{Engine, prelude::BASE64_STANDARD};

/// How a key was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// By a program, as a token.
    Token,
    /// As the password of any user, which a browser asks for and then keeps.
    Password,
}

/// A key that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    pub key: String,
    pub shown: Shown,
}

impl Credentials {
    /// What a request shows. A header that cannot be understood shows a key that there is not.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?;
        let text = value.to_str().unwrap_or_default().trim();
        let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            let pair = BASE64_STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let key = pair.as_deref().and_then(|pair| pair.split_once(':')).map_or("", |(_, password)| password);
            return Some(Self { key: key.to_owned(), shown: Shown::Password });
        }
        let key = if scheme.eq_ignore_ascii_case("bearer") { rest } else { "" };
        Some(Self { key: key.to_owned(), shown: Shown::Token })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_key_is_read_in_both_ways_and_rubbish_is_no_key() {
        let shown = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_bytes(value).expect("a value"));
            Credentials::of(&headers).map(|credentials| (credentials.key, credentials.shown))
        };
        let basic = |pair: &str| format!("Basic {}", BASE64_STANDARD.encode(pair)).into_bytes();
        let is = |key: &str, shown| Some((key.to_owned(), shown));
        assert_eq!(shown(b"Bearer oba_1"), is("oba_1", Shown::Token));
        assert_eq!(shown(b"bearer  oba_1 "), is("oba_1", Shown::Token));
        assert_eq!(shown(&basic("Иван:oba_1")), is("oba_1", Shown::Password));
        assert_eq!(shown(&basic(":oba_1")), is("oba_1", Shown::Password));
        for rubbish in [&b"Basic"[..], b"Basic %%%", b"Basic AAAA", &basic("oba_1")] {
            assert_eq!(shown(rubbish), is("", Shown::Password));
        }
        for rubbish in [&b"oba_1"[..], b"Digest oba_1", b"", "Bearer ключ".as_bytes()] {
            assert_eq!(shown(rubbish), is("", Shown::Token));
        }
        assert_eq!(Credentials::of(&HeaderMap::new()), None);
    }
}

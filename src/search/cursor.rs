//! Where a walk through all hits has come to → a text that the next request gives back.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::Request;
use crate::index::Walk;

/// The cursor with which a walk begins.
pub const START: &str = "*";

/// Where a page of a walk begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cursor {
    /// At the first hit.
    Start,
    /// Behind the page before.
    On(Page),
}

/// What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    /// What tells the request that the walk began with.
    request: [u8; 8],
    /// The query that was searched for, if it was a repaired one.
    pub(super) searched: Option<String>,
    /// Where the index goes on.
    pub(super) walk: Walk,
}

/// A text that is no cursor of this request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It is none at all.
    #[error("this is no cursor; give the nextCursor of the answer before as it came, or * to begin")]
    Damaged,
    /// It is of another request.
    #[error("this cursor is of another request; all but limit and what is shown has to be as it was, or * begins anew")]
    OtherRequest,
    /// Hits were to be passed over as well.
    #[error("a cursor and an offset exclude each other")]
    Offset,
}

impl Cursor {
    /// Reads the cursor of a request.
    pub(super) fn read(text: &str, request: &Request) -> Result<Self, CursorError> {
        if request.offset > 0 {
            return Err(CursorError::Offset);
        }
        if text == START {
            return Ok(Self::Start);
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Damaged)?;
        let page: Page = postcard::from_bytes(&bytes).map_err(|_| CursorError::Damaged)?;
        if page.request == fingerprint(request) { Ok(Self::On(page)) } else { Err(CursorError::OtherRequest) }
    }
}

impl Page {
    pub(super) fn new(request: &Request, searched: Option<String>, walk: Walk) -> Self {
        Self { request: fingerprint(request), searched, walk }
    }

    pub(super) fn write(&self) -> String {
        // Numbers and texts always have a form.
        BASE64_URL_SAFE_NO_PAD.encode(postcard::to_stdvec(self).unwrap_or_default())
    }
}

/// What has to stay the same from page to page.
fn fingerprint(request: &Request) -> [u8; 8] {
    let Request { q, language, condition, orders, matching, is_typing, with_names, repair, .. } = request;
    let asked = format!("{:?}", (q, language, condition, orders, matching, is_typing, with_names, repair));
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&blake3::hash(asked.as_bytes()).as_bytes()[..8]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_cursor_is_refused() {
        let request = Request::new("визит visit", None, None, None).expect("a request");
        assert_eq!(Cursor::read("*", &request), Ok(Cursor::Start));
        for wrong in ["", "визит", "AAAA", "?"] {
            assert_eq!(Cursor::read(wrong, &request), Err(CursorError::Damaged), "{wrong}");
        }
        let far = Request::new("визит", None, Some(20), None).expect("a request");
        assert_eq!(Cursor::read("*", &far), Err(CursorError::Offset));
    }
}

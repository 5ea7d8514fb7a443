//! One file a format: bytes or text → a document, or the documents in it.

pub(super) mod csv;
pub(super) mod docx;
pub(super) mod email;
pub(super) mod epub;
pub(super) mod fb2;
mod front_matter;
pub(super) mod html;
pub(super) mod json;
pub(super) mod markdown;
pub(super) mod mbox;
pub(super) mod open_document;
pub(super) mod pdf;
pub(super) mod plain_text;
pub(super) mod pptx;
pub(super) mod rtf;
pub(super) mod spreadsheet;
pub(super) mod subtitles;

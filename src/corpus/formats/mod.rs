//! One file a format: bytes or text → a document, or the documents in it.

mod blocks;
mod code_pages;
pub(super) mod csv;
pub(super) mod docx;
pub(super) mod email;
pub(super) mod epub;
pub(super) mod fb2;
mod front_matter;
pub(super) mod html;
pub(super) mod json;
pub(super) mod markdown;
mod markup;
pub(super) mod mbox;
mod mojibake;
mod office;
pub(super) mod open_document;
mod package;
pub(super) mod pdf;
pub(super) mod plain_text;
pub(super) mod pptx;
mod properties;
pub(super) mod rtf;
pub(super) mod spreadsheet;
pub(super) mod subtitles;
mod xhtml;

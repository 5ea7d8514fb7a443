//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::tokenizer;

/// The fields of the index, by purpose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The id of the document, as one term.
    pub id: Field,
    /// The terms of the title and of what looks like headings in the text, each behind a term that starts it.
    pub headings: Field,
    /// The terms of title and text: one field for all words, so that a plain union of them keeps block-max pruning.
    pub body: Field,
    /// The forms of title and text as written, which say in which documents a word stands as it was typed.
    pub forms: Field,
    /// The language label, as one term and as a column.
    pub language: Field,
    /// The date as a sortable number, as a column.
    pub date: Field,
    /// What answers give back, stored; see [`super::stored`].
    pub stored: Field,
}

/// The name of the column of language labels.
pub(super) const LANGUAGE: &str = "language";

/// The schema of the index and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let with_positions = |tokenizer| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let forms = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer::FORMS)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        headings: schema.add_text_field("headings", with_positions(tokenizer::HEADINGS)),
        body: schema.add_text_field("body", with_positions(tokenizer::TERMS)),
        forms: schema.add_text_field("forms", forms),
        language: schema.add_text_field(LANGUAGE, STRING | FAST),
        date: schema.add_i64_field("date", FAST | INDEXED),
        stored: schema.add_bytes_field("stored", STORED),
    };
    (schema.build(), fields)
}

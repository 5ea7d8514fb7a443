//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::tokenizer;
use crate::text::head;

/// The fields of the index, by purpose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The id of the document, as one term.
    pub id: Field,
    /// The terms of the title and of what looks like headings in the text, each behind a term that starts it.
    pub headings: Field,
    /// The terms of the title alone, for whoever looks into titles.
    pub title: Field,
    /// The terms of title and text: one field for all words, so that a plain union of them keeps block-max pruning.
    pub body: Field,
    /// The forms of title and text as written, which say in which documents a word stands as it was typed.
    pub forms: Field,
    /// The forms of the words that stand in capital letters where a word of the language would not, which says of a form
    /// how often it is a name.
    pub names: Field,
    /// The language label, as one term and as a column.
    pub language: Field,
    /// The date as a sortable number, as a column.
    pub date: Field,
    /// The source as one term, whatever its case and quotes, and as a column; see [`source_key`].
    pub source: Field,
    /// What answers give back, stored; see [`super::stored`].
    pub stored: Field,
}

/// The name of the column of language labels.
pub(super) const LANGUAGE: &str = "language";

/// What counts of the name of a source, in characters; names are far shorter.
const MAX_SOURCE_CHARS: usize = 256;

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
    let presence = |tokenizer| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::Basic)
                .set_fieldnorms(false),
        )
    };
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        headings: schema.add_text_field("headings", with_positions(tokenizer::HEADINGS)),
        title: schema.add_text_field("title", with_positions(tokenizer::TERMS)),
        body: schema.add_text_field("body", with_positions(tokenizer::TERMS)),
        forms: schema.add_text_field("forms", presence(tokenizer::FORMS)),
        names: schema.add_text_field("names", presence(tokenizer::NAMES)),
        language: schema.add_text_field(LANGUAGE, STRING | FAST),
        date: schema.add_i64_field("date", FAST | INDEXED),
        source: schema.add_text_field("source", STRING | FAST),
        stored: schema.add_bytes_field("stored", STORED),
    };
    (schema.build(), fields)
}

/// What is compared of the names of sources: all but case, quotes and the number of spaces.
pub(super) fn source_key(name: &str) -> String {
    let is_quote = |c: char| matches!(c, '"' | '«' | '»' | '“' | '”' | '„' | '\'' | '‘' | '’');
    let lower = name.to_lowercase().replace('ё', "е").replace(is_quote, " ");
    head(&lower.split_whitespace().collect::<Vec<_>>().join(" "), MAX_SOURCE_CHARS).to_owned()
}

#[cfg(test)]
mod tests {
    use super::source_key;

    #[test]
    fn sources_are_compared_without_case_and_quotes() {
        assert_eq!(source_key("«Газета.Ru»"), source_key("газета.ru"));
        assert_eq!(source_key("The  Times"), source_key("\"the times\""));
        assert_eq!(source_key("Актёр"), source_key("АКТЕР"));
        assert_ne!(source_key("Газета"), source_key("Газета.Ru"));
    }
}

//! The fields of the index.

use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};

use super::{members::MemberFields, tokenizer};
use crate::text::head;

/// The fields of the index, by purpose.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// The id of the document, as one term.
    pub id: Field,
    /// The id of the file that it was read from, as one term.
    pub file: Field,
    /// The terms of the title and of what looks like headings in the text, each behind a term that starts it.
    pub headings: Field,
    /// The terms of the title alone, for whoever looks into titles.
    pub title: Field,
    /// The terms of title and text: one field for all words, so that a plain list of them stays one.
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
    /// The source as one term, whatever its case and quotes, and as a column; see [`comparison_key`].
    pub source: Field,
    /// The source as written, as a column.
    pub source_name: Field,
    /// A number of the document that only its id tells, as a column: what puts documents in order that are alike in all that
    /// counts, wherever they lie.
    pub tie_breaker: Field,
    /// A number of title and text, as a term and as a column: copies share it.
    pub content: Field,
    /// The group of near duplicates, as a term and as a column; none where it is the document's own content, as it is of nearly all.
    pub group: Field,
    /// The sketch of the document that founded the group, as a column of some numbers.
    pub sketch: Field,
    /// The bands by which near duplicates are found, as terms.
    pub bands: Field,
    /// The members that were declared filterable, in the order of their declaration.
    pub members: Vec<MemberFields>,
    /// What answers give back, stored; see [`super::stored`].
    pub stored: Field,
}

/// The names of the columns.
pub(super) const LANGUAGE: &str = "language";
pub(super) const DATE: &str = "date";
pub(super) const SOURCE: &str = "source";
pub(super) const SOURCE_NAME: &str = "source_name";
pub(super) const TIE_BREAKER: &str = "tie_breaker";
pub(super) const CONTENT: &str = "content";
pub(super) const GROUP: &str = "group";
pub(super) const SKETCH: &str = "sketch";

/// What counts of a value that is compared, in characters; names are far shorter.
const MAX_KEY_CHARS: usize = 256;

impl Fields {
    /// The fields of a member, if it was declared filterable.
    pub(super) fn member(&self, name: &str) -> Option<&MemberFields> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// The schema of an index with these filterable members, and its fields.
pub(super) fn schema(filterable: &[String]) -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let with_positions = |tokenizer| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    let fields = Fields {
        id: schema.add_text_field("id", as_one_term()),
        file: schema.add_text_field("file", as_one_term()),
        headings: schema.add_text_field("headings", with_positions(tokenizer::HEADINGS)),
        title: schema.add_text_field("title", with_positions(tokenizer::TERMS)),
        body: schema.add_text_field("body", with_positions(tokenizer::TERMS)),
        forms: schema.add_text_field("forms", presence(tokenizer::FORMS)),
        names: schema.add_text_field("names", presence(tokenizer::NAMES)),
        language: schema.add_text_field(LANGUAGE, as_one_term() | FAST),
        date: schema.add_i64_field(DATE, as_term() | FAST),
        source: schema.add_text_field(SOURCE, as_one_term() | FAST),
        source_name: schema.add_text_field(SOURCE_NAME, FAST),
        tie_breaker: schema.add_u64_field(TIE_BREAKER, FAST),
        content: schema.add_u64_field(CONTENT, as_term() | FAST),
        group: schema.add_u64_field(GROUP, as_term() | FAST),
        sketch: schema.add_u64_field(SKETCH, FAST),
        bands: schema.add_u64_field("bands", as_term()),
        stored: schema.add_bytes_field("stored", STORED),
        members: (0..).zip(filterable).map(|(n, name)| MemberFields::add_to(&mut schema, n, name)).collect(),
    };
    (schema.build(), fields)
}

/// A text field of which is kept which documents hold which terms, and no more.
fn presence(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    )
}

/// A field of texts that are compared as a whole. The engine's own options for these keep of each document how long they are.
pub(super) fn as_one_term() -> TextOptions {
    presence("raw")
}

/// A field of numbers that are looked up.
pub(super) fn as_term() -> NumericOptions {
    NumericOptions::default().set_indexed()
}

/// What is compared of the names of sources and of the values of members: all but case, quotes and the number of spaces.
pub(super) fn comparison_key(name: &str) -> String {
    let is_quote = |c: char| matches!(c, '"' | '«' | '»' | '“' | '”' | '„' | '\'' | '‘' | '’');
    let lower = name.to_lowercase().replace('ё', "е").replace(is_quote, " ");
    head(&lower.split_whitespace().collect::<Vec<_>>().join(" "), MAX_KEY_CHARS).to_owned()
}

#[cfg(test)]
mod tests {
    use super::comparison_key;

    #[test]
    fn sources_are_compared_without_case_and_quotes() {
        assert_eq!(comparison_key("«Газета.Ru»"), comparison_key("газета.ru"));
        assert_eq!(comparison_key("The  Times"), comparison_key("\"the times\""));
        assert_eq!(comparison_key("Актёр"), comparison_key("АКТЕР"));
        assert_ne!(comparison_key("Газета"), comparison_key("Газета.Ru"));
    }
}

//! Members of documents that were declared filterable → fields of the index.

use serde_json::{Map, Value};
use tantivy::{
    TantivyDocument,
    schema::{FAST, Field, SchemaBuilder},
};

use super::schema::{as_one_term, as_term, comparison_key};
use crate::text::head;

/// The longest value of a member that is kept for filters and facets, in characters; longer ones are cut.
const MAX_VALUE_CHARS: usize = 256;

/// The fields of one member.
#[derive(Debug, Clone)]
pub(super) struct MemberFields {
    /// Its name in the documents.
    pub name: String,
    /// Its values without regard to case and quotes, as terms and as a column.
    pub key: Field,
    /// The name of the column of keys.
    pub key_column: String,
    /// Its values as written, as a column, for facets.
    pub text: Field,
    /// The name of the column of texts.
    pub text_column: String,
    /// Its values that are numbers, as terms and as a column.
    pub number: Field,
    /// The name of the column of numbers.
    pub number_column: String,
}

impl MemberFields {
    /// The fields of the member that was declared as the `n`th. They are numbered, for a member may be named anything.
    pub(super) fn add_to(schema: &mut SchemaBuilder, n: usize, name: &str) -> Self {
        let column = |what: &str| format!("member_{n}_{what}");
        let (key_column, text_column, number_column) = (column("key"), column("text"), column("number"));
        Self {
            name: name.to_owned(),
            key: schema.add_text_field(&key_column, as_one_term() | FAST),
            text: schema.add_text_field(&text_column, FAST),
            number: schema.add_f64_field(&number_column, as_term() | FAST),
            key_column,
            text_column,
            number_column,
        }
    }

    /// Adds the values that a document has of this member: a text, a number, true or false, or a list of these.
    pub(super) fn add(&self, document: &mut TantivyDocument, members: &Map<String, Value>) {
        if let Some(value) = members.get(&self.name) {
            self.add_value(document, value);
        }
    }

    fn add_value(&self, document: &mut TantivyDocument, value: &Value) {
        match value {
            Value::Array(values) => {
                // A list of lists is no list of values.
                values.iter().filter(|value| !value.is_array()).for_each(|value| self.add_value(document, value));
            }
            Value::Number(number) => {
                self.add_text(document, &number.to_string());
                if let Some(number) = number.as_f64() {
                    document.add_f64(self.number, number);
                }
            }
            Value::String(text) => self.add_text(document, text),
            Value::Bool(value) => self.add_text(document, &value.to_string()),
            Value::Null | Value::Object(_) => {}
        }
    }

    fn add_text(&self, document: &mut TantivyDocument, text: &str) {
        document.add_text(self.key, comparison_key(text));
        document.add_text(self.text, head(text, MAX_VALUE_CHARS));
    }
}

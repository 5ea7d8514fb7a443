//! A document → the fields that the engine indexes and stores.

use tantivy::{Document, TantivyDocument, schema::Field};

use super::{
    Prepared,
    duplicates::Groups,
    schema::{self, Fields},
};

/// The engine's writer of documents.
pub(super) type EngineWriter = tantivy::IndexWriter<EngineDocument>;

/// A document as it waits for the engine, of which there may be ten thousand. What three fields have of title and text is there once, and
/// copied for each when the engine takes the document.
pub(super) struct EngineDocument {
    fields: TantivyDocument,
    body: Field,
    /// The fields that have what the body has.
    as_body: [Field; 2],
}

impl Document for EngineDocument {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = Box<dyn Iterator<Item = (Field, Self::Value<'a>)> + 'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let values = self.fields.iter_fields_and_values();
        Box::new(values.flat_map(|(field, value)| {
            let others: &[Field] = if field == self.body { &self.as_body } else { &[] };
            std::iter::once(field).chain(others.iter().copied()).map(move |field| (field, value))
        }))
    }
}

/// All fields of a document that was packed, which joins a group of near duplicates by that.
///
/// # Errors
/// Where the index of the groups cannot be read.
pub(super) fn engine_document(
    prepared: &Prepared,
    packed: &[u8],
    groups: &mut Groups,
    fields: &Fields,
) -> tantivy::Result<EngineDocument> {
    let Prepared { document, record, signature, file } = prepared;
    let mut stored = TantivyDocument::default();
    stored.add_text(fields.id, &record.id);
    if let Some(file) = file {
        stored.add_text(fields.file, file);
    }
    if !document.title.is_empty() {
        stored.add_text(fields.body, &document.title);
        stored.add_text(fields.title, &document.title);
    }
    for heading in prepared.headings() {
        stored.add_text(fields.headings, heading);
    }
    stored.add_text(fields.body, &document.text);
    stored.add_text(fields.language, &record.language);
    if let Some(date) = document.date {
        stored.add_i64(fields.date, date.sort_key());
    }
    if let Some(source) = &document.source {
        stored.add_text(fields.source, schema::comparison_key(source));
        stored.add_text(fields.source_name, source);
    }
    stored.add_u64(fields.tie_breaker, tie_breaker(&document.id));
    groups.add(signature, &mut stored, fields)?;
    for member in &fields.members {
        member.add(&mut stored, &document.members);
    }
    stored.add_bytes(fields.stored, packed);
    // It may have grown by doubling.
    stored.shrink_to_fit();
    Ok(EngineDocument { fields: stored, body: fields.body, as_body: [fields.forms, fields.names] })
}

/// A number that only an id tells.
fn tie_breaker(id: &str) -> u64 {
    let hash = blake3::hash(id.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

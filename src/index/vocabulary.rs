//! What the index knows of words, for repairs.

use tantivy::{TantivyError, schema::Field};

use super::{Index, near::near};
use crate::{analysis::Reading, query::repair::Vocabulary};

impl Vocabulary for Index {
    fn size(&self) -> u64 {
        Index::documents(self)
    }

    fn documents(&self, reading: &Reading) -> u64 {
        let documents = reading.terms.iter().map(|term| with(self, self.fields().body, term));
        documents.max().unwrap_or_default()
    }

    fn documents_as_typed(&self, reading: &Reading) -> u64 {
        with(self, self.fields().forms, &reading.form)
    }

    fn near(&self, form: &str, edits: usize) -> Vec<(String, u64)> {
        let walk = || Ok::<_, TantivyError>(near(form, edits, self)?.into());
        let forms = self.known_near.get_or(&(form.to_owned(), edits), walk);
        forms.map(|forms| forms.to_vec()).unwrap_or_default()
    }

    fn is_name(&self, form: &str) -> bool {
        Index::is_name(self, form).unwrap_or_default()
    }
}

/// How many documents have a term in a field.
fn with(index: &Index, field: Field, term: &str) -> u64 {
    // A dictionary that cannot be read will fail the search itself; here it costs the repair.
    index.frequency(field, term).unwrap_or_default()
}

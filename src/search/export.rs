//! An index → its documents, as lines that can be indexed again.

use std::io;

use super::RequestError;
use crate::{
    index::{self, Index, IndexError},
    query::Condition,
};

/// Why an export ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The index cannot be asked for this.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The index could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What was exported was not taken.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Gives all documents on, or those that meet a condition, each as a line of JSON; how many there are.
///
/// # Errors
/// Where the condition names a member that the index cannot filter by, where the data cannot be read, and where a line is not
/// taken.
pub fn export(
    index: &Index,
    condition: Option<&Condition>,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<u64, ExportError> {
    check_condition(index, condition)?;
    index.export(condition, take).map_err(|error| match error {
        index::ExportError::Index(error) => error.into(),
        index::ExportError::Output(error) => error.into(),
    })
}

/// Whether an index can tell which documents meet a condition.
///
/// # Errors
/// Where it names a member by which the index cannot filter.
pub fn check_condition(index: &Index, condition: Option<&Condition>) -> Result<(), RequestError> {
    let filterable = &index.manifest().filterable;
    let mut members = condition.into_iter().flat_map(Condition::members);
    match members.find(|name| !filterable.iter().any(|known| known == name)) {
        Some(name) => Err(RequestError::NotFilterable { name: name.to_owned(), filterable: filterable.clone() }),
        None => Ok(()),
    }
}

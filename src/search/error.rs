//! Why a search was not answered.

use super::RequestError;
use crate::index::IndexError;

/// Why a search was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index cannot be asked for this.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The index could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

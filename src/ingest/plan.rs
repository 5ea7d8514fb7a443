//! What a run would do, without doing it.

use std::path::Path;

use super::{Identity, Options, Source, known::Known};
use crate::{
    corpus::{self, ReadError, walk},
    index::Manifest,
};

/// What a run would do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not read before.
    New,
    /// It is another one than it was.
    Changed,
    /// It is as it was.
    Unchanged,
    /// It is gone, and its documents would go.
    Gone,
}

/// A file, and what a run would do with it.
#[derive(Debug)]
pub struct Planned {
    /// The id of the file.
    pub id: String,
    /// What would be done.
    pub change: Change,
    /// What it would be taken for; or why it cannot be read. `None` of what is gone.
    pub format: Option<Result<String, ReadError>>,
}

/// What a run would do with the files of some sources, for the index in `index_dir`, if there is one.
#[must_use]
pub fn plan(sources: &[Source], index_dir: &Path, options: &Options) -> Vec<Planned> {
    let identity = Identity::new(index_dir);
    let data = Manifest::read(index_dir).map(|manifest| manifest.data).unwrap_or_default();
    let known = Known::load(index_dir, &data, &options.read);
    let mut planned: Vec<Planned> = Vec::new();
    for path in sources.iter().filter_map(Source::path) {
        for found in walk(path, &options.walk) {
            let (id, change, format) = match found {
                Ok(file) => {
                    let id = identity.of(&file.path);
                    let change = match known.files.get(&id) {
                        None => Change::New,
                        Some(_) if known.unchanged(&id, &file).is_some() => Change::Unchanged,
                        Some(_) => Change::Changed,
                    };
                    (id, change, corpus::format_of_file(&file.path).map(|format| format.to_string()))
                }
                Err((path, error)) => (identity.of(&path), Change::New, Err(error)),
            };
            if !identity.is_of_index(&id) {
                planned.push(Planned { id, change, format: Some(format) });
            }
        }
    }
    if options.prune {
        let is_meant = |id: &str| sources.iter().filter_map(Source::path).any(|path| identity.is_below(id, path));
        let found: std::collections::HashSet<String> = planned.iter().map(|planned| planned.id.clone()).collect();
        let gone = known.files.keys().filter(|id| !found.contains(*id) && is_meant(id));
        let gone: Vec<Planned> =
            gone.map(|id| Planned { id: id.clone(), change: Change::Gone, format: None }).collect();
        planned.extend(gone);
    }
    planned
}

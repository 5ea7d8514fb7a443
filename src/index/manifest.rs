//! The manifest of an index: what it was built under, what it holds, where its data lies.
//!
//! It is written last and replaced in one step, so an index is always the one before a change or the one after.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::IndexError;
use crate::analysis::Rules;

/// The version of schema and manifest; a change of either that old programs or old indexes cannot follow raises it.
const FORMAT: u32 = 9;

/// The name of the manifest in the folder of an index.
pub(super) const FILE_NAME: &str = "manifest.json";

/// What stands in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of the index format.
    pub format: u32,
    /// The fingerprint of the rules of analysis.
    pub analysis: String,
    /// Whether forms are led back to their dictionary words.
    pub lemmas: bool,
    /// The names of the members of documents by which can be filtered, sorted and counted.
    pub filterable: Vec<String>,
    /// The version of the program that wrote it.
    pub written_by: String,
    /// The folder of the data, beside the manifest.
    pub data: String,
    /// How many documents there are.
    pub documents: u64,
    /// How many there are of each language label.
    pub languages: BTreeMap<String, u64>,
    /// When the index was created, in RFC 3339.
    pub created: String,
    /// When documents were last added, in RFC 3339.
    pub updated: String,
}

impl Manifest {
    /// The manifest of an index without documents whose data lies in `data`.
    pub(super) fn new(data: String, rules: Rules, filterable: Vec<String>) -> Self {
        let now = now();
        Self {
            format: FORMAT,
            analysis: rules.fingerprint(),
            lemmas: rules.lemmas,
            filterable,
            written_by: env!("CARGO_PKG_VERSION").to_owned(),
            data,
            documents: 0,
            languages: BTreeMap::new(),
            created: now.clone(),
            updated: now,
        }
    }

    /// The manifest of the index in `dir`, if this program can use it.
    ///
    /// # Errors
    /// Where there is none, where it cannot be read, and where it was written under other rules.
    pub fn read(dir: &Path) -> Result<Self, IndexError> {
        let path = dir.join(FILE_NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(IndexError::NotFound(dir.to_owned())),
            Err(error) => return Err(IndexError::io(&path)(error)),
        };
        let damaged = |reason: String| IndexError::DamagedManifest { dir: dir.to_owned(), reason };
        // The format comes first: a manifest of another one may lack members that this one has.
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        let format = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or_default();
        let analysis = value.get("analysis").and_then(serde_json::Value::as_str).unwrap_or("none");
        let lemmas = value.get("lemmas").and_then(serde_json::Value::as_bool).unwrap_or_default();
        let ours = Rules { lemmas }.fingerprint();
        if format != u64::from(FORMAT) || analysis != ours {
            return Err(IndexError::OtherRules {
                dir: dir.to_owned(),
                built: format!("format {format}, analysis {analysis}"),
                ours: format!("format {FORMAT}, analysis {ours}"),
            });
        }
        serde_json::from_value(value).map_err(|error| damaged(error.to_string()))
    }

    /// Writes the manifest into `dir`, in one step, durably: file and folder are synced.
    pub(super) fn write(&self, dir: &Path) -> Result<(), IndexError> {
        let path = dir.join(FILE_NAME);
        let write = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            make_readable(file.as_file())?;
            file.persist(&path)?;
            File::open(dir)?.sync_all()
        };
        write().map_err(IndexError::io(&path))
    }

    /// The rules of analysis that the index was built under.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules { lemmas: self.lemmas }
    }

    /// Notes that documents were added now.
    pub(super) fn touch(&mut self) {
        self.updated = now();
    }
}

/// Temporary files are private; an index is as readable as its folder lets it be, so that a server of another user can
/// open what an operator built.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The time in RFC 3339, to the microsecond, so that two changes never look like one.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let exact = now.replace_microsecond(now.microsecond()).unwrap_or(now);
    exact.format(&Rfc3339).unwrap_or_default()
}

//! Copies of an index out and in, whether it is whole, and its documents as lines.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use oba::{
    corpus::MAX_DOCUMENT_BYTES,
    index::{self, Index, IndexError},
    ingest,
    query::Condition,
    search::{self, ExportError},
};
use serde_json::json;

use super::{Failure, Outcome, settings::Settings};

/// What to export.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The file to write; - for standard output, which is the default
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Only documents that meet a condition, as in a search
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<Condition>,
}

/// Writes a copy of the index into a new folder.
pub(super) fn snapshot(settings: &Settings, to: &Path) -> Result<Outcome, Failure> {
    let made = index::snapshot(&settings.index.value, to)?;
    writeln!(io::stdout(), "Wrote {} documents, {} bytes, into {}", made.documents, made.bytes, to.display())?;
    Ok(Outcome::Done)
}

/// Puts a snapshot in the place of the index.
pub(super) fn restore(settings: &Settings, from: &Path) -> Result<Outcome, Failure> {
    let dir = &settings.index.value;
    let restored = ingest::restore(from, dir).map_err(|error| match error {
        IndexError::Locked { holder, .. } => {
            format!("{holder} has the index in {} open for writing; stop it, and restore then", dir.display()).into()
        }
        other => Failure::from(other),
    })?;
    writeln!(io::stdout(), "Restored {} documents into {}", restored.documents, dir.display())?;
    Ok(Outcome::Done)
}

/// Looks whether the index is as it was written.
pub(super) fn verify(settings: &Settings, as_json: bool) -> Result<Outcome, Failure> {
    let dir = &settings.index.value;
    let found = index::verify(dir)?;
    let mut out = io::stdout().lock();
    if as_json {
        let mut shown = serde_json::to_value(&found)?;
        shown["clean"] = json!(found.is_clean());
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    } else {
        let (documents, files, bytes) = (found.documents, found.files, found.bytes);
        writeln!(out, "Looked at {documents} documents in {files} files of {bytes} bytes in {}", dir.display())?;
        for note in &found.notes {
            writeln!(out, "{note}")?;
        }
        for fault in &found.faults {
            writeln!(out, "{fault}")?;
        }
    }
    if found.is_clean() {
        return Ok(Outcome::Done);
    }
    let faults = found.faults.len() as u64 + found.further_faults;
    out.flush()?;
    Err(format!("the index in {} is damaged: {faults} faults", dir.display()).into())
}

/// Writes the documents as lines of JSON.
pub(super) fn export(settings: &Settings, arguments: &ExportArguments) -> Result<Outcome, Failure> {
    let index = Index::open(&settings.index.value)?;
    let condition = arguments.filter.as_ref();
    let mut too_long = 0_u64;
    let mut write = |out: &mut dyn Write| {
        search::export(&index, condition, &mut |line| {
            too_long += u64::from(line.len() as u64 > MAX_DOCUMENT_BYTES);
            out.write_all(line)
        })
    };
    let exported = match arguments.file.as_deref().filter(|file| file.as_os_str() != "-") {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            let exported = write(&mut out).map_err(failure)?;
            out.flush()?;
            exported
        }
        Some(file) => {
            let refuse = |error: io::Error| format!("{}: {error}", file.display());
            // The file is there whole or not at all.
            let mut out = BufWriter::new(tempfile::NamedTempFile::new_in(folder_of(file)).map_err(refuse)?);
            let exported = write(&mut out).map_err(failure)?;
            let out = out.into_inner().map_err(|error| refuse(error.into_error()))?;
            out.as_file().sync_all().map_err(refuse)?;
            let out = out.into_temp_path();
            make_readable(&out).map_err(refuse)?;
            out.persist(file).map_err(|error| refuse(error.error))?;
            exported
        }
    };
    eprintln!("Exported {exported} documents");
    if too_long > 0 {
        eprintln!(
            "oba: {too_long} of them make lines longer than {MAX_DOCUMENT_BYTES} bytes, which `oba index` does not read"
        );
    }
    Ok(Outcome::Done)
}

/// A pipe that was closed must be known as one.
fn failure(error: ExportError) -> Failure {
    match error {
        ExportError::Output(error) => error.into(),
        other => other.into(),
    }
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Temporary files are private; what is written for a person is as readable as what they write themselves.
#[cfg(unix)]
fn make_readable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_path: &Path) -> io::Result<()> {
    Ok(())
}

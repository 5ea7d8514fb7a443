//! What is in the journal and applied already → read once more, for an index that is built beside.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    FOLDER, Head, JournalError,
    files::{LOG, LONG},
    frame::{self, Frame},
};

/// A request that is read again.
pub(in crate::live) struct Again {
    pub task: u64,
    pub body: AgainBody,
}

/// Where its operations are.
pub(in crate::live) enum AgainBody {
    /// In this record; and whether it deletes by a filter.
    Here(String, bool),
    /// In this file.
    File(PathBuf),
}

#[derive(Deserialize)]
struct Numbered {
    task: u64,
    #[serde(flatten)]
    head: Head,
}

/// Gives on the requests of the journal in `dir` after one task up to another, in their order. All of them are applied, so they
/// are whole; others may be written behind them meanwhile. The files that hold them must be kept.
///
/// # Errors
/// Where one of them cannot be read, and what `take` fails with.
pub(in crate::live) fn read_again<E: From<JournalError>>(
    dir: &Path,
    after: u64,
    up_to: u64,
    take: &mut dyn FnMut(Again) -> Result<(), E>,
) -> Result<(), E> {
    if after >= up_to {
        return Ok(());
    }
    let folder = dir.join(FOLDER);
    let files = list(&folder)?;
    let mut last = after;
    for (n, (number, path, is_long)) in files.iter().enumerate() {
        let is_before = files.get(n + 1).is_some_and(|(next, ..)| *next <= after + 1);
        if is_before || *number > up_to {
            continue;
        }
        if *is_long {
            if *number > after {
                take(Again { task: *number, body: AgainBody::File(path.clone()) })?;
                last = *number;
            }
            continue;
        }
        log(path, after, up_to, &mut |again| {
            last = again.task;
            take(again)
        })?;
    }
    // The last one was applied, so it must be there.
    if last == up_to { Ok(()) } else { Err(JournalError::Damaged { path: folder, at: 0 }.into()) }
}

/// The file of a long request.
pub(in crate::live) fn path_of_long(dir: &Path, task: u64) -> PathBuf {
    dir.join(FOLDER).join(format!("{task:020}.{LONG}"))
}

/// The files with their numbers, in order, and whether each is a long request.
fn list(folder: &Path) -> Result<Vec<(u64, PathBuf, bool)>, JournalError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(JournalError::io(folder))? {
        let path = entry.map_err(JournalError::io(folder))?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        let ending = path.extension().and_then(|ending| ending.to_str());
        if let (Some(ending @ (LOG | LONG)), Some(number)) = (ending, number) {
            found.push((number, path.clone(), ending == LONG));
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn log<E: From<JournalError>>(
    path: &Path,
    after: u64,
    up_to: u64,
    take: &mut dyn FnMut(Again) -> Result<(), E>,
) -> Result<(), E> {
    let file = File::open(path).map_err(JournalError::io(path))?;
    let mut input = BufReader::new(file);
    let damaged = || JournalError::Damaged { path: path.to_owned(), at: 0 };
    // What is not whole is being written, and behind all that is asked for.
    while let Frame::Whole(content) = frame::read(&mut input).map_err(JournalError::io(path))? {
        let content = String::from_utf8(content).map_err(|_| damaged())?;
        for record in content.lines() {
            let Numbered { task, head } = serde_json::from_str(record).map_err(|_| damaged())?;
            if task > up_to {
                return Ok(());
            }
            if task > after {
                take(Again { task, body: AgainBody::Here(record.to_owned(), head.is_filtered) })?;
            }
        }
    }
    Ok(())
}

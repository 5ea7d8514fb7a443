//! The files of a journal → what of it is still to be applied.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::BufReader,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    Body, Entry, Head, JournalError, LongReader,
    files::{self, Files, INCOMING, LOG, LONG},
    frame::{self, Frame, HEADER_BYTES},
};

/// What is read of a record before it is applied.
#[derive(Deserialize)]
struct Numbered {
    task: u64,
    #[serde(flatten)]
    head: Head,
}

/// Reads a journal; makes its folder, where there is none.
pub(super) fn recover(folder: &Path, applied: u64, last: u64) -> Result<(Files, Vec<Entry>), JournalError> {
    if !folder.exists() {
        fs::create_dir_all(folder).map_err(JournalError::io(folder))?;
        folder.parent().map_or(Ok(()), files::sync_folder)?;
    }
    let found = list(folder)?;
    let mut last = last.max(applied);
    let mut ended = VecDeque::new();
    let mut entries = Vec::new();
    for (n, (number, path)) in found.iter().enumerate() {
        let before = entries.len();
        let newest = if path.extension().is_some_and(|ending| ending == LONG) {
            if *number > applied {
                let head = LongReader::open(path, 0)?.head()?;
                entries.push(Entry { task: *number, head, body: Body::File(path.clone()) });
            }
            *number
        } else {
            read_log(path, n + 1 == found.len(), applied, &mut entries)?.unwrap_or(*number - 1)
        };
        last = last.max(newest);
        if entries.len() == before {
            fs::remove_file(path).map_err(JournalError::io(path))?;
        } else {
            ended.push_back((path.clone(), newest));
        }
    }
    Ok((Files::new(folder.to_owned(), last + 1, ended), entries))
}

/// The files with their numbers, in order. What was not complete is removed.
fn list(folder: &Path) -> Result<Vec<(u64, PathBuf)>, JournalError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(JournalError::io(folder))? {
        let path = entry.map_err(JournalError::io(folder))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
        match (ending, number) {
            (INCOMING, _) => fs::remove_file(&path).map_err(JournalError::io(&path))?,
            (LOG | LONG, Some(number)) if number > 0 => found.push((number, path)),
            _ => {}
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Reads a log; the number of its last record, if it has one. A torn end of the newest file is cut off: nobody was told that it
/// is accepted.
fn read_log(path: &Path, is_newest: bool, applied: u64, entries: &mut Vec<Entry>) -> Result<Option<u64>, JournalError> {
    let file = File::open(path).map_err(JournalError::io(path))?;
    let mut input = BufReader::new(file);
    let (mut at, mut last) = (0, None);
    let damaged = |at| JournalError::Damaged { path: path.to_owned(), at };
    loop {
        match frame::read(&mut input).map_err(JournalError::io(path))? {
            Frame::End => return Ok(last),
            Frame::Whole(content) => {
                let length = (HEADER_BYTES + content.len()) as u64;
                let content = String::from_utf8(content).map_err(|_| damaged(at))?;
                for record in content.lines() {
                    let Numbered { task, head } = serde_json::from_str(record).map_err(|_| damaged(at))?;
                    last = Some(task);
                    if task > applied {
                        entries.push(Entry { task, head, body: Body::Here(record.into()) });
                    }
                }
                at += length;
            }
            Frame::Broken => {
                let bytes = fs::read(path).map_err(JournalError::io(path))?;
                let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at + 1..)).unwrap_or_default();
                if !is_newest || frame::find(rest).is_some() {
                    return Err(damaged(at));
                }
                tracing::warn!(path = %path.display(), at, "the journal ends in a record that was not completed; it is cut off");
                let cut = OpenOptions::new().write(true).open(path).and_then(|file| {
                    file.set_len(at)?;
                    file.sync_all()
                });
                cut.map_err(JournalError::io(path))?;
                return Ok(last);
            }
        }
    }
}

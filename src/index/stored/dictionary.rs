//! What texts have in common, which their pieces refer to and do not hold: one dictionary for zstd that is the program's, and one that an
//! index makes of its own first texts for each language label. They lie beside the data and never change: what was packed with one
//! cannot be unpacked with another.

use std::{
    borrow::Cow,
    fmt, fs, io,
    path::Path,
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

use super::{Damaged, damaged};
use crate::language::Label;

/// What texts of both languages have in common: a piece of 4 KiB takes .355 of its text with it and .40 without, and is unpacked a tenth
/// faster. See `dictionary.LICENSE.txt`.
pub(super) const COMMON: &[u8] = include_bytes!("dictionary.bin");

/// The checksum behind a dictionary, in bytes: blake3.
const SUM: usize = blake3::OUT_LEN;

static COMMON_DICTIONARY: LazyLock<Arc<Dictionary>> = LazyLock::new(|| Arc::new(Dictionary(COMMON.into())));

/// A dictionary for zstd, to unpack with.
#[derive(Debug)]
pub(super) struct Dictionary(Cow<'static, [u8]>);

impl From<Vec<u8>> for Dictionary {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl Dictionary {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The dictionary that a document was packed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Choice {
    /// That of the program.
    Common,
    /// That which the index made of the first texts of a label, by its number among all labels.
    Own(u8),
}

/// The dictionaries of an index.
#[derive(Clone, Default)]
pub(in crate::index) struct Dictionaries {
    own: [Option<Arc<Dictionary>>; Label::ALL.len()],
}

impl Dictionaries {
    /// Those of the data in a folder. What was opened before is taken over.
    ///
    /// # Errors
    /// Where one cannot be read, or is not as it was written.
    pub(in crate::index) fn open(data: &Path, before: Option<&Self>) -> io::Result<Self> {
        let mut dictionaries = before.cloned().unwrap_or_default();
        for (label, own) in Label::ALL.into_iter().zip(&mut dictionaries.own) {
            if own.is_none() {
                *own = of_label(data, label)?.map(|bytes| Arc::new(bytes.into()));
            }
        }
        Ok(dictionaries)
    }

    pub(super) fn get(&self, choice: Choice) -> io::Result<Arc<Dictionary>> {
        let number = match choice {
            Choice::Common => return Ok(Arc::clone(&COMMON_DICTIONARY)),
            Choice::Own(number) => usize::from(number),
        };
        let label = *Label::ALL.get(number).ok_or(Damaged).map_err(damaged)?;
        let missing = || damaged(format!("{}, which it was packed with, is not there", file_name(label)));
        self.own[number].as_ref().map(Arc::clone).ok_or_else(missing)
    }
}

impl fmt::Debug for Dictionaries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.own.iter().map(Option::is_some)).finish()
    }
}

/// The names of the files of dictionaries, in the folder of the data, of which each may be there.
pub(in crate::index) fn file_names() -> impl Iterator<Item = String> {
    Label::ALL.into_iter().map(file_name)
}

fn file_name(label: Label) -> String {
    format!("texts-{label}.dictionary")
}

/// The dictionary of a label, if the index has made one.
pub(super) fn of_label(data: &Path, label: Label) -> io::Result<Option<Vec<u8>>> {
    let path = data.join(file_name(label));
    match read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
    }
}

/// The dictionary in a file.
///
/// # Errors
/// Where it cannot be read, or is not as it was written.
pub(in crate::index) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(path)?;
    let is_whole = bytes.split_last_chunk::<SUM>().is_some_and(|(bytes, sum)| blake3::hash(bytes) == *sum);
    if !is_whole {
        return Err(damaged("its bytes are not those that were written (checksum)"));
    }
    bytes.truncate(bytes.len() - SUM);
    Ok(bytes)
}

/// Writes the dictionary of a label, in one step, durably but for its name: that is made durable with those of the documents that need it.
pub(super) fn write(data: &Path, label: Label, bytes: &[u8]) -> io::Result<()> {
    let unfinished = data.join(format!(".{}", file_name(label)));
    fs::write(&unfinished, [bytes, blake3::hash(bytes).as_bytes()].concat())?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, data.join(file_name(label)))
}

//! An archive of Unix → its files, one after the other as they stand in it.

use std::io::Read;

use crate::corpus::{
    ReadError,
    archives::zip::entry_name,
    read::{Place, Reader},
};

/// Reads the files of an archive; folders, links and devices are passed over.
pub(in crate::corpus) fn read(reader: &mut Reader<'_>, place: &Place, input: &mut dyn Read) -> Result<(), ReadError> {
    reader.check_depth(place)?;
    let damaged = |error: std::io::Error| ReadError::damaged("tar archive", &error);
    let mut archive = tar::Archive::new(input);
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        reader.count_entry()?;
        let inside = place.entry(&entry_name(&entry.path_bytes(), false));
        reader.unpacked(&inside, entry);
    }
    Ok(())
}

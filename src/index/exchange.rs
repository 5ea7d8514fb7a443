//! Two indexes, each put into the folder of the other, in one step.

use std::{io, path::Path};

use super::{IndexError, folder::sync_folder, lock::Lock};

/// Exchanges the folders of two indexes that nobody has open for writing: whoever looks, at whatever moment, finds both as they
/// were or both exchanged.
///
/// # Errors
/// Where another process writes to one of them, where the system cannot do it in one step, and where it refuses; then both are as
/// they were.
pub fn exchange(one: &Path, other: &Path) -> Result<(), IndexError> {
    let _locks = (Lock::take(one)?, Lock::take(other)?);
    // What a link names is exchanged and never the link, which may mean another folder elsewhere.
    let whole = |dir: &Path| dir.canonicalize().map_err(IndexError::io(dir));
    let (one, other) = (whole(one)?, whole(other)?);
    in_one_step(&one, &other).map_err(|error| refusal(&one, &other, error))?;
    for parent in [one.parent(), other.parent()].into_iter().flatten() {
        sync_folder(parent)?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn in_one_step(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn in_one_step(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn refusal(one: &Path, other: &Path, error: io::Error) -> IndexError {
    let reason = match error.kind() {
        io::ErrorKind::CrossesDevices => {
            "they lie on two file systems; put the home of the server (--home) on the file system of the index"
        }
        io::ErrorKind::ResourceBusy => {
            "a file system is mounted on one of them; put the index into a folder of it, and the home of the server beside that"
        }
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput => {
            "the system cannot do that in one step; Linux can, on its usual file systems"
        }
        _ => return IndexError::io(one)(error),
    };
    IndexError::CannotExchange { one: one.to_owned(), other: other.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn two_folders_are_exchanged_with_all_that_is_in_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, other) = (folder.path().join("газета"), folder.path().join("press"));
        for (dir, text) in [(&one, "визит"), (&other, "visit")] {
            fs::create_dir(dir).expect("writable");
            fs::write(dir.join("manifest.json"), text).expect("writable");
        }
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("press", &link).expect("writable");
        exchange(&one, &link).expect("exchanged");
        assert_eq!(fs::read_to_string(one.join("manifest.json")).expect("readable"), "visit");
        assert_eq!(fs::read_to_string(link.join("manifest.json")).expect("readable"), "визит");
        assert!(link.is_symlink() && !one.is_symlink());
        let held = Lock::take(&other).expect("free");
        assert!(matches!(exchange(&one, &other), Err(IndexError::Locked { .. })));
        drop(held);
        assert_eq!(fs::read_to_string(one.join("manifest.json")).expect("readable"), "visit");
    }
}

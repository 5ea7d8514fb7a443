//! The file of keys in the home of a server: made, listed, revoked.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{KEY_BYTES, Key, KeyError, KeyRing, Kind, PREFIX};

/// The file of keys, and the one that whoever changes it holds meanwhile.
const FILE_NAME: &str = "keys.json";
const LOCK_NAME: &str = "keys.lock";

/// How many digits of its hash name a key: enough to tell those of one server apart, few enough to type.
const ID_DIGITS: usize = 8;

/// The keys of a server, on disk.
#[derive(Debug, Clone)]
pub struct KeyStore {
    home: PathBuf,
}

/// What stands in the file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Content {
    keys: Vec<Key>,
}

impl KeyStore {
    /// The keys of the server with this home, which need not be there yet.
    #[must_use]
    pub fn in_home(home: &Path) -> Self {
        Self { home: home.to_owned() }
    }

    /// Makes a key. It is returned beside what is known of it, and can never be shown again.
    ///
    /// # Errors
    /// Where the file cannot be read or written, and where the system has no random numbers.
    pub fn add(&self, kind: Kind, name: &str) -> Result<(String, Key), KeyError> {
        let _lock = self.lock()?;
        let mut keys = self.read()?.keys.unwrap_or_default();
        let mut bytes = [0; KEY_BYTES];
        let (secret, hash, id) = loop {
            getrandom::fill(&mut bytes).map_err(|error| KeyError::Random(error.to_string()))?;
            // Digits alone: a double click takes the whole of it, and no shell or address has to escape it.
            let secret = format!("{PREFIX}{}", blake3::Hash::from_bytes(bytes).to_hex());
            let hash = blake3::hash(secret.as_bytes());
            let id = hash.to_hex()[..ID_DIGITS].to_owned();
            if keys.iter().all(|key: &Key| key.id != id) {
                break (secret, hash, id);
            }
        };
        let now = OffsetDateTime::now_utc();
        let created = now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default();
        let key = Key { id, kind, name: name.to_owned(), created, hash };
        keys.push(key.clone());
        self.write(&Content { keys })?;
        Ok((secret, key))
    }

    /// Takes a key away; whether there was one of this id.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn revoke(&self, id: &str) -> Result<bool, KeyError> {
        if !self.path().exists() {
            return Ok(false);
        }
        let _lock = self.lock()?;
        let mut keys = self.read()?.keys.unwrap_or_default();
        let before = keys.len();
        keys.retain(|key| key.id != id);
        let is_revoked = keys.len() < before;
        if is_revoked {
            self.write(&Content { keys })?;
        }
        Ok(is_revoked)
    }

    /// The keys that there are.
    ///
    /// # Errors
    /// Where the file is there and cannot be read.
    pub fn read(&self) -> Result<KeyRing, KeyError> {
        let path = self.path();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(KeyRing::default()),
            Err(source) => return Err(KeyError::Io { path, source }),
        };
        let content: Content =
            serde_json::from_str(&text).map_err(|error| KeyError::Damaged { path, reason: error.to_string() })?;
        Ok(KeyRing { keys: Some(content.keys) })
    }

    /// Where the keys are.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.home.join(FILE_NAME)
    }

    /// Two that change the keys at once do so one after the other.
    fn lock(&self) -> Result<File, KeyError> {
        let path = self.home.join(LOCK_NAME);
        let lock = || -> io::Result<File> {
            fs::create_dir_all(&self.home)?;
            let file = File::create(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|source| KeyError::Io { path: path.clone(), source })
    }

    /// Writes the file in one step, durably. A temporary file is its owner's alone (mode 600), and stays so.
    fn write(&self, content: &Content) -> Result<(), KeyError> {
        let path = self.path();
        let write = || -> io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.home)?;
            file.write_all(serde_json::to_string_pretty(content)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            File::open(&self.home)?.sync_all()
        };
        write().map_err(|source| KeyError::Io { path: path.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_itself_alone_until_it_is_revoked() -> Result<(), KeyError> {
        let home = tempfile::tempdir().map_err(|source| KeyError::Io { path: PathBuf::new(), source })?;
        let store = KeyStore::in_home(&home.path().join("дом"));
        assert!(!store.read()?.is_in_use());
        assert!(!store.revoke("00000000")?);
        let (search, known) = store.add(Kind::Search, "страница")?;
        let (admin, _) = store.add(Kind::Admin, "operator")?;
        assert!(search.starts_with("oba_") && search.len() == 68 && search != admin, "{search}");
        let ring = store.read()?;
        assert_eq!(ring.find(&search), Some(&known));
        assert_eq!(ring.find(&admin).map(|key| (key.kind, key.name.as_str())), Some((Kind::Admin, "operator")));
        for wrong in ["", "oba_", &search[..67], &search[4..], &search.to_uppercase(), &known.id, "ключ"] {
            assert_eq!(ring.find(wrong), None, "{wrong:?}");
        }
        let text = fs::read_to_string(store.path()).unwrap_or_default();
        assert!(text.contains("страница") && !text.contains(&search[4..]), "{text}");
        assert!(store.revoke(&known.id)?);
        assert_eq!(store.read()?.find(&search), None);
        let last = store.read()?.keys()[0].id.clone();
        assert!(store.revoke(&last)?);
        assert!(store.read()?.is_in_use() && store.read()?.keys().is_empty(), "the last key leaves the door shut");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_the_file() -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir()?;
        let store = KeyStore::in_home(home.path());
        store.add(Kind::Write, "")?;
        assert_eq!(fs::metadata(store.path())?.permissions().mode() & 0o777, 0o600);
        fs::write(store.path(), "{")?;
        assert!(matches!(store.read(), Err(KeyError::Damaged { .. })));
        Ok(())
    }
}

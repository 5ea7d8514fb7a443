//! Keys: what a client shows to be let in, and what it may do then.

mod live;
mod store;

use std::{fmt, io, path::PathBuf, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use live::LiveKeys;
pub use store::KeyStore;

/// What every key begins with, so that people and programs that look for lost secrets know one when they see it.
const PREFIX: &str = "oba_";

/// The random bytes of a key: as many as nobody can try through.
const KEY_BYTES: usize = 32;

/// What a key allows; each kind allows what those before it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// To search, to be given documents and suggestions.
    Search,
    /// To add, change and delete documents, too.
    Write,
    /// All.
    Admin,
}

impl Kind {
    /// The name by which it is asked for.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no kind of key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of key; there are search, write and admin")]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let kinds = [Self::Search, Self::Write, Self::Admin];
        kinds.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// What is known of a key; not the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it is called by, to revoke it: the first digits of its hash.
    pub id: String,
    /// What it allows.
    pub kind: Kind,
    /// Whose it is, or what it is for; as it was given.
    pub name: String,
    /// When it was made, in RFC 3339.
    pub created: String,
    /// A random key of 256 bits is not found by trying, however fast that goes, so a fast hash without salt keeps it as well as
    /// the slow one that a password needs.
    #[serde(serialize_with = "as_digits", deserialize_with = "from_digits")]
    hash: blake3::Hash,
}

fn as_digits<S: Serializer>(hash: &blake3::Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hash.to_hex())
}

fn from_digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<blake3::Hash, D::Error> {
    let digits = String::deserialize(deserializer)?;
    blake3::Hash::from_hex(&digits).map_err(serde::de::Error::custom)
}

impl Key {
    /// Whether this is the key of a hash. Hashes are compared in a time that does not depend on where they differ.
    fn is_of(&self, hash: &blake3::Hash) -> bool {
        self.hash == *hash
    }
}

/// The keys that there are; none where none was ever made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyRing {
    keys: Option<Vec<Key>>,
}

impl KeyRing {
    /// Whether keys were made: then nobody is let in without one, even where all of them have been revoked since.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        self.keys.is_some()
    }

    /// The keys, in the order in which they were made.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        self.keys.as_deref().unwrap_or_default()
    }

    /// What is known of a key that was shown; `None` where there is no such key.
    #[must_use]
    pub fn find(&self, shown: &str) -> Option<&Key> {
        let hash = blake3::hash(shown.as_bytes());
        // All are compared: how long that takes tells nothing of which it was.
        self.keys().iter().fold(None, |found, key| if key.is_of(&hash) { Some(key) } else { found })
    }
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system refused.
    #[error("{}: {source}", .path.display())]
    Io {
        /// On what.
        path: PathBuf,
        /// With what.
        source: io::Error,
    },
    /// The file of keys cannot be understood.
    #[error("{} is damaged ({reason}); put a copy in its place, or remove it and make new keys: oba keys add", .path.display())]
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system has no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

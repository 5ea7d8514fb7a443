//! The keys of a server, from the command line.

use std::io::{self, Write};

use clap::Subcommand;
use oba::http::keys::{Key, KeyStore, Kind};
use serde_json::json;

use super::{Failure, Outcome, settings::Settings};

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a key and print it, once: only its hash is kept
    Add {
        /// What it allows: search; write, which also searches; admin, which may all
        #[arg(long)]
        kind: Kind,
        /// Whose it is, or what it is for
        #[arg(long, value_name = "TEXT", default_value = "")]
        name: String,
    },
    /// List the keys: id, kind, when it was made, name
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key by its id
    ///
    /// Exits with 0 when it was there, 1 when it was not, 2 when it failed.
    Revoke {
        /// The id
        id: String,
    },
}

/// Makes, lists or revokes keys.
pub(super) fn keys(settings: &Settings, command: &KeysCommand) -> Result<Outcome, Failure> {
    let store = KeyStore::in_home(&settings.home.value);
    let mut out = io::stdout().lock();
    match command {
        KeysCommand::Add { kind, name } => {
            let (secret, key) = store.add(*kind, name)?;
            writeln!(out, "{secret}")?;
            eprintln!("Keep it: it is not shown again. Its id is {}; it is of kind {kind}.", key.id);
        }
        KeysCommand::List { json } => {
            let ring = store.read()?;
            if *json {
                let keys: Vec<_> = ring.keys().iter().map(shown).collect();
                writeln!(out, "{}", serde_json::to_string_pretty(&keys)?)?;
            } else {
                for Key { id, kind, created, name, .. } in ring.keys() {
                    writeln!(out, "{}", format!("{id}  {kind:6}  {created}  {name}").trim_end())?;
                }
            }
            if !ring.is_in_use() {
                eprintln!("There are no keys; all may be asked for, from this machine alone.");
            }
        }
        KeysCommand::Revoke { id } => {
            if !store.revoke(id)? {
                eprintln!("There is no key {id:?}; oba keys list shows them.");
                return Ok(Outcome::Partly);
            }
            eprintln!("Revoked {id}.");
            if store.read()?.keys().is_empty() {
                eprintln!(
                    "No key is left, and none but open routes can be asked for; make one, or remove {} and start the server anew.",
                    store.path().display()
                );
            }
        }
    }
    Ok(Outcome::Done)
}

fn shown(key: &Key) -> serde_json::Value {
    json!({ "id": key.id, "kind": key.kind, "name": key.name, "created": key.created })
}

//! What is said of the routes of the indexes as wholes.

use serde_json::{Value, json};

use super::{Operation, writes::UNWRITABLE};
use crate::{
    http::{
        Code,
        backup::Restored,
        indexes::{IndexList, ListedIndex, Swapped},
        rules::{MAX_FILTERABLE, MAX_NAME_CHARS},
    },
    live::Rebuild,
};

/// Why a body of rules may be refused.
const WRONG_BODY: [Code; 6] = [
    Code::InvalidJson,
    Code::UnknownParameter,
    Code::InvalidParameter,
    Code::BodyTooLarge,
    Code::BodyTooSlow,
    Code::BodyCutOff,
];

/// The rules that an index is built under.
fn rules() -> Value {
    json!({
        "type": "object",
        "properties": {
            "filterable": {
                "type": ["array", "null"],
                "maxItems": MAX_FILTERABLE,
                "items": { "type": "string", "minLength": 1, "maxLength": MAX_NAME_CHARS, "pattern": "\\S" },
                "description": "The members by which can be filtered, sorted and counted.",
            },
            "lemmas": {
                "type": ["boolean", "null"],
                "description": "Whether forms are led back to their dictionary words.",
            },
        },
        "additionalProperties": false,
    })
}

pub(in crate::http) fn indexes() -> Operation {
    Operation::new("indexes", "The indexes that are served.").gives::<IndexList>(200, "All of them, by their names.")
}

pub(in crate::http) fn index() -> Operation {
    Operation::new("index", "One index: its figures and its state.")
        .at_index()
        .gives::<ListedIndex>(200, "The index.")
        .refuses(&[Code::IndexNotFound, Code::InvalidParameter])
}

pub(in crate::http) fn put_index() -> Operation {
    Operation::new("putIndex", "Makes an index, where there is none of that name.")
        .at_index()
        .body(rules())
        .or_no_body()
        .gives::<ListedIndex>(201, "It is made.")
        .gives::<ListedIndex>(200, "It was there, as it is asked for.")
        .refuses(&WRONG_BODY)
        .refuses(&[Code::IndexExists, Code::TooManyIndexes, Code::IndexUnavailable, Code::IndexBusy])
        .refuses(&[Code::StorageFull])
}

pub(in crate::http) fn delete_index() -> Operation {
    Operation::new("deleteIndex", "Deletes an index with all that is in it.")
        .at_index()
        .gives_nothing(204, "It is deleted.")
        .refuses(&[Code::IndexNotFound, Code::InvalidParameter, Code::IndexBusy, Code::Overloaded, Code::StorageFull])
}

pub(in crate::http) fn swap() -> Operation {
    let names = json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "string" } });
    let body = json!({
        "type": "object",
        "required": ["indexes"],
        "properties": { "indexes": names },
        "additionalProperties": false,
    });
    Operation::new("swap", "Exchanges two indexes, in one step.")
        .body(body)
        .gives::<Swapped>(200, "Each name is now that of what the other was.")
        .refuses(&WRONG_BODY)
        .refuses(&[Code::MissingParameter, Code::IndexNotFound, Code::IndexUnavailable, Code::IndexBusy])
        .refuses(&[Code::Overloaded, Code::StorageFull, Code::NotSupported])
}

pub(in crate::http) fn rebuild() -> Operation {
    Operation::new("rebuild", "The last rebuild since the server began, and how far it is.")
        .gives::<Rebuild>(200, "The rebuild.")
        .refuses(&[Code::RebuildNotFound])
}

pub(in crate::http) fn begin_rebuild() -> Operation {
    Operation::new(
        "beginRebuild",
        "Builds the index anew beside the one that is served, which it then takes the place of.",
    )
    .body(rules())
    .or_no_body()
    .gives::<Rebuild>(202, "It is begun.")
    .refuses(&WRONG_BODY)
    .refuses(&UNWRITABLE)
    .refuses(&[Code::IndexBusy])
}

pub(in crate::http) fn give_up_rebuild() -> Operation {
    Operation::new("giveUpRebuild", "Gives up the rebuild that is under way; the index stays as it is.")
        .gives_nothing(202, "It will end.")
        .refuses(&[Code::RebuildNotFound])
}

pub(in crate::http) fn restore_snapshot() -> Operation {
    Operation::new("restoreSnapshot", "Puts a snapshot in the place of the index.")
        .at("name", "Its name, as GET /snapshots gives it.")
        .gives::<Restored>(200, "It is in its place.")
        .refuses(&[Code::SnapshotNotFound, Code::InvalidParameter, Code::SnapshotUnusable, Code::IndexUnavailable])
        .refuses(&[Code::IndexBusy, Code::Overloaded, Code::StorageFull])
}

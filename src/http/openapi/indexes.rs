//! What is said of the routes of the indexes as wholes.

use serde_json::{Value, json};

use super::Operation;
use crate::http::{
    Code,
    indexes::{IndexList, ListedIndex},
    rules::MAX_FILTERABLE,
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
                "items": { "type": "string", "minLength": 1, "maxLength": 64, "pattern": "\\S" },
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

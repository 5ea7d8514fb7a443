//! What is said of the routes that change documents.

use serde_json::{Value, json};

use super::{
    Operation,
    described::{WRONG, text},
    operation::{Parameter, Place},
};
use crate::{
    http::{
        Code,
        tasks::{MAX_TASKS, TaskList},
        writing::Accepted,
    },
    live::Task,
};

/// Why a write may be refused, whatever it says.
pub(super) const UNWRITABLE: [Code; 5] =
    [Code::QueueFull, Code::NotWritable, Code::StorageFull, Code::ReadOnly, Code::WriteFailed];

/// Why a body of documents may be refused.
const WRONG_BODY: [Code; 7] = [
    Code::InvalidDocument,
    Code::InvalidJson,
    Code::InvalidParameter,
    Code::UnknownParameter,
    Code::BodyTooLarge,
    Code::BodyTooSlow,
    Code::BodyCutOff,
];

fn document_schema() -> Value {
    json!({
        "type": "object",
        "required": ["id", "text"],
        "properties": {
            "id": { "anyOf": [{ "type": "string", "minLength": 1, "maxLength": 512 }, { "type": "integer" }] },
            "title": { "description": "A text; what is none is a member like any other." },
            "text": { "type": "string", "description": "It has a word, or the title has one." },
            "date": { "description": "In ISO 8601; what is no date is kept as it came." },
            "source": { "description": "Who published it, as a text." },
            "lang": { "description": "The language that the document declares for itself, as a code." },
        },
        "additionalProperties": true,
    })
}

fn documents(id: &'static str, summary: &'static str) -> Operation {
    let document = document_schema();
    let documents = json!({ "anyOf": [document, { "type": "array", "minItems": 1, "items": document }] });
    wait(Operation::new(id, summary).body(documents).body_text("application/x-ndjson"))
        .gives::<Accepted>(200, "All of it is found: what ?wait=true waits for.")
        .gives::<Accepted>(202, "It is durable, and will be found.")
        .refuses(&WRONG_BODY)
        .refuses(&UNWRITABLE)
        .refuses(&[Code::Overloaded])
}

fn wait(operation: Operation) -> Operation {
    let flag = json!({ "type": "boolean", "default": false });
    operation.takes("wait", flag, "Whether to answer when it is found, for which 30 seconds are waited.")
}

fn deletion(operation: Operation) -> Operation {
    wait(operation)
        .gives::<Accepted>(200, "It is done: what ?wait=true waits for.")
        .gives::<Accepted>(202, "It is durable, and will be done.")
        .refuses(&WRONG)
        .refuses(&UNWRITABLE)
}

pub(in crate::http) fn put_documents() -> Operation {
    documents("putDocuments", "Adds documents; each takes the place of the one of its id.")
}

pub(in crate::http) fn post_documents() -> Operation {
    documents("postDocuments", "The same as PUT.")
}

pub(in crate::http) fn delete_documents() -> Operation {
    deletion(Operation::new("deleteDocuments", "Deletes the documents that meet a condition.").needs(
        "filter",
        text(),
        "The condition, as in a search.",
    ))
}

pub(in crate::http) fn delete_document() -> Operation {
    deletion(Operation::new("deleteDocument", "Deletes a document, if there is one.").at("id", "Its id, / as %2F."))
}

pub(in crate::http) fn task() -> Operation {
    Operation::new("task", "What has become of what was accepted.")
        .with(Parameter {
            place: Place::Path,
            name: "id",
            is_required: true,
            schema: json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }),
            description: "The number of the task.".to_owned(),
        })
        .gives::<Task>(200, "The task.")
        .refuses(&[Code::TaskNotFound, Code::InvalidParameter])
}

pub(in crate::http) fn tasks() -> Operation {
    let limit = json!({ "type": "integer", "minimum": 0, "maximum": MAX_TASKS, "default": 20 });
    Operation::new("tasks", "The newest tasks.")
        .takes("limit", limit, "How many to give.")
        .gives::<TaskList>(200, "The newest first.")
        .refuses(&WRONG)
}

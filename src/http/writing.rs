//! The routes that add documents and delete them.

use std::time::Duration;

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::Query,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::{
    Code, Refusal,
    asked::Asked,
    body::unread,
    given::{invalid, values},
    searching::{Named, Pairs},
    uploads::{self, MAX_BODY_BYTES, SkippedLines},
};
use crate::{
    live::{Operation, Refused, Task, TaskKind},
    query::Condition,
};

/// How long an answer waits for what it tells of to be found, when it was asked to.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// How many bodies are read at once. A body that is no stream is read whole, so this bounds what they take.
static BODIES: Semaphore = Semaphore::const_new(8);

/// How many streams are read at once, of some megabytes each.
static STREAMS: Semaphore = Semaphore::const_new(16);

/// How long a body may wait for its turn.
const MAX_TURN_WAIT: Duration = Duration::from_secs(5);

/// What a write is answered: its task, and what was passed over.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Accepted {
    #[serde(flatten)]
    task: Task,
    #[serde(flatten)]
    skipped: Option<SkippedLines>,
}

/// `PUT /documents`, `POST /documents`
pub(super) async fn add(
    asked: Asked,
    Query(pairs): Pairs,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let [wait] = values(pairs, &["wait"])?;
    let wait = flag("wait", wait)?;
    let (task, skipped) = if is_lines(&headers) {
        let _turn = stream_turn().await?;
        let (pump, lines) = uploads::lines();
        let live = asked.live.clone();
        let read = tokio::task::spawn_blocking(move || {
            let mut incoming = live.begin(TaskKind::Addition)?;
            let skipped = uploads::documents_of_lines(lines, &mut incoming)?;
            if incoming.documents() == 0 {
                return Err(skipped.refusal());
            }
            Ok((incoming.accept()?, Some(skipped)))
        });
        pump.run(body).await;
        joined(read.await)?
    } else {
        let _turn = turn(&BODIES).await?;
        let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|error| unread_documents(&error))?;
        let live = asked.live.clone();
        let read = tokio::task::spawn_blocking(move || {
            let operations = uploads::documents(&body)?;
            drop(body);
            Ok((live.accept(TaskKind::Addition, &operations)?, None))
        });
        joined(read.await)?
    };
    answer(&asked, task, skipped, wait).await
}

/// `DELETE /documents/{id}`: a task whether there is such a document or not, so that a client may send it again.
pub(super) async fn delete(asked: Asked, Named { id }: Named, Query(pairs): Pairs) -> Result<Response, Refusal> {
    let [wait] = values(pairs, &["wait"])?;
    let wait = flag("wait", wait)?;
    delete_by(&asked, Operation::Delete { id }, wait).await
}

/// `DELETE /documents?filter=…`
pub(super) async fn delete_meeting(asked: Asked, Query(pairs): Pairs) -> Result<Response, Refusal> {
    let [filter, wait] = values(pairs, &["filter", "wait"])?;
    let wait = flag("wait", wait)?;
    let Some(filter) = filter.filter(|filter| !filter.trim().is_empty()) else {
        let message =
            "filter is missing or blank; say which documents, as in ?filter=source = \"Газета\" (percent-encoded).";
        return Err(Refusal::new(Code::MissingParameter, message));
    };
    let condition: Condition = filter.parse().map_err(|error| invalid(format!("filter: {error}.")))?;
    let filterable = &asked.live.index().manifest().filterable.clone();
    if let Some(name) = condition.members().iter().find(|name| !filterable.iter().any(|known| known == *name)) {
        let message = format!("filter: {name} was not declared when the index was built; declared are {filterable:?}.");
        return Err(invalid(message));
    }
    delete_by(&asked, Operation::DeleteMeeting { filter }, wait).await
}

async fn delete_by(asked: &Asked, operation: Operation, wait: bool) -> Result<Response, Refusal> {
    let live = asked.live.clone();
    let accepted = tokio::task::spawn_blocking(move || Ok(live.accept(TaskKind::Deletion, &[operation])?));
    let task = joined(accepted.await)?;
    answer(asked, task, None, wait).await
}

/// The task, when it is done or the time to wait for that is over.
async fn answer(asked: &Asked, number: u64, skipped: Option<SkippedLines>, wait: bool) -> Result<Response, Refusal> {
    let is_done = wait && asked.live.is_done(number, MAX_WAIT).await;
    let lost = || {
        Refusal::new(Code::Internal, format!("Task {number} was accepted, and is not known; ask for /tasks/{number}."))
    };
    let task = asked.live.task(number).ok_or_else(lost)?;
    let status = if is_done { StatusCode::OK } else { StatusCode::ACCEPTED };
    let location = [(header::LOCATION, format!("{}/tasks/{number}", asked.base()))];
    Ok((status, location, Json(Accepted { task, skipped })).into_response())
}

/// Whether a body is a stream of lines.
fn is_lines(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines"
    )
}

/// A turn to read a stream.
pub(super) async fn stream_turn() -> Result<tokio::sync::SemaphorePermit<'static>, Refusal> {
    turn(&STREAMS).await
}

async fn turn(turns: &'static Semaphore) -> Result<tokio::sync::SemaphorePermit<'static>, Refusal> {
    let turn = tokio::time::timeout(MAX_TURN_WAIT, turns.acquire()).await;
    let too_many = || Refusal::new(Code::Overloaded, "Too many documents are sent at once; try again in a moment.");
    turn.ok().and_then(Result::ok).ok_or_else(too_many)
}

/// What is told of a body of documents that could not be read whole.
fn unread_documents(error: &axum::Error) -> Refusal {
    let Refusal { code, message, .. } = unread(error, MAX_BODY_BYTES);
    let advice = match code {
        Code::BodyTooLarge => " Send many documents as JSON Lines (Content-Type: application/x-ndjson).",
        _ => " Nothing was indexed.",
    };
    Refusal::new(code, message + advice)
}

fn flag(name: &str, value: Option<String>) -> Result<bool, Refusal> {
    let refuse = |value: &str| invalid(format!("{name} is {value:?}; it takes true or false."));
    value.map_or(Ok(false), |value| value.parse().map_err(|_| refuse(&value)))
}

pub(super) fn joined<T>(done: Result<Result<T, Refusal>, tokio::task::JoinError>) -> Result<T, Refusal> {
    done.unwrap_or_else(|panicked| Err(Refusal::internal(&panicked)))
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let code = match &refused {
            Refused::DiskFull(_) => Code::StorageFull,
            Refused::ReadOnly(_) => Code::ReadOnly,
            Refused::NotYet(_) => Code::NotWritable,
            Refused::Busy => Code::QueueFull,
            Refused::Rebuilding => Code::IndexBusy,
            Refused::Failed(_) => Code::WriteFailed,
        };
        let refusal = Self::sentence(code, &refused.to_string());
        match code {
            // A commit takes less.
            Code::QueueFull | Code::NotWritable | Code::IndexBusy => refusal.retry_after(1),
            _ => refusal,
        }
    }
}

//! The routes for other processes of the same owner: runs of indexing that go through the server that holds the index.
//!
//! Whoever asks shows the token that stands in a file which the owner alone can read; to all others there is no such route.

use std::{io::BufReader, time::Duration};

use axum::{
    Json,
    body::Body,
    http::{HeaderMap, header},
};
use serde_json::json;

use super::{
    Code, Refusal,
    app::blocking,
    asked::Asked,
    searching::Named,
    uploads::{self, Lines},
    writing::{joined, stream_turn},
};
use crate::{
    corpus::{Line, LineReader, MAX_DOCUMENT_BYTES},
    live::{Incoming, Operation, Task, TaskKind, replacement_of},
};

/// The longest line, in bytes: the largest document with its letters escaped.
const MAX_LINE_BYTES: u64 = 3 * MAX_DOCUMENT_BYTES;

/// How long an answer waits for a task to be done.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// `GET /internal/state`: whether operations are taken now.
pub(super) async fn state(asked: Asked, headers: HeaderMap) -> Result<Json<serde_json::Value>, Refusal> {
    check(&asked, &headers)?;
    let live = asked.live.clone();
    let begun = tokio::task::spawn_blocking(move || Ok(live.begin(TaskKind::Indexing).map(drop)?));
    joined(begun.await)?;
    Ok(Json(json!({ "status": "available" })))
}

/// `POST /internal/operations`: operations, one a line; all of them or none.
pub(super) async fn operations(
    asked: Asked,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<serde_json::Value>, Refusal> {
    check(&asked, &headers)?;
    let _turn = stream_turn().await?;
    let (pump, lines) = uploads::lines();
    let live = asked.live.clone();
    let read = tokio::task::spawn_blocking(move || {
        let mut incoming = live.begin(TaskKind::Indexing)?;
        take(lines, &mut incoming)?;
        Ok(incoming.accept()?)
    });
    pump.run(body).await;
    let task = joined(read.await)?;
    Ok(Json(json!({ "taskId": task })))
}

/// `GET /internal/tasks/{id}`: a task, when it is done or some time is over.
pub(super) async fn task(asked: Asked, headers: HeaderMap, Named { id }: Named) -> Result<Json<Task>, Refusal> {
    check(&asked, &headers)?;
    let none = || Refusal::new(Code::TaskNotFound, format!("There is no task {id:?}."));
    let number: u64 = id.parse().map_err(|_| none())?;
    asked.live.is_done(number, MAX_WAIT).await;
    asked.live.task(number).map(Json).ok_or_else(none)
}

/// `POST /internal/replacement`: what a run built anew takes the place of the index.
pub(super) async fn replace(asked: Asked, headers: HeaderMap) -> Result<Json<serde_json::Value>, Refusal> {
    check(&asked, &headers)?;
    let turn = asked.app.upkeep_turn()?;
    blocking(move || {
        let replaced = asked.app.indexes().restore(&asked.name, &replacement_of(asked.live.dir()));
        drop(turn);
        Ok(Json(json!({ "documents": replaced?.documents })))
    })
    .await
}

fn check(asked: &Asked, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if given.is_some_and(|token| asked.live.is_owner(token)) {
        return Ok(());
    }
    Err(Refusal::new(Code::RouteNotFound, "There is no such route; ids are percent-encoded, with / as %2F."))
}

fn take(lines: Lines, incoming: &mut Incoming) -> Result<(), Refusal> {
    let mut reader = LineReader::with_limit(BufReader::with_capacity(64 * 1024, lines), MAX_LINE_BYTES);
    let wrong = |why: String| Refusal::new(Code::InvalidJson, format!("{why}. Nothing was done."));
    while let Some(Line { number, content }) = reader.next_line().map_err(|error| wrong(error.to_string()))? {
        let content = content.map_err(|error| wrong(format!("Line {number}: {error}")))?;
        let operation: Operation =
            serde_json::from_slice(&content).map_err(|error| wrong(format!("Line {number}: {error}")))?;
        incoming.push(&operation)?;
    }
    Ok(())
}

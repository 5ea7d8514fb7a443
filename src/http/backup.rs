//! The routes of whoever keeps copies: snapshots, whether the index is whole, all documents as lines.

use std::{io, time::Duration};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{FromRequestParts, Path, Query},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{runtime::Handle, sync::mpsc, task::spawn_blocking, time::timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::{
    Code, Refusal,
    app::blocking,
    asked::Asked,
    given::{invalid, values},
    parameters::condition,
    searching::Pairs,
};
use crate::{
    index::{self, IndexError, KeptSnapshot, SnapshotName, Snapshots, Verification},
    live::IndexesError,
    search::{self, ExportError},
};

/// About how many bytes of lines are sent at once.
const BATCH_BYTES: usize = 64 * 1024;

/// How many batches may wait for a client, so that an export takes no more memory however slow it is.
const WAITING_BATCHES: usize = 4;

/// How long a client may take no batch before its export ends.
const MAX_STALL: Duration = Duration::from_mins(1);

/// The snapshot that a path names.
#[derive(Debug, Deserialize)]
pub(super) struct NamedSnapshot {
    name: String,
}

/// All snapshots.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SnapshotList {
    snapshots: Vec<KeptSnapshot>,
}

/// A snapshot that is in the place of the index.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Restored {
    /// Its name.
    snapshot: String,
    /// How many documents there are now.
    documents: u64,
}

/// What was found wrong with an index.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VerifyAnswer {
    /// Whether nothing is wrong.
    clean: bool,
    #[serde(flatten)]
    found: Verification,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedSnapshot {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::<Self>::from_request_parts(parts, state).await;
        path.map(|Path(named)| named).map_err(|_| invalid("The name in the path is not UTF-8.".to_owned()))
    }
}

/// `POST /snapshots`
pub(super) async fn make(asked: Asked) -> Result<(StatusCode, Json<KeptSnapshot>), Refusal> {
    let made = asked.upkeep(|asked| asked.snapshots().make(asked.live.dir())).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// `GET /snapshots`
pub(super) async fn list(asked: Asked) -> Result<Json<SnapshotList>, Refusal> {
    let snapshots = blocking(move || asked.snapshots().list().map_err(|error| refusal(&error))).await?;
    Ok(Json(SnapshotList { snapshots }))
}

/// `DELETE /snapshots/{name}`
pub(super) async fn delete(asked: Asked, NamedSnapshot { name }: NamedSnapshot) -> Result<StatusCode, Refusal> {
    // What is no name of a snapshot is the name of none.
    let none = || no_snapshot(&name);
    let parsed: SnapshotName = name.parse().map_err(|_| none())?;
    let was_there = asked.upkeep(move |asked| asked.snapshots().delete(&parsed)).await?;
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(none()) }
}

/// `POST /snapshots/{name}/restore`
pub(super) async fn restore(asked: Asked, NamedSnapshot { name }: NamedSnapshot) -> Result<Json<Restored>, Refusal> {
    let none = || no_snapshot(&name);
    let parsed: SnapshotName = name.parse().map_err(|_| none())?;
    let turn = asked.app.upkeep_turn()?;
    let snapshot = name.clone();
    blocking(move || {
        let from = asked.snapshots().folder_of(&parsed);
        let restored = asked.app.indexes().restore(&asked.name, &from);
        drop(turn);
        let manifest = restored.map_err(|error| match error {
            IndexesError::Index(IndexError::NoSnapshot(_)) => no_snapshot(&snapshot),
            error => Refusal::from(error),
        })?;
        Ok(Json(Restored { snapshot, documents: manifest.documents }))
    })
    .await
}

fn no_snapshot(name: &str) -> Refusal {
    Refusal::new(Code::SnapshotNotFound, format!("There is no snapshot {name:?}; GET /snapshots lists them."))
}

/// `GET /verify`
pub(super) async fn verify(asked: Asked) -> Result<Json<VerifyAnswer>, Refusal> {
    let found = asked.upkeep(|asked| index::verify(asked.live.dir())).await?;
    Ok(Json(VerifyAnswer { clean: found.is_clean(), found }))
}

/// `GET /export`
pub(super) async fn export(asked: Asked, Query(pairs): Pairs) -> Result<Response, Refusal> {
    let [filter] = values(pairs, &["filter"])?;
    let condition = filter.filter(|value| !value.trim().is_empty()).map(|value| condition(&value)).transpose()?;
    let turn = asked.app.export_turn()?;
    let index = asked.current();
    search::check_condition(&index, condition.as_ref()).map_err(|error| invalid(error.to_string()))?;
    let (batches, taken) = mpsc::channel::<io::Result<Bytes>>(WAITING_BATCHES);
    let (runtime, request) = (Handle::current(), tracing::Span::current());
    spawn_blocking(move || {
        let _request = request.entered();
        let send = |batch: io::Result<Bytes>| match runtime.block_on(timeout(MAX_STALL, batches.send(batch))) {
            Ok(Ok(())) => Ok(()),
            _ => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        };
        let mut batch = Vec::new();
        let exported = search::export(&index, condition.as_ref(), &mut |line| {
            batch.extend_from_slice(line);
            if batch.len() < BATCH_BYTES { Ok(()) } else { send(Ok(std::mem::take(&mut batch).into())) }
        });
        match exported {
            Ok(_) if batch.is_empty() => {}
            // A client that has gone needs no more.
            Ok(_) => drop(send(Ok(batch.into()))),
            Err(ExportError::Output(_)) => {}
            Err(error) => {
                tracing::error!(%error, "an export failed");
                // The answer ends without its end, so that nobody takes a part for all.
                drop(send(Err(io::Error::other("the export failed"))));
            }
        }
        drop(turn);
    });
    let lines = Body::from_stream(ReceiverStream::new(taken));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
}

impl Asked {
    /// The snapshots that are kept of the index.
    fn snapshots(&self) -> Snapshots {
        self.app.snapshots(&self.name)
    }

    /// Does work that reads or copies the whole index, on a thread that may block; one such work at a time.
    async fn upkeep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Asked) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = self.app.upkeep_turn()?;
        let asked = self.clone();
        blocking(move || {
            let done = work(&asked);
            drop(turn);
            done.map_err(|error| refusal(&error))
        })
        .await
    }
}

/// What a client is told of a copy that could not be made.
pub(super) fn refusal(error: &IndexError) -> Refusal {
    match error {
        IndexError::Io { source, .. }
            if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) =>
        {
            tracing::error!(%error, "there is no room");
            Refusal::new(
                Code::StorageFull,
                "There is no room on the disk of the server; delete snapshots or make room.",
            )
        }
        IndexError::DamagedSnapshot { .. } | IndexError::OtherRules { .. } => {
            tracing::error!(%error, "a snapshot cannot be used");
            let message = "The snapshot is damaged, or of other rules, and was not restored; the index is as it was. The log of \
                           the server says what is wrong with it.";
            Refusal::new(Code::SnapshotUnusable, message)
        }
        IndexError::CannotExchange { reason, .. } => {
            tracing::error!(%error, "two indexes cannot be swapped");
            Refusal::new(Code::NotSupported, format!("The two cannot be exchanged: {reason}."))
        }
        IndexError::Changing(_) => {
            Refusal::new(Code::Overloaded, "The index changes too often at the moment; try again in a moment.")
        }
        error => Refusal::internal(error),
    }
}

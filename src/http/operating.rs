//! The routes for whoever operates the service.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{App, Refusal, app::blocking, asked::Asked, metrics::IndexFigures, routes};
use crate::{
    index::{IndexError, free_bytes},
    live::Opened,
    search,
};

/// With less free space than this a run may not end, in bytes: about one segment of a small run and the merge of it.
const LITTLE_SPACE: u64 = 256 * 1024 * 1024;

/// That the server runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Live {
    /// Always `available`.
    status: &'static str,
}

/// How the server is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ready {
    /// `ready`; `degraded` where searches are answered and something is to be done; `unavailable` where they are not.
    status: &'static str,
    /// How many documents can be found.
    documents: u64,
    /// The index on disk: `current`; `stale` where it cannot be opened anew and searches are answered from what was open;
    /// `unreadable` where they are not.
    index: &'static str,
    /// The free bytes of the file system of the index; absent where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    free_bytes: Option<u64>,
    /// Whether documents are accepted: `healthy`, or why not: `starting`, `locked` by another process, `disk_full`, `read_only`,
    /// `failed`.
    writer: &'static str,
    /// Since when the writer is so, in RFC 3339.
    writer_since: String,
    /// How many requests are accepted and not yet found.
    tasks_waiting: usize,
    /// When something was committed last, in RFC 3339; absent where nothing was since the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_commit: Option<String>,
    /// What is wrong, in sentences.
    problems: Vec<String>,
}

/// `GET /health`, `GET /health/live`
pub(super) async fn live() -> Json<Live> {
    Json(Live { status: "available" })
}

/// `GET /health/ready`
pub(super) async fn ready(asked: Asked) -> Result<Response, Refusal> {
    // It waits for no turn: a busy server is ready.
    let ready = blocking(move || Ok(look(&asked))).await?;
    let status = if ready.status == "unavailable" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok((status, Json(ready)).into_response())
}

fn look(asked: &Asked) -> Ready {
    let open = asked.current();
    let mut problems = Vec::new();
    let mut state = "current";
    if let Err(error) = asked.live.check_disk() {
        state = "stale";
        problems
            .push(format!("The index on disk cannot be opened: {error}. Searches are answered from what was open."));
    }
    if let Err(error) = open.probe() {
        state = "unreadable";
        problems.push(format!("The index cannot be read: {error}."));
    }
    let free_bytes = free_bytes(asked.live.dir());
    if let Some(free) = free_bytes.filter(|&free| free < LITTLE_SPACE) {
        problems
            .push(format!("The file system of the index has {free} bytes left; make room, or nothing can be written."));
    }
    let health = asked.live.health();
    if let Some(refused) = health.writer.refusal() {
        problems.push(format!("Documents are not accepted: {refused}."));
    }
    problems.extend(of_others(asked));
    let status = match state {
        "unreadable" => "unavailable",
        _ if problems.is_empty() => "ready",
        _ => "degraded",
    };
    Ready {
        status,
        documents: open.documents(),
        index: state,
        free_bytes,
        writer: health.writer.name(),
        writer_since: health.since,
        tasks_waiting: health.waiting,
        last_commit: health.last_commit,
        problems,
    }
}

/// What is wrong with the indexes beside the one that was asked.
fn of_others(asked: &Asked) -> Vec<String> {
    let others = asked.app.indexes().all().into_iter().filter(|(name, _)| *name != asked.name);
    let problem = |(name, opened)| match opened {
        Opened::Broken(fault) => Some(format!("The index {name} cannot be opened: {fault}.")),
        Opened::Live(live) => {
            let refused = live.health().writer.refusal()?;
            Some(format!("Documents for the index {name} are not accepted: {refused}."))
        }
    };
    others.filter_map(problem).collect()
}

/// `GET /metrics`
pub(super) async fn metrics(State(app): State<App>) -> Result<Response, Refusal> {
    let text = blocking(move || {
        let figures = app.indexes().all().into_iter().map(|(name, opened)| {
            let figures = match opened {
                Opened::Live(live) => Some((search::stats(&live.index())?, live.health())),
                Opened::Broken(_) => None,
            };
            Ok(IndexFigures { name: name.to_string(), figures })
        });
        let figures: Result<Vec<_>, IndexError> = figures.collect();
        let figures = figures.map_err(|error| Refusal::internal(&error))?;
        app.metrics().text(&figures).map_err(|error| Refusal::internal(&error))
    })
    .await?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// `GET /openapi.json`
pub(super) async fn openapi() -> Json<&'static Value> {
    Json(routes::description())
}

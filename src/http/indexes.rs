//! The routes of the indexes as wholes: which there are, one made, one deleted, two swapped.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{App, Code, Refusal, app::blocking, asked::NamedIndex, body::unread, given, routes::MAX_BODY_BYTES, rules};
use crate::live::{IndexName, IndexesError, Live, Opened};

/// An index, as it is listed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedIndex {
    /// Its name; `default` is that of the plain routes.
    name: String,
    /// What is known of it where it can be opened.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    figures: Option<IndexFigures>,
    /// Whether documents are accepted: `healthy`, or why not; `unavailable` where the index cannot be opened.
    writer: &'static str,
    /// What is wrong, where something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// What is known of an index that is open.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct IndexFigures {
    /// How many documents there are.
    documents: u64,
    /// The bytes of its data.
    bytes: u64,
    /// When documents were last added, in RFC 3339.
    updated: String,
    /// The members by which can be filtered, sorted and counted.
    filterable: Vec<String>,
    /// Whether forms are led back to their dictionary words.
    lemmas: bool,
    /// How many requests are accepted and not yet found.
    tasks_waiting: usize,
}

/// All indexes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct IndexList {
    indexes: Vec<ListedIndex>,
}

/// Two indexes that were exchanged.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Swapped {
    /// Their names, each of which is now that of what the other was.
    swapped: [String; 2],
}

/// `GET /indexes`
pub(super) async fn list(State(app): State<App>) -> Result<Json<IndexList>, Refusal> {
    let indexes = blocking(move || app.indexes().all().iter().map(listed).collect()).await?;
    Ok(Json(IndexList { indexes }))
}

/// `GET /indexes/{index}`
pub(super) async fn show(State(app): State<App>, NamedIndex(name): NamedIndex) -> Result<Json<ListedIndex>, Refusal> {
    blocking(move || {
        let all = app.indexes().all();
        let found = all.iter().find(|(known, _)| known.as_str() == name);
        found.map_or_else(|| Err(IndexesError::NotFound(name).into()), listed)
    })
    .await
    .map(Json)
}

/// `PUT /indexes/{index}`
pub(super) async fn create(
    State(app): State<App>,
    NamedIndex(name): NamedIndex,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<ListedIndex>), Refusal> {
    let body = body.map_err(|error| unread(&error, MAX_BODY_BYTES))?;
    let name: IndexName =
        name.parse().map_err(|error| Refusal::sentence(Code::InvalidParameter, &format!("{error}")))?;
    let options = rules::from_json(&body)?;
    blocking(move || {
        let (live, is_new) = app.indexes().create(&name, &options)?;
        let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, Json(listed(&(name, Opened::Live(live)))?)))
    })
    .await
}

/// `DELETE /indexes/{index}`
pub(super) async fn delete(State(app): State<App>, NamedIndex(name): NamedIndex) -> Result<StatusCode, Refusal> {
    // What is no name is that of none.
    let name: IndexName = name.parse().map_err(|_| Refusal::from(IndexesError::NotFound(name)))?;
    // A copy that is being made of it, or a verification, ends first.
    let turn = app.upkeep_turn()?;
    blocking(move || {
        let deleted = app.indexes().delete(&name);
        drop(turn);
        Ok(deleted.map(|()| StatusCode::NO_CONTENT)?)
    })
    .await
}

/// `POST /swap`
pub(super) async fn swap(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Swapped>, Refusal> {
    let body = body.map_err(|error| unread(&error, MAX_BODY_BYTES))?;
    let [one, other] = two_names(&body)?;
    let turn = app.upkeep_turn()?;
    blocking(move || {
        let swapped = app.indexes().swap(&one, &other);
        drop(turn);
        swapped?;
        Ok(Json(Swapped { swapped: [one.to_string(), other.to_string()] }))
    })
    .await
}

/// The two indexes that a body names.
fn two_names(body: &[u8]) -> Result<[IndexName; 2], Refusal> {
    const EXAMPLE: &str = "{\"indexes\": [\"default\", \"press\"]}";
    let mut members = rules::object(body, EXAMPLE)?;
    let indexes = members.remove("indexes");
    if let Some(name) = members.keys().next() {
        given::slot(name, &["indexes"])?;
    }
    let indexes = indexes.ok_or_else(|| {
        Refusal::new(Code::MissingParameter, format!("indexes is missing; name two, as in {EXAMPLE}."))
    })?;
    let names: [String; 2] = serde_json::from_value(indexes)
        .map_err(|_| given::invalid(format!("indexes takes a list of two names, as in {EXAMPLE}.")))?;
    let [one, other] = names.map(|name| name.parse().map_err(|_| Refusal::from(IndexesError::NotFound(name))));
    Ok([one?, other?])
}

fn listed((name, opened): &(IndexName, Opened)) -> Result<ListedIndex, Refusal> {
    let name = name.to_string();
    match opened {
        Opened::Broken(fault) => {
            Ok(ListedIndex { name, figures: None, writer: "unavailable", problem: Some(fault.to_string()) })
        }
        Opened::Live(live) => {
            let figures = figures(live).map_err(|error| Refusal::internal(&error))?;
            let health = live.health();
            let problem = health.writer.refusal().map(|refused| refused.to_string());
            Ok(ListedIndex { name, figures: Some(figures), writer: health.writer.name(), problem })
        }
    }
}

fn figures(live: &Live) -> Result<IndexFigures, crate::index::IndexError> {
    let index = live.index();
    let manifest = index.manifest();
    Ok(IndexFigures {
        documents: index.documents(),
        bytes: index.disk_bytes()?,
        updated: manifest.updated.clone(),
        filterable: manifest.filterable.clone(),
        lemmas: manifest.lemmas,
        tasks_waiting: live.health().waiting,
    })
}

//! The routes that suggest: what a query may become, and documents like one.

use axum::{Json, extract::Query};

use super::{
    Refusal,
    asked::Asked,
    given::{invalid, label, missing_query, number, values},
    searching::{Named, Pairs, no_document},
};
use crate::search::{self, Similar, SimilarRequest, SuggestRequest, Suggestions};

/// `GET /suggest`
pub(super) async fn suggest(asked: Asked, Query(pairs): Pairs) -> Result<Json<Suggestions>, Refusal> {
    let request = suggest_request(pairs)?;
    asked
        .with_index(move |index| search::suggest(index, &request).map_err(|error| Refusal::internal(&error)))
        .await
        .map(Json)
}

/// `GET /documents/{id}/similar`
pub(super) async fn similar(asked: Asked, Named { id }: Named, Query(pairs): Pairs) -> Result<Json<Similar>, Refusal> {
    let request = similar_request(&id, pairs)?;
    asked
        .with_index(move |index| {
            let found = search::similar(index, &request).map_err(|error| Refusal::internal(&error))?;
            found.ok_or_else(|| no_document(&id))
        })
        .await
        .map(Json)
}

fn suggest_request(pairs: Vec<(String, String)>) -> Result<SuggestRequest, Refusal> {
    let [q, limit, language] = values(pairs, &["q", "limit", "language"])?;
    let q = q.ok_or_else(missing_query)?;
    let limit = limit.map(|value| number("limit", &value)).transpose()?;
    let language = language.filter(|value| !value.is_empty()).map(|value| label(&value)).transpose()?;
    SuggestRequest::new(q, limit, language).map_err(|error| invalid(error.to_string()))
}

fn similar_request(id: &str, pairs: Vec<(String, String)>) -> Result<SimilarRequest, Refusal> {
    let [limit] = values(pairs, &["limit"])?;
    let limit = limit.map(|value| number("limit", &value)).transpose()?;
    SimilarRequest::new(id, limit).map_err(|error| invalid(error.to_string()))
}

//! The routes of the page for the browser, its style and its script.

use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    App, Refusal, page,
    searching::{Named, Pairs, find_document},
};
use crate::search::{self, SimilarRequest};

/// How many similar documents the page of a document shows.
const SIMILAR_ON_PAGE: usize = 5;

/// `GET /`
pub(super) async fn results(State(app): State<App>, Query(pairs): Pairs) -> Response {
    let choices = page::Choices::of(pairs);
    if choices.is_empty() {
        return Html(page::start().into_string()).into_response();
    }
    let answer = match choices.request() {
        Ok(request) => app.search(request).await,
        Err(refusal) => Err(refusal),
    };
    let shown = answer.map(|answer| page::results(&choices, &answer));
    shown.map_or_else(failure, |page| Html(page.into_string()).into_response())
}

/// `GET /view/{id}`
pub(super) async fn document(State(app): State<App>, Named { id }: Named) -> Response {
    let found = app.with_index(move |index| {
        let document = find_document(index, &id)?;
        // So many are in bounds.
        let request = SimilarRequest::new(&id, Some(SIMILAR_ON_PAGE)).map_err(|error| Refusal::internal(&error))?;
        let similar = search::similar(index, &request.without_snippets()).map_err(|error| Refusal::internal(&error))?;
        Ok((document, similar))
    });
    let found = found.await;
    let page = |(document, similar): (_, Option<_>)| page::document(&document, similar.as_ref()).into_string();
    found.map_or_else(failure, |found| Html(page(found)).into_response())
}

/// A refusal, as a page with its status.
fn failure(refusal: Refusal) -> Response {
    let page = page::failure(&refusal.message);
    let status = refusal.into_response().status();
    (status, Html(page.into_string())).into_response()
}

/// `GET /style.css`
pub(super) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (StatusCode::OK, headers, page::STYLE)
}

/// `GET /complete.js`
pub(super) async fn script() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, page::SCRIPT)
}

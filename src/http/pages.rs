//! The routes of the page for the browser, its style and its script.

use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{
    Refusal,
    asked::Asked,
    page,
    searching::{Named, Pairs, find_document},
};
use crate::search::{self, SimilarRequest};

/// How many similar documents the page of a document shows.
const SIMILAR_ON_PAGE: usize = 5;

/// `GET /`
pub(super) async fn results(asked: Asked, Query(pairs): Pairs) -> Response {
    let choices = page::Choices::of(pairs).under(asked.base());
    if choices.is_empty() {
        return Html(page::start(&choices).into_string()).into_response();
    }
    let answer = match choices.request() {
        Ok(request) => asked.search(request).await,
        Err(refusal) => Err(refusal),
    };
    let shown = answer.map(|answer| page::results(&choices, &answer));
    shown.map_or_else(|refusal| failure(asked.base(), refusal), |page| Html(page.into_string()).into_response())
}

/// `GET /view/{id}`
pub(super) async fn document(asked: Asked, Named { id }: Named) -> Response {
    let found = asked.with_index(move |index| {
        let document = find_document(index, &id)?;
        // So many are in bounds.
        let request = SimilarRequest::new(&id, Some(SIMILAR_ON_PAGE)).map_err(|error| Refusal::internal(&error))?;
        let similar = search::similar(index, &request.without_snippets()).map_err(|error| Refusal::internal(&error))?;
        Ok((document, similar))
    });
    let found = found.await;
    let base = asked.base();
    match found {
        Ok((document, similar)) => {
            Html(page::document(base, &document, similar.as_ref()).into_string()).into_response()
        }
        Err(refusal) => failure(base, refusal),
    }
}

/// A refusal, as a page with its status.
fn failure(base: String, refusal: Refusal) -> Response {
    let page = page::failure(base, &refusal.message);
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

//! The routes of the page for the browser, its style and its script.

use axum::{
    extract::{FromRequestParts, Query},
    http::{StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};

use super::{
    App, Refusal,
    asked::Asked,
    page,
    searching::{Named, Pairs, find_document},
};
use crate::search::{self, SimilarRequest};

/// How many similar documents the page of a document shows.
const SIMILAR_ON_PAGE: usize = 5;

/// The index that a page is asked of; where there is none, that is told as a page.
pub(super) struct OnPage(Asked);

impl FromRequestParts<App> for OnPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let asked = Asked::from_request_parts(parts, app).await;
        asked.map(Self).map_err(|refusal| failure(String::new(), refusal))
    }
}

/// `GET /`
pub(super) async fn results(OnPage(asked): OnPage, Query(pairs): Pairs) -> Response {
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
pub(super) async fn document(OnPage(asked): OnPage, Named { id }: Named) -> Response {
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
    let told = refusal.into_response();
    let mut response = (told.status(), Html(page.into_string())).into_response();
    if let Some(seconds) = told.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
    }
    response
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

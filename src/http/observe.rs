//! What stands around every request: its id, its line in the log, its figures.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, Method},
    middleware::Next,
    response::Response,
};
use tower_http::request_id::RequestId;
use tracing::Instrument;

use super::App;

/// Where a request and its answer carry its id.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, in bytes: a UUID has 36.
const MAX_ID_BYTES: usize = 64;

/// What is said of a request that no route of the table answers.
const NO_ROUTE: &str = "none";

/// Takes an id away that would not look like one in a log.
pub(super) async fn only_sane_ids(mut request: Request, next: Next) -> Response {
    let is_sane = |id: &[u8]| {
        (1..=MAX_ID_BYTES).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
    };
    let mut ids = request.headers().get_all(&REQUEST_ID).iter();
    let is_one = ids.next().is_some_and(|id| is_sane(id.as_bytes())) && ids.next().is_none();
    if !is_one {
        request.headers_mut().remove(&REQUEST_ID);
    }
    next.run(request).await
}

/// Writes one line for a request and counts it. Neither its path nor its query string is written, for both may tell what
/// somebody looks for: only its route.
pub(super) async fn log_and_count(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let span = tracing::info_span!("request", id = id.unwrap_or_default());
    let under_way = app.metrics().begin();
    let response = next.run(request).instrument(span.clone()).await;
    drop(under_way);
    let (took, status) = (started.elapsed(), response.status().as_u16());
    app.metrics().answered(method, &route, status, took);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(method, route, status, milliseconds, "answered"));
    response
}

/// A method by its name; of those that nobody needs one for all.
fn known(method: &Method) -> &'static str {
    let methods =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let names = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    methods.iter().position(|known| known == method).map_or("other", |n| names[n])
}

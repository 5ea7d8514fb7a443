//! The routes, and the server that answers them.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::BytesRejection},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use tokio::{net::TcpListener, sync::Semaphore};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer};

use super::{Code, Refusal, given, page, parameters, suggestions};
use crate::{
    index::{Index, LiveIndex},
    search::{self, Answer, Request, SearchError, SimilarRequest},
};

/// The largest body of a search request, in bytes: a query of 1,000 characters, escaped, and room to spare.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How many searches run at once for each processor; a search is bound by the processor or waits for the disk.
const SEARCHES_PER_CORE: usize = 2;

/// How long a search may wait for its turn.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// What a page may load: its own style and script, and nothing of anybody else's.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How many similar documents the page of a document shows.
const SIMILAR_ON_PAGE: usize = 5;

/// What the routes share.
#[derive(Clone)]
pub struct App {
    index: Arc<LiveIndex>,
    turns: Arc<Semaphore>,
}

impl App {
    /// The service over an index.
    #[must_use]
    pub fn new(index: LiveIndex) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { index: Arc::new(index), turns: Arc::new(Semaphore::new(cores * SEARCHES_PER_CORE)) }
    }

    /// Runs work on the index on a thread that may block, when its turn has come.
    pub(super) async fn with_index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Index) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Refusal::new(Code::Overloaded, "Too many searches at once; try again in a moment."));
        };
        let index = Arc::clone(&self.index);
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&index.current());
            drop(turn);
            result
        });
        done.await.unwrap_or_else(|panicked| Err(Refusal::internal(&panicked)))
    }

    async fn search(&self, request: Request) -> Result<Answer, Refusal> {
        self.with_index(move |index| search::search(index, &request).map_err(refusal)).await
    }
}

/// Serves until `stop` resolves, then answers what is under way and returns.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await
}

fn router(app: App) -> Router {
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .route("/", get(page_of_results))
        .route("/view/{id}", get(page_of_document))
        .route("/style.css", get(style))
        .route("/complete.js", get(suggestions::script))
        .route("/search", get(search_by_string).post(search_by_body))
        .route("/suggest", get(suggestions::suggest))
        .route("/documents/{id}", get(document))
        .route("/documents/{id}/similar", get(suggestions::similar))
        .route("/health", get(health))
        .route("/stats", get(stats))
        .fallback(|| async {
            Refusal::new(Code::RouteNotFound, "There is no such route; ids are percent-encoded, with / as %2F.")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(Code::MethodNotAllowed, "This route does not answer this method.")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(header(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(TraceLayer::new_for_http())
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(Code::Internal, "Something failed on the server; its log says what.").into_response()
        }))
        .with_state(app)
}

type Pairs = Query<Vec<(String, String)>>;

async fn search_by_string(State(app): State<App>, Query(pairs): Pairs) -> Result<Json<Answer>, Refusal> {
    app.search(parameters::from_pairs(pairs)?).await.map(Json)
}

async fn search_by_body(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Result<Json<Answer>, Refusal> {
    let body =
        body.map_err(|_| Refusal::new(Code::BodyTooLarge, format!("The body is larger than {MAX_BODY_BYTES} bytes.")))?;
    app.search(parameters::from_json(&body)?).await.map(Json)
}

async fn document(State(app): State<App>, Path(id): Path<String>) -> Result<Json<search::DocumentAnswer>, Refusal> {
    app.with_index(move |index| find_document(index, &id)).await.map(Json)
}

fn find_document(index: &Index, id: &str) -> Result<search::DocumentAnswer, Refusal> {
    let found = search::document(index, id).map_err(|error| Refusal::internal(&error))?;
    found.ok_or_else(|| no_document(id))
}

pub(super) fn no_document(id: &str) -> Refusal {
    Refusal::new(Code::DocumentNotFound, format!("There is no document {id:?}."))
}

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "available" }))
}

async fn stats(State(app): State<App>) -> Result<Json<search::Stats>, Refusal> {
    app.with_index(|index| search::stats(index).map_err(|error| Refusal::internal(&error))).await.map(Json)
}

async fn page_of_results(State(app): State<App>, Query(pairs): Pairs) -> Response {
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

async fn page_of_document(State(app): State<App>, Path(id): Path<String>) -> Response {
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

/// What a client is told of a search that failed.
fn refusal(error: SearchError) -> Refusal {
    match error {
        SearchError::Request(error) => given::invalid(error.to_string()),
        SearchError::Index(error) => Refusal::internal(&error),
    }
}

/// A refusal, as a page with its status.
fn failure(refusal: Refusal) -> Response {
    let page = page::failure(&refusal.message);
    let status = refusal.into_response().status();
    (status, Html(page.into_string())).into_response()
}

async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (StatusCode::OK, headers, page::STYLE)
}

//! The routes, in one table, and what stands around all of them.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer};

use super::{App, Code, Refusal, internal, operating, pages, searching, suggestions, tasks, writing};
use crate::live;

/// The largest body of a search request, in bytes: a query of 1,000 characters, escaped, and room to spare.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a page may load: its own style and script, and nothing of anybody else's.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One row of the table: what is asked, and who answers.
struct Route {
    path: &'static str,
    handler: MethodRouter<App>,
}

/// A route that answers GET, and HEAD.
fn get<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { path, handler: on(MethodFilter::GET, handler) }
}

/// A route that answers POST.
fn post<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { path, handler: on(MethodFilter::POST, handler) }
}

/// A route that answers PUT.
fn put<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { path, handler: on(MethodFilter::PUT, handler) }
}

/// A route that answers DELETE.
fn delete<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { path, handler: on(MethodFilter::DELETE, handler) }
}

/// All routes.
fn routes() -> Vec<Route> {
    vec![
        get("/", pages::results),
        get("/view/{id}", pages::document),
        get("/style.css", pages::style),
        get("/complete.js", pages::script),
        get("/search", searching::by_string),
        post("/search", searching::by_body),
        get("/suggest", suggestions::suggest),
        get("/documents/{id}", searching::document),
        get("/documents/{id}/similar", suggestions::similar),
        put("/documents", writing::add),
        post("/documents", writing::add),
        delete("/documents", writing::delete_meeting),
        delete("/documents/{id}", writing::delete),
        get(live::STATE, internal::state),
        post(live::OPERATIONS, internal::operations),
        get("/internal/tasks/{id}", internal::task),
        get("/tasks", tasks::newest),
        get("/tasks/{id}", tasks::task),
        get("/health", operating::health),
        get("/stats", searching::stats),
    ]
}

/// What answers all that is asked over HTTP.
pub(super) fn router(app: App) -> Router {
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let router = routes().into_iter().fold(Router::new(), |router, route| router.route(route.path, route.handler));
    router
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

//! The routes, in one table, and what stands around all of them.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{HeaderValue, header},
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter, on},
};
use serde_json::Value;
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
};

use super::{
    App, Code, Refusal, backup, observe, openapi, openapi::Operation, operating, pages, searching, suggestions,
};

/// The largest body of a search request, in bytes: a query of 1,000 characters, escaped, and room to spare.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a page may load: its own style and script, and nothing of anybody else's.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One row of the table: what is asked, who answers, and what is said of it.
struct Route {
    method: &'static str,
    path: &'static str,
    handler: MethodRouter<App>,
    operation: Option<Operation>,
}

impl Route {
    /// Says what the route is. A row of which nothing is said fails a test.
    fn is(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }
}

/// A route that answers GET, and HEAD.
fn get<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { method: "GET", path, handler: on(MethodFilter::GET, handler), operation: None }
}

/// A route that answers POST.
fn post<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { method: "POST", path, handler: on(MethodFilter::POST, handler), operation: None }
}

/// A route that answers DELETE.
fn delete<T: 'static, H: Handler<T, App>>(path: &'static str, handler: H) -> Route {
    Route { method: "DELETE", path, handler: on(MethodFilter::DELETE, handler), operation: None }
}

/// All routes.
fn routes() -> Vec<Route> {
    vec![
        get("/", pages::results).is(openapi::page()),
        get("/view/{id}", pages::document).is(openapi::view()),
        get("/style.css", pages::style).is(openapi::style()),
        get("/complete.js", pages::script).is(openapi::script()),
        get("/search", searching::by_string).is(openapi::search_by_string()),
        post("/search", searching::by_body).is(openapi::search_by_body()),
        get("/suggest", suggestions::suggest).is(openapi::suggest()),
        get("/documents/{id}", searching::document).is(openapi::document()),
        get("/documents/{id}/similar", suggestions::similar).is(openapi::similar()),
        get("/health", operating::live).is(openapi::health()),
        get("/health/live", operating::live).is(openapi::live()),
        get("/health/ready", operating::ready).is(openapi::ready()),
        get("/metrics", operating::metrics).is(openapi::metrics()),
        get("/openapi.json", operating::openapi).is(openapi::openapi()),
        get("/stats", searching::stats).is(openapi::stats()),
        get("/snapshots", backup::list).is(openapi::snapshots()),
        post("/snapshots", backup::make).is(openapi::make_snapshot()),
        delete("/snapshots/{name}", backup::delete).is(openapi::delete_snapshot()),
        get("/verify", backup::verify).is(openapi::verify()),
        get("/export", backup::export).is(openapi::export()),
    ]
}

/// What the routes are, as `OpenAPI`.
pub(super) fn description() -> &'static Value {
    static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
        let routes = routes();
        let said = routes.iter().filter_map(|route| Some((route.method, route.path, route.operation.as_ref()?)));
        openapi::description(said)
    });
    &DESCRIPTION
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
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(Code::Internal, "Something failed on the server; its log says what.").into_response()
        }))
        .layer(from_fn_with_state(app.clone(), observe::log_and_count))
        .layer(PropagateRequestIdLayer::new(observe::REQUEST_ID))
        .layer(SetRequestIdLayer::new(observe::REQUEST_ID, MakeRequestUuid))
        .layer(from_fn(observe::only_sane_ids))
        .with_state(app)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_described_and_its_path_is_too() {
        for Route { method, path, operation, .. } in routes() {
            let operation = operation.unwrap_or_else(|| panic!("nothing is said of {method} {path}"));
            assert!(!operation.summary.is_empty() && !operation.answers.is_empty(), "{method} {path}");
            for name in path.split(['{', '}']).skip(1).step_by(2) {
                assert!(operation.parameters.iter().any(|parameter| parameter.name == name), "{method} {path}: {name}");
            }
        }
    }

    #[test]
    fn every_route_has_a_name_of_its_own() {
        let mut names: Vec<&str> = routes().iter().filter_map(|route| Some(route.operation.as_ref()?.id)).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}

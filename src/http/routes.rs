//! The routes, in one table, and what stands around all of them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::from_fn_with_state,
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};

use super::{
    App, Code, Guard, Origins, Refusal, backup,
    guard::{Access, Gate, check},
    operating, pages, searching, suggestions,
};

/// The largest body of a search request, in bytes: a query of 1,000 characters, escaped, and room to spare.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// What stands in every answer that does not say otherwise.
const HEADERS: [(&str, &str); 8] = [
    // What a page may load: its own style and script, and nothing of anybody else's.
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'",
    ),
    // The same for browsers that know no frame-ancestors.
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    // Pages of other sites get no hold of the window, nor of an answer as an image or a script.
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // What a key opened is kept by no cache, and an index changes.
    ("cache-control", "no-store"),
];

/// How long a browser goes by what it was told of other sites.
const PREFLIGHT_AGE: Duration = Duration::from_mins(10);

/// One row of the table: what is asked, and who answers.
struct Route {
    path: &'static str,
    access: Access,
    handler: MethodRouter<App>,
}

/// A route that answers GET, and HEAD.
fn get<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { path, access, handler: on(MethodFilter::GET, handler) }
}

/// A route that answers POST.
fn post<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { path, access, handler: on(MethodFilter::POST, handler) }
}

/// A route that answers DELETE.
fn delete<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { path, access, handler: on(MethodFilter::DELETE, handler) }
}

/// All routes, each with who may call it.
fn routes() -> Vec<Route> {
    use Access::{Admin, Open, Search};
    vec![
        get(Search, "/", pages::results),
        get(Search, "/view/{id}", pages::document),
        get(Open, "/style.css", pages::style),
        get(Open, "/complete.js", pages::script),
        get(Search, "/search", searching::by_string),
        post(Search, "/search", searching::by_body),
        get(Search, "/suggest", suggestions::suggest),
        get(Search, "/documents/{id}", searching::document),
        get(Search, "/documents/{id}/similar", suggestions::similar),
        get(Open, "/health", operating::health),
        get(Search, "/stats", searching::stats),
        get(Admin, "/snapshots", backup::list),
        post(Admin, "/snapshots", backup::make),
        delete(Admin, "/snapshots/{name}", backup::delete),
        get(Admin, "/verify", backup::verify),
        get(Admin, "/export", backup::export),
    ]
}

/// What answers all that is asked over HTTP.
pub(super) fn router(app: App, guard: Guard) -> Router {
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let guard = Arc::new(guard);
    let mut router = Router::new();
    for Route { path, access, handler } in routes() {
        let gate = Gate { guard: Arc::clone(&guard), access };
        router = router.route(path, handler.route_layer(from_fn_with_state(gate, check)));
    }
    let router = router
        .fallback(|| async {
            Refusal::new(Code::RouteNotFound, "There is no such route; ids are percent-encoded, with / as %2F.")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(Code::MethodNotAllowed, "This route does not answer this method.")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    let router = match other_sites(guard.origins()) {
        Some(layer) => router.layer(layer),
        None => router,
    };
    let headers = HEADERS.map(|(name, value)| (HeaderName::from_static(name), value));
    headers
        .into_iter()
        .fold(router, |router, (name, value)| router.layer(header(name, value)))
        .layer(TraceLayer::new_for_http())
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(Code::Internal, "Something failed on the server; its log says what.").into_response()
        }))
        .with_state(app)
}

/// What lets the pages of other sites read answers, if any may: with the key that they show, never with one that the browser
/// keeps.
fn other_sites(origins: &Origins) -> Option<CorsLayer> {
    let allowed = match origins {
        Origins::None => return None,
        Origins::Any => AllowOrigin::any(),
        Origins::These(origins) => AllowOrigin::list(origins.iter().cloned()),
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_AGE);
    Some(layer)
}

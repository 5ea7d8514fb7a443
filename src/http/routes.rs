//! The routes, in one table, and what stands around all of them.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use serde_json::Value;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};

use super::{
    App, Code, Guard, Origins, Refusal, backup,
    guard::{Access, Gate, check},
    indexes, internal, observe, openapi,
    openapi::Operation,
    operating, pages, rebuilding, searching, suggestions, tasks, writing,
};
use crate::live;

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

/// One row of the table: what is asked, who answers, and what is said of it.
struct Route {
    method: &'static str,
    path: Cow<'static, str>,
    access: Access,
    handler: MethodRouter<App>,
    operation: Option<Operation>,
}

impl Route {
    /// Says what the route is. A row of which nothing is said fails a test.
    fn is(self, operation: Operation) -> Self {
        let operation = operation.refuses(self.access.refusals());
        Self { operation: Some(operation), ..self }
    }

    /// The same route, of an index that the path names.
    fn named(self) -> Self {
        let operation = self.operation.as_ref().map(Operation::of_index);
        Self { path: format!("/indexes/{{index}}{}", self.path).into(), operation, ..self }
    }
}

/// A route that answers GET, and HEAD.
fn get<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { method: "GET", path: path.into(), access, handler: on(MethodFilter::GET, handler), operation: None }
}

/// A route that answers POST.
fn post<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { method: "POST", path: path.into(), access, handler: on(MethodFilter::POST, handler), operation: None }
}

/// A route that answers PUT.
fn put<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { method: "PUT", path: path.into(), access, handler: on(MethodFilter::PUT, handler), operation: None }
}

/// A route that answers DELETE.
fn delete<T: 'static, H: Handler<T, App>>(access: Access, path: &'static str, handler: H) -> Route {
    Route { method: "DELETE", path: path.into(), access, handler: on(MethodFilter::DELETE, handler), operation: None }
}

/// All routes, each with who may call it: those of the whole service, and those of an index twice, of the default one and of
/// one that the path names.
fn routes() -> Vec<Route> {
    let named = of_an_index().into_iter().map(Route::named);
    of_the_service().into_iter().chain(of_an_index()).chain(named).collect()
}

/// The routes of the service as a whole.
fn of_the_service() -> Vec<Route> {
    use Access::{Admin, Open, Search};
    vec![
        get(Open, "/style.css", pages::style).is(openapi::style()),
        get(Open, "/complete.js", pages::script).is(openapi::script()),
        get(Open, "/health", operating::live).is(openapi::health()),
        get(Open, "/health/live", operating::live).is(openapi::live()),
        get(Open, "/health/ready", operating::ready).is(openapi::ready()),
        get(Admin, "/metrics", operating::metrics).is(openapi::metrics()),
        get(Open, "/openapi.json", operating::openapi).is(openapi::openapi()),
        get(Search, "/indexes", indexes::list).is(openapi::indexes()),
        get(Search, "/indexes/{index}", indexes::show).is(openapi::index()),
        put(Admin, "/indexes/{index}", indexes::create).is(openapi::put_index()),
        delete(Admin, "/indexes/{index}", indexes::delete).is(openapi::delete_index()),
        post(Admin, "/swap", indexes::swap).is(openapi::swap()),
    ]
}

/// The routes of an index.
fn of_an_index() -> Vec<Route> {
    use Access::{Admin, Search, Write};
    vec![
        get(Search, "/", pages::results).is(openapi::page()),
        get(Search, "/view/{id}", pages::document).is(openapi::view()),
        get(Search, "/search", searching::by_string).is(openapi::search_by_string()),
        post(Search, "/search", searching::by_body).is(openapi::search_by_body()),
        get(Search, "/suggest", suggestions::suggest).is(openapi::suggest()),
        get(Search, "/documents/{id}", searching::document).is(openapi::document()),
        get(Search, "/documents/{id}/similar", suggestions::similar).is(openapi::similar()),
        put(Write, "/documents", writing::add).is(openapi::put_documents()),
        post(Write, "/documents", writing::add).is(openapi::post_documents()),
        delete(Write, "/documents", writing::delete_meeting).is(openapi::delete_documents()),
        delete(Write, "/documents/{id}", writing::delete).is(openapi::delete_document()),
        get(Write, "/tasks", tasks::newest).is(openapi::tasks()),
        get(Write, "/tasks/{id}", tasks::task).is(openapi::task()),
        get(Search, "/stats", searching::stats).is(openapi::stats()),
        get(Admin, "/snapshots", backup::list).is(openapi::snapshots()),
        post(Admin, "/snapshots", backup::make).is(openapi::make_snapshot()),
        delete(Admin, "/snapshots/{name}", backup::delete).is(openapi::delete_snapshot()),
        post(Admin, "/snapshots/{name}/restore", backup::restore).is(openapi::restore_snapshot()),
        get(Admin, "/rebuild", rebuilding::show).is(openapi::rebuild()),
        post(Admin, "/rebuild", rebuilding::begin).is(openapi::begin_rebuild()),
        delete(Admin, "/rebuild", rebuilding::give_up).is(openapi::give_up_rebuild()),
        get(Admin, "/verify", backup::verify).is(openapi::verify()),
        get(Admin, "/export", backup::export).is(openapi::export()),
    ]
}

/// What the routes are, as `OpenAPI`.
pub(super) fn description() -> &'static Value {
    static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
        let routes = routes();
        let said = routes.iter().filter_map(|route| Some((route.method, &*route.path, route.operation.as_ref()?)));
        openapi::description(said)
    });
    &DESCRIPTION
}

/// What answers all that is asked over HTTP.
pub(super) fn router(app: App, guard: Guard) -> Router {
    let guard = Arc::new(guard);
    let mut router = Router::new();
    for Route { path, access, handler, .. } in routes() {
        let gate = Gate { guard: Arc::clone(&guard), access };
        router = router.route(&path, handler.route_layer(from_fn_with_state(gate, check)));
    }
    // Other processes of the same owner show a token of their own, and are counted nowhere.
    for base in ["", "/indexes/{index}"] {
        router = router
            .route(&format!("{base}{}", live::STATE), on(MethodFilter::GET, internal::state))
            .route(&format!("{base}{}", live::OPERATIONS), on(MethodFilter::POST, internal::operations))
            .route(&format!("{base}{}", live::REPLACEMENT), on(MethodFilter::POST, internal::replace))
            .route(&format!("{base}{}/{{id}}", live::TASKS), on(MethodFilter::GET, internal::task));
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
    router
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(Code::Internal, "Something failed on the server; its log says what.").into_response()
        }))
        .layer(map_response(with_headers))
        .layer(from_fn_with_state(app.clone(), observe::log_and_count))
        .layer(PropagateRequestIdLayer::new(observe::REQUEST_ID))
        .layer(SetRequestIdLayer::new(observe::REQUEST_ID, MakeRequestUuid))
        .layer(from_fn(observe::only_sane_ids))
        .with_state(app)
}

/// An answer with the headers that it does not have of its own.
async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        let header = response.headers_mut().entry(HeaderName::from_static(name));
        header.or_insert(HeaderValue::from_static(value));
    }
    response
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
    fn what_is_asked_of_the_default_index_can_be_asked_of_any() {
        let all = routes();
        let has = |method: &str, path: &str, access: Access| {
            all.iter().any(|route| route.method == method && route.path == path && route.access == access)
        };
        for Route { method, path, access, .. } in of_an_index() {
            assert!(has(method, &path, access) && has(method, &format!("/indexes/{{index}}{path}"), access), "{path}");
        }
    }

    #[test]
    fn every_route_has_a_name_of_its_own() {
        let routes = routes();
        let mut names: Vec<&str> = routes.iter().filter_map(|route| Some(&*route.operation.as_ref()?.id)).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}

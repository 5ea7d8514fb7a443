//! The one table of errors: what went wrong → status, code and message.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::index::IndexError;

/// How a key can be shown: by programs, and by a browser, which asks for a password where it sees the second.
const WAYS_TO_SHOW_A_KEY: [&str; 2] = ["Bearer realm=\"oba\"", "Basic realm=\"oba\", charset=\"UTF-8\""];

/// What a client can be refused for. The code is stable: programs may rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A parameter that no route knows.
    UnknownParameter,
    /// A parameter that was left out.
    MissingParameter,
    /// A value that a parameter cannot have.
    InvalidParameter,
    /// A body that is no JSON object.
    InvalidJson,
    /// A body larger than is read.
    BodyTooLarge,
    /// A body that came too slowly.
    BodyTooSlow,
    /// A body that ended before its end.
    BodyCutOff,
    /// A route that needs a key.
    MissingKey,
    /// A key that there is not.
    InvalidKey,
    /// A key that does not allow this.
    KeyNotAllowed,
    /// A name that the server does not answer to.
    HostNotAllowed,
    /// A page of a site that may change nothing.
    OriginNotAllowed,
    /// More requests than one client may make.
    TooManyRequests,
    /// A search that takes longer than it may.
    SearchTimeout,
    /// Something that is no document, or documents among which one is none.
    InvalidDocument,
    /// No document of that id.
    DocumentNotFound,
    /// No task of that number.
    TaskNotFound,
    /// No snapshot of that name.
    SnapshotNotFound,
    /// No index of that name.
    IndexNotFound,
    /// An index that is there and was built otherwise.
    IndexExists,
    /// An index that cannot be opened.
    IndexUnavailable,
    /// An index to which something else is being done.
    IndexBusy,
    /// More indexes than there may be.
    TooManyIndexes,
    /// A snapshot that is damaged, or of other rules.
    SnapshotUnusable,
    /// An index that is not built anew.
    RebuildNotFound,
    /// Something that this system cannot do.
    NotSupported,
    /// No route of that path.
    RouteNotFound,
    /// A route that does not answer this method.
    MethodNotAllowed,
    /// No room on the disk.
    StorageFull,
    /// More searches than can be answered now.
    Overloaded,
    /// More waits to be indexed than is kept.
    QueueFull,
    /// The index cannot be written just now: another process writes to it, or the service begins or ends.
    NotWritable,
    /// The system does not let us write.
    ReadOnly,
    /// The journal or the index failed; the log says more.
    WriteFailed,
    /// Our own fault; the log says more.
    Internal,
}

impl Code {
    /// The status of the answer.
    pub(super) fn status(self) -> StatusCode {
        self.row().0
    }

    /// The code, as programs see it.
    pub(super) fn name(self) -> &'static str {
        self.row().1
    }

    /// Status, code and type, in this order.
    fn row(self) -> (StatusCode, &'static str, &'static str) {
        const REQUEST: &str = "invalid_request";
        const ACCESS: &str = "access";
        match self {
            Self::UnknownParameter => (StatusCode::BAD_REQUEST, "unknown_parameter", REQUEST),
            Self::MissingParameter => (StatusCode::BAD_REQUEST, "missing_parameter", REQUEST),
            Self::InvalidParameter => (StatusCode::BAD_REQUEST, "invalid_parameter", REQUEST),
            Self::InvalidJson => (StatusCode::BAD_REQUEST, "invalid_json", REQUEST),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", REQUEST),
            Self::BodyTooSlow => (StatusCode::REQUEST_TIMEOUT, "body_too_slow", REQUEST),
            Self::BodyCutOff => (StatusCode::BAD_REQUEST, "body_cut_off", REQUEST),
            Self::MissingKey => (StatusCode::UNAUTHORIZED, "missing_key", ACCESS),
            Self::InvalidKey => (StatusCode::UNAUTHORIZED, "invalid_key", ACCESS),
            Self::KeyNotAllowed => (StatusCode::FORBIDDEN, "key_not_allowed", ACCESS),
            Self::HostNotAllowed => (StatusCode::FORBIDDEN, "host_not_allowed", ACCESS),
            Self::OriginNotAllowed => (StatusCode::FORBIDDEN, "origin_not_allowed", ACCESS),
            Self::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "unavailable"),
            Self::SearchTimeout => (StatusCode::SERVICE_UNAVAILABLE, "search_timeout", "unavailable"),
            Self::InvalidDocument => (StatusCode::BAD_REQUEST, "invalid_document", REQUEST),
            Self::TaskNotFound => (StatusCode::NOT_FOUND, "task_not_found", REQUEST),
            Self::QueueFull => (StatusCode::SERVICE_UNAVAILABLE, "queue_full", "unavailable"),
            Self::NotWritable => (StatusCode::SERVICE_UNAVAILABLE, "not_writable", "unavailable"),
            Self::ReadOnly => (StatusCode::SERVICE_UNAVAILABLE, "read_only", "unavailable"),
            Self::WriteFailed => (StatusCode::SERVICE_UNAVAILABLE, "write_failed", "unavailable"),
            Self::DocumentNotFound => (StatusCode::NOT_FOUND, "document_not_found", REQUEST),
            Self::SnapshotNotFound => (StatusCode::NOT_FOUND, "snapshot_not_found", REQUEST),
            Self::IndexNotFound => (StatusCode::NOT_FOUND, "index_not_found", REQUEST),
            Self::IndexExists => (StatusCode::CONFLICT, "index_exists", REQUEST),
            Self::IndexUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "index_unavailable", "unavailable"),
            Self::IndexBusy => (StatusCode::CONFLICT, "index_busy", "unavailable"),
            Self::TooManyIndexes => (StatusCode::CONFLICT, "too_many_indexes", REQUEST),
            Self::SnapshotUnusable => (StatusCode::CONFLICT, "snapshot_unusable", REQUEST),
            Self::RebuildNotFound => (StatusCode::NOT_FOUND, "rebuild_not_found", REQUEST),
            Self::NotSupported => (StatusCode::NOT_IMPLEMENTED, "not_supported", "unavailable"),
            Self::RouteNotFound => (StatusCode::NOT_FOUND, "route_not_found", REQUEST),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", REQUEST),
            Self::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "storage_full", "unavailable"),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "overloaded", "unavailable"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "internal"),
        }
    }
}

/// An answer that refuses: `{"message", "code", "type"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why, for programs.
    pub code: Code,
    /// Why, for people, with what to do.
    pub message: String,
    /// In how many seconds it is worth asking again, where that is known.
    pub retry_after: Option<u64>,
}

/// What a client is told that is refused.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Refusal")]
pub(super) struct RefusalBody {
    /// Why, for people, with what to do.
    message: String,
    /// Why, for programs; stable.
    code: &'static str,
    /// What kind of refusal it is: `invalid_request`, `unavailable` or `internal`.
    r#type: &'static str,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// A refusal of what a lower layer says, as a sentence.
    pub(super) fn sentence(code: Code, message: &str) -> Self {
        let mut letters = message.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        Self::new(code, format!("{first}{}.", letters.as_str()))
    }

    /// The refusal that says in how many seconds it is worth asking again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// A fault of ours: the log gets the chain of causes, the client only that it happened. A search that took too long is
    /// none, and is told as what it is.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        if matches!(error.downcast_ref(), Some(IndexError::OutOfTime)) {
            return Self::new(
                Code::SearchTimeout,
                "The search took longer than it may; ask for less: rarer or fewer words, fewer facets, a smaller page.",
            );
        }
        tracing::error!(error, "a request failed");
        Self::new(Code::Internal, "Something failed on the server; its log says what.")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, r#type) = self.code.row();
        let mut response = (status, Json(RefusalBody { message: self.message, code, r#type })).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            for way in WAYS_TO_SHOW_A_KEY {
                headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static(way));
            }
        }
        response
    }
}

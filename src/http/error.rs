//! The one table of errors: what went wrong → status, code and message.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

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
    /// No document of that id.
    DocumentNotFound,
    /// No snapshot of that name.
    SnapshotNotFound,
    /// No route of that path.
    RouteNotFound,
    /// A route that does not answer this method.
    MethodNotAllowed,
    /// No room on the disk.
    StorageFull,
    /// More searches than can be answered now.
    Overloaded,
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
        match self {
            Self::UnknownParameter => (StatusCode::BAD_REQUEST, "unknown_parameter", REQUEST),
            Self::MissingParameter => (StatusCode::BAD_REQUEST, "missing_parameter", REQUEST),
            Self::InvalidParameter => (StatusCode::BAD_REQUEST, "invalid_parameter", REQUEST),
            Self::InvalidJson => (StatusCode::BAD_REQUEST, "invalid_json", REQUEST),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", REQUEST),
            Self::DocumentNotFound => (StatusCode::NOT_FOUND, "document_not_found", REQUEST),
            Self::SnapshotNotFound => (StatusCode::NOT_FOUND, "snapshot_not_found", REQUEST),
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
        Self { code, message: message.into() }
    }

    /// A fault of ours: the log gets the chain of causes, the client only that it happened.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a request failed");
        Self::new(Code::Internal, "Something failed on the server; its log says what.")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, r#type) = self.code.row();
        (status, Json(RefusalBody { message: self.message, code, r#type })).into_response()
    }
}

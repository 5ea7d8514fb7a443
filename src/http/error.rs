//! The one table of errors: what went wrong → status, code and message.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
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
    /// Something that is no document, or documents among which one is none.
    InvalidDocument,
    /// No document of that id.
    DocumentNotFound,
    /// No task of that number.
    TaskNotFound,
    /// No route of that path.
    RouteNotFound,
    /// A route that does not answer this method.
    MethodNotAllowed,
    /// More searches than can be answered now.
    Overloaded,
    /// More waits to be indexed than is kept.
    QueueFull,
    /// The index cannot be written just now: another process writes to it, or the service begins or ends.
    NotWritable,
    /// There is too little room on the disk.
    DiskFull,
    /// The system does not let us write.
    ReadOnly,
    /// The journal or the index failed; the log says more.
    WriteFailed,
    /// Our own fault; the log says more.
    Internal,
}

impl Code {
    /// Status, code and type, in this order.
    fn row(self) -> (StatusCode, &'static str, &'static str) {
        const REQUEST: &str = "invalid_request";
        match self {
            Self::UnknownParameter => (StatusCode::BAD_REQUEST, "unknown_parameter", REQUEST),
            Self::MissingParameter => (StatusCode::BAD_REQUEST, "missing_parameter", REQUEST),
            Self::InvalidParameter => (StatusCode::BAD_REQUEST, "invalid_parameter", REQUEST),
            Self::InvalidJson => (StatusCode::BAD_REQUEST, "invalid_json", REQUEST),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", REQUEST),
            Self::InvalidDocument => (StatusCode::BAD_REQUEST, "invalid_document", REQUEST),
            Self::TaskNotFound => (StatusCode::NOT_FOUND, "task_not_found", REQUEST),
            Self::QueueFull => (StatusCode::SERVICE_UNAVAILABLE, "queue_full", "unavailable"),
            Self::NotWritable => (StatusCode::SERVICE_UNAVAILABLE, "not_writable", "unavailable"),
            Self::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "disk_full", "unavailable"),
            Self::ReadOnly => (StatusCode::SERVICE_UNAVAILABLE, "read_only", "unavailable"),
            Self::WriteFailed => (StatusCode::SERVICE_UNAVAILABLE, "write_failed", "unavailable"),
            Self::DocumentNotFound => (StatusCode::NOT_FOUND, "document_not_found", REQUEST),
            Self::RouteNotFound => (StatusCode::NOT_FOUND, "route_not_found", REQUEST),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", REQUEST),
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
        #[derive(Serialize)]
        struct Body {
            message: String,
            code: &'static str,
            r#type: &'static str,
        }
        let (status, code, r#type) = self.code.row();
        let mut response = (status, Json(Body { message: self.message, code, r#type })).into_response();
        if matches!(self.code, Code::QueueFull | Code::NotWritable) {
            // In seconds: a commit takes less.
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

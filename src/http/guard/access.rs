//! What a route asks of whoever calls it, and the one place where that is seen to.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::SharedGuard;
use crate::http::{Code, keys::Kind};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Access {
    /// Everybody: it tells nothing of the documents.
    Open,
    /// Whoever may search; everybody, where the operator says so.
    Search,
    /// Whoever may change documents.
    Write,
    /// Whoever may do all.
    Admin,
}

impl Access {
    /// The kind of key that is needed at least, if one is.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Self::Open => None,
            Self::Search => Some(Kind::Search),
            Self::Write => Some(Kind::Write),
            Self::Admin => Some(Kind::Admin),
        }
    }

    /// What it may be refused with before the route is reached.
    pub(in crate::http) fn refusals(self) -> &'static [Code] {
        match self {
            Self::Open => &[Code::HostNotAllowed, Code::TooManyRequests],
            _ => &[
                Code::MissingKey,
                Code::InvalidKey,
                Code::KeyNotAllowed,
                Code::HostNotAllowed,
                Code::OriginNotAllowed,
                Code::TooManyRequests,
            ],
        }
    }

    /// Whether it may change something.
    pub(super) fn changes(self) -> bool {
        matches!(self, Self::Write | Self::Admin)
    }
}

/// What stands before a route.
#[derive(Clone)]
pub(in crate::http) struct Gate {
    pub guard: SharedGuard,
    pub access: Access,
}

/// Lets a request through to its route, or refuses it.
pub(in crate::http) async fn check(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match gate.guard.admit(gate.access, request.uri(), request.headers(), request.extensions()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

//! The routes for whoever operates the service.

use axum::Json;
use serde_json::json;

/// `GET /health`
pub(super) async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "available" }))
}

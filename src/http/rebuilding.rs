//! The routes of an index that is built anew, under other rules, beside the one that is served.

use axum::{
    Json,
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Code, Refusal, app::blocking, asked::Asked, body::unread, routes::MAX_BODY_BYTES, rules};
use crate::live::Rebuild;

/// `POST /rebuild`
pub(super) async fn begin(asked: Asked, body: Result<Bytes, BytesRejection>) -> Result<Response, Refusal> {
    let body = body.map_err(|error| unread(&error, MAX_BODY_BYTES))?;
    let options = rules::from_json(&body)?;
    let location = [(header::LOCATION, format!("{}/rebuild", asked.base()))];
    let begun = blocking(move || Ok(asked.live.rebuild(&options)?)).await?;
    Ok((StatusCode::ACCEPTED, location, Json(begun)).into_response())
}

/// `GET /rebuild`
pub(super) async fn show(asked: Asked) -> Result<Json<Rebuild>, Refusal> {
    asked.live.last_rebuild().map(Json).ok_or_else(|| none(&asked))
}

/// `DELETE /rebuild`
pub(super) async fn give_up(asked: Asked) -> Result<StatusCode, Refusal> {
    if asked.live.give_up_rebuild() { Ok(StatusCode::ACCEPTED) } else { Err(none(&asked)) }
}

fn none(asked: &Asked) -> Refusal {
    let message = format!("The index {} is not being built anew, nor was it since the server began.", asked.name);
    Refusal::new(Code::RebuildNotFound, message)
}

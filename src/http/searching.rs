//! The routes that answer out of the index: searches, documents, figures.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, Query, rejection::BytesRejection},
    http::{header, request::Parts},
    response::IntoResponse,
};
use serde::Deserialize;

use super::{Code, Refusal, answers::Kept, asked::Asked, body::unread, given, parameters, routes::MAX_BODY_BYTES};
use crate::{
    index::Index,
    search::{self, Answer, Correction, Request, SearchError},
};

pub(super) type Pairs = Query<Vec<(String, String)>>;

/// The document that a path names.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::<Self>::from_request_parts(parts, state).await;
        path.map(|Path(named)| named).map_err(|_| given::invalid("The id in the path is not UTF-8.".to_owned()))
    }
}

impl Asked {
    /// Searches when its turn has come.
    pub(super) async fn search(&self, request: Request) -> Result<Answer, Refusal> {
        let answer = self.with_index(move |index| search::search(index, &request).map_err(refusal)).await?;
        self.tell(&answer.query, answer.estimated_total_hits, &answer.repairs.corrections);
        Ok(answer)
    }

    /// The answer to a search as JSON: the one that is kept, if the index has not changed since, else a new one when its turn
    /// has come.
    async fn answer(&self, request: Request) -> Result<impl IntoResponse + use<>, Refusal> {
        let question = (self.name.clone(), self.current().number(), request);
        let kept = match self.app.answers().get(&question) {
            Some(kept) => {
                self.app.metrics().kept();
                kept
            }
            None => self.answer_anew(question.2.clone()).await?,
        };
        self.tell(question.2.q(), kept.hits, &kept.corrections);
        Ok(([(header::CONTENT_TYPE, "application/json")], kept.json))
    }

    async fn answer_anew(&self, request: Request) -> Result<Kept, Refusal> {
        let asked = request.clone();
        let (number, kept) = self
            .with_index(move |index| {
                let answer = search::search(index, &asked).map_err(refusal)?;
                let kept = Kept::of(answer).map_err(|error| Refusal::internal(&error))?;
                // The index may have changed while it waited for its turn.
                Ok((index.number(), kept))
            })
            .await?;
        self.app.answers().keep((self.name.clone(), number, request), &kept);
        Ok(kept)
    }

    /// Counts a search that was answered, and writes it to the log where that is wanted.
    fn tell(&self, query: &str, hits: u64, corrections: &[Correction]) {
        self.app.metrics().searched(hits, corrections);
        if self.app.logs_queries() {
            tracing::info!(query, hits, "searched");
        }
    }
}

/// `GET /search`
pub(super) async fn by_string(asked: Asked, Query(pairs): Pairs) -> Result<impl IntoResponse, Refusal> {
    asked.answer(parameters::from_pairs(pairs)?).await
}

/// `POST /search`
pub(super) async fn by_body(asked: Asked, body: Result<Bytes, BytesRejection>) -> Result<impl IntoResponse, Refusal> {
    let body = body.map_err(|error| unread(&error, MAX_BODY_BYTES))?;
    asked.answer(parameters::from_json(&body)?).await
}

/// `GET /documents/{id}`
pub(super) async fn document(asked: Asked, Named { id }: Named) -> Result<Json<search::DocumentAnswer>, Refusal> {
    asked.with_index(move |index| find_document(index, &id)).await.map(Json)
}

/// The document of an id.
pub(super) fn find_document(index: &Index, id: &str) -> Result<search::DocumentAnswer, Refusal> {
    let found = search::document(index, id).map_err(|error| Refusal::internal(&error))?;
    found.ok_or_else(|| no_document(id))
}

pub(super) fn no_document(id: &str) -> Refusal {
    Refusal::new(Code::DocumentNotFound, format!("There is no document {id:?}."))
}

/// `GET /stats`
pub(super) async fn stats(asked: Asked) -> Result<Json<search::Stats>, Refusal> {
    asked.with_index(|index| search::stats(index).map_err(|error| Refusal::internal(&error))).await.map(Json)
}

/// What a client is told of a search that failed.
fn refusal(error: SearchError) -> Refusal {
    match error {
        SearchError::Request(error) => given::invalid(error.to_string()),
        SearchError::Index(error) => Refusal::internal(&error),
    }
}

//! The index that a request means: that which its path names, else the default one.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use super::{App, Code, Refusal, given::invalid};
use crate::{
    index::{Index, IndexError},
    live::{IndexName, IndexesError, Live},
};

/// The part of a path that names an index.
pub(super) const INDEX: &str = "index";

/// The service, and the index of it that a request means.
#[derive(Clone)]
pub(super) struct Asked {
    pub app: App,
    pub name: IndexName,
    pub live: Arc<Live>,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let name = match named(parts).await? {
            Some(name) => name.parse().map_err(|_| Refusal::from(IndexesError::NotFound(name)))?,
            None => IndexName::default(),
        };
        let live = app.indexes().get(&name)?;
        Ok(Self { app: app.clone(), name, live })
    }
}

/// The name of an index that a path must hold, whether there is such an index or not.
pub(super) struct NamedIndex(pub String);

impl FromRequestParts<App> for NamedIndex {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        Ok(Self(named(parts).await?.unwrap_or_default()))
    }
}

async fn named(parts: &mut Parts) -> Result<Option<String>, Refusal> {
    let path = RawPathParams::from_request_parts(parts, &()).await;
    let path = path.map_err(|_| invalid("A name in the path is not UTF-8.".to_owned()))?;
    Ok(path.iter().find(|(name, _)| *name == INDEX).map(|(_, value)| value.to_owned()))
}

impl Asked {
    /// The index as last published, for work that waits for no turn.
    pub(super) fn current(&self) -> Arc<Index> {
        self.live.index()
    }

    /// Where the routes of the index stand: nothing for the default one.
    pub(super) fn base(&self) -> String {
        if self.name.is_default() { String::new() } else { format!("/indexes/{}", self.name) }
    }

    /// Runs work on the index when its turn has come: see [`App::with_index`].
    pub(super) async fn with_index<T: Send + 'static>(
        &self,
        work: impl Fn(&Index) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.app.with_index(Arc::clone(&self.live), work).await
    }
}

impl From<IndexesError> for Refusal {
    fn from(error: IndexesError) -> Self {
        let code = match &error {
            IndexesError::NotFound(_) => Code::IndexNotFound,
            IndexesError::Broken { .. } => Code::IndexUnavailable,
            IndexesError::Exists { .. } => Code::IndexExists,
            IndexesError::TooMany => Code::TooManyIndexes,
            IndexesError::Senseless(_) => Code::InvalidParameter,
            IndexesError::Busy(_) | IndexesError::Index(IndexError::Locked { .. }) => Code::IndexBusy,
            IndexesError::Index(error) => return super::backup::refusal(error),
        };
        let advice = if code == Code::IndexNotFound { "; GET /indexes lists them" } else { "" };
        let refusal = Self::sentence(code, &format!("{error}{advice}"));
        match code {
            Code::IndexBusy => refusal.retry_after(1),
            _ => refusal,
        }
    }
}

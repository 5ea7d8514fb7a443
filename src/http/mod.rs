//! The HTTP service: axum, JSON, the error table, the page.

mod app;
mod backup;
mod error;
mod given;
mod metrics;
mod observe;
mod openapi;
mod operating;
mod page;
mod pages;
mod parameters;
mod routes;
mod searching;
mod server;
mod suggestions;

pub use app::App;
pub use error::{Code, Refusal};
pub use server::serve;

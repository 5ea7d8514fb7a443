//! The HTTP service: axum, JSON, the error table, the page.

mod app;
mod error;
mod given;
mod internal;
mod operating;
mod page;
mod pages;
mod parameters;
mod routes;
mod searching;
mod server;
mod suggestions;
mod tasks;
mod uploads;
mod writing;

pub use app::App;
pub use error::{Code, Refusal};
pub use server::serve;

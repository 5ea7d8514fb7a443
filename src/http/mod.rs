//! The HTTP service: axum, JSON, the error table, the page.

mod error;
mod given;
mod page;
mod parameters;
mod server;
mod suggestions;

pub use error::{Code, Refusal};
pub use server::{App, serve};

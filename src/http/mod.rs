//! The HTTP service: axum, JSON, the error table, the page.

mod error;
mod page;
mod parameters;
mod server;

pub use error::{Code, Refusal};
pub use server::{App, serve};

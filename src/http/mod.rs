//! The HTTP service: axum, JSON, the error table, the page.

mod answers;
mod app;
mod asked;
mod backup;
mod body;
mod connection;
mod error;
mod given;
mod guard;
mod indexes;
mod internal;
pub mod keys;
mod lingering;
mod metrics;
mod observe;
mod openapi;
mod operating;
mod pace;
mod page;
mod pages;
mod parameters;
mod rebuilding;
mod routes;
mod rules;
mod searching;
mod server;
mod suggestions;
mod tasks;
#[cfg(test)]
mod tests;
mod uploads;
mod writing;

pub use app::App;
pub use connection::Limits;
pub use error::{Code, Refusal};
pub use guard::{Guard, OpenDoor, Origins, Policy, UnknownOrigin};
pub use server::serve;

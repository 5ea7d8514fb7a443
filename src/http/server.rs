//! The server: connections in, answers out, until it is told to stop.

use std::future::Future;

use tokio::net::TcpListener;

use super::{App, routes::router};

/// Serves until `stop` resolves, then answers what is under way and returns.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await
}

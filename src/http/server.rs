//! The server: connections in, answers out, until it is told to stop.

use std::{future::Future, io, pin::pin, sync::Arc, time::Duration};

use hyper_util::server::graceful::GracefulShutdown;
use tokio::{net::TcpListener, sync::Semaphore};

use super::{App, Guard, Limits, connection, routes::router};

/// How many clients are told at once that there are too many connections; more are closed without a word.
const TURNED_AWAY: usize = 64;

/// How long the server waits after a connection could not be taken in, such as where too many files are open: until some are
/// closed, the next would fail as well.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then takes no more connections, answers what is under way as long as that has time, and
/// returns.
///
/// # Errors
/// None so far: what goes wrong with a connection ends that connection alone.
pub async fn serve(
    app: App,
    guard: Guard,
    listener: TcpListener,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = router(app, guard);
    let places = Arc::new(Semaphore::new(limits.connections));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stop => break,
        };
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(error) if is_of_client(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be taken in");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let served = connection::serve(stream, peer, router.clone(), limits, graceful.watcher());
            tokio::spawn(async move {
                served.await;
                drop(place);
            });
        } else if let Ok(place) = Arc::clone(&turned_away).try_acquire_owned() {
            tokio::spawn(async move {
                if let Err(error) = connection::turn_away(stream).await {
                    tracing::debug!(%peer, %error, "a connection was turned away and did not listen");
                }
                drop(place);
            });
        }
    }
    drop(listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = limits.grace.as_secs(), "some requests have not finished and are cut off");
    }
    Ok(())
}

/// Whether a connection was lost before it was taken in, which says nothing of the next.
fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

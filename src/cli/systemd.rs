//! What systemd is told of the server, where it is what started it.

use std::future::Future;

use sd_notify::NotifyState;

/// Tells that requests are answered from now on, and goes on telling that the program is alive, as often as is asked for.
pub(super) fn ready() {
    tell(NotifyState::Ready);
    if let Some(deadline) = sd_notify::watchdog_enabled() {
        // A runtime that is stuck does not come round to this.
        tokio::spawn(async move {
            let mut beats = tokio::time::interval(deadline / 3);
            loop {
                beats.tick().await;
                tell(NotifyState::Watchdog);
            }
        });
    }
}

/// Waits, and then tells that the server is on its way out.
pub(super) async fn stopping_after(stop: impl Future<Output = ()>) {
    stop.await;
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd cannot be told how the server is");
    }
}

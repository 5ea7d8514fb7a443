//! Work behind searches: whoever writes an index has time, and whoever searches waits.

/// By how much a thread gives way, of 20 steps: where all processors are busy it gets a third of what a search gets, so that
/// searches go on nearly undisturbed and documents are still found soon.
#[cfg(target_os = "linux")]
const STEPS: i32 = 5;

/// From here on this thread, and those that it starts, give way to others that have something to do. Where the system cannot tell
/// threads of one process apart, nothing changes.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(STEPS) {
        tracing::debug!(%error, "the threads that write cannot give way to searches");
    }
}

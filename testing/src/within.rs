//! [`within`]: a test that hangs fails instead.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Generous enough for a busy machine: only a hang takes longer.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Runs `f` in a thread of its own and gives its result.
///
/// # Panics
/// If `f` does, with the same payload; or if it takes longer than `limit`, in which case its
/// thread is left behind.
pub fn within<R: Send + 'static>(limit: Duration, f: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, wait) = channel();
    let name = thread::current().name().unwrap_or("test").to_owned();
    let thread = thread::Builder::new().name(name).spawn(move || {
        let result = f();
        // The receiver is gone if the time was over.
        let _ = done.send(());
        result
    });
    let thread = thread.expect("the system gives a thread");
    match wait.recv_timeout(limit) {
        Err(RecvTimeoutError::Timeout) => panic!("still running after {limit:?}"),
        // A thread that panics drops its sender.
        Ok(()) | Err(RecvTimeoutError::Disconnected) => match thread.join() {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        },
    }
}

/// Waits until `condition` holds.
///
/// # Panics
/// If it does not within [`LIMIT`].
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < LIMIT, "{what}: not after {LIMIT:?}");
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_through() {
        assert_eq!(within(LIMIT, || 7), 7);
    }

    #[test]
    #[should_panic(expected = "inner")]
    fn panics_come_through() {
        within(LIMIT, || panic!("inner"));
    }

    #[test]
    #[should_panic(expected = "still running after 10ms")]
    fn a_hang_fails() {
        let (_sender, receiver) = channel::<()>();
        within(Duration::from_millis(10), move || receiver.recv_timeout(LIMIT).is_ok());
    }
}

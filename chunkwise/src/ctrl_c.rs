//! [`interruptible`]: Ctrl-C stops the computation instead of the program.

use chunkwise_graph::{CancelToken, with_cancel};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};

/// Numbers and tokens of the computations that Ctrl-C stops now.
static RUNNING: Mutex<Vec<(u64, CancelToken)>> = Mutex::new(Vec::new());

/// Ctrl-C could not be listened to.
#[derive(Debug)]
pub struct InterruptError(&'static str);

impl fmt::Display for InterruptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot listen to Ctrl-C: {}", self.0)
    }
}

impl std::error::Error for InterruptError {}

/// Runs `f` so that Ctrl-C stops the graphs that it computes: they
/// return [`Error::Cancelled`](chunkwise_graph::Error::Cancelled). A second Ctrl-C, or one outside
/// of any `interruptible`, ends the program with exit code 130.
///
/// ```
/// use chunkwise::prelude::*;
/// let answer = chunkwise::interruptible(|| delayed(|| 6 * 7).call(()).compute())??;
/// assert_eq!(answer, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`InterruptError`] if the program has another handler of Ctrl-C; `f` is not run then.
pub fn interruptible<R>(f: impl FnOnce() -> R) -> Result<R, InterruptError> {
    listen()?;
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let (number, token) = (NEXT.fetch_add(1, Relaxed), CancelToken::new());
    running().push((number, token.clone()));
    let _listed = Listed(number);
    Ok(with_cancel(&token, f))
}

/// Takes a computation off the list, also when it panics.
struct Listed(u64);

impl Drop for Listed {
    fn drop(&mut self) {
        running().retain(|(number, _)| *number != self.0);
    }
}

fn running() -> MutexGuard<'static, Vec<(u64, CancelToken)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen() -> Result<(), InterruptError> {
    static ONCE: Once = Once::new();
    static FAILED: OnceLock<&'static str> = OnceLock::new();
    ONCE.call_once(|| {
        if let Err(error) = ctrlc::set_handler(interrupt) {
            let why = match error {
                ctrlc::Error::MultipleHandlers => "the program has a handler of its own",
                ctrlc::Error::NoSuchSignal(_) => "the system has no such signal",
                ctrlc::Error::System(_) => "the system refused",
            };
            FAILED.get_or_init(|| why);
        }
    });
    FAILED.get().map_or(Ok(()), |why| Err(InterruptError(why)))
}

fn interrupt() {
    let tokens: Vec<CancelToken> = running().iter().map(|(_, token)| token.clone()).collect();
    if tokens.is_empty() || tokens.iter().all(CancelToken::is_cancelled) {
        std::process::exit(130);
    }
    tokens.iter().for_each(CancelToken::cancel);
}

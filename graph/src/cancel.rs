//! [`CancelToken`]: stopping a run from outside.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError, Weak};

type Wake = dyn Fn() + Send + Sync;

/// A switch that stops every run it was given to; clones share it, and it stays on.
///
/// Tasks that have started go on to their end: let long ones ask [`crate::cancelled`] now and
/// then. See [`crate::with_cancel`].
#[derive(Clone, Default)]
pub struct CancelToken {
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    cancelled: AtomicBool,
    wakes: Mutex<Vec<Weak<Wake>>>,
}

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Stops the runs that hold this token; calling it again does nothing.
    pub fn cancel(&self) {
        self.state.cancelled.store(true, SeqCst);
        let wakes = std::mem::take(&mut *self.wakes());
        for wake in wakes.iter().filter_map(Weak::upgrade) {
            wake();
        }
    }

    /// Whether [`CancelToken::cancel`] was called.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.state.cancelled.load(SeqCst)
    }

    /// Calls `wake` when the token is cancelled, at once if it is already, as long as the returned
    /// guard lives. For schedulers, whose threads may be waiting.
    ///
    /// `wake` is called on the cancelling thread; it must not block.
    #[must_use = "dropping the guard forgets the callback"]
    pub fn on_cancel(&self, wake: impl Fn() + Send + Sync + 'static) -> OnCancel {
        let wake: Arc<Wake> = Arc::new(wake);
        let mut wakes = self.wakes();
        wakes.retain(|wake| wake.strong_count() > 0);
        wakes.push(Arc::downgrade(&wake));
        drop(wakes);
        // Registered first, asked then: a cancellation in between is seen twice, never missed.
        if self.is_cancelled() {
            wake();
        }
        OnCancel { _wake: wake }
    }

    fn wakes(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Wake>>> {
        self.state.wakes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CancelToken(cancelled: {})", self.is_cancelled())
    }
}

/// Keeps a callback of [`CancelToken::on_cancel`] registered.
pub struct OnCancel {
    _wake: Arc<Wake>,
}

impl fmt::Debug for OnCancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnCancel")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn callbacks_run_once_and_only_while_guarded() {
        let (token, calls) = (CancelToken::new(), Arc::new(AtomicUsize::new(0)));
        let count = || {
            let calls = calls.clone();
            move || {
                calls.fetch_add(1, SeqCst);
            }
        };
        let kept = token.on_cancel(count());
        drop(token.on_cancel(count()));
        token.clone().cancel();
        token.cancel();
        assert_eq!(calls.load(SeqCst), 1);
        let late = token.on_cancel(count());
        assert_eq!(calls.load(SeqCst), 2);
        drop((kept, late));
    }
}

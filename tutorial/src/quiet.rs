//! Panics that are part of a demonstration.

use std::panic;

/// Runs `f` without the message that Rust writes to the standard error for each panic: the tutorial
/// shows the error that the panic became. Concerns all threads, so nothing else may run beside it.
pub(crate) fn without_panic_messages<T>(f: impl FnOnce() -> T) -> T {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let result = f();
    panic::set_hook(usual);
    result
}

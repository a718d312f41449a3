//! Where a worker process begins: before `main`, so that `main`, tests and argument parsing never
//! run in one.

use rustix::io::{FdFlags, fcntl_dupfd_cloexec, fcntl_setfd};
use std::os::fd::OwnedFd;
use std::thread;

/// The variable that makes a process a worker.
pub(crate) const VARIABLE: &str = "CHUNKWISE_WORKER";

/// What it holds. Both processes are of one executable, so that a version would be the same.
pub(crate) const VALUE: &str = "stdin";

/// Serves as a worker if this process was started as one, and does not return then.
///
/// Called before `main` by itself, unless the feature `entry` is off. Without it, call it first
/// thing in `main`: before threads are started, and before anything is read from the environment.
pub fn init() {
    if std::env::var_os(VARIABLE).is_none_or(|value| value != VALUE) {
        return;
    }
    // SAFETY: no other thread runs yet: this is before `main`, or (the caller's duty) its first
    // statement. Processes that a task starts are not to be workers.
    unsafe { std::env::remove_var(VARIABLE) };
    // SAFETY: as `main` of any Rust program does: a closed pipe is an error and no signal.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    let socket = match take_stdin() {
        Ok(socket) => socket,
        Err(error) => end(Err(error)),
    };
    // A thread of the standard library's: with a guard page, and a name for messages.
    let thread = thread::Builder::new().name("chunkwise worker".into());
    let served = thread.spawn(move || crate::worker::serve(socket));
    match served.map(thread::JoinHandle::join) {
        Ok(Ok(result)) => end(result),
        Ok(Err(_)) => end(Err(std::io::Error::other("the worker panicked"))),
        Err(error) => end(Err(error)),
    }
}

fn end(result: std::io::Result<()>) -> ! {
    match result {
        Ok(()) => std::process::exit(0),
        Err(error) => {
            eprintln!("the worker process ends: {error}");
            std::process::exit(1)
        }
    }
}

/// The socket to the parent is standard input, which tasks find empty instead.
fn take_stdin() -> std::io::Result<OwnedFd> {
    let socket = fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    let nothing = std::fs::File::open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nothing)?;
    fcntl_setfd(rustix::stdio::stdin(), FdFlags::empty())?;
    Ok(socket)
}

/// Called by the loader, with the other initialisers of the executable.
#[cfg(feature = "entry")]
#[used]
#[unsafe(link_section = ".init_array")]
static ENTRY: extern "C" fn() = {
    extern "C" fn enter() {
        init();
    }
    enter
};

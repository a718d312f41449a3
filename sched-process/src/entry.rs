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
    if !is_worker() {
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

fn is_worker() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|value| value == VALUE)
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

/// A function that the loader calls before `main`, with what `main` is given.
#[cfg(feature = "entry")]
type Initialiser =
    unsafe extern "C" fn(libc::c_int, *const *const libc::c_char, *const *const libc::c_char);

/// Called by the loader, with the other initialisers of the executable.
#[cfg(feature = "entry")]
#[used]
#[unsafe(link_section = ".init_array")]
static ENTRY: Initialiser = enter;

#[cfg(feature = "entry")]
unsafe extern "C" fn enter(
    n_arguments: libc::c_int,
    arguments: *const *const libc::c_char,
    environment: *const *const libc::c_char,
) {
    if is_worker() {
        // This one does not return, so that those behind it would never be called: an allocator's,
        // say, which makes do without its caches until then.
        for initialiser in initialisers_behind_this_one() {
            // SAFETY: the loader would call it next, with these.
            unsafe { initialiser(n_arguments, arguments, environment) };
        }
        init();
    }
}

/// The initialisers of the executable that the loader has not called yet.
#[cfg(feature = "entry")]
fn initialisers_behind_this_one() -> impl Iterator<Item = Initialiser> {
    unsafe extern "C" {
        /// Where the linker has put the first initialiser of the executable.
        static __init_array_start: [usize; 0];
        /// And where they end.
        static __init_array_end: [usize; 0];
    }
    let (start, end) = (&raw const __init_array_start, &raw const __init_array_end);
    let (start, end) = (start.cast::<usize>(), end.cast::<usize>());
    let len = end.addr().saturating_sub(start.addr()) / size_of::<usize>();
    // SAFETY: the linker's symbols are the bounds of an array of addresses, which nobody changes.
    let all = unsafe { std::slice::from_raw_parts(start, len) };
    let own = all.iter().position(|&address| address == enter as *const () as usize);
    let behind = own.map_or(&all[..0], |own| &all[own + 1..]);
    // Linkers may leave entries that are none.
    let real = behind.iter().filter(|address| !matches!(**address, 0 | usize::MAX));
    // SAFETY: every other entry is the address of a function of this type.
    real.map(|&address| unsafe { std::mem::transmute::<usize, Initialiser>(address) })
}

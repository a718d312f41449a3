//! Starting worker processes, and ending them.

use crate::arena::Arena;
use crate::console::{Tail, follow};
use crate::descriptors;
use crate::entry::{VALUE, VARIABLE};
use crate::error::{End, ProcessError};
use crate::image::{StaticRef, build_id};
use crate::message::{Hello, Setup};
use crate::options::Options;
use crate::wire::{Inlet, Outlet, Wait};
use crate::worker::PROBE;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a worker may take to answer: it has next to nothing to do but for its start-up hook.
const PATIENCE: Duration = Duration::from_secs(60);

/// A worker process as its parent sees it.
pub(crate) struct Process {
    child: Child,
    data_socket: Arc<OwnedFd>,
    control_socket: Arc<OwnedFd>,
    pub(crate) data_in: Inlet,
    pub(crate) data_out: Outlet,
    pub(crate) control_in: Inlet,
    pub(crate) control_out: Outlet,
    /// The region of shared memory that it writes.
    pub(crate) region: u32,
    pub(crate) tail: Arc<Tail>,
    /// How many of the registered types and errors it was told.
    pub(crate) n_types: usize,
    pub(crate) n_errors: usize,
    pub(crate) n_done: u64,
}

impl Process {
    /// Starts a worker. It is ready when [`Process::greet`] has returned.
    pub(crate) fn start(
        number: usize,
        region: u32,
        arena: &Arena,
        options: &Options,
    ) -> Result<Process, ProcessError> {
        let (data, data_there) = UnixStream::pair()?;
        let (control, control_there) = UnixStream::pair()?;
        // This very image, also when the file was replaced since.
        let mut command = Command::new("/proc/self/exe");
        command
            .arg0(format!("chunkwise worker {number} of {}", std::process::id()))
            .stdin(Stdio::from(OwnedFd::from(data_there)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Signals of the terminal are the parent's; and whatever the worker starts can be ended
            // with it.
            .process_group(0);
        if std::env::var_os(POOL_THREADS).is_none() {
            command.env(POOL_THREADS, pool_threads(options).to_string());
        }
        command.envs(options.environment.iter().cloned()).env(VARIABLE, VALUE);
        let mut child = command.spawn()?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (Some(out), Some(err)) = (out, err) else {
            return Err(io::Error::other("a worker without output").into());
        };
        let tail = follow(number, out, err, &options.output)?;
        let data: Arc<OwnedFd> = Arc::new(data.into());
        let control: Arc<OwnedFd> = Arc::new(control.into());
        descriptors::send(data.as_fd(), control_there.as_fd(), arena.file())?;
        let mut process = Process {
            child,
            data_in: Inlet::new(data.clone()),
            data_out: Outlet::new(data.clone()),
            control_in: Inlet::new(control.clone()),
            control_out: Outlet::new(control.clone()),
            data_socket: data,
            control_socket: control,
            region,
            tail,
            n_types: 0,
            n_errors: 0,
            n_done: 0,
        };
        let setup = Setup {
            region,
            region_len: arena.region_len(),
            n_threads: options.n_threads as u32,
            stack_bytes: options.stack_bytes as u64,
            start_up: options.start_up.clone(),
        };
        process.data_out.put(&setup, &[])?;
        process.data_out.flush(Wait::Yes)?;
        Ok(process)
    }

    /// Waits until the worker is ready.
    pub(crate) fn greet(&mut self) -> Result<(), ProcessError> {
        let since = Instant::now();
        let hello = loop {
            if let Some((hello, _)) = self.data_in.next::<Hello>()? {
                break hello;
            }
            let left = PATIENCE.saturating_sub(since.elapsed());
            if left.is_zero() {
                self.kill();
                let stderr = self.tail.lines();
                return Err(ProcessError::Silent { waited: PATIENCE, stderr });
            }
            if wait_for(self.data_socket.as_fd(), left)? && !self.data_in.read(Wait::No)? {
                let (end, stderr) = self.post_mortem();
                return Err(ProcessError::DiedAtStart { end, stderr });
            }
        };
        if let Some(message) = hello.failed {
            return Err(ProcessError::StartUp { message });
        }
        let probe = StaticRef::to(&PROBE).map_err(|_| ProcessError::SharedLibrary)?;
        if hello.build != build_id() || hello.probe != probe {
            return Err(ProcessError::OtherExecutable);
        }
        Ok(())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn sockets(&self) -> (BorrowedFd<'_>, BorrowedFd<'_>) {
        (self.data_socket.as_fd(), self.control_socket.as_fd())
    }

    /// Whether the process has not ended, as far as can be seen without waiting for it.
    pub(crate) fn is_alive(&self) -> bool {
        let Some(id) = Pid::from_raw(self.child.id() as i32) else { return false };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        matches!(waitid(WaitId::Pid(id), options), Ok(None))
    }

    /// Ends the process, and everything that it started, at once.
    pub(crate) fn kill(&mut self) {
        if let Some(group) = Pid::from_raw(self.child.id() as i32) {
            // It fails if there is nothing to end.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.kill();
    }

    /// How the process ended and what it said last. It has closed its sockets, so that it has ended
    /// or is about to.
    pub(crate) fn post_mortem(&mut self) -> (End, Vec<String>) {
        if !self.wait(Duration::from_secs(1)) {
            self.kill();
        }
        let end = End::of(self.child.wait());
        // What it started does not outlive it.
        self.kill();
        (end, self.tail.lines())
    }

    /// Waits for the process to end; whether it has.
    fn wait(&mut self, at_most: Duration) -> bool {
        let since = Instant::now();
        let mut pause = Duration::from_micros(50);
        loop {
            match self.child.try_wait() {
                Ok(None) if since.elapsed() < at_most => thread::sleep(pause),
                Ok(None) => return false,
                _ => return true,
            }
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }
}

/// A worker whose sockets are closed ends by itself; one that does not, by force.
impl Drop for Process {
    fn drop(&mut self) {
        for socket in [&self.data_socket, &self.control_socket] {
            let _ = rustix::net::shutdown(socket, rustix::net::Shutdown::Both);
        }
        if !self.wait(Duration::from_millis(500)) {
            self.kill();
        }
        let _ = self.child.wait();
        // Processes that a task started and left behind.
        self.kill();
    }
}

/// Waits until there is something to read; `false` if there is not within the time.
fn wait_for(socket: BorrowedFd<'_>, at_most: Duration) -> io::Result<bool> {
    let mut sockets = [PollFd::new(&socket, PollFlags::IN)];
    let timeout =
        Timespec { tv_sec: at_most.as_secs() as i64, tv_nsec: at_most.subsec_nanos().into() };
    match poll(&mut sockets, Some(&timeout)) {
        Ok(n) => Ok(n > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// rayon's variable for the number of its threads: workers share the cores.
const POOL_THREADS: &str = "RAYON_NUM_THREADS";

fn pool_threads(options: &Options) -> usize {
    let n_cores = thread::available_parallelism().map_or(1, usize::from);
    (n_cores / options.n_workers).max(options.n_threads)
}

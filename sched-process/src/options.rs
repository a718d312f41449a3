//! [`ProcessesBuilder`]: how many workers, and what they may do.

use crate::console::{Line, Output};
use crate::error::ProcessError;
use crate::message::Parts;
use crate::processes::Processes;
use crate::run::parts_of;
use chunkwise_graph::{
    Block, BoxError, Captureless, Error, Kernel, LoadWith, Parcel, Result, Shipment, Value,
};
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

/// What happens to tasks that cannot run in another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum NotPortable {
    /// The run is refused before anything of it runs, with the task and the reason.
    #[default]
    Refuse,
    /// They run in the calling process, one after the other, beside the workers.
    RunHere,
}

/// How worker processes are started, and what they may do; made by [`Processes::builder`].
///
/// ```
/// use chunkwise_sched_process::Processes;
/// use std::time::Duration;
///
/// let processes = Processes::builder()
///     .workers(2)
///     .memory_limit(2 << 30)
///     .task_timeout(Duration::from_secs(60))
///     .env("OMP_NUM_THREADS", "1")
///     .start_up(|| println!("ready"))
///     .build()?;
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
#[must_use = "nothing starts before `build`"]
pub struct ProcessesBuilder {
    pub(crate) options: Options,
    start_up: Option<Result<Shipment, String>>,
}

#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) n_workers: usize,
    pub(crate) n_threads: usize,
    pub(crate) stack_bytes: usize,
    pub(crate) start_up: Option<Parts>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) memory_limit: Option<u64>,
    pub(crate) task_timeout: Option<Duration>,
    pub(crate) retries: u32,
    pub(crate) restarts: Option<u32>,
    pub(crate) recycle_after: Option<u64>,
    pub(crate) patience: Duration,
    pub(crate) output: Output,
    pub(crate) not_portable: NotPortable,
}

impl ProcessesBuilder {
    pub(crate) fn new() -> ProcessesBuilder {
        let options = Options {
            n_workers: std::thread::available_parallelism().map_or(1, usize::from),
            n_threads: 1,
            stack_bytes: 8 << 20,
            start_up: None,
            environment: Vec::new(),
            memory_limit: None,
            task_timeout: None,
            retries: 3,
            restarts: None,
            recycle_after: None,
            patience: Duration::from_secs(1),
            output: Output::default(),
            not_portable: NotPortable::default(),
        };
        ProcessesBuilder { options, start_up: None }
    }

    /// Number of worker processes; as many as cores unless set, at least 1. Thread pools of rayon in
    /// them get their share of the cores, unless `RAYON_NUM_THREADS` is set.
    pub fn workers(mut self, n: usize) -> ProcessesBuilder {
        self.options.n_workers = n.max(1);
        self
    }

    /// Tasks that a worker runs at a time, 1 unless set, at most 340. Tasks of one worker share
    /// its memory, so that values between them are not copied, and its fate.
    pub fn threads_per_worker(mut self, n: usize) -> ProcessesBuilder {
        self.options.n_threads = n.clamp(1, crate::arena::Mapping::N_THREADS);
        self
    }

    /// Bytes of stack of the threads that run tasks, 8 MiB unless set.
    pub fn stack_bytes(mut self, bytes: usize) -> ProcessesBuilder {
        self.options.stack_bytes = bytes;
        self
    }

    /// Called in each worker before its first task: what `main` sets up (a logger, thread pools,
    /// registered types) is not there in a worker, whose `main` does not run.
    ///
    /// It must capture nothing; a panic of it makes [`ProcessesBuilder::build`] fail.
    pub fn start_up<F: Fn() + Send + Sync + 'static>(mut self, hook: F) -> ProcessesBuilder {
        let shipment = Captureless::of(&hook)
            .map(|hook| Shipment::new(hook.ship_fn::<Hook>()))
            .ok_or_else(Captureless::<F>::refusal);
        self.start_up = Some(shipment);
        self
    }

    /// Sets a variable in the environment of the workers, which is that of this process otherwise.
    pub fn env(
        mut self,
        name: impl Into<OsString>,
        value: impl Into<OsString>,
    ) -> ProcessesBuilder {
        self.options.environment.push((name.into(), value.into()));
        self
    }

    /// Bytes of memory that a worker may have resident. One that has more is ended, and its task
    /// tried again and then reported. It is looked at some fifty times a second: a task that takes
    /// memory faster may have more for a moment.
    pub fn memory_limit(mut self, bytes: u64) -> ProcessesBuilder {
        self.options.memory_limit = Some(bytes);
        self
    }

    /// How long a task may take. One that takes longer is ended with its worker, and the run fails.
    pub fn task_timeout(mut self, limit: Duration) -> ProcessesBuilder {
        self.options.task_timeout = Some(limit);
        self
    }

    /// How often a task is run again whose worker ended while it ran, 3 unless set.
    pub fn retries(mut self, n: u32) -> ProcessesBuilder {
        self.options.retries = n;
        self
    }

    /// How many workers may be started again within one run; any number unless set.
    pub fn restarts(mut self, n: u32) -> ProcessesBuilder {
        self.options.restarts = Some(n);
        self
    }

    /// Replaces a worker by a new one once it has run `n` tasks, or a few more that it had been given
    /// already: for code that leaks. What it holds is put into shared memory first.
    pub fn recycle_after(mut self, n: u64) -> ProcessesBuilder {
        self.options.recycle_after = Some(n.max(1));
        self
    }

    /// How long a cancelled run waits for tasks that have started, 1 s unless set. After that their
    /// workers are ended, and [`Error::Cancelled`] names the tasks.
    pub fn patience(mut self, patience: Duration) -> ProcessesBuilder {
        self.options.patience = patience;
        self
    }

    /// What tasks print is not shown.
    pub fn silent(mut self) -> ProcessesBuilder {
        self.options.output = Output::Silent;
        self
    }

    /// What tasks print goes to `sink`, line by line, instead of to this process's own output.
    pub fn output(mut self, sink: impl Fn(Line<'_>) + Send + Sync + 'static) -> ProcessesBuilder {
        self.options.output = Output::To(Arc::new(sink));
        self
    }

    /// What happens to tasks that cannot run in another process; they are refused unless set.
    pub fn not_portable(mut self, what: NotPortable) -> ProcessesBuilder {
        self.options.not_portable = what;
        self
    }

    /// Starts the workers.
    ///
    /// # Errors
    /// [`Error::Scheduler`], whose source is a [`ProcessError`] that says why.
    pub fn build(self) -> Result<Processes> {
        let ProcessesBuilder { mut options, start_up } = self;
        if let Some(hook) = start_up {
            let parts = hook.and_then(|hook| parts_of(&hook));
            let message = |message| Error::from(ProcessError::StartUp { message });
            options.start_up = Some(parts.map_err(message)?);
        }
        Processes::start(options)
    }
}

impl std::fmt::Debug for ProcessesBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let options = &self.options;
        f.debug_struct("ProcessesBuilder")
            .field("workers", &options.n_workers)
            .field("threads_per_worker", &options.n_threads)
            .field("memory_limit", &options.memory_limit)
            .field("task_timeout", &options.task_timeout)
            .field("retries", &options.retries)
            .finish_non_exhaustive()
    }
}

/// A hook, as a kernel that is called once.
struct Hook;

impl<F: Fn() + Send + Sync + 'static> LoadWith<F> for Hook {
    fn load(
        function: Captureless<F>,
        _: Parcel<'_>,
    ) -> std::result::Result<Arc<dyn Kernel>, BoxError> {
        Ok(Arc::new(Called(function)))
    }
}

struct Called<F>(Captureless<F>);

impl<F: Fn() + Send + Sync + 'static> Kernel for Called<F> {
    fn call(&self, _: Block<'_>, _: &mut [Value]) -> std::result::Result<Value, BoxError> {
        self.0.get()();
        Ok(Value::unit())
    }
}

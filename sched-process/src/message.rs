//! What parent and workers say to each other. README.md tells when.

use crate::arena::Span;
use crate::failure::Failure;
use crate::image::StaticRef;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The first message to a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// The region of shared memory that the worker writes.
    pub(crate) region: u32,
    pub(crate) region_len: u64,
    pub(crate) n_threads: u32,
    pub(crate) stack_bytes: u64,
    pub(crate) start_up: Option<Parts>,
}

/// The worker's answer: it is a process of the same executable, and ready.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) build: Vec<u8>,
    /// What a certain static is referred to by, over there.
    pub(crate) probe: StaticRef,
    /// What the start-up hook said, if it failed.
    pub(crate) failed: Option<String>,
}

/// From the parent, in order with the tasks.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToWorker {
    /// Types and errors whose codecs were registered.
    Register { types: Vec<StaticRef>, errors: Vec<StaticRef> },
    /// A run starts; `number` tells it from others.
    Begin { run: u64 },
    /// A kernel that tasks will name by its number.
    Program { number: u32, grid: Vec<u32>, parts: Parts },
    /// Tasks to run, one after the other. The bytes of inputs are in the message's blob, in order.
    Tasks(Vec<Task>),
    /// Values that nobody needs any more. Said here, and not as an [`Order`], where no long task holds
    /// it up: memory that the thread frees which runs tasks is warm for the next one.
    Release { run: u64, tasks: Vec<u32>, answer: bool },
    /// The run is over: everything of it is dropped, and [`FromWorker::Ended`] said.
    End { run: u64 },
}

/// From the parent, to be heard at once, also while a task runs. It names the run that it is about:
/// what is late does not concern the next one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Control {
    pub(crate) run: u64,
    pub(crate) order: Order,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// A value is needed elsewhere: put it into shared memory.
    Publish { task: u32 },
    /// Values that nobody needs any more. `answer` if somebody wants to know when they are gone.
    Release { tasks: Vec<u32>, answer: bool },
    /// Tasks of this number and above do not start any more.
    Limit { task: u32 },
    /// The run is cancelled: no task starts any more, and the token of running ones says so.
    Cancel,
    /// Say what is done; give back what has not started, too, if `recall`.
    Nudge { recall: bool },
    /// Regions of workers that are gone, whose memory nobody needs any more.
    Forget { regions: Vec<u32> },
}

/// From a worker. Answers to orders name the run that they are about: they come another way than the
/// end of a run, and may be late.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum FromWorker {
    /// Tasks that ended. The bytes of results are in the message's blob, in order.
    Done(Vec<Done>),
    /// A value is in shared memory, or why it could not be put there.
    Published { run: u64, task: u32, result: Result<Published, Failure> },
    /// Released values are gone.
    Released { run: u64, tasks: Vec<u32> },
    /// Tasks that were given back.
    Recalled { run: u64, tasks: Vec<u32> },
    /// The run is over, and nothing of it is left.
    Ended { run: u64 },
}

/// A kernel in portable form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Parts {
    pub(crate) function: StaticRef,
    pub(crate) state: Vec<u8>,
    pub(crate) parts: Vec<Parts>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    /// Its number in the plan.
    pub(crate) task: u32,
    /// The kernels of a chain, each on the result of the one before.
    pub(crate) steps: SmallVec<[Step; 1]>,
    /// What the first step works on, then what the steps are given besides.
    pub(crate) inputs: Vec<Input>,
    /// How many of them other tasks gave: what an error tells of.
    pub(crate) n_deps: u32,
    /// Whether the result will be needed elsewhere for sure.
    pub(crate) publish: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) program: u32,
    pub(crate) block: u32,
    /// How many of the inputs are its own, beyond what the step before gave.
    pub(crate) n_inputs: u32,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Input {
    /// A value that the worker has; `take` if nobody will ask for it again.
    Stored { task: u32, take: bool },
    /// A value in the blob, to be kept under a task's number if it will be asked for again.
    Inline { frames: InlineFrames, keep: Option<u32> },
    /// A value in shared memory, to be kept likewise.
    Shared { published: Published, keep: Option<u32> },
}

/// An encoded value whose bytes are in a blob: first the header, then the buffers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct InlineFrames {
    pub(crate) info: StaticRef,
    pub(crate) header: u32,
    pub(crate) buffers: SmallVec<[u32; 1]>,
}

impl InlineFrames {
    /// Bytes in the blob.
    pub(crate) fn len(&self) -> u64 {
        let buffers = self.buffers.iter().map(|&len| u64::from(len));
        u64::from(self.header) + buffers.sum::<u64>()
    }
}

/// An encoded value in shared memory, but for its header.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Published {
    pub(crate) info: StaticRef,
    pub(crate) header: Vec<u8>,
    pub(crate) buffers: SmallVec<[Span; 1]>,
    /// Where its owner counts the bytes that are there already, over all buffers.
    pub(crate) progress: Span,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) task: u32,
    pub(crate) thread: u32,
    /// When it started and ended, in nanoseconds of the machine's monotonic clock.
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// A small result, in the blob.
    Inline {
        frames: InlineFrames,
    },
    /// A result that the worker keeps.
    Held {
        nbytes: u64,
        text: String,
        published: Option<Published>,
    },
    /// Of a chain, in which of its steps.
    Failed {
        step: u32,
        inputs: Vec<String>,
        failure: Failure,
    },
    Panicked {
        step: u32,
        inputs: Vec<String>,
        message: String,
    },
    /// It did not start, as a task before it had failed or the run was cancelled.
    Skipped,
    /// It did not start, as an input of it was lost on its way.
    InputLost,
}

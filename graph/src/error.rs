//! [`Error`]: what can go wrong with a graph, a plan or a run, and where.

use crate::explain::format_bytes;
use crate::key::Key;
use crate::place::Place;
use crate::type_info::short_type_name;
use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// The error of a task's own code, of any kind.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which task failed, and what a reader needs to find it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TaskSite {
    /// The task.
    pub key: Key,
    /// What it does: `add`, or `add+mul` after fusion.
    pub operation: String,
    /// Where the user made its layer.
    pub made_at: Place,
    /// What it was given, described: `chunk (500, 500) f8`.
    pub inputs: Vec<String>,
}

impl TaskSite {
    /// As another process tells of it.
    pub fn new(key: Key, operation: String, made_at: Place, inputs: Vec<String>) -> TaskSite {
        TaskSite { key, operation, made_at, inputs }
    }
}

/// What a task needs in memory at one time, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryNeed {
    /// The results that it is given.
    pub inputs: u64,
    /// What it needs besides while it runs.
    pub scratch: u64,
    /// Its result.
    pub output: u64,
    /// Results of other tasks that cannot leave memory meanwhile.
    pub kept: u64,
}

impl MemoryNeed {
    /// All of it.
    pub fn total(&self) -> u64 {
        let parts = [self.inputs, self.scratch, self.output, self.kept];
        parts.into_iter().fold(0, u64::saturating_add)
    }
}

/// What can go wrong with a graph, a plan or a run.
///
/// Cheap to clone, so that one failure can be handed to everybody who waits. `Display` is one
/// clause; [`Error::report`] (and `Debug`, which `fn main() -> Result<…>` prints) adds the source,
/// the place where the work was made and what to do.
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// A task returned an error.
    Task {
        /// The task.
        site: Box<TaskSite>,
        /// Its own error.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// A task, or an observer called for it, panicked.
    Panic {
        /// The task.
        site: Box<TaskSite>,
        /// What the panic said.
        message: String,
    },
    /// A value is of another type than was asked for.
    Type {
        /// The task whose value it is, where that is known.
        key: Option<Box<Key>>,
        /// The type that was asked for.
        expected: &'static str,
        /// The type of the value.
        found: &'static str,
    },
    /// A hand-written task is given arguments that its function does not take.
    Argument {
        /// The task.
        key: Box<Key>,
        /// The number of the argument, from 0.
        argument: usize,
        /// What the function takes there.
        expected: Box<str>,
        /// What it would be given.
        found: Box<str>,
        /// Where the task was made.
        made_at: &'static Location<'static>,
    },
    /// A key that no task or value has.
    MissingKey {
        /// The key.
        key: Box<Key>,
        /// The task that needs it; `None` when the caller asked for it.
        needed_by: Option<Box<Key>>,
        /// Where that task was made.
        made_at: Option<&'static Location<'static>>,
        /// A key that does exist and is spelt almost the same.
        similar: Option<Box<Key>>,
    },
    /// Two tasks of one graph have the same key.
    DuplicateKey {
        /// The key.
        key: Box<Key>,
        /// Where it was given first.
        first: &'static Location<'static>,
        /// Where it was given again.
        second: &'static Location<'static>,
    },
    /// Tasks that need each other.
    Cycle {
        /// Each needs the next, and the last the first.
        keys: Vec<Key>,
    },
    /// A value would have to leave the process, and its type has no codec.
    NoCodec {
        /// The type.
        type_name: &'static str,
    },
    /// A value could not be written in its portable form.
    Codec {
        /// The type.
        type_name: &'static str,
        /// What the codec said.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// A task has no form that can run in another process.
    NotShippable {
        /// The task.
        site: Box<TaskSite>,
        /// Why, and what to write instead.
        why: String,
    },
    /// The run was cancelled.
    Cancelled {
        /// Tasks that had not returned when the caller stopped waiting for them.
        running: Vec<Key>,
    },
    /// More tasks or dependencies than one plan can number.
    TooLarge {
        /// What there are too many of.
        what: &'static str,
        /// How many there may be.
        limit: u64,
    },
    /// A layer says something about itself that cannot be.
    InvalidLayer {
        /// The layer's name.
        layer: String,
        /// What is wrong.
        why: String,
        /// Where it was made.
        made_at: &'static Location<'static>,
    },
    /// A scheduler could not start.
    Scheduler {
        /// The scheduler.
        name: &'static str,
        /// Why.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// The plan cannot run within its memory budget: a single task needs more, or results do that
    /// cannot leave memory.
    OverBudget {
        /// The task that needs the most.
        site: Box<TaskSite>,
        /// What it needs at one time, in bytes.
        needs: MemoryNeed,
        /// What it can have: the limit without what allocators hold beyond what is asked of them.
        limit: u64,
    },
    /// A result could not be written to disk, or read back, to keep within the memory budget.
    Spill {
        /// The task whose result it is.
        key: Box<Key>,
        /// Why.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// An environment variable says something that cannot be.
    Setting {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        source: Arc<dyn StdError + Send + Sync>,
    },
    /// A picture could not be drawn or written.
    Draw(Arc<crate::draw::DrawError>),
}

impl Error {
    /// The task at fault, when there is one.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Error::Task { site, .. }
            | Error::Panic { site, .. }
            | Error::NotShippable { site, .. }
            | Error::OverBudget { site, .. } => Some(&site.key),
            Error::Type { key, .. } => key.as_deref(),
            Error::Argument { key, .. }
            | Error::Spill { key, .. }
            | Error::MissingKey { key, .. }
            | Error::DuplicateKey { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The same error, saying whose value is of the wrong type.
    #[must_use]
    pub fn of_key(mut self, of: &Key) -> Error {
        if let Error::Type { key, .. } = &mut self {
            key.get_or_insert_with(|| Box::new(of.clone()));
        }
        self
    }

    /// The whole story on several lines: the error, its sources, where the work was made, what it
    /// was given and what to do.
    pub fn report(&self) -> impl fmt::Display + '_ {
        Report(self)
    }

    fn hints(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Task { site, .. }
            | Error::Panic { site, .. }
            | Error::NotShippable { site, .. } => {
                write!(f, "\n  in: {}, made at {}", site.operation, site.made_at)?;
                if !site.inputs.is_empty() {
                    write!(f, "\n  inputs: {}", site.inputs.join(", "))?;
                }
                Ok(())
            }
            Error::Argument { made_at, .. } | Error::InvalidLayer { made_at, .. } => {
                write!(f, "\n  made at {made_at}")
            }
            Error::MissingKey { made_at, similar, .. } => {
                if let Some(similar) = similar {
                    write!(f, "\n  did you mean: {similar}")?;
                }
                made_at.map_or(Ok(()), |at| write!(f, "\n  made at {at}"))
            }
            Error::DuplicateKey { first, second, .. } => {
                write!(f, "\n  first at {first}\n  again at {second}")?;
                f.write_str("\n  give one of them another name; `TaskDict::replace` changes a task on purpose")
            }
            Error::NoCodec { .. } => f.write_str(
                "\n  give the type serde's Serialize and Deserialize and call `register_serde` with it, or implement `Data`",
            ),
            Error::Cancelled { running } if !running.is_empty() => f.write_str(
                "\n  they go on in the background; let long tasks ask `cancelled()` now and then",
            ),
            Error::OverBudget { site, needs, .. } => {
                let [inputs, scratch, output, kept] =
                    [needs.inputs, needs.scratch, needs.output, needs.kept].map(format_bytes);
                write!(f, "\n  in: {}, made at {}", site.operation, site.made_at)?;
                write!(f, "\n  inputs {inputs}, while it runs {scratch}, result {output}")?;
                if needs.kept > 0 {
                    write!(f, ", results that cannot leave memory {kept}")?;
                }
                f.write_str("\n  use smaller chunks, or allow more memory")
            }
            Error::TooLarge { .. } => f.write_str("\n  use larger chunks"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Task { site, .. } => write!(f, "task {} failed", site.key),
            Error::Panic { site, message } => write!(f, "task {} panicked: {message}", site.key),
            Error::Type { key, expected, found } => {
                key.as_ref().map_or(Ok(()), |key| write!(f, "value of {key}: "))?;
                let (expected, found) = (short_type_name(expected), short_type_name(found));
                write!(f, "expected {expected}, found {found}")
            }
            Error::Argument { key, argument, expected, found, .. } => {
                write!(f, "argument {argument} of task {key}: expected {expected}, found {found}")
            }
            Error::MissingKey { key, needed_by: Some(task), .. } => {
                write!(f, "task {task} needs {key}, which is not in the graph")
            }
            Error::MissingKey { key, .. } => write!(f, "no task or value is named {key}"),
            Error::DuplicateKey { key, .. } => write!(f, "the key {key} is given twice"),
            Error::Cycle { keys } => write_cycle(f, keys),
            Error::NoCodec { type_name } => {
                write!(f, "values of type {} cannot leave the process", short_type_name(type_name))
            }
            Error::Codec { type_name, .. } => {
                write!(f, "a value of type {} could not be encoded", short_type_name(type_name))
            }
            Error::NotShippable { site, why } => {
                write!(f, "task {} cannot run in another process: {why}", site.key)
            }
            Error::Cancelled { running } => write_cancelled(f, running),
            Error::TooLarge { what, limit } => {
                write!(f, "the graph has more {what} than one plan can hold ({limit})")
            }
            Error::InvalidLayer { layer, why, .. } => write!(f, "layer {layer}: {why}"),
            Error::Scheduler { name, .. } => write!(f, "the {name} scheduler could not start"),
            Error::OverBudget { site, needs, limit } => {
                let [needs, limit] = [needs.total(), *limit].map(format_bytes);
                write!(f, "task {} needs {needs} of memory, and can have {limit}", site.key)
            }
            Error::Setting { name, .. } => write!(f, "{name} is set to something unusable"),
            Error::Spill { key, .. } => write!(f, "the result of {key} could not go to disk"),
            Error::Draw(error) => fmt::Display::fmt(error, f),
        }
    }
}

fn write_cycle(f: &mut fmt::Formatter<'_>, keys: &[Key]) -> fmt::Result {
    f.write_str("tasks need each other: ")?;
    for key in keys.iter().take(12) {
        write!(f, "{key} -> ")?;
    }
    if keys.len() > 12 {
        write!(f, "({} more) -> ", keys.len() - 12)?;
    }
    keys.first().map_or(Ok(()), |key| write!(f, "{key}"))
}

fn write_cancelled(f: &mut fmt::Formatter<'_>, running: &[Key]) -> fmt::Result {
    f.write_str("the run was cancelled")?;
    match running {
        [] => Ok(()),
        [one] => write!(f, " while task {one} had not returned"),
        [one, more @ ..] => {
            write!(f, " while task {one} and {} more had not returned", more.len())
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Task { source, .. }
            | Error::Spill { source, .. }
            | Error::Setting { source, .. }
            | Error::Codec { source, .. }
            | Error::Scheduler { source, .. } => Some(&**source),
            // Its Display is this error's own.
            Error::Draw(error) => error.source(),
            _ => None,
        }
    }
}

/// As [`Error::report`]: this is what `fn main() -> Result<…>` and `unwrap` print.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.report(), f)
    }
}

struct Report<'a>(&'a Error);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0, f)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        self.0.hints(f)
    }
}

impl From<crate::draw::DrawError> for Error {
    fn from(error: crate::draw::DrawError) -> Error {
        Error::Draw(Arc::new(error))
    }
}

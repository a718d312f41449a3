//! [`ProcessError`]: what can go wrong with worker processes.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

/// What can go wrong with worker processes: the source of an
/// [`Error::Scheduler`](chunkwise_graph::Error::Scheduler) if they cannot start, and of an
/// [`Error::Task`](chunkwise_graph::Error::Task) if one ended while it ran the task.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ProcessError {
    /// The code of this crate is in a shared library (a plug-in, an extension of another program),
    /// so that starting this executable again would start another program.
    SharedLibrary,
    /// A worker could not be started.
    Start {
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// A worker ended before it was ready.
    DiedAtStart {
        /// How it ended.
        end: End,
        /// The last lines that it wrote to standard error.
        stderr: Vec<String>,
    },
    /// A worker started and did not answer in time.
    Silent {
        /// How long it was waited for.
        waited: Duration,
        /// The last lines that it wrote to standard error.
        stderr: Vec<String>,
    },
    /// What was started is not this executable.
    OtherExecutable,
    /// The start-up hook failed in a worker.
    StartUp {
        /// What it said.
        message: String,
    },
    /// The worker ended while it ran the task, each time that it was tried.
    Died {
        /// How it ended the last time.
        end: End,
        /// How often the task was tried.
        attempts: u32,
        /// The last lines that it wrote to standard error.
        stderr: Vec<String>,
    },
    /// More workers ended than may be started again.
    TooManyRestarts {
        /// How the last one ended.
        end: End,
        /// How many may be started again.
        limit: u32,
        /// The last lines that it wrote to standard error.
        stderr: Vec<String>,
    },
    /// The task took longer than it may, and was ended with its worker.
    TimedOut {
        /// How long a task may take.
        limit: Duration,
    },
    /// The worker had more memory than it may while it ran the task, each time that it was tried.
    Memory {
        /// How many bytes a worker may have.
        limit: u64,
        /// How many it had.
        resident: u64,
        /// How often the task was tried.
        attempts: u32,
    },
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// By itself, with a status.
    Exited {
        /// The status.
        code: i32,
    },
    /// By a signal.
    Signal {
        /// Its number.
        signal: i32,
    },
    /// It cannot be found out.
    Unknown,
}

impl End {
    pub(crate) fn of(status: io::Result<ExitStatus>) -> End {
        use std::os::unix::process::ExitStatusExt;
        let Ok(status) = status else { return End::Unknown };
        match (status.code(), status.signal()) {
            (Some(code), _) => End::Exited { code },
            (None, Some(signal)) => End::Signal { signal },
            (None, None) => End::Unknown,
        }
    }
}

/// The names of signals that end processes, as they are on Linux.
const SIGNALS: [(i32, &str); 14] = [
    (1, "SIGHUP"),
    (2, "SIGINT"),
    (3, "SIGQUIT"),
    (4, "SIGILL"),
    (5, "SIGTRAP"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (11, "SIGSEGV"),
    (13, "SIGPIPE"),
    (15, "SIGTERM"),
    (24, "SIGXCPU"),
    (31, "SIGSYS"),
];

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            End::Exited { code } => write!(f, "exited with status {code}"),
            End::Signal { signal } => {
                let name = SIGNALS.iter().find(|(number, _)| *number == signal);
                match name {
                    Some((_, name)) => write!(f, "was ended by signal {signal} ({name})"),
                    None => write!(f, "was ended by signal {signal}"),
                }
            }
            End::Unknown => f.write_str("ended"),
        }
    }
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProcessError::SharedLibrary => f.write_str(
                "this code is in a shared library, and worker processes are started from the \
                 executable: use the threaded scheduler, or link the code into the executable",
            ),
            ProcessError::Start { .. } => f.write_str("a worker process could not be started"),
            ProcessError::DiedAtStart { end, stderr } => {
                write!(f, "a worker process {end} before it was ready")?;
                write_lines(f, stderr)
            }
            ProcessError::Silent { waited, stderr } => {
                write!(
                    f,
                    "a worker process did not answer within {waited:?}; without the feature \
                    `entry`, `main` must call `chunkwise_sched_process::init` first"
                )?;
                write_lines(f, stderr)
            }
            ProcessError::OtherExecutable => {
                f.write_str("the process that was started runs another executable")
            }
            ProcessError::StartUp { message } => {
                write!(f, "the start-up hook failed in a worker process: {message}")
            }
            ProcessError::Died { end, attempts, stderr } => {
                write!(f, "its worker process {end}")?;
                if *attempts > 1 {
                    write!(f, ", the last of {attempts} times")?;
                }
                write_lines(f, stderr)
            }
            ProcessError::TooManyRestarts { end, limit, stderr } => {
                write!(f, "a worker process {end} after {limit} had been started again")?;
                write_lines(f, stderr)
            }
            ProcessError::TimedOut { limit } => {
                write!(f, "it took longer than {limit:?} and was ended with its worker process")
            }
            ProcessError::Memory { limit, resident, attempts } => {
                let bytes = chunkwise_graph::format_bytes;
                write!(
                    f,
                    "its worker process had {} of memory where {} are allowed",
                    bytes(*resident),
                    bytes(*limit)
                )?;
                if *attempts > 1 { write!(f, ", the last of {attempts} times") } else { Ok(()) }
            }
        }
    }
}

fn write_lines(f: &mut fmt::Formatter<'_>, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    f.write_str("; its last lines:")?;
    lines.iter().try_for_each(|line| write!(f, "\n    {line}"))
}

impl StdError for ProcessError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            ProcessError::Start { source } => Some(&**source),
            _ => None,
        }
    }
}

impl From<io::Error> for ProcessError {
    fn from(error: io::Error) -> ProcessError {
        ProcessError::Start { source: Arc::new(error) }
    }
}

impl From<ProcessError> for chunkwise_graph::Error {
    fn from(error: ProcessError) -> chunkwise_graph::Error {
        let name = crate::processes::NAME;
        chunkwise_graph::Error::Scheduler { name, source: Arc::new(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_named() {
        assert_eq!(End::Signal { signal: 9 }.to_string(), "was ended by signal 9 (SIGKILL)");
        assert_eq!(End::Signal { signal: 50 }.to_string(), "was ended by signal 50");
        assert_eq!(End::Exited { code: 3 }.to_string(), "exited with status 3");
    }

    #[test]
    fn a_death_is_told_with_its_last_lines() {
        let error = ProcessError::Died {
            end: End::Signal { signal: 11 },
            attempts: 4,
            stderr: vec!["one".into(), "two".into()],
        };
        let text = "its worker process was ended by signal 11 (SIGSEGV), the last of 4 times; \
                    its last lines:\n    one\n    two";
        assert_eq!(error.to_string(), text);
    }
}

//! What tasks print: passed on line by line, and the last lines kept for when their worker dies.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Which stream a line was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A line that a task printed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Line<'a> {
    /// The worker, from 0.
    pub worker: usize,
    /// Where it was written.
    pub stream: Stream,
    /// The line without its end; what was no UTF-8 is replaced.
    pub text: &'a str,
}

/// Where lines go.
#[derive(Clone, Default)]
pub(crate) enum Output {
    /// To the same stream of this process, marked with the worker's number.
    #[default]
    Marked,
    Silent,
    To(Arc<dyn Fn(Line<'_>) + Send + Sync>),
}

impl Output {
    fn print(&self, line: Line<'_>) {
        match self {
            Output::Silent => {}
            Output::To(sink) => {
                // Its panic was printed; the worker must not find its output closed for that.
                let _ = catch_unwind(AssertUnwindSafe(|| sink(line)));
            }
            Output::Marked => {
                let text = format!("[worker {}] {}\n", line.worker, line.text);
                // One write a line, so that lines of several workers do not mix. Nobody can be told
                // that the output is closed.
                let _ = match line.stream {
                    Stream::Out => io::stdout().lock().write_all(text.as_bytes()),
                    Stream::Err => io::stderr().lock().write_all(text.as_bytes()),
                };
            }
        }
    }
}

/// The last lines of a worker's standard error.
#[derive(Default)]
pub(crate) struct Tail {
    state: Mutex<TailState>,
    closed: Condvar,
}

#[derive(Default)]
struct TailState {
    lines: VecDeque<String>,
    is_closed: bool,
}

const KEPT_LINES: usize = 20;

/// Longer lines are cut into several.
const LINE_BYTES: u64 = 1 << 16;

impl Tail {
    fn state(&self) -> MutexGuard<'_, TailState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: &str) {
        let mut state = self.state();
        if state.lines.len() == KEPT_LINES {
            state.lines.pop_front();
        }
        state.lines.push_back(line.to_owned());
    }

    fn close(&self) {
        self.state().is_closed = true;
        self.closed.notify_all();
    }

    /// The last lines of a process that has ended; what it started may still hold its output open.
    pub(crate) fn lines(&self) -> Vec<String> {
        const LONG_ENOUGH: Duration = Duration::from_millis(100);
        let wait = |state: &mut TailState| !state.is_closed;
        let state = self.closed.wait_timeout_while(self.state(), LONG_ENOUGH, wait);
        let (state, _) = state.unwrap_or_else(PoisonError::into_inner);
        state.lines.iter().cloned().collect()
    }
}

/// Reads both streams of a worker until they end.
pub(crate) fn follow(
    worker: usize,
    out: impl Read + Send + 'static,
    err: impl Read + Send + 'static,
    output: &Output,
) -> io::Result<Arc<Tail>> {
    let tail = Arc::new(Tail::default());
    let (to, kept) = (output.clone(), tail.clone());
    spawn("err", move || {
        let line = |text: &str| {
            kept.push(text);
            to.print(Line { worker, stream: Stream::Err, text });
        };
        let _ = for_each_line(err, line);
        kept.close();
    })?;
    let to = output.clone();
    spawn("out", move || {
        let _ = for_each_line(out, |text| to.print(Line { worker, stream: Stream::Out, text }));
    })?;
    Ok(tail)
}

fn spawn(name: &str, f: impl FnOnce() + Send + 'static) -> io::Result<()> {
    const STACK: usize = 256 << 10;
    let thread = thread::Builder::new().name(format!("chunkwise {name}")).stack_size(STACK);
    thread.spawn(f).map(drop)
}

fn for_each_line(from: impl Read, mut line: impl FnMut(&str)) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        from.by_ref().take(LINE_BYTES).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&bytes);
        line(text.strip_suffix('\n').unwrap_or(&text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_where_they_end_or_grow_too_long() {
        let mut lines = Vec::new();
        let long = "x".repeat(LINE_BYTES as usize + 1);
        let text = format!("a\n\n{long}\nend");
        for_each_line(text.as_bytes(), |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["a", "", &long[1..], "x", "end"]);
    }

    #[test]
    fn the_last_lines_are_kept() {
        let text: String = (0..100).map(|i| format!("line {i}\n")).collect();
        let err = io::Cursor::new(text);
        let tail = follow(0, io::empty(), err, &Output::Silent).unwrap();
        let lines = tail.lines();
        assert_eq!((lines.len(), &*lines[0], &*lines[19]), (20, "line 80", "line 99"));
    }
}

//! [`ProgressBar`]: how far runs are, on the terminal.
//!
//! Workers only count. A thread of the bar's own reads the counts ten times a second and draws;
//! what it costs a task does not depend on how often or how slowly the terminal is written.

mod counts;
mod screen;
mod style;

pub use indicatif::TermLike;

use chunkwise_graph::{Error, Observer, Plan, TaskRef, Value, WorkerId};
use counts::count;
use screen::{Screen, Target};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A line on standard error for each run: tasks done, time so far, time left, what runs now.
///
/// ```text
/// ━━━━━━━━━━━━╸─────────────────  42%   4210/10000  1.2 s, 1.7 s left  clean[17]
/// ```
///
/// ```
/// use chunkwise_diagnostics::ProgressBar;
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, with_observer};
/// use std::sync::Arc;
///
/// let mut graph = TaskDict::new();
/// graph.value("x", 1i64).task("y", |x: i64| x + 1, ["x"]);
/// let y = with_observer(Arc::new(ProgressBar::new()), || InOrder.get::<i64>(&graph, "y"))?;
/// assert_eq!(y, 2);
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
///
/// - When standard error is no terminal, nothing is drawn and nothing is counted.
/// - The line of a run stays when the run ends, and says after an error or a cancellation where
///   it stopped.
/// - A run that starts while another one is watched by the same bar (inside one of its tasks, or
///   beside it) has a line below once it takes half a second, and none after its end.
/// - The name is that of the task that was started last; other workers may be at others. Of tasks
///   in other processes it is the one that this process was told of last.
/// - A task counts once it has ended, and once only: one that was lost with its worker process, or
///   whose result was, does not count again when it runs again.
/// - Two runs of one [`Plan`] at the same time cannot be told apart: a task counts once one of them
///   has done it.
///
/// Print with [`ProgressBar::suspend`] while a run goes on, so that lines do not mix.
///
/// # Complexity
/// Two atomic operations and a bit of memory a task, no lock and no clock; one thread from the
/// first run that is drawn until the bar is dropped.
pub struct ProgressBar {
    /// A number that no other bar of this process has.
    id: u64,
    screen: Arc<Screen>,
    drawing: Mutex<Option<JoinHandle<()>>>,
}

impl ProgressBar {
    /// On standard error, shown from the start of a run.
    pub fn new() -> ProgressBar {
        ProgressBar::on(Target::Stderr)
    }

    /// Draws nothing, whatever standard error is.
    pub fn hidden() -> ProgressBar {
        ProgressBar::on(Target::Hidden)
    }

    /// On a terminal of your own; a clone of `indicatif`'s `InMemoryTerm` lets tests read it.
    pub fn on_terminal(terminal: impl TermLike + 'static) -> ProgressBar {
        ProgressBar::on(Target::Terminal(Arc::new(terminal)))
    }

    fn on(target: Target) -> ProgressBar {
        let screen = Arc::new(Screen::new(target));
        ProgressBar { id: counts::unique_number(), screen, drawing: Mutex::new(None) }
    }

    /// Shows only runs that take at least this long; none by default.
    #[must_use]
    pub fn minimum(self, time: Duration) -> ProgressBar {
        self.screen.configure(|options| options.minimum = time);
        self
    }

    /// Columns of the bar itself, without the text beside it; 30 by default.
    #[must_use]
    pub fn width(self, columns: u16) -> ProgressBar {
        self.screen.configure(|options| options.width = columns.max(1));
        self
    }

    /// Time between two drawings; 100 ms by default. Less than 50 ms is not drawn more often.
    #[must_use]
    pub fn interval(self, time: Duration) -> ProgressBar {
        self.screen.configure(|options| options.interval = time.max(Duration::from_millis(10)));
        self
    }

    /// Whether anything will be drawn.
    pub fn is_hidden(&self) -> bool {
        self.screen.is_hidden()
    }

    /// Takes the lines away while `f` runs and draws them again after it: what `f` prints stays
    /// above them. `f` must not start or end a run that this bar watches.
    pub fn suspend<R>(&self, f: impl FnOnce() -> R) -> R {
        self.screen.suspend(f)
    }

    /// Starts the drawing thread, once. Without one (the system refused it) lines are drawn when
    /// runs end.
    fn draw_from_now_on(&self) {
        let mut drawing = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
        if drawing.is_none() {
            let screen = self.screen.clone();
            let thread = std::thread::Builder::new().name("progress bar".to_owned());
            *drawing = thread.spawn(move || screen.draw_until_closed()).ok();
        }
    }
}

impl Observer for ProgressBar {
    fn start(&self, plan: &Plan) {
        if !self.is_hidden() {
            self.screen.run_started(plan);
            self.draw_from_now_on();
        }
    }

    fn pretask(&self, task: TaskRef<'_>, _worker: WorkerId) {
        if !self.is_hidden() {
            count(self.id, &self.screen, task.plan().id(), |run| run.started(task.id()));
        }
    }

    fn posttask(&self, task: TaskRef<'_>, _value: &Value, _worker: WorkerId) {
        if !self.is_hidden() {
            count(self.id, &self.screen, task.plan().id(), |run| run.done(task.id()));
        }
    }

    fn finish(&self, plan: &Plan, error: Option<&Error>) {
        if !self.is_hidden() {
            self.screen.run_finished(plan, error);
        }
    }
}

/// Stops drawing; a run that has not ended keeps the line that it has.
impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.screen.close();
        let drawing = self.drawing.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = drawing.take() {
            // It draws and waits, and does not panic; if it did, that was printed already.
            let _ = thread.join();
        }
    }
}

impl Default for ProgressBar {
    fn default() -> ProgressBar {
        ProgressBar::new()
    }
}

impl fmt::Debug for ProgressBar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressBar").field("hidden", &self.is_hidden()).finish_non_exhaustive()
    }
}

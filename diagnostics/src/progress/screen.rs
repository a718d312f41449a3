//! [`Screen`]: the lines of all runs that one bar watches, and the thread that draws them.

use super::counts::Counts;
use super::style;
use chunkwise_graph::{Error, Plan};
use indicatif::{MultiProgress, ProgressDrawTarget, ProgressFinish, TermLike};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where lines are drawn.
pub(super) enum Target {
    Stderr,
    Hidden,
    Terminal(Arc<dyn TermLike>),
}

impl Target {
    fn draw_target(&self) -> ProgressDrawTarget {
        match self {
            Target::Stderr => ProgressDrawTarget::stderr(),
            Target::Hidden => ProgressDrawTarget::hidden(),
            Target::Terminal(terminal) => {
                ProgressDrawTarget::term_like(Box::new(Shared(terminal.clone())))
            }
        }
    }
}

/// How lines are drawn.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) minimum: Duration,
    pub(super) width: u16,
    pub(super) interval: Duration,
}

/// A run inside or beside another one is shown when it takes this long.
const MINIMUM_OF_FURTHER_RUNS: Duration = Duration::from_millis(500);

pub(super) struct Screen {
    is_hidden: bool,
    lines: Mutex<Lines>,
    /// Told when there is something to draw, or nothing any more.
    changed: Condvar,
}

struct Lines {
    target: Target,
    options: Options,
    /// The runs that go on, in the order of their starts.
    runs: Vec<Line>,
    /// Keeps the lines apart, from the first of them until none is left.
    group: Option<MultiProgress>,
    is_closed: bool,
}

/// One run.
struct Line {
    plan: Plan,
    counts: Arc<Counts>,
    started: Instant,
    /// Whether another run was going on when it started.
    is_further: bool,
    bar: Option<indicatif::ProgressBar>,
    /// How many tasks were done when it was last drawn, and since when.
    last_done: (u64, Instant),
}

impl Screen {
    pub(super) fn new(target: Target) -> Screen {
        let is_hidden = target.draw_target().is_hidden();
        let options =
            Options { minimum: Duration::ZERO, width: 30, interval: Duration::from_millis(100) };
        let lines = Lines { target, options, runs: Vec::new(), group: None, is_closed: false };
        Screen { is_hidden, lines: Mutex::new(lines), changed: Condvar::new() }
    }

    #[inline]
    pub(super) fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    pub(super) fn configure(&self, change: impl FnOnce(&mut Options)) {
        change(&mut self.lines().options);
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn run_started(&self, plan: &Plan) {
        let mut lines = self.lines();
        let now = Instant::now();
        let line = Line {
            plan: plan.clone(),
            counts: Arc::new(Counts::new(plan.len())),
            started: now,
            is_further: !lines.runs.is_empty(),
            bar: None,
            last_done: (0, now),
        };
        lines.runs.push(line);
        self.changed.notify_one();
    }

    pub(super) fn counts_of(&self, plan: u64) -> Option<Arc<Counts>> {
        let lines = self.lines();
        let line = lines.runs.iter().find(|line| line.plan.id() == plan)?;
        Some(line.counts.clone())
    }

    pub(super) fn run_finished(&self, plan: &Plan, error: Option<&Error>) {
        let mut lines = self.lines();
        let Some(at) = lines.runs.iter().position(|line| line.plan.id() == plan.id()) else {
            return;
        };
        let line = lines.runs.remove(at);
        line.counts.end();
        lines.end(line, &style::ending(error));
        if lines.runs.is_empty() {
            lines.group = None;
        }
    }

    pub(super) fn suspend<R>(&self, f: impl FnOnce() -> R) -> R {
        let group = self.lines().group.clone();
        match group {
            Some(group) => group.suspend(f),
            None => f(),
        }
    }

    /// What the drawing thread does.
    pub(super) fn draw_until_closed(&self) {
        let mut lines = self.lines();
        while !lines.is_closed {
            lines.draw();
            lines = if lines.runs.is_empty() {
                self.changed.wait(lines).unwrap_or_else(PoisonError::into_inner)
            } else {
                let interval = lines.options.interval;
                let waited = self.changed.wait_timeout(lines, interval);
                waited.unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }

    /// Draws no more.
    pub(super) fn close(&self) {
        let mut lines = self.lines();
        lines.is_closed = true;
        for line in std::mem::take(&mut lines.runs) {
            line.counts.end();
            lines.end(line, ", not watched to its end");
        }
        self.changed.notify_all();
    }
}

impl Lines {
    fn draw(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        for line in &mut runs {
            self.show(line);
            if let Some(bar) = &line.bar {
                if let Some(task) = line.counts.current() {
                    bar.set_message(style::name_of(&line.plan, task));
                }
                let n_done = line.counts.n_done();
                if line.last_done.0 != n_done {
                    line.last_done = (n_done, Instant::now());
                }
                let (spent, since_last) = (line.started.elapsed(), line.last_done.1.elapsed());
                bar.set_prefix(style::left(n_done, line.plan.len() as u64, spent, since_last));
                bar.set_position(n_done);
                bar.tick();
            }
        }
        self.runs = runs;
    }

    /// Gives a run a line if it has none and is due.
    fn show(&mut self, line: &mut Line) {
        let minimum = if line.is_further {
            self.options.minimum.max(MINIMUM_OF_FURTHER_RUNS)
        } else {
            self.options.minimum
        };
        let elapsed = line.started.elapsed();
        if line.bar.is_some() || elapsed < minimum {
            return;
        }
        let target = &self.target;
        let group =
            self.group.get_or_insert_with(|| MultiProgress::with_draw_target(target.draw_target()));
        let n_tasks = line.plan.len() as u64;
        let bar = indicatif::ProgressBar::new(n_tasks)
            .with_style(style::running(self.options.width, n_tasks))
            .with_finish(ProgressFinish::Abandon)
            .with_elapsed(elapsed);
        line.bar = Some(group.add(bar));
    }

    /// Draws the line of a run for the last time, or takes it away.
    fn end(&mut self, mut line: Line, how: &str) {
        if !line.is_further {
            self.show(&mut line);
        }
        let Some(bar) = &line.bar else { return };
        bar.set_position(line.counts.n_done());
        if line.is_further {
            bar.finish_and_clear();
            self.group.iter().for_each(|group| group.remove(bar));
        } else {
            bar.set_style(style::ended(self.options.width, line.plan.len() as u64));
            bar.abandon_with_message(how.to_owned());
        }
    }
}

/// One terminal for the groups of lines that come one after the other.
#[derive(Debug)]
struct Shared(Arc<dyn TermLike>);

impl TermLike for Shared {
    fn width(&self) -> u16 {
        self.0.width()
    }

    fn height(&self) -> u16 {
        self.0.height()
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}

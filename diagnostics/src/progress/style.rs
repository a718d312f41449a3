//! What the line of a run says.

use crate::units::format_duration;
use chunkwise_graph::{Error, Plan};
use indicatif::{ProgressState, ProgressStyle};
use std::fmt::Write;
use std::time::Duration;

/// While the run goes on: bar, counts, times (the time left is the prefix), and the name of what
/// runs.
pub(super) fn running(width: u16, n_tasks: u64) -> ProgressStyle {
    let spent = |state: &ProgressState, text: &mut dyn Write| {
        // A String writer does not fail.
        let _ = write!(text, "{}", tenths(state.elapsed()));
    };
    style(width, n_tasks, "{spent}{prefix}  {wide_msg}").with_key("spent", spent)
}

/// When it has ended: no time left, and how it ended.
pub(super) fn ended(width: u16, n_tasks: u64) -> ProgressStyle {
    let spent = |state: &ProgressState, text: &mut dyn Write| {
        let _ = write!(text, "{}", format_duration(state.elapsed()));
    };
    style(width, n_tasks, "{spent}{wide_msg}").with_key("spent", spent)
}

fn style(width: u16, n_tasks: u64, rest: &str) -> ProgressStyle {
    let digits = n_tasks.to_string().len();
    let template = format!("{{bar:{width}}} {{share}}  {{pos:>{digits}}}/{{len}}  {rest}");
    // The template is ours and sound; should it not be, a plain line is better than none.
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸─")
        .with_key("share", |state: &ProgressState, text: &mut dyn Write| {
            // An empty run is all done.
            let share = match state.len() {
                Some(0) | None => 100,
                Some(len) => u128::from(state.pos()) * 100 / u128::from(len),
            };
            let _ = write!(text, "{share:>3}%");
        })
}

/// The time left, if tasks go on to take what they took on average, but none less than it has
/// been since the last one ended.
pub(super) fn left(n_done: u64, n_tasks: u64, spent: Duration, since_last: Duration) -> String {
    let to_come = n_tasks.saturating_sub(n_done);
    if n_done == 0 || to_come == 0 {
        return String::new();
    }
    let each = (spent.as_secs_f64() / n_done as f64).max(since_last.as_secs_f64());
    // Too long for a Duration is too long to tell.
    let left = Duration::try_from_secs_f64(each * to_come as f64);
    left.map_or_else(|_| String::new(), |left| format!(", {} left", tenths(left)))
}

/// A time that changes while it is read: few digits, of the same number.
fn tenths(time: Duration) -> String {
    if time < Duration::from_secs(60) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format_duration(time)
    }
}

/// How a run ended, in few words on one line.
pub(super) fn ending(error: Option<&Error>) -> String {
    match error {
        None => String::new(),
        Some(Error::Cancelled { .. }) => ", cancelled".to_owned(),
        Some(error) => format!(", {}", one_line(&error.to_string())),
    }
}

/// The name of a task, on one line.
pub(super) fn name_of(plan: &Plan, task: u32) -> String {
    one_line(&plan.task(task).key().to_string())
}

/// Keys and messages may hold line breaks and codes that move the cursor.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_the_mean_and_a_task_that_takes_long() {
        let seconds = Duration::from_secs;
        assert_eq!(left(0, 10, seconds(5), seconds(5)), "");
        assert_eq!(left(10, 10, seconds(5), seconds(5)), "");
        assert_eq!(left(5, 10, seconds(5), Duration::ZERO), ", 5.0 s left");
        assert_eq!(left(9, 10, seconds(9), seconds(7)), ", 7.0 s left");
        assert_eq!(left(1, 1001, seconds(9), seconds(7)), ", 2 h 30 min left");
        assert_eq!(left(1, u64::MAX, Duration::MAX, seconds(7)), "");
    }
}

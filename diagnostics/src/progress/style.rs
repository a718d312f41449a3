//! What the line of a run says.

use crate::units::format_duration;
use chunkwise_graph::{Error, Plan};
use indicatif::{ProgressState, ProgressStyle};
use std::fmt::Write;

/// While the run goes on: bar, counts, times, and the name of what runs.
pub(super) fn running(width: u16, n_tasks: u64) -> ProgressStyle {
    style(width, n_tasks, "{spent}{left}  {wide_msg}").with_key(
        "left",
        |state: &ProgressState, text: &mut dyn Write| {
            let is_known = state.pos() > 0 && Some(state.pos()) < state.len();
            if is_known && !state.eta().is_zero() {
                // A String writer does not fail.
                let _ = write!(text, ", {} left", format_duration(state.eta()));
            }
        },
    )
}

/// When it has ended: no time left, and how it ended.
pub(super) fn ended(width: u16, n_tasks: u64) -> ProgressStyle {
    style(width, n_tasks, "{spent}{wide_msg}")
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
        .with_key("spent", |state: &ProgressState, text: &mut dyn Write| {
            let _ = write!(text, "{}", format_duration(state.elapsed()));
        })
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

//! Integration tests of the facade, one module a subject.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

// Which scheduler runs what nobody chose one for; in a process of its own.
mod default_scheduler;
// Ctrl-C stops a run and not the program; in a process of its own.
mod ctrl_c;
// The same expression on worker processes as on the others, and what cannot go there.
#[cfg(all(feature = "processes", target_os = "linux"))]
mod processes;
// The crates meet: delayed functions, hand-written graphs, observers, on every scheduler.
mod together;

/// Runs one test of this binary in a process of its own, with a variable that tells it so.
fn again(test: &str, variable: &str) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(variable, "1");
    command
}

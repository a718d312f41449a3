//! `cargo xtask check`: everything that CI runs, with a table of what took how long.

use std::time::{Duration, Instant};

use super::{deny, features, models, no_arguments, test, tidy};
use crate::cargo::Run;
use crate::error::{Result, XtaskError};
use crate::metadata::whole;

/// What a step says when it did not fail.
pub(super) enum Outcome {
    Passed(String),
    /// Not run, and why; does not fail the check.
    NotRun(String),
}

type Step = fn() -> Result<Outcome>;

const STEPS: &[(&str, Step)] = &[
    ("tidy", || tidy::run(&[]).map(passed)),
    ("format", || Run::cargo(&["fmt", "--all", "--check"]).status().map(passed)),
    ("clippy", || clippy().map(passed)),
    ("tests", || test::tests(&[]).map(|count| Outcome::Passed(count.to_string()))),
    ("doctests", || test::doctests().map(|count| Outcome::Passed(count.to_string()))),
    ("loom", || models::loom(&[]).map(passed)),
    ("shuttle", || models::shuttle(&[]).map(passed)),
    ("benches", || benches().map(passed)),
    ("docs", || docs().map(passed)),
    ("features", || features::run(&[]).map(passed)),
    ("deny", deny::step),
];

fn passed(_: ()) -> Outcome {
    Outcome::Passed(String::new())
}

/// Runs every step, also after one failed, and fails at the end if any did.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    let mut table = String::new();
    let mut failed = Vec::new();
    let begin = Instant::now();
    for (name, step) in STEPS {
        println!("\n==== {name}");
        let begin = Instant::now();
        let word = match step() {
            Ok(Outcome::Passed(what)) => format!("passed  {what}"),
            Ok(Outcome::NotRun(why)) => format!("NOT RUN: {why}"),
            Err(error) => {
                failed.push((*name).to_owned());
                eprintln!("error: {error}");
                format!("FAILED: {error}")
            }
        };
        table += &row(name, begin.elapsed(), &word);
    }
    println!("\n==== check\n{table}{}", row("in all", begin.elapsed(), ""));
    if failed.is_empty() { Ok(()) } else { Err(XtaskError::Steps { failed }) }
}

fn row(name: &str, took: Duration, word: &str) -> String {
    format!("{name:<10} {:>6.1} s  {word}\n", took.as_secs_f64())
}

fn clippy() -> Result<()> {
    on_whole(&["clippy", "--all-targets"], &["--", "-D", "warnings"])?.status()
}

/// Benches are built and not run; examples are built with the tests.
fn benches() -> Result<()> {
    on_whole(&["test", "--benches", "--no-run"], &[])?.status()
}

fn docs() -> Result<()> {
    on_whole(&["doc", "--no-deps"], &[])?.env("RUSTDOCFLAGS", "-D warnings").status()
}

/// A command of cargo on the whole workspace, with all features.
fn on_whole(command: &[&str], rest: &[&str]) -> Result<Run> {
    let whole = whole()?;
    let all = whole.iter().map(String::as_str).chain(rest.iter().copied());
    Ok(all.fold(Run::cargo(command), Run::arg))
}

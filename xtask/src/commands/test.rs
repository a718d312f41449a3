//! `cargo xtask test`: the tests and doctests of the workspace, counted.

use std::fmt;
use std::ops::AddAssign;

use crate::cargo::Run;
use crate::error::Result;
use crate::metadata::whole;

/// How many tests ran, over several test binaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} ignored", self.passed, self.failed, self.ignored)
    }
}

impl Count {
    /// Reads the summary line that a test binary ends with.
    fn of_line(line: &str) -> Option<Count> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let number = |word: &str| {
            counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
        };
        Some(Count {
            passed: number("passed")?,
            failed: number("failed")?,
            ignored: number("ignored")?,
        })
    }
}

/// Runs both; `arguments` go to `cargo test` for the tests (`-p PACKAGE`, a filter).
pub(super) fn run(arguments: &[String]) -> Result<()> {
    let mut count = tests(arguments)?;
    if arguments.is_empty() {
        count += doctests()?;
    }
    println!("in all: {count}");
    Ok(())
}

/// Unit and integration tests; examples are built and their tests run.
pub(super) fn tests(arguments: &[String]) -> Result<Count> {
    let chosen = arguments.iter().any(|a| matches!(a.as_str(), "-p" | "--package"));
    let scope = if chosen { Vec::new() } else { whole()? };
    let mut run =
        Run::cargo(&["test", "--no-fail-fast", "--lib", "--bins", "--tests", "--examples"]);
    for argument in &scope {
        run = run.arg(argument);
    }
    for argument in arguments {
        run = run.arg(argument);
    }
    counted(&run)
}

/// The examples in the documentation.
pub(super) fn doctests() -> Result<Count> {
    let run = Run::cargo(&["test", "--no-fail-fast", "--doc"]);
    counted(&whole()?.iter().fold(run, |run, argument| run.arg(argument)))
}

fn counted(run: &Run) -> Result<Count> {
    let mut count = Count::default();
    let result = run.lines(|line| {
        if let Some(more) = Count::of_line(line) {
            count += more;
        }
    });
    println!("{count}");
    result.map(|()| count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s";
        let count = Count::of_line(line).unwrap();
        assert_eq!(count, Count { passed: 12, failed: 3, ignored: 1 });
        assert_eq!(count.to_string(), "12 passed, 3 failed, 1 ignored");
        assert_eq!(Count::of_line("running 3 tests"), None);
        assert_eq!(Count::of_line("test result: ok. odd"), None);
    }
}

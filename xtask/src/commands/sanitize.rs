//! `cargo xtask sanitize`: the tests of packages with `unsafe` under memory and race checkers.
//!
//! - `asan`: AddressSanitizer with leak detection. Its run-time library comes with the stable
//!   toolchain; only the flag is unstable, hence `RUSTC_BOOTSTRAP`.
//! - `tsan`: ThreadSanitizer. The standard library is not instrumented: what its contended locks
//!   order is reported as racing, which leaves tests of atomics alone to judge by. Its own
//!   channels, and the test harness, are suppressed (`suppressions/tsan.txt`).
//! - `valgrind`: memcheck by default. helgrind and drd know pthread locks and not atomics, so
//!   that they report every value handed over by an atomic: read their reports by hand.
//!
//! A test binary whose global allocator is not the system's hides its memory from the first and
//! the last; tests of packages with `unsafe` keep the system's.

use serde_json::Value;

use super::usage;
use crate::cargo::{Run, root};
use crate::error::{Result, XtaskError};
use crate::tidy::packages_with_unsafe;
use crate::tree::Tree;

const TARGET: &str = "x86_64-unknown-linux-gnu";
const TOOLS: &[&str] = &["memcheck", "helgrind", "drd"];
const SUPPRESSIONS: &str = "xtask/suppressions/tsan.txt";
/// Property tests run fewer cases under a tool that makes them tens of times slower.
const CASES: (&str, &str) = ("PROPTEST_CASES", "16");

/// What was asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    tool: String,
    packages: Vec<String>,
    /// For the test binaries: filters, `--skip NAME`.
    rest: Vec<String>,
}

/// Runs one tool over the packages given, or over all that hold `unsafe`.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    let mut request = parse(arguments)?;
    if request.packages.is_empty() {
        let tree = Tree::of_repository()?;
        request.packages = packages_with_unsafe(&tree).iter().map(|p| p.name.clone()).collect();
        println!("packages with `unsafe`: {}", request.packages.join(", "));
    }
    if request.packages.is_empty() {
        println!("no package holds `unsafe`: nothing to run");
    }
    for package in &request.packages {
        match request.tool.as_str() {
            "asan" => sanitizer("address", package, &request.rest)?,
            "tsan" => sanitizer("thread", package, &request.rest)?,
            tool => valgrind(tool, package, &request.rest)?,
        }
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Request> {
    let mut request = Request::default();
    let mut words = arguments.iter().map(String::as_str).peekable();
    request.tool = match words.next() {
        Some(tool @ ("asan" | "tsan")) => tool.to_owned(),
        Some("valgrind") => words.next_if(|w| TOOLS.contains(w)).unwrap_or(TOOLS[0]).to_owned(),
        _ => return Err(usage("sanitize wants `asan`, `tsan` or `valgrind`")),
    };
    while let Some(word) = words.next() {
        match (word, words.peek()) {
            ("--", _) => {
                request.rest = words.map(str::to_owned).collect();
                break;
            }
            ("-p", Some(package)) => {
                request.packages.push((*package).to_owned());
                words.next();
            }
            _ => return Err(usage(format!("`{word}` is not understood"))),
        }
    }
    Ok(request)
}

fn sanitizer(name: &str, package: &str, rest: &[String]) -> Result<()> {
    let mut flags = format!("-Zsanitizer={name}");
    if name == "thread" {
        flags += " -Cunsafe-allow-abi-mismatch=sanitizer";
    }
    let suppressions = root().join(SUPPRESSIONS);
    let run = Run::cargo(&["test", "-p", package, "--all-features", "--tests"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", &flags)
        .env("TSAN_OPTIONS", &format!("suppressions={}", suppressions.display()))
        .env(CASES.0, CASES.1);
    let target = format!("target/{name}-sanitizer");
    // With an explicit target the flags spare build scripts and procedural macros.
    let mut run = run.arg("--target").arg(TARGET).arg("--target-dir").arg(&target).arg("--");
    for argument in rest {
        run = run.arg(argument);
    }
    run.status()
}

fn valgrind(tool: &str, package: &str, rest: &[String]) -> Result<()> {
    if !Run::new("valgrind", &["--version"]).works() {
        return Err(usage("valgrind is not installed: `apt-get install valgrind`"));
    }
    for program in test_programs(package)? {
        let mut run = Run::new("valgrind", &["--quiet", "--error-exitcode=9"])
            .arg(&format!("--tool={tool}"))
            .env(CASES.0, CASES.1);
        if tool == "memcheck" {
            // What a global (a thread pool) still reaches at exit is not lost.
            run = run.arg("--leak-check=full").arg("--errors-for-leak-kinds=definite");
            run = run.arg("--show-leak-kinds=definite");
        }
        // valgrind runs one thread at a time: switch often, so that threads do meet.
        run = run.arg("--fair-sched=try").arg(&program).arg("--test-threads=1");
        for argument in rest {
            run = run.arg(argument);
        }
        run.status()?;
    }
    Ok(())
}

/// Builds the test binaries of a package and returns where they are.
fn test_programs(package: &str) -> Result<Vec<String>> {
    let build = ["test", "-p", package, "--all-features", "--tests", "--no-run", "--quiet"];
    programs(&Run::cargo(&build).arg("--message-format=json").output()?)
}

fn programs(messages: &str) -> Result<Vec<String>> {
    let mut programs = Vec::new();
    for line in messages.lines().filter(|line| line.starts_with('{')) {
        let message: Value = serde_json::from_str(line)
            .map_err(|source| XtaskError::Json { what: "a message of cargo", source })?;
        if message["profile"]["test"] == true {
            programs.extend(message["executable"].as_str().map(str::to_owned));
        }
    }
    Ok(programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn command_lines_are_understood() {
        assert_eq!(parsed("valgrind").unwrap().tool, "memcheck");
        let request = parsed("valgrind drd -p a -p b -- --skip slow").unwrap();
        assert_eq!(request.tool, "drd");
        assert_eq!(request.packages, ["a", "b"]);
        assert_eq!(request.rest, ["--skip", "slow"]);
    }

    #[test]
    fn wrong_command_lines_are_told() {
        for line in ["", "msan", "asan fast", "asan -p"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn only_test_programs_are_run() {
        let messages = r#"{"reason": "compiler-artifact", "profile": {"test": true}, "executable": "x"}
{"reason": "compiler-artifact", "profile": {"test": false}, "executable": "y"}
{"reason": "compiler-artifact", "profile": {"test": true}, "executable": null}
{"reason": "build-finished", "success": true}"#;
        assert_eq!(programs(messages).unwrap(), ["x"]);
        assert!(programs("{").is_err());
    }
}

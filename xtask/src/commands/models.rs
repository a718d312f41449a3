//! `cargo xtask loom` and `cargo xtask shuttle`: the concurrent code under model checkers.
//!
//! Each is a test target of `sched-threaded` that is empty unless built with its `--cfg`; it
//! gets a target folder of its own, because the flag concerns every crate.

use crate::cargo::{Run, root};
use crate::error::Result;

const PACKAGE: &str = "chunkwise-sched-threaded";
const FOLDER: &str = "sched-threaded";

/// Every interleaving of the lock-free primitives, within loom's bounds.
pub(super) fn loom(arguments: &[String]) -> Result<()> {
    checker("loom", arguments)
}

/// Many random schedules of whole runs.
pub(super) fn shuttle(arguments: &[String]) -> Result<()> {
    checker("shuttle", arguments)
}

fn checker(name: &str, arguments: &[String]) -> Result<()> {
    let test = format!("{FOLDER}/tests/{name}.rs");
    if !root().join(&test).is_file() {
        return Err(super::usage(format!("`{test}` is missing: it holds the models of {name}")));
    }
    let target = format!("target/{name}");
    let mut run = Run::cargo(&["test", "-p", PACKAGE, "--release", "--test", name])
        .env("RUSTFLAGS", &format!("--cfg {name}"))
        .arg("--target-dir")
        .arg(&target);
    for argument in arguments {
        run = run.arg(argument);
    }
    run.status()
}

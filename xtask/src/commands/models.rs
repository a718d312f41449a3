//! `cargo xtask loom` and `cargo xtask shuttle`: the concurrent code under model checkers.
//!
//! Each is a module of unit tests in `sched-threaded` that exists only under its `--cfg`, beside
//! the private types it looks at. The flag concerns every crate, so that the builds have target
//! folders of their own.

use crate::cargo::Run;
use crate::error::Result;

const PACKAGE: &str = "chunkwise-sched-threaded";

/// Every interleaving of the lock-free primitives, within loom's bounds.
pub(super) fn loom(arguments: &[String]) -> Result<()> {
    checker("loom", arguments)
}

/// Many random schedules of whole runs.
pub(super) fn shuttle(arguments: &[String]) -> Result<()> {
    checker("shuttle", arguments)
}

fn checker(name: &str, arguments: &[String]) -> Result<()> {
    let target = format!("target/{name}");
    let mut run = Run::cargo(&["test", "-p", PACKAGE, "--lib"])
        .env("RUSTFLAGS", &format!("--cfg {name}"))
        .arg("--target-dir")
        .arg(&target);
    for argument in arguments {
        run = run.arg(argument);
    }
    run.status()
}

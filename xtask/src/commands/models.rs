//! `cargo xtask loom` and `cargo xtask shuttle`: the concurrent code under model checkers.
//!
//! Each is a module of unit tests, in `sched-threaded` and `memory`, that exists only under its
//! `--cfg`, beside the private types it looks at. The flag concerns every crate, so that the builds have target
//! folders of their own.

use crate::cargo::Run;
use crate::error::Result;

const LOOM: &[&str] = &["chunkwise-sched-threaded"];
const SHUTTLE: &[&str] = &["chunkwise-sched-threaded", "chunkwise-memory"];

/// Every interleaving of the lock-free primitives, within loom's bounds.
pub(super) fn loom(arguments: &[String]) -> Result<()> {
    checker("loom", LOOM, arguments)
}

/// Many random schedules of whole runs.
pub(super) fn shuttle(arguments: &[String]) -> Result<()> {
    checker("shuttle", SHUTTLE, arguments)
}

fn checker(name: &str, packages: &[&str], arguments: &[String]) -> Result<()> {
    let target = format!("target/{name}");
    let mut run = Run::cargo(&["test", "--lib"])
        .env("RUSTFLAGS", &format!("--cfg {name}"))
        .arg("--target-dir")
        .arg(&target);
    for package in packages {
        run = run.arg("-p").arg(package);
    }
    for argument in arguments {
        run = run.arg(argument);
    }
    run.status()
}

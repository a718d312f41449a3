//! One workload in one system, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::CompareError;
use crate::ours::SYSTEM;
use crate::process::output_of;
use crate::row::Row;

/// Settings with which a machine may pin OpenBLAS to another kernel than it would choose itself;
/// a peer runs without them.
const REMOVED: [&str; 2] = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

/// What is started for a row: this program, or a peer's script.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) name: String,
    program: PathBuf,
    leading: Vec<PathBuf>,
}

impl System {
    /// This same executable.
    ///
    /// # Errors
    /// When the system does not tell where it is.
    pub(crate) fn ours() -> Result<Self, CompareError> {
        let program = std::env::current_exe()
            .map_err(|source| CompareError::Start { program: PathBuf::from("compare"), source })?;
        Ok(Self { name: SYSTEM.to_owned(), program, leading: vec!["ours".into()] })
    }

    /// A peer: `python run.py SYSTEM`.
    ///
    /// # Errors
    /// When the folder of scripts has no `run.py`.
    pub(crate) fn peer(name: &str, python: &Path, scripts: &Path) -> Result<Self, CompareError> {
        let script = scripts.join("run.py");
        if !script.is_file() {
            return Err(CompareError::NoPeers { folder: scripts.to_path_buf() });
        }
        let leading = vec![script, name.into()];
        Ok(Self { name: name.to_owned(), program: python.to_path_buf(), leading })
    }

    /// Runs one workload once and reads the row that it prints.
    ///
    /// # Errors
    /// When the process cannot be started, fails, or prints no row of this workload and system.
    pub(crate) fn run(&self, workload: &str, data: &Path) -> Result<Row, CompareError> {
        let mut command = Command::new(&self.program);
        command.args(&self.leading).arg(workload).arg(data);
        for variable in REMOVED {
            command.env_remove(variable);
        }
        let output = output_of(&mut command, &format!("{workload} in {}", self.name))?;
        let row = Row::from_output(&output)
            .map_err(|source| CompareError::NotARow { system: self.name.clone(), source })?;
        if row.workload != workload || row.system != self.name {
            return Err(CompareError::WrongRow {
                asked: format!("{workload} in {}", self.name),
                got: format!("{} in {}", row.workload, row.system),
            });
        }
        Ok(row)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A system that prints what a shell script prints.
    fn shell(script: &str) -> System {
        let leading = ["-c", script, "sh"].map(PathBuf::from).to_vec();
        System { name: "fake".into(), program: "sh".into(), leading }
    }

    const ROW: &str = r#"echo '{"workload": "'$1'", "system": "fake", "seconds": 1, "peak_mb": 2, "answer": "'${OPENBLAS_CORETYPE-unset}'"}'"#;

    #[test]
    fn row_is_read_and_openblas_is_not_pinned() {
        let row = shell(ROW).run("w", Path::new(".")).unwrap();
        assert_eq!((row.seconds, row.peak_mb, row.answer), (1.0, Some(2), "unset".into()));
    }

    #[test]
    fn rows_of_others_are_refused() {
        let mut system = shell(ROW);
        system.name = "other".into();
        let error = system.run("w", Path::new(".")).unwrap_err().to_string();
        assert_eq!(error, "asked for w in other, but the row is w in fake");
    }

    #[test]
    fn failure_and_foreign_output_are_told() {
        let failed = shell("echo KeyError >&2; exit 1").run("w", Path::new("."));
        assert!(failed.unwrap_err().to_string().ends_with("KeyError"));
        let foreign = shell("echo hello").run("w", Path::new("."));
        assert!(matches!(foreign, Err(CompareError::NotARow { .. })));
    }

    #[test]
    fn scripts_must_be_there() {
        let error = System::peer("dask", Path::new("python"), Path::new("nowhere")).unwrap_err();
        assert!(error.to_string().contains("nowhere"));
    }
}

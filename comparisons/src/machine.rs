//! What a comparison was measured with and on.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use serde::Serialize;

use crate::environment;
use crate::error::CompareError;
use crate::process::output_of;

/// Versions and machine, for the line under every comparison.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Setting {
    /// Version of this project, and whether the build is optimised.
    pub(crate) chunkwise: String,
    pub(crate) rustc: &'static str,
    pub(crate) python: String,
    /// The peer's package and version; `None` for plain Python.
    pub(crate) peer: Option<String>,
    pub(crate) threads: Option<usize>,
    pub(crate) machine: String,
}

impl Setting {
    /// Looks the setting up; starts `python` once.
    ///
    /// # Errors
    /// When the interpreter cannot be run.
    pub(crate) fn of(python: &Path, peer: &str) -> Result<Self, CompareError> {
        let build = if cfg!(debug_assertions) { " (debug build)" } else { "" };
        let version = output_of(Command::new(python).arg("--version"), "python --version")?;
        Ok(Self {
            chunkwise: format!("chunkwise {}{build}", env!("CARGO_PKG_VERSION")),
            rustc: env!("CHUNKWISE_RUSTC"),
            python: version.trim().to_owned(),
            peer: environment::pinned(peer).map(|version| format!("{peer} {version}")),
            threads: thread::available_parallelism().ok().map(usize::from),
            machine: machine(),
        })
    }

    /// All of it, separated by semicolons.
    pub(crate) fn line(&self) -> String {
        let threads = self.threads.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
        let mut parts = vec![self.chunkwise.as_str(), self.rustc];
        parts.extend(self.peer.as_deref());
        let threads = format!("{threads} threads");
        parts.extend([self.python.as_str(), threads.as_str(), self.machine.as_str()]);
        parts.join("; ")
    }
}

/// Says so on standard error when this build is not optimised.
pub(crate) fn warn_of_debug_build() {
    if cfg!(debug_assertions) {
        eprintln!("compare: this is a debug build, so our times mean little; use --release");
    }
}

fn machine() -> String {
    let platform = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    match model(&cpuinfo) {
        Some(model) => format!("{platform}, {model}"),
        None => platform,
    }
}

fn model(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, model)| model.trim()).filter(|model| !model.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_is_read_where_it_is_told() {
        assert_eq!(
            model("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n"),
            Some("Some CPU @ 2 GHz")
        );
        assert_eq!(model("processor\t: 0\nBogoMIPS\t: 50\n"), None);
    }

    #[test]
    fn compiler_is_named() {
        assert!(env!("CHUNKWISE_RUSTC").starts_with("rustc "));
    }
}

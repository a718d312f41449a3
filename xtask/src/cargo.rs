//! Runs cargo and other programs in the repository root, saying what is run.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Result, XtaskError};

/// The repository root: the folder above this package.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// A program with its arguments and environment, run in the repository root.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Run {
    pub(crate) fn new(program: &str, arguments: &[&str]) -> Run {
        let arguments = arguments.iter().map(|a| a.to_string()).collect();
        Run { program: program.to_owned(), arguments, environment: Vec::new() }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo(arguments: &[&str]) -> Run {
        Run::new("cargo", arguments)
    }

    pub(crate) fn arg(mut self, argument: &str) -> Run {
        self.arguments.push(argument.to_owned());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Run {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The command as one would type it.
    pub(crate) fn shown(&self) -> String {
        let mut words = Vec::new();
        for (name, value) in &self.environment {
            words.push(format!("{name}={}", quoted(value)));
        }
        words.push(self.program.clone());
        words.extend(self.arguments.iter().map(|a| quoted(a)));
        words.join(" ")
    }

    fn command(&self) -> Command {
        let program = match self.program.as_str() {
            "cargo" => std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            other => other.into(),
        };
        let mut command = Command::new(program);
        command.args(&self.arguments).current_dir(root());
        // Set by the `cargo run` that started us; a nested cargo must not inherit them.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(n, v)| (n, v)));
        command
    }

    fn failed(&self, status: std::process::ExitStatus) -> XtaskError {
        XtaskError::Failed { command: self.shown(), status: status.to_string() }
    }

    fn not_started(&self, source: std::io::Error) -> XtaskError {
        XtaskError::Start { program: self.program.clone(), source }
    }

    /// Runs it with its output shown.
    pub(crate) fn status(&self) -> Result<()> {
        println!("$ {}", self.shown());
        let status = self.command().status().map_err(|e| self.not_started(e))?;
        if status.success() { Ok(()) } else { Err(self.failed(status)) }
    }

    /// Runs it with its output shown, and gives each line of its standard output to `line`.
    pub(crate) fn lines(&self, mut line: impl FnMut(&str)) -> Result<()> {
        println!("$ {}", self.shown());
        let mut child =
            self.command().stdout(Stdio::piped()).spawn().map_err(|e| self.not_started(e))?;
        if let Some(stdout) = child.stdout.take() {
            for bytes in BufReader::new(stdout).split(b'\n') {
                let bytes = bytes.map_err(|e| self.not_started(e))?;
                let text = String::from_utf8_lossy(&bytes);
                println!("{text}");
                line(&text);
            }
        }
        let status = child.wait().map_err(|e| self.not_started(e))?;
        if status.success() { Ok(()) } else { Err(self.failed(status)) }
    }

    /// Runs it silently and returns its standard output; errors go to the terminal.
    pub(crate) fn output(&self) -> Result<String> {
        let mut child =
            self.command().stdout(Stdio::piped()).spawn().map_err(|e| self.not_started(e))?;
        let mut bytes = Vec::new();
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut bytes).map_err(|e| self.not_started(e))?;
        }
        let status = child.wait().map_err(|e| self.not_started(e))?;
        if !status.success() {
            return Err(self.failed(status));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether it starts and succeeds; nothing is shown.
    pub(crate) fn works(&self) -> bool {
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains([' ', '"', '$', '*']) {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let run = Run::cargo(&["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(run.shown(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }

    #[test]
    fn failure_and_absence_are_told_apart() {
        assert!(matches!(Run::new("false", &[]).status(), Err(XtaskError::Failed { .. })));
        let absent = Run::new("no-such-program-of-chunkwise", &[]);
        assert!(matches!(absent.output(), Err(XtaskError::Start { .. })));
        assert!(!absent.works());
    }

    #[test]
    fn lines_are_handed_over() {
        let mut seen = Vec::new();
        Run::new("printf", &["a\\nb\\n"]).lines(|l| seen.push(l.to_owned())).unwrap();
        assert_eq!(seen, ["a", "b"]);
    }
}

//! Other programs: run to their end, with what they said last when they fail.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::error::CompareError;

/// How many lines of a failed program's output are shown.
const LAST_LINES: usize = 15;

/// Runs `command` to its end and returns its standard output.
///
/// # Errors
/// When it cannot be started, or ends unsuccessfully; then with the last lines that it printed.
pub(crate) fn output_of(command: &mut Command, what: &str) -> Result<String, CompareError> {
    let output = command.stdin(Stdio::null()).output().map_err(|source| CompareError::Start {
        program: PathBuf::from(command.get_program()),
        source,
    })?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let last_lines = last_lines(&output);
        Err(CompareError::Failed { what: what.to_owned(), status: output.status, last_lines })
    }
}

/// The end of standard error, or of standard output when nothing was said there.
fn last_lines(output: &Output) -> String {
    let said = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes));
    let text = said.iter().find(|text| !text.trim().is_empty());
    let lines: Vec<&str> = text.map(|text| text.trim_end().lines().collect()).unwrap_or_default();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<String, CompareError> {
        output_of(Command::new("sh").args(["-c", script]), "the script")
    }

    #[test]
    fn success_is_its_output() {
        assert_eq!(shell("echo out; echo err >&2").unwrap(), "out\n");
    }

    #[test]
    fn failure_shows_the_last_lines_it_said() {
        let text = shell("seq 100 >&2; echo out; exit 3").unwrap_err().to_string();
        assert!(text.contains("exit status: 3") && text.ends_with("\n99\n100"), "{text}");
        assert!(text.contains("\n86\n") && !text.contains("\n85\n"), "{text}");
        let text = shell("echo only out; exit 1").unwrap_err().to_string();
        assert!(text.ends_with("only out"), "{text}");
        let text = shell("exit 1").unwrap_err().to_string();
        assert_eq!(text, "the script failed (exit status: 1) and said nothing");
    }

    #[test]
    fn absent_program_is_named() {
        let error = output_of(&mut Command::new("no-such-program-here"), "it").unwrap_err();
        assert_eq!(error.to_string(), "could not start no-such-program-here");
    }
}

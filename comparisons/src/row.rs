//! The JSON row that one run of one workload in one system prints.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One run: the same keys as the peers' script prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) workload: String,
    pub(crate) system: String,
    /// Wall time of the work alone: no process start, no imports.
    pub(crate) seconds: f64,
    /// Peak resident memory in MiB; `null` where the system does not tell.
    pub(crate) peak_mb: Option<u64>,
    pub(crate) answer: Value,
}

impl Row {
    /// Reads the row that a process printed: its last line that is not blank.
    ///
    /// # Errors
    /// When that line is not a row; an empty output reads as an empty line.
    pub(crate) fn from_output(output: &str) -> Result<Self, serde_json::Error> {
        let line = output.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        serde_json::from_str(&quote_non_finite(line))
    }
}

/// Turns Python's bare `NaN`, `Infinity` and `-Infinity`, which JSON lacks, into strings.
fn quote_non_finite(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    let mut in_string = false;
    while let Some(first) = rest.chars().next() {
        let word = ["NaN", "Infinity", "-Infinity"].into_iter().find(|word| rest.starts_with(word));
        let taken = match (in_string, word) {
            (false, Some(word)) => {
                out.extend(["\"", word, "\""]);
                word.len()
            }
            // An escape inside a string: the escaped character cannot end the string.
            (true, _) if first == '\\' => {
                let length = rest.chars().take(2).map(char::len_utf8).sum();
                out.push_str(&rest[..length]);
                length
            }
            _ => {
                in_string ^= first == '"';
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_a_row_of_the_peers_script_after_other_output() {
        let output = "a warning\n{\"workload\": \"tasks_sync\", \"system\": \"dask\", \"seconds\": \
                      6.5, \"peak_mb\": 214, \"answer\": {\"answer\": 5, \"us_per_task\": 57.1}}\n\n";
        let row = Row::from_output(output).unwrap();
        assert_eq!((row.system.as_str(), row.seconds, row.peak_mb), ("dask", 6.5, Some(214)));
        assert_eq!(row.answer, json!({"answer": 5, "us_per_task": 57.1}));
    }

    #[test]
    fn what_we_print_reads_back() {
        let row = Row {
            workload: "w".into(),
            system: "chunkwise".into(),
            seconds: 0.25,
            peak_mb: None,
            answer: json!([1, 2.5, "ü"]),
        };
        assert_eq!(Row::from_output(&serde_json::to_string(&row).unwrap()).unwrap(), row);
    }

    #[test]
    fn bare_nan_becomes_a_string_but_text_stays() {
        let line = r#"[NaN, -Infinity, Infinity, "NaN \" NaN \\", {"Infinity": NaN}]"#;
        let value: Value = serde_json::from_str(&quote_non_finite(line)).unwrap();
        let expected =
            json!(["NaN", "-Infinity", "Infinity", "NaN \" NaN \\", {"Infinity": "NaN"}]);
        assert_eq!(value, expected);
    }

    #[test]
    fn empty_or_foreign_output_is_an_error() {
        assert!(Row::from_output("").is_err());
        assert!(Row::from_output("Traceback (most recent call last):").is_err());
        assert!(Row::from_output("{\"workload\": \"w\"}").is_err());
    }
}

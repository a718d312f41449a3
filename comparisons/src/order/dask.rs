//! The other side: `dask.order`, in a Python process of its own.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::error::CompareError;
use crate::process::output_of;

/// Handed to the interpreter as it is, so that it needs no place of its own.
const SCRIPT: &str = include_str!("../../py/order.py");

/// One order of one graph.
#[derive(Debug, Deserialize)]
pub(crate) struct Reply {
    /// Wall time of the ordering.
    pub(crate) seconds: f64,
    /// The tasks, the first to run first.
    pub(crate) order: Vec<u32>,
}

/// Orders the graphs in `files` with one seed of Python's hashes: one reply a file.
///
/// What `dask.order` answers depends on the seed, which Python otherwise draws anew for every
/// process: it iterates over sets of keys.
///
/// # Errors
/// When the interpreter fails, or does not reply with one order a file.
pub(crate) fn order(
    python: &Path,
    files: &[&Path],
    hash_seed: u32,
) -> Result<Vec<Reply>, CompareError> {
    let mut command = Command::new(python);
    command.arg("-c").arg(SCRIPT).args(files);
    command.env("PYTHONHASHSEED", hash_seed.to_string());
    let replies = parse(&output_of(&mut command, "dask.order")?)?;
    if replies.len() == files.len() {
        Ok(replies)
    } else {
        Err(CompareError::DaskReply { what: "does not have one line a graph", source: None })
    }
}

fn parse(output: &str) -> Result<Vec<Reply>, CompareError> {
    let reply = |line| {
        serde_json::from_str(line).map_err(|source| CompareError::DaskReply {
            what: "is not the JSON asked for",
            source: Some(source),
        })
    };
    output.lines().map(reply).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_graph() {
        let replies = parse("{\"seconds\": 1e-5, \"order\": [1, 0]}\n").unwrap();
        assert_eq!((replies[0].seconds, replies[0].order.as_slice()), (1e-5, &[1, 0][..]));
        assert!(parse("Traceback\n").is_err());
        assert!(parse("{\"seconds\": 0.1, \"order\": [-1]}\n").is_err());
    }
}

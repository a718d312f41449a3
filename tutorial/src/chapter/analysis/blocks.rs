//! The graph that the order, the prediction and the profile are shown on: files, blocks of rows,
//! and a tree that joins what was counted.

use std::path::{Path, PathBuf};

use crate::csv::{CsvError, read_csv};
use crate::human::Count;
use chunkwise::prelude::*;

/// The name of the key that everything is for.
pub(super) const TOTAL: &str = "total";

/// The column `amount` of one file.
fn load_amounts(path: PathBuf) -> Result<Vec<i64>, CsvError> {
    Ok(read_csv(&path)?.amount().to_vec())
}

/// Block `block` of `n` blocks of about equal length.
#[allow(clippy::ptr_arg, reason = "a task is given its argument as the task before gave it")]
fn block(amounts: &Vec<i64>, block: &usize, n: &usize) -> Vec<i64> {
    amounts[amounts.len() * block / n..amounts.len() * (block + 1) / n].to_vec()
}

/// For each number of digits, how many amounts have it.
fn count_digits(amounts: Vec<i64>) -> Vec<u64> {
    let mut counts = vec![0; 20];
    for amount in amounts {
        let digits = amount.unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1);
        counts[digits] += 1;
    }
    counts
}

/// The counts of two parts together.
fn join(mut left: Vec<u64>, right: Vec<u64>) -> Vec<u64> {
    left.iter_mut().zip(right).for_each(|(left, right)| *left += right);
    left
}

/// Files in `n` blocks each; their digits counted; the counts joined in pairs.
pub(super) fn digits_of(files: &[PathBuf], n: usize) -> TaskDict {
    let mut graph = TaskDict::new();
    let mut level: Vec<Key> = Vec::new();
    for (f, file) in files.iter().enumerate() {
        graph.try_task(("amounts", f), load_amounts, [literal(file.clone())]);
        for b in 0..n {
            let arguments = args![("amounts", f), literal(b), literal(n)];
            graph.task(("block", f, b), by_ref(block), arguments);
            graph.task(("digits", f, b), count_digits, [("block", f, b)]);
            level.push(("digits", f, b).into());
        }
    }
    join_in_pairs(&mut graph, level);
    graph
}

/// A tree over `level`; its root is [`TOTAL`].
fn join_in_pairs(graph: &mut TaskDict, mut level: Vec<Key>) {
    let mut height = 0;
    while level.len() > 2 {
        let mut above = Vec::new();
        for (i, pair) in level.chunks(2).enumerate() {
            let [left, right] = pair else {
                above.extend_from_slice(pair);
                continue;
            };
            graph.task(("join", height, i), join, [left, right]);
            above.push(("join", height, i).into());
        }
        level = above;
        height += 1;
    }
    match &level[..] {
        [left, right] => graph.task(TOTAL, join, [left, right]),
        [only] => graph.alias(TOTAL, only),
        _ => graph.value(TOTAL, Vec::<u64>::new()),
    };
}

/// The counts as text: `1 digit: 1,234, 2 digits: 5,678`.
pub(super) fn describe_digits(counts: &[u64]) -> String {
    let with_any = counts.iter().enumerate().filter(|(_, n)| **n > 0);
    let parts = with_any.map(|(digits, &n)| {
        let digits = if digits == 1 { "1 digit".to_owned() } else { format!("{digits} digits") };
        format!("{digits}: {}", Count(n.into()))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The counts by a plain loop.
pub(super) fn digits_in_a_loop(files: &[PathBuf]) -> Result<Vec<u64>, CsvError> {
    let of_file = |path: &Path| load_amounts(path.to_owned()).map(count_digits);
    let mut total = vec![0; 20];
    for file in files {
        total = join(total, of_file(file)?);
    }
    Ok(total)
}

//! The functions that the chapters run as tasks.

use std::path::PathBuf;

use crate::csv::{Accounts, CsvError, read_csv};

/// The rows of one file.
pub(super) fn load(path: PathBuf) -> Result<Accounts, CsvError> {
    read_csv(&path)
}

/// The number of rows.
pub(super) fn count(accounts: &Accounts) -> usize {
    accounts.len()
}

/// The sum of the column `amount`.
pub(super) fn sum_amount(accounts: &Accounts) -> i128 {
    accounts.amount().iter().map(|&amount| i128::from(amount)).sum()
}

/// The sum of several counts.
pub(super) fn sum_counts(counts: Vec<usize>) -> usize {
    counts.iter().sum()
}

/// The sum of several sums.
pub(super) fn sum_all(sums: Vec<i128>) -> i128 {
    sums.iter().sum()
}

//! The plain loops that the task graphs are compared with: one file after the other, no graph.

use std::path::PathBuf;

use crate::csv::{CsvError, read_csv};

/// The rows of all `files` together.
///
/// # Errors
/// The first file that cannot be read.
///
/// # Complexity
/// Time linear in the bytes of the files; memory of one file's columns.
pub(crate) fn count_rows(files: &[PathBuf]) -> Result<usize, CsvError> {
    let mut total = 0;
    for file in files {
        total += read_csv(file)?.len();
    }
    Ok(total)
}

/// The sum of the column `amount` over all `files`; exact, since it is taken in 128 bits.
///
/// # Errors
/// The first file that cannot be read.
///
/// # Complexity
/// As [`count_rows`].
pub(crate) fn sum_amounts(files: &[PathBuf]) -> Result<i128, CsvError> {
    let mut total = 0;
    for file in files {
        total += read_csv(file)?.amount().iter().map(|&amount| i128::from(amount)).sum::<i128>();
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn all_files_are_counted_and_summed() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, rows: &str| {
            let path = folder.path().join(name);
            fs::write(&path, format!("id,names,amount\n{rows}")).unwrap();
            path
        };
        let large = format!("1,Bob,{0}\n1,Bob,{0}\n", i64::MAX);
        let files = [file("a", "7,Alice,5\n8,Dan,-12\n"), file("b", ""), file("c", &large)];
        assert_eq!(count_rows(&files).unwrap(), 4);
        assert_eq!(sum_amounts(&files).unwrap(), 2 * i128::from(i64::MAX) - 7);
        assert_eq!(count_rows(&[]).unwrap(), 0);
        let missing = [files[0].clone(), folder.path().join("none")];
        assert!(
            matches!(count_rows(&missing), Err(CsvError::Read { path, .. }) if path == missing[1])
        );
    }
}

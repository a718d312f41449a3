//! One preparation at a time in a folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::error::PrepError;

/// The file that is locked. It stays, empty: to remove it would let two runs lock two files.
const NAME: &str = ".chunkwise-lock";

/// Takes the lock of `data`, held until the file is dropped or the process ends.
pub(super) fn take(data: &Path) -> Result<File, PrepError> {
    let path = data.join(NAME);
    let failed = |source| PrepError::Write { path: path.clone(), source };
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(PrepError::Busy { path: data.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_until_the_first_ends() {
        let data = tempfile::tempdir().unwrap();
        let first = take(data.path()).unwrap();
        let refused = take(data.path()).unwrap_err();
        assert!(matches!(refused, PrepError::Busy { path } if path == data.path()));
        drop(first);
        take(data.path()).unwrap();
    }
}

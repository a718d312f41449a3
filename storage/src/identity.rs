//! [`Identity`]: by what a file is known to be the same.

use crate::error::StorageError;
use crate::positioned::Positioned;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

/// By what a file is known to be the same: its path, size and time of change.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Identity {
    pub(crate) path: PathBuf,
    len: u64,
    /// Nanoseconds since 1970; 0 where the system does not say.
    changed: u64,
}

impl Identity {
    /// That of an open file, under an absolute path.
    pub(crate) fn of(file: &Positioned) -> Result<Identity, StorageError> {
        let path = file.path();
        let failed = |source| StorageError::io("open", path, source);
        let found = file.file().metadata().map_err(failed)?;
        let changed = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Ok(Identity {
            path: std::path::absolute(path).map_err(failed)?,
            len: found.len(),
            changed: changed.map_or(0, |time| time.as_nanos() as u64),
        })
    }

    /// An error if the file is another now.
    #[cfg(feature = "serde")]
    pub(crate) fn check(&self, now: &Identity) -> Result<(), StorageError> {
        let detail = if self.len != now.len {
            format!("it had {} bytes and has {}", self.len, now.len)
        } else if self.changed != now.changed {
            "it was written to".to_owned()
        } else {
            return Ok(());
        };
        Err(StorageError::Changed { path: self.path.clone(), detail })
    }

    /// Bytes that are the same for the same content of a dataset.
    pub(crate) fn bytes(&self, dataset: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(self.path.as_os_str().as_encoded_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&self.len.to_le_bytes());
        bytes.extend_from_slice(&self.changed.to_le_bytes());
        bytes.extend_from_slice(dataset.as_bytes());
        bytes
    }
}

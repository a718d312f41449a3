//! [`InPlace`]: a file whose datasets are changed where they are.

use super::backend::{Backend, DatasetWriter, Writer};
use super::meta::Meta;
use crate::error::StorageError;
use crate::positioned::Positioned;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// A file whose datasets are changed where they are.
///
/// Bytes whose place is known and stays are written there. For all others the library opens the
/// file, at the first write of such a kind; finishing a target closes it, as the file is whole only
/// then, and a later write opens it again.
#[derive(Debug)]
pub(crate) struct InPlace {
    path: PathBuf,
    backend: Backend,
    file: Positioned,
    open: RwLock<Option<Open>>,
}

/// The file while the library has it open.
#[derive(Debug)]
struct Open {
    writer: Arc<dyn Writer>,
    datasets: HashMap<String, Arc<dyn DatasetWriter>>,
}

impl InPlace {
    pub(crate) fn open(path: &Path, backend: Backend) -> Result<InPlace, StorageError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|source| StorageError::io("open for writing", path, source))?;
        let file = Positioned::of(file, path);
        Ok(InPlace { path: path.to_owned(), backend, file, open: RwLock::new(None) })
    }

    /// Writes bytes at their place.
    pub(crate) fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), StorageError> {
        self.file.write(offset, bytes)
    }

    /// Calls with the library's handle of a dataset; the file stays open while the call runs.
    pub(crate) fn with<R>(
        &self,
        meta: &Meta,
        call: impl FnOnce(&dyn DatasetWriter) -> Result<R, StorageError>,
    ) -> Result<R, StorageError> {
        loop {
            let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(dataset) = open.as_ref().and_then(|open| open.datasets.get(&meta.name)) {
                return call(&**dataset);
            }
            drop(open);
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            let open = match &mut *open {
                Some(open) => open,
                closed => {
                    let writer = self.backend.write(&self.path, true)?;
                    closed.insert(Open { writer, datasets: HashMap::new() })
                }
            };
            if !open.datasets.contains_key(&meta.name) {
                let dataset = open.writer.existing(meta)?;
                open.datasets.insert(meta.name.clone(), dataset);
            }
        }
    }

    /// Makes everything that was written safe on the disk.
    pub(crate) fn finish(&self) -> Result<(), StorageError> {
        let open = self.open.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(open) = open {
            open.writer.close()?;
        }
        let synced = self.file.file().sync_all();
        synced.map_err(|source| StorageError::io("write", &self.path, source))
    }
}

impl Drop for InPlace {
    fn drop(&mut self) {
        // what was written by the library is lost if its file is not closed; errors are told by
        // `finish` alone
        if let Some(open) = self.open.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = open.writer.close();
        }
    }
}

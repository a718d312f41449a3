//! [`Fresh`]: a file that appears under its name whole or not at all.

use crate::error::StorageError;
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// A file under another name in the folder where it will be; deleted when it is dropped.
#[derive(Debug)]
pub(crate) struct Fresh {
    temporary: TempPath,
    path: PathBuf,
}

impl Fresh {
    /// An empty file for a path.
    pub(crate) fn for_path(path: &Path) -> Result<Fresh, StorageError> {
        if path.is_dir() {
            return Err(StorageError::IsDirectory { path: path.to_owned() });
        }
        let failed = |source| StorageError::io("create", path, source);
        // absolute, so that a change of the current folder does not matter
        let path = std::path::absolute(path).map_err(failed)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        {
            // as any new file: what the user's mask leaves
            let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
            builder.permissions(permissions);
        }
        let temporary = builder.tempfile_in(folder).map_err(failed)?.into_temp_path();
        Ok(Fresh { temporary, path })
    }

    /// The other name.
    pub(crate) fn path(&self) -> &Path {
        &self.temporary
    }

    /// Gives it its name, safe on the disk.
    pub(crate) fn keep(self) -> Result<(), StorageError> {
        let Fresh { temporary, path } = self;
        let synced = File::open(&temporary).and_then(|file| file.sync_all());
        synced.map_err(|source| StorageError::io("write", &path, source))?;
        temporary.persist(&path).map_err(|error| StorageError::io("rename", &path, error.error))?;
        sync_folder(&path);
        Ok(())
    }
}

/// Makes a name safe on the disk, where folders can be synchronised.
pub(crate) fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        // the file itself is safe; file systems that refuse this keep names by themselves
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

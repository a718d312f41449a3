//! [`Positioned`]: a file that is read and written at given places, by any number of threads.

use crate::error::StorageError;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A file that is read and written at given places, without a shared cursor and without a lock.
///
/// Takes the place of a memory map: a file that was truncated meanwhile is an error here and not a
/// signal.
#[derive(Debug)]
pub(crate) struct Positioned {
    file: File,
    path: PathBuf,
}

impl Positioned {
    /// Opens a file for reading.
    pub(crate) fn open(path: &Path) -> Result<Positioned, StorageError> {
        let file = File::open(path).map_err(|source| StorageError::io("open", path, source))?;
        let found = file.metadata().map_err(|source| StorageError::io("open", path, source))?;
        if found.is_dir() {
            return Err(StorageError::IsDirectory { path: path.to_owned() });
        }
        Ok(Positioned { file, path: path.to_owned() })
    }

    /// A file that is open already.
    pub(crate) fn of(file: File, path: &Path) -> Positioned {
        Positioned { file, path: path.to_owned() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// How long the file is now.
    pub(crate) fn len(&self) -> Result<u64, StorageError> {
        let found = self.file.metadata();
        Ok(found.map_err(|source| StorageError::io("read", &self.path, source))?.len())
    }

    /// Fills `out` with the bytes from `offset` on.
    pub(crate) fn read(
        &self,
        dataset: Option<&str>,
        offset: u64,
        out: &mut [u8],
    ) -> Result<(), StorageError> {
        match read_exact_at(&self.file, out, offset) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(StorageError::Truncated {
                    path: self.path.clone(),
                    dataset: dataset.map(str::to_owned),
                    offset,
                    wanted: out.len() as u64,
                })
            }
            Err(source) => Err(StorageError::io("read", &self.path, source)),
        }
    }

    /// Up to `len` bytes from `offset` on, fewer only at the end of the file.
    pub(crate) fn read_up_to(&self, offset: u64, len: usize) -> Result<Vec<u8>, StorageError> {
        let left = self.len()?.saturating_sub(offset);
        let mut bytes = vec![0; len.min(usize::try_from(left).unwrap_or(usize::MAX))];
        self.read(None, offset, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes all of `bytes` from `offset` on.
    pub(crate) fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), StorageError> {
        write_all_at(&self.file, bytes, offset)
            .map_err(|source| StorageError::io("write", &self.path, source))
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, out: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, offset)
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut out: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !out.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, out, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                out = &mut out[n..];
                offset += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_write(file, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => {
                bytes = &bytes[n..];
                offset += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

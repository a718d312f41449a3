//! What tells whether a store is the same as before.

use super::meta::ZarrMeta;
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Files looked at to tell whether an array has changed; looking takes some microseconds each.
const MOST_FILES: usize = 1 << 16;

impl ZarrMeta {
    /// Bytes that are the same as long as path, component, metadata, and names, sizes and times of
    /// change of all files of the array are; `None` if it has more than 65,536 files or they cannot
    /// be listed.
    pub(super) fn identity(&self) -> Option<Vec<u8>> {
        let mut hasher = blake3::Hasher::new();
        let path = std::path::absolute(&self.place.path).ok()?;
        for part in [path.as_os_str().as_encoded_bytes(), self.place.component.as_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        hasher.update(&self.stamp()?);
        let mut left = MOST_FILES;
        add_files(&self.folder, &mut hasher, &mut left).ok()?;
        Some(hasher.finalize().as_bytes().to_vec())
    }

    /// Bytes that are the same as long as the metadata are: cheap.
    pub(super) fn stamp(&self) -> Option<Vec<u8>> {
        let found = fs::metadata(&self.node.file).ok()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.node.text).update(&changed(&found).ok()?.to_le_bytes());
        Some(hasher.finalize().as_bytes()[..16].to_vec())
    }
}

/// Adds all files below a folder, in the order of their names.
fn add_files(folder: &Path, hasher: &mut blake3::Hasher, left: &mut usize) -> io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        *left = left.checked_sub(1).ok_or(io::ErrorKind::QuotaExceeded)?;
        entries.push(entry?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let found = entry.metadata()?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        hasher.update(&(name.len() as u64).to_le_bytes()).update(name);
        if found.is_dir() {
            hasher.update(b"(");
            add_files(&entry.path(), hasher, left)?;
            hasher.update(b")");
        } else {
            hasher.update(b"f");
            hasher.update(&found.len().to_le_bytes()).update(&changed(&found)?.to_le_bytes());
        }
    }
    Ok(())
}

/// When a file was changed, in nanoseconds since 1970.
fn changed(found: &fs::Metadata) -> io::Result<u128> {
    Ok(found.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos()))
}

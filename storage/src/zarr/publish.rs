//! Stores that appear whole or not at all.
//!
//! A new array is written into a folder beside the store, as a store with nothing but the array and
//! the groups that it is in. When it is finished, the largest part of it that is not there yet is
//! renamed to where it belongs: the whole store, a group, or the array.

use super::options::{Existing, ZarrVersion};
use super::place::{self, Kind, Place};
use super::write::UNFINISHED;
use crate::error::StorageError;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What is at the place of a new array.
#[derive(Debug)]
pub(super) enum There {
    /// Nothing: the part of the component of this many parts can be renamed to its place.
    Nothing {
        /// The number of parts.
        parts: usize,
    },
    /// A Zarr array or group, which may be replaced.
    Node,
}

/// Looks at what is at a place of a new array.
///
/// # Errors
/// - if there is something that must not be replaced, or that no array can be put in.
pub(super) fn look(
    place: &Place,
    version: ZarrVersion,
    existing: Existing,
) -> Result<There, StorageError> {
    let parts: Vec<&str> = place.parts().collect();
    let mut folder = place.path.clone();
    for at in 0..=parts.len() {
        if is_free(&folder)? {
            return Ok(There::Nothing { parts: at });
        }
        let here = Place { path: place.path.clone(), component: parts[..at].join("/") };
        let node = place::node(&folder, &here)?;
        let Some(node) = node else {
            return Err(StorageError::NotThisFormat {
                path: folder,
                format: "Zarr",
                detail: "there is something else at the place for a new array, \
                         which is neither replaced nor added to"
                    .to_owned(),
            });
        };
        if at == parts.len() {
            break;
        }
        if node.kind == Kind::Array {
            return Err(here.unsupported("an array within an array", "choose another component"));
        }
        if node.version != version {
            let mixed = "a store of both versions";
            return Err(here.unsupported(mixed, "write the version that the store has"));
        }
        if node.consolidated {
            return Err(here.unsupported(
                "adding to a store with consolidated metadata, which would not show the array,",
                "write to a store of its own, or remove the consolidated metadata",
            ));
        }
        folder.push(parts[at]);
    }
    match existing {
        Existing::Replace => Ok(There::Node),
        Existing::Refuse => {
            Err(StorageError::DatasetExists { path: place.path.clone(), dataset: place.dataset() })
        }
    }
}

/// Whether a folder can be renamed to this path: nothing is there, or an empty folder.
fn is_free(path: &Path) -> Result<bool, StorageError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // a link to nowhere is something
            Ok(fs::symlink_metadata(path).is_err())
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(source) => Err(StorageError::io("open", path, source)),
    }
}

/// Renames what is in the temporary store to its place.
pub(super) fn publish(
    temporary: &Path,
    place: &Place,
    version: ZarrVersion,
    existing: Existing,
) -> Result<(), StorageError> {
    let parts: Vec<&str> = place.parts().collect();
    // others may be adding arrays to the same store, or making it, at this moment
    for _ in 0..=parts.len() {
        let (there, depth) = match look(place, version, existing)? {
            There::Nothing { parts } => (There::Nothing { parts }, parts),
            There::Node => (There::Node, parts.len()),
        };
        let below = |root: &Path| -> PathBuf {
            parts[..depth].iter().fold(root.to_owned(), |folder, part| folder.join(part))
        };
        let (from, to) = (below(temporary), below(&place.path));
        match there {
            There::Node => exchange(&from, &to)?,
            There::Nothing { .. } => match fs::rename(&from, &to) {
                Err(error) if is_taken(&error) => continue,
                renamed => renamed.map_err(|source| StorageError::io("rename", &to, source))?,
            },
        }
        return sync(parent(&to));
    }
    Err(StorageError::DatasetExists { path: place.path.clone(), dataset: place.dataset() })
}

/// Whether somebody else was quicker.
fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists)
}

/// The folder that a path lies in.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Puts `from` in the place of `to`, and `to` where `from` was.
fn exchange(from: &Path, to: &Path) -> Result<(), StorageError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // where the file system cannot exchange, there is nothing at the place for a moment
    let failed = |source| StorageError::io("rename", to, source);
    let old = from.with_extension("old");
    fs::rename(to, &old).map_err(failed)?;
    fs::rename(from, to).inspect_err(|_| drop(fs::rename(&old, to))).map_err(failed)
}

/// What of a tree is not on the disk yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unsynced {
    /// Files and folders.
    All,
    /// Folders: files were synced when they were written.
    Folders,
}

/// Makes sure that a folder and what is below it is on the disk.
pub(super) fn sync_tree(folder: &Path, unsynced: Unsynced) -> Result<(), StorageError> {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let failed = |source| StorageError::io("read", &folder, source);
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_dir() {
                open.push(entry.path());
            } else if unsynced == Unsynced::All {
                let path = entry.path();
                if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
                    // of a process that was killed meanwhile
                    fs::remove_file(&path).map_err(failed)?;
                } else {
                    sync(&path)?;
                }
            }
        }
        sync(&folder)?;
    }
    Ok(())
}

/// Makes sure that a file or a folder is on the disk. Windows has no such thing for folders.
fn sync(path: &Path) -> Result<(), StorageError> {
    if cfg!(not(unix)) && path.is_dir() {
        return Ok(());
    }
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|source| StorageError::io("sync", path, source))
}

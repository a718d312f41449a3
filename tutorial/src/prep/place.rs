//! Files that appear under their name whole or not at all.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::PrepError;

/// How the temporary files begin and end; nothing else is removed as a leftover.
const PREFIX: &str = ".chunkwise-";
const SUFFIX: &str = ".partial";

/// A file that is being written under a temporary name; removed unless it is placed.
#[derive(Debug)]
pub(crate) struct Partial {
    file: NamedTempFile,
}

impl Partial {
    /// The open file.
    pub(crate) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Its temporary path, for libraries that write whole files: what they put there instead is
    /// what is placed.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }
}

/// Creates the folder of the data and what it lies in.
pub(super) fn create_folder(data: &Path) -> Result<(), PrepError> {
    fs::create_dir_all(data)
        .map_err(|source| PrepError::CreateFolder { path: data.to_owned(), source })
}

/// Writes the file `name` of the folder `data`, or of a folder in it, as [`write_whole`] does.
pub(super) fn place(
    data: &Path,
    name: &str,
    write: impl FnOnce(&mut Partial) -> io::Result<()>,
) -> Result<u64, PrepError> {
    let placed = match name.rsplit_once('/') {
        Some((inner, name)) => {
            let folder = data.join(inner);
            fs::create_dir_all(&folder).and_then(|()| write_whole(&folder, name, write))
        }
        None => write_whole(data, name, write),
    };
    placed.map_err(|source| PrepError::Write { path: data.join(name), source })
}

/// Writes the file `name` of `folder` by `write`; gives its size in bytes.
///
/// The bytes go to a temporary file in the same folder, which is flushed to the disk and renamed;
/// then the folder is flushed. On an error the temporary file is removed, and what had the name
/// before is as it was.
///
/// # Errors
/// What `write` or the file system gave.
pub(crate) fn write_whole(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut Partial) -> io::Result<()>,
) -> io::Result<u64> {
    let mut builder = tempfile::Builder::new();
    let prefix = format!("{PREFIX}{name}-");
    builder.prefix(&prefix).suffix(SUFFIX);
    if let Some(permissions) = of_an_ordinary_file() {
        builder.permissions(permissions);
    }
    let mut partial = Partial { file: builder.tempfile_in(folder)? };
    write(&mut partial)?;
    // By its path: a library may have put another file there.
    let file = File::open(partial.path())?;
    file.sync_all()?;
    let bytes = file.metadata()?.len();
    partial.file.persist(folder.join(name)).map_err(|failed| failed.error)?;
    flush_folder(folder)?;
    Ok(bytes)
}

/// A temporary file is readable by its owner alone; data is for all whom the umask allows.
#[cfg(unix)]
fn of_an_ordinary_file() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn of_an_ordinary_file() -> Option<Permissions> {
    None
}

/// Makes a rename last: on Unix the entry of the folder has to reach the disk too.
fn flush_folder(data: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(data)?.sync_all() } else { Ok(()) }
}

/// Removes the temporary files that an interrupted run left in these folders, of which some may not
/// exist; gives their number.
pub(super) fn remove_leftovers(folders: &[PathBuf]) -> Result<usize, PrepError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| PrepError::Clean { path, source }
    };
    let mut removed = 0;
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for path in leftovers(folder).map_err(failed(folder))? {
            fs::remove_file(&path).map_err(failed(&path))?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// A temporary file of ours, or what the storage made beside it while it wrote: `.NAME.*.part`.
fn is_ours(name: &str) -> bool {
    let of_storage = name.strip_prefix('.').filter(|_| name.ends_with(".part"));
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
        || of_storage.is_some_and(|n| n.starts_with(PREFIX) && n.contains(SUFFIX))
}

fn leftovers(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(is_ours);
        if ours && entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(data: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(data)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_failed_write_leaves_what_was_there() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(place(data.path(), "x", |p| p.file().write_all(b"old")).unwrap(), 3);
        let error = place(data.path(), "x", |partial| {
            partial.file().write_all(b"half of the n")?;
            Err(io::ErrorKind::StorageFull.into())
        })
        .unwrap_err();
        assert!(matches!(&error, PrepError::Write { path, .. } if path.ends_with("x")));
        assert_eq!(fs::read(data.path().join("x")).unwrap(), b"old");
        assert_eq!(names(data.path()), ["x"]);
    }

    #[test]
    fn nothing_has_the_name_before_the_file_is_whole() {
        let data = tempfile::tempdir().unwrap();
        place(data.path(), "x", |partial| {
            partial.file().write_all(b"half")?;
            assert!(!data.path().join("x").exists());
            assert_eq!(leftovers(data.path())?.len(), 1);
            Ok(())
        })
        .unwrap();
        assert_eq!(names(data.path()), ["x"]);
    }

    #[test]
    fn only_our_own_temporary_files_are_leftovers() {
        let data = tempfile::tempdir().unwrap();
        let others = [".chunkwise-note", "report.partial", "x"];
        let ours = [".chunkwise-x-Ab1.partial", "..chunkwise-x-Ab1.partial.Cd2.part"];
        for name in others.iter().chain(&ours) {
            fs::write(data.path().join(name), "text").unwrap();
        }
        fs::create_dir(data.path().join(".chunkwise-folder.partial")).unwrap();
        let folders = [data.path().to_owned(), data.path().join("none")];
        assert_eq!(remove_leftovers(&folders).unwrap(), 2);
        let left = [".chunkwise-folder.partial", ".chunkwise-note", "report.partial", "x"];
        assert_eq!(names(data.path()), left);
    }

    #[cfg(unix)]
    #[test]
    fn placed_files_are_not_private() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        place(data.path(), "x", |p| p.file().write_all(b"text")).unwrap();
        fs::write(data.path().join("plain"), "text").unwrap();
        let mode = |name| fs::metadata(data.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("x"), mode("plain"));
    }
}

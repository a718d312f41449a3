//! [`Picture::write`]: a picture as a file that appears whole or not at all.

use super::{DrawError, Picture};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

impl Picture {
    /// Writes the picture to `path`, in the format of its extension: `.svg`, or `.dot` and `.gv`
    /// for DOT text; capitals do not matter.
    ///
    /// The file appears whole or not at all, as [`write_whole`] does it.
    ///
    /// # Errors
    /// - [`DrawError::UnknownFormat`] for any other extension;
    /// - [`DrawError::TooLarge`] as [`to_svg`](Picture::to_svg);
    /// - [`DrawError::Write`] if the file system refuses.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), DrawError> {
        let path = path.as_ref();
        let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let text = match extension.as_deref() {
            Some("svg") => self.to_svg()?,
            Some("dot" | "gv") => self.to_dot(),
            _ => return Err(DrawError::UnknownFormat { path: path.to_owned() }),
        };
        write_whole(path, text.as_bytes())
            .map_err(|source| DrawError::Write { path: path.to_owned(), source })
    }
}

/// Puts `bytes` at `path` in one step: under a temporary name in the same folder, forced to the disk,
/// and renamed, so that a reader sees the old file or the new one, never a part.
///
/// # Errors
/// What the file system said; what was at `path` before is still there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = temporary_name(path)?;
    let written = fill(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if let Err(error) = written {
        // The first failure is the one to tell; a leftover that cannot be removed adds nothing.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    sync_folder(path)
}

fn fill(temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name beside `path` that no other writer of this or another process uses.
fn temporary_name(path: &Path) -> io::Result<PathBuf> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let file_name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut name = std::ffi::OsString::from(".");
    name.push(file_name);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    name.push(format!(".{}-{number}.part", std::process::id()));
    Ok(path.with_file_name(name))
}

/// Forces the rename itself to the disk, where folders can be opened as files.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use std::error::Error;

    /// A fresh folder, removed with all its files at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Folder {
            let name = format!("chunkwise-draw-{test}-{}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            fs::create_dir_all(&folder).unwrap();
            Folder(folder)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let mut names: Vec<String> =
                entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_extension_chooses_the_format_and_old_files_are_replaced() {
        let folder = Folder::new("formats");
        let picture = samples::five_nodes();
        fs::write(folder.0.join("g.svg"), "old").unwrap();
        for name in ["g.svg", "g.dot", "g.GV"] {
            picture.write(folder.0.join(name)).unwrap();
        }
        assert_eq!(folder.names(), ["g.GV", "g.dot", "g.svg"]);
        let read = |name: &str| fs::read_to_string(folder.0.join(name)).unwrap();
        assert_eq!(read("g.svg"), picture.to_svg().unwrap());
        assert_eq!(read("g.dot"), picture.to_dot());
        assert_eq!(read("g.GV"), picture.to_dot());
    }

    #[test]
    fn unknown_extensions_name_the_known_ones_and_write_nothing() {
        let folder = Folder::new("unknown");
        for name in ["g.png", "g", ".svg"] {
            let error = Picture::new().write(folder.0.join(name)).unwrap_err();
            assert!(matches!(error, DrawError::UnknownFormat { .. }));
            assert!(error.to_string().ends_with("must end in .svg, .dot or .gv"));
        }
        assert!(folder.names().is_empty());
    }

    #[test]
    fn a_refused_write_names_the_path_and_leaves_nothing_behind() {
        let folder = Folder::new("refused");
        let missing = folder.0.join("no-such-folder").join("g.svg");
        let error = Picture::new().write(&missing).unwrap_err();
        assert!(error.to_string().contains("no-such-folder") && error.source().is_some());
        // A folder stands where the file should go: the rename fails after the text was written.
        fs::create_dir(folder.0.join("g.svg")).unwrap();
        fs::write(folder.0.join("g.svg").join("inside"), "").unwrap();
        assert!(Picture::new().write(folder.0.join("g.svg")).is_err());
        assert_eq!(folder.names(), ["g.svg"]);
    }
}

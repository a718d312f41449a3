//! Files that appear whole or not at all.

use std::fs::File;
use std::io;
use std::path::Path;

/// Puts what `fill` writes at `path` in one step: under a temporary name in the same folder,
/// forced to the disk, then renamed.
pub(super) fn replace(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(path.file_name().ok_or(io::ErrorKind::InvalidInput)?);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    fill(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    if cfg!(unix) {
        // The rename itself, too; elsewhere folders cannot be opened as files.
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

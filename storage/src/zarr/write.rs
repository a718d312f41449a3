//! Writing regions: chunk by chunk, each whole, under the lock of the chunk.

use super::locks::{ChunkLocks, Index};
use super::meta::ZarrMeta;
use super::pieces::{self, Piece, boxes, placed};
use crate::error::StorageError;
use crate::region::Region;
use crate::strided::{copy, row_major};
use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// How the names of files start that are being written.
pub(super) const UNFINISHED: &str = ".chunk-";

/// Whether a chunk has to be on the disk before it takes the place of the old one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sync {
    /// Now: others see it.
    Now,
    /// When everything is finished.
    Later,
}

impl ZarrMeta {
    /// Writes a region, which must fit, from the bytes of its elements.
    pub(super) fn write_bytes(
        &self,
        region: &Region,
        data: &[u8],
        locks: &ChunkLocks,
        sync: Sync,
    ) -> Result<(), StorageError> {
        let counts = region.counts();
        let axes: Vec<Vec<Piece>> = region
            .spans()
            .iter()
            .zip(&self.stored)
            .map(|(span, len)| pieces::pieces(*span, *len))
            .collect();
        boxes(&axes, |pieces| {
            let chunk: Index = pieces.iter().map(|piece| piece.chunk).collect();
            let _lock = locks.lock(chunk.clone());
            let elements = self.merged(pieces, &counts, data)?;
            let file = self.file(chunk.iter().copied());
            if all_are(&elements, &self.fill) {
                return match fs::remove_file(&file) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(StorageError::io("remove", &file, error))
                    }
                    _ => Ok(()),
                };
            }
            let stored = self.encode(&elements).map_err(|detail| StorageError::Library {
                operation: "encode a chunk",
                what: format!("{}: chunk {:?}", self.place.what(), &chunk[..]),
                source: detail.into(),
            })?;
            self.put(&file, &stored, sync)
        })
    }

    /// All elements of a chunk after a box of it was written.
    fn merged<'a>(
        &self,
        pieces: &[Piece],
        counts: &[usize],
        data: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, StorageError> {
        let size = self.dtype().size();
        let box_of = placed(pieces, &row_major(&self.stored, size), &row_major(counts, size));
        let bytes = self.chunk().bytes;
        if self.is_run(pieces, counts) {
            return Ok(Cow::Borrowed(&data[box_of.in_region..box_of.in_region + bytes]));
        }
        let index = pieces.iter().map(|piece| piece.chunk);
        let old = if self.covers(pieces) { None } else { self.read_stored(index)? };
        let mut elements = match old {
            Some(elements) => elements,
            None => self.filled(bytes)?,
        };
        copy(&box_of.back(), size, &data[box_of.in_region..], &mut elements[box_of.in_chunk..]);
        Ok(Cow::Owned(elements))
    }

    /// Whether the box is the whole chunk, and lies in the region as one run.
    fn is_run(&self, pieces: &[Piece], counts: &[usize]) -> bool {
        let whole = pieces.iter().zip(&self.stored).all(|(piece, len)| piece.count == *len);
        let mut inner = pieces.iter().zip(counts).skip_while(|(piece, _)| piece.count == 1).skip(1);
        whole && pieces.iter().all(|it| it.step == 1) && inner.all(|(it, count)| it.count == *count)
    }

    /// Whether the box is all of the chunk that lies in the array.
    fn covers(&self, pieces: &[Piece]) -> bool {
        pieces.iter().enumerate().all(|(axis, piece)| {
            let len = self.stored[axis];
            let inside = len.min(self.shape[axis] - piece.chunk * len);
            piece.step == 1 && piece.count == inside
        })
    }

    /// A chunk of fill values.
    fn filled(&self, bytes: usize) -> Result<Vec<u8>, StorageError> {
        let mut elements = Vec::new();
        elements.try_reserve_exact(bytes).map_err(|source| StorageError::Library {
            operation: "hold a chunk in memory",
            what: self.place.what(),
            source: source.into(),
        })?;
        if self.fill.iter().all(|byte| *byte == 0) {
            elements.resize(bytes, 0);
        } else {
            (0..bytes / self.fill.len()).for_each(|_| elements.extend_from_slice(&self.fill));
        }
        Ok(elements)
    }

    /// Puts a file in its place, whole: it is written under another name and renamed.
    fn put(&self, file: &Path, bytes: &[u8], sync: Sync) -> Result<(), StorageError> {
        let folder = file.parent().unwrap_or(&self.folder);
        let failed = |source| StorageError::io("write", file, source);
        let temporary = match create_in(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.still_there()?;
                fs::create_dir_all(folder).and_then(|()| create_in(folder))
            }
            created => created,
        };
        let mut temporary = temporary.map_err(failed)?;
        temporary.write_all(bytes).map_err(failed)?;
        if sync == Sync::Now {
            temporary.as_file().sync_all().map_err(failed)?;
        }
        temporary.persist(file).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// Whether all elements are this one, bit by bit.
fn all_are(elements: &[u8], one: &[u8]) -> bool {
    elements.starts_with(one) && elements[one.len()..] == elements[..elements.len() - one.len()]
}

/// A temporary file, readable by those who may read other files.
fn create_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED).suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_elements_are_seen() {
        assert!(all_are(&[1, 2, 1, 2, 1, 2], &[1, 2]));
        assert!(!all_are(&[1, 2, 1, 2, 1, 3], &[1, 2]));
        assert!(!all_are(&[1, 2, 1, 2], &[2, 1]));
        assert!(all_are(&[7], &[7]));
    }
}

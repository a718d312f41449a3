//! [`NpyStack`]: a folder of `.npy` files that are pieces of one array.

use super::file::NpyFile;
use super::pickle;
use crate::element::Element;
use crate::error::{Cause, StorageError};
use crate::read::ReadRegion;
use crate::region::{Region, Span};
use crate::strided::{self, Axes, Axis, row_major};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What this crate writes beside `info`, in words: `axis = 0`.
pub(super) const NOTE: &str = "stack.txt";

/// A folder of `.npy` files `0.npy`, `1.npy`, ..., which are pieces of one array along one axis, as
/// Dask's `to_npy_stack` writes it.
///
/// The headers of the files say everything but the axis, and mostly that too: it is the one along
/// which they differ. Where all are of one shape, `stack.txt` or Dask's `info` says it. No pickle is
/// executed.
#[derive(Clone, Debug)]
pub struct NpyStack<T> {
    folder: PathBuf,
    shape: Vec<usize>,
    axis: usize,
    pieces: Arc<[NpyFile<T>]>,
    /// Where each piece starts along the axis, and where the last one ends.
    starts: Arc<[usize]>,
}

impl<T: Element> NpyStack<T> {
    /// Opens a folder; reads headers and no elements.
    ///
    /// # Errors
    /// - [`NotFound`](StorageError::NotFound) if there is no `0.npy` in it;
    /// - [`ShapeMismatch`](StorageError::ShapeMismatch) if the pieces do not fit together;
    /// - [`Unsupported`](StorageError::Unsupported) if nothing says along which axis they lie;
    /// - those of [`NpyFile::open`].
    ///
    /// # Complexity
    /// O(pieces), each of which stays open.
    pub fn open(folder: impl AsRef<Path>) -> Result<NpyStack<T>, StorageError> {
        let folder = folder.as_ref();
        let pieces = pieces(folder)?;
        let axis = differing(&pieces).or_else(|| noted(folder)).or_else(|| in_info(folder));
        let axis = match (axis, &pieces[..]) {
            (Some(axis), _) => axis,
            (None, [_]) => 0,
            (None, _) => {
                return Err(StorageError::Unsupported {
                    what: format!("`{}`", folder.display()),
                    feature: "a stack whose axis is written nowhere".to_owned(),
                    instead: "open it by `NpyStack::open_along`".to_owned(),
                });
            }
        };
        NpyStack::of(folder, pieces, axis)
    }

    /// Opens a folder whose pieces lie along an axis; reads headers and no elements.
    ///
    /// # Errors
    /// As [`NpyStack::open`].
    pub fn open_along(folder: impl AsRef<Path>, axis: usize) -> Result<NpyStack<T>, StorageError> {
        NpyStack::of(folder.as_ref(), pieces(folder.as_ref())?, axis)
    }

    fn of(folder: &Path, pieces: Vec<NpyFile<T>>, axis: usize) -> Result<Self, StorageError> {
        let mut shape = pieces.first().map(|piece| piece.shape().to_vec()).unwrap_or_default();
        let mut starts = vec![0];
        for piece in &pieces {
            let mut expected = shape.clone();
            let along = piece.shape().get(axis).copied();
            if let (Some(len), Some(along)) = (expected.get_mut(axis), along) {
                *len = along;
            }
            if along.is_none() || expected != piece.shape() {
                let what = format!("`{}`: its shape beside the others", piece.describe());
                let found = piece.shape().to_vec();
                return Err(StorageError::ShapeMismatch { what, found, expected });
            }
            starts.push(starts[starts.len() - 1] + along.unwrap_or(0));
        }
        if let (Some(len), Some(&end)) = (shape.get_mut(axis), starts.last()) {
            *len = end;
        }
        let (folder, pieces) = (folder.to_owned(), pieces.into());
        Ok(NpyStack { folder, shape, axis, pieces, starts: starts.into() })
    }

    /// The axis along which the pieces lie.
    pub fn axis(&self) -> usize {
        self.axis
    }

    /// The extent of each piece along that axis.
    pub fn pieces(&self) -> Vec<usize> {
        self.starts.windows(2).map(|ends| ends[1] - ends[0]).collect()
    }
}

fn pieces<T: Element>(folder: &Path) -> Result<Vec<NpyFile<T>>, StorageError> {
    let path = |number: usize| folder.join(format!("{number}.npy"));
    let mut pieces = vec![NpyFile::open(path(0))?];
    while path(pieces.len()).exists() {
        pieces.push(NpyFile::open(path(pieces.len()))?);
    }
    Ok(pieces)
}

/// The axis along which the shapes of pieces differ.
fn differing<T: Element>(pieces: &[NpyFile<T>]) -> Option<usize> {
    let first = pieces.first()?.shape();
    pieces.iter().find_map(|piece| {
        (0..first.len()).find(|&axis| piece.shape().get(axis) != Some(&first[axis]))
    })
}

/// The axis in our own note.
fn noted(folder: &Path) -> Option<usize> {
    let note = std::fs::read_to_string(folder.join(NOTE)).ok()?;
    note.lines().find_map(|line| line.strip_prefix("axis = ")?.trim().parse().ok())
}

/// The axis in Dask's file.
fn in_info(folder: &Path) -> Option<usize> {
    pickle::axis(&std::fs::read(folder.join("info")).ok()?)
}

/// What a span has of the pieces that start at `starts`: the piece, the positions in it, and how
/// many came before.
pub(super) fn split(starts: &[usize], span: Span) -> Vec<(usize, Span, usize)> {
    let mut found = Vec::new();
    for (piece, ends) in starts.windows(2).enumerate() {
        let before = ends[0].saturating_sub(span.start).div_ceil(span.step).min(span.count);
        let until = ends[1].saturating_sub(span.start).div_ceil(span.step).min(span.count);
        if until > before {
            let start = span.start + before * span.step - ends[0];
            found.push((piece, Span { start, count: until - before, ..span }, before));
        }
    }
    found
}

/// A region with another span along an axis, and the axes of a copy between it, alone, and its
/// place (the first byte of which is given) in the whole region.
pub(super) fn part(
    region: &Region,
    axis: usize,
    inside: Span,
    before: usize,
    size: usize,
) -> (Region, Axes, usize) {
    let mut spans = region.spans().to_vec();
    spans[axis] = inside;
    let part: Region = spans.into_iter().collect();
    let (alone, whole) = (row_major(&part.counts(), size), row_major(&region.counts(), size));
    let counts = part.counts().into_iter().enumerate();
    let axes = counts.map(|(at, count)| Axis { count, from: alone[at], to: whole[at] }).collect();
    (part, axes, before * whole[axis])
}

/// As its files and the axis, for other processes.
#[cfg(feature = "serde")]
impl<T: Element> serde::Serialize for NpyStack<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.folder, self.axis, &self.pieces[..]).serialize(serializer)
    }
}

/// Opens the files again; the error says so if one is not there, or another by now.
#[cfg(feature = "serde")]
impl<'de, T: Element> serde::Deserialize<'de> for NpyStack<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let sent: (PathBuf, usize, Vec<NpyFile<T>>) =
            serde::Deserialize::deserialize(deserializer)?;
        NpyStack::of(&sent.0, sent.2, sent.1).map_err(D::Error::custom)
    }
}

impl<T: Element> ReadRegion<T> for NpyStack<T> {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn chunk_shape(&self) -> Option<&[usize]> {
        None
    }

    fn read(&self, region: &Region, out: &mut [T]) -> Result<(), Cause> {
        super::file::check(&self.folder, &self.shape, region, out.len())?;
        if out.is_empty() {
            return Ok(());
        }
        let parts = split(&self.starts, region.spans()[self.axis]);
        if let [(piece, inside, _)] = parts[..] {
            let (part, ..) = part(region, self.axis, inside, 0, 1);
            return Ok(self.pieces[piece].read_region(&part, out)?);
        }
        for (piece, inside, before) in parts {
            // by elements: `bool` cannot be written as bytes
            let (part, axes, to) = part(region, self.axis, inside, before, 1);
            let mut read = vec![T::default(); part.len()];
            self.pieces[piece].read_region(&part, &mut read)?;
            strided::copy_elements(&axes, &read, &mut out[to..]);
        }
        Ok(())
    }

    fn describe(&self) -> String {
        self.folder.display().to_string()
    }

    fn identity(&self) -> Option<Vec<u8>> {
        let mut bytes = self.axis.to_le_bytes().to_vec();
        self.pieces.iter().filter_map(ReadRegion::identity).for_each(|piece| bytes.extend(piece));
        Some(bytes)
    }
}

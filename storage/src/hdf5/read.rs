//! Reading regions: from their places in the file where those are known, else by the library.

use super::backend::Reader;
use super::filters::{unpack, unpack_into};
use super::meta::Meta;
use super::parts::{Part, parts};
use super::place::{ChunkTable, Place, StoredChunk};
use crate::error::StorageError;
use crate::positioned::Positioned;
use crate::region::{Region, Span};
use crate::strided::{self, Axes, Axis, row_major};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What reading needs to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a Positioned,
    pub(crate) reader: &'a dyn Reader,
    pub(crate) meta: &'a Meta,
    pub(crate) place: &'a Place,
}

impl Source<'_> {
    /// Reads a region that fits into `out`, row-major, as stored; `Native` if the library turned
    /// the bytes around already.
    pub(crate) fn read(&self, region: &Region, out: &mut [u8]) -> Result<Order, StorageError> {
        let counts = region.counts();
        match self.place {
            Place::Run(start) => {
                let (axes, from) = self.axes(region);
                strided::read(&axes, self.meta.size(), out, |offset, out| {
                    self.bytes(start.saturating_add(from).saturating_add(offset), out)
                })?;
            }
            Place::Here(bytes) => {
                let (axes, from) = self.axes(region);
                let bytes = bytes.get(from as usize..).unwrap_or_default();
                strided::copy(&axes, self.meta.size(), bytes, out);
            }
            Place::Nowhere => {
                let here = row_major(&counts, self.meta.size());
                let axes: Axes = counts
                    .iter()
                    .zip(here)
                    .map(|(&count, to)| Axis { count, from: to, to })
                    .collect();
                strided::fill(&axes, &self.meta.fill(), out);
            }
            Place::Chunks(table) => {
                let chunk = self.meta.chunks.as_deref().unwrap_or_default();
                for part in parts(region, chunk) {
                    self.part(table, chunk, &part, &counts, out)?;
                }
            }
            Place::Library => {
                self.through_library(region, &counts, out)?;
                return Ok(Order::Native);
            }
        }
        Ok(Order::Stored)
    }

    fn bytes(&self, offset: u64, out: &mut [u8]) -> Result<(), StorageError> {
        self.file.read(Some(&self.meta.name), offset, out)
    }

    /// The axes of a copy from the array as one run of bytes, and the first byte.
    fn axes(&self, region: &Region) -> (Axes, u64) {
        let (counts, size) = (region.counts(), self.meta.size());
        let (there, here) = (row_major(&self.meta.shape, size), row_major(&counts, size));
        let spans = region.spans();
        let axis = |axis: usize| Axis {
            count: counts[axis],
            from: there[axis] * spans[axis].step,
            to: here[axis],
        };
        let first = spans.iter().zip(&there).map(|(span, &len)| (span.start * len) as u64).sum();
        ((0..counts.len()).map(axis).collect(), first)
    }

    /// Reads what a region has of one chunk.
    fn part(
        &self,
        table: &ChunkTable,
        chunk: &[usize],
        part: &Part,
        counts: &[usize],
        out: &mut [u8],
    ) -> Result<(), StorageError> {
        let size = self.meta.size();
        let (axes, from, to) = part.axes(chunk, counts, size);
        let out = &mut out[to..];
        let Some(stored) = table.get(&part.chunk) else {
            strided::fill(&axes, &self.meta.fill(), out);
            return Ok(());
        };
        let image = chunk.iter().try_fold(size, |len, &axis| len.checked_mul(axis));
        let image = image.ok_or_else(|| self.wrong(part, stored, "is larger than memory"))?;
        let unfiltered = (0..self.meta.filters.filters.len())
            .all(|filter| filter < 32 && stored.skipped & (1 << filter) != 0);
        if unfiltered {
            if stored.len != image as u64 {
                let detail = format!("has {} bytes instead of {image}", stored.len);
                return Err(self.wrong(part, stored, &detail));
            }
            return strided::read(&axes, size, out, |offset, out| {
                self.bytes(stored.offset.saturating_add(from as u64 + offset), out)
            });
        }
        let raw = self.stored(part, stored)?;
        let straight = from == 0
            && part
                .inside
                .iter()
                .zip(chunk)
                .all(|(span, &len)| span.count == len && span.is_contiguous())
            && strided::is_run(&axes, size);
        if straight {
            return self.unfilter(part, stored, |filters| {
                unpack_into(filters, raw, stored.skipped, &mut out[..image])
            });
        }
        let whole =
            self.unfilter(part, stored, |filters| unpack(filters, raw, stored.skipped, image))?;
        strided::copy(&axes, size, &whole[from..], out);
        Ok(())
    }

    /// The bytes of a chunk as they are stored.
    fn stored(&self, part: &Part, stored: StoredChunk) -> Result<Vec<u8>, StorageError> {
        // a damaged length must not make room for itself
        let there = self.file.len()?.saturating_sub(stored.offset);
        if stored.len > there {
            return Err(StorageError::Truncated {
                path: self.meta.path.clone(),
                dataset: Some(self.meta.name.clone()),
                offset: stored.offset,
                wanted: stored.len,
            });
        }
        let len = usize::try_from(stored.len)
            .map_err(|_| self.wrong(part, stored, "is larger than memory"))?;
        let mut raw = vec![0; len];
        self.bytes(stored.offset, &mut raw)?;
        Ok(raw)
    }

    /// Runs the filters backwards. A panic in them is an error too: they are another's, and their
    /// input comes from a disk.
    fn unfilter<R>(
        &self,
        part: &Part,
        stored: StoredChunk,
        run: impl FnOnce(&rust_hdf5::FilterPipeline) -> rust_hdf5::format::FormatResult<R>,
    ) -> Result<R, StorageError> {
        match catch_unwind(AssertUnwindSafe(|| run(&self.meta.filters))) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(rust_hdf5::format::FormatError::UnsupportedFeature(feature))) => {
                Err(StorageError::Unsupported {
                    what: self.meta.what(),
                    feature,
                    instead: "write it anew with gzip, for instance by `h5repack -f GZIP=1`"
                        .to_owned(),
                })
            }
            Ok(Err(error)) => Err(self.wrong(part, stored, &format!("does not unpack ({error})"))),
            Err(_) => Err(self.wrong(part, stored, "does not unpack")),
        }
    }

    fn wrong(&self, part: &Part, stored: StoredChunk, detail: &str) -> StorageError {
        self.meta.corrupt(Some(&part.chunk), Some(stored.offset), detail.to_owned())
    }

    /// Reads by the library: the box around what a region has of each chunk, or around all of it.
    fn through_library(
        &self,
        region: &Region,
        counts: &[usize],
        out: &mut [u8],
    ) -> Result<(), StorageError> {
        let size = self.meta.size();
        // no more than this along the first axis at once, where there are no chunks
        let boxes = match &self.meta.chunks {
            Some(chunk) => chunk.clone(),
            None if region.is_contiguous() => self.meta.shape.clone(),
            None => {
                let row: usize = self.meta.shape.iter().skip(1).product::<usize>() * size;
                let rows = ((4 << 20) / row.max(1)).max(1);
                let rest = self.meta.shape.iter().skip(1).copied();
                self.meta.shape.iter().take(1).map(|_| rows).chain(rest).collect()
            }
        };
        for part in parts(region, &boxes) {
            let around: Vec<usize> =
                part.inside.iter().map(|span| span.end() - span.start).collect();
            let starts: Vec<usize> = (0..boxes.len())
                .map(|axis| part.chunk[axis] * boxes[axis] + part.inside[axis].start)
                .collect();
            let len = around.iter().product::<usize>() * size;
            let from_box = Part {
                chunk: part.chunk.clone(),
                inside: part.inside.iter().map(|span| Span { start: 0, ..*span }).collect(),
                at: part.at.clone(),
            };
            let (axes, _, to) = from_box.axes(&around, counts, size);
            if strided::is_run(&axes, size) && around[..] == *counts {
                self.reader.read_box(self.meta, &starts, &around, &mut out[to..to + len])?;
            } else {
                let mut scratch = vec![0; len];
                self.reader.read_box(self.meta, &starts, &around, &mut scratch)?;
                strided::copy(&axes, size, &scratch, &mut out[to..]);
            }
        }
        Ok(())
    }
}

/// In which byte order something was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    /// As it is stored.
    Stored,
    /// As this machine has it.
    Native,
}

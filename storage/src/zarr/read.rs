//! Reading regions: chunk by chunk, each decoded and copied to where it belongs.

use super::meta::ZarrMeta;
use super::pieces::{self, Piece, Placed, boxes, placed};
use super::shard::{Index, ShardFault, Sharding};
use crate::error::StorageError;
use crate::positioned::Positioned;
use crate::region::Region;
use crate::strided::{copy, fill, row_major};
use std::fs;
use std::io;
use std::path::Path;

impl ZarrMeta {
    /// Reads a region, which must fit, into the bytes of its elements.
    pub(super) fn read_bytes(&self, region: &Region, out: &mut [u8]) -> Result<(), StorageError> {
        let size = self.dtype().size();
        let out_strides = row_major(&region.counts(), size);
        let axes: Vec<Vec<Piece>> = region
            .spans()
            .iter()
            .zip(&self.stored)
            .map(|(span, len)| pieces::pieces(*span, *len))
            .collect();
        let strides = row_major(&self.stored, size);
        boxes(&axes, |pieces| match &self.sharding {
            Some(sharding) => self.read_shard(sharding, pieces, &out_strides, out),
            None => {
                let to = placed(pieces, &strides, &out_strides);
                match self.read_stored(pieces.iter().map(|piece| piece.chunk))? {
                    Some(elements) => {
                        let out = &mut out[to.in_region..];
                        copy(&to.axes, size, &elements[to.in_chunk..], out);
                    }
                    None => self.fill_box(&to, out),
                }
                Ok(())
            }
        })
    }

    /// Reads and decodes a file; `None` if it is not there.
    pub(super) fn read_stored(
        &self,
        index: impl Iterator<Item = usize> + Clone,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let file = self.file(index.clone());
        let stored = match fs::read(&file) {
            Ok(stored) => stored,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return self.still_there().map(|()| None);
            }
            Err(source) => return Err(StorageError::io("read", &file, source)),
        };
        let elements = self.decode(stored);
        elements.map(Some).map_err(|detail| self.damaged(&file, index.collect(), detail))
    }

    /// Reads what a region has of one shard.
    fn read_shard(
        &self,
        sharding: &Sharding,
        shard: &[Piece],
        out_strides: &[usize],
        out: &mut [u8],
    ) -> Result<(), StorageError> {
        let path = self.file(shard.iter().map(|piece| piece.chunk));
        let fault = |fault, at: Option<&[Piece]>| {
            let per = |axis: usize| self.stored[axis] / sharding.chunk()[axis];
            let chunk = at.map(|at| {
                let numbers = shard.iter().zip(at).enumerate();
                numbers.map(|(axis, (s, c))| s.chunk * per(axis) + c.chunk).collect()
            });
            self.shard_fault(&path, chunk, fault)
        };
        let opened = open_shard(&path)?;
        let opened: Option<(Positioned, u64, Index)> = match opened {
            None => self.still_there().map(|()| None)?,
            Some(file) => {
                let len = file.len()?;
                let index = sharding.read_index(&file, len).map_err(|it| fault(it, None))?;
                Some((file, len, index))
            }
        };
        let size = self.dtype().size();
        let strides = row_major(sharding.chunk(), size);
        let axes: Vec<Vec<Piece>> = shard
            .iter()
            .zip(sharding.chunk())
            .map(|(piece, len)| {
                let mut within = pieces::pieces(piece.span(), *len);
                within.iter_mut().for_each(|inner| inner.first += piece.first);
                within
            })
            .collect();
        boxes(&axes, |pieces| {
            let to = placed(pieces, &strides, out_strides);
            let elements = match &opened {
                None => None,
                Some((file, len, index)) => {
                    let at = pieces.iter().map(|piece| piece.chunk);
                    let read = sharding.read_chunk(file, *len, index, at, self.chunk());
                    read.map_err(|it| fault(it, Some(pieces)))?
                }
            };
            match elements {
                Some(elements) => {
                    copy(&to.axes, size, &elements[to.in_chunk..], &mut out[to.in_region..]);
                }
                None => self.fill_box(&to, out),
            }
            Ok(())
        })
    }

    /// An error if the array is gone: a chunk that is missing there is no fill value.
    pub(super) fn still_there(&self) -> Result<(), StorageError> {
        if self.node.file.exists() {
            return Ok(());
        }
        Err(StorageError::Changed {
            path: self.folder.clone(),
            detail: "the array was removed, or given up, or is finished".to_owned(),
        })
    }

    /// Fills a box of the region.
    fn fill_box(&self, to: &Placed, out: &mut [u8]) {
        fill(&to.axes, &self.fill, &mut out[to.in_region..]);
    }

    pub(super) fn damaged(
        &self,
        file: &Path,
        chunk: Vec<usize>,
        detail: impl Into<String>,
    ) -> StorageError {
        StorageError::Corrupt {
            path: file.to_owned(),
            dataset: Some(self.place.dataset()),
            chunk: Some(chunk),
            offset: None,
            detail: detail.into(),
        }
    }

    fn shard_fault(
        &self,
        file: &Path,
        chunk: Option<Vec<usize>>,
        fault: ShardFault,
    ) -> StorageError {
        match fault {
            ShardFault::File(error) => error,
            ShardFault::Damaged(detail) => match chunk {
                Some(chunk) => self.damaged(file, chunk, detail),
                None => self.place.corrupt(file, detail),
            },
        }
    }
}

/// Opens a shard; `None` if it is not there.
fn open_shard(path: &Path) -> Result<Option<Positioned>, StorageError> {
    match fs::File::open(path) {
        Ok(file) => Ok(Some(Positioned::of(file, path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StorageError::io("open", path, source)),
    }
}

//! [`ZarrTarget`]: an array of a store, to write.

use super::array::{expect_dtype, expect_fit};
use super::create;
use super::locks::ChunkLocks;
use super::meta::ZarrMeta;
use super::options::{Existing, ZarrOptions};
use super::place::Place;
use super::publish::{self, Unsynced};
use super::write::Sync;
use crate::element::Element;
use crate::error::StorageError;
use crate::region::Region;
use crate::write::WriteRegion;
use std::error::Error;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// The name of the store in its temporary folder.
pub(super) const STORE: &str = "store";

/// An array of a Zarr store, of elements `T`, to write.
///
/// A new one ([`ZarrTarget::create`]) is written to a temporary folder beside the store and renamed
/// by [`WriteRegion::finish`]: it appears whole or not at all. Dropped before that, it leaves
/// nothing; a process that is killed leaves a folder `.NAME.*.tmp`, which can be deleted. An
/// existing one ([`ZarrTarget::open_rw`]) is changed in place.
///
/// Any number of threads may write any regions. Chunks (of sharded arrays: shards) are written
/// whole, so regions that end within a chunk cost reading it and writing it again; threads in the
/// same chunk do so one after the other. Chunks that hold nothing but fill values are not stored.
///
/// With feature `serde` it crosses to other processes, which write to the same temporary folder. The
/// locks do not: regions written by different processes must keep to chunks of their own.
pub struct ZarrTarget<T> {
    pub(super) meta: ZarrMeta,
    pub(super) stage: Mutex<Stage>,
    pub(super) existing: Existing,
    locks: ChunkLocks,
    sync: Sync,
    of: PhantomData<fn() -> T>,
}

/// Where the array is.
#[derive(Debug)]
pub(super) enum Stage {
    /// At its place.
    InPlace,
    /// In a temporary folder.
    Own(TempDir),
    /// In a temporary folder that another process removes.
    #[cfg(feature = "serde")]
    Foreign(std::path::PathBuf),
    /// At its place since it was finished.
    Finished,
}

impl<T: Element> ZarrTarget<T> {
    /// Makes an array `component` (`""`: the root) in the store in the folder `path`, with the
    /// groups that it is in. The store may exist, and have other arrays.
    ///
    /// # Errors
    /// - [`StorageError::InvalidOptions`]: chunks or shards do not suit the shape, or one another;
    /// - [`StorageError::DatasetExists`]: the array is there, and [`Existing::Refuse`] holds;
    /// - [`StorageError::NotThisFormat`]: something is there that is no Zarr store;
    /// - [`StorageError::Unsupported`]: the store is of the other version, or has consolidated
    ///   metadata;
    /// - [`StorageError::Io`], [`StorageError::DiskFull`] and their like: the temporary folder.
    pub fn create(
        path: impl AsRef<Path>,
        component: &str,
        shape: &[usize],
        options: &ZarrOptions<T>,
    ) -> Result<ZarrTarget<T>, StorageError> {
        let place = Place::new(path.as_ref(), component)?;
        create::check(&place, shape, options)?;
        publish::look(&place, options.version, options.existing)?;
        let folder = temporary_folder(&place)?;
        let root = folder.path().join(STORE);
        create::write_store(&root, &place, shape, options)?;
        let meta = ZarrMeta::read_in(place, &root)?;
        let sync = Sync::Later;
        Ok(ZarrTarget::new(meta, Stage::Own(folder), options.existing, sync))
    }

    /// Opens an array to write to it in place. Each chunk changes at once; the array as a whole does
    /// not, and readers see chunks as they come. Chunks are on the disk when a write returns.
    ///
    /// # Errors
    /// - those of [`ZarrArray::open`](super::ZarrArray::open).
    pub fn open_rw(path: impl AsRef<Path>, component: &str) -> Result<ZarrTarget<T>, StorageError> {
        let meta = ZarrMeta::read(path, component)?;
        expect_dtype::<T>(&meta)?;
        Ok(ZarrTarget::new(meta, Stage::InPlace, Existing::Replace, Sync::Now))
    }

    pub(super) fn new(
        meta: ZarrMeta,
        stage: Stage,
        existing: Existing,
        sync: Sync,
    ) -> ZarrTarget<T> {
        ZarrTarget {
            meta,
            stage: Mutex::new(stage),
            existing,
            locks: ChunkLocks::default(),
            sync,
            of: PhantomData,
        }
    }

    /// What its metadata say.
    pub fn meta(&self) -> &ZarrMeta {
        &self.meta
    }

    fn publish(&self, temporary: &Path) -> Result<(), StorageError> {
        let place = &self.meta.place;
        let root = temporary.join(STORE);
        self.meta.still_there()?;
        publish::sync_tree(&root, Unsynced::All)?;
        publish::publish(&root, place, self.meta.version(), self.existing)
    }
}

/// A temporary folder beside the store.
fn temporary_folder(place: &Place) -> Result<TempDir, StorageError> {
    let Some(name) = place.path.file_name() else {
        return Err(StorageError::InvalidOptions {
            what: place.what(),
            detail: "the path does not end in the name of a store".to_owned(),
        });
    };
    let parent = publish::parent(&place.path);
    let failed = |source: io::Error| StorageError::io("create", parent, source);
    std::fs::create_dir_all(parent).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    let prefix = format!(".{}.", name.to_string_lossy());
    builder.prefix(&prefix).suffix(".tmp");
    builder.tempdir_in(parent).map_err(failed)
}

impl<T: Element> WriteRegion<T> for ZarrTarget<T> {
    fn shape(&self) -> &[usize] {
        &self.meta.shape
    }

    fn granularity(&self) -> Option<&[usize]> {
        Some(&self.meta.stored)
    }

    /// Writes a region.
    ///
    /// # Errors
    /// - [`StorageError::DiskFull`], [`StorageError::Io`] and their like: a chunk cannot be written;
    ///   it is as before then;
    /// - [`StorageError::Corrupt`]: a chunk that is changed in part does not decode;
    /// - [`StorageError::RegionOutside`], [`StorageError::ShapeMismatch`]: the caller's arguments;
    /// - [`StorageError::Changed`]: a new array was finished already.
    fn write(
        &self,
        region: &Region,
        data: &[T],
    ) -> Result<(), Box<dyn Error + Send + std::marker::Sync>> {
        expect_fit(&self.meta, region, data.len())?;
        if matches!(*self.stage.lock().unwrap_or_else(PoisonError::into_inner), Stage::Finished) {
            return Err(Box::new(StorageError::Changed {
                path: self.meta.place.path.clone(),
                detail: "the array is finished; open it to write in place".to_owned(),
            }));
        }
        Ok(self.meta.write_bytes(region, T::bytes_of(data), &self.locks, self.sync)?)
    }

    /// Puts a new array in its place. A second call does nothing; after an error the array can be
    /// finished again.
    ///
    /// # Errors
    /// - those of [`ZarrTarget::create`], as others may have made something at the place meanwhile.
    fn finish(&self) -> Result<(), Box<dyn Error + Send + std::marker::Sync>> {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        match &*stage {
            Stage::Finished => return Ok(()),
            Stage::InPlace => {
                return Ok(publish::sync_tree(&self.meta.folder, Unsynced::Folders)?);
            }
            Stage::Own(folder) => self.publish(folder.path())?,
            #[cfg(feature = "serde")]
            Stage::Foreign(folder) => self.publish(folder)?,
        }
        *stage = Stage::Finished;
        Ok(())
    }

    fn describe(&self) -> String {
        self.meta.place.describe()
    }
}

impl<T> fmt::Debug for ZarrTarget<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZarrTarget")
            .field("meta", &self.meta)
            .field("stage", &self.stage)
            .finish_non_exhaustive()
    }
}

//! [`Hdf5Target`]: a dataset that is written a region at a time.

use super::backend::DatasetWriter;
use super::dataset::check;
use super::in_place::InPlace;
use super::meta::{DatasetInfo, Meta, Stored};
use super::parts::{Part, parts};
use super::place::{ChunkTable, Place, grid};
use super::writer::Progress;
use crate::element::Element;
use crate::error::{Cause, StorageError};
use crate::region::{Region, Span};
use crate::strided::{self, Axes, Axis, row_major};
use crate::write::WriteRegion;
use rust_hdf5::format::messages::filter::apply_filters;
use smallvec::SmallVec;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

/// A dataset of an HDF5 file that is written a region at a time, by any number of threads.
///
/// Regions that cover whole chunks are packed by the thread that writes them, at the same time as
/// others; parts of chunks are read, changed and written, and threads that do so with one dataset
/// wait for one another. The result is right in either case, also if two threads write to parts of
/// the same chunk at once. Regions with steps are written row by row, or element by element.
///
/// `granularity` is the chunk shape.
pub struct Hdf5Target<T> {
    meta: Meta,
    route: Route,
    /// One for some chunks each: parts of a chunk are put together by one thread at a time.
    locks: Box<[Mutex<()>]>,
    element: PhantomData<fn(T)>,
}

/// How elements get into the file.
enum Route {
    /// By the library, into a file that is not finished.
    New(Arc<dyn DatasetWriter>, Arc<Progress>),
    /// By the library, into a file that is there.
    Existing(Arc<InPlace>),
    /// To their place.
    Direct(Arc<InPlace>, Place),
}

/// How many locks there are for the chunks of a dataset.
const LOCKS: usize = 64;

impl<T> fmt::Debug for Hdf5Target<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hdf5Target").field("meta", &self.meta).finish_non_exhaustive()
    }
}

impl<T: Element> Hdf5Target<T> {
    pub(crate) fn new(meta: Meta, dataset: Arc<dyn DatasetWriter>, file: Arc<Progress>) -> Self {
        Hdf5Target::by(meta, Route::New(dataset, file))
    }

    pub(crate) fn existing(meta: Meta, place: Place, file: Arc<InPlace>) -> Self {
        let direct = match &place {
            Place::Run(_) => true,
            Place::Chunks(table) => meta.filters.filters.is_empty() && is_complete(&meta, table),
            _ => false,
        };
        let route = if direct { Route::Direct(file, place) } else { Route::Existing(file) };
        Hdf5Target::by(meta, route)
    }

    fn by(meta: Meta, route: Route) -> Self {
        let locks = (0..LOCKS).map(|_| Mutex::new(())).collect();
        Hdf5Target { meta, route, locks, element: PhantomData }
    }

    /// What it is, in the words of the file.
    pub fn info(&self) -> DatasetInfo {
        DatasetInfo::of(&self.meta)
    }

    /// Writes a region, see [`WriteRegion::write`], with the error as it is.
    ///
    /// # Errors
    /// - [`RegionOutside`](StorageError::RegionOutside), or
    ///   [`ShapeMismatch`](StorageError::ShapeMismatch) if `data` has another length;
    /// - [`Finished`](StorageError::Finished) after [`Hdf5Writer::finish`](super::Hdf5Writer::finish);
    /// - [`DiskFull`](StorageError::DiskFull), [`Io`](StorageError::Io);
    /// - [`Unsupported`](StorageError::Unsupported) for filters that are only read.
    ///
    /// # Complexity
    /// O(elements of the region, and of chunks of which it has a part); in addition, a packed and
    /// an unpacked chunk.
    pub fn write_region(&self, region: &Region, data: &[T]) -> Result<(), StorageError> {
        check(&self.meta, region, data.len())?;
        if let Route::New(_, progress) = &self.route {
            progress.check()?;
        }
        if data.is_empty() {
            return Ok(());
        }
        let swapped = matches!(self.meta.stored, Stored::As { swapped: true, .. });
        let turned = swapped.then(|| {
            let mut turned = data.to_vec();
            T::swap_endianness(&mut turned);
            turned
        });
        let native = T::bytes_of(data);
        let stored = turned.as_deref().map_or(native, T::bytes_of);
        match (&self.route, self.meta.chunks.as_deref()) {
            (Route::Direct(file, place), chunk) => self.direct(file, place, chunk, region, stored),
            (_, None) => self.boxes(region.spans(), &region.counts(), &[], native),
            (_, Some(chunk)) => {
                let counts = region.counts();
                for part in parts(region, chunk) {
                    self.part(chunk, &part, &counts, native, stored)?;
                }
                Ok(())
            }
        }
    }

    /// Calls with the library's handle of the dataset.
    fn with<R>(
        &self,
        call: impl FnOnce(&dyn DatasetWriter) -> Result<R, StorageError>,
    ) -> Result<R, StorageError> {
        match &self.route {
            Route::New(dataset, _) => call(&**dataset),
            Route::Existing(file) | Route::Direct(file, _) => file.with(&self.meta, call),
        }
    }

    /// Writes what a region has of one chunk.
    fn part(
        &self,
        chunk: &[usize],
        part: &Part,
        counts: &[usize],
        native: &[u8],
        stored: &[u8],
    ) -> Result<(), StorageError> {
        let juts_out = (0..chunk.len())
            .any(|axis| (part.chunk[axis] + 1) * chunk[axis] > self.meta.shape[axis]);
        // the library takes a whole chunk at the edge of a dataset that can grow for its growth
        let may_grow = juts_out && matches!(self.route, Route::Existing(_));
        let whole = part.is_whole(chunk, &self.meta.shape) && !may_grow;
        if whole && self.with(|dataset| Ok(dataset.takes_stored()))? {
            let image = image(&self.meta, chunk, part, counts, stored, juts_out);
            let filtered = !self.meta.filters.filters.is_empty();
            let image = if filtered { self.pack(part, &image)? } else { image };
            let _alone = self.lock(&part.chunk);
            return self.with(|dataset| dataset.write_stored(&part.chunk, &image, filtered));
        }
        let _alone = self.lock(&part.chunk);
        let spans: SmallVec<[Span; 4]> = (0..chunk.len())
            .map(|axis| {
                let span = part.inside[axis];
                Span { start: part.chunk[axis] * chunk[axis] + span.start, ..span }
            })
            .collect();
        self.boxes(&spans, counts, &part.at, native)
    }

    fn lock(&self, chunk: &[usize]) -> impl Drop + use<'_, T> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(chunk);
        let lock = &self.locks[(hash % self.locks.len() as u64) as usize];
        lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the filters forwards.
    fn pack(&self, part: &Part, image: &[u8]) -> Result<Vec<u8>, StorageError> {
        apply_filters(&self.meta.filters, image).map_err(|error| StorageError::Unsupported {
            what: format!("{} chunk {:?}", self.meta.what(), part.chunk),
            feature: format!("packing as its file demands ({error})"),
            instead: "write a new file".to_owned(),
        })
    }

    /// Writes the elements of a box, with its steps taken apart, from `at` in memory of `counts`.
    fn boxes(
        &self,
        spans: &[Span],
        counts: &[usize],
        at: &[usize],
        data: &[u8],
    ) -> Result<(), StorageError> {
        let size = self.meta.size();
        let here = row_major(counts, size);
        // axes with steps are walked, the others written at once
        let (mut walked, mut written) = (Vec::new(), Vec::new());
        for (axis, span) in spans.iter().enumerate() {
            if span.is_contiguous() { written.push(axis) } else { walked.push(axis) }
        }
        let starts: Vec<usize> = spans.iter().map(|span| span.start).collect();
        let first: usize = at.iter().zip(&here).map(|(at, len)| at * len).sum();
        let mut inner: Vec<usize> = vec![1; spans.len()];
        written.iter().for_each(|&axis| inner[axis] = spans[axis].count);
        let there = row_major(&inner, size);
        let axes: Axes = (0..spans.len())
            .map(|axis| Axis { count: inner[axis], from: here[axis], to: there[axis] })
            .collect();
        let mut scratch = vec![0; inner.iter().product::<usize>() * size];
        let rounds: usize = walked.iter().map(|&axis| spans[axis].count).product();
        for round in 0..rounds {
            let (mut left, mut from, mut starts) = (round, first, starts.clone());
            for &axis in walked.iter().rev() {
                let position = left % spans[axis].count;
                left /= spans[axis].count;
                from += position * here[axis];
                starts[axis] += position * spans[axis].step;
            }
            let data = &data[from..];
            if strided::is_run(&axes, size) {
                let data = &data[..scratch.len()];
                self.with(|dataset| dataset.write_box(&starts, &inner, data))?;
            } else {
                strided::copy(&axes, size, data, &mut scratch);
                self.with(|dataset| dataset.write_box(&starts, &inner, &scratch))?;
            }
        }
        Ok(())
    }

    /// Writes elements to their places.
    fn direct(
        &self,
        file: &InPlace,
        place: &Place,
        chunk: Option<&[usize]>,
        region: &Region,
        stored: &[u8],
    ) -> Result<(), StorageError> {
        let (counts, size) = (region.counts(), self.meta.size());
        let whole = self.meta.shape.as_slice();
        let chunk = chunk.unwrap_or(whole);
        for part in parts(region, chunk) {
            let start = match place {
                Place::Run(start) => *start,
                Place::Chunks(table) => match table.get(&part.chunk) {
                    Some(chunk) => chunk.offset,
                    None => continue,
                },
                _ => continue,
            };
            let (axes, to, from) = part.axes(chunk, &counts, size);
            let axes: Axes = turned(&axes);
            strided::write(&axes, size, &stored[from..], |offset, bytes| {
                file.write_at(start + to as u64 + offset, bytes)
            })?;
        }
        Ok(())
    }
}

/// The same copy in the other direction.
fn turned(axes: &[Axis]) -> Axes {
    axes.iter().map(|axis| Axis { count: axis.count, from: axis.to, to: axis.from }).collect()
}

/// A whole chunk, of which `part` has all that lies in the dataset; the rest is the fill value.
fn image(
    meta: &Meta,
    chunk: &[usize],
    part: &Part,
    counts: &[usize],
    data: &[u8],
    juts_out: bool,
) -> Vec<u8> {
    let size = meta.size();
    let mut image = vec![0; chunk.iter().product::<usize>() * size];
    let fill = meta.fill();
    if juts_out && fill.iter().any(|byte| *byte != 0) {
        image.chunks_exact_mut(size).for_each(|element| element.copy_from_slice(&fill));
    }
    let (axes, _, from) = part.axes(chunk, counts, size);
    strided::copy(&turned(&axes), size, &data[from..], &mut image);
    image
}

/// Whether every chunk has a place and its whole length.
fn is_complete(meta: &Meta, table: &ChunkTable) -> bool {
    let chunk = meta.chunks.as_deref().unwrap_or_default();
    let bytes = chunk.iter().product::<usize>() * meta.size();
    let all: usize = grid(&meta.shape, chunk).iter().product();
    table.len() == all && table.all_have(bytes as u64)
}

impl<T: Element> WriteRegion<T> for Hdf5Target<T> {
    fn shape(&self) -> &[usize] {
        &self.meta.shape
    }

    fn granularity(&self) -> Option<&[usize]> {
        match self.route {
            Route::Direct(..) => None,
            _ => self.meta.chunks.as_deref(),
        }
    }

    fn write(&self, region: &Region, data: &[T]) -> Result<(), Cause> {
        Ok(self.write_region(region, data)?)
    }

    /// Of a new file: hands everything to the system; the file gets its name by
    /// [`Hdf5Writer::finish`](super::Hdf5Writer::finish). Of a file that is changed in place: makes
    /// everything safe on the disk.
    fn finish(&self) -> Result<(), Cause> {
        match &self.route {
            Route::New(_, progress) => Ok(progress.flush()?),
            Route::Existing(file) | Route::Direct(file, _) => Ok(file.finish()?),
        }
    }

    fn describe(&self) -> String {
        format!("{} {}", self.meta.path.display(), self.meta.name)
    }
}

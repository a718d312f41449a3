//! [`NewFile`]: a target that does not exist before something is written to it.

use chunkwise_graph::BoxError;
use chunkwise_storage::{Element, Region, WriteRegion};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A file while it is being written: dropping it leaves nothing.
pub(crate) struct Open<T: Element> {
    pub(crate) target: Box<dyn WriteRegion<T>>,
    /// Makes the file appear.
    pub(crate) finish: Box<dyn FnOnce() -> Result<(), BoxError> + Send>,
}

impl<T: Element> Open<T> {
    /// A file that appears when its only target is finished.
    #[cfg(any(feature = "npy", feature = "zarr"))]
    pub(crate) fn complete(target: impl WriteRegion<T>) -> Result<Open<T>, BoxError> {
        Ok(Open { target: Box::new(target), finish: Box::new(|| Ok(())) })
    }
}

type Create<T> = dyn Fn() -> Result<Open<T>, BoxError> + Send + Sync;

/// A file that is made when the first region of it is written, and appears when it is finished.
pub(crate) struct NewFile<T: Element> {
    describe: String,
    shape: Vec<usize>,
    granularity: Option<Vec<usize>>,
    create: Box<Create<T>>,
    open: Mutex<Option<Written<T>>>,
}

struct Written<T: Element> {
    target: Arc<dyn WriteRegion<T>>,
    finish: Box<dyn FnOnce() -> Result<(), BoxError> + Send>,
}

impl<T: Element> NewFile<T> {
    /// A file of this name, for an array of this shape, that will be stored in such chunks.
    pub(crate) fn new(
        describe: String,
        shape: &[usize],
        granularity: Option<Vec<usize>>,
        create: impl Fn() -> Result<Open<T>, BoxError> + Send + Sync + 'static,
    ) -> NewFile<T> {
        let (shape, create, open) = (shape.to_vec(), Box::new(create), Mutex::new(None));
        NewFile { describe, shape, granularity, create, open }
    }

    /// What is written to; made if it is not there yet.
    fn target(&self) -> Result<Arc<dyn WriteRegion<T>>, BoxError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(written) = &*open {
            return Ok(Arc::clone(&written.target));
        }
        let Open { target, finish } = (self.create)()?;
        let target: Arc<dyn WriteRegion<T>> = target.into();
        *open = Some(Written { target: Arc::clone(&target), finish });
        Ok(target)
    }
}

impl<T: Element> WriteRegion<T> for NewFile<T> {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn granularity(&self) -> Option<&[usize]> {
        self.granularity.as_deref()
    }

    fn write(&self, region: &Region, data: &[T]) -> Result<(), BoxError> {
        self.target()?.write(region, data)
    }

    fn finish(&self) -> Result<(), BoxError> {
        // A file without elements is made here.
        let target = self.target()?;
        target.finish()?;
        drop(target);
        let written = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        written.map_or(Ok(()), |written| (written.finish)())
    }

    fn describe(&self) -> String {
        self.describe.clone()
    }
}

impl<T: Element> fmt::Debug for NewFile<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewFile({})", self.describe)
    }
}

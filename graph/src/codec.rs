//! [`Codec`]: how a value leaves the process (to a worker, to disk) and comes back.

use crate::error::BoxError;
use crate::value::Value;
use std::any::Any;
use std::sync::Arc;

/// A buffer that a transport can place without copying it first.
pub type Buffer = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A value as it is shared: what a codec's buffers may keep instead of a copy.
pub type SharedAny = Arc<dyn Any + Send + Sync>;

/// An encoded value: a small header, and the raw buffers out of band.
#[derive(Clone, Default)]
pub struct Frames {
    /// What is needed to make sense of the buffers: shapes, or the whole of a small value.
    pub header: Vec<u8>,
    /// Bulk data, uncopied.
    pub buffers: Vec<Buffer>,
}

impl Frames {
    /// Adds the bytes that `view` finds in a value, which is kept instead of a copy.
    pub fn push_view(&mut self, value: &SharedAny, view: fn(&dyn Any) -> &[u8]) {
        self.buffers.push(Arc::new(View { value: Arc::clone(value), view }));
    }

    /// Bytes of the header and of all buffers.
    pub fn nbytes(&self) -> usize {
        let buffers: usize = self.buffers.iter().map(|buffer| (**buffer).as_ref().len()).sum();
        self.header.len() + buffers
    }

    /// The same frames, borrowed, as [`Codec::decode`] takes them.
    pub fn with_ref<R>(&self, read: impl FnOnce(FramesRef<'_>) -> R) -> R {
        let buffers: Vec<&[u8]> = self.buffers.iter().map(|buffer| (**buffer).as_ref()).collect();
        read(FramesRef { header: &self.header, buffers: &buffers })
    }
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lens: Vec<usize> =
            self.buffers.iter().map(|buffer| (**buffer).as_ref().len()).collect();
        write!(f, "Frames {{ header: {} bytes, buffers: {lens:?} bytes }}", self.header.len())
    }
}

/// Bytes inside a value that is shared.
struct View {
    value: SharedAny,
    view: fn(&dyn Any) -> &[u8],
}

impl AsRef<[u8]> for View {
    fn as_ref(&self) -> &[u8] {
        (self.view)(&*self.value)
    }
}

/// Received frames.
#[derive(Clone, Copy, Debug)]
pub struct FramesRef<'a> {
    /// See [`Frames::header`].
    pub header: &'a [u8],
    /// See [`Frames::buffers`].
    pub buffers: &'a [&'a [u8]],
}

/// Both directions of one type's travel format.
///
/// # Contract
/// `decode` of what `encode` gave is an equal value; `decode` of anything else is an error, not a
/// panic: the bytes come from a file or from another process.
#[derive(Clone, Copy, Debug)]
pub struct Codec {
    /// Appends the value to empty frames; [`Frames::push_view`] keeps bulk data uncopied.
    pub encode: fn(&SharedAny, &mut Frames) -> Result<(), BoxError>,
    /// Reads a value back. The buffers may be memory that several processes share: what is needed
    /// of them is copied, straight to where it will stay.
    pub decode: fn(FramesRef<'_>) -> Result<Value, BoxError>,
}

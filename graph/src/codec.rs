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
        read(FramesRef::new(&self.header, &buffers))
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

/// Buffers that may still be on their way: being written by another process while this one reads
/// what has come.
pub trait Arriving {
    /// Number of buffers.
    fn n_buffers(&self) -> usize;

    /// Bytes of a buffer when it has come whole.
    fn len(&self, buffer: usize) -> usize;

    /// The first `end` bytes of a buffer, once they have come.
    ///
    /// # Errors
    /// If they will not come.
    fn wait(&self, buffer: usize, end: usize) -> Result<&[u8], BoxError>;
}

/// Received frames.
#[derive(Clone, Copy)]
pub struct FramesRef<'a> {
    /// See [`Frames::header`].
    pub header: &'a [u8],
    buffers: Buffers<'a>,
}

#[derive(Clone, Copy)]
enum Buffers<'a> {
    Here(&'a [&'a [u8]]),
    Arriving(&'a dyn Arriving),
}

impl<'a> FramesRef<'a> {
    /// A buffer comes in pieces of so many bytes, a multiple of every number's size.
    pub const PIECE_BYTES: usize = 1 << 20;

    /// Frames that have come whole.
    pub fn new(header: &'a [u8], buffers: &'a [&'a [u8]]) -> FramesRef<'a> {
        FramesRef { header, buffers: Buffers::Here(buffers) }
    }

    /// Frames whose buffers may still be on their way.
    pub fn arriving(header: &'a [u8], buffers: &'a dyn Arriving) -> FramesRef<'a> {
        FramesRef { header, buffers: Buffers::Arriving(buffers) }
    }

    /// Number of buffers.
    pub fn n_buffers(&self) -> usize {
        match self.buffers {
            Buffers::Here(buffers) => buffers.len(),
            Buffers::Arriving(buffers) => buffers.n_buffers(),
        }
    }

    /// Bytes of a buffer.
    ///
    /// # Errors
    /// If there is no such buffer.
    pub fn buffer_len(&self, buffer: usize) -> Result<usize, BoxError> {
        if buffer >= self.n_buffers() {
            let n = self.n_buffers();
            return Err(format!("{n} buffers came where there should be more").into());
        }
        Ok(match self.buffers {
            Buffers::Here(buffers) => buffers[buffer].len(),
            Buffers::Arriving(buffers) => buffers.len(buffer),
        })
    }

    fn start_of(&self, buffer: usize, end: usize) -> Result<&'a [u8], BoxError> {
        match self.buffers {
            Buffers::Here(buffers) => Ok(&buffers[buffer][..end]),
            Buffers::Arriving(buffers) => buffers.wait(buffer, end),
        }
    }

    /// A buffer, once it has come whole.
    ///
    /// # Errors
    /// If there is no such buffer, or it will not come.
    pub fn buffer(&self, buffer: usize) -> Result<&'a [u8], BoxError> {
        self.start_of(buffer, self.buffer_len(buffer)?)
    }

    /// A buffer in pieces, each as soon as it has come: what is copied meanwhile costs no time. All
    /// but the last are of [`FramesRef::PIECE_BYTES`].
    ///
    /// # Errors
    /// If there is no such buffer; items are errors if they will not come.
    pub fn pieces(
        &self,
        buffer: usize,
    ) -> Result<impl Iterator<Item = Result<&'a [u8], BoxError>> + use<'a>, BoxError> {
        let (frames, len) = (*self, self.buffer_len(buffer)?);
        let starts = (0..len).step_by(FramesRef::PIECE_BYTES);
        Ok(starts.map(move |start| {
            let end = len.min(start + FramesRef::PIECE_BYTES);
            Ok(&frames.start_of(buffer, end)?[start..])
        }))
    }
}

impl std::fmt::Debug for FramesRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let n = self.n_buffers();
        write!(f, "FramesRef {{ header: {} bytes, buffers: {n} }}", self.header.len())
    }
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
    /// Reads a value back. The buffers may be memory that several processes share, and still be on
    /// their way: what is needed of them is copied, straight to where it will stay.
    pub decode: fn(FramesRef<'_>) -> Result<Value, BoxError>,
}

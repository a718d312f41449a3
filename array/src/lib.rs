//! Chunked n-dimensional arrays, larger than memory, with NumPy's operations.
//!
//! Below it are `chunkwise-graph`, whose layers and schedulers it uses, and `chunkwise-storage`, whose
//! traits it reads and writes through; beside it are the other collections. Above it is the facade
//! `chunkwise`, which has all of this as `chunkwise::array` and computes on all cores, where this crate
//! alone computes in the calling thread until a scheduler is set.
//!
//! Three things to start from:
//!
//! - [`Array`]: a lazy array, cut into chunks; its methods are the operations, under ndarray's or
//!   NumPy's names ([what there is](https://github.com/chunkwise/chunkwise/blob/main/array/STATUS.md));
//! - [`CollectionExt`]: `compute`, `persist`, `explain`, `visualize`, of one array or of several in one
//!   run;
//! - [`Source`] and [`Array::store`]: arrays from files and into them.
//!
//! ```
//! use chunkwise_array::random::{self, Seed};
//! use chunkwise_array::{Array, CollectionExt, s};
//!
//! // Nothing is computed yet, and no number is made.
//! let x = random::normal(10.0, 0.1, [4_000, 3_000], Seed(0)).chunks([1_000, 1_000]);
//! println!("{x}");
//! let centred = &x - x.mean_axis(0);
//! let spread = (&centred * &centred).mean().sqrt();
//!
//! // One run for both. Of the means, only every hundredth column is made.
//! let (spread, some) = (&spread, x.mean_axis(0).slice(s![..;100])).compute()?;
//! assert!((spread.sum() - 0.1).abs() < 1e-3);
//! assert_eq!(some.shape(), [30]);    // an ndarray::ArrayD<f64>
//! # Ok::<(), chunkwise_array::Error>(())
//! ```
//!
//! # Chunks
//!
//! An array is cut along each axis; a chunk is a box of it, which one task makes. Chunks are said as a
//! number, a list, sizes, `"auto"` or bytes ([`ChunkSpec`]); [`Array::rechunk`] changes them. Arrays
//! that meet are cut alike. Chunks of some MiB suit most work; tasks cost a microsecond or so.
//!
//! # Types
//!
//! The type of the elements is that of the array: [`Array::cast`] where nothing can be lost,
//! [`Array::cast_lossy`] and [`Array::try_cast`] otherwise, [`promote`] for the type that NumPy would
//! choose. Sums of floats are `f64`, of integers 64 bits wide.
//!
//! # Errors
//!
//! Methods do not fail. What cannot be (shapes that do not broadcast, an axis that there is not) is
//! found when the expression is built, kept in the array, and said by whatever computes it, with the
//! line that made it; [`Array::checked`] says it at once.
//!
//! # Deferred sizes
//!
//! How many elements a mask selects is known when it has been computed. Until then the length is
//! [`Extent::Deferred`]; operations that need it say so, and [`Resolve::resolve`] computes it.
//!
//! # Other processes
//!
//! Every operation runs in worker processes too. Functions of yours (`map`, `map_blocks`) do if they
//! capture nothing; what they need is passed as a parameter (`map_with`).
//!
//! Not here, on purpose: schedulers, threads, unsafe code.

#![forbid(unsafe_code)]

mod array;
mod assemble;
mod axes;
mod axis_chunks;
mod blocks;
mod chunk;
mod chunk_spec;
mod chunks;
mod collection;
mod create;
mod display;
mod element;
mod elementwise;
mod error;
mod expr;
mod extent;
#[cfg(feature = "fft")]
pub mod fft;
#[cfg(feature = "image")]
mod image;
mod index;
mod io;
mod joining;
mod layout;
#[cfg(feature = "linalg")]
pub mod linalg;
pub mod random;
mod rechunk;
mod reduce;
mod reshape;
mod scalar;
mod scan;
mod shape;
mod sort;
mod statistics;
mod store;
mod tile;

pub use array::Array;
pub use axes::Axes;
pub use axis_chunks::AxisChunks;
pub use blocks::{BlockInfo, Boundary, ConvolveMode, Gufunc, MapBlocks, Signature, SignatureError};
pub use blocks::{apply_gufunc, apply_gufunc2, apply_gufunc3};
pub use chunk::Chunk;
pub use chunk_spec::{AUTO_BYTES, ChunkAxis, ChunkSpec};
pub use chunks::Chunks;
pub use chunkwise_graph::{CollectionExt, Error, Persist, Resolve, Result};
pub use chunkwise_storage::DType;
pub use create::{Counted, Indexing, Source, meshgrid};
pub use element::{ComplexNumber, Element, Float, Integer, Number, Real};
pub use elementwise::{
    Absolute, Analytic, FloorDivide, LosslessCast, LossyCast, Power, Promote, Tolerance,
};
pub use elementwise::{Bitwise, IntoOperand, Operand};
pub use elementwise::{polyval, promote, to_complex};
pub use error::ArrayError;
pub use extent::Extent;
#[cfg(feature = "image")]
pub use image::{Colormap, Image, ImageOptions, Picture, PngFile};
pub use index::{Flags, Indices, Piece, Side, Slices, ravel_multi_index, select_from, where_};
#[cfg(any(feature = "hdf5", feature = "zarr"))]
pub use io::STORED_BYTES;
#[cfg(feature = "zarr")]
pub use io::open_zarr;
#[cfg(feature = "hdf5")]
pub use io::{open_hdf5, open_hdf5_in};
#[cfg(feature = "npy")]
pub use io::{open_npy, open_npy_stack};
pub use joining::{Nested, PadMode, PadWidths, block, column_stack, concatenate, dstack};
pub use joining::{hstack, stack, vstack};
pub use layout::{BitOrder, broadcast_arrays, broadcast_shapes};
pub use ndarray::{NewAxis, Slice, SliceInfoElem};
pub use rechunk::{
    RechunkMethod, RechunkOptions, RechunkPlan, RechunkStage, plan_rechunk, unify_chunks,
};
pub use reduce::Reduction;
pub use reshape::NewShape;
pub use scalar::Scalar;
pub use scan::{Scan, ScanMethod};
pub use shape::Shape;
pub use sort::{SortMethod, SortOptions, lexsort};
pub use statistics::{Bins, QuantileMethod, Quantiles, TestResult, Unique};
pub use store::Stored;
pub use tile::Parameter;
#[doc(hidden)]
pub use tile::{TileBuf, TileRef};

//! HDF5 files: datasets read and written a region at a time.
//!
//! - [`Hdf5File`] opens a file and lists its datasets; [`Hdf5Dataset`] reads one, as a
//!   [`ReadRegion`](crate::ReadRegion).
//! - [`Hdf5Writer`] makes a new file, which appears whole or not at all; [`Hdf5Target`] writes one
//!   of its datasets, as a [`WriteRegion`](crate::WriteRegion).
//! - [`Hdf5File::open_rw`] writes into datasets that are there.
//!
//! The structure of files is read, and written, by a library: [`Backend`] says which. Elements are
//! read by this module at their places in the file, without a lock, and chunks are unpacked by the
//! thread that needs them; the library reads only what is stored in a way that is not known here
//! (virtual and external datasets, indexes of datasets with one axis that can grow).
//!
//! What is read: numbers, `bool` and complex numbers as h5py writes them, in either byte order;
//! compact, contiguous and chunked datasets of any version of the format; gzip, shuffle,
//! fletcher32, lzf, scaleoffset, nbit. Not read: szip, blosc, zstd and other filters, strings,
//! compound types, numbers of odd sizes (an error says so).

mod attributes;
mod backend;
#[cfg(feature = "hdf5-c")]
mod c;
mod dataset;
mod file;
mod filters;
mod in_place;
mod locate;
mod meta;
mod options;
mod parts;
mod place;
mod read;
mod rust;
#[cfg(feature = "serde")]
mod serial;
mod target;
mod writer;

pub use attributes::Attribute;
pub use backend::Backend;
pub use dataset::Hdf5Dataset;
pub use file::Hdf5File;
pub use meta::DatasetInfo;
pub use options::DatasetOptions;
pub use target::Hdf5Target;
pub use writer::Hdf5Writer;

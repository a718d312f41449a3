//! `.npy` files, as numpy writes them: one array a file; and folders of them.
//!
//! - [`NpyFile`] reads regions of one, [`NpyTarget`] writes them, [`write_npy`] writes all at once.
//! - [`NpyStack`] and [`NpyStackTarget`] are for folders `0.npy`, `1.npy`, ... of pieces along one
//!   axis, as Dask's `to_npy_stack` writes and `from_npy_stack` reads them.
//!
//! Regions are read at their places in the file. numpy would map such files into memory; here a
//! file that somebody cuts short meanwhile is an error and not a signal that ends the process.

mod file;
mod header;
mod pickle;
mod stack;
mod stack_target;
mod target;

pub use file::NpyFile;
pub use stack::NpyStack;
pub use stack_target::NpyStackTarget;
pub use target::{NpyTarget, write_npy};

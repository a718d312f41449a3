//! Pictures of arrays with two axes.
//!
//! [`ImageOptions`] say how; [`Array::to_image`](crate::Array::to_image) gives a lazy [`Picture`],
//! whose result is an [`Image`], and [`Array::to_png`](crate::Array::to_png) a file. Each
//! chunk is reduced to the pixels that it touches, so that the memory is that of the picture,
//! whatever the size of the array.

mod colormap;
mod options;
mod picture;
mod pixels;
mod png_file;

pub use colormap::Colormap;
pub use options::ImageOptions;
pub use picture::{Image, Picture, PngFile};

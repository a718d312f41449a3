//! [`ImageOptions`]: how an array is drawn.

use super::colormap::Colormap;

/// How an array is drawn.
///
/// ```
/// use chunkwise_array::{Colormap, ImageOptions};
/// let options = ImageOptions::from(Colormap::RdBuReversed).range(-5.0, 5.0).fit(800, 600);
/// # let _ = options;
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct ImageOptions {
    pub(super) colormap: Colormap,
    pub(super) range: Option<(f64, f64)>,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) missing: [u8; 3],
}

impl Default for ImageOptions {
    fn default() -> ImageOptions {
        Colormap::default().into()
    }
}

impl From<Colormap> for ImageOptions {
    /// Of at most 1,024 x 1,024 pixels, from the least to the greatest of them.
    fn from(colormap: Colormap) -> ImageOptions {
        let (width, height) = (1024, 1024);
        ImageOptions { colormap, range: None, width, height, missing: [255; 3] }
    }
}

impl ImageOptions {
    /// The numbers that get the first and the last colour, instead of the least and the greatest
    /// pixel. Numbers outside get these colours too.
    #[must_use]
    pub fn range(self, least: f64, greatest: f64) -> ImageOptions {
        ImageOptions { range: Some((least, greatest)), ..self }
    }

    /// The most pixels along each side. Larger arrays are drawn smaller by a whole number: each
    /// pixel is the mean of a square of elements.
    #[must_use]
    pub fn fit(self, width: usize, height: usize) -> ImageOptions {
        ImageOptions { width: width.max(1), height: height.max(1), ..self }
    }

    /// The colour of pixels without a number: NaN. White unless told otherwise.
    #[must_use]
    pub fn missing(self, color: [u8; 3]) -> ImageOptions {
        ImageOptions { missing: color, ..self }
    }

    /// Elements along each side of the square that becomes a pixel.
    pub(super) fn elements_a_pixel(&self, rows: usize, columns: usize) -> usize {
        rows.div_ceil(self.height).max(columns.div_ceil(self.width)).max(1)
    }
}

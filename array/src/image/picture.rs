//! [`Picture`]: a picture of an array, as a collection.

use super::options::ImageOptions;
use super::pixels::{Pixels, ToPixels};
use crate::array::{Array, known_shape};
use crate::element::Real;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of, lower, simplify};
use chunkwise_graph::{BlockMap, Blockwise, Collection, Graph, Layer, Result, Tokenizer, Value};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Colours, row by row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image {
    /// Pixels along a row.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
    /// Red, green and blue of each pixel.
    pub rgb: Vec<u8>,
}

/// A picture of an array: computing it gives an [`Image`].
#[derive(Clone)]
pub struct Picture<T> {
    array: Array<T>,
    options: ImageOptions,
    /// Rows and columns of pixels.
    shape: [usize; 2],
}

/// Reduces chunks to pixels.
struct Draw<T> {
    scale: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> Operation for Draw<T> {
    fn name(&self) -> &'static str {
        "to_image"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let chunks = Arc::clone(&node.chunks);
        let kernel = ToPixels::<T> { chunks, scale: self.scale, of: PhantomData };
        let grid = node.chunks.grid();
        let blocks = Blockwise::new(grid, vec![BlockMap::Same], "to_image", kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

impl<T: Real> Array<T> {
    /// A picture of an array with two axes: rows from the top, columns from the left.
    ///
    /// An array that is larger than the picture may be is drawn smaller, each pixel the mean of a
    /// square of elements.
    ///
    /// # Complexity
    /// O(elements), in the tasks that make the chunks; memory for the pixels alone.
    #[track_caller]
    pub fn to_image(&self, options: impl Into<ImageOptions>) -> Picture<T> {
        let options = options.into();
        let mut shape = [0, 0];
        let array = Array::build("to_image", &[&self.node], |made_at| {
            let [rows, columns] = known_shape(&self.node, "to_image")?[..] else {
                let expected = "one with two axes is to be drawn";
                return Err(ArrayError::shape(expected, &self.node.chunks.extents()));
            };
            let scale = options.elements_a_pixel(rows, columns);
            shape = [rows.div_ceil(scale), columns.div_ceil(scale)];
            let token = Tokenizer::of("to_image", &(self.node.token, scale));
            let (draw, chunks) = (Draw::<T> { scale, of: PhantomData }, self.node.chunks.clone());
            Ok(Node::new(draw, [self.node.clone()], T::DTYPE, chunks, token, made_at))
        });
        Picture { array, options, shape }
    }

    /// A picture of the array in a PNG file, which appears whole or not at all when it is computed.
    ///
    /// It is an error of the task if the array has no two axes of some length, or the file cannot be
    /// written.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, Colormap};
    /// let x = Array::<f64>::linspace(0.0, 1.0, 200, 64);
    /// let y = Array::<f64>::ones([100, 1], 32);
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("ramp.png");
    /// (&y * &x).to_png(&path, Colormap::RdBuReversed).compute()?;
    /// # assert!(path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[track_caller]
    pub fn to_png(&self, path: impl AsRef<Path>, options: impl Into<ImageOptions>) -> PngFile<T> {
        PngFile { picture: self.to_image(options), path: path.as_ref().to_owned() }
    }
}

/// A picture in a file: computing it writes the file.
#[derive(Clone)]
pub struct PngFile<T> {
    picture: Picture<T>,
    path: PathBuf,
}

impl<T: Real> Collection for PngFile<T> {
    type Output = ();

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        self.picture.layers(layers);
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<()> {
        let image = self.picture.finalize(parts)?;
        image.write_png(&self.path).map_err(|error| self.picture.array.refused("to_png", error))
    }

    fn optimize(&self, graph: &mut Graph) {
        self.picture.optimize(graph);
    }
}

impl<T: Real> Collection for Picture<T> {
    type Output = Image;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(lower(&simplify(&self.array.node)));
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Image> {
        let n = self.array.node.chunks.n_chunks() as usize;
        let [height, width] = self.shape;
        let mut sums = vec![0.0; height * width];
        let mut counts = vec![0u32; height * width];
        for part in parts.take(n) {
            let pixels = part.get::<Pixels>()?;
            for row in 0..pixels.shape[0] {
                let to = (pixels.start[0] + row) * width + pixels.start[1];
                let from = row * pixels.shape[1]..(row + 1) * pixels.shape[1];
                let part = pixels.sums[from.clone()].iter().zip(&pixels.counts[from]);
                for (at, (sum, count)) in part.enumerate() {
                    sums[to + at] += sum;
                    counts[to + at] += count;
                }
            }
        }
        let means: Vec<f64> =
            sums.into_iter().zip(counts).map(|(sum, count)| sum / f64::from(count)).collect();
        Ok(Image { width, height, rgb: self.colors(&means) })
    }

    fn optimize(&self, graph: &mut Graph) {
        self.array.optimize(graph);
    }
}

impl<T: Real> Picture<T> {
    fn colors(&self, means: &[f64]) -> Vec<u8> {
        let finite = || means.iter().copied().filter(|mean| mean.is_finite());
        let of_pixels =
            || (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        let (least, greatest) = self.options.range.unwrap_or_else(of_pixels);
        let span = greatest - least;
        let color = |mean: &f64| match (mean.is_nan(), span == 0.0) {
            (true, _) => self.options.missing,
            // All alike: the colour in the middle.
            (false, true) => self.options.colormap.color(0.5),
            (false, false) => self.options.colormap.color((mean - least) / span),
        };
        means.iter().flat_map(color).collect()
    }
}

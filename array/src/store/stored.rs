//! [`Stored`]: the writing of an array, as a collection.

use super::align::aligned;
use super::target::Target;
use super::write::Store;
use crate::array::{Array, known_shape};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Failed, Node, lower, simplify};
use crate::extent::shape_text;
use crate::rechunk::rechunk;
use chunkwise_graph::{Collection, Graph, Layer, Result, Token, Value};
use chunkwise_storage::{Region, WriteRegion};
use std::sync::Arc;

/// The writing of an array to a target: computing it writes, and makes it safe on the disk.
///
/// Several of them computed together are written in one run, which computes what they share once.
#[derive(Clone)]
pub struct Stored<T: Element> {
    array: Array<T>,
    target: Target<T>,
}

impl<T: Element> Array<T> {
    /// Writes the array to a target of the same shape, when it is computed. An
    /// [`Arc`](std::sync::Arc) of a target is one too, and so can be written to several times.
    ///
    /// The array is cut along the chunks in which the target stores its elements before it is
    /// written, so that no two tasks change one stored chunk; a cut that fits is kept.
    ///
    /// # Complexity
    /// O(elements); a task a chunk, fused with what makes the chunk.
    #[track_caller]
    pub fn store(&self, target: impl WriteRegion<T>) -> Stored<T> {
        let target: Target<T> = Arc::new(target);
        let region = Region::whole(target.shape());
        self.store_region(target, region)
    }

    /// As [`Array::store`], into a region of the target, which has the shape of the array.
    #[track_caller]
    pub fn store_region(&self, target: impl WriteRegion<T>, region: Region) -> Stored<T> {
        let target: Target<T> = Arc::new(target);
        let array = Array::build("store", &[&self.node], |made_at| {
            let shape = known_shape(&self.node, "store")?;
            let place = target.shape();
            if region.counts() != shape || !region.fits(place) {
                let expected = format!(
                    "region {region} of {} of shape {} is to be written",
                    target.describe(),
                    shape_text(place)
                );
                return Err(ArrayError::shape(expected, &self.node.chunks.extents()));
            }
            let chunks = aligned(&self.node.chunks, &region, target.granularity());
            let input = rechunk(self.node.clone(), chunks, made_at);
            let cut = Arc::clone(&input.chunks);
            let store = Store { target: target.clone(), region };
            // Writing is not done twice because it was done before: each is like no other.
            Ok(Node::new(store, [input], T::DTYPE, cut, Token::unique(), made_at))
        });
        Stored { array, target }
    }
}

impl<T: Element> Collection for Stored<T> {
    type Output = ();

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(lower(&simplify(&self.array.node)));
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<()> {
        let n = self.array.node.chunks.n_chunks() as usize;
        parts.take(n).for_each(drop);
        if self.array.node.as_operation::<Failed>().is_some() {
            return Ok(());
        }
        let writer = &self.target;
        let unfinished = |source| ArrayError::storage(writer.describe(), source);
        writer.finish().map_err(|source| self.array.refused("store", unfinished(source)))
    }

    fn optimize(&self, graph: &mut Graph) {
        self.array.optimize(graph);
    }
}

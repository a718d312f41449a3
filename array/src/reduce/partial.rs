//! [`Partial`]: what is left of some chunks along the reduced axes.

use super::reducer::Reducer;
use crate::chunks::PerAxis;
use crate::error::ArrayError;
use crate::extent::shape_text;
use crate::tile::check_shape;
use chunkwise_graph::{BoxError, Codec, Data, Value};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Accumulators for the elements of some chunks: one for each position along the axes that are
/// kept; the reduced ones have length 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(serialize = "A: Serialize", deserialize = "A: DeserializeOwned"))]
pub(crate) struct Partial<A> {
    pub(crate) shape: PerAxis<usize>,
    pub(crate) accs: Vec<A>,
    /// Elements that each accumulator has taken.
    pub(crate) n: u64,
}

impl<A: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Partial<A> {
    /// Takes what the elements behind gave.
    pub(crate) fn join<R>(&mut self, other: &Partial<A>, reducer: &R) -> Result<(), ArrayError>
    where
        R: Reducer<Acc = A>,
    {
        check_shape(&other.shape, &self.shape)?;
        for (acc, other_acc) in self.accs.iter_mut().zip(&other.accs) {
            reducer.join(acc, other_acc, self.n, other.n);
        }
        self.n += other.n;
        Ok(())
    }
}

/// As [`partial_bytes`]; `None` where accumulators may own more, as those of the user may.
pub(super) fn known_partial_bytes<A>(n_kept: usize) -> Option<u64> {
    (!std::mem::needs_drop::<A>()).then(|| partial_bytes::<A>(n_kept))
}

/// Bytes of the accumulators of so many kept positions.
pub(crate) fn partial_bytes<A>(n_kept: usize) -> u64 {
    (size_of::<Partial<A>>() + n_kept.saturating_mul(size_of::<A>())) as u64
}

/// The accumulators in a value, owned.
pub(crate) fn take_partial<A>(value: &mut Value) -> Result<Partial<A>, BoxError>
where
    A: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Ok(value.take().take_or_clone()?)
}

impl<A> Data for Partial<A>
where
    A: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn nbytes(&self) -> usize {
        size_of::<Partial<A>>() + size_of_val(&self.accs[..])
    }

    fn describe(&self) -> String {
        format!("partial results {}", shape_text(&self.shape))
    }

    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let partial: &Partial<A> =
                value.downcast_ref().ok_or("it is no partial result of this type")?;
            frames.header = postcard::to_stdvec(partial)?;
            Ok(())
        },
        decode: |frames| {
            let partial: Partial<A> = postcard::from_bytes(frames.header)?;
            if partial.shape.iter().product::<usize>() != partial.accs.len() {
                return Err("partial results of another shape than they say".into());
            }
            Ok(Value::data(partial))
        },
    });
}

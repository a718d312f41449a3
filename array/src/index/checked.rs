//! [`Checked`]: work element by element that may find fault with an element.

use crate::tile::{State, Tile, TileBuf, TileOp, TileRef, shipped_op};
use chunkwise_graph::{BoxError, ShipFn, Shipment};
use chunkwise_storage::DType;
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

/// Work on tiles of any number of arrays, with parameters that serialise.
pub(super) trait TileKernel: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The type of what it makes.
    fn output(&self) -> DType;

    /// Fills the first `len` elements of `out`.
    ///
    /// # Errors
    /// What is wrong with an element.
    fn run(&self, operands: &[TileRef<'_>], len: usize, out: &mut TileBuf) -> Result<(), BoxError>;
}

/// Such work as a tile operation.
pub(super) struct Checked<K>(pub(super) K);

impl<K: TileKernel> TileOp for Checked<K> {
    fn output(&self) -> DType {
        self.0.output()
    }

    fn run(
        &self,
        tile: Tile<'_>,
        operands: &[TileRef<'_>],
        out: &mut TileBuf,
        _: &mut State,
    ) -> Result<(), BoxError> {
        self.0.run(operands, tile.len, out)
    }

    fn ship(&self) -> Result<Shipment, String> {
        struct Load<K>(PhantomData<K>);
        impl<K: TileKernel> Load<K> {
            const LOAD: &'static ShipFn =
                &ShipFn::new::<Load<K>>(|parcel| Ok(shipped_op(Checked::<K>(parcel.read()?))));
        }
        Shipment::new(Load::<K>::LOAD).with_serde(&self.0)
    }
}

//! [`Map1`], [`Map2`], [`Map3`]: functions of tiles of one, two and three arrays, with parameters.

use super::data::{TileBuf, TileRef};
use super::op::{State, Tile, TileOp, shipped_op};
use crate::element::Element;
use chunkwise_graph::{BoxError, Captureless, Kernel, LoadWith, Parcel, Shipment};
use chunkwise_storage::DType;
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;
use std::sync::Arc;

/// What goes along with a function: numbers, vectors of them, anything that serialises.
pub trait Parameter: Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<P: Serialize + DeserializeOwned + Send + Sync + 'static> Parameter for P {}

/// A function, or proof that it can be made of nothing.
pub(crate) enum Held<F> {
    Own(F),
    Made(Captureless<F>),
}

impl<F: Send + Sync + 'static> Held<F> {
    #[inline]
    pub(crate) fn get(&self) -> &F {
        match self {
            Held::Own(function) => function,
            Held::Made(function) => function.get(),
        }
    }

    pub(crate) fn captureless(&self) -> Option<Captureless<F>> {
        match self {
            Held::Own(function) => Captureless::of(function),
            Held::Made(function) => Some(*function),
        }
    }
}

macro_rules! maps {
    ($(#[$doc:meta])* $map:ident, $load:ident: $($from:ident $operand:ident $at:literal),+) => {
        $(#[$doc])*
        pub(crate) struct $map<P, $($from,)+ B, F> {
            parameters: P,
            function: Held<F>,
            /// What to say when the function captures something: it may be inside another one.
            refusal: fn() -> String,
            types: PhantomData<fn($($from),+) -> B>,
        }

        impl<P, $($from,)+ B, F> $map<P, $($from,)+ B, F>
        where
            P: Parameter,
            $($from: Element,)+
            B: Element,
            F: Fn(&P, $(&[$from],)+ &mut [B]) + Send + Sync + 'static,
        {
            /// Of a function of the operands' tiles and the tile to fill.
            pub(crate) fn new(parameters: P, function: F, refusal: fn() -> String) -> Self {
                $map { parameters, function: Held::Own(function), refusal, types: PhantomData }
            }
        }

        impl<P, $($from,)+ B, F> TileOp for $map<P, $($from,)+ B, F>
        where
            P: Parameter,
            $($from: Element,)+
            B: Element,
            F: Fn(&P, $(&[$from],)+ &mut [B]) + Send + Sync + 'static,
        {
            fn output(&self) -> DType {
                B::DTYPE
            }

            #[inline]
            fn run(
                &self,
                tile: Tile<'_>,
                operands: &[TileRef<'_>],
                out: &mut TileBuf,
                _: &mut State,
            ) -> Result<(), BoxError> {
                let out = &mut out.get::<B>()?[..tile.len];
                $(let $operand = operands[$at].get::<$from>()?;)+
                (self.function.get())(&self.parameters, $($operand,)+ out);
                Ok(())
            }

            fn ship(&self) -> Result<Shipment, String> {
                let function = self.function.captureless().ok_or_else(self.refusal)?;
                let ship_fn = function.ship_fn::<$load<P, $($from,)+ B>>();
                Shipment::new(ship_fn).with_serde(&self.parameters)
            }
        }

        /// Makes one again.
        struct $load<P, $($from,)+ B>(PhantomData<fn(P, $($from),+) -> B>);

        impl<P, $($from,)+ B, F> LoadWith<F> for $load<P, $($from,)+ B>
        where
            P: Parameter,
            $($from: Element,)+
            B: Element,
            F: Fn(&P, $(&[$from],)+ &mut [B]) + Send + Sync + 'static,
        {
            fn load(f: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
                let (parameters, function) = (parcel.read()?, Held::Made(f));
                let refusal = String::new;
                let types = PhantomData::<fn($($from),+) -> B>;
                Ok(shipped_op($map { parameters, function, refusal, types }))
            }
        }
    };
}

maps! {
    /// A function of tiles of one array.
    Map1, Load1: A a 0
}
maps! {
    /// A function of tiles of two arrays.
    Map2, Load2: A1 a1 0, A2 a2 1
}
maps! {
    /// A function of tiles of three arrays.
    Map3, Load3: A1 a1 0, A2 a2 1, A3 a3 2
}

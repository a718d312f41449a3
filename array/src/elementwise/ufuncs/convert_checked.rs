//! Conversions that fail where a value has no equal in the other type.

use super::convert::LossyCast;
use crate::array::Array;
use crate::element::Element;
use crate::elementwise::elementwise;
use crate::error::ArrayError;
use crate::tile::{State, Tile, TileBuf, TileOp, TileRef, shipped_op};
use chunkwise_graph::{BoxError, ShipFn, Shipment, Tokenizer};
use chunkwise_storage::DType;
use num_complex::Complex;
use std::marker::PhantomData;

/// A real number, the same for equal numbers of all types.
#[derive(PartialEq)]
enum Exact {
    Whole(i128),
    Other(u64),
}

/// Greater numbers that are whole are known by their bits; no integer is among them.
const WHOLE: f64 = (1u128 << 100) as f64;

impl Exact {
    fn of(x: f64) -> Exact {
        if x.is_nan() {
            Exact::Other(f64::NAN.to_bits())
        } else if x.fract() == 0.0 && x.abs() < WHOLE {
            Exact::Whole(x as i128)
        } else {
            Exact::Other(x.to_bits())
        }
    }
}

/// The real and the imaginary part of an element.
fn exact<T: Element>(x: T) -> [Exact; 2] {
    macro_rules! whole {
        ($tile:expr; $($variant:ident),+) => {
            match $tile {
                TileRef::Bool(&[x]) => [Exact::Whole(i128::from(x)), Exact::Whole(0)],
                $(TileRef::$variant(&[x]) => [Exact::Whole(i128::from(x)), Exact::Whole(0)],)+
                TileRef::F32(&[x]) => [Exact::of(f64::from(x)), Exact::Whole(0)],
                TileRef::F64(&[x]) => [Exact::of(x), Exact::Whole(0)],
                TileRef::C64(&[Complex { re, im }]) => [re, im].map(|x| Exact::of(f64::from(x))),
                TileRef::C128(&[Complex { re, im }]) => [re, im].map(Exact::of),
                _ => [Exact::Other(0), Exact::Other(0)],
            }
        };
    }
    whole!(T::tile(&[x]); I8, I16, I32, I64, U8, U16, U32, U64)
}

/// The conversion as a tile operation.
struct TryCast<T, U>(PhantomData<fn(T) -> U>);

impl<T: LossyCast<U>, U: Element> TryCast<T, U> {
    const LOAD: &'static ShipFn =
        &ShipFn::new::<TryCast<T, U>>(|_| Ok(shipped_op(TryCast::<T, U>(PhantomData))));
}

impl<T: LossyCast<U>, U: Element> TileOp for TryCast<T, U> {
    fn output(&self) -> DType {
        U::DTYPE
    }

    fn run(
        &self,
        tile: Tile<'_>,
        operands: &[TileRef<'_>],
        out: &mut TileBuf,
        _: &mut State,
    ) -> Result<(), BoxError> {
        let out = &mut out.get::<U>()?[..tile.len];
        for (out, &x) in out.iter_mut().zip(operands[0].get::<T>()?) {
            *out = x.lossy_cast();
            if exact(*out) != exact(x) {
                let (value, from, to) = (x.to_string(), T::DTYPE, U::DTYPE);
                return Err(ArrayError::Cast { value, from, to }.into());
            }
        }
        Ok(())
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::new(Self::LOAD))
    }
}

impl<T: Element> Array<T> {
    /// The same values as elements of another type.
    ///
    /// It is an error of the task if a value has no equal in that type: 300 as `u8`, 0.5 as `i64`,
    /// 0.1 as `f32` (which would round it), NaN as an integer, 2 as `bool`. The error names it.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(254i64, 257, 1, 3);
    /// let error = x.try_cast::<u8>().compute().unwrap_err();
    /// assert!(error.report().to_string().contains("256 is an i64 that no u8 equals"));
    /// assert_eq!((x - 1).try_cast::<u8>().sum().compute()?, 762);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn try_cast<U: Element>(&self) -> Array<U>
    where
        T: LossyCast<U>,
    {
        Array::build("try_cast", &[&self.node], |made_at| {
            let token = Tokenizer::of("try_cast", &());
            let op = TryCast::<T, U>(PhantomData);
            elementwise("try_cast", op, std::slice::from_ref(&self.node), token, made_at)
        })
    }
}

//! `fft` and its kin.

use super::kind::{FftFloat, Signal};
use super::node::transformed;
use super::options::{FftNorm, FftOptions, FftnOptions};
use super::pass::{Half, Pass};
use crate::array::{Array, Built};
use crate::axes::find_axis;
use crate::axis_chunks::AxisChunks;
use crate::chunks::PerAxis;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::rechunk::rechunk;
use std::panic::Location;
use std::sync::Arc;

/// Which transform.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    is_inverse: bool,
    /// Of the last axis.
    half: Half,
    conjugates: bool,
}

const fn kind(name: &'static str, is_inverse: bool, half: Half) -> Kind {
    Kind { name, is_inverse, half, conjugates: false }
}

impl Kind {
    fn pass(&self, axis: usize, len: usize, half: Half, norm: FftNorm) -> Pass {
        let scale = norm.scale(len, self.is_inverse);
        let conjugate_in = self.conjugates && half == Half::In;
        let conjugate_out = self.conjugates && half == Half::Out;
        let is_inverse = self.is_inverse;
        Pass { axis, len, is_inverse, half, conjugate_in, conjugate_out, scale }
    }

    /// How many elements are transformed along an axis of so many.
    fn default_len(&self, len: usize, half: Half) -> usize {
        match half {
            Half::In => 2 * len.saturating_sub(1),
            _ => len,
        }
    }
}

/// Axes and lengths that are asked for.
struct Asked {
    axes: PerAxis<usize>,
    lens: Option<Vec<usize>>,
    norm: FftNorm,
}

fn build<I, O>(
    kind: Kind,
    input: &Arc<Node>,
    asked: Result<Asked, ArrayError>,
    made_at: &'static Location<'static>,
) -> Built
where
    I: Signal,
    O: Signal<Part = I::Part>,
{
    let Asked { axes, lens, norm } = asked?;
    let mut chunks = (*input.chunks).clone();
    let mut passes: PerAxis<Pass> = PerAxis::new();
    for (at, &axis) in axes.iter().enumerate() {
        let own = &input.chunks.axes()[axis];
        let len = own.len().ok_or(ArrayError::Deferred { operation: kind.name, axis })?;
        let half = if at + 1 == axes.len() { kind.half } else { Half::Neither };
        let wanted = lens.as_ref().map_or_else(|| kind.default_len(len, half), |lens| lens[at]);
        if wanted == 0 {
            return Err(ArrayError::Argument {
                name: "len",
                why: format!("{} of no elements along axis {axis}", kind.name),
            });
        }
        if own.n_chunks() > 1 {
            chunks = chunks.with_axis(axis, AxisChunks::whole(len));
        }
        passes.push(kind.pass(axis, wanted, half, norm));
    }
    // Real numbers are what comes in, or what comes out.
    if kind.half == Half::Out {
        passes.reverse();
    }
    let cut = *input.chunks != chunks;
    let deferred = input.chunks.axes().iter().position(|axis| axis.len().is_none());
    if let (true, Some(axis)) = (cut, deferred) {
        return Err(ArrayError::Deferred { operation: kind.name, axis });
    }
    match passes.is_empty() {
        true => Err(ArrayError::Argument { name: "axes", why: "there are none".to_owned() }),
        false => {
            let input = rechunk(Arc::clone(input), chunks, made_at);
            Ok(transformed::<I, O>(kind.name, input, passes, made_at))
        }
    }
}

fn one_axis(options: &FftOptions, ndim: usize) -> Result<Asked, ArrayError> {
    let axes = smallvec::smallvec![find_axis(options.axis, ndim)?];
    Ok(Asked { axes, lens: options.len.map(|len| vec![len]), norm: options.norm })
}

fn several_axes(options: &FftnOptions, ndim: usize) -> Result<Asked, ArrayError> {
    let n = options.lens.as_ref().map_or(ndim, Vec::len);
    let axes: PerAxis<usize> = match &options.axes {
        Some(axes) => axes.iter().map(|&axis| find_axis(axis, ndim)).collect::<Result<_, _>>()?,
        None if n <= ndim => (ndim - n..ndim).collect(),
        None => {
            let why = format!("{n} lengths for an array with {ndim} axes");
            return Err(ArrayError::Argument { name: "lens", why });
        }
    };
    if let Some(lens) = &options.lens
        && lens.len() != axes.len()
    {
        let why = format!("{} lengths for {} axes", lens.len(), axes.len());
        return Err(ArrayError::Argument { name: "lens", why });
    }
    Ok(Asked { axes, lens: options.lens.clone(), norm: options.norm })
}

/// The last two axes.
fn last_two() -> FftnOptions {
    FftnOptions { axes: Some(vec![-2, -1]), ..FftnOptions::default() }
}

macro_rules! along_one {
    ($(#[$doc:meta])* $name:ident, $(#[$with_doc:meta])* $with:ident, $kind:expr, $bound:ident,
     $in:ty, $out:ty) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name<T: $bound>(x: &Array<$in>) -> Array<$out> {
            $with(x, FftOptions::default())
        }

        $(#[$with_doc])*
        #[track_caller]
        pub fn $with<T: $bound>(x: &Array<$in>, options: FftOptions) -> Array<$out> {
            let kind: Kind = $kind;
            Array::build(kind.name, &[&x.node], |made_at| {
                let options = match kind.conjugates {
                    true => FftOptions { norm: options.norm.swapped(), ..options },
                    false => options,
                };
                build::<$in, $out>(kind, &x.node, one_axis(&options, x.ndim()), made_at)
            })
        }
    };
}

along_one!(
    /// The discrete Fourier transform along the last axis: complex numbers of the same shape.
    ///
    /// An axis that is cut is made one chunk first.
    ///
    /// # Complexity
    /// O(elements x logarithm of the length) time; a task for each chunk, which holds it twice.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, fft};
    /// let x = Array::from_ndarray(&ndarray::arr1(&[1.0, 0.0, 0.0, 0.0]).into_dyn(), 2);
    /// let ones = Array::<f64>::ones(4, 4).map(num_complex::Complex::from);
    /// assert_eq!(fft::fft(&x).compute()?, ones.compute()?);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    fft,
    /// As [`fft`], of a length, along an axis, with a scale. It is an error if the length is 0.
    fft_with, kind("fft", false, Half::Neither), Signal, T, T::Complex
);
along_one!(
    /// The inverse of [`fft`](fn@fft), along the last axis.
    ifft,
    /// As [`ifft`], of a length, along an axis, with a scale.
    ifft_with, kind("ifft", true, Half::Neither), Signal, T, T::Complex
);
along_one!(
    /// The first half of the transform of real numbers, along the last axis: of n numbers, n / 2 + 1;
    /// the others are their conjugates.
    rfft,
    /// As [`rfft`], of a length, along an axis, with a scale.
    rfft_with, kind("rfft", false, Half::Out), FftFloat, T, T::Complex
);
along_one!(
    /// The inverse of [`rfft`], along the last axis: of n numbers, 2 (n - 1) real ones. For an odd
    /// number of them say the length.
    irfft,
    /// As [`irfft`], of a length of the result, along an axis, with a scale.
    irfft_with, kind("irfft", true, Half::In), FftFloat, T::Complex, T
);
along_one!(
    /// The transform, which is real, of numbers of which the first half is given, as the others are
    /// their conjugates; along the last axis: of n numbers, 2 (n - 1).
    hfft,
    /// As [`hfft`], of a length of the result, along an axis, with a scale.
    hfft_with,
    Kind { name: "hfft", is_inverse: true, half: Half::In, conjugates: true },
    FftFloat, T::Complex, T
);
along_one!(
    /// The inverse of [`hfft`], along the last axis.
    ihfft,
    /// As [`ihfft`], of a length, along an axis, with a scale.
    ihfft_with,
    Kind { name: "ihfft", is_inverse: false, half: Half::Out, conjugates: true },
    FftFloat, T, T::Complex
);

macro_rules! along_several {
    ($(#[$doc:meta])* $name:ident, $(#[$two_doc:meta])* $two:ident,
     $(#[$with_doc:meta])* $with:ident, $kind:expr, $bound:ident, $in:ty, $out:ty) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name<T: $bound>(x: &Array<$in>) -> Array<$out> {
            $with(x, &FftnOptions::default())
        }

        $(#[$two_doc])*
        #[track_caller]
        pub fn $two<T: $bound>(x: &Array<$in>) -> Array<$out> {
            $with(x, &last_two())
        }

        $(#[$with_doc])*
        #[track_caller]
        pub fn $with<T: $bound>(x: &Array<$in>, options: &FftnOptions) -> Array<$out> {
            let kind: Kind = $kind;
            Array::build(kind.name, &[&x.node], |made_at| {
                build::<$in, $out>(kind, &x.node, several_axes(options, x.ndim()), made_at)
            })
        }
    };
}

along_several!(
    /// The transform along all axes, which are made one chunk each.
    ///
    /// # Complexity
    /// As [`fft`](fn@fft), once for each axis; a task holds a chunk three times.
    fftn,
    /// The transform along the last two axes.
    fft2,
    /// The transform along some axes, of lengths, with a scale. An axis may be given twice.
    fftn_with, kind("fftn", false, Half::Neither), Signal, T, T::Complex
);
along_several!(
    /// The inverse of [`fftn`].
    ifftn,
    /// The inverse of [`fft2`].
    ifft2,
    /// The inverse of [`fftn_with`].
    ifftn_with, kind("ifftn", true, Half::Neither), Signal, T, T::Complex
);
along_several!(
    /// The transform of real numbers along all axes; of the last one, the first half.
    rfftn,
    /// The transform of real numbers along the last two axes; of the last one, the first half.
    rfft2,
    /// The transform of real numbers along some axes, of lengths, with a scale; of the last of them,
    /// the first half.
    rfftn_with, kind("rfftn", false, Half::Out), FftFloat, T, T::Complex
);
along_several!(
    /// The inverse of [`rfftn`].
    irfftn,
    /// The inverse of [`rfft2`].
    irfft2,
    /// The inverse of [`rfftn_with`]; lengths are those of the result.
    irfftn_with, kind("irfftn", true, Half::In), FftFloat, T::Complex, T
);

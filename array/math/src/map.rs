//! The loops over slices, compiled for each level of instructions.

use fearless_simd::{Level, dispatch};

/// Elements after which outliers are looked for. Has no influence on results.
const BLOCK: usize = 256;

/// A function of one number: branch-free and quick for all arguments but a few outliers.
///
/// All arithmetic is that of IEEE operations, each rounded once, and fused only where `mul_add` says
/// so. A result is then the same whether it comes from a vector of eight, from the scalar tail, or
/// from another processor.
pub(crate) trait Unary<T: Copy> {
    /// The value at `x`; anything (but no panic) if `x` is an outlier.
    fn fast(x: T) -> T;

    /// Whether `fast` does not hold for `x`.
    #[inline(always)]
    fn outlier(_: T) -> bool {
        false
    }

    /// The value at an outlier.
    fn slow(x: T) -> T {
        x
    }
}

/// A function of two numbers; see [`Unary`].
pub(crate) trait Binary<T: Copy> {
    /// The value at `(x, y)`; anything (but no panic) at outliers.
    fn fast(x: T, y: T) -> T;

    /// Whether `fast` does not hold for `(x, y)`.
    #[inline(always)]
    fn outlier(_: T, _: T) -> bool {
        false
    }

    /// The value at an outlier.
    fn slow(x: T, _: T) -> T {
        x
    }
}

/// The same function for `f32`, computed in `f64` and rounded once more.
pub(crate) struct Widened<F>(F);

impl<F: Unary<f64>> Unary<f32> for Widened<F> {
    #[inline(always)]
    fn fast(x: f32) -> f32 {
        F::fast(f64::from(x)) as f32
    }

    #[inline(always)]
    fn outlier(x: f32) -> bool {
        F::outlier(f64::from(x))
    }

    fn slow(x: f32) -> f32 {
        F::slow(f64::from(x)) as f32
    }
}

impl<F: Binary<f64>> Binary<f32> for Widened<F> {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        F::fast(f64::from(x), f64::from(y)) as f32
    }

    #[inline(always)]
    fn outlier(x: f32, y: f32) -> bool {
        F::outlier(f64::from(x), f64::from(y))
    }

    fn slow(x: f32, y: f32) -> f32 {
        F::slow(f64::from(x), f64::from(y)) as f32
    }
}

/// `out[i] = F(x[i])`.
pub(crate) fn unary<T: Copy, F: Unary<T>>(x: &[T], out: &mut [T]) {
    assert_eq!(x.len(), out.len(), "as many results as arguments");
    dispatch!(Level::new(), _ => unary_blocks::<T, F>(x, out));
}

/// `out[i] = F(x[i], y[i])`.
pub(crate) fn binary<T: Copy, F: Binary<T>>(x: &[T], y: &[T], out: &mut [T]) {
    assert_eq!(x.len(), y.len(), "as many second arguments as first ones");
    assert_eq!(x.len(), out.len(), "as many results as arguments");
    dispatch!(Level::new(), _ => binary_blocks::<T, F>(x, y, out));
}

/// `out[i] = F(x[i], y)`.
pub(crate) fn binary_with_constant<T: Copy, F: Binary<T>>(x: &[T], y: T, out: &mut [T]) {
    assert_eq!(x.len(), out.len(), "as many results as arguments");
    for (x, out) in x.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        binary::<T, F>(x, &[y; BLOCK][..x.len()], out);
    }
}

#[inline(always)]
fn unary_blocks<T: Copy, F: Unary<T>>(x: &[T], out: &mut [T]) {
    for (x, out) in x.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        let mut outliers = false;
        for (x, out) in x.iter().zip(out.iter_mut()) {
            let x = *x;
            *out = F::fast(x);
            outliers |= F::outlier(x);
        }
        if outliers {
            unary_outliers::<T, F>(x, out);
        }
    }
}

#[inline(always)]
fn binary_blocks<T: Copy, F: Binary<T>>(x: &[T], y: &[T], out: &mut [T]) {
    let x_y = x.chunks(BLOCK).zip(y.chunks(BLOCK));
    for ((x, y), out) in x_y.zip(out.chunks_mut(BLOCK)) {
        let mut outliers = false;
        for ((x, y), out) in x.iter().zip(y).zip(out.iter_mut()) {
            let (x, y) = (*x, *y);
            *out = F::fast(x, y);
            outliers |= F::outlier(x, y);
        }
        if outliers {
            binary_outliers::<T, F>(x, y, out);
        }
    }
}

#[cold]
#[inline(never)]
fn unary_outliers<T: Copy, F: Unary<T>>(x: &[T], out: &mut [T]) {
    for (x, out) in x.iter().zip(out) {
        if F::outlier(*x) {
            *out = F::slow(*x);
        }
    }
}

#[cold]
#[inline(never)]
fn binary_outliers<T: Copy, F: Binary<T>>(x: &[T], y: &[T], out: &mut [T]) {
    for ((x, y), out) in x.iter().zip(y).zip(out) {
        if F::outlier(*x, *y) {
            *out = F::slow(*x, *y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{arc, arc_hyperbolic, atan, erf, exp, hyperbolic, log, pow, roots, trig};

    /// Fails if the loop compiled for the least processor gives other bits than that for this one.
    fn same_on_the_baseline<F: Unary<f64>>() {
        let x: Vec<f64> = (0..1000).map(|i| f64::from(i - 300) * 0.0374).collect();
        let mut here = vec![0.0; x.len()];
        unary::<f64, F>(&x, &mut here);
        let mut baseline = vec![0.0; x.len()];
        unary_blocks::<f64, F>(&x, &mut baseline);
        let bits =
            |x: &[f64]| x.iter().filter(|x| !x.is_nan()).map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&here), bits(&baseline));
    }

    #[test]
    fn results_do_not_depend_on_the_processor() {
        macro_rules! all {
            ($($F:ty)*) => { $(same_on_the_baseline::<$F>();)* };
        }
        all! {
            trig::Sin trig::Cos trig::Tan arc::Asin arc::Acos atan::Atan
            hyperbolic::Sinh hyperbolic::Cosh hyperbolic::Tanh
            arc_hyperbolic::Asinh arc_hyperbolic::Acosh arc_hyperbolic::Atanh
            exp::Exp exp::Exp2 exp::ExpM1 log::Ln log::Log2 log::Log10 log::Ln1p
            roots::Cbrt erf::Erf erf::Erfc
        }
        let x: Vec<f64> = (1..1000).map(|i| f64::from(i) * 0.0374).collect();
        let mut here = vec![0.0; x.len()];
        binary::<f64, pow::Pow>(&x, &x, &mut here);
        let mut baseline = vec![0.0; x.len()];
        binary_blocks::<f64, pow::Pow>(&x, &x, &mut baseline);
        assert_eq!(here, baseline);
    }
}

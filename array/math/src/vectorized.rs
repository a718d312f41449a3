//! Loops of others, compiled for each level of instructions.

use fearless_simd::{Level, dispatch};

/// What `f` gives, compiled for the widest vectors that the processor has.
///
/// For loops that this crate does not have: mark `f`, and what it calls, `#[inline(always)]`. What
/// is not inlined runs as it was compiled.
///
/// ```
/// let (x, mut out) = ([1u8, 2, 255], [0.0f32; 3]);
/// chunkwise_array_math::vectorized(
///     #[inline(always)]
///     || out.iter_mut().zip(&x).for_each(|(out, &x)| *out = f32::from(x)),
/// );
/// assert_eq!(out, [1.0, 2.0, 255.0]);
/// ```
#[inline(always)]
pub fn vectorized<R>(f: impl FnOnce() -> R) -> R {
    dispatch!(Level::new(), _ => f())
}

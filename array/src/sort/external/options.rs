//! [`SortOptions`]: by which tasks an array is sorted.

use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use chunkwise_graph::Run;

/// By which tasks an array is sorted. The elements are the same, to the bit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum SortMethod {
    /// As [`SortMethod::Tasks`], unless the expression is built under a memory limit, half of which
    /// has no room for four times the elements that one task would take: then it is
    /// [`SortMethod::Exchange`].
    #[default]
    Auto,
    /// A task takes all chunks along the axis, which becomes one chunk.
    Tasks,
    /// Chunks are sorted, put away in bytes that may leave memory, and merged into chunks cut as
    /// the axis was: for axes much larger than memory. Axes in one chunk and deferred lengths stay
    /// with [`SortMethod::Tasks`].
    Exchange,
}

/// How an array is sorted; see [`Array::sort_with`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct SortOptions {
    /// By which tasks.
    pub method: SortMethod,
}

/// The elements, the elements put together, what sorting needs, the result.
const COPIES_IN_A_TASK: u64 = 4;

impl SortOptions {
    /// By what the memory limit says, if there is one.
    pub const DEFAULT: SortOptions = SortOptions { method: SortMethod::Auto };

    /// The same, by these tasks.
    #[must_use]
    pub const fn method(self, method: SortMethod) -> SortOptions {
        SortOptions { method }
    }

    /// The axis, if an array is sorted along it by the exchange.
    pub(super) fn exchanged_axis<T: Real>(self, x: &Array<T>, axes: &Axes) -> Option<usize> {
        let shape = x.checked().ok()?.chunks().shape()?;
        let axis = axes.one(x.ndim()).ok()?;
        let others = x.chunks().axes().iter().enumerate().filter(|(at, _)| *at != axis);
        let n_lanes = others.filter_map(|(_, cut)| cut.largest()).product::<usize>();
        let is_cut = x.chunks().axes()[axis].n_chunks() > 1;
        (is_cut && self.is_exchanged::<T>(n_lanes.saturating_mul(shape[axis]))).then_some(axis)
    }

    /// Whether all elements of an array are sorted by the exchange.
    pub(super) fn is_flat_exchanged<T: Real>(self, x: &Array<T>) -> bool {
        let n_elements = x.checked().ok().and_then(Array::n_elements);
        x.n_chunks() > 1 && n_elements.is_some_and(|n| self.is_exchanged::<T>(n))
    }

    /// Of so many elements that one task would take.
    fn is_exchanged<T: Real>(self, n_elements: usize) -> bool {
        match self.method {
            SortMethod::Tasks => false,
            SortMethod::Exchange => true,
            SortMethod::Auto => Run::current().budget().is_some_and(|budget| {
                let bytes = (n_elements as u64).saturating_mul(size_of::<T>() as u64);
                bytes.saturating_mul(COPIES_IN_A_TASK) > budget.limit() / 2
            }),
        }
    }
}

//! [`Pass`]: the transform of a chunk along one axis.

use super::kind::Signal;
use crate::element::{Float, Number};
use num_complex::Complex;
use rustfft::FftDirection;
use serde::{Deserialize, Serialize};

/// How lanes become what is transformed, and what becomes of the result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Half {
    /// Whole lanes in, whole lanes out.
    Neither,
    /// Of the result, the first `len / 2 + 1` elements: the others are their conjugates.
    Out,
    /// Lanes of `len / 2 + 1` elements in, whose conjugates are the others.
    In,
}

/// The transform along one axis.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Pass {
    pub(super) axis: usize,
    /// Elements that are transformed.
    pub(super) len: usize,
    pub(super) is_inverse: bool,
    pub(super) half: Half,
    /// Whether lanes are conjugated before or after.
    pub(super) conjugate_in: bool,
    pub(super) conjugate_out: bool,
    pub(super) scale: f64,
}

/// Lanes that are transformed together, where neighbours of one axis lie apart: a cache line of
/// each, or more, is read at a time.
const LANES: usize = 16;

/// Whether a length is a product of small primes.
fn is_smooth(mut len: usize) -> bool {
    for prime in [2, 3, 5, 7, 11, 13] {
        while len > 1 && len.is_multiple_of(prime) {
            len /= prime;
        }
    }
    len <= 1
}

impl Pass {
    /// Elements of a lane of the result.
    pub(super) fn len_out(&self) -> usize {
        match self.half {
            Half::Out => self.len / 2 + 1,
            _ => self.len,
        }
    }

    /// Bytes of the lanes that are worked on, of a chunk of this shape, and of what their transform
    /// needs besides: the plan, which the thread keeps, and a copy or two. Lengths with other prime
    /// factors than small ones become transforms of greater lengths.
    pub(super) fn scratch_bytes(&self, shape: &[usize], part_bytes: usize) -> usize {
        let n_lanes = shape[self.axis + 1..].iter().product::<usize>().min(LANES);
        let lens_of_plan = if is_smooth(self.len) { 4 } else { 12 };
        (n_lanes + lens_of_plan) * (self.len + 64) * 2 * part_bytes
    }

    /// Transforms a chunk that lies row by row into another one.
    pub(super) fn run<I, O>(&self, from: &[I], shape: &[usize], to: &mut [O])
    where
        I: Signal,
        O: Signal<Part = I::Part>,
    {
        let (len_in, len_out) = (shape[self.axis], self.len_out());
        let inner: usize = shape[self.axis + 1..].iter().product();
        let outer: usize = shape[..self.axis].iter().product();
        if inner == 0 || outer == 0 {
            return;
        }
        let direction = if self.is_inverse { FftDirection::Inverse } else { FftDirection::Forward };
        let plan = <I::Part as super::kind::sealed::Planned>::plan(self.len, direction);
        let zero = Complex::new(I::Part::ZERO, I::Part::ZERO);
        let mut lanes = vec![zero; self.len * LANES.min(inner)];
        let mut scratch = vec![zero; plan.get_inplace_scratch_len()];
        for outer in 0..outer {
            let (from, to) = (&from[outer * len_in * inner..], &mut to[outer * len_out * inner..]);
            for start in (0..inner).step_by(LANES) {
                let n = LANES.min(inner - start);
                let lanes = &mut lanes[..n * self.len];
                self.load(from, (len_in, inner), start, lanes, n);
                plan.process_with_scratch(lanes, &mut scratch);
                self.store(lanes, n, to, inner, start);
            }
        }
    }

    /// Copies neighbouring lanes to where they are transformed.
    fn load<I: Signal>(
        &self,
        from: &[I],
        (len_in, inner): (usize, usize),
        start: usize,
        lanes: &mut [Complex<I::Part>],
        n: usize,
    ) {
        let len = self.len;
        let whole = if self.half == Half::In { len / 2 + 1 } else { len };
        let conjugate = |x: Complex<I::Part>| Complex::new(x.re, x.im.negated());
        for at in 0..whole {
            let row = (at < len_in).then(|| &from[at * inner + start..][..n]);
            for lane in 0..n {
                let x =
                    row.map_or(Complex::new(I::Part::ZERO, I::Part::ZERO), |r| r[lane].complex());
                lanes[lane * len + at] = if self.conjugate_in { conjugate(x) } else { x };
            }
        }
        if self.half == Half::In {
            for lane in lanes.chunks_exact_mut(len) {
                // What stands for itself is real.
                lane[0].im = I::Part::ZERO;
                if len.is_multiple_of(2) {
                    lane[len / 2].im = I::Part::ZERO;
                }
                for at in whole..len {
                    lane[at] = conjugate(lane[len - at]);
                }
            }
        }
    }

    /// Copies transformed lanes to their places.
    fn store<O: Signal>(
        &self,
        lanes: &[Complex<O::Part>],
        n: usize,
        to: &mut [O],
        inner: usize,
        start: usize,
    ) {
        let scale = O::Part::of_f64(self.scale);
        for at in 0..self.len_out() {
            let row = &mut to[at * inner + start..][..n];
            for (lane, to) in row.iter_mut().enumerate() {
                let x = lanes[lane * self.len + at];
                let im = if self.conjugate_out { x.im.negated() } else { x.im };
                *to = O::of_complex(Complex::new(x.re.times(scale), im.times(scale)));
            }
        }
    }
}

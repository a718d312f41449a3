//! Interpolation in a table.

use crate::array::Array;
use crate::element::{Bits, Real};
use crate::elementwise::unary_with;
use crate::error::ArrayError;
use chunkwise_graph::{Tokenize, Tokenizer};
use serde::{Deserialize, Serialize};

/// A function that is known at some places, straight in between.
#[derive(Clone, Serialize, Deserialize)]
struct Table {
    xs: Vec<f64>,
    ys: Vec<f64>,
    left: f64,
    right: f64,
}

impl Tokenize for Table {
    fn tokenize(&self, hash: &mut Tokenizer) {
        let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        (bits(&self.xs), bits(&self.ys), Bits(self.left), Bits(self.right)).tokenize(hash);
    }
}

impl Table {
    fn at(&self, x: f64) -> f64 {
        let (xs, ys) = (&self.xs, &self.ys);
        let last = xs.len() - 1;
        if x.is_nan() {
            return x;
        }
        let Some(before) = xs.partition_point(|&at| at <= x).checked_sub(1) else {
            return self.left;
        };
        if before == last {
            return if x > xs[last] { self.right } else { ys[last] };
        }
        if x == xs[before] {
            return ys[before];
        }
        let slope = (ys[before + 1] - ys[before]) / (xs[before + 1] - xs[before]);
        // From the other side where infinities cancel out on this one, as NumPy does.
        let from_left = slope * (x - xs[before]) + ys[before];
        if !from_left.is_nan() {
            return from_left;
        }
        let from_right = slope * (x - xs[before + 1]) + ys[before + 1];
        if from_right.is_nan() && ys[before] == ys[before + 1] { ys[before] } else { from_right }
    }
}

impl<T: Real> Array<T> {
    /// The function that has the values `ys` at the places `xs`, straight in between, at each
    /// element: `numpy.interp(x, xs, ys)`. Beyond the ends it has the values at the ends.
    ///
    /// It is an error if there are no places, if they do not increase, or if there are not as many
    /// values. The table goes along with the layer, not with each task.
    ///
    /// # Complexity
    /// O(log places) an element.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 4, 1, 2).interp(&[1.0, 3.0], &[10.0, 20.0]);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[10.0, 10.0, 15.0, 20.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn interp(&self, xs: &[f64], ys: &[f64]) -> Array<f64> {
        let (left, right) = (ys.first().copied(), ys.last().copied());
        self.interp_with(xs, ys, left.unwrap_or(f64::NAN), right.unwrap_or(f64::NAN))
    }

    /// As [`Array::interp`], with values of their own beyond the ends.
    #[track_caller]
    pub fn interp_with(&self, xs: &[f64], ys: &[f64], left: f64, right: f64) -> Array<f64> {
        if let Err(error) = check(xs, ys) {
            return Array::build("interp", &[&self.node], |_| Err(error));
        }
        let table = Table { xs: xs.into(), ys: ys.into(), left, right };
        unary_with("interp", self, table, |table: &Table, x: T| table.at(x.to_f64()))
    }
}

fn check(xs: &[f64], ys: &[f64]) -> Result<(), ArrayError> {
    let argument = |name, why| Err(ArrayError::Argument { name, why });
    if xs.is_empty() {
        return argument("xs", "a table without places".to_owned());
    }
    if xs.len() != ys.len() {
        return argument("ys", format!("{} values at {} places", ys.len(), xs.len()));
    }
    let is_ordered = |pair: &[f64]| pair[0] < pair[1];
    match xs.windows(2).position(|pair| !is_ordered(pair)) {
        Some(at) => {
            argument("xs", format!("{} is followed by {}, which is not above", xs[at], xs[at + 1]))
        }
        None => Ok(()),
    }
}

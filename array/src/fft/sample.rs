//! `fftfreq` and `rfftfreq`: what the elements of a transform stand for.

use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::create::{Generator, generated, ship_generator};
use crate::error::ArrayError;
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use serde::{Deserialize, Serialize};

/// The frequencies of the elements of [`fft`](super::fft()): `n` of them, for samples at a distance of
/// `spacing`.
///
/// From 0 up; then, from the middle on, the negative ones. It is an error if `n` is 0.
///
/// ```
/// use chunkwise_array::{CollectionExt, fft};
/// let x = fft::fftfreq(5, 0.5, "auto").compute()?;
/// assert_eq!(x, ndarray::arr1(&[0.0, 0.4, 0.8, -0.8, -0.4]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn fftfreq(n: usize, spacing: f64, chunks: impl Into<ChunkSpec>) -> Array<f64> {
    let chunks = chunks.into();
    frequencies("fftfreq", Frequencies { n, spacing, first_negative: n.div_ceil(2) }, n, chunks)
}

/// The frequencies of the elements of [`rfft`](super::rfft): of `n` samples, n / 2 + 1.
///
/// It is an error if `n` is 0.
#[track_caller]
pub fn rfftfreq(n: usize, spacing: f64, chunks: impl Into<ChunkSpec>) -> Array<f64> {
    let of_half = Frequencies { n, spacing, first_negative: n / 2 + 1 };
    frequencies("rfftfreq", of_half, n / 2 + 1, chunks.into())
}

#[track_caller]
fn frequencies(
    name: &'static str,
    frequencies: Frequencies,
    len: usize,
    spec: ChunkSpec,
) -> Array<f64> {
    Array::build(name, &[], |made_at| {
        if frequencies.n == 0 {
            return Err(ArrayError::Argument { name: "n", why: "0 samples".to_owned() });
        }
        let chunks = spec.resolve(&[len], size_of::<f64>())?;
        let token = Tokenizer::of(name, &(frequencies.n as u64, frequencies.spacing, &chunks));
        Ok(generated::<f64>(name, frequencies, chunks, token, made_at))
    })
}

#[derive(Clone, Serialize, Deserialize)]
struct Frequencies {
    n: usize,
    spacing: f64,
    first_negative: usize,
}

impl Generator<f64> for Frequencies {
    fn row(&self, at: &[usize], step: usize, out: &mut [f64]) {
        let first = at.first().copied().unwrap_or(0);
        // As NumPy rounds it.
        let unit = 1.0 / (self.n as f64 * self.spacing);
        for (i, out) in out.iter_mut().enumerate() {
            let position = first + i * step;
            let number = match position < self.first_negative {
                true => position as f64,
                false => position as f64 - self.n as f64,
            };
            *out = number * unit;
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<f64, _>(self, part)
    }
}

use super::{in_memory, matrix, survey, turned, vector};
use chunkwise_array::fft::{self, FftOptions};
use chunkwise_array::random::{self, Seed};

#[test]
fn transforms() {
    let (x, y) = (matrix(), turned());
    let odd = in_memory(&random::normal(0.0, 1.0, [6, 10_007], Seed(3)).chunks(-1), [3, 10_007]);
    survey! {
        "fft": fft::fft(&chunkwise_array::to_complex(&x, &x));
        "rfft": fft::rfft(&x);
        "rfft of columns": fft::rfft_with(&y, FftOptions { axis: 0, ..FftOptions::default() });
        "rfft of a prime": fft::rfft(&odd);
        "irfft": fft::irfft::<f64>(&fft::rfft(&x));
        "rfft2": fft::rfft2(&x);
        "fftfreq": fft::fftfreq(96_000, 1.0, 32_000);
        "fftshift": fft::fftshift(&x, 0);
        "rfft of a vector": fft::rfft(&vector());
    }
}

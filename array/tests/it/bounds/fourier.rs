use super::{in_memory, matrix, survey, turned, vector};
use chunkwise_array::fft::{self, FftOptions};
use chunkwise_array::random::{self, Seed};
use chunkwise_array::to_complex;

#[test]
fn transforms() {
    let (x, y) = (matrix(), turned());
    survey! {
        within 2.2 times:
        "fft": fft::fft(&chunkwise_array::to_complex(&x, &x));
        "rfft": fft::rfft(&x);
        "rfft of columns": fft::rfft_with(&y, FftOptions { axis: 0, ..FftOptions::default() });
        "irfft": fft::irfft::<f64>(&fft::rfft(&x));
        "rfft2": fft::rfft2(&x);
        "fftfreq": fft::fftfreq(96_000, 1.0, 32_000);
        "fftshift": fft::fftshift(&x, 0);
    }
}

/// Plans are larger for lengths with large prime factors, and are made by the first task of a
/// thread.
#[test]
fn transforms_on_a_new_thread() {
    let mut survey = super::Survey::default();
    for len in [8_192, 6_561, 10_000, 15_015, 16_384, 9_973, 9_998, 10_403, 12_007] {
        let x = in_memory(&random::normal(0.0, 1.0, [6, len], Seed(3)).chunks(-1), [3, len]);
        survey.look_cold(&format!("rfft of {len}"), 4.0, &fft::rfft(&x));
        let complex = fft::fft(&to_complex(&x, &x));
        survey.look_cold(&format!("fft of {len}"), 4.0, &complex);
        let along = FftOptions { axis: 0, ..FftOptions::default() };
        survey.look_cold(&format!("rfft along {len}"), 4.0, &fft::rfft_with(&x.t(), along));
    }
    survey.look_cold("rfft of a vector", 4.0, &fft::rfft(&vector()));
    survey.finish();
}

use super::{matrix, survey, vector};
use chunkwise_array::{Boundary, ConvolveMode};

#[test]
fn neighbours() {
    let (x, v) = (matrix(), vector());
    survey! {
        "overlap": x.overlap(3, Boundary::Reflect);
        "overlap, nothing around": x.overlap(3, Boundary::Nothing);
        "sliding_window_view": v.slice(chunkwise_array::s![..20_000]).sliding_window_view(8, 0);
        "convolve": v.convolve(&[1.0, 2.0, 3.0], ConvolveMode::Same);
        "convolve, long": v.convolve(&ndarray::Array1::ones(3_000), ConvolveMode::Full);
        "correlate": v.correlate(&[1.0, 2.0, 3.0], ConvolveMode::Valid);
    }
}

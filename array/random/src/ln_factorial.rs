//! Logarithms of factorials.

const FACTORIALS: [f64; 16] = [
    1.0,
    1.0,
    2.0,
    6.0,
    24.0,
    120.0,
    720.0,
    5_040.0,
    40_320.0,
    362_880.0,
    3_628_800.0,
    39_916_800.0,
    479_001_600.0,
    6_227_020_800.0,
    87_178_291_200.0,
    1_307_674_368_000.0,
];

/// `ln(n!)`; from 16 on by Stirling's series.
pub(crate) fn ln_factorial(n: f64) -> f64 {
    match FACTORIALS.get(n as usize) {
        Some(factorial) => factorial.ln(),
        None => n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + correction(n),
    }
}

/// What Stirling's formula leaves out of `ln(n!)`, for `n` of 16 and more.
pub(crate) fn correction(n: f64) -> f64 {
    let inverse = 1.0 / n;
    let square = inverse * inverse;
    inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sum_of_logarithms() {
        let mut sum = 0.0;
        for n in 1..1_000 {
            sum += f64::from(n).ln();
            assert!((ln_factorial(f64::from(n)) - sum).abs() < 1e-10, "{n}");
        }
        assert_eq!(ln_factorial(0.0), 0.0);
    }
}

//! sqrt, cbrt, hypot, and the reciprocal.

use crate::double::{TO_INTEGER, fast_two_sum, polynomial, power_of_two, two_product};
use crate::map::{Binary, Unary};

/// The cube root: an approximation of x^(1/3) between 1 and 2, of degree 6 from
/// `tests/fixtures/coefficients.py`, cut to 24 bits, and one step of Halley's iteration, as in
/// FreeBSD `s_cbrt.c`.
pub(crate) struct Cbrt;

const APPROXIMATION: [f64; 7] = [
    0.44864263080415745,
    0.9437338117552575,
    -0.655068561722188,
    0.3751475301420356,
    -0.13924853171031618,
    0.029496704251914946,
    -0.002703333870412061,
];
const CBRT_2: f64 = 1.2599210498948732;
const CBRT_4: f64 = 1.5874010519681994;

impl Unary<f64> for Cbrt {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = x.abs();
        let small = a < f64::MIN_POSITIVE;
        let bits = (if small { a * 1.8014398509481984e+16 } else { a }).to_bits();
        let k = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000)
            - (4503599627370496.0 + 1023.0 + if small { 54.0 } else { 0.0 });
        let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
        // the floor of k / 3
        let shifted = (k - 1.0).mul_add(1.0 / 3.0, TO_INTEGER);
        let rest = (shifted - TO_INTEGER).mul_add(-3.0, k);
        let t = polynomial(m, APPROXIMATION);
        let (factor, root) = if rest > 0.5 { (2.0, CBRT_2) } else { (1.0, 1.0) };
        let (factor, root) = if rest > 1.5 { (4.0, CBRT_4) } else { (factor, root) };
        let (m, t) = (m * factor, t * root);
        let t = f64::from_bits(t.to_bits() & 0xffff_ffff_e000_0000);
        let r = m / (t * t);
        let t = t.mul_add((r - t) / (t + t + r), t);
        let value = (t * power_of_two(shifted)).copysign(x);
        if a > 0.0 && a < f64::INFINITY { value } else { x }
    }
}

/// sqrt(x^2 + y^2), by exact squares of scaled arguments.
pub(crate) struct Hypot;

impl Binary<f64> for Hypot {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        let (x, y) = (x.abs(), y.abs());
        let (a, b) = if x > y { (x, y) } else { (y, x) };
        let (up, down) = (f64::from_bits((1023 + 600) << 52), f64::from_bits((1023 - 600) << 52));
        let (factor, inverse) = if a > 1e150 { (down, up) } else { (1.0, 1.0) };
        let (factor, inverse) = if a < 1e-120 { (up, down) } else { (factor, inverse) };
        let (a_square, a_low) = two_product(a * factor, a * factor);
        let (b_square, b_low) = two_product(b * factor, b * factor);
        let (sum, low) = fast_two_sum(a_square, b_square);
        let value = (sum + (low + (a_low + b_low))).sqrt() * inverse;
        if x == f64::INFINITY || y == f64::INFINITY { f64::INFINITY } else { value }
    }
}

/// The square root.
pub(crate) struct Sqrt;
/// 1 / x.
pub(crate) struct Recip;
/// x^2.
pub(crate) struct Square;
/// x^3.
pub(crate) struct Cube;

//! erf, erfc.
//!
//! Four intervals, in each a quotient of polynomials: of x^2 up to 27/32, of |x| - 1 up to 5/4, and
//! then of 1/x^2, in the exponent of e^(-x^2 - 9/16 + ...) / x. Method, intervals and polynomials:
//! fdlibm `s_erf.c` (Sun Microsystems 1993); the interval is chosen by selects.

use crate::double::two_sum;
use crate::exp::exp_sum;
use crate::map::Unary;

/// Where the intervals after the first begin.
const FROM: [f64; 3] = [0.84375, 1.25, 1.0 / 0.35];

/// erf 1 to 24 bits, about which the second interval is expanded.
const ERF_1: f64 = f64::from_bits(0x3feb_0ac1_6000_0000);

/// The coefficients of the four quotients, lowest first.
const NUMERATOR: [[f64; 9]; 4] = [
    [
        0.12837916709551256,
        -0.3250421072470015,
        -0.02848174957559851,
        -0.005770270296489442,
        -2.3763016656650163e-05,
        0.0,
        0.0,
        0.0,
        0.0,
    ],
    [
        -0.0023621185607526594,
        0.41485611868374833,
        -0.3722078760357013,
        0.31834661990116175,
        -0.11089469428239668,
        0.035478304325618236,
        -0.002166375594868791,
        0.0,
        0.0,
    ],
    [
        -0.009864944034847148,
        -0.6938585727071818,
        -10.558626225323291,
        -62.375332450326006,
        -162.39666946257347,
        -184.60509290671104,
        -81.2874355063066,
        -9.814329344169145,
        0.0,
    ],
    [
        -0.0098649429247001,
        -0.799283237680523,
        -17.757954917754752,
        -160.63638485582192,
        -637.5664433683896,
        -1025.0951316110772,
        -483.5191916086514,
        0.0,
        0.0,
    ],
];
const DENOMINATOR: [[f64; 9]; 4] = [
    [
        1.0,
        0.39791722395915535,
        0.0650222499887673,
        0.005081306281875766,
        0.00013249473800432164,
        -3.960228278775368e-06,
        0.0,
        0.0,
        0.0,
    ],
    [
        1.0,
        0.10642088040084423,
        0.540397917702171,
        0.07182865441419627,
        0.12617121980876164,
        0.01363708391202905,
        0.011984499846799107,
        0.0,
        0.0,
    ],
    [
        1.0,
        19.651271667439257,
        137.65775414351904,
        434.56587747522923,
        645.3872717332679,
        429.00814002756783,
        108.63500554177944,
        6.570249770319282,
        -0.0604244152148581,
    ],
    [
        1.0,
        30.33806074348246,
        325.7925129965739,
        1536.729586084437,
        3199.8582195085955,
        2553.0504064331644,
        474.52854120695537,
        -22.44095244658582,
        0.0,
    ],
];

/// What an interval gives.
struct Parts {
    /// Up to 27/32, erf a / a - 1; from there to 5/4, erf a - `ERF_1`.
    quotient: f64,
    /// From 5/4, erfc a.
    tail: f64,
}

/// The element of the interval that `a` is in.
#[inline(always)]
fn choose(a: f64, of: [f64; 4]) -> f64 {
    let chosen = if a >= FROM[0] { of[1] } else { of[0] };
    let chosen = if a >= FROM[1] { of[2] } else { chosen };
    if a >= FROM[2] { of[3] } else { chosen }
}

/// The polynomial of the interval that `a` is in, at `t`.
#[inline(always)]
fn polynomial(a: f64, t: f64, of: &[[f64; 9]; 4]) -> f64 {
    let mut value = choose(a, [of[0][8], of[1][8], of[2][8], of[3][8]]);
    for i in (0..8).rev() {
        value = value.mul_add(t, choose(a, [of[0][i], of[1][i], of[2][i], of[3][i]]));
    }
    value
}

/// For a = |x| up to 28.
#[inline(always)]
fn parts(a: f64) -> Parts {
    let square = a * a;
    let inverse = 1.0 / square;
    let t = choose(a, [square, a - 1.0, inverse, inverse]);
    let quotient = polynomial(a, t, &NUMERATOR) / polynomial(a, t, &DENOMINATOR);
    // -a^2 - 9/16 + quotient, where a is cut so that its square is exact
    let cut = f64::from_bits(a.to_bits() & 0xffff_ffff_0000_0000);
    let (high, low) = two_sum(-cut * cut - 0.5625, (cut - a).mul_add(cut + a, quotient));
    Parts { quotient, tail: exp_sum(high, low, a) }
}

/// |x| as far as it matters; NaN stays.
#[inline(always)]
fn clamp(x: f64) -> f64 {
    let a = x.abs();
    if a > 28.0 { 28.0 } else { a }
}

/// The error function.
pub(crate) struct Erf;

impl Unary<f64> for Erf {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = clamp(x);
        let p = parts(a);
        let value = if a < FROM[0] { a + a * p.quotient } else { ERF_1 + p.quotient };
        let value = if a >= FROM[1] { 1.0 - p.tail } else { value };
        value.copysign(x)
    }
}

/// 1 - erf.
pub(crate) struct Erfc;

impl Unary<f64> for Erfc {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = clamp(x);
        let p = parts(a);
        let signed = if x < 0.0 { -a } else { a };
        let small = 1.0 - (signed + signed * p.quotient);
        let half = 0.5 - ((signed - 0.5) + signed * p.quotient);
        let value = if signed < 0.25 { small } else { half };
        let middle = if x < 0.0 { 1.0 + (ERF_1 + p.quotient) } else { (1.0 - ERF_1) - p.quotient };
        let value = if a >= FROM[0] { middle } else { value };
        let tail = if x < 0.0 { 2.0 - p.tail } else { p.tail };
        if a >= FROM[1] { tail } else { value }
    }
}

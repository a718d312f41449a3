//! Whether two answers are the same.

use std::fmt;

use serde_json::{Number, Value};

/// Where two answers first differ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    /// Path inside the answer, such as `[1].mean`; empty for the whole answer.
    pub(crate) path: String,
    pub(crate) ours: String,
    pub(crate) peer: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "at {}: ", self.path)?;
        }
        write!(f, "ours {}, the peer's {}", self.ours, self.peer)
    }
}

/// Compares two answers: whole numbers, text and shapes exactly, floats to a relative tolerance.
///
/// Numbers are floats when either side is one. The strings `NaN`, `Infinity` and `-Infinity`
/// stand for what JSON cannot say and equal themselves. `tolerance` is relative to the larger
/// magnitude of the two.
///
/// # Errors
/// The first difference, in the order of our answer.
pub(crate) fn agree(ours: &Value, peer: &Value, tolerance: f64) -> Result<(), Difference> {
    let differ = |ours: &dyn fmt::Display, peer: &dyn fmt::Display| {
        Err(Difference { path: String::new(), ours: ours.to_string(), peer: peer.to_string() })
    };
    match (ours, peer) {
        (Value::Number(a), Value::Number(b)) if numbers_agree(a, b, tolerance) => Ok(()),
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                return differ(&format!("{} items", a.len()), &format!("{} items", b.len()));
            }
            a.iter().zip(b).enumerate().try_for_each(|(index, (a, b))| {
                agree(a, b, tolerance).map_err(|inner| inner.inside(&format!("[{index}]")))
            })
        }
        (Value::Object(a), Value::Object(b)) => {
            if let Some(extra) = b.keys().find(|key| !a.contains_key(*key)) {
                return differ(&"nothing", &b[extra]).map_err(|d| d.inside(&format!(".{extra}")));
            }
            a.iter().try_for_each(|(key, a)| {
                match b.get(key) {
                    Some(b) => agree(a, b, tolerance),
                    None => differ(a, &"nothing"),
                }
                .map_err(|inner| inner.inside(&format!(".{key}")))
            })
        }
        (a, b) if !a.is_number() && a == b => Ok(()),
        (a, b) => differ(a, b),
    }
}

impl Difference {
    fn inside(mut self, step: &str) -> Self {
        self.path.insert_str(0, step);
        self
    }
}

fn numbers_agree(a: &Number, b: &Number, tolerance: f64) -> bool {
    if a.is_f64() || b.is_f64() {
        let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else { return false };
        a == b || (a - b).abs() <= tolerance * a.abs().max(b.abs())
    } else {
        a == b
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn difference(ours: Value, peer: Value) -> String {
        agree(&ours, &peer, 1e-6).unwrap_err().to_string()
    }

    #[test]
    fn whole_numbers_are_exact() {
        assert_eq!(agree(&json!(5_000_050_000_i64), &json!(5_000_050_000_i64), 0.5), Ok(()));
        assert_eq!(
            difference(json!(100_000_001), json!(100_000_000)),
            "ours 100000001, the peer's 100000000"
        );
        // 2^53 and 2^53 + 1 are the same float.
        assert!(
            agree(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64), 0.5)
                .is_err()
        );
        assert!(agree(&json!(-1), &json!(u64::MAX), 0.5).is_err());
    }

    #[test]
    fn floats_are_relative() {
        assert_eq!(agree(&json!(1.000_000_5), &json!(1.0), 1e-6), Ok(()));
        assert!(agree(&json!(1.000_002), &json!(1.0), 1e-6).is_err());
        assert_eq!(agree(&json!(1.0e300), &json!(1.000_000_1e300), 1e-6), Ok(()));
        assert_eq!(agree(&json!(3), &json!(3.0), 1e-6), Ok(()));
        assert!(agree(&json!(0.0), &json!(1e-12), 1e-6).is_err());
        assert_eq!(agree(&json!(0.0), &json!(-0.0), 0.0), Ok(()));
        assert!(agree(&json!(1.0), &json!(-1.0), 1e-6).is_err());
    }

    #[test]
    fn nan_agrees_with_nan_alone() {
        assert_eq!(agree(&json!("NaN"), &json!("NaN"), 1e-6), Ok(()));
        assert!(agree(&json!("NaN"), &json!(1.0), 1e-6).is_err());
        assert!(agree(&json!("Infinity"), &json!("-Infinity"), 1e-6).is_err());
        // A NaN that serde_json wrote by itself.
        assert_eq!(json!(f64::NAN), Value::Null);
        assert!(agree(&json!(f64::NAN), &json!("NaN"), 1e-6).is_err());
    }

    #[test]
    fn nested_answers_name_the_place() {
        let ours = json!({"rows": [1, {"mean": 2.0}], "name": "Zoë"});
        assert_eq!(agree(&ours, &ours, 0.0), Ok(()));
        let peer = json!({"rows": [1, {"mean": 2.5}], "name": "Zoë"});
        assert_eq!(difference(ours.clone(), peer), "at .rows[1].mean: ours 2.0, the peer's 2.5");
        let short = json!({"rows": [1], "name": "Zoë"});
        assert_eq!(difference(ours.clone(), short), "at .rows: ours 2 items, the peer's 1 items");
        let fewer = json!({"rows": [1, {"mean": 2.0}]});
        assert_eq!(
            difference(ours.clone(), fewer.clone()),
            "at .name: ours \"Zoë\", the peer's nothing"
        );
        assert_eq!(difference(fewer, ours), "at .name: ours nothing, the peer's \"Zoë\"");
    }

    #[test]
    fn kinds_do_not_mix() {
        for (a, b) in [
            (json!(1), json!("1")),
            (json!([1]), json!(1)),
            (json!(null), json!(0)),
            (json!(true), json!(1)),
            (json!({}), json!([])),
        ] {
            assert!(agree(&a, &b, 1.0).is_err(), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn symmetric_and_true_of_itself(a in -1e12..1e12, b in -1e12..1e12, t in 0.0..0.1) {
            prop_assert_eq!(agree(&json!(a), &json!(a), 0.0), Ok(()));
            let there = agree(&json!([a]), &json!([b]), t).is_ok();
            let back = agree(&json!([b]), &json!([a]), t).is_ok();
            prop_assert_eq!(there, back);
        }
    }
}

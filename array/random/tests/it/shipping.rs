//! Distributions come back from bytes as they were, and only if their parameters are allowed.

use chunkwise_array_random::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::every::{each_count, each_real};

fn comes_back<D: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(d: &D) {
    let bytes = postcard::to_allocvec(d).unwrap();
    assert_eq!(&postcard::from_bytes::<D>(&bytes).unwrap(), d);
    let text = serde_json::to_string(d).unwrap();
    assert_eq!(&serde_json::from_str::<D>(&text).unwrap(), d, "{text}");
}

#[test]
fn all_come_back() {
    each_real!(|_name, d| comes_back(&d));
    each_count!(|_name, d| comes_back(&d));
    comes_back(&Integers::<i16>::new(-3, 9).unwrap());
    comes_back(&Integers::<u64>::any());
    comes_back(&Bernoulli::new(0.3).unwrap());
    comes_back(&Bytes);
    comes_back(&Choice::new(7).unwrap());
    comes_back(&Choice::weighted(vec![0.25, 0.75]).unwrap());
    comes_back(&Permutation::new(1 << 40));
    comes_back(&Multinomial::new(9, vec![0.5, 0.5]).unwrap());
    comes_back(&MultivariateHypergeometric::new(vec![4, 5], 3).unwrap());
    comes_back(&Seed(4));
    comes_back(&Seed(4).stream(5));
}

#[test]
fn bad_parameters_do_not_come_back() {
    assert_eq!(serde_json::to_string(&Normal::new(0.5, 2.0).unwrap()).unwrap(), "[0.5,2.0]");
    let error = serde_json::from_str::<Normal>("[0.5,-2.0]").unwrap_err();
    assert!(error.to_string().starts_with("std of normal has to be"), "{error}");
    assert!(serde_json::from_str::<Integers<i8>>("[5,4]").is_err());
    assert!(serde_json::from_str::<Choice>("[2,[0.5,0.4]]").is_err());
    assert!(serde_json::from_str::<Hypergeometric>("[1,1,3]").is_err());
}

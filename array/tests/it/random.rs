use crate::check::{axis_sizes, check, computed};
use chunkwise_array::random::{self, Generator, RandomError, Seed};
use chunkwise_array::{Array, ArrayError, ChunkSpec, CollectionExt, Element};
use ndarray::{Array1, ArrayD, Axis};
use proptest::prelude::*;
use std::collections::HashSet;

/// Each distribution once, in any chunks.
macro_rules! same_in_any_chunks {
    ($chunks:expr, $whole:expr; $($draw:expr),+ $(,)?) => { $(
        let (cut, whole) = ($draw.chunks($chunks.clone()), $draw.chunks($whole));
        check(&cut, &whole.compute().unwrap());
    )+ };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn chunks_do_not_matter(axes in prop::collection::vec(axis_sizes(), 0..4), seed in any::<u64>()) {
        let shape: Vec<usize> = axes.iter().map(|sizes| sizes.iter().sum()).collect();
        let (shape, seed) = (&shape, Seed(seed));
        let chunks = ChunkSpec::sizes(axes.clone());
        same_in_any_chunks! { chunks, -1;
            random::normal(10.0, 0.1, shape, seed),
            random::normal(10.0, 0.1, shape, seed).of::<f32>(),
            random::gamma(0.5, 2.0, shape, seed),
            random::poisson(3.0, shape, seed),
            random::bernoulli(0.3, shape, seed),
            random::bytes(shape, seed),
            random::integers(-5i16, 6, shape, seed),
            random::choice_weighted(&[0.5, 0.25, 0.25], shape, seed),
        }
    }

    #[test]
    fn rows_are_whole(sizes in axis_sizes(), width in 1usize..5, seed in any::<u64>()) {
        let p = vec![1.0 / width as f64; width];
        let n: usize = sizes.iter().sum();
        let draw = random::multinomial(20, &p, [n], Seed(seed));
        let whole = draw.clone().chunks(-1).compute().unwrap();
        check(&draw.chunks(ChunkSpec::sizes([sizes, vec![1; width]])), &whole);
        prop_assert!(whole.sum_axis(Axis(1)).iter().all(|sum| *sum == 20));
    }
}

#[test]
fn every_distribution_is_an_array() {
    fn is_drawn<T: Element>(array: Array<T>) {
        assert_eq!(computed(&array).len(), 12);
    }
    let mut rng = Generator::new(Seed(3));
    macro_rules! drawn {
        ($($name:ident($($parameter:expr),*))+) => {
            $( is_drawn(rng.$name($($parameter,)* [3, 4]).chunks(2)); )+
        };
    }
    drawn! {
        random() uniform(-1.0, 1.0) normal(0.0, 1.0) standard_normal() lognormal(0.0, 1.0)
        bernoulli(0.5) beta(1.0, 2.0) binomial(10, 0.5) bytes() cauchy(0.0, 1.0) standard_cauchy()
        chisquare(3.0) exponential(2.0) standard_exponential() f(2.0, 3.0) gamma(2.0, 1.0)
        standard_gamma(2.0) geometric(0.5) gumbel(0.0, 1.0) hypergeometric(5, 6, 7)
        laplace(0.0, 1.0) logistic(0.0, 1.0) logseries(0.5) negative_binomial(3.0, 0.5)
        noncentral_chisquare(3.0, 1.0) noncentral_f(2.0, 3.0, 1.0) pareto(2.0) poisson(3.0)
        power(2.0) rayleigh(1.0) standard_t(3.0) triangular(0.0, 0.5, 1.0) vonmises(0.0, 1.0)
        wald(1.0, 1.0) weibull(2.0) zipf(2.0) integers(0, 9) integers_inclusive(0u64, u64::MAX)
        choice(5) choice_weighted(&[0.5, 0.5])
    }
    is_drawn(rng.multinomial(5, &[0.25; 4], 3).chunks(2));
    is_drawn(rng.multivariate_hypergeometric(&[3, 4], 5, [2, 3]).chunks(2));
    is_drawn(rng.permutation(12).chunks(5));
    is_drawn(rng.choice_without_replacement(1 << 40, 12).chunks(5));
    is_drawn(rng.choice_weighted_without_replacement(&[1.0 / 16.0; 16], 12, 5));
}

fn different(items: &ArrayD<i64>) -> usize {
    items.iter().collect::<HashSet<_>>().len()
}

#[test]
fn permutations_have_every_item_once() {
    let order = random::permutation(1000, Seed(5)).chunks(77).compute().unwrap();
    assert_eq!(different(&order), 1000);
    assert!(order.iter().all(|item| (0..1000).contains(item)));
    let some = random::choice_without_replacement(1000, 400, Seed(5)).chunks(77).compute().unwrap();
    assert_eq!(different(&some), 400);
    let p = Array1::from_shape_fn(50, |item| if item % 2 == 0 { 0.04 } else { 0.0 });
    let weighted = |k, seed| {
        random::choice_weighted_without_replacement(p.as_slice().unwrap(), k, Seed(seed), 10)
    };
    let some = weighted(25, 1).compute().unwrap();
    assert!(different(&some) == 25 && some.iter().all(|item| item % 2 == 0));
    let error = weighted(26, 1).checked().unwrap_err();
    assert_eq!(error.to_string(), "k: 26 different items of 25");
    let error = random::choice_without_replacement(3, 4, Seed(0)).chunks(1).checked().unwrap_err();
    assert_eq!(error.to_string(), "k: 4 different items of 3");
}

#[test]
fn likelier_items_are_chosen_first() {
    let mut first = 0;
    for seed in 0..300 {
        let p = [0.7, 0.2, 0.1];
        let chosen = random::choice_weighted_without_replacement(&p, 2, Seed(seed), 2);
        first += usize::from(chosen.compute().unwrap()[0] == 0);
    }
    assert!((180..240).contains(&first), "{first} of 300");
}

#[test]
fn streams_are_independent_unless_calls_are_equal() {
    let numbers = |x: Array<f64>| x.compute().unwrap();
    let x = numbers(random::normal(0.0, 1.0, [50], Seed(1)).chunks(10));
    assert_eq!(x, numbers(random::normal(0.0, 1.0, [50], Seed(1)).chunks(7)));
    // A longer one starts alike.
    let longer = numbers(random::normal(0.0, 1.0, [60], Seed(1)).chunks(7));
    assert_eq!(x, longer.slice(ndarray::s![..50]).into_dyn());
    assert_ne!(x, numbers(random::normal(0.0, 1.0, [50], Seed(2)).chunks(10)));
    let doubled = numbers(random::normal(0.0, 2.0, [50], Seed(1)).chunks(10)) / 2.0;
    let n_equal = x.iter().zip(&doubled).filter(|(a, b)| a == b).count();
    assert_eq!(n_equal, 0);
    let mut rng = Generator::new(Seed(1));
    let (a, b) = (rng.normal(0.0, 1.0, 50).chunks(10), rng.normal(0.0, 1.0, 50).chunks(10));
    assert!(!a.array_equal(&b).compute().unwrap());
}

#[test]
fn parameters_out_of_range_are_errors() {
    let error = random::normal(0.0, -1.0, [3], Seed(0)).chunks(1).checked().unwrap_err();
    assert!(matches!(
        error,
        ArrayError::Random { error: RandomError::OutOfRange { parameter: "std", .. } }
    ));
    assert_eq!(error.to_string(), "std of normal has to be finite and at least 0, but is -1");
    let computed = random::integers(3, 3, [3], Seed(0)).chunks(1).compute().unwrap_err();
    let text = computed.report().to_string();
    assert!(text.contains("there is no integer to draw between 3 and 3"), "{text}");
    assert!(text.contains("random.rs"), "{text}");
    assert!(random::multinomial(3, &[0.5], [2], Seed(0)).chunks(1).checked().is_err());
    assert!(random::random([3, 3], Seed(0)).chunks([1]).checked().is_err());
    assert!(random::choice(0, [3], Seed(0)).chunks(1).checked().is_err());
}

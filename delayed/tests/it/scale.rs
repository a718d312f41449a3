use crate::n_tasks;
use chunkwise_delayed::{CollectionExt, Delayed, delayed, value};

#[test]
fn a_chain_of_many_calls_is_built_computed_and_dropped() {
    const N: i64 = 200_000;
    let inc = delayed(|x: i64| x + 1);
    let last = (0..N).fold(value(0), |x, _| inc.call(x));
    assert_eq!(last.compute().unwrap(), N);
    let halfway = last.clone();
    drop(last);
    assert_eq!((halfway + 1).compute().unwrap(), N + 1);
}

#[test]
fn a_list_of_many_handles_is_one_argument() {
    const N: u64 = 100_000;
    let handles: Vec<Delayed<u64>> = (0..N).map(value).collect();
    let total = delayed(|xs: Vec<u64>| xs.iter().sum::<u64>()).call(&handles);
    assert_eq!(total.compute().unwrap(), N * (N - 1) / 2);
    assert_eq!(n_tasks(&total), N as usize + 1);
    let pure = delayed(|xs: Vec<u64>| xs.len()).pure();
    assert_eq!(pure.call(&handles).key(), pure.call(&handles).key());
}

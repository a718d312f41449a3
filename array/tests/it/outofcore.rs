use crate::check::{bits, check, cuts};
use chunkwise_array::random::{self, Seed};
use chunkwise_array::{
    Array, ChunkSpec, CollectionExt, Element, Real, RechunkMethod, RechunkOptions, SortMethod,
    SortOptions, s,
};
use chunkwise_graph::{InOrder, Plan, with_scheduler};
use chunkwise_memory::{Budget, LimitMemory, enter, with_memory_limit};
use chunkwise_sched_threaded::Threaded;
use ndarray::ArrayD;
use proptest::prelude::*;

const EXCHANGE: RechunkOptions = RechunkOptions::DEFAULT.method(RechunkMethod::Exchange);

/// What comes out when the bytes between tasks have so much room, and the rest is on disk.
fn computed_within<T: Element>(array: &Array<T>, room: u64) -> ArrayD<T> {
    let budget = Budget::new(room);
    let result = enter(&budget, || array.compute_with(&InOrder).unwrap());
    let on_disk = budget.spill().statistics().on_disk;
    assert_eq!((budget.used(), on_disk), (0, 0), "something was left");
    result
}

/// Number of tasks and of dependencies.
fn counted<T: Element>(array: &Array<T>) -> (usize, usize) {
    let plan: Plan = array.graph().plan().unwrap();
    let n_deps = plan.dag().tasks().map(|task| plan.dag().deps(task).len()).sum();
    (plan.len(), n_deps)
}

/// Another cut of axes of these lengths.
fn other_cut(lens: Vec<usize>) -> impl Strategy<Value = Vec<Vec<usize>>> {
    let axis = |len: usize| {
        prop::collection::vec(0..=len, 0..4).prop_map(move |mut ends| {
            ends.push(len);
            ends.sort_unstable();
            let mut start = 0;
            ends.into_iter().map(|end| end - std::mem::replace(&mut start, end)).collect()
        })
    };
    lens.into_iter().map(axis).collect::<Vec<_>>()
}

macro_rules! chunks_go_through_the_exchange {
    ($($name:ident: $elements:expr),+ $(,)?) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(24))]
            $(#[test]
            fn $name((cut, to) in cuts(1..4, $elements).prop_flat_map(|cut| {
                let lens = cut.memory.shape().to_vec();
                (Just(cut), other_cut(lens))
            })) {
                let x = cut.array.map(|x| x);
                let again = x.rechunk_with(ChunkSpec::sizes(to.clone()), &EXCHANGE);
                check(&again, &cut.memory);
                for room in [0, 40, 10_000] {
                    prop_assert_eq!(bits(&computed_within(&again, room)), bits(&cut.memory));
                }
                // Axes that lie in memory in another order.
                let mut to = to;
                to.reverse();
                let turned = x.t().rechunk_with(ChunkSpec::sizes(to), &EXCHANGE);
                check(&turned, &cut.memory.t().to_owned());
            })+
        }
    };
}
chunks_go_through_the_exchange! {
    floats_go_through_the_exchange: any::<f64>(),
    bytes_go_through_the_exchange: any::<u8>(),
    booleans_go_through_the_exchange: any::<bool>(),
}

#[test]
fn a_rechunk_has_as_many_tasks_as_chunks() {
    let x = Array::<f64>::ones([60, 60], [1, 60]).map(|x| x);
    let (n_tasks, n_deps) = counted(&x.rechunk_with([60, 1], &EXCHANGE));
    assert!(n_tasks <= 4 * 60 && n_deps <= 4 * 60, "{n_tasks} tasks, {n_deps} dependencies");
    let (_, n_deps) = counted(&x.rechunk([60, 1]));
    assert!(n_deps >= 3600, "{n_deps} dependencies");
}

#[test]
fn the_exchange_is_chosen_under_a_limit_that_is_too_small() {
    let x = Array::<f64>::ones([256, 256], [4, 256]).map(|x| x).rechunk([256, 4]);
    let is_exchange =
        |array: &Array<f64>| array.graph().explain().unwrap().to_string().contains("rechunk-pack");
    assert!(!is_exchange(&x));
    assert!(with_memory_limit(700_000, || is_exchange(&x)));
    // Half of the limit has room for all of it.
    assert!(!with_memory_limit(1 << 20, || is_exchange(&x)));
    let tasks = RechunkOptions::DEFAULT.method(RechunkMethod::Tasks);
    let y = Array::<f64>::ones([256, 256], [4, 256]).map(|x| x).rechunk_with([256, 4], &tasks);
    assert!(!with_memory_limit(700_000, || is_exchange(&y)));
    // Neighbours that are put together are not too much.
    let z = Array::<f64>::ones([256, 256], [4, 256]).map(|x| x).rechunk([8, 256]);
    assert!(!with_memory_limit(700_000, || is_exchange(&z)));
    // Stages, which would hold all of it between them.
    let stages = RechunkOptions::DEFAULT.limit_bytes(50_000);
    let w = Array::<f64>::ones([256, 256], [4, 256]).map(|x| x).rechunk_with([256, 4], &stages);
    let explained = |limit| with_memory_limit(limit, || w.graph().explain().unwrap().to_string());
    assert!(explained(1 << 30).contains("rechunk-stage"));
    assert!(!explained(700_000).contains("rechunk-stage"));
    check(&w, &ArrayD::ones(vec![256, 256]));
}

/// A limit of which six megabytes are left for results.
const LIMIT: u64 = 24 << 20;

/// What `make` gives, computed on two threads in chunks of a megabyte within the limit.
#[track_caller]
fn computed_within_limit(make: impl Fn() -> f64 + Copy) -> f64 {
    let budget = Budget::new(LIMIT);
    let scheduler = Threaded::with_threads(2).unwrap().memory_budget(budget.clone());
    let found = with_memory_limit(LIMIT, || with_scheduler(scheduler, make));
    assert!(budget.peak() > 0 && budget.peak() <= LIMIT, "{}", budget.peak());
    assert!(budget.spill().statistics().written > LIMIT, "nothing was written");
    assert_eq!((budget.used(), budget.spill().statistics().on_disk), (0, 0));
    found
}

#[test]
fn rows_become_columns_within_a_limit() {
    // 67 MB.
    let n = 2900;
    let make = || {
        let x = random::uniform(0.0, 1.0, [n, n], Seed(3)).chunks([n / 64, n]);
        let columns = (x + 1.0).rechunk([n, n / 64]);
        (columns.sum_axis(0) - (&columns * 0.5).sum_axis(0)).sum().compute().unwrap()
    };
    let expected = with_scheduler(InOrder, make);
    assert_eq!(computed_within_limit(make).to_bits(), expected.to_bits());
}

#[test]
fn an_axis_is_sorted_within_a_limit() {
    // 80 MB.
    let make = || {
        let x = random::uniform(0.0, 1.0, [10_000_000], Seed(4)).chunks(1 << 16);
        x.sort(0).slice(s![..;1000]).sum().compute().unwrap()
    };
    let expected = with_scheduler(InOrder, || {
        let x = random::uniform(0.0, 1.0, [10_000_000], Seed(4)).chunks(1 << 16);
        let sorted = x.sort(0).compute().unwrap();
        let sorted = Array::from_ndarray(&sorted, 1 << 16);
        sorted.slice(s![..;1000]).sum().compute().unwrap()
    });
    assert_eq!(computed_within_limit(make).to_bits(), expected.to_bits());
}

const RUNS: SortOptions = SortOptions::DEFAULT.method(SortMethod::Exchange);

fn keys() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        1 => Just(f64::NAN),
        1 => Just(-f64::NAN),
        2 => Just(0.0),
        2 => Just(-0.0),
        6 => (-3i32..4).prop_map(f64::from),
    ]
}

/// Sorted by runs is what it is in one task, with any room, cut as the axis was.
fn check_runs<T: Real>(x: &Array<T>, axis: isize) {
    let tasks = SortOptions::DEFAULT.method(SortMethod::Tasks);
    let expected = x.sort_with(axis, &tasks).compute_with(&InOrder).unwrap();
    let places = x.argsort_with(axis, &tasks).compute_with(&InOrder).unwrap();
    let (sorted, argsorted) = (x.sort_with(axis, &RUNS), x.argsort_with(axis, &RUNS));
    assert_eq!(sorted.chunks(), x.chunks());
    check(&sorted, &expected);
    check(&argsorted, &places);
    for room in [0, 100, 1_000_000] {
        assert_eq!(bits(&computed_within(&sorted, room)), bits(&expected));
        assert_eq!(bits(&computed_within(&argsorted, room)), bits(&places));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn runs_are_merged(cut in cuts(1, keys())) {
        if cut.array.n_chunks() > 1 {
            check_runs(&cut.array, 0);
        }
    }

    #[test]
    fn long_runs_are_merged(
        sizes in prop::collection::vec(0usize..300, 2..6),
        keys in 1u32..400,
        seed in any::<u64>(),
    ) {
        let n = sizes.iter().sum();
        let x = random::uniform(0.0, 1.0, [n], Seed(seed)).chunks(ChunkSpec::sizes([sizes]));
        check_runs(&(x * f64::from(keys)).map(f64::floor), 0);
    }

    #[test]
    fn lanes_of_several_axes_are_sorted(cut in cuts(2..4, keys()), axis in 0isize..2) {
        let x = cut.array.map(|x| x);
        if x.chunks().axes()[axis as usize].n_chunks() > 1 {
            check_runs(&x, axis);
        }
    }

    #[test]
    fn all_elements_are_sorted(cut in cuts(1..4, keys())) {
        let x = cut.array.map(|x| x);
        check(&x.sort_flat_with(&RUNS), &x.sort_flat().compute_with(&InOrder).unwrap());
        check(&x.argsort_flat_with(&RUNS), &x.argsort_flat().compute_with(&InOrder).unwrap());
    }
}

#[test]
fn equal_keys_stay_in_their_order() {
    check_runs(&Array::<f64>::ones(100, 7).map(|x| x), 0);
    check_runs(&Array::<u8>::zeros(5, 1), 0);
    let x = Array::<i64>::zeros(6, ChunkSpec::sizes([vec![0, 3, 0, 1, 2]]));
    check_runs(&x, 0);
}

#[test]
fn a_sort_has_as_many_tasks_as_chunks() {
    let x = random::uniform(0.0, 1.0, [1000], Seed(5)).chunks(10);
    let (n_tasks, n_deps) = counted(&x.sort_with(0, &RUNS));
    assert!(n_tasks <= 301 && n_deps <= 301, "{n_tasks} tasks, {n_deps} dependencies");
}

#[test]
fn a_sort_is_external_under_a_limit_that_is_too_small() {
    let x = Array::<f64>::ones(10_000, 1000);
    assert_eq!(x.sort(0).n_chunks(), 1);
    assert_eq!(with_memory_limit(600_000, || x.sort(0).n_chunks()), 10);
    assert_eq!(with_memory_limit(640_000, || x.sort(0).n_chunks()), 1);
    assert_eq!(with_memory_limit(600_000, || x.sort_flat().n_chunks()), 10);
    assert_eq!(Array::<f64>::ones(10, 10).sort_with(0, &RUNS).n_chunks(), 1);
    assert!(x.sort_with(1, &RUNS).checked().is_err());
}

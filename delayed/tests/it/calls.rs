use crate::n_tasks;
use chunkwise_delayed::{CollectionExt, Delayed, Persist, collect, delayed, value};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

/// A function that counts how often it runs.
fn counted() -> (Arc<AtomicUsize>, Delayed<u64>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&runs);
    let handle = delayed(move |x: u64| {
        count.fetch_add(1, Relaxed);
        x * 10
    });
    (runs, handle.call((7,)))
}

#[test]
fn the_first_example_of_the_tutorial_gives_13() {
    let (a, x) = (value(1), value(10));
    let b = delayed(inc).call(&a);
    let y = delayed(inc).call(&x);
    let z = delayed(add).call((&b, &y));
    assert_eq!(z.compute().unwrap(), 13);
    assert_eq!(n_tasks(&z), 5);
    assert!(z.to_string().starts_with("Delayed<i64>(add-"), "{z}");
    assert_eq!(format!("{z:?}"), z.to_string());
}

#[test]
fn pi_by_throwing_darts() {
    /// A generator of numbers in `0.0..1.0` that needs no crate (a linear congruence).
    fn hits(seed: u64, n: usize) -> usize {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        (0..n).filter(|_| next().powi(2) + next().powi(2) < 1.0).count()
    }

    const DARTS: usize = 2_000;
    let hits_of = delayed(hits);
    let batches: Vec<Delayed<usize>> = (0..50u64).map(|seed| hits_of.call((seed, DARTS))).collect();
    let total = delayed(|hits: Vec<usize>| hits.iter().sum::<usize>()).call(&batches);
    let pi = total.map(|&hits| 4.0 * hits as f64 / (50 * DARTS) as f64).compute().unwrap();
    assert!((pi - std::f64::consts::PI).abs() < 0.03, "{pi}");
    let one_by_one: usize = (0..50).map(|seed| hits(seed, DARTS)).sum();
    assert_eq!(total.compute().unwrap(), one_by_one);
}

#[test]
fn work_that_several_share_is_done_once() {
    let (runs, shared) = counted();
    let (a, b) = (shared.map(|x| x + 1), shared.map(|x| x + 2));
    assert_eq!((&a, &b).compute().unwrap(), (71, 72));
    assert_eq!(runs.load(Relaxed), 1);
    let many: Vec<Delayed<u64>> = (0..20).map(|i| &shared + i).collect();
    assert_eq!(many.compute().unwrap(), (70..90).collect::<Vec<_>>());
    assert_eq!(many[3..5].compute().unwrap(), [73, 74]);
    assert_eq!(runs.load(Relaxed), 3, "once a computation");
    assert_eq!((&shared, &shared, shared.clone()).compute().unwrap(), (70, 70, 70));
    assert_eq!(runs.load(Relaxed), 4);
}

#[test]
fn what_is_persisted_is_not_computed_again() {
    let (runs, first) = counted();
    let persisted = first.persist().unwrap();
    assert_eq!(runs.load(Relaxed), 1);
    assert_eq!(persisted.key(), first.key());
    assert_eq!((&persisted + 1).compute().unwrap(), 71);
    assert_eq!((persisted.compute().unwrap(), persisted.compute().unwrap()), (70, 70));
    assert_eq!(n_tasks(&persisted), 1);
    assert_eq!(runs.load(Relaxed), 1);
}

#[test]
fn a_drawing_shows_what_the_tasks_do() {
    let folder = tempfile::tempdir().unwrap();
    let z = delayed(add).call((value(1i64).map(|x| x + 1), delayed(inc).call((10,))));
    for name in ["z.svg", "z.dot"] {
        let path = folder.path().join(name);
        z.visualize(&path).unwrap();
        let drawing = std::fs::read_to_string(path).unwrap();
        assert!(drawing.contains("add") && drawing.contains("inc"), "{drawing}");
    }
    assert!(z.explain().unwrap().to_string().contains("add"));
}

#[test]
fn collecting_keeps_the_order() {
    let handles: Vec<Delayed<String>> = (0..5).map(|i: i32| value(i).map(i32::to_string)).collect();
    assert_eq!(collect(&handles).compute().unwrap(), ["0", "1", "2", "3", "4"]);
    assert_eq!(collect(handles).map(|texts| texts.concat()).compute().unwrap(), "01234");
    assert!(collect::<u8, Delayed<u8>>([]).compute().unwrap().is_empty());
}

#[test]
fn a_task_may_compute_a_graph_of_its_own() {
    let nested = delayed(|n: u64| {
        let parts: Vec<Delayed<u64>> = (0..n).map(|i| value(i) * 2).collect();
        collect(parts).compute().map(|parts| parts.iter().sum::<u64>())
    });
    assert_eq!(nested.try_call((4u64,)).compute().unwrap(), 12);
}

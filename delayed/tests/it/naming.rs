use crate::n_tasks;
use chunkwise_delayed::{CollectionExt, Delayed, delayed, lit, value};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

fn shout(text: String) -> String {
    text.to_uppercase()
}

fn key<T: Send + Sync + 'static>(handle: &Delayed<T>) -> String {
    handle.key().to_string()
}

#[test]
fn tasks_are_named_after_their_functions() {
    let text = value(String::from("a"));
    assert!(key(&text).starts_with("value-"));
    assert!(key(&delayed(shout).call(&text)).starts_with("shout-"));
    assert!(key(&text.map(String::len)).starts_with("len-"));
    assert!(key(&text.map(|text| text.len())).starts_with("closure-"));
    assert!(key(&delayed(shout).named("loud").call(&text)).starts_with("loud-"));
    assert!(key(&delayed(shout).named("loud").pure().call(&text)).starts_with("loud-"));
    assert_eq!(key(&delayed(shout).call(&text).named("größe")), "größe");
    let pointer: fn(String) -> String = shout;
    assert!(key(&delayed(pointer).call(&text)).starts_with("function-"));

    let operation = |handle: &Delayed<usize>| handle.layer().blocks().op_name().into_owned();
    assert_eq!(
        operation(&text.map(|text| text.len())),
        "closure in tasks_are_named_after_their_functions"
    );
    assert_eq!(operation(&text.map(String::len)), "len");
}

#[test]
fn a_named_task_is_the_same_work() {
    let a = value(2i64).map(|x| x * x).named("a");
    let b = (&a + 1).named(String::from("b"));
    assert_eq!(b.compute().unwrap(), 5);
    let plan = b.plan().unwrap();
    let keys: Vec<String> = plan.tasks().map(|task| task.key().to_string()).collect();
    assert_eq!(keys[1..], ["a", "b"]);
}

#[test]
fn impure_calls_are_tasks_of_their_own() {
    let f = delayed(|x: i64| x);
    let (a, b) = (f.call((1,)), f.call((1,)));
    assert_ne!(a.key(), b.key());
    assert_eq!(n_tasks(&(a.clone(), b, a)), 2);
}

#[test]
fn equal_pure_calls_are_one_task() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let slow = delayed(|x: i64, text: String| {
        RUNS.fetch_add(1, Relaxed);
        x + text.len() as i64
    })
    .pure();
    let calls: Vec<Delayed<i64>> = (0..10).map(|i| slow.call((i % 2, "abc"))).collect();
    assert_eq!(calls.compute().unwrap(), [3, 4, 3, 4, 3, 4, 3, 4, 3, 4]);
    assert_eq!(RUNS.load(Relaxed), 2);
    assert_eq!(calls[0].key(), slow.clone().call((0, String::from("abc"))).key());
    assert_ne!(calls[0].key(), slow.call((0, "abd")).key());

    // What is made of them is one task too.
    let sums: Vec<Delayed<i64>> = (0..4).map(|_| (&calls[0] + &calls[1]) * 2).collect();
    assert_eq!(n_tasks(&sums), 4);
}

#[test]
fn two_closures_in_one_function_are_two_functions() {
    // Their types have the same name.
    let (a, b) = (delayed(|x: i64| x + 1).pure(), delayed(|x: i64| x + 2).pure());
    assert_eq!((a.call((0,)), b.call((0,))).compute().unwrap(), (1, 2));
    assert_ne!(a.call((0,)).key(), b.call((0,)).key());
}

#[test]
fn pure_names_tell_arguments_apart() {
    let f = delayed(|a: Vec<Vec<i64>>, b: Option<u64>| a.len() as u64 + b.unwrap_or(0)).pure();
    let x = value(5i64);
    let of = |lists: &[Vec<Delayed<i64>>], b| f.call((lists, lit(b))).key();
    let (one, two) = (vec![x.clone()], vec![x.clone(), x.clone()]);
    let keys = [
        of(&[one.clone(), two.clone()], None),
        of(&[two.clone(), one.clone()], None),
        of(&[two, one], Some(0)),
        of(&[], None),
        of(&[vec![]], None),
    ];
    for (i, a) in keys.iter().enumerate() {
        assert!(keys[..i].iter().all(|b| a != b), "{keys:?}");
    }
}

#[test]
fn parts_of_pure_results_are_pure() {
    let pair = delayed(|x: i64| (x, vec![x, x + 1])).pure();
    let (a, list) = pair.call((1,)).unzip();
    let (b, again) = pair.call((1,)).unzip();
    assert_eq!((a.key(), list.key()), (b.key(), again.key()));
    assert_ne!(a.key(), list.key());
    assert_eq!(list.nout(2)[1].key(), again.nout(2)[1].key());
    assert_ne!(list.nout(2)[1].key(), again.nout(3)[1].key());
    assert_ne!(list.nout(2)[1].key(), list.get(1).key());
    assert_eq!((-&a).key(), (-b).key());
    assert_ne!((&a + 1).key(), (&a + 2).key());
    assert_ne!((&a - 1).key(), (1 - &a).key());
    assert_eq!((1 - &a).key(), (1 - &a).key());
    assert_ne!((value(1i64) + 1).key(), (value(1i64) + 1).key());
}

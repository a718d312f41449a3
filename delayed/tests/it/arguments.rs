use chunkwise_delayed::{CollectionExt, Delayed, Persist, delayed, lit, value, whole};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[test]
fn values_handles_and_lists_mix() {
    let scaled = delayed(|xs: Vec<f64>, by: f64, and: Vec<Vec<i32>>| {
        xs.iter().sum::<f64>() * by + and.iter().flatten().sum::<i32>() as f64
    });
    let xs = [value(1.0), value(2.0)];
    let nested = vec![vec![value(1), value(2)], vec![], vec![value(3)]];
    assert_eq!(scaled.call((&xs, 2.0, &nested)).compute().unwrap(), 12.0);
    assert_eq!(scaled.call((xs.to_vec(), value(2.0), nested.clone())).compute().unwrap(), 12.0);
    assert_eq!(scaled.call((&xs[..], 2.0, [[1, 2], [3, 0]])).compute().unwrap(), 12.0);
    assert_eq!(scaled.call((vec![1.0, 2.0], 2.0, lit(vec![vec![6]]))).compute().unwrap(), 12.0);
    assert_eq!(scaled.call((&value(vec![3.0]), &2.0, &nested[..])).compute().unwrap(), 12.0);
}

#[test]
fn no_argument_and_eight() {
    assert_eq!(delayed(|| 5u8).call(()).compute().unwrap(), 5);
    #[allow(clippy::too_many_arguments, reason = "the most that there may be")]
    fn eight(a: u8, b: u16, c: i32, d: i64, e: bool, f: char, g: String, h: f32) -> String {
        format!("{a} {b} {c} {d} {e} {f} {g} {h}")
    }
    let text = delayed(eight).call((1, value(2), 3, &value(4), true, 'x', "größe ∑", 0.5));
    assert_eq!(text.compute().unwrap(), "1 2 3 4 true x größe ∑ 0.5");
}

#[test]
fn text_becomes_what_the_parameter_is() {
    let owned = delayed(|text: String| text);
    assert_eq!(owned.call(("a",)).compute().unwrap(), "a");
    assert_eq!(owned.call((&String::from("b"),)).compute().unwrap(), "b");
    let path = delayed(|path: PathBuf| path);
    for handle in [
        path.call(("x/y",)),
        path.call((String::from("x/y"),)),
        path.call((Path::new("x/y"),)),
        path.call((&PathBuf::from("x/y"),)),
        path.call((value(PathBuf::from("x/y")),)),
    ] {
        assert_eq!(handle.compute().unwrap(), Path::new("x/y"));
    }
    let lines = delayed(|lines: Vec<String>| lines.join("|"));
    assert_eq!(lines.call(["a", "b"]).compute().unwrap(), "a|b");
}

#[test]
fn one_argument_may_stand_alone() {
    let len = delayed(|items: Vec<i64>| items.len());
    assert_eq!(len.call(&[value(1), value(2)]).compute().unwrap(), 2);
    let one = vec![value(1)];
    assert_eq!(len.call(&one).compute().unwrap(), 1);
    assert_eq!(len.call(Vec::<Delayed<i64>>::new()).compute().unwrap(), 0);
    assert_eq!(len.call(value(vec![1, 2, 3])).compute().unwrap(), 3);
    assert_eq!(len.call(lit(vec![1])).compute().unwrap(), 1);
}

/// Counts its clones.
struct Cloned(Arc<AtomicUsize>);

impl Clone for Cloned {
    fn clone(&self) -> Cloned {
        self.0.fetch_add(1, Relaxed);
        Cloned(Arc::clone(&self.0))
    }
}

fn source() -> (Arc<AtomicUsize>, Delayed<Cloned>) {
    let clones = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&clones);
    (clones, delayed(move || Cloned(Arc::clone(&count))).call(()))
}

#[test]
fn the_last_user_gets_the_value_itself() {
    let take = delayed(|_: Cloned| ());
    let (clones, made) = source();
    take.call(&made).compute().unwrap();
    assert_eq!(clones.load(Relaxed), 0);
    let users: Vec<Delayed<()>> = (0..4).map(|_| take.call(&made)).collect();
    users.compute().unwrap();
    assert_eq!(clones.load(Relaxed), 3);
    let (clones, made) = source();
    delayed(|_: Cloned, _: Cloned| ()).call((&made, &made)).compute().unwrap();
    assert_eq!(clones.load(Relaxed), 1);
    let (clones, made) = source();
    delayed(|_: Vec<Cloned>| ()).call([&made, &made, &made]).compute().unwrap();
    assert_eq!(clones.load(Relaxed), 2);
}

#[test]
fn sharing_and_looking_clone_nothing() {
    let (clones, made) = source();
    let shared = delayed(|a: Arc<Cloned>, b: Vec<Arc<Cloned>>| a.0.load(Relaxed) + b.len());
    let handles = (
        shared.call((&made, [&made, &made])),
        made.map(|c| c.0.load(Relaxed)),
        made.zip_map(&made, |a, b| Arc::ptr_eq(&a.0, &b.0)),
        made.try_map(|c| u8::try_from(c.0.load(Relaxed))),
        made.shared(),
    );
    let (two, zero, same, none, computed) = handles.compute().unwrap();
    assert_eq!((two, zero, same, none), (2, 0, true, 0));
    assert_eq!((clones.load(Relaxed), computed.0.load(Relaxed)), (0, 0));
}

#[test]
fn arc_parameters_take_plain_values_and_lists_too() {
    let f = delayed(|a: Arc<String>, b: Arc<Vec<i64>>, c: Arc<u8>| format!("{a}{b:?}{c}"));
    assert_eq!(f.call(("x", [1, 2], 3)).compute().unwrap(), "x[1, 2]3");
    assert_eq!(
        f.call((&value(String::from("y")), &[value(1)], lit(4u8))).compute().unwrap(),
        "y[1]4"
    );
}

#[test]
fn a_whole_collection_is_one_argument() {
    let parts: Vec<Delayed<i64>> = (0..10i64).map(|i| value(i) * 2).collect();
    let f = delayed(|parts: Vec<i64>, (a, b): (i64, i64), c: i64| {
        parts.iter().sum::<i64>() + a + b + c
    });
    let pair = (parts[1].clone(), parts[2].clone());
    let call = f.call((whole(parts.clone()), whole(pair), &parts[3]));
    drop(parts);
    assert_eq!(call.compute().unwrap(), 90 + 2 + 4 + 6);
    assert_eq!(call.persist().unwrap().compute().unwrap(), 102);
}

proptest! {
    /// Lists of any nesting arrive as they were written, whatever is shared between them.
    #[test]
    fn nested_lists_arrive_as_written(lists in prop::collection::vec(prop::collection::vec(0usize..5, 0..6), 0..6)) {
        let sources: Vec<Delayed<usize>> = (0..5).map(|i| value(i).map(|i| i * i)).collect();
        let handles: Vec<Vec<&Delayed<usize>>> =
            lists.iter().map(|list| list.iter().map(|&i| &sources[i]).collect()).collect();
        let arrived = delayed(|lists: Vec<Vec<usize>>| lists).call((&handles,)).compute().unwrap();
        let expected: Vec<Vec<usize>> =
            lists.iter().map(|list| list.iter().map(|i| i * i).collect()).collect();
        prop_assert_eq!(arrived, expected);
    }
}

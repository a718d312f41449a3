use chunkwise_delayed::{CollectionExt, Delayed, delayed, lit, value};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::num::ParseIntError;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Twice a number.
#[delayed]
pub(crate) fn twice(x: i64) -> i64 {
    2 * x
}

#[delayed]
fn parse(text: &str, default: Option<i64>) -> Result<i64, ParseIntError> {
    match default {
        Some(default) if text.is_empty() => Ok(default),
        _ => text.parse(),
    }
}

#[delayed]
fn exists(path: &Path, _: bool) -> io::Result<bool> {
    path.try_exists()
}

/// Neither `Clone` nor of a type that anybody can write down as a value.
struct Table(BTreeMap<String, f64>);

#[delayed]
fn table(names: Vec<String>, values: &[f64]) -> Table {
    Table(names.into_iter().zip(values.iter().copied()).collect())
}

#[delayed]
#[allow(clippy::needless_lifetimes, reason = "what is tested")]
fn mean<'a>(table: &'a Table, (low, high): (f64, f64)) -> f64 {
    let all: Vec<f64> = table.0.values().copied().filter(|v| (low..high).contains(v)).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

#[delayed]
fn largest<T>(items: &[T], mut floor: T) -> T
where
    T: Ord + Clone + Send + Sync + 'static,
{
    for item in items {
        floor = floor.max(item.clone());
    }
    floor
}

#[delayed]
fn nothing() {}

#[delayed]
fn formatted(x: f64) -> fmt::Result {
    if x.is_nan() { Err(fmt::Error) } else { Ok(()) }
}

static SQUARES: AtomicUsize = AtomicUsize::new(0);

#[delayed(pure, name = "sq", now = square_eagerly)]
fn square(x: &u64, path: PathBuf) -> Result<u64, io::Error> {
    SQUARES.fetch_add(1, Relaxed);
    if path.as_os_str().is_empty() { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(x * x) }
}

#[delayed(crate = ::chunkwise_delayed)]
fn r#match(x: u8) -> u8 {
    x
}

#[test]
fn calls_are_lazy_and_the_original_stays() {
    let four = twice(twice(1));
    assert!(four.to_string().starts_with("Delayed<i64>(twice-"), "{four}");
    assert_eq!((four.compute().unwrap(), twice_now(2)), (4, 4));
    nothing().compute().unwrap();
    nothing_now();
    assert!(r#match(1).key().to_string().starts_with("match-"));
    assert_eq!(match_now(1), 1);
}

#[test]
fn references_take_handles_and_values() {
    assert_eq!(parse("12", lit(None)).compute().unwrap(), 12);
    assert_eq!(parse(value(String::new()), lit(Some(3))).compute().unwrap(), 3);
    assert!(parse("x", lit(None)).compute().is_err());
    assert!(exists("/", true).compute().unwrap());
    let columns = [value(1.0), value(2.0), value(90.0)];
    let made = table(["a", "b", "c"], &columns);
    assert_eq!(mean(&made, lit((0.0, 10.0))).compute().unwrap(), 1.5);
    assert_eq!(made.map(|table| table.0.len()).compute().unwrap(), 3);
    assert_eq!(table_now(vec![], &[]).0.len(), 0);
}

#[test]
fn generic_functions_and_patterns_work() {
    assert_eq!(largest::<i32>(vec![1, 5, 2], 3).compute().unwrap(), 5);
    assert_eq!(largest::<char>(&value(vec!['a', 'z']), 'b').compute().unwrap(), 'z');
    assert!(formatted(1.0).compute().is_ok());
    assert!(formatted(f64::NAN).compute().is_err());
}

#[test]
fn pure_functions_compute_equal_calls_once() {
    let calls: Vec<Delayed<u64>> = ["x", "x", "y"].map(|path| square(3, path)).into();
    let same = square(3u64, PathBuf::from("x"));
    assert!(calls[0].key().to_string().starts_with("sq-"));
    assert_eq!((&calls, &same).compute().unwrap(), (vec![9, 9, 9], 9));
    assert_eq!(SQUARES.load(Relaxed), 2);
    assert!(square_eagerly(&3, PathBuf::new()).is_err());
}

#[cfg(feature = "serde")]
#[test]
fn results_of_serde_types_have_a_codec() {
    use chunkwise_graph::Value;

    #[derive(Clone, serde::Serialize, serde::Deserialize)]
    struct Row {
        id: u32,
    }

    #[delayed]
    fn row(id: u32) -> Row {
        Row { id }
    }

    let codec = |values: &[Value]| values[0].info().codec().is_some();
    let run = |handle: &dyn Fn() -> chunkwise_graph::Plan| {
        use chunkwise_graph::{InOrder, Run, Scheduler};
        InOrder.run(&handle(), &Run::new()).unwrap()
    };
    assert!(codec(&run(&|| row(1).plan().unwrap())));
    assert!(!codec(&run(&|| table(["a"], [1.0]).shared().plan().unwrap())));
    assert_eq!(row(7).compute().unwrap().id, 7);
}

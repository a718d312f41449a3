use crate::n_tasks;
use chunkwise_delayed::{CollectionExt, Delayed, delayed, value};

#[test]
fn tuples_come_apart() {
    let (a, b) = value((1u8, String::from("x"))).unzip();
    assert_eq!((a, b).compute().unwrap(), (1, String::from("x")));
    let six = delayed(|x: i64| (x, x + 1, x + 2, x + 3, x + 4, x + 5)).call((10,)).unzip();
    assert_eq!((six.0, six.2, six.5).compute().unwrap(), (10, 12, 15));
    let (.., last) = value((1, 2, 3)).unzip();
    assert_eq!(n_tasks(&last), 2, "only what is needed runs");
}

#[test]
fn vectors_come_apart() {
    let digits = delayed(|x: u32| x.to_string().chars().collect::<Vec<char>>()).call((407,));
    assert_eq!(digits.nout(3).compute().unwrap(), ['4', '0', '7']);
    assert!(digits.nout(0).is_empty());
    assert_eq!(digits.get(1).compute().unwrap(), '0');
}

#[test]
fn operators_are_those_of_the_values() {
    let (x, y): (Delayed<i64>, Delayed<i64>) = (value(17), value(5));
    for (handle, expected) in [
        (&x + &y, 22),
        (x.clone() - y.clone(), 12),
        (&x * y.clone(), 85),
        (x.clone() / &y, 3),
        (&x % &y, 2),
        (-&x, -17),
        (-x.clone(), -17),
        (&x + 1, 18),
        (x.clone() % 4, 1),
        (100 - &x, 83),
        (2 * x.clone() + 3 * &y, 49),
        (&x - &x, 0),
    ] {
        assert_eq!(handle.compute().unwrap(), expected);
    }
    let z = value(2.0f64);
    assert_eq!((1.0 / (&z * &z) + z).compute().unwrap(), 2.25);
    let text = value(String::from("a")) + value("b");
    assert_eq!(text.compute().unwrap(), "ab");
    let time = std::time::Duration::from_secs(3);
    assert_eq!((value(time) * value(2u32)).compute().unwrap(), time * 2);
}

#[test]
fn an_overflow_in_an_operator_is_a_panic_of_its_task() {
    let error = (value(u8::MAX) + 1).compute().unwrap_err();
    assert!(error.to_string().contains("attempt to add with overflow"), "{error}");
    assert!((value(1u8) / 0).compute().is_err());
}

use chunkwise_delayed::{BoxError, CollectionExt, Delayed, DelayedError, Error, delayed, value};
use std::error::Error as _;
use std::io;

#[test]
fn an_error_names_the_task_and_the_line_of_the_call() {
    let open = delayed(|path: String| {
        std::fs::read_to_string(&path).map_err(|e| io::Error::new(e.kind(), format!("{path}: {e}")))
    })
    .named("open");
    let line = line!() + 1;
    let text = open.try_call(("no/such/file",));
    let len = text.map(String::len);
    let Err(error) = len.compute() else { panic!("the file does not exist") };
    let Error::Task { site, source } = &error else { panic!("{error:?}") };
    assert!(site.key.to_string().starts_with("open-"), "{}", site.key);
    assert_eq!(site.operation, "open");
    assert_eq!((site.made_at.line(), site.made_at.file()), (line, file!()));
    assert_eq!(source.downcast_ref::<io::Error>().unwrap().kind(), io::ErrorKind::NotFound);
    assert_eq!(error.key(), Some(&text.key()));
    assert_eq!(error.to_string(), format!("task {} failed", text.key()));
}

#[test]
fn every_way_to_make_a_task_remembers_its_line() {
    let (a, pair, list) = (value(1i64), value((1i64, 2i64)), value(vec![1i64]));
    let f = delayed(|x: i64| x);
    let g = delayed(|x: i64| Ok::<i64, BoxError>(x));
    let p = delayed(|x: i64| x).pure();
    #[rustfmt::skip]
    let made: Vec<(u32, Delayed<i64>)> = vec![
        (line!(), f.call(&a)),
        (line!(), g.try_call(&a)),
        (line!(), p.call(&a)),
        (line!(), a.map(|x| *x)),
        (line!(), a.try_map(|x| Ok::<i64, BoxError>(*x))),
        (line!(), a.zip_map(&a, |x, y| x + y)),
        (line!(), &a + &a),
        (line!(), &a * 2),
        (line!(), 2 - &a),
        (line!(), -&a),
        (line!(), pair.unzip().1),
        (line!(), list.get(0)),
        (line!(), list.nout(1).remove(0)),
        (line!(), value(3)),
        (line!(), chunkwise_delayed::collect([&a]).map(|x| x[0])),
        (line!(), crate::attribute::twice(&a)),
    ];
    for (line, handle) in made {
        let made_at = handle.layer().made_at();
        assert_eq!((made_at.file(), made_at.line()), (file!(), line), "{handle}");
    }
}

#[test]
fn a_panic_is_an_error_that_names_the_task() {
    let divide = delayed(|x: i64, y: i64| x / y).named("divide");
    let error = (divide.call((1, 0)) + 1).compute().unwrap_err();
    let Error::Panic { site, message } = &error else { panic!("{error:?}") };
    assert!(message.contains("divide by zero"), "{message}");
    assert!(site.key.to_string().starts_with("divide-"));
}

#[test]
fn errors_of_any_kind_are_sources() {
    let text = delayed(|fail: bool| if fail { Err("no luck") } else { Ok(1) });
    assert_eq!(text.try_call((false,)).compute().unwrap(), 1);
    let error = text.try_call((true,)).compute().unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "no luck");
    let boxed = value(String::from("x")).try_map(|text| text.parse::<u8>().map_err(BoxError::from));
    assert!(boxed.compute().unwrap_err().source().unwrap().is::<std::num::ParseIntError>());
}

#[test]
fn another_number_of_results_than_was_said_names_the_task() {
    let three = delayed(|| vec![1, 2, 3]).call(()).named("three");
    for n in [1usize, 2, 4] {
        let error = three.nout(n)[0].compute().unwrap_err();
        let source = error.source().unwrap().downcast_ref::<DelayedError>().unwrap();
        let expected = DelayedError::Length { task: three.key(), expected: n, found: 3 };
        assert_eq!(source, &expected);
        assert_eq!(source.to_string(), format!("task three gave 3 values where nout says {n}"));
    }
    let error = three.get(3).compute().unwrap_err();
    assert_eq!(
        error.source().unwrap().to_string(),
        "task three gave 3 values, so there is none at 3"
    );
}

#[test]
fn a_layer_of_another_type_is_a_type_error() {
    let wrong: Delayed<String> = Delayed::from_layer(value(1u8).named("one").layer().clone());
    let error = wrong.compute().unwrap_err();
    assert_eq!(error.to_string(), "value of one: expected String, found u8");
    assert!(matches!(wrong.shared().compute().unwrap_err(), Error::Type { key: Some(_), .. }));
    assert!(matches!(wrong.map(String::len).compute().unwrap_err(), Error::Task { .. }));
    assert!(matches!(delayed(|_: String| ()).call(&wrong).compute(), Err(Error::Task { .. })));
}

#[test]
#[should_panic(expected = "a handle stands for one block")]
fn a_layer_of_several_blocks_is_no_handle() {
    use chunkwise_graph::{Held, Layer, Name, Value};
    let two = Held::new(vec![2], vec![Value::unit(), Value::unit()]);
    let _ = Delayed::<()>::from_layer(Layer::new(Name::unique("two"), [], two));
}

use chunkwise_delayed::{
    Argument, BoxError, Collection, CollectionExt, Delayed, DelayedError, Error, Inputs, Packing,
    Stored, Unpacking, Values, collect, delayed, lit, value, whole,
};
use chunkwise_graph::Shipment;
use chunkwise_testing::{Crossing, assert_crosses};
use proptest::prelude::*;
use std::error::Error as _;
use std::fmt::Debug;
use std::num::ParseIntError;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

fn larger<T: PartialOrd>(x: T, y: T) -> T {
    if x < y { y } else { x }
}

/// Why the only task that cannot cross does not.
#[track_caller]
fn refusal<C: Collection>(collection: &C) -> String {
    match collection.compute_with(&Crossing) {
        Ok(_) => panic!("it crosses"),
        Err(Error::NotShippable { why, .. }) => why,
        Err(error) => error.source().map(ToString::to_string).unwrap_or_else(|| error.to_string()),
    }
}

fn shipment<T>(handle: &Delayed<T>) -> Shipment {
    match handle.layer().blocks().ship() {
        Ok(shipment) => shipment,
        Err(why) => panic!("{why}"),
    }
}

#[test]
fn functions_and_closures_cross() {
    let (a, b) = (value(1i64), delayed(inc).call((10i64,)));
    assert_crosses(&delayed(add).call((&a, &b)));
    assert_crosses(&delayed(|x: i64, y: i64| x * y).call((&a, &b)));
    assert_crosses(&delayed(larger::<i64>).call((&a, &b)));
    assert_crosses(&delayed(larger::<String>).call(("a", value(String::from("b")))));
    assert_crosses(&delayed(|| 5u8).call(()));
    assert_crosses(&delayed(inc).named("more").call(&a).named("most"));
    assert_crosses(&delayed(|x: i64| larger(x, inc(x))).call(&a));
    assert_crosses(&(delayed(inc).pure().call(&a), delayed(inc).pure().call((1i64,))));
    assert_crosses(&delayed(|text: String| text.parse::<i64>()).try_call(("12",)));
    assert_crosses(&delayed(|text: String| text.parse::<i64>()).pure().try_call(("12",)));
    assert_crosses(&a.map(|x| x + 1));
    assert_crosses(&value(vec![1i64]).map(Vec::len));
    assert_crosses(&a.try_map(|x| u8::try_from(*x)));
    assert_crosses(&a.zip_map(&b, |x, y| x - y));
    assert_crosses(&a.zip_map(&a, |x, y| x - y).shared());
}

#[test]
fn eight_arguments_cross() {
    #[allow(clippy::too_many_arguments, reason = "the most that there may be")]
    fn eight(a: u8, b: u16, c: i32, d: i64, e: bool, f: char, g: String, h: f32) -> String {
        format!("{a} {b} {c} {d} {e} {f} {g} {h}")
    }
    let call = delayed(eight).call((1, value(2), 3, &value(4), true, 'x', "größe ∑", 0.5));
    assert_crosses(&call);
}

#[test]
fn lists_cross() {
    let handles: Vec<Delayed<i64>> = (0..20).map(|x| value(x).map(|x| x * x)).collect();
    let total = delayed(|xs: Vec<i64>| xs.iter().sum::<i64>());
    assert_crosses(&total.call(&handles));
    assert_crosses(&total.call(Vec::<Delayed<i64>>::new()));
    assert_crosses(&total.call([1, 2, 3]));
    assert_crosses(&total.call(lit(vec![1, 2])));
    assert_crosses(&collect(&handles));
    assert_crosses(&collect(&handles[..0]));
    assert_crosses(&handles);
    let nested = delayed(|a: Vec<Vec<i64>>, b: i64, c: Vec<Vec<Vec<i64>>>, d: String| {
        format!("{a:?} {b} {c:?} {d}")
    });
    let lists = [&handles[3..7], &[], &handles[..1]];
    let call = nested.call((&lists, 5, [[vec![1, 2], vec![]], [vec![3], vec![4]]], "end"));
    assert_crosses(&call);
    assert_crosses(&delayed(|texts: Vec<String>| texts.concat()).call(["a", "b"]));
    assert_crosses(&delayed(|paths: Vec<PathBuf>| paths.len()).call(["a", "b"]));
}

#[test]
fn shared_parameters_cross() {
    let f = delayed(|a: Arc<String>, b: Arc<Vec<i64>>, c: Arc<u8>, d: Vec<Arc<i64>>| {
        format!("{a}{b:?}{c}{d:?}")
    });
    assert_crosses(&f.call(("x", [1, 2], 3, [4])));
    let text = value(String::from("y"));
    assert_crosses(&f.call((&text, &[value(1)], lit(4u8), [value(5)])));
    assert_crosses(&f.call((text, lit(vec![6]), value(4u8), Vec::<i64>::new())));
}

#[test]
fn literals_of_every_plain_type_cross() {
    macro_rules! check {
        ($($type:ty: $($value:expr),+;)+) => { $( $(
            assert_crosses(&delayed(|x: $type| format!("{x:?}")).call(($value,)));
            assert_crosses(&delayed(|x: Arc<$type>| format!("{x:?}")).call(($value,)));
            assert_crosses(&delayed(|xs: Vec<$type>| format!("{xs:?}")).call([$value, $value]));
            assert_crosses(&delayed(|x: $type| x).call(lit(<$type>::from($value))));
        )+ )+ };
    }
    check! {
        u8: u8::MAX;
        u16: u16::MAX;
        u32: u32::MAX;
        u64: u64::MAX;
        u128: u128::MAX;
        usize: usize::MAX;
        i8: i8::MIN;
        i16: i16::MIN;
        i32: i32::MIN;
        i64: i64::MIN;
        i128: i128::MIN;
        isize: isize::MIN;
        f32: -0.0f32, f32::INFINITY;
        f64: -0.0f64, f64::MAX;
        bool: true, false;
        char: '\u{10FFFF}';
        String: "größe", "", &String::from("x");
        PathBuf: "a/b", Path::new(""), &PathBuf::from("ü"), &String::from("c");
    }
    let option = delayed(|x: Option<u64>, y: (u8, u8), z: &'static str| format!("{x:?} {y:?} {z}"));
    assert_crosses(&option.call((lit(None), lit((1u8, 2u8)), lit("static"))));
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_text_cross() {
    use std::os::unix::ffi::OsStringExt;
    let path = PathBuf::from(std::ffi::OsString::from_vec(vec![b'a', 0xff]));
    assert_crosses(&delayed(|path: PathBuf| path).call((&path,)));
}

#[test]
fn operators_and_parts_cross() {
    let (x, y): (Delayed<i64>, Delayed<i64>) = (value(17), value(5));
    assert_crosses(&vec![&x + &y, &x - 1, 2 * &x, &x / &y, &x % 4, -&x, -(x.clone() + y)]);
    assert_crosses(&(value(String::from("a")) + value("b")));
    assert_crosses(&(1.0 / value(4.0f64)));
    let pure = delayed(inc).pure().call((1i64,));
    assert_crosses(&((&pure + 1) * 2));

    let digits = delayed(|x: i64| vec![x / 10, x % 10]).call((42i64,));
    assert_crosses(&digits.nout(2));
    assert_crosses(&digits.get(1));
    let (quotient, rest) = delayed(|x: i64| (x / 10, x % 10)).call((42i64,)).unzip();
    assert_crosses(&(quotient, rest));
    assert_crosses(&value((1u8, 2u8, 3u8)).unzip());
    let nothing = delayed(|| ()).call(());
    assert_crosses(&(nothing.map(|()| 1u8), delayed(|(): ()| 2u8).call(&nothing), nothing));
}

#[test]
fn items_of_one_type_are_one_kernel() {
    let items = value(vec![1i64, 2, 3]).nout(3);
    let other = value(vec![1i64]).named("other").get(0);
    for item in [&items[1], &items[2], &other] {
        let (item, first) = (shipment(item), shipment(&items[0]));
        assert_eq!(item.function().name(), first.function().name());
        assert_eq!(item.state(), first.state());
    }
}

#[test]
fn like_calls_are_one_kernel() {
    let f = delayed(|xs: Vec<i64>, y: f64, name: String| xs.len() as f64 * y + name.len() as f64);
    let handles = [value(1i64), value(2)];
    let calls = [f.call((&handles, 1.0, "a")), f.clone().call((&handles, 2.5, "largest"))];
    let [a, b] = calls.each_ref().map(shipment);
    assert_eq!((a.function().name(), a.state()), (b.function().name(), b.state()));
    assert_eq!(a.arguments().len(), 2);
    assert_ne!(a.state(), shipment(&f.call((&handles[..1], 1.0, "a"))).state());
    assert_eq!(a.output().unwrap().name(), "f64");
    // Numbers are one literal, however many they are.
    let many = shipment(&f.call((vec![1i64; 10_000], 1.0, "a")));
    assert_eq!((many.arguments().len(), many.state().len() <= 16), (3, true));
}

#[cfg(feature = "serde")]
mod of_serde_types {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Row {
        id: u32,
        name: String,
    }

    #[delayed]
    fn row(id: u32, name: &str) -> Row {
        Row { id, name: name.to_owned() }
    }

    #[delayed(pure, name = "find")]
    fn row_of_name(rows: Vec<u32>, name: String) -> Result<Row, ParseIntError> {
        Ok(Row { id: rows.len() as u32 + name.parse::<u32>()?, name })
    }

    #[delayed]
    fn shown<T: Debug + Send + Sync + Clone + 'static>(
        rows: &[T],
        last: &T,
        path: &Path,
    ) -> String {
        format!("{rows:?} {last:?} {path:?}")
    }

    #[test]
    fn results_of_functions_with_the_attribute_cross() {
        let rows = [row(1, "a"), row(value(2), "b")];
        assert_crosses(&rows[0]);
        assert_crosses(&rows[1].map(|row| row.name.clone()));
        assert_crosses(&row_of_name([1, 2], "7"));
        assert_crosses(&shown(&rows, &rows[1], "a/b"));
        assert_crosses(&shown::<i64>([1, 2], 3, "a/b"));
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Registered(Vec<(String, Row)>);

    #[test]
    fn registered_types_cross_anywhere() {
        chunkwise_delayed::register_serde::<Registered>();
        let a = Registered(vec![(String::new(), Row { id: 1, name: "a".into() })]);
        let same = delayed(|x: Registered| x);
        assert_crosses(&same.call(lit(a.clone())));
        assert_crosses(&same.call(value(a.clone())));
        assert_crosses(&value(a.clone()).map(Clone::clone).map(|a| a.0.len()));
        assert_crosses(&delayed(|x: Arc<Registered>| x.0.len()).call(lit(a.clone())));
        // One by one: vectors of it are not registered.
        let list = delayed(|xs: Vec<Registered>, y: u8| format!("{xs:?} {y}"));
        assert_crosses(&list.call(([lit(a.clone()), lit(a)], 3)));
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Unregistered;

    #[test]
    fn serde_types_that_nobody_registered_are_refused() {
        let call = delayed(|_: u8, _: Unregistered| ()).call((1, lit(Unregistered)));
        assert_eq!(
            refusal(&call),
            "argument 1: values of type Unregistered cannot leave the process: give the type \
             serde's Serialize and Deserialize and call `register_serde` with it, or make the value \
             inside the function"
        );
        let result = delayed(|| Unregistered).call(());
        assert!(shipment(&result).output().unwrap().codec().is_none(), "found before the run");
        assert_eq!(refusal(&result), "values of type Unregistered cannot leave the process");
    }
}

#[test]
fn failures_name_their_task() {
    let parse = delayed(|text: String| text.parse::<i64>()).named("parse");
    let call = parse.try_call(("twelve",));
    let error = (&call + 1).compute_with(&Crossing).unwrap_err();
    let Error::Task { site, source } = &error else { panic!("{error:?}") };
    assert_eq!((&site.key, site.operation.as_str()), (&call.key(), "parse"));
    assert!(source.is::<ParseIntError>());
    let error = value(300i64).try_map(|x| u8::try_from(*x)).compute_with(&Crossing).unwrap_err();
    assert_eq!(
        error.source().unwrap().to_string(),
        "out of range integral type conversion attempted"
    );
}

#[test]
fn parts_that_are_not_there_name_what_should_have_them() {
    let list = delayed(|| vec![1, 2, 3]).call(());
    for task in [list.clone(), list.named("three"), delayed(inc).call((1,)).map(|_| vec![1, 2, 3])]
    {
        let error = task.nout(2)[0].compute_with(&Crossing).unwrap_err();
        let source = error.source().unwrap().downcast_ref::<DelayedError>().unwrap();
        let expected = DelayedError::Length { task: task.key(), expected: 2, found: 3 };
        assert_eq!(source, &expected);
        assert_eq!(source.to_string(), expected.to_string());
        let error = task.get(3).compute_with(&Crossing).unwrap_err();
        let source = error.source().unwrap().downcast_ref::<DelayedError>().unwrap();
        assert_eq!(source, &DelayedError::Index { task: task.key(), index: 3, found: 3 });
    }
}

#[test]
fn captures_are_refused() {
    let step = std::hint::black_box(2i64);
    let (text, x) = (String::from("abc"), value(1i64));
    let why = |bytes: usize| {
        format!(
            "closure in captures_are_refused captures {bytes} bytes: pass what it captures as an \
             argument, or run it on threads"
        )
    };
    assert_eq!(refusal(&delayed(move |x: i64| x + step).call(&x)), why(8));
    assert_eq!(refusal(&delayed(move |x: i64| Ok::<_, BoxError>(x + step)).try_call(&x)), why(8));
    assert_eq!(refusal(&x.map(move |x| x + step)), why(8));
    assert_eq!(refusal(&x.try_map(move |x| Ok::<_, BoxError>(x + step))), why(8));
    assert_eq!(refusal(&x.zip_map(&x, move |x, y| x + y + step)), why(8));
    let named = delayed(move |x: i64| x + text.len() as i64).named("longer");
    assert_eq!(
        refusal(&named.call(&x)),
        why(24).replace("closure in captures_are_refused", "longer")
    );
    // What to write instead.
    assert_crosses(&delayed(|x: i64, step: i64| x + step).call((&x, step)));
}

#[test]
fn pointers_to_functions_are_refused() {
    let pointer: fn(i64) -> i64 = inc;
    let why = "is a pointer to a function, whose address means nothing elsewhere: pass the \
               function itself, or a closure that calls it";
    assert_eq!(refusal(&delayed(pointer).call((1i64,))), format!("fn(i64) -> i64 {why}"));
    assert_eq!(refusal(&delayed(pointer).named("inc").call((1,))), format!("inc {why}"));
}

#[test]
fn whole_collections_are_refused() {
    let pair = (value(1i64), value(2i64));
    let f = delayed(|x: i64, (a, b): (i64, i64)| x + a + b);
    assert_eq!(
        refusal(&f.call((1, whole(pair.clone())))),
        "argument 1: a whole collection cannot leave the process: compute it first and give its \
         result, or run the call on threads"
    );
    assert_crosses(&f.call((1, lit(pair.compute().unwrap()))));
}

#[test]
fn arcs_given_as_literals_are_refused() {
    let f = delayed(|text: Arc<String>| text.len());
    assert_eq!(
        refusal(&f.call((lit(Arc::new(String::from("a"))),))),
        "argument 0: values of type Arc<String> cannot leave the process: write `lit(x)` without \
         the `Arc`, or give `value(x)`, which tasks share"
    );
    assert_crosses(&f.call((lit(String::from("a")),)));
}

#[derive(Debug)]
struct NoCodec;

#[test]
fn types_without_a_codec_are_refused() {
    let made = value(1u8).map(|_| NoCodec);
    assert!(shipment(&made).output().unwrap().codec().is_none(), "found before the run");
    assert_eq!(refusal(&made.shared()), "values of type NoCodec cannot leave the process");
    let list = delayed(|list: Vec<Arc<NoCodec>>| list.len()).call([lit(NoCodec)]);
    assert_eq!(
        refusal(&list),
        "argument 0: values of type NoCodec cannot leave the process: give the type serde's \
         Serialize and Deserialize and call `register_serde` with it, or make the value inside the \
         function"
    );
}

/// Arguments of another crate: the sum of some numbers.
struct Sum<const SHIPS: bool>(Vec<Delayed<f64>>);

struct StoredSum<const SHIPS: bool> {
    n: usize,
    unit: Vec<u8>,
}

impl<const SHIPS: bool> Argument<String> for Sum<SHIPS>
where
    StoredSum<SHIPS>: Stored<String>,
{
    type Stored = StoredSum<SHIPS>;

    fn store(self, inputs: &mut Inputs) -> StoredSum<SHIPS> {
        self.0.iter().for_each(|number| inputs.push(number.layer().clone()));
        StoredSum { n: self.0.len(), unit: b"m".to_vec() }
    }
}

impl<const SHIPS: bool> StoredSum<SHIPS> {
    fn total(&self, values: &mut Values<'_>) -> Result<String, BoxError> {
        let numbers = values.take(self.n).map(|value| Ok(*value.get::<f64>()?));
        let total = numbers.sum::<Result<f64, BoxError>>()?;
        Ok(format!("{total}{}", std::str::from_utf8(&self.unit)?))
    }
}

impl Stored<String> for StoredSum<true> {
    fn read(&self, values: &mut Values<'_>) -> Result<String, BoxError> {
        self.total(values)
    }

    fn ship(&self, to: &mut Packing) -> Result<(), String> {
        to.number(self.n);
        to.bytes(&self.unit);
        Ok(())
    }

    fn receive(from: &mut Unpacking<'_>) -> Result<String, BoxError> {
        let stored = StoredSum::<true> { n: from.number()?, unit: from.bytes()?.to_vec() };
        stored.read(from.values())
    }
}

impl Stored<String> for StoredSum<false> {
    fn read(&self, values: &mut Values<'_>) -> Result<String, BoxError> {
        self.total(values)
    }
}

#[test]
fn arguments_of_other_crates_cross_if_they_say_how() {
    let numbers = || vec![value(1.5), value(2.0), value(3.0)];
    let f = delayed(|a: String, b: f64, c: Vec<String>| format!("{a} {b} {c:?}"));
    assert_crosses(&f.call((Sum::<true>(numbers()), value(7.0), [Sum::<true>(numbers())])));
    assert_eq!(
        refusal(&f.call((Sum::<false>(numbers()), 7.0, ["x"]))),
        "argument 0: StoredSum<false> has no portable form: give it `ship` and `receive` of \
         `Stored`, or run it on threads"
    );
}

/// Calls that work on earlier ones: each step is what to do, and which two to do it with.
fn tree(steps: &[(u8, usize, usize)]) -> Vec<Delayed<i64>> {
    let mut made = vec![value(3i64), value(-5)];
    for &(what, a, b) in steps {
        let (x, y) = (&made[a % made.len()], &made[b % made.len()]);
        let wrapping = delayed(|x: i64, y: i64| x.wrapping_mul(3).wrapping_sub(y));
        let next = match what % 12 {
            0 => wrapping.call((x, y)),
            1 => wrapping.pure().call((x, b as i64)),
            2 => x.map(|x| x.rotate_left(7)),
            3 => x.zip_map(y, |x, y| x ^ y),
            4 => delayed(|xs: Vec<i64>, by: i64| xs.iter().fold(by, |a, x| a.wrapping_add(*x)))
                .call((&made[..], a as i64)),
            5 => delayed(|xs: Vec<Vec<i64>>| xs.concat().len() as i64).call((&[
                vec![x, y],
                vec![],
                vec![x],
            ],)),
            6 => collect([x, y, x]).get(b % 3),
            7 => collect([x, y]).nout(2).remove(b % 2),
            8 => x.map(|x| (*x, x.wrapping_neg())).unzip().1,
            9 => (x % 1_000) * (y % 1_000) + 1,
            10 => -(x / 2),
            _ => delayed(|text: Arc<String>, x: Arc<i64>| text.len() as i64 + *x % 7)
                .call((format!("{a}"), y)),
        };
        made.push(next);
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is called with whatever: what crosses is what is computed here.
    #[test]
    fn random_trees_cross(
        steps in prop::collection::vec((0u8..12, 0usize..50, 0usize..50), 0..40),
    ) {
        assert_crosses(&tree(&steps));
    }
}

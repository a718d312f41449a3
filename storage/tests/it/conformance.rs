//! What every reader and writer of regions must do, whatever the format.

use chunkwise_storage::{DType, Element, ReadRegion, Region, Span, WriteRegion};
use num_complex::Complex;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

/// Element number `i` of test data, as the scripts in `fixtures` make it.
pub(crate) trait Numbered: Element {
    fn numbered(i: usize) -> Self;
}

fn base(i: usize) -> i64 {
    (i as i64 * 7 + 3) % 251
}

macro_rules! numbered {
    ($($t:ty: $i:ident => $value:expr);+ $(;)?) => { $(
        impl Numbered for $t {
            fn numbered(i: usize) -> $t {
                let $i = base(i);
                $value
            }
        }
    )+ };
}

numbered! {
    bool: i => i % 2 == 1;
    i8: i => (i - 125) as i8;
    i16: i => (i - 125) as i16;
    i32: i => (i - 125) as i32;
    i64: i => i - 125;
    u8: i => i as u8;
    u16: i => i as u16;
    u32: i => i as u32;
    u64: i => i as u64;
    f32: i => (i - 125) as f32 / 4.0;
    f64: i => (i - 125) as f64 / 4.0;
    Complex<f32>: i => Complex::new((i - 125) as f32 / 4.0, i as f32 / 2.0);
    Complex<f64>: i => Complex::new((i - 125) as f64 / 4.0, i as f64 / 2.0);
}

/// The first elements of test data.
pub(crate) fn numbered<T: Numbered>(shape: &[usize]) -> Vec<T> {
    (0..shape.iter().product()).map(T::numbered).collect()
}

/// Runs a generic function for every element type.
macro_rules! for_every_type {
    ($function:ident($($argument:expr),*)) => {
        $function::<bool>($($argument),*);
        $function::<i8>($($argument),*);
        $function::<i16>($($argument),*);
        $function::<i32>($($argument),*);
        $function::<i64>($($argument),*);
        $function::<u8>($($argument),*);
        $function::<u16>($($argument),*);
        $function::<u32>($($argument),*);
        $function::<u64>($($argument),*);
        $function::<f32>($($argument),*);
        $function::<f64>($($argument),*);
        $function::<num_complex::Complex<f32>>($($argument),*);
        $function::<num_complex::Complex<f64>>($($argument),*);
    };
}
pub(crate) use for_every_type;

/// The name that numpy has for a type.
pub(crate) fn numpy_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        DType::I8 => "int8",
        DType::I16 => "int16",
        DType::I32 => "int32",
        DType::I64 => "int64",
        DType::U8 => "uint8",
        DType::U16 => "uint16",
        DType::U32 => "uint32",
        DType::U64 => "uint64",
        DType::F32 => "float32",
        DType::F64 => "float64",
        DType::C64 => "complex64",
        DType::C128 => "complex128",
        _ => unreachable!(),
    }
}

/// The places of the elements of a region in a row-major array, one by one.
pub(crate) fn places(shape: &[usize], region: &Region) -> Vec<usize> {
    let mut places = vec![0];
    for (span, &len) in region.spans().iter().zip(shape) {
        places = places
            .into_iter()
            .flat_map(|place| span.positions().map(move |at| place * len + at))
            .collect();
    }
    places
}

/// What a region of an array in memory holds.
pub(crate) fn slow_read<T: Element>(shape: &[usize], all: &[T], region: &Region) -> Vec<T> {
    places(shape, region).into_iter().map(|place| all[place]).collect()
}

/// A region that lies in an array of this shape.
pub(crate) fn region_in(shape: &[usize]) -> BoxedStrategy<Region> {
    let spans: Vec<_> = shape
        .iter()
        .map(|&len| {
            (0..=len, 1..6usize).prop_flat_map(move |(start, step)| {
                let most = (len - start).div_ceil(step);
                (Just(start), 0..=most, Just(step))
            })
        })
        .collect();
    spans
        .prop_map(|spans| {
            spans.into_iter().map(|(start, count, step)| Span { start, count, step }).collect()
        })
        .boxed()
}

/// Shapes and chunk shapes.
pub(crate) fn shapes() -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> {
    prop::collection::vec((0..14usize, 1..8usize), 0..4).prop_map(|axes| axes.into_iter().unzip())
}

/// Runs a property so many times; the seed is fixed.
pub(crate) fn property<S: Strategy>(
    cases: u32,
    input: S,
    check: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng).run(&input, check).unwrap();
}

/// The whole of an array.
pub(crate) fn read_all<T: Element>(source: &impl ReadRegion<T>) -> Vec<T> {
    let region = Region::whole(source.shape());
    let mut out = vec![T::default(); region.len()];
    source.read(&region, &mut out).unwrap();
    out
}

/// A reader gives what the array in memory has: all, many regions, from several threads at once.
pub(crate) fn check_reader<T: Element>(source: &impl ReadRegion<T>, shape: &[usize], all: &[T]) {
    assert_eq!(source.shape(), shape);
    assert_eq!(read_all(source), all, "{}", source.describe());
    if let Some(chunk) = source.chunk_shape() {
        assert_eq!(chunk.len(), shape.len());
        assert!(chunk.iter().all(|len| *len > 0));
    }
    let check = |region: &Region| {
        let mut out = vec![T::default(); region.len()];
        source.read(region, &mut out).unwrap();
        assert_eq!(out, slow_read(shape, all, region), "{} {region}", source.describe());
    };
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                property(24, region_in(shape), |region| {
                    check(&region);
                    Ok(())
                });
            });
        }
    });
    // outside, and with the wrong number of elements
    let mut one: Vec<Span> = shape.iter().map(|&len| Span::new(0, len)).collect();
    if let Some(first) = one.first_mut() {
        first.count += 1;
        let region: Region = one.into_iter().collect();
        let mut out = vec![T::default(); region.len()];
        assert!(source.read(&region, &mut out).is_err());
    }
    let mut out = vec![T::default(); all.len() + 1];
    assert!(source.read(&Region::whole(shape), &mut out).is_err());
    assert_eq!(source.identity(), source.identity());
}

/// Writes regions one after the other, to a target and to an array in memory.
pub(crate) fn write_regions<T: Numbered>(
    target: &impl WriteRegion<T>,
    all: &mut [T],
    regions: &[Region],
) {
    let shape = target.shape().to_vec();
    for (number, region) in regions.iter().enumerate() {
        let data: Vec<T> = (0..region.len()).map(|i| T::numbered(i + number * 31)).collect();
        target.write(region, &data).unwrap();
        for (place, element) in places(&shape, region).into_iter().zip(data) {
            all[place] = element;
        }
    }
}

/// Two threads write all of an array in stripes that do not agree with its chunks, every other
/// stripe each, so that both touch the same chunks all the time.
pub(crate) fn write_stripes<T: Numbered>(target: &impl WriteRegion<T>, width: usize) {
    let shape = target.shape().to_vec();
    let all = numbered::<T>(&shape);
    let stripes: Vec<Region> = (0..shape[0])
        .step_by(width)
        .map(|start| {
            let mut spans: Vec<Span> = shape.iter().map(|&len| Span::new(0, len)).collect();
            spans[0] = Span::new(start, width.min(shape[0] - start));
            spans.into_iter().collect()
        })
        .collect();
    let (all, stripes) = (&all, &stripes);
    std::thread::scope(|threads| {
        for worker in 0..2 {
            let shape = &shape;
            threads.spawn(move || {
                for region in stripes.iter().skip(worker).step_by(2) {
                    target.write(region, &slow_read(shape, all, region)).unwrap();
                }
            });
        }
    });
}

use super::{read, read_all, select};
use chunkwise_storage::zarr::{ZarrArray, ZarrGroup, ZarrMeta, ZarrVersion};
use chunkwise_storage::{Element, ReadRegion, Region, Span, StorageError};
use num_complex::Complex;
use std::path::PathBuf;

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "zarr", name].iter().collect()
}

const SHAPE: [usize; 2] = [10, 13];

/// What `make_zarr.py` puts into an array, before conversion.
fn numbers<T>(number: impl Fn(usize) -> T) -> Vec<T> {
    (0..SHAPE[0] * SHAPE[1]).map(number).collect()
}

/// Checks the whole array and a region with steps.
fn check<T: Element>(name: &str, expected: Vec<T>) {
    let array = ZarrArray::<T>::open(fixture(name), "").unwrap();
    assert_eq!(array.shape(), SHAPE, "{name}");
    assert_eq!(array.chunk_shape(), Some(&[4, 5][..]), "{name}");
    assert_eq!(read_all(&array).unwrap(), expected, "{name}");
    let steps = [Span { start: 1, count: 3, step: 4 }, Span { start: 2, count: 4, step: 3 }];
    let region = Region::from_iter(steps);
    assert_eq!(read(&array, &region).unwrap(), select(&expected, &SHAPE, &region), "{name}");
}

#[test]
fn version_2_is_read() {
    let floats = |i: usize| i as f32 * 0.5 - 7.0;
    check("v2_default", numbers(floats));
    check("v2_gzip", numbers(|i| (i % 101) as i16));
    check("v2_zlib", numbers(|i| (i % 101) as i64));
    check("v2_zstd", numbers(|i| f64::from(floats(i))));
    check("v2_blosc_lz4", numbers(floats));
    check("v2_blosc_zstd", numbers(|i| (i % 101) as u32));
    check("v2_fortran", numbers(|i| (i % 101) as u16));
    check("v2_nested", numbers(|i| (i % 101) as i32));
    check("v2_big_endian", numbers(|i| f64::from(floats(i))));
    check("v2_bool", numbers(|i| i % 3 == 0));
    check("v2_complex", numbers(|i| Complex::new(i as f32 + 0.5, -2.0 * i as f32)));
}

#[test]
fn version_3_is_read() {
    let floats = |i: usize| i as f32 * 0.5 - 7.0;
    check("v3_zstd", numbers(floats));
    check("v3_gzip", numbers(|i| (i % 101) as i64));
    check("v3_blosc", numbers(|i| (i % 101) as u16));
    check("v3_plain", numbers(|i| (i % 101) as i8));
    check("v3_big_endian", numbers(|i| (i % 101) as i32));
    check("v3_transposed", numbers(|i| f64::from(floats(i))));
    check("v3_bool", numbers(|i| i % 3 == 0));
    check("v3_complex", numbers(|i| Complex::new(i as f64 + 0.5, -2.0 * i as f64)));
}

#[test]
fn shards_are_read() {
    check("v3_sharded", numbers(|i| i as f32 * 0.5 - 7.0));
    check("v3_sharded_start", numbers(|i| (i % 101) as u8));
    let meta = ZarrMeta::read(fixture("v3_sharded"), "").unwrap();
    assert_eq!((meta.chunks(), meta.shards()), (&[4, 5][..], Some(&[8, 10][..])));
    check("v3_transposed_sharded", numbers(|i| (i % 101) as i16));
    // with a codec around the sharding, shards are read whole
    let array = ZarrArray::<i16>::open(fixture("v3_sharded_transposed"), "").unwrap();
    assert_eq!(read_all(&array).unwrap(), numbers(|i| (i % 101) as i16));
    assert_eq!(array.chunk_shape(), Some(&[10, 10][..]));
}

#[test]
fn missing_chunks_have_the_fill_value() {
    let inside = |i: usize, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>| {
        rows.contains(&(i / SHAPE[1])) && columns.contains(&(i % SHAPE[1]))
    };
    let array = ZarrArray::<f32>::open(fixture("v2_holes"), "").unwrap();
    for (i, number) in read_all(&array).unwrap().into_iter().enumerate() {
        assert!(if inside(i, 4..8, 5..10) { number == 3.0 } else { number.is_nan() }, "{i}");
    }
    check("v3_holes", numbers(|i| if inside(i, 4..8, 5..10) { 3i16 } else { -9 }));
    let array = ZarrArray::<Complex<f32>>::open(fixture("v3_sharded_holes"), "").unwrap();
    let (hole, other) = (Complex::new(1.0, 2.0), Complex::new(3.0, 0.0));
    let expected = numbers(|i| if inside(i, 5..6, 1..3) { other } else { hole });
    assert_eq!(read_all(&array).unwrap(), expected);
}

#[test]
fn arrays_without_axes_or_elements_are_read() {
    let scalar = ZarrArray::<f64>::open(fixture("v2_scalar"), "").unwrap();
    assert_eq!((scalar.shape(), read_all(&scalar).unwrap()), (&[][..], vec![6.5]));
    let scalar = ZarrArray::<f32>::open(fixture("v3_scalar"), "").unwrap();
    assert_eq!(read_all(&scalar).unwrap(), [6.5]);
    let empty = ZarrArray::<i32>::open(fixture("v2_empty"), "").unwrap();
    assert_eq!((empty.shape(), read_all(&empty).unwrap()), (&[0, 5][..], vec![]));
    let empty = ZarrArray::<i32>::open(fixture("v3_empty"), "").unwrap();
    assert_eq!((empty.shape(), read_all(&empty).unwrap()), (&[3, 0][..], vec![]));
}

#[test]
fn attributes_are_read() {
    let array = ZarrArray::<f32>::open(fixture("v2_default"), "").unwrap();
    assert_eq!(array.attributes()["units"], "K");
    assert_eq!(array.attributes()["scale"], serde_json::json!([1, 2.5]));
    let array = ZarrArray::<f32>::open(fixture("v3_zstd"), "").unwrap();
    assert_eq!(array.attributes()["units"], "K");
}

#[test]
fn groups_list_their_arrays() {
    for (name, version) in [("v2_group", ZarrVersion::V2), ("v3_group", ZarrVersion::V3)] {
        let group = ZarrGroup::open(fixture(name)).unwrap();
        assert_eq!(group.arrays().unwrap(), ["deep/er/wind", "t2m"]);
        assert_eq!((&group.attributes()["title"], group.version()), (&name.into(), version));
        let below = ZarrGroup::open(fixture(name).join("deep")).unwrap();
        assert_eq!(below.arrays().unwrap(), ["er/wind"]);
        let array = ZarrArray::<i32>::open(fixture(name), "/deep/er/wind/").unwrap();
        assert_eq!(read_all(&array).unwrap(), [1, 2, 3]);
        let error = ZarrArray::<i32>::open(fixture(name), "deep/er/wnd").unwrap_err();
        assert!(error.to_string().ends_with("it has deep/er/wind, t2m"), "{error}");
        let error = ZarrArray::<i32>::open(fixture(name), "deep").unwrap_err();
        assert!(error.to_string().ends_with("no dataset /deep; it has deep/er/wind"), "{error}");
    }
    let error = ZarrGroup::open(fixture("v3_zstd")).unwrap_err();
    assert!(error.to_string().ends_with("is no Zarr group file: it is an array"), "{error}");
}

#[test]
fn what_is_not_supported_is_named() {
    let error = ZarrMeta::read(fixture("v2_lzma"), "").unwrap_err();
    assert!(matches!(error, StorageError::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("codec lzma is not supported"), "{error}");
    let error = ZarrMeta::read(fixture("v3_half"), "").unwrap_err();
    assert!(matches!(error, StorageError::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("elements of type float16 is not supported"), "{error}");
    let error = ZarrArray::<f64>::open(fixture("v3_zstd"), "").unwrap_err();
    assert!(error.to_string().ends_with("the elements are f32, not f64"), "{error}");
}

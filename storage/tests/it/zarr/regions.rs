use super::{positions, read, read_all, select};
use chunkwise_storage::zarr::{Compressor, ZarrArray, ZarrOptions, ZarrTarget, ZarrVersion};
use chunkwise_storage::{Element, ReadRegion, Region, Span, WriteRegion};
use num_complex::Complex;
use proptest::prelude::*;

/// An array and two regions of it.
#[derive(Clone, Debug)]
struct Case {
    shape: Vec<usize>,
    chunks: Vec<usize>,
    /// Chunks in a shard.
    per_shard: Option<Vec<usize>>,
    version: ZarrVersion,
    compressor: Compressor,
    regions: Vec<Region>,
}

fn span(len: usize) -> impl Strategy<Value = Span> {
    (0..=len, 1..5usize).prop_flat_map(move |(start, step)| {
        (0..=(len - start).div_ceil(step)).prop_map(move |count| Span { start, count, step })
    })
}

fn cases() -> impl Strategy<Value = Case> {
    let axis = (0..12usize).prop_flat_map(|len| {
        let spans = prop::collection::vec(span(len), 3);
        (Just(len), 1..8usize, 1..4usize, spans)
    });
    let compressor = prop::sample::select(vec![
        Compressor::None,
        Compressor::Gzip { level: 1 },
        Compressor::Zstd { level: 1 },
        Compressor::Blosc { level: 5 },
    ]);
    (prop::collection::vec(axis, 0..4), 0..3, compressor).prop_map(|(axes, kind, compressor)| {
        let of = |region: usize| axes.iter().map(|axis| axis.3[region]).collect();
        Case {
            shape: axes.iter().map(|axis| axis.0).collect(),
            chunks: axes.iter().map(|axis| axis.1).collect(),
            per_shard: (kind == 2).then(|| axes.iter().map(|axis| axis.2).collect()),
            version: if kind == 0 { ZarrVersion::V2 } else { ZarrVersion::V3 },
            compressor,
            regions: (0..3).map(of).collect(),
        }
    })
}

/// Writes two regions and reads everything and another one back.
fn check<T: Element>(case: &Case, fill: T, number: impl Fn(usize) -> T) {
    let Case { shape, chunks, per_shard, version, compressor, regions } = case;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zarr");
    let mut options = ZarrOptions::new(chunks.clone()).fill(fill);
    options = options.version(*version).compressor(*compressor);
    if let Some(per_shard) = per_shard {
        let shards = per_shard.iter().zip(chunks).map(|(s, c)| s * c);
        options = options.shards(shards.collect::<Vec<_>>());
    }
    let target = ZarrTarget::<T>::create(&path, "x/y", shape, &options).unwrap();
    assert_eq!(target.granularity(), options.shards.as_deref().or(Some(chunks)));
    let mut expected = vec![fill; shape.iter().product()];
    for (turn, region) in regions[..2].iter().enumerate() {
        let data: Vec<T> = (0..region.len()).map(|i| number(i + turn * 1000)).collect();
        target.write(region, &data).unwrap();
        positions(shape, region).into_iter().zip(data).for_each(|(at, it)| expected[at] = it);
    }
    target.finish().unwrap();
    let array = ZarrArray::<T>::open(&path, "x/y").unwrap();
    assert_eq!((array.shape(), array.chunk_shape()), (&shape[..], Some(&chunks[..])));
    assert_eq!(read_all(&array).unwrap(), expected);
    assert_eq!(read(&array, &regions[2]).unwrap(), select(&expected, shape, &regions[2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_written_is_read(case in cases(), kind in 0..4) {
        match kind {
            0 => check(&case, -1.5f32, |i| i as f32),
            1 => check(&case, true, |i| i % 3 == 0),
            2 => check(&case, 0u16, |i| i as u16),
            _ => check(&case, Complex::new(0.0, f64::INFINITY), |i| Complex::new(i as f64, -1.0)),
        }
    }
}

#[test]
fn every_type_is_written_and_read() {
    fn one<T: Element>(fill: T, numbers: [T; 3]) {
        for version in [ZarrVersion::V2, ZarrVersion::V3] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a");
            let options = ZarrOptions::new([2]).fill(fill).version(version);
            let target = ZarrTarget::<T>::create(&path, "", &[8], &options).unwrap();
            target.write(&Region::from_iter([Span::new(0, 3)]), &numbers).unwrap();
            target.finish().unwrap();
            let array = ZarrArray::<T>::open(&path, "").unwrap();
            let found = read_all(&array).unwrap();
            assert_eq!(T::bytes_of(&found[..3]), T::bytes_of(&numbers), "{}", T::DTYPE);
            let rest = found[3..].iter().all(|it| T::bytes_of(&[*it]) == T::bytes_of(&[fill]));
            assert!(rest, "{} {version:?}: {found:?}", T::DTYPE);
        }
    }
    one(true, [true, false, true]);
    one(i8::MIN, [-1, 0, 1]);
    one(i16::MIN, [-1, 0, i16::MAX]);
    one(i32::MIN, [-1, 0, i32::MAX]);
    one(i64::MIN, [-1, 0, i64::MAX]);
    one(u8::MAX, [1, 0, 2]);
    one(u16::MAX, [1, 0, 2]);
    one(u32::MAX, [1, 0, 2]);
    one(u64::MAX, [1, 0, u64::MAX - 1]);
    one(0.1f32, [-0.0, f32::MAX, 1e-40]);
    one(f32::NAN, [f32::INFINITY, 0.0, 1.0]);
    one(f64::NEG_INFINITY, [f64::NAN, -0.0, 1.0]);
    one(-0.0f64, [f64::MIN_POSITIVE, 0.0, 1.0]);
    one(Complex::new(0.1f32, -0.0), [Complex::new(1.0, 2.0); 3]);
    one(Complex::new(f64::NAN, f64::INFINITY), [Complex::new(1.0, 2.0); 3]);
}

#[test]
fn only_touched_chunks_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let options = ZarrOptions::new([2]).shards([4]).compressor(Compressor::None);
    let target = ZarrTarget::<u8>::create(&path, "", &[12], &options).unwrap();
    target.write(&Region::whole(&[12]), &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).unwrap();
    target.finish().unwrap();
    std::fs::write(path.join("c/1"), b"damaged").unwrap();
    let array = ZarrArray::<u8>::open(&path, "").unwrap();
    let around = Region::from_iter([Span { start: 2, count: 2, step: 7 }]);
    assert_eq!(read(&array, &around).unwrap(), [3, 10]);
    assert!(read(&array, &Region::whole(&[12])).is_err());
}

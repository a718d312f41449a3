use chunkwise_storage::zarr::{Compressor, ZarrOptions, ZarrTarget, ZarrVersion};
use chunkwise_storage::{Element, Region, Span, WriteRegion};
use num_complex::Complex;
use std::path::Path;

const SHAPE: [usize; 2] = [10, 13];

/// Writes all rows but the last chunk's worth of columns, in regions across the chunks.
fn one<T: Element>(folder: &Path, fill: T, number: impl Fn(usize) -> T) {
    let compressors = [
        ("none", Compressor::None),
        ("gzip", Compressor::Gzip { level: 5 }),
        ("zstd", Compressor::Zstd { level: 3 }),
        ("blosc", Compressor::Blosc { level: 5 }),
    ];
    for (name, compressor) in compressors {
        for kind in ["v2", "v3", "sharded"] {
            let mut options = ZarrOptions::new([4, 5]).compressor(compressor).fill(fill);
            match kind {
                "v2" => options = options.version(ZarrVersion::V2),
                "v3" => {}
                _ => options = options.shards([8, 10]),
            }
            options.attributes.insert("units".to_owned(), "K".into());
            let dtype = T::DTYPE.name().replace(['<', '>'], "_");
            let path = folder.join(format!("{dtype}-{name}-{kind}"));
            let target = ZarrTarget::create(&path, "group/x", &SHAPE, &options).unwrap();
            for row in (0..SHAPE[0]).step_by(3) {
                let rows = Span::new(row, 3.min(SHAPE[0] - row));
                let region = Region::from_iter([rows, Span::new(0, 9)]);
                let place = |i: usize| (row + i / 9) * SHAPE[1] + i % 9;
                let data: Vec<T> = (0..region.len()).map(|i| number(place(i))).collect();
                target.write(&region, &data).unwrap();
            }
            target.finish().unwrap();
        }
    }
}

/// Writes stores for `fixtures/check_zarr.py`, which reads them with zarr-python:
/// `cargo test -p chunkwise-storage --features zarr -- --ignored for_python --nocapture`.
#[test]
#[ignore = "the other half of it is in Python"]
fn stores_for_python() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zarr-for-python");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    one(&folder, true, |i| i % 3 == 0);
    one(&folder, -9i8, |i| (i % 101) as i8);
    one(&folder, -9i16, |i| (i % 101) as i16);
    one(&folder, -9i32, |i| (i % 101) as i32);
    one(&folder, i64::MIN, |i| (i % 101) as i64);
    one(&folder, 9u8, |i| (i % 101) as u8);
    one(&folder, 9u16, |i| (i % 101) as u16);
    one(&folder, 9u32, |i| (i % 101) as u32);
    one(&folder, u64::MAX, |i| (i % 101) as u64);
    one(&folder, f32::NAN, |i| i as f32 * 0.5 - 7.0);
    one(&folder, f64::NEG_INFINITY, |i| i as f64 * 0.5 - 7.0);
    let complex = |i: usize| Complex::new(i as f32 + 0.5, -2.0 * i as f32);
    one(&folder, Complex::new(0.5, -1.0), complex);
    let complex = |i: usize| Complex::new(i as f64 + 0.5, -2.0 * i as f64);
    one(&folder, Complex::new(f64::NAN, f64::INFINITY), complex);
    for (version, kind) in [(ZarrVersion::V2, "v2"), (ZarrVersion::V3, "v3")] {
        let options = ZarrOptions::new([]).version(version);
        let path = folder.join(format!("scalar-{kind}"));
        let target = ZarrTarget::<f64>::create(path, "", &[], &options).unwrap();
        target.write(&Region::whole(&[]), &[6.5]).unwrap();
        target.finish().unwrap();
        let options = ZarrOptions::new([2, 5]).version(version);
        let path = folder.join(format!("empty-{kind}"));
        let target = ZarrTarget::<f64>::create(path, "", &[3, 0], &options).unwrap();
        target.write(&Region::whole(&[3, 0]), &[]).unwrap();
        target.finish().unwrap();
        let options = ZarrOptions::new([50]).version(version);
        let path = folder.join(format!("large-chunk-{kind}"));
        let target = ZarrTarget::<f64>::create(path, "", &[3], &options).unwrap();
        target.write(&Region::whole(&[3]), &[1.0, 2.0, 3.0]).unwrap();
        target.finish().unwrap();
    }
    println!("{}", folder.display());
}

//! What we write, read by ourselves and by h5py.

use crate::conformance::{
    Numbered, check_reader, for_every_type, numbered, numpy_name, property, region_in, shapes,
    write_regions, write_stripes,
};
use chunkwise_storage::hdf5::{Attribute, Backend, DatasetOptions, Hdf5File, Hdf5Writer};
use chunkwise_storage::{Region, Span, StorageError, WriteRegion};
use proptest::prelude::*;
use std::path::Path;

/// Whether chunks are packed, and how.
#[derive(Clone, Copy, Debug)]
enum Packing {
    Contiguous,
    Plain,
    Gzip,
    All,
}

fn options<T: Numbered>(packing: Packing, chunk: &[usize]) -> DatasetOptions<T> {
    match packing {
        Packing::Contiguous => DatasetOptions::default(),
        Packing::Plain => DatasetOptions::chunked(chunk),
        Packing::Gzip => DatasetOptions::chunked(chunk).gzip(1),
        Packing::All => DatasetOptions::chunked(chunk).shuffle().gzip(4).fletcher32(),
    }
}

fn packings() -> impl Strategy<Value = Packing> {
    prop::sample::select(vec![Packing::Contiguous, Packing::Plain, Packing::Gzip, Packing::All])
}

/// Shapes, chunks, packing, and regions to write one after the other.
fn written() -> impl Strategy<Value = (Vec<usize>, Vec<usize>, Packing, Vec<Region>)> {
    (shapes(), packings()).prop_flat_map(|((shape, chunk), packing)| {
        let regions = prop::collection::vec(region_in(&shape), 0..6);
        (Just(shape), Just(chunk), Just(packing), regions)
    })
}

#[test]
fn regions_of_new_files() {
    for &backend in Backend::ALL {
        property(60, written(), |(shape, chunk, packing, regions)| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.hdf5");
            let file = Hdf5Writer::create_with(&path, backend).unwrap();
            let options = options::<i32>(packing, &chunk).fill(-9);
            let target = file.dataset("/g/x", &shape, &options).unwrap();
            let mut all = vec![-9; shape.iter().product()];
            write_regions(&target, &mut all, &regions);
            target.finish().unwrap();
            file.finish().unwrap();
            for &backend in Backend::ALL {
                let dataset = Hdf5File::open_with(&path, backend).unwrap();
                check_reader(&dataset.dataset::<i32>("/g/x").unwrap(), &shape, &all);
            }
            Ok(())
        });
    }
}

#[test]
fn regions_of_files_that_are_there() {
    for &backend in Backend::ALL {
        property(60, written(), |(shape, chunk, packing, regions)| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.hdf5");
            let file = Hdf5Writer::create_with(&path, backend).unwrap();
            let options = options::<f64>(packing, &chunk);
            let mut all = numbered::<f64>(&shape);
            file.dataset("x", &shape, &options)
                .unwrap()
                .write(&Region::whole(&shape), &all)
                .unwrap();
            let other = numbered::<u8>(&[5]);
            file.dataset("other", &[5], &DatasetOptions::default())
                .unwrap()
                .write(&Region::whole(&[5]), &other)
                .unwrap();
            file.finish().unwrap();
            for round in regions.chunks(3) {
                let file = Hdf5File::open_rw_with(&path, backend).unwrap();
                let target = file.target::<f64>("x").unwrap();
                write_regions(&target, &mut all, round);
                target.finish().unwrap();
            }
            let file = Hdf5File::open_with(&path, backend).unwrap();
            check_reader(&file.dataset::<f64>("x").unwrap(), &shape, &all);
            check_reader(&file.dataset::<u8>("other").unwrap(), &[5], &other);
            Ok(())
        });
    }
}

#[test]
fn every_type() {
    fn check<T: Numbered>(file: &Hdf5Writer, path: Option<&Path>, backend: Backend) {
        let all = numbered::<T>(&[9, 5]);
        for packing in [Packing::Contiguous, Packing::Plain, Packing::Gzip, Packing::All] {
            let name = format!("/{packing:?}/{}", numpy_name(T::DTYPE));
            match path {
                None => {
                    let target =
                        file.dataset(&name, &[9, 5], &options::<T>(packing, &[4, 2])).unwrap();
                    write_stripes(&target, 3);
                }
                Some(path) => {
                    let file = Hdf5File::open_with(path, backend).unwrap();
                    check_reader(&file.dataset::<T>(&name).unwrap(), &[9, 5], &all);
                }
            }
        }
    }
    for &backend in Backend::ALL {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.hdf5");
        let other = Hdf5Writer::create(folder.path().join("y.hdf5")).unwrap();
        let file = Hdf5Writer::create_with(&path, backend).unwrap();
        for_every_type!(check(&file, None, backend));
        file.finish().unwrap();
        for_every_type!(check(&other, Some(&path), backend));
    }
}

#[test]
fn two_threads_on_the_same_chunks() {
    for &backend in Backend::ALL {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.hdf5");
        let shape = [57, 40];
        let file = Hdf5Writer::create_with(&path, backend).unwrap();
        for packing in [Packing::Contiguous, Packing::Plain, Packing::Gzip, Packing::All] {
            let name = format!("{packing:?}");
            let target = file.dataset(&name, &shape, &options::<u16>(packing, &[8, 16])).unwrap();
            write_stripes(&target, 5);
        }
        file.finish().unwrap();
        let check = || {
            let file = Hdf5File::open_with(&path, backend).unwrap();
            for info in file.datasets().unwrap() {
                let dataset = file.dataset::<u16>(&info.name).unwrap();
                check_reader(&dataset, &shape, &numbered(&shape));
            }
        };
        check();
        let file = Hdf5File::open_rw_with(&path, backend).unwrap();
        for info in file.datasets().unwrap() {
            let target = file.target::<u16>(&info.name).unwrap();
            target.write(&Region::whole(&shape), &vec![7; 57 * 40]).unwrap();
            write_stripes(&target, 3);
            target.finish().unwrap();
        }
        check();
    }
}

#[test]
fn attributes_are_written() {
    for &backend in Backend::ALL {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.hdf5");
        let file = Hdf5Writer::create_with(&path, backend).unwrap();
        file.dataset::<u8>("g/x", &[2], &DatasetOptions::default()).unwrap();
        let values = [
            ("text", Attribute::from("Kelvin é")),
            ("integer", Attribute::from(-3)),
            ("float", Attribute::from(0.25)),
            ("integers", Attribute::Integers(vec![1, 2, 3])),
            ("floats", Attribute::Floats(vec![0.5, -1.5])),
        ];
        for (name, value) in &values {
            file.set_attribute("g/x", name, value.clone()).unwrap();
        }
        file.set_attribute("/", "title", "a file".into()).unwrap();
        file.set_attribute("/g", "title", "a group".into()).unwrap();
        file.set_attribute("/g", "number", 5.into()).unwrap();
        file.finish().unwrap();
        let file = Hdf5File::open_with(&path, backend).unwrap();
        for (name, value) in &values {
            assert_eq!(file.attribute("/g/x", name).unwrap().as_ref(), Some(value));
        }
        assert_eq!(file.attribute("/", "title").unwrap().unwrap().text(), Some("a file"));
        assert_eq!(file.attribute("/g", "title").unwrap().unwrap().text(), Some("a group"));
    }
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.hdf5");
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    let file = Hdf5Writer::create(&path).unwrap();
    let target = file.dataset::<u8>("x", &[4], &DatasetOptions::chunked(&[2])).unwrap();
    target.write(&Region::whole(&[4]), &[1, 2, 3, 4]).unwrap();
    assert!(!path.exists());
    drop(file);
    drop(target);
    assert_eq!(files(), 0);

    let file = Hdf5Writer::create(&path).unwrap();
    let target = file.dataset::<u8>("x", &[4], &DatasetOptions::default()).unwrap();
    target.write(&Region::whole(&[4]), &[1, 2, 3, 4]).unwrap();
    file.finish().unwrap();
    assert_eq!(files(), 1);
    let error = target.write_region(&Region::whole(&[4]), &[0; 4]).unwrap_err();
    assert!(matches!(error, StorageError::Finished { .. }), "{error}");
    target.finish().unwrap();

    // one in its place: the old one stays until then
    let file = Hdf5Writer::create(&path).unwrap();
    file.dataset::<u8>("y", &[1], &DatasetOptions::default()).unwrap();
    assert!(Hdf5File::open(&path).unwrap().dataset::<u8>("x").is_ok());
    file.finish().unwrap();
    assert!(Hdf5File::open(&path).unwrap().dataset::<u8>("y").is_ok());
    assert_eq!(files(), 1);
}

#[test]
fn what_cannot_be_made_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = Hdf5Writer::create(folder.path().join("x.hdf5")).unwrap();
    let make = |name: &str, options: &DatasetOptions<f64>| {
        file.dataset(name, &[10, 10], options).unwrap_err()
    };
    let error = make("x", &DatasetOptions::default().gzip(1));
    assert!(matches!(error, StorageError::Unsupported { .. }), "{error}");
    let error = make("x", &DatasetOptions::chunked(&[10]));
    assert!(matches!(error, StorageError::ShapeMismatch { .. }), "{error}");
    let error = make("x", &DatasetOptions::chunked(&[0, 1]));
    assert!(matches!(error, StorageError::ShapeMismatch { .. }), "{error}");
    let huge = [1 << 20, 1 << 20];
    let error = file.dataset("x", &huge, &DatasetOptions::<f64>::chunked(&huge)).unwrap_err();
    assert!(error.to_string().contains("4 GiB"), "{error}");
    file.dataset::<u8>("x", &[1], &DatasetOptions::default()).unwrap();
    let error = make("/x/", &DatasetOptions::default());
    assert!(matches!(error, StorageError::DatasetExists { .. }), "{error}");
    let missing = Hdf5Writer::create(folder.path().join("no/x.hdf5")).unwrap_err();
    assert!(matches!(missing, StorageError::NotFound { .. }), "{missing}");
    let at_folder = Hdf5Writer::create(folder.path()).unwrap_err();
    assert!(matches!(at_folder, StorageError::IsDirectory { .. }), "{at_folder}");
}

/// h5py reads what we wrote: run with `CHUNKWISE_PYTHON` naming a Python that has it.
#[test]
fn h5py_reads_it() {
    let Ok(python) = std::env::var("CHUNKWISE_PYTHON") else {
        println!("skipped: CHUNKWISE_PYTHON names no Python with h5py");
        return;
    };
    fn put<T: Numbered>(file: &Hdf5Writer) {
        for packing in [Packing::Contiguous, Packing::Plain, Packing::Gzip, Packing::All] {
            let name = format!("/{packing:?}/{}", numpy_name(T::DTYPE));
            let target = file.dataset(&name, &[23, 17], &options::<T>(packing, &[5, 4])).unwrap();
            // some chunks whole, some in parts, from two threads
            write_stripes(&target, 5);
            let part = Region::from_iter([Span::new(3, 9), Span { start: 1, count: 5, step: 3 }]);
            let all = numbered::<T>(&[23, 17]);
            let data = crate::conformance::slow_read(&[23, 17], &all, &part);
            target.write(&part, &data).unwrap();
        }
    }
    for &backend in Backend::ALL {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.hdf5");
        let file = Hdf5Writer::create_with(&path, backend).unwrap();
        for_every_type!(put(&file));
        let many = DatasetOptions::chunked(&[1]).gzip(1);
        let many = file.dataset::<i16>("/many/chunks", &[3000], &many).unwrap();
        write_stripes(&many, 100);
        let hole = DatasetOptions::chunked(&[4]).fill(2.5);
        let hole = file.dataset::<f32>("/many/hole", &[10], &hole).unwrap();
        hole.write(&Region::from_iter([Span::new(4, 4)]), &[1.0; 4]).unwrap();
        file.dataset::<f32>("/many/scalar", &[], &DatasetOptions::default())
            .unwrap()
            .write(&Region::whole(&[]), &[7.5])
            .unwrap();
        file.dataset::<f32>("/many/empty", &[0, 3], &DatasetOptions::chunked(&[2, 2])).unwrap();
        file.set_attribute("/many/chunks", "units", "K".into()).unwrap();
        file.set_attribute("/many", "levels", Attribute::Integers(vec![1, 2])).unwrap();
        file.finish().unwrap();
        // in place: new contents for packed chunks, of other lengths
        let file = Hdf5File::open_rw_with(&path, backend).unwrap();
        for name in ["/All/int32", "/Gzip/float64", "/Plain/uint8"] {
            match name {
                "/All/int32" => write_stripes(&file.target::<i32>(name).unwrap(), 7),
                "/Gzip/float64" => write_stripes(&file.target::<f64>(name).unwrap(), 7),
                _ => write_stripes(&file.target::<u8>(name).unwrap(), 7),
            }
        }
        file.target::<u8>("/Plain/uint8").unwrap().finish().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/check_hdf5.py");
        let done = std::process::Command::new(&python).arg(script).arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        let failed = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{said}{failed}");
        println!("{said}");
    }
}

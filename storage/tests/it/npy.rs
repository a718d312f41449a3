//! .npy files and folders of them.

use crate::conformance::{
    Numbered, check_reader, for_every_type, numbered, numpy_name, property, region_in, shapes,
    write_regions, write_stripes,
};
use chunkwise_storage::npy::{NpyFile, NpyStack, NpyStackTarget, NpyTarget, write_npy};
use chunkwise_storage::{ReadRegion, Region, StorageError, WriteRegion};
use proptest::prelude::*;
use std::path::PathBuf;
use std::process::Command;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/npy").join(name)
}

#[test]
fn what_numpy_wrote() {
    fn check<T: Numbered>() {
        for suffix in ["", "_big_fortran"] {
            let name = format!("{}{suffix}.npy", numpy_name(T::DTYPE));
            let file = NpyFile::<T>::open(fixture(&name)).unwrap();
            assert_eq!(file.is_fortran_order(), !suffix.is_empty());
            check_reader(&file, &[5, 7], &numbered(&[5, 7]));
        }
    }
    for_every_type!(check());
    for version in 1..=3 {
        let file = NpyFile::<f32>::open(fixture(&format!("version{version}.npy"))).unwrap();
        check_reader(&file, &[2, 3, 4], &numbered(&[2, 3, 4]));
    }
    check_reader(&NpyFile::<f64>::open(fixture("scalar.npy")).unwrap(), &[], &[1.25]);
    check_reader(&NpyFile::<f32>::open(fixture("empty.npy")).unwrap(), &[3, 0], &[]);
}

#[test]
fn what_dask_wrote() {
    for axis in [0, 1] {
        let stack = NpyStack::<f32>::open(fixture(&format!("stack{axis}"))).unwrap();
        assert_eq!(stack.axis(), axis);
        assert_eq!(stack.pieces(), if axis == 0 { vec![2, 2, 2] } else { vec![2, 2] });
        check_reader(&stack, &[6, 4], &numbered(&[6, 4]));
    }
}

#[test]
fn regions_of_files() {
    let input = shapes().prop_flat_map(|(shape, _)| {
        let regions = prop::collection::vec(region_in(&shape), 0..6);
        (Just(shape), regions)
    });
    property(100, input, |(shape, regions)| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.npy");
        let target = NpyTarget::<i16>::create(&path, &shape).unwrap();
        let mut all = vec![0; shape.iter().product()];
        write_regions(&target, &mut all, &regions);
        assert!(!path.exists());
        target.finish().unwrap();
        check_reader(&NpyFile::<i16>::open(&path).unwrap(), &shape, &all);
        // and in place
        let target = NpyTarget::<i16>::open(&path).unwrap();
        write_regions(&target, &mut all, &regions);
        target.finish().unwrap();
        check_reader(&NpyFile::<i16>::open(&path).unwrap(), &shape, &all);
        Ok(())
    });
}

#[test]
fn regions_of_stacks() {
    let input =
        (prop::collection::vec(1..6usize, 1..4), 0..2usize, prop::collection::vec(0..4usize, 1..4))
            .prop_flat_map(|(mut shape, axis, lens)| {
                let axis = axis.min(shape.len() - 1);
                shape[axis] = lens.iter().sum();
                let regions = prop::collection::vec(region_in(&shape), 0..6);
                (Just(shape), Just(axis), Just(lens), regions)
            });
    property(100, input, |(shape, axis, lens, regions)| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stack");
        let target = NpyStackTarget::<f64>::create(&path, &shape, axis, &lens).unwrap();
        let mut all = vec![0.0; shape.iter().product()];
        write_regions(&target, &mut all, &regions);
        target.finish().unwrap();
        let stack = NpyStack::<f64>::open(&path).unwrap();
        assert_eq!((stack.axis(), stack.pieces()), (axis, lens));
        check_reader(&stack, &shape, &all);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        Ok(())
    });
}

#[test]
fn two_threads_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let target = NpyTarget::<bool>::create(&path, &[57, 40]).unwrap();
    write_stripes(&target, 5);
    target.finish().unwrap();
    check_reader(&NpyFile::<bool>::open(&path).unwrap(), &[57, 40], &numbered(&[57, 40]));
    let stack = folder.path().join("stack");
    let target = NpyStackTarget::<bool>::create(&stack, &[57, 40], 0, &[20, 20, 17]).unwrap();
    write_stripes(&target, 7);
    target.finish().unwrap();
    check_reader(&NpyStack::<bool>::open(&stack).unwrap(), &[57, 40], &numbered(&[57, 40]));
}

#[test]
fn what_goes_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let open = |name: &str| NpyFile::<f32>::open(fixture(name)).unwrap_err();
    assert!(matches!(open("none.npy"), StorageError::NotFound { .. }));
    assert!(matches!(open("stack0"), StorageError::IsDirectory { .. }));
    for (name, found) in [("int32.npy", "i32"), ("text.npy", "<U2"), ("pairs.npy", "('a', '<i4')")]
    {
        let error = open(name);
        assert!(matches!(error, StorageError::WrongDType { .. }), "{error}");
        assert!(error.to_string().contains(found), "{error}");
    }
    write_npy(&path, &[10], &[1.0f32; 10]).unwrap();
    let opened = NpyFile::<f32>::open(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for len in 0..bytes.len() {
        std::fs::write(&path, &bytes[..len]).unwrap();
        NpyFile::<f32>::open(&path).unwrap_err();
    }
    // cut short after it was opened: an error, not a signal
    let error = opened.read_region(&Region::whole(&[10]), &mut [0.0; 10]).unwrap_err();
    assert!(matches!(error, StorageError::Truncated { .. }), "{error}");
    for at in 0..128 {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            std::fs::write(&path, &damaged).unwrap();
            if let Ok(file) = NpyFile::<f32>::open(&path) {
                let mut out = vec![0.0; file.shape().iter().product()];
                let _ = file.read(&Region::whole(file.shape()), &mut out);
            }
        }
    }
    let error = write_npy(&path, &[3], &[1.0f32; 10]).unwrap_err();
    assert!(matches!(error, StorageError::ShapeMismatch { .. }), "{error}");
    let dropped = NpyTarget::<f32>::create(folder.path().join("y.npy"), &[3]).unwrap();
    drop(dropped);
    let dropped = NpyStackTarget::<f32>::create(folder.path().join("y"), &[3], 0, &[1, 2]).unwrap();
    drop(dropped);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let wrong = NpyStackTarget::<f32>::create(folder.path().join("y"), &[3], 0, &[1, 1]);
    assert!(matches!(wrong.unwrap_err(), StorageError::ShapeMismatch { .. }));
}

/// numpy and Dask read what we wrote: run with `CHUNKWISE_PYTHON` naming a Python that has them.
#[test]
fn numpy_and_dask_read_it() {
    let Ok(python) = std::env::var("CHUNKWISE_PYTHON") else {
        println!("skipped: CHUNKWISE_PYTHON names no Python with numpy and Dask");
        return;
    };
    fn put<T: Numbered>(folder: &std::path::Path) {
        let name = numpy_name(T::DTYPE);
        let all = numbered::<T>(&[300, 5]);
        write_npy(folder.join(format!("{name}.npy")), &[300, 5], &all).unwrap();
        let path = folder.join(format!("{name}_stack"));
        let stack = NpyStackTarget::<T>::create(path, &[300, 5], 0, &[280, 20]).unwrap();
        write_stripes(&stack, 7);
        stack.finish().unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    for_every_type!(put(folder.path()));
    let script = r#"
import sys, numpy as np, dask.array as da
from check_hdf5 import values
for dtype in "i1 i2 i4 i8 u1 u2 u4 u8 f4 f8 c8 c16 ?".split():
    path, a = sys.argv[1] + "/" + np.dtype(dtype).name, values(dtype, (300, 5))
    for b in [np.load(path + ".npy"), da.from_npy_stack(path + "_stack").compute(scheduler="sync")]:
        assert b.dtype == a.dtype and np.array_equal(a, b), (dtype, b)
    assert da.from_npy_stack(path + "_stack").chunks == ((280, 20), (5,))
"#;
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut command = Command::new(python);
    command.args(["-B", "-c", script]).arg(folder.path()).env("PYTHONPATH", fixtures);
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

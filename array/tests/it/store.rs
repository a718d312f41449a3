use crate::check::{check, check_close, cuts};
use chunkwise_array::{
    Array, CollectionExt, open_hdf5, open_hdf5_in, open_npy, open_npy_stack, s, stack,
};
use chunkwise_sched_threaded::Threaded;
use chunkwise_storage::hdf5::{DatasetOptions, Hdf5File, Hdf5Writer};
use chunkwise_storage::{Region, Span};
use proptest::prelude::*;
use std::sync::Arc;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_written_is_read(
        cut in cuts(1..4, any::<i16>()),
        stored in prop::collection::vec(1usize..5, 4),
        before in prop::collection::vec(0usize..4, 4),
        steps in prop::collection::vec(1usize..3, 4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.hdf5");
        let counts = cut.memory.shape();
        let region: Region = (0..counts.len())
            .map(|axis| Span { start: before[axis], count: counts[axis], step: steps[axis] })
            .collect();
        let shape: Vec<usize> = region.spans().iter().map(|span| span.end() + 2).collect();
        let file = Hdf5Writer::create(&path).unwrap();
        let options = DatasetOptions::chunked(&stored[..shape.len()]).fill(-7);
        let target = Arc::new(file.dataset::<i16>("/x", &shape, &options).unwrap());
        let stored = cut.array.store_region(target, region.clone());
        stored.compute_with(&Threaded::with_threads(3).unwrap()).unwrap();
        drop(stored);
        file.finish().unwrap();

        let all = open_hdf5::<i16>(&path, "/x").unwrap().compute().unwrap();
        let mut expected = ndarray::ArrayD::from_elem(ndarray::IxDyn(&shape), -7);
        let mut place = expected.slice_each_axis_mut(|axis| {
            let span = region.spans()[axis.axis.index()];
            let (start, end) = (span.start as isize, span.end() as isize);
            ndarray::Slice::new(start, Some(end), span.step as isize)
        });
        place.assign(&cut.memory);
        prop_assert_eq!(all, expected);
    }
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.hdf5");
    let x = Array::<f64>::arange(0.0, 100.0, 1.0, 7);
    let bad = x.map(|x| if x == 50.0 { panic!("fifty") } else { x });
    let error = bad.to_hdf5(&path, "/x").compute().unwrap_err();
    assert!(error.to_string().contains("panicked: fifty"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    x.to_hdf5(&path, "/group/x").compute().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = open_hdf5::<f32>(&path, "/group/x").unwrap_err();
    assert!(error.to_string().contains("f64") && error.to_string().contains("f32"), "{error}");
    let error = x.to_hdf5(folder.path().join("no/such.hdf5"), "/x").compute().unwrap_err();
    assert!(error.report().to_string().contains("made at array/tests/it/store.rs"), "{error:?}");
    // In the file that is there.
    let file = Hdf5File::open_rw(&path).unwrap();
    let target = file.target::<f64>("/group/x").unwrap();
    let region = Region::from_iter([Span { start: 0, count: 50, step: 2 }]);
    Array::<f64>::zeros(50, 9).store_region(target, region).compute().unwrap();
    drop(file);
    assert_eq!(open_hdf5::<f64>(&path, "/group/x").unwrap().sum().compute().unwrap(), 2500.0);
}

#[test]
fn shapes_must_agree() {
    let folder = tempfile::tempdir().unwrap();
    let file = Hdf5Writer::create(folder.path().join("x.hdf5")).unwrap();
    let target = file.dataset::<f64>("/x", &[3, 4], &DatasetOptions::default()).unwrap();
    let stored = Array::<f64>::zeros([4, 3], 2).store(target);
    let error = stored.compute().unwrap_err().report().to_string();
    assert!(error.contains("an array of shape (4, 3) where region [0..3, 0..4] of"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_format_gives_back_what_it_was_given(cut in cuts(1..4, any::<i16>()), axis in 0usize..3) {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (x, memory) = (&cut.array, &cut.memory);
        x.to_hdf5(at("x.hdf5"), "/group/x").compute().unwrap();
        check(&open_hdf5(at("x.hdf5"), "/group/x").unwrap(), memory);
        x.to_npy(at("x.npy")).compute().unwrap();
        check(&open_npy(at("x.npy"), 2).unwrap(), memory);
        x.to_npy_stack(at("stack"), axis % memory.ndim()).compute().unwrap();
        check(&open_npy_stack(at("stack")).unwrap(), memory);
        #[cfg(feature = "zarr")]
        {
            x.to_zarr(at("x.zarr"), "group/x").compute().unwrap();
            check(&chunkwise_array::open_zarr(at("x.zarr"), "group/x").unwrap(), memory);
        }
    }
}

#[test]
fn what_exists_is_not_replaced_by_a_run_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.npy");
    let x = Array::<u8>::ones(100, 7);
    x.to_npy(&path).compute().unwrap();
    let bad = x.map(|_| -> u8 { panic!("no") });
    assert!(bad.to_npy(&path).compute().is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(open_npy::<u8>(&path, 9).unwrap().sum().compute().unwrap(), 100);
}

/// A month of real temperatures: 31 files that h5py wrote in 2015, of packed chunks of 23 x 90.
#[test]
fn real_weather() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join("../../shared/data/weather-small");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("not run: there is no {}", folder.display());
        return;
    };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "hdf5"));
    files.sort();
    let days: Vec<Array<f64>> =
        files.iter().map(|path| open_hdf5_in(path, "/t2m", [50, 100]).unwrap()).collect();
    let month = stack(&days, 0);
    assert_eq!(month.dims().unwrap()[..], [31, 180, 360]);
    let mean = month.mean().compute().unwrap();
    assert!((mean - 155.9554490242931).abs() < 1e-9, "{mean}");
    // The mean of the days, and a part of it, which reads less.
    let by_hand = days.iter().fold(ndarray::ArrayD::zeros(vec![180, 360]), |sum, day| {
        sum + day.compute().unwrap() / 31.0
    });
    check_close(&month.mean_axis(0), &by_hand, 1e-12);
    let part = by_hand.slice_axis(ndarray::Axis(0), ndarray::Slice::new(0, None, 7));
    check_close(&month.mean_axis(0).slice(s![..;7]), &part.to_owned(), 1e-12);
}

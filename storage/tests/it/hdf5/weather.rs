//! Real files: a month of temperatures, a day a file. Left out where they are not.

use chunkwise_storage::hdf5::Hdf5File;
use chunkwise_storage::{ReadRegion, Region, Span};
use std::path::PathBuf;

fn days() -> Option<Vec<PathBuf>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/weather-small");
    let mut days: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    days.sort();
    Some(days)
}

#[test]
fn the_mean_of_a_month() {
    let Some(days) = days() else {
        println!("skipped: no weather files");
        return;
    };
    assert_eq!(days.len(), 31);
    let (mut total, mut count) = (0.0, 0);
    for day in &days {
        let dataset = Hdf5File::open(day).unwrap().dataset::<f64>("t2m").unwrap();
        strided_agrees(&dataset);
        let mut out = vec![0.0; dataset.shape().iter().product()];
        dataset.read(&Region::whole(dataset.shape()), &mut out).unwrap();
        total += out.iter().sum::<f64>();
        count += out.len();
    }
    let mean = total / count as f64;
    assert!((mean - 155.955_449_024_293_1).abs() < 1e-9, "{mean}");
}

fn strided_agrees(dataset: &impl ReadRegion<f64>) {
    let shape = dataset.shape().to_vec();
    let mut all = vec![0.0; shape.iter().product()];
    dataset.read(&Region::whole(&shape), &mut all).unwrap();
    for step in [2, 100] {
        let region: Region = shape
            .iter()
            .map(|&len| Span { start: 1, count: (len - 1).div_ceil(step), step })
            .collect();
        let mut some = vec![0.0; region.len()];
        dataset.read(&region, &mut some).unwrap();
        assert_eq!(some, crate::conformance::slow_read(&shape, &all, &region));
    }
}

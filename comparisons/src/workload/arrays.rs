//! `array_*`, `weather_*`, `elementwise`, `matmul`: chunked arrays, from files and out of nothing.
//!
//! Chunks are those of the peers' script. A result that the script computes and then reduces in
//! memory is computed here too.

use std::error::Error;
use std::path::Path;

use chunkwise_array::random::{self, Seed};
use chunkwise_array::{Array, CollectionExt, Source, s, stack};
use chunkwise_graph::Collection;
use chunkwise_sched_threaded::Threaded;
use chunkwise_storage::hdf5::Hdf5File;
use serde_json::json;

use super::{AnswerShape, TOLERANCE, Workload, WorkloadResult};

type BoxError = Box<dyn Error + Send + Sync>;

pub(super) const SUM: Workload = Workload {
    name: "array_sum",
    about: "sum of 1e9 f32 in an HDF5 file, in chunks of 1e6",
    size: "4.0 GB",
    peers: &["dask", "numpy"],
    data: &["random.hdf5"],
    tolerance: TOLERANCE,
    shape: AnswerShape::Whole,
    run: |data| Ok(json!(computed(&random(data)?.sum())?)),
};

pub(super) const COUNT: Workload = Workload {
    name: "array_count_gt1",
    about: "how many of them are greater than 1",
    peers: &["dask"],
    run: |data| Ok(json!(computed(&random(data)?.gt(1.0).count_nonzero())?)),
    ..SUM
};

pub(super) const NORMAL_MEAN: Workload = Workload {
    name: "array_normal_mean",
    about: "every 100th mean along axis 0 of normal(10, 0.1), in chunks of 1,000 x 1,000",
    size: "20,000 x 20,000 f64, 3.2 GB",
    data: &[],
    // The numbers are others in each system; the means of 20,000 of them are near 10.
    tolerance: 1e-4,
    run: |_| normal_mean(),
    ..SUM
};

pub(super) const WEATHER_MEAN: Workload = Workload {
    name: "weather_mean",
    about: "mean over 31 days, each 5,760 x 11,520 u8 in an HDF5 file of chunks of 500 x 500",
    size: "2.1 GB",
    peers: &["dask"],
    data: &["weather-big"],
    run: |data| {
        let mean = computed(&weather(data)?.mean_axis(0))?;
        Ok(json!(mean.mean()))
    },
    ..SUM
};

pub(super) const WEATHER_SUBSAMPLE: Workload = Workload {
    name: "weather_subsample",
    about: "every second row and column of the same days, stored in an HDF5 file",
    run: weather_subsample,
    ..WEATHER_MEAN
};

pub(super) const ELEMENTWISE: Workload = Workload {
    name: "elementwise",
    about: "sum of sin(x*y + 1)^2 + 3 cos(x - y), in chunks of 2,000 x 2,000",
    size: "20,000 x 20,000 f64, 3.2 GB an array",
    peers: &["dask", "numpy"],
    data: &[],
    run: |_| elementwise(),
    ..SUM
};

pub(super) const MATMUL: Workload = Workload {
    name: "matmul",
    about: "sum of x times its transpose, in chunks of 1,500 x 1,500",
    size: "6,000 x 6,000 f64",
    peers: &["dask", "numpy"],
    data: &[],
    // Random numbers of other generators: the sum is near n^3 / 4 + n^2 / 12.
    tolerance: 1e-2,
    run: |_| matmul(),
    ..SUM
};

fn computed<C: Collection>(collection: &C) -> Result<C::Output, chunkwise_graph::Error> {
    collection.compute_with(&Threaded::new())
}

fn random(data: &Path) -> Result<Array<f32>, BoxError> {
    let dataset = Hdf5File::open(data.join("random.hdf5"))?.dataset("/x")?;
    Ok(Array::from_source(Source::portable(dataset), 1_000_000))
}

fn normal_mean() -> WorkloadResult {
    let x = random::normal(10.0, 0.1, [20_000, 20_000], Seed(0)).chunks([1_000, 1_000]);
    let means = computed(&x.mean_axis(0).slice(s![..;100]))?;
    Ok(json!(means.mean()))
}

/// The days, stacked: (31, 5760, 11520).
fn weather(data: &Path) -> Result<Array<u8>, BoxError> {
    let mut files: Vec<_> = std::fs::read_dir(data.join("weather-big"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "hdf5"));
    files.sort();
    let day = |path| -> Result<Array<u8>, BoxError> {
        let dataset = Hdf5File::open(path)?.dataset("/t2m")?;
        Ok(Array::from_source(Source::portable(dataset), [500, 500]))
    };
    let days: Vec<Array<u8>> = files.iter().map(day).collect::<Result<_, _>>()?;
    Ok(stack(&days, 0))
}

fn weather_subsample(data: &Path) -> WorkloadResult {
    let half = weather(data)?.slice(s![.., ..;2, ..;2]);
    let path = data.join("out-chunkwise.hdf5");
    computed(&half.to_hdf5(&path, "/output"))?;
    Ok(json!(half.dims()?[..]))
}

fn elementwise() -> WorkloadResult {
    let (shape, chunks) = ([20_000, 20_000], [2_000, 2_000]);
    let x = Array::<f64>::ones(shape, chunks) * 0.5;
    let y = Array::<f64>::full(shape, 2.0, chunks);
    let sum = ((&x * &y + 1.0).sin().square() + (&x - &y).cos() * 3.0).sum();
    Ok(json!(computed(&sum)?))
}

fn matmul() -> WorkloadResult {
    let x = random::uniform(0.0, 1.0, [6_000, 6_000], Seed(0)).chunks([1_500, 1_500]);
    Ok(json!(computed(&x.dot(&x.t()).sum())?))
}

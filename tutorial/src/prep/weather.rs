//! `weather-big/2014-01-DD.hdf5`: the temperature of the world, day by day, for the chapter on
//! arrays.

use std::io;

use chunkwise::array::random::{self, Seed};
use chunkwise::prelude::*;
use chunkwise::storage::hdf5::{DatasetOptions, Hdf5Writer};

use super::dataset::{Dataset, Recipe};
use super::place::Partial;
use super::progress::Progress;
use super::scale::Scale;

/// 31 days of up to 5,760 x 11,520 pixels from 0 (cold) to 255 (warm): warm at the equator and cold
/// at the poles, most of all at the northern one, as it is January; with continents that are colder
/// than the sea, a drift over the month, and noise.
#[derive(Debug)]
pub(crate) struct Weather;

const N_DAYS: usize = 31;
const ROWS_AT_FULL_SIZE: usize = 5_760;
/// The stored chunks, and those of the tasks.
const CHUNK: [usize; 2] = [500, 500];

/// Rows and columns of a day of so many pixels: twice as many columns as rows.
fn sides(entries: u64) -> (usize, usize) {
    let rows = ((entries as f64 / 2.0).sqrt().round() as usize).max(1);
    (rows, 2 * rows)
}

impl Dataset for Weather {
    fn name(&self) -> &'static str {
        "weather"
    }

    fn version(&self) -> u32 {
        1
    }

    fn files(&self) -> Vec<String> {
        (1..=N_DAYS).map(|day| format!("weather-big/2014-01-{day:02}.hdf5")).collect()
    }

    fn entries(&self, scale: Scale) -> u64 {
        let rows = (ROWS_AT_FULL_SIZE as f64 * scale.of_side()).round().max(1.0) as u64;
        2 * rows * rows
    }

    fn quick(&self) -> Scale {
        Scale::QUICK_ARRAYS
    }

    fn expected_bytes(&self, entries: u64) -> u64 {
        N_DAYS as u64 * entries
    }

    fn write_file(
        &self,
        index: usize,
        recipe: Recipe,
        partial: &mut Partial,
        progress: &Progress,
    ) -> io::Result<()> {
        let (rows, columns) = sides(recipe.entries);
        let file = Hdf5Writer::create(partial.path()).map_err(io::Error::other)?;
        let options = DatasetOptions::chunked(&CHUNK.map(|side| side.min(rows)));
        let target = file.dataset("/t2m", &[rows, columns], &options).map_err(io::Error::other)?;
        day(index, recipe.seed, rows, columns).store(target).compute().map_err(io::Error::other)?;
        file.finish().map_err(io::Error::other)?;
        progress.reached((index as u64 + 1) * recipe.entries);
        Ok(())
    }
}

/// One day, from north to south and from west to east.
fn day(index: usize, seed: u64, rows: usize, columns: usize) -> Array<u8> {
    use std::f64::consts::{FRAC_PI_2, PI};
    let [row_chunk, column_chunk] = CHUNK;
    let latitude = Array::linspace(FRAC_PI_2, -FRAC_PI_2, rows, row_chunk).expand_dims(1);
    let longitude = Array::linspace(-PI, PI, columns, column_chunk).expand_dims(0);
    // The sun stands in the south, and moves north.
    let sun = -0.4 + 0.004 * index as f64;
    let warmth = (&latitude - sun).cos() * 170.0 + 40.0;
    let land = (&longitude * 3.0 + 1.0).sin() * (&latitude * 4.0).cos() * 18.0;
    let fronts = (&longitude * 7.0 + &latitude * 5.0 + 0.6 * index as f64).sin() * 8.0;
    let seed = Seed(seed).child(index as u64);
    let noise = random::normal(0.0, 3.0, [rows, columns], seed).chunks(CHUNK);
    (warmth - land + fronts + noise).clip(0.0, 255.0).cast_lossy::<u8>()
}

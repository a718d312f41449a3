//! `accounts.{0,1,2}.csv`: bookings as text, for the chapters on graphs and data frames.

use std::io::{self, Write};

use rayon::prelude::*;

use super::accounts::{Model, N_ACCOUNTS};
use super::dataset::{Dataset, Recipe};
use super::place::Partial;
use super::progress::Progress;
use super::scale::Scale;
use super::stream::stream;

/// Three files of up to 1,000,000 rows `id,names,amount`.
#[derive(Debug)]
pub(crate) struct AccountsCsv;

const HEADER: &[u8] = b"id,names,amount\n";
const N_FILES: usize = 3;
const ROWS_AT_FULL_SIZE: u64 = 1_000_000;
/// Separates these random numbers from those of the other datasets.
const PURPOSE: &str = "accounts.csv";
/// Rows drawn from one random stream. Fixed: with it the bytes of the files change.
const RUN_ROWS: u64 = 16_384;
/// Bytes of an average row, measured over ten seeds; only for the announced size.
const BYTES_A_ROW: u64 = 14;

impl Dataset for AccountsCsv {
    fn name(&self) -> &'static str {
        "accounts-csv"
    }

    fn version(&self) -> u32 {
        1
    }

    fn files(&self) -> Vec<String> {
        (0..N_FILES).map(|index| format!("accounts.{index}.csv")).collect()
    }

    fn entries(&self, scale: Scale) -> u64 {
        scale.of(ROWS_AT_FULL_SIZE)
    }

    fn expected_bytes(&self, entries: u64) -> u64 {
        N_FILES as u64 * (HEADER.len() as u64 + entries * BYTES_A_ROW)
    }

    fn write_file(
        &self,
        index: usize,
        recipe: Recipe,
        partial: &mut Partial,
        progress: &Progress,
    ) -> io::Result<()> {
        write_rows(partial.file(), index as u64, recipe, progress)
    }
}

/// Writes the header and the rows of file `index`. A few runs are made at a time, in parallel,
/// and written in order: the memory does not depend on the number of rows.
fn write_rows(
    out: &mut impl Write,
    index: u64,
    recipe: Recipe,
    progress: &Progress,
) -> io::Result<()> {
    let model = Model::draw(recipe.seed, PURPOSE)
        .ok_or_else(|| io::Error::other("the seed gives no distribution of accounts"))?;
    let prefixes: Vec<String> =
        (0..N_ACCOUNTS).map(|id| format!("{id},{},", model.name(id))).collect();
    out.write_all(HEADER)?;
    let n_runs = recipe.entries.div_ceil(RUN_ROWS);
    let mut buffers = vec![Vec::new(); 2 * rayon::current_num_threads()];
    let mut run = 0;
    while run < n_runs {
        let batch = ((n_runs - run) as usize).min(buffers.len());
        buffers[..batch].par_iter_mut().enumerate().for_each(|(nth, buffer)| {
            let run = run + nth as u64;
            buffer.clear();
            let rows = RUN_ROWS.min(recipe.entries - run * RUN_ROWS);
            let mut rng = stream(recipe.seed, PURPOSE, [index, run]);
            for _ in 0..rows {
                let booking = model.booking(&mut rng);
                buffer.extend_from_slice(prefixes[booking.id].as_bytes());
                push_integer(buffer, booking.amount);
                buffer.push(b'\n');
            }
        });
        for buffer in &buffers[..batch] {
            out.write_all(buffer)?;
        }
        run += batch as u64;
        progress.reached(index * recipe.entries + (run * RUN_ROWS).min(recipe.entries));
    }
    Ok(())
}

/// Appends the decimal digits of `number`; several times as fast as `write!`.
fn push_integer(buffer: &mut Vec<u8>, number: i32) {
    const MOST_DIGITS: usize = 10;
    let mut digits = [0; MOST_DIGITS];
    let mut start = MOST_DIGITS;
    let mut rest = number.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        buffer.push(b'-');
    }
    buffer.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(index: u64, seed: u64, entries: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_rows(&mut bytes, index, Recipe { seed, entries }, &Progress::hidden()).unwrap();
        bytes
    }

    #[test]
    fn integers_are_written_as_display_does() {
        for number in [0, 1, -1, 9, 10, -10, 12_345, i32::MAX, i32::MIN] {
            let mut buffer = Vec::new();
            push_integer(&mut buffer, number);
            assert_eq!(buffer, number.to_string().into_bytes());
        }
    }

    /// The bytes of the files are part of the project: results in the guide are quoted from them.
    #[test]
    fn the_bytes_are_pinned() {
        let hash = |index, seed| blake3::hash(&rows(index, seed, 20_000)).to_hex().to_string();
        let hashes = [hash(0, 0), hash(2, 0), hash(0, 7)];
        let expected = [
            "4edfc53dc9ac372b4d584bcffbb99f3fcf775ea22eef380b908511e0ceb5b55f",
            "133026f0abf046b90fa73a6157eee44faa4574081c54585acb8f61ac1ec494c6",
            "ccc36c0f9fc3cb7ed97956b49e77a30f9b90a94cd5c4d909f08ba7eb0d117118",
        ];
        assert_eq!(hashes, expected);
    }

    #[test]
    fn the_bytes_do_not_depend_on_the_threads() {
        let entries = 5 * RUN_ROWS + 1;
        let expected = rows(1, 3, entries);
        for threads in [1, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert!(pool.install(|| rows(1, 3, entries)) == expected, "{threads} threads");
        }
    }

    #[test]
    fn fewer_rows_are_a_prefix_of_more() {
        let long = rows(0, 0, 2 * RUN_ROWS + 5);
        for entries in [0, 1, RUN_ROWS - 1, RUN_ROWS, RUN_ROWS + 1] {
            let short = rows(0, 0, entries);
            assert!(long.starts_with(&short));
            let lines = short.iter().filter(|&&byte| byte == b'\n').count() as u64;
            assert_eq!(lines, entries + 1);
        }
    }

    #[test]
    fn files_and_seeds_differ() {
        assert_ne!(rows(0, 0, 100), rows(1, 0, 100));
        assert_ne!(rows(0, 0, 100), rows(0, 1, 100));
    }

    #[test]
    fn the_announced_size_is_near() {
        let bytes = rows(0, 0, 50_000).len() as u64;
        let announced = AccountsCsv.expected_bytes(50_000) / N_FILES as u64;
        assert!(announced.abs_diff(bytes) * 10 < bytes, "{announced} {bytes}");
    }

    /// Takes `room` bytes and is then full.
    struct FullDisk {
        room: usize,
    }

    impl Write for FullDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.room);
            self.room -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_an_error_wherever_it_fills() {
        for room in [0, 5, HEADER.len(), 1_000, 300_000] {
            let recipe = Recipe { seed: 0, entries: 3 * RUN_ROWS };
            let result = write_rows(&mut FullDisk { room }, 0, recipe, &Progress::hidden());
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::StorageFull, "{room}");
        }
    }
}

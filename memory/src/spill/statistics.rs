//! [`SpillStatistics`]: what a spill has written and read, and how quickly.

use std::time::Duration;

/// What a [`Spill`](crate::Spill) has done since it was made. Sizes are bytes; times are summed
/// over the threads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SpillStatistics {
    /// Bytes written ever, as they were given.
    pub written: u64,
    /// Bytes written ever, as they went to disk.
    pub written_stored: u64,
    /// Bytes read ever, as they were asked for.
    pub read: u64,
    /// Bytes read ever, as they came from disk: whole blocks, compressed or not.
    pub read_stored: u64,
    /// Bytes on disk now.
    pub on_disk: u64,
    /// The most bytes on disk at any time.
    pub peak_on_disk: u64,
    /// Time spent in writing to files.
    pub writing: Duration,
    /// Time spent in reading from files.
    pub reading: Duration,
    pub(crate) rates: Rates,
}

impl SpillStatistics {
    /// Bytes a second that one thread writes to files, by the last 256 MB or so; 1 GB/s before
    /// anything was measured.
    pub fn write_rate(&self) -> f64 {
        self.rates.write.get()
    }

    /// Bytes a second that one thread reads from files, as [`SpillStatistics::write_rate`].
    pub fn read_rate(&self) -> f64 {
        self.rates.read.get()
    }

    /// Bytes a second that one thread compresses; 500 MB/s before anything was measured.
    pub fn compression_rate(&self) -> f64 {
        self.rates.compress.get()
    }

    /// Bytes a second that decompressing gives, on one thread; 1.5 GB/s before anything was
    /// measured.
    pub fn decompression_rate(&self) -> f64 {
        self.rates.decompress.get()
    }
}

/// The four rates that decide about compression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rates {
    pub(super) write: Rate,
    pub(super) read: Rate,
    pub(super) compress: Rate,
    pub(super) decompress: Rate,
}

impl Default for Rates {
    fn default() -> Rates {
        let (disk, compress, decompress) = (Rate::of(1e9), Rate::of(5e8), Rate::of(1.5e9));
        Rates { write: disk, read: disk, compress, decompress }
    }
}

/// Bytes a second, by what happened last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    bytes: f64,
    seconds: f64,
}

impl Rate {
    /// What was measured before the last so many bytes counts half: disks change their rate when
    /// their caches are full.
    const WINDOW: f64 = 256e6;
    /// What a rate that was not measured counts for.
    const GUESS: f64 = 1e6;

    const fn of(bytes_a_second: f64) -> Rate {
        Rate { bytes: Rate::GUESS, seconds: Rate::GUESS / bytes_a_second }
    }

    pub(super) fn add(&mut self, bytes: u64, took: Duration) {
        self.bytes += bytes as f64;
        self.seconds += took.as_secs_f64();
        if self.bytes > Rate::WINDOW {
            self.bytes /= 2.0;
            self.seconds /= 2.0;
        }
    }

    pub(super) fn get(&self) -> f64 {
        self.bytes / self.seconds.max(1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_start_from_a_guess_and_follow_what_is_measured() {
        let mut rate = Rate::of(1e9);
        assert_eq!(rate.get().round(), 1e9);
        (0..1000).for_each(|_| rate.add(10_000_000, Duration::from_millis(100)));
        assert!((rate.get() - 1e8).abs() < 1e6, "{}", rate.get());
        (0..300).for_each(|_| rate.add(10_000_000, Duration::from_millis(10)));
        assert!((rate.get() - 1e9).abs() < 1e7, "{}", rate.get());
    }
}

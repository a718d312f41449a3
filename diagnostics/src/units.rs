//! Times as a reader would write them.

use std::time::Duration;

/// A time in three digits and its unit: `12.3 µs`, `4.56 ms`, `1.23 s`, `2 min 5 s`.
///
/// ```
/// use chunkwise_diagnostics::format_duration;
/// use std::time::Duration;
/// assert_eq!(format_duration(Duration::from_micros(4560)), "4.56 ms");
/// ```
pub fn format_duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if time.as_nanos() < 1000 {
        format!("{} ns", time.as_nanos())
    } else if seconds < 999.5e-6 {
        three_digits(seconds * 1e6, "µs")
    } else if seconds < 999.5e-3 {
        three_digits(seconds * 1e3, "ms")
    } else if seconds < 59.95 {
        three_digits(seconds, "s")
    } else {
        long(seconds.round() as u64)
    }
}

fn three_digits(number: f64, unit: &str) -> String {
    // 9.995 would print as 10.00
    let decimals = match number {
        n if n < 9.995 => 2,
        n if n < 99.95 => 1,
        _ => 0,
    };
    format!("{number:.decimals$} {unit}")
}

fn long(seconds: u64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    if minutes < 60 {
        format!("{minutes} min {} s", seconds % 60)
    } else if hours < 48 {
        format!("{hours} h {} min", minutes % 60)
    } else {
        format!("{} d {} h", hours / 24, hours % 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let cases = [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1.00 µs"),
            (9_994, "9.99 µs"),
            (9_996, "10.0 µs"),
            (99_960, "100 µs"),
            (999_499, "999 µs"),
            (999_600, "1.00 ms"),
            (999_700_000, "1.00 s"),
            (59_940_000_000, "59.9 s"),
            (59_960_000_000, "1 min 0 s"),
            (125_000_000_000, "2 min 5 s"),
            (3_725_000_000_000, "1 h 2 min"),
            (180_000_000_000_000, "2 d 2 h"),
        ];
        for (nanoseconds, text) in cases {
            assert_eq!(format_duration(Duration::from_nanos(nanoseconds)), text);
        }
        assert!(format_duration(Duration::MAX).ends_with(" h"));
    }
}

//! Numbers for people: bytes, durations, counts.

use std::fmt;
use std::time::Duration;

/// A number of bytes in decimal units: `0 B`, `14.3 MB`, `4.00 GB`.
pub(crate) struct Bytes(pub(crate) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1_000 {
            return write!(f, "{} B", self.0);
        }
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"];
        let (number, unit) = scaled(self.0 as f64 / 1e3, 1e3, &units);
        write!(f, "{number} {unit}")
    }
}

/// A duration in the unit that suits it: `850 ns`, `12.3 ms`, `4.56 s`, `3 min 20 s`.
pub(crate) struct Took(pub(crate) Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        if seconds >= 119.5 {
            let whole = seconds.round() as u64;
            return write!(f, "{} min {} s", whole / 60, whole % 60);
        }
        if self.0.as_nanos() < 1_000 {
            return write!(f, "{} ns", self.0.as_nanos());
        }
        let (number, unit) = scaled(seconds * 1e6, 1e3, &["µs", "ms", "s"]);
        write!(f, "{number} {unit}")
    }
}

/// A count with its digits in groups of three: `3,000,000`.
pub(crate) struct Count(pub(crate) i128);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// `number` with three significant digits in the first unit in which it is below `step`.
fn scaled<'u>(mut number: f64, step: f64, units: &[&'u str]) -> (String, &'u str) {
    let mut units = units.iter().copied().peekable();
    let mut unit = units.next().unwrap_or_default();
    // What rounds to the step belongs to the next unit: 999.6 kB is 1.00 MB.
    while number >= step - 0.5
        && let Some(larger) = units.next()
    {
        number /= step;
        unit = larger;
    }
    let decimals = match number {
        small if small < 9.995 => 2,
        middle if middle < 99.95 => 1,
        _ => 0,
    };
    (format!("{number:.decimals$}"), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_three_digits() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.00 kB"),
            (9_994, "9.99 kB"),
            (9_996, "10.0 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (14_300_000, "14.3 MB"),
            (4_000_000_000, "4.00 GB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Bytes(bytes).to_string(), expected);
        }
    }

    #[test]
    fn durations_have_their_unit() {
        let cases = [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1.00 µs"),
            (12_345_678, "12.3 ms"),
            (999_600_000, "1.00 s"),
            (59_900_000_000, "59.9 s"),
            (119_400_000_000, "119 s"),
            (119_600_000_000, "2 min 0 s"),
            (200_000_000_000, "3 min 20 s"),
        ];
        for (nanos, expected) in cases {
            assert_eq!(Took(Duration::from_nanos(nanos)).to_string(), expected);
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (count, expected) in
            [(0, "0"), (-7, "-7"), (999, "999"), (-1_000, "-1,000"), (3_000_000, "3,000,000")]
        {
            assert_eq!(Count(count).to_string(), expected);
        }
    }
}

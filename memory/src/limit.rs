//! [`MemoryLimit`]: how much memory work may take, as people write it, and what the machine has.
//!
//! Not here: environment variables and command lines, which the facade and the binaries read.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A limit as people write it: `256MB`, `1.5 GiB`, `60%`, `1000000`.
///
/// ```
/// use chunkwise_memory::MemoryLimit;
/// let limit: MemoryLimit = "1.5 GiB".parse()?;
/// assert_eq!(limit.bytes_of(None), Some(3 << 29));
/// let share: MemoryLimit = "60%".parse()?;
/// assert_eq!(share.bytes_of(Some(1000)), Some(600));
/// # Ok::<(), chunkwise_memory::ParseLimitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum MemoryLimit {
    /// So many bytes.
    Bytes(u64),
    /// This part of the machine's memory, above 0 and at most 1.
    Share(f64),
}

/// The part of the machine's memory that is used where nothing is said.
const DEFAULT_SHARE: f64 = 0.6;

/// A text that is no memory limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseLimitError {
    text: String,
}

impl fmt::Display for ParseLimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        write!(
            f,
            "`{text}` is no memory limit: write bytes (`256MB`, `1.5 GiB`, `1000000`; units are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB) or a share of the memory (`60%`, up to 100%)"
        )
    }
}

impl std::error::Error for ParseLimitError {}

impl MemoryLimit {
    /// The limit in bytes on a machine of `memory` bytes; `None` if a share of a memory is meant
    /// that nobody knows.
    pub fn bytes_of(self, memory: Option<u64>) -> Option<u64> {
        match self {
            MemoryLimit::Bytes(bytes) => Some(bytes),
            MemoryLimit::Share(share) => memory.map(|memory| (memory as f64 * share) as u64),
        }
    }

    /// The limit in bytes on [this machine](machine_memory).
    pub fn bytes(self) -> Option<u64> {
        self.bytes_of(machine_memory())
    }
}

impl FromStr for MemoryLimit {
    type Err = ParseLimitError;

    fn from_str(text: &str) -> Result<MemoryLimit, ParseLimitError> {
        parse(text.trim()).ok_or_else(|| ParseLimitError { text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<MemoryLimit> {
    let number_ends = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'));
    let (number, unit) = text.split_at(number_ends.unwrap_or(text.len()));
    let (number, unit) = (number.replace('_', ""), unit.trim().to_ascii_lowercase());
    if unit == "%" {
        let share = number.parse::<f64>().ok()? / 100.0;
        return (share > 0.0 && share <= 1.0).then_some(MemoryLimit::Share(share));
    }
    let scale: u64 = match unit.as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1000,
        "m" | "mb" => 1000_u64.pow(2),
        "g" | "gb" => 1000_u64.pow(3),
        "t" | "tb" => 1000_u64.pow(4),
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return None,
    };
    // Whole numbers exactly, whatever their size.
    if let Ok(number) = number.parse::<u64>() {
        return number.checked_mul(scale).map(MemoryLimit::Bytes);
    }
    let bytes = number.parse::<f64>().ok()? * scale as f64;
    (bytes < u64::MAX as f64).then_some(MemoryLimit::Bytes(bytes as u64))
}

/// Bytes that work may take where nothing is said: 60 % of [`machine_memory`].
pub fn default_limit() -> Option<u64> {
    MemoryLimit::Share(DEFAULT_SHARE).bytes()
}

/// Bytes of memory that this process can have: the machine's, or the limit of a control group that
/// it is in, if that is less. `None` where nobody says, as on other systems than Linux.
pub fn machine_memory() -> Option<u64> {
    let machine = read("/proc/meminfo".as_ref()).and_then(|text| mem_total(&text));
    let groups = read("/proc/self/cgroup".as_ref()).unwrap_or_default();
    let limits = limit_files(&groups).into_iter().filter_map(|file| read(file.as_ref()));
    limits.filter_map(|text| group_limit(&text)).chain(machine).min()
}

fn read(file: &Path) -> Option<String> {
    std::fs::read_to_string(file).ok()
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn mem_total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What a limit's file says; `max`, and the largest number that version 1 knows, are no limit.
fn group_limit(text: &str) -> Option<u64> {
    text.trim().parse::<u64>().ok().filter(|&limit| limit < i64::MAX as u64 / 2)
}

/// The files with limits of the groups in `/proc/self/cgroup`, each up to the root: of version 2,
/// and of version 1, whose root a container sees in place of its own group.
fn limit_files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else { continue };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let mut path = path.trim_end_matches('/');
        loop {
            files.push(format!("{root}{path}/{name}"));
            match path.rsplit_once('/') {
                Some((parent, _)) => path = parent,
                None => break,
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_as_people_write_them() {
        let bytes = |text: &str| text.parse::<MemoryLimit>().unwrap().bytes_of(None);
        assert_eq!(bytes("256MB"), Some(256_000_000));
        assert_eq!(bytes(" 1.5 GiB "), Some(3 << 29));
        assert_eq!(bytes("1_000"), Some(1000));
        assert_eq!(bytes("2k"), Some(2000));
        assert_eq!(bytes("18446744073709551615"), Some(u64::MAX));
        assert_eq!("60%".parse(), Ok(MemoryLimit::Share(0.6)));
        assert_eq!("100 %".parse::<MemoryLimit>().unwrap().bytes_of(Some(8)), Some(8));
    }

    #[test]
    fn others_are_refused_with_what_is_accepted() {
        for text in ["", "MB", "-1", "1.2.3", "0%", "101%", "5 apples", "1e9", "99999999 TB"] {
            let error = text.parse::<MemoryLimit>().expect_err(text).to_string();
            assert!(error.starts_with(&format!("`{text}` is no memory limit: write bytes")));
        }
    }

    #[test]
    fn what_linux_says() {
        let meminfo = "MemTotal:       24576000 kB\nMemFree:         123 kB\n";
        assert_eq!(mem_total(meminfo), Some(24_576_000 * 1024));
        assert_eq!((mem_total(""), mem_total("MemTotal: x kB")), (None, None));
        assert_eq!((group_limit("max\n"), group_limit("1048576\n")), (None, Some(1 << 20)));
        assert_eq!(group_limit("9223372036854771712\n"), None);
        let of = |groups: &str| limit_files(groups).join(" ");
        assert_eq!(
            of("0::/user.slice/job\n"),
            "/sys/fs/cgroup/user.slice/job/memory.max /sys/fs/cgroup/user.slice/memory.max \
             /sys/fs/cgroup/memory.max"
        );
        assert_eq!(
            of("5:cpu:/a\n4:hugetlb,memory:/a\n"),
            "/sys/fs/cgroup/memory/a/memory.limit_in_bytes \
             /sys/fs/cgroup/memory/memory.limit_in_bytes"
        );
        assert_eq!(
            (of("0::/\n").as_str(), of("nonsense")),
            ("/sys/fs/cgroup/memory.max", "".into())
        );
    }

    #[test]
    fn the_default_is_less_than_the_machine_has() {
        if let (Some(limit), Some(memory)) = (default_limit(), machine_memory()) {
            assert!(limit > 0 && limit < memory);
        }
    }
}

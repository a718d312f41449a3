//! The peak of resident memory, of this process and of its workers.

use std::fs;

/// Forgets the peak so far, so that [`peak_bytes`] tells that of the work from here on. The new
/// peak starts at what is resident now. Gives false where the system cannot do it.
pub(crate) fn reset_peak() -> bool {
    reset("self")
}

/// As [`reset_peak`], of other processes of the same user.
pub(crate) fn reset_peaks_of(processes: &[u32]) {
    for id in processes {
        // One that has ended has no peak to forget.
        reset(&id.to_string());
    }
}

fn reset(process: &str) -> bool {
    // Linux, proc(5): "5" resets the peak resident set size of the process.
    fs::write(format!("/proc/{process}/clear_refs"), "5").is_ok()
}

/// The peak resident memory in bytes; none where the system does not tell (only Linux does, in
/// `VmHWM` of `/proc/self/status`).
pub(crate) fn peak_bytes() -> Option<u64> {
    peak_of("self")
}

/// The sum of the peaks of other processes, which need not have been at the same time; none where
/// the system does not tell, or one of them has ended.
pub(crate) fn peak_bytes_of(processes: &[u32]) -> Option<u64> {
    processes.iter().map(|id| peak_of(&id.to_string())).sum()
}

fn peak_of(process: &str) -> Option<u64> {
    from_status(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn from_status(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_status() {
        let status = "Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t   5120 kB\nVmRSS:\t   12 kB\n";
        assert_eq!(from_status(status), Some(5_242_880));
        for bad in ["", "VmHWM:\t 5 MB", "VmHWM:\t-5 kB", "VmRSS:\t5 kB", "VmHWM: kB"] {
            assert_eq!(from_status(bad), None, "{bad:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_peak_follows_an_allocation() {
        const BYTES: u64 = 64 << 20;
        let touched = std::hint::black_box(vec![1_u8; BYTES as usize]);
        assert!(peak_bytes().unwrap() >= BYTES);
        let this = std::process::id();
        assert!(peak_bytes_of(&[this, this]).unwrap() >= 2 * BYTES);
        assert_eq!(peak_bytes_of(&[]), Some(0));
        assert_eq!(peak_bytes_of(&[this, u32::MAX]), None);
        drop(touched);
    }
}

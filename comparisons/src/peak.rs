//! Peak resident memory of this process and of its workers.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The largest that [`note`] saw.
static OF_WORKERS: AtomicU64 = AtomicU64::new(0);

/// Largest resident size that this process or a noted worker ever had, in MiB, as Linux counts it
/// (`VmHWM`); of the largest process alone, as the peers' script counts.
///
/// `None` on systems without `/proc`. The kernel keeps `ru_maxrss` over `exec` and so would count
/// the parent's memory too; `VmHWM` starts anew.
pub(crate) fn peak_mb() -> Option<u64> {
    Some(of("self")?.max(OF_WORKERS.load(Relaxed)))
}

/// Looks at worker processes before they end.
#[cfg(target_os = "linux")]
pub(crate) fn note(workers: &[u32]) {
    for peak in workers.iter().filter_map(|id| of(&id.to_string())) {
        OF_WORKERS.fetch_max(peak, Relaxed);
    }
}

fn of(process: &str) -> Option<u64> {
    parse(&std::fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn parse(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_high_water_mark() {
        assert_eq!(parse("Name:\tx\nVmHWM:\t  204800 kB\nVmRSS:\t 1 kB\n"), Some(200));
        assert_eq!(parse("Name:\tx\n"), None);
        assert_eq!(parse("VmHWM:\t many kB\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn touched_memory_shows() {
        let before = peak_mb().unwrap();
        let block = vec![1_u8; 64 << 20];
        assert!(block.iter().step_by(4096).all(|&byte| byte == 1));
        assert!(peak_mb().unwrap() >= 64, "{before}");
    }
}

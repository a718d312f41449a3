//! [`CpuTime`]: criterion's measurements in process CPU time, summed over threads.
//!
//! On a machine that others use too, CPU time says what a run costs where wall time says how busy
//! the machine was. Throughput is printed as time per element: the overhead of a task.

use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Measures the CPU time of the whole process, children not included.
#[derive(Clone, Copy, Debug, Default)]
pub struct CpuTime;

/// CPU time that the process has used so far, in all threads.
pub fn process_cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        process_cpu_time()
    }

    fn end(&self, start: Duration) -> Duration {
        process_cpu_time() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &CpuNanoseconds
    }
}

struct CpuNanoseconds;

impl ValueFormatter for CpuNanoseconds {
    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        let (factor, unit) = match typical {
            t if t < 1e3 => (1.0, "ns CPU"),
            t if t < 1e6 => (1e-3, "us CPU"),
            t if t < 1e9 => (1e-6, "ms CPU"),
            _ => (1e-9, "s CPU"),
        };
        values.iter_mut().for_each(|value| *value *= factor);
        unit
    }

    fn scale_throughputs(
        &self,
        _typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        let (per, unit) = match *throughput {
            Throughput::Elements(n) => (n, "ns CPU/task"),
            Throughput::Bytes(n) | Throughput::BytesDecimal(n) => (n, "ns CPU/byte"),
            Throughput::Bits(n) => (n, "ns CPU/bit"),
            Throughput::ElementsAndBytes { elements, .. } => (elements, "ns CPU/task"),
        };
        values.iter_mut().for_each(|value| *value /= per as f64);
        unit
    }

    fn scale_for_machines(&self, _values: &mut [f64]) -> &'static str {
        "ns"
    }
}

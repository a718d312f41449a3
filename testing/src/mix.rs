//! The work of generated tasks: a number that depends on the task and on every input, in order.

use chunkwise_graph::{BoxError, Value};

/// The result of task `task` for these inputs: any other task, input or order of inputs gives
/// another number (but for one chance in 2^64).
pub fn mix(task: u32, inputs: impl IntoIterator<Item = u64>) -> u64 {
    inputs.into_iter().fold(scramble(u64::from(task) + 1), |state, input| {
        scramble(state.rotate_left(23) ^ scramble(input))
    })
}

/// As [`mix`], of values that hold `u64`s.
///
/// # Errors
/// If one does not.
pub fn mix_of_values(task: u32, inputs: &[Value]) -> Result<Value, BoxError> {
    let numbers: Result<Vec<u64>, _> = inputs.iter().map(|v| v.get::<u64>().copied()).collect();
    Ok(Value::new(mix(task, numbers?)))
}

/// The finalizer of MurmurHash3 (Appleby), which is one to one.
fn scramble(mut bits: u64) -> u64 {
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    bits ^ (bits >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn task_inputs_order_and_number_of_inputs_all_count() {
        let all =
            [mix(0, []), mix(1, []), mix(0, [1]), mix(0, [1, 1]), mix(0, [1, 2]), mix(0, [2, 1])];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
    }
}

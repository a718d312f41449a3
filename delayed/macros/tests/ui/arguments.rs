use chunkwise_delayed::{delayed, lit, value};

#[delayed]
fn twice(x: i64) -> i64 {
    2 * x
}

fn main() {
    // A handle to another type.
    let _ = twice(value(1u8));
    // A value that is no argument by itself.
    let _ = delayed(|x: Option<u8>| x).call((Some(1u8),));
    // No clone, and not shared.
    struct NotClone;
    let _ = delayed(|_: NotClone| ()).call((value(NotClone),));
    // Content that cannot be compared.
    let f = delayed(|x: Vec<Option<f64>>| x.len()).pure();
    let _ = f.call((lit(vec![Some(1.0)]),));
    let g = delayed(|x: std::time::Duration| x).pure();
    let _ = g.call((lit(std::time::Duration::ZERO),));
}

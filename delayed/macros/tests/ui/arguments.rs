use chunkwise_delayed::{delayed, value};

#[delayed]
fn twice(x: i64) -> i64 {
    2 * x
}

fn main() {
    let _ = twice(value(1u8));
}

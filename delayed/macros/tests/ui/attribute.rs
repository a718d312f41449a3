use chunkwise_delayed::delayed;

#[delayed]
async fn waits(x: u8) -> u8 {
    x
}

#[delayed]
unsafe fn dangerous(x: u8) -> u8 {
    x
}

struct Table;

impl Table {
    #[delayed]
    fn len(&self) -> usize {
        0
    }
}

#[delayed]
fn any_display(x: impl std::fmt::Display) -> String {
    x.to_string()
}

#[delayed]
fn sorts(items: &mut Vec<u8>) {
    items.sort();
}

#[delayed]
fn borrows(items: Vec<&str>) -> usize {
    items.len()
}

#[delayed]
fn lends<'a>(text: &'a String) -> &'a str {
    text
}

#[delayed]
fn nine(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8) -> u8 {
    a + b + c + d + e + f + g + h + i
}

#[delayed(prue)]
fn misspelt() {}

#[delayed]
struct NoFunction;

fn main() {}

//! Graphs that the tests of several files draw.

use super::{Direction, Fill, Legend, Node, Picture, Shape};

/// `a = 1, b = inc(a), x = 10, y = inc(x), z = add(b, y)`.
pub(super) fn five_nodes() -> Picture {
    let mut picture = Picture::new().with_title("z = inc(1) + inc(10)");
    let a = picture.add_node(Node::new("a = 1").with_shape(Shape::Box));
    let b = picture.add_node(Node::new("inc").with_tooltip("b"));
    let x = picture.add_node(Node::new("x = 10").with_shape(Shape::Box));
    let y = picture.add_node(Node::new("inc").with_tooltip("y"));
    let z = picture.add_node(Node::new("add").with_tooltip("z"));
    for (from, to) in [(a, b), (x, y), (b, z), (y, z)] {
        picture.add_edge(from, to);
    }
    picture
}

/// Three files, loaded, counted and summed.
pub(super) fn three_files() -> Picture {
    let mut picture = Picture::new();
    let sum = picture.add_node(Node::new("sum"));
    for i in 0..3 {
        let file = Node::new(format!("accounts.{i}.csv")).with_shape(Shape::Box);
        let file = picture.add_node(file);
        let load = picture.add_node(Node::new("load"));
        let len = picture.add_node(Node::new("len"));
        picture.add_edge(file, load);
        picture.add_edge(load, len);
        picture.add_edge(len, sum);
    }
    picture
}

/// A reduction in pairs.
pub(super) fn tree(leaves: usize, fan_in: usize) -> Picture {
    let mut picture = Picture::new();
    let mut level: Vec<usize> =
        (0..leaves).map(|i| picture.add_node(Node::new(format!("x{i}")))).collect();
    while level.len() > 1 {
        let next = level.chunks(fan_in).map(|parts| {
            let sum = picture.add_node(Node::new("sum"));
            parts.iter().for_each(|&part| picture.add_edge(part, sum));
            sum
        });
        level = next.collect();
    }
    picture
}

/// `n`×`n` blocks times `n`×`n` blocks, with one sum for each block of the product.
pub(super) fn matmul(n: usize) -> Picture {
    let mut picture = Picture::new();
    let mut blocks = |name: &str| -> Vec<usize> {
        let numbers = (0..n * n).map(|i| (i / n, i % n));
        let label = |(r, c)| Node::new(format!("{name}{r},{c}")).with_shape(Shape::Box);
        numbers.map(|at| picture.add_node(label(at))).collect()
    };
    let (a, b) = (blocks("a"), blocks("b"));
    for i in 0..n * n {
        let sum =
            picture.add_node(Node::new("sum").with_fill(Fill::Scale(i as f64 / (n * n) as f64)));
        for k in 0..n {
            let dot = picture.add_node(Node::new("dot"));
            picture.add_edge(a[i / n * n + k], dot);
            picture.add_edge(b[k * n + i % n], dot);
            picture.add_edge(dot, sum);
        }
    }
    picture
}

/// `n` nodes, each with up to `max_deps` dependencies among the `reach` nodes before it.
pub(super) fn random(n: usize, max_deps: u64, reach: u64, seed: u64) -> Picture {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut draw = move |below: u64| {
        // xorshift64*: any stream that is the same everywhere does.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    };
    let mut picture = Picture::new();
    for i in 0..n {
        let node = picture.add_node(Node::new(format!("t{i}")));
        if i > 0 {
            for _ in 0..=draw(max_deps) {
                let back = 1 + draw(reach.min(i as u64)) as usize;
                picture.add_edge(node - back, node);
            }
        }
    }
    picture
}

/// Everybody above needs everybody below.
pub(super) fn all_to_all(n: usize) -> Picture {
    let mut picture = Picture::new();
    let split: Vec<usize> = (0..n).map(|_| picture.add_node(Node::new("split"))).collect();
    for _ in 0..n {
        let join = picture.add_node(Node::new("concat"));
        split.iter().for_each(|&s| picture.add_edge(s, join));
    }
    picture
}

/// Diamonds on top of each other: `b` and `c` from `a`, then `d` from both.
pub(super) fn diamonds(n: usize) -> Picture {
    let mut picture = Picture::new();
    let mut a = picture.add_node(Node::new("x"));
    for _ in 0..n {
        let (b, c) = (picture.add_node(Node::new("min")), picture.add_node(Node::new("max")));
        let d = picture.add_node(Node::new("sub"));
        for (from, to) in [(a, b), (a, c), (b, d), (c, d)] {
            picture.add_edge(from, to);
        }
        a = d;
    }
    picture
}

/// A cycle of three with a way in, a way out, a loop and a pair that need each other.
pub(super) fn cycle() -> Picture {
    let mut picture = Picture::new().with_direction(Direction::TopDown);
    let names = ["in", "a", "b", "c", "out", "self", "p", "q"];
    let n = names.map(|name| picture.add_node(Node::new(name)));
    let arrows = [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (5, 5), (4, 5), (4, 6), (6, 7), (7, 6)];
    for (from, to) in arrows {
        picture.add_edge(n[from], n[to]);
    }
    picture
}

/// Long names, other scripts, markup, an empty label, parallel and labelled arrows, colours.
pub(super) fn texts() -> Picture {
    let mut picture = Picture::new()
        .with_title("Ünïcode <title> & \"quotes\"")
        .with_direction(Direction::LeftRight)
        .with_legend(Legend { title: "age".into(), low: "0 s".into(), high: "12 s".into() });
    let layer =
        |label: &str, count: &str| Node::new(label).with_sublabel(count).with_shape(Shape::Rounded);
    let read =
        picture.add_node(layer("读取数据", "1,000 tasks · 8 MB").with_fill(Fill::Scale(0.0)));
    let mean = layer("mean_combine-partial-7f3a9c0d11e2b4", "(100, 10) blocks");
    let mean = picture.add_node(mean.with_fill(Fill::Scale(0.6)));
    let quoted = picture.add_node(Node::new("f(\"<x>\" & 'y')").with_fill(Fill::Scale(f64::NAN)));
    let empty = picture.add_node(Node::new(""));
    let emoji =
        picture.add_node(Node::new("👩\u{200d}👩\u{200d}👧 größe").with_fill(Fill::Scale(1.0)));
    let greek = picture.add_node(Node::new("σ²").with_shape(Shape::Box));
    picture.add_labelled_edge(read, mean, "axis 0");
    picture.add_labelled_edge(read, quoted, "block (i, j)");
    picture.add_edge(mean, emoji);
    picture.add_edge(mean, emoji);
    picture.add_edge(quoted, emoji);
    picture.add_labelled_edge(empty, emoji, "seed");
    picture.add_edge(greek, quoted);
    picture
}

//! Unconnected parts, side by side.

use super::layered::Layered;
use super::route::Route;
use super::{Arrangement, Point, Problem, Size};

/// Free room between parts.
const PART_GAP: f64 = 32.0;
/// Rows may always grow this wide: a row of equal chains is easier to read than two.
const MIN_ROW: f64 = 1800.0;
/// Width of a row in terms of the square root of the area of all parts.
const ROW_PER_ROOT: f64 = 1.8;

/// A laid-out part; everything in it lies within (0, 0) and `size`.
#[derive(Clone, Debug)]
pub(super) struct Part {
    nodes: Vec<(u32, Point)>,
    edges: Vec<(u32, Route)>,
    size: Size,
}

impl Part {
    /// Moves a part to the origin.
    pub(super) fn new(
        nodes: Vec<u32>,
        layered: &Layered,
        across: Vec<f64>,
        bands: Vec<(f64, f64)>,
        routes: Vec<(u32, Route)>,
    ) -> Part {
        let bottom = bands.last().map_or(0.0, |band| band.1);
        let sides = across.iter().zip(&layered.size);
        let sides = sides.flat_map(|(x, size)| [x - size.width / 2.0, x + size.width / 2.0]);
        let hulls = routes.iter().flat_map(|(_, route)| route.hull().map(|p| p.x));
        let (left, right) = sides
            .chain(hulls)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, r), x| (l.min(x), r.max(x)));
        let place = |(at, v): (usize, u32)| {
            let (top, bottom) = bands[layered.rank[at] as usize];
            (v, Point::new(across[at] - left, (top + bottom) / 2.0))
        };
        Part {
            nodes: nodes.into_iter().enumerate().map(place).collect(),
            edges: routes.into_iter().map(|(i, r)| (i, r.map(|p| p.moved(-left, 0.0)))).collect(),
            size: Size::new(right - left, bottom),
        }
    }
}

/// Puts parts into rows, tall ones first, all parts of a row starting at the same height.
pub(super) fn side_by_side(problem: &Problem, mut parts: Vec<Part>) -> Arrangement {
    parts.sort_by(|a, b| b.size.height.total_cmp(&a.size.height));
    let area: f64 =
        parts.iter().map(|part| (part.size.width + PART_GAP) * (part.size.height + PART_GAP)).sum();
    let widest = parts.iter().map(|part| part.size.width).fold(0.0, f64::max);
    let limit = widest.max(MIN_ROW).max(area.sqrt() * ROW_PER_ROOT);

    let mut rows: Vec<(Size, Vec<Part>)> = Vec::new();
    for part in parts {
        match rows.last_mut() {
            Some((size, row)) if size.width + PART_GAP + part.size.width <= limit => {
                size.width += PART_GAP + part.size.width;
                size.height = size.height.max(part.size.height);
                row.push(part);
            }
            _ => rows.push((part.size, vec![part])),
        }
    }
    if problem.last_row_first {
        rows.reverse();
    }

    let mut result = Arrangement {
        nodes: vec![Point::default(); problem.nodes.len()],
        edges: vec![Route::default(); problem.edges.len()],
        size: Size::default(),
    };
    let mut y = 0.0;
    for (row_size, row) in rows {
        let mut x = 0.0;
        for part in row {
            for &(v, at) in &part.nodes {
                result.nodes[v as usize] = at.moved(x, y);
            }
            for (i, route) in &part.edges {
                result.edges[*i as usize] = route.map(|p| p.moved(x, y));
            }
            x += part.size.width + PART_GAP;
        }
        result.size.width = result.size.width.max(row_size.width);
        result.size.height = y + row_size.height;
        y += row_size.height + PART_GAP;
    }
    result
}

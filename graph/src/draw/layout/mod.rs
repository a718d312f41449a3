//! The layered layout: from sizes and arrows to places and curves. See `README.md` beside this.
//!
//! Everything here is in the *flow frame*: arrows run from small `y` to large `y`. Turning the
//! result to the direction of the picture is left to the caller.

mod align;
mod bundles;
mod components;
mod crossings;
mod cycles;
mod incidence;
mod layered;
mod order;
mod pack;
mod place;
mod rank;
mod route;
mod settle;

use super::geometry::{Point, Size};
pub(super) use route::{Route, Segment};

/// Pictures of more nodes than this are refused: nobody reads them.
pub(super) const MAX_NODES: usize = 20_000;
/// Pictures of more arrows than this are refused.
pub(super) const MAX_EDGES: usize = 100_000;

/// What is to be placed, in the flow frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Problem {
    pub(super) nodes: Vec<Outline>,
    pub(super) edges: Vec<Link>,
    /// Whether the first row of unconnected parts comes last along `y`: true for pictures that
    /// will be turned upside down.
    pub(super) last_row_first: bool,
}

/// The outline of a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    pub(super) size: Size,
    /// An ellipse rather than a box.
    pub(super) round: bool,
}

/// An arrow between two nodes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The room that its label takes.
    pub(super) label: Option<Size>,
}

/// Where everything goes; all of it lies within (0, 0) and `size`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Arrangement {
    /// The middle of each node.
    pub(super) nodes: Vec<Point>,
    /// The curve of each arrow.
    pub(super) edges: Vec<Route>,
    pub(super) size: Size,
}

/// Places nodes and arrows.
///
/// # Complexity
/// With n nodes, m arrows and d dummies (at most 20,000 together): O(n + m) for cycles,
/// O((n + m) * rounds) for ranks, O((m + d) log d) for each of at most 24 sweeps.
pub(super) fn arrange(problem: &Problem) -> Arrangement {
    let arrows: Vec<(u32, u32)> = problem.edges.iter().map(|e| (e.from, e.to)).collect();
    let cycles = cycles::find(problem.nodes.len(), &arrows);
    let parts = components::split(problem.nodes.len(), &arrows);
    let budget = layered::VertexBudget::shared_by(problem.nodes.len());
    let placed: Vec<pack::Part> =
        parts.into_iter().map(|part| place_part(problem, &cycles, part, budget)).collect();
    pack::side_by_side(problem, placed)
}

/// Lays out one connected part, in its own coordinates.
fn place_part(
    problem: &Problem,
    cycles: &cycles::Cycles,
    part: components::Component,
    budget: layered::VertexBudget,
) -> pack::Part {
    let outlines: Vec<Outline> = part.nodes.iter().map(|&v| problem.nodes[v as usize]).collect();
    let bundles = bundles::of(problem, cycles, &part);
    let ranks = rank::assign(outlines.len(), &bundles.arcs);
    let mut layered = layered::Layered::new(&outlines, &bundles, &ranks, budget);
    order::reduce_crossings(&mut layered);
    let mut across = place::across(&layered);
    settle::free_nodes(&layered, &mut across);
    let along = place::along(&layered, &across);
    let routes = route::all(&layered, &bundles, &outlines, &across, &along);
    pack::Part::new(part.nodes, &layered, across, along, routes)
}

#[cfg(test)]
mod tests;

//! What every layout must satisfy, whatever the graph.

use super::*;
use proptest::prelude::*;

const TOLERANCE: f64 = 1e-6;

fn problem() -> impl Strategy<Value = Problem> {
    let size = || (20.0..160.0, 20.0..60.0).prop_map(|(w, h)| Size::new(w, h));
    let outline = (size(), any::<bool>()).prop_map(|(size, round)| Outline { size, round });
    let label = prop::option::weighted(0.2, size());
    (prop::collection::vec(outline, 1..24), any::<bool>()).prop_flat_map(move |(nodes, last)| {
        let n = nodes.len() as u32;
        let link = (0..n, 0..n, label.clone());
        let link = link.prop_map(|(from, to, label)| Link { from, to, label });
        prop::collection::vec(link, 0..40).prop_map(move |edges| Problem {
            nodes: nodes.clone(),
            edges,
            last_row_first: last,
        })
    })
}

/// Left, top, right, bottom.
fn rectangle(middle: Point, size: Size) -> [f64; 4] {
    let (w, h) = (size.width / 2.0, size.height / 2.0);
    [middle.x - w, middle.y - h, middle.x + w, middle.y + h]
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    let apart = |i: usize| a[i + 2] <= b[i] + TOLERANCE || b[i + 2] <= a[i] + TOLERANCE;
    !apart(0) && !apart(1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_overlaps_and_nothing_is_cut(problem in problem()) {
        let placed = arrange(&problem);
        let nodes = placed.nodes.iter().zip(&problem.nodes).map(|(&p, o)| rectangle(p, o.size));
        // Labels of bundled arrows share their room; among bundles they must not touch.
        let labels = placed.edges.iter().zip(&problem.edges).filter_map(|(route, link)| {
            Some((link.from.min(link.to), link.from.max(link.to), route.label?, link.label?))
        });
        let mut boxes: Vec<_> = nodes.map(|r| (None, r)).collect();
        boxes.extend(labels.map(|(a, b, at, size)| {
            // Labels of different heights in one bundle share its room evenly.
            let size = Size::new(size.width, size.height.min(1.0));
            (Some((a, b)), rectangle(at, size))
        }));
        for (i, (pair, a)) in boxes.iter().enumerate() {
            prop_assert!(a[0] >= -TOLERANCE && a[1] >= -TOLERANCE, "{a:?}");
            prop_assert!(a[2] <= placed.size.width + TOLERANCE, "{a:?}");
            prop_assert!(a[3] <= placed.size.height + TOLERANCE, "{a:?}");
            for (other, b) in &boxes[..i] {
                prop_assert!((pair.is_some() && pair == other) || !overlap(*a, *b));
            }
        }
        for point in placed.edges.iter().flat_map(Route::hull) {
            prop_assert!((-TOLERANCE..=placed.size.width + TOLERANCE).contains(&point.x));
            prop_assert!((-TOLERANCE..=placed.size.height + TOLERANCE).contains(&point.y));
        }
    }

    #[test]
    fn arrows_lead_on_unless_they_close_a_cycle(problem in problem()) {
        let placed = arrange(&problem);
        let arrows: Vec<_> = problem.edges.iter().map(|e| (e.from, e.to)).collect();
        let cycles = cycles::find(problem.nodes.len(), &arrows);
        for (i, (link, route)) in problem.edges.iter().zip(&placed.edges).enumerate() {
            prop_assert_eq!(route.cyclic, cycles.cyclic[i]);
            let (from, to) = (placed.nodes[link.from as usize], placed.nodes[link.to as usize]);
            if link.from != link.to {
                prop_assert_eq!(from.y > to.y, cycles.reversed[i]);
                prop_assert_eq!(route.start.y > route.tip.y, cycles.reversed[i]);
            }
        }
    }

    #[test]
    fn arrows_begin_and_end_on_the_borders(problem in problem()) {
        let placed = arrange(&problem);
        for (link, route) in problem.edges.iter().zip(&placed.edges) {
            for (node, point) in [(link.from, route.start), (link.to, route.tip)] {
                let Outline { size, round } = problem.nodes[node as usize];
                let middle = placed.nodes[node as usize];
                let across = (point.x - middle.x).abs() * 2.0 / size.width;
                let along = (point.y - middle.y).abs() * 2.0 / size.height;
                let reach = if round { across.hypot(along) } else { across.max(along) };
                prop_assert!((reach - 1.0).abs() < 1e-6, "reach {reach}");
            }
        }
    }

    #[test]
    fn the_same_problem_gives_the_same_picture(problem in problem()) {
        prop_assert_eq!(arrange(&problem), arrange(&problem));
    }
}

fn nodes(n: usize) -> Vec<Outline> {
    vec![Outline { size: Size::new(40.0, 40.0), round: true }; n]
}

fn linked(n: usize, arrows: impl IntoIterator<Item = (u32, u32)>) -> Arrangement {
    let link = |(from, to)| Link { from, to, label: None };
    let edges = arrows.into_iter().map(link).collect();
    arrange(&Problem { nodes: nodes(n), edges, last_row_first: false })
}

#[test]
fn nothing_takes_no_room() {
    assert_eq!(linked(0, []), Arrangement::default());
    assert_eq!(linked(1, []).size, Size::new(40.0, 40.0));
}

#[test]
fn parents_stand_over_the_middle_of_their_children_and_children_in_the_given_order() {
    // 0..4 in pairs into 4 and 5, those into 6.
    let placed = linked(7, [(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6)]);
    let x = |v: usize| placed.nodes[v].x;
    assert!(x(0) < x(1) && x(1) < x(2) && x(2) < x(3));
    for (parent, a, b) in [(4, 0, 1), (5, 2, 3), (6, 4, 5)] {
        assert!((x(parent) - (x(a) + x(b)) / 2.0).abs() < TOLERANCE);
    }
}

#[test]
fn a_wide_reduction_is_centred_at_every_level() {
    // 64 leaves in fours: nodes 64..80, then 80..84, then 84.
    let n = 85;
    let parent = |v: u32| if v < 80 { 64 + v / 4 } else { 84 };
    let placed = linked(n, (0..84).map(|v| (v, parent(v))));
    for level in 64..n as u32 {
        let children = (0..84).filter(|&v| parent(v) == level).map(|v| placed.nodes[v as usize].x);
        let mean = children.sum::<f64>() / 4.0;
        assert!((placed.nodes[level as usize].x - mean).abs() < 1.0, "node {level}");
    }
}

#[test]
fn a_long_arrow_is_straight_and_keeps_clear_of_the_nodes_it_passes() {
    let placed = linked(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]);
    let [Segment::Curve(_, _, from), Segment::Line(to), Segment::Curve(..)] =
        placed.edges[4].segments[..]
    else {
        panic!("not straight between two bends: {:?}", placed.edges[4]);
    };
    assert!(from.x == to.x && from.y <= placed.nodes[1].y && to.y >= placed.nodes[3].y);
    for node in &placed.nodes[1..4] {
        assert!((node.x - to.x).abs() > 20.0);
    }
}

#[test]
fn unconnected_chains_stand_side_by_side() {
    let placed = linked(6, [(0, 1), (2, 3), (4, 5)]);
    assert_eq!(placed.nodes[0].y, placed.nodes[2].y);
    assert_eq!(placed.nodes[3].y, placed.nodes[5].y);
    assert!(placed.nodes[0].x < placed.nodes[2].x && placed.nodes[2].x < placed.nodes[4].x);
}

#[test]
fn a_chain_of_ten_thousand_with_arrows_over_all_of_it_is_drawn() {
    let n = 10_000;
    let chain = (1..n).map(|i| (i - 1, i));
    // Each of these would need thousands of dummies.
    let far = (0..50).map(|i| (i, n - 1 - i));
    let placed = linked(n as usize, chain.chain(far));
    assert!((1..n as usize).all(|i| placed.nodes[i - 1].y < placed.nodes[i].y));
}

//! The curves of the arrows.

use super::bundles::{Bundles, Loop, Member};
use super::layered::{LOOP_ROOM, Layered};
use super::{Outline, Point};

/// Length of an arrow head.
pub(super) const HEAD: f64 = 8.0;
/// How far from the middle of a node an arrow may end, as a share of the node's width.
const PORT_SPREAD: f64 = 0.3;
/// How much an end follows the direction that the arrow comes from.
const PORT_PULL: f64 = 0.2;
/// Where the control points of a step are, as a share of its height: small is closer to a straight
/// line, large rounder.
const ROUNDNESS: f64 = 0.42;
/// Distance of parallel arrows.
const PARALLEL_STEP: f64 = 9.0;

/// One piece of a curve, from wherever the piece before it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::draw) enum Segment {
    /// A straight line to a point.
    Line(Point),
    /// A cubic Bézier curve: two control points and the end.
    Curve(Point, Point, Point),
}

/// The curve of an arrow, in the direction in which it points.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::draw) struct Route {
    pub(in crate::draw) start: Point,
    pub(in crate::draw) segments: Vec<Segment>,
    /// Where the line ends and the head begins.
    pub(in crate::draw) neck: Point,
    /// The point of the head, on the border of the node.
    pub(in crate::draw) tip: Point,
    /// The middle of the label.
    pub(in crate::draw) label: Option<Point>,
    /// Whether the arrow lies on a cycle.
    pub(in crate::draw) cyclic: bool,
}

impl Route {
    /// The same curve elsewhere.
    pub(in crate::draw) fn map(&self, f: impl Fn(Point) -> Point) -> Route {
        let segment = |s: &Segment| match *s {
            Segment::Line(to) => Segment::Line(f(to)),
            Segment::Curve(a, b, to) => Segment::Curve(f(a), f(b), f(to)),
        };
        Route {
            start: f(self.start),
            segments: self.segments.iter().map(segment).collect(),
            neck: f(self.neck),
            tip: f(self.tip),
            label: self.label.map(&f),
            cyclic: self.cyclic,
        }
    }

    /// Points whose hull holds the whole curve.
    pub(super) fn hull(&self) -> impl Iterator<Item = Point> + '_ {
        let points = self.segments.iter().flat_map(|s| match *s {
            Segment::Line(to) => [to, to, to],
            Segment::Curve(a, b, to) => [a, b, to],
        });
        points.chain([self.start, self.neck, self.tip])
    }
}

/// Draws all arrows of a part; pairs of (arrow number, curve).
pub(super) fn all(
    layered: &Layered,
    bundles: &Bundles,
    outlines: &[Outline],
    across: &[f64],
    bands: &[(f64, f64)],
) -> Vec<(u32, Route)> {
    let router = Router::new(layered, outlines, across, bands);
    let mut routes = Vec::new();
    for (chain, members) in layered.chains.iter().zip(&bundles.members) {
        let knots = router.knots(chain);
        for (i, member) in members.iter().enumerate() {
            let route = router.member(chain, &knots, members, i);
            routes.push((member.edge, route));
        }
    }
    let mut turn = vec![0; outlines.len()];
    for own in &bundles.loops {
        let nth = &mut turn[own.node as usize];
        routes.push((own.edge, router.around(own, *nth)));
        *nth += 1;
    }
    routes
}

struct Router<'a> {
    layered: &'a Layered,
    outlines: &'a [Outline],
    across: &'a [f64],
    bands: &'a [(f64, f64)],
    /// For each node, how far ends move for each pixel that the arrow goes sideways: (in, out).
    pull: Vec<(f64, f64)>,
}

impl<'a> Router<'a> {
    fn new(
        layered: &'a Layered,
        outlines: &'a [Outline],
        across: &'a [f64],
        bands: &'a [(f64, f64)],
    ) -> Router<'a> {
        let mut widest = vec![(0.0f64, 0.0f64); outlines.len()];
        for chain in &layered.chains {
            let n = chain.len();
            let (tail, head) = (chain[0] as usize, chain[n - 1] as usize);
            let first = (across[chain[1] as usize] - across[tail]).abs();
            let last = (across[chain[n - 2] as usize] - across[head]).abs();
            widest[tail].1 = widest[tail].1.max(first);
            widest[head].0 = widest[head].0.max(last);
        }
        let share = |node: usize, widest: f64| {
            let limit = outlines[node].size.width * PORT_SPREAD;
            if widest * PORT_PULL > limit { limit / widest } else { PORT_PULL }
        };
        let pull = widest.iter().enumerate().map(|(v, w)| (share(v, w.0), share(v, w.1))).collect();
        Router { layered, outlines, across, bands, pull }
    }

    fn middle(&self, v: u32) -> Point {
        let (top, bottom) = self.bands[self.layered.rank[v as usize] as usize];
        Point::new(self.across[v as usize], (top + bottom) / 2.0)
    }

    /// The border of a node at `offset` from its middle, `side` being 1 for its lower half.
    fn border(&self, node: u32, offset: f64, side: f64) -> Point {
        let Outline { size, round } = self.outlines[node as usize];
        let limit = size.width * (PORT_SPREAD + 0.1);
        let offset = offset.clamp(-limit, limit);
        let mut half = size.height / 2.0;
        if round {
            half *= (1.0 - (2.0 * offset / size.width).powi(2)).max(0.0).sqrt();
        }
        self.middle(node).moved(offset, side * half)
    }

    /// Where the line of a chain enters and leaves each dummy's layer; its ends are left out.
    fn knots(&self, chain: &[u32]) -> Vec<Point> {
        let inner = &chain[1..chain.len() - 1];
        inner
            .iter()
            .flat_map(|&v| {
                let x = self.across[v as usize];
                let (top, bottom) = self.bands[self.layered.rank[v as usize] as usize];
                [Point::new(x, top), Point::new(x, bottom)]
            })
            .collect()
    }

    /// One arrow of a bundle.
    fn member(&self, chain: &[u32], knots: &[Point], members: &[Member], i: usize) -> Route {
        let (tail, head) = (chain[0], chain[chain.len() - 1]);
        let shift = self.parallel_shift(tail, head, members.len(), i);
        let x = |v: u32| self.across[v as usize];
        let first = (x(chain[1]) - x(tail)) * self.pull[tail as usize].1;
        let last = (x(chain[chain.len() - 2]) - x(head)) * self.pull[head as usize].0;
        let mut points = vec![self.border(tail, first + shift, 1.0)];
        points.extend(knots.iter().map(|knot| knot.moved(shift, 0.0)));
        points.push(self.border(head, last + shift, -1.0));
        if members[i].reversed {
            points.reverse();
        }
        let mut route = through(&points);
        route.cyclic = members[i].cyclic;
        route.label = members[i].labelled.then(|| {
            let before = members[..i].iter().filter(|m| m.labelled).count() as f64;
            let all = members.iter().filter(|m| m.labelled).count() as f64;
            let (middle, step) = self.label_place(chain);
            middle.moved(0.0, (before - (all - 1.0) / 2.0) * step / all)
        });
        route
    }

    /// The middle of the labels of a chain, and their height together.
    fn label_place(&self, chain: &[u32]) -> (Point, f64) {
        let labelled = chain
            .iter()
            .copied()
            .find(|&v| self.layered.is_dummy(v) && self.layered.size[v as usize].height > 0.0);
        match labelled {
            Some(v) => (self.middle(v), self.layered.size[v as usize].height),
            None => {
                // Too long an arc for dummies: halfway.
                let (a, b) = (self.middle(chain[0]), self.middle(chain[chain.len() - 1]));
                (Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0), 0.0)
            }
        }
    }

    /// How far the `i`th of `n` parallel arrows runs beside the middle of them.
    fn parallel_shift(&self, tail: u32, head: u32, n: usize, i: usize) -> f64 {
        if n < 2 {
            return 0.0;
        }
        let width = |v: u32| self.outlines[v as usize].size.width;
        let step = (width(tail).min(width(head)) * 0.5 / (n - 1) as f64).min(PARALLEL_STEP);
        (i as f64 - (n - 1) as f64 / 2.0) * step
    }

    /// An arrow from a node to itself, on its right; further ones lie around the first.
    fn around(&self, own: &Loop, nth: usize) -> Route {
        let size = self.outlines[own.node as usize].size;
        let middle = self.middle(own.node);
        let spread = (size.height * 0.16 + 3.0 * nth as f64).min(size.height * 0.4);
        let share = 2.0 * spread / size.height;
        let round = self.outlines[own.node as usize].round;
        let reach = if round { (1.0 - share * share).max(0.0).sqrt() } else { 1.0 };
        let border = size.width / 2.0 * reach;
        let far = size.width / 2.0 + LOOP_ROOM;
        let tip = middle.moved(border, spread);
        let neck = tip.moved(HEAD, 0.0);
        let start = middle.moved(border, -spread);
        let (a, b) = (Point::new(middle.x + far, start.y - 2.0), Point::new(middle.x + far, tip.y));
        Route {
            start,
            segments: vec![Segment::Curve(a, b, neck)],
            neck,
            tip,
            label: own.label.map(|label| middle.moved(far + label.width / 2.0 - 4.0, 0.0)),
            cyclic: true,
        }
    }
}

/// A smooth line through points, vertical at each of them, with a head at the end.
fn through(points: &[Point]) -> Route {
    let n = points.len();
    let tip = points[n - 1];
    let neck = tip.moved(0.0, if tip.y > points[n - 2].y { -HEAD } else { HEAD });
    let mut segments: Vec<Segment> = Vec::with_capacity(n - 1);
    let mut at = points[0];
    for (i, &point) in points.iter().enumerate().skip(1) {
        let to = if i == n - 1 { neck } else { point };
        if (to.x - at.x).abs() < 0.05 {
            match segments.last_mut() {
                Some(Segment::Line(end)) if (end.x - to.x).abs() < 0.05 => *end = to,
                _ => segments.push(Segment::Line(to)),
            }
        } else {
            let lead = (to.y - at.y) * ROUNDNESS;
            segments.push(Segment::Curve(at.moved(0.0, lead), to.moved(0.0, -lead), to));
        }
        at = to;
    }
    Route { start: points[0], segments, neck, tip, label: None, cyclic: false }
}

//! The text of pictures, and that it is well-formed.

use super::super::{Fill, Legend, Node, samples};
use super::*;
use proptest::prelude::*;

#[test]
fn one_arrow_in_full() {
    let mut picture = Picture::new().with_direction(Direction::TopDown);
    let x = picture.add_node(Node::new("x").with_shape(Shape::Box).with_tooltip("x = 1"));
    let inc = picture.add_node(Node::new("inc"));
    picture.add_edge(x, inc);
    assert_eq!(picture.to_svg().unwrap(), ONE_ARROW);
}

const ONE_ARROW: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 142" width="72" height="142" role="img" aria-label="graph of 2 nodes and 1 arrow" font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">
<title>graph of 2 nodes and 1 arrow</title>
<rect width="72" height="142" fill="#ffffff"/>
<g transform="translate(16 16)">
<g stroke-width="1.2" stroke-linejoin="round">
<g stroke="#5b6470"><title>x → inc</title><path fill="none" d="M20,32L20,62"/><path fill="#5b6470" d="M16.4,62L20,70L23.6,62Z"/></g>
</g>
<g stroke-width="1.2" text-anchor="middle">
<g><title>x = 1</title><rect x="2" y="0" width="36" height="32" rx="1.5" fill="#f7f5ef" stroke="#7a705a"/><text x="20" y="20.9" font-size="14" fill="#1c2026">x</text></g>
<g><title>inc</title><ellipse cx="20" cy="90" rx="20" ry="20" fill="#e8f0fb" stroke="#335480"/><text x="20" y="94.9" font-size="14" fill="#1c2026">inc</text></g>
</g>
</g>
</svg>
"##;

#[test]
fn pictures_of_every_sample_are_well_formed_and_self_contained() {
    let mut pictures = vec![samples::five_nodes(), samples::three_files(), samples::tree(64, 2)];
    pictures.extend([samples::matmul(3), samples::random(60, 2, 20, 1), samples::all_to_all(5)]);
    pictures.extend([samples::diamonds(4), samples::cycle(), samples::texts(), Picture::new()]);
    for picture in pictures {
        let svg = picture.to_svg().unwrap();
        check_nesting(&svg);
        let links = ["<script", "<style", "href", "url(", " id=", "class=", "<image"];
        assert!(links.iter().all(|link| !svg.contains(link)));
        // The outer title, one for each node, one for each arrow and one for each of its labels.
        let labels = picture.edges().iter().filter(|e| e.label.is_some()).count();
        let expected = 1 + picture.nodes().len() + picture.edges().len() + labels;
        assert_eq!(svg.matches("<title>").count(), expected);
    }
}

/// Every tag is closed in order, and no markup character stands outside of one.
fn check_nesting(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a bare > before {}", &rest[start..]);
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty());
}

#[test]
fn the_arrows_of_a_cycle_are_red_and_no_others() {
    let svg = samples::cycle().to_svg().unwrap();
    let red = svg.matches(&format!("<g stroke=\"{CYCLE_COLOR}\">")).count();
    // Three around a, b, c; the loop; the pair p, q.
    assert_eq!(red, 6);
    assert!(!samples::matmul(2).to_svg().unwrap().contains(CYCLE_COLOR));
}

#[test]
fn directions_turn_the_arrows() {
    let turned = |direction| {
        let picture = samples::five_nodes().with_direction(direction);
        let bodies: Vec<Body> = picture.nodes.iter().map(Body::of).collect();
        turned(layout::arrange(&picture.problem(&bodies)), direction)
    };
    let (up, down) = (turned(Direction::BottomUp), turned(Direction::TopDown));
    let right = turned(Direction::LeftRight);
    assert!(up.nodes[0].y > up.nodes[1].y && up.nodes[1].y > up.nodes[4].y);
    assert!(down.nodes[0].y < down.nodes[1].y && down.nodes[1].y < down.nodes[4].y);
    assert!(right.nodes[0].x < right.nodes[1].x && right.nodes[1].x < right.nodes[4].x);
    // The first argument stays on the left, or on top.
    assert!(up.nodes[0].x < up.nodes[2].x && right.nodes[0].y < right.nodes[2].y);
}

#[test]
fn a_scale_brings_a_legend() {
    let mut picture = Picture::new();
    picture.add_node(Node::new("a").with_fill(Fill::Scale(0.0)));
    let legend = Legend { title: "held".into(), low: "0 B".into(), high: "8 MB".into() };
    let svg = picture.with_legend(legend).to_svg().unwrap();
    assert!(svg.contains(">held<") && svg.contains(">0 B<") && svg.contains(">8 MB<"));
    assert!(svg.contains("fill=\"#422569\"") && svg.contains("fill=\"#f0e98c\""));
}

#[test]
fn a_picture_that_is_too_large_says_what_to_do() {
    let mut picture = Picture::new();
    for _ in 0..=layout::MAX_NODES {
        picture.add_node(Node::new("x"));
    }
    let error = picture.to_svg().unwrap_err().to_string();
    assert!(error.starts_with("a picture of 20001 nodes and 0 arrows is too large"), "{error}");
    assert!(error.ends_with("draw the layers instead of the tasks, or write DOT"), "{error}");
    assert!(picture.to_dot().contains("n20000 "));
}

proptest! {
    #[test]
    fn any_text_gives_a_well_formed_picture(texts in prop::collection::vec(any::<String>(), 4)) {
        let mut picture = Picture::new().with_title(&texts[0]);
        let node = Node::new(&texts[1]).with_sublabel(&texts[2]).with_tooltip(&texts[3]);
        let a = picture.add_node(node);
        let b = picture.add_node(Node::new(&texts[2]));
        picture.add_labelled_edge(a, b, &texts[3]);
        check_nesting(&picture.to_svg().unwrap());
    }
}

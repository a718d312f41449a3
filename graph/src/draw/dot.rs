//! [`Picture::to_dot`]: the graph in the language of Graphviz.

use super::{Direction, Fill, Node, Picture, Shape};
use std::fmt::{self, Write};

impl Picture {
    /// The picture as DOT text, one line a node and one an arrow, in the order of their numbers.
    ///
    /// Every string is quoted, so that any label is safe: quotes, backslashes, line breaks and
    /// other scripts come out as they went in. Colours and tooltips are kept; the legend is not,
    /// as DOT has no place for one.
    ///
    /// # Complexity
    /// O(length of the text) time and memory.
    ///
    /// # Examples
    /// ```
    /// use chunkwise_graph::draw::{Node, Picture};
    ///
    /// let mut picture = Picture::new();
    /// let load = picture.add_node(Node::new("load \"a.csv\""));
    /// let sum = picture.add_node(Node::new("sum"));
    /// picture.add_edge(load, sum);
    /// assert!(picture.to_dot().contains(r#"n0 [label="load \"a.csv\""];"#));
    /// assert!(picture.to_dot().contains("n0 -> n1;"));
    /// ```
    pub fn to_dot(&self) -> String {
        let mut out = String::from("digraph {\n");
        // Writing to a string cannot fail.
        let _ = self.write_dot(&mut out);
        out.push_str("}\n");
        out
    }

    fn write_dot(&self, out: &mut String) -> fmt::Result {
        let direction = match self.direction {
            Direction::BottomUp => "BT",
            Direction::TopDown => "TB",
            Direction::LeftRight => "LR",
        };
        write!(out, "  graph [rankdir={direction}")?;
        if let Some(title) = &self.title {
            write!(out, ", labelloc=t, label={}", Quoted(title))?;
        }
        out.push_str("];\n  node [shape=circle, fontname=\"Helvetica\"];\n");
        for (i, node) in self.nodes.iter().enumerate() {
            write_node(out, i, node)?;
        }
        for edge in &self.edges {
            write!(out, "  n{} -> n{}", edge.from, edge.to)?;
            if let Some(label) = &edge.label {
                write!(out, " [label={}]", Quoted(label))?;
            }
            out.push_str(";\n");
        }
        Ok(())
    }
}

fn write_node(out: &mut String, number: usize, node: &Node) -> fmt::Result {
    write!(out, "  n{number} [")?;
    match &node.sublabel {
        Some(sublabel) => write!(out, "label={}", Quoted(&format!("{}\n{sublabel}", node.label)))?,
        None => write!(out, "label={}", Quoted(&node.label))?,
    }
    let color = match node.fill {
        Fill::Plain => None,
        Fill::Color(color) => Some(color),
        Fill::Scale(value) => Some(super::Color::on_scale(value)),
    };
    let (shape, round) = match node.shape {
        Shape::Circle => ("", false),
        Shape::Box => (", shape=box", false),
        Shape::Rounded => (", shape=box", true),
    };
    out.push_str(shape);
    match (round, color.is_some()) {
        (true, true) => out.push_str(", style=\"rounded,filled\""),
        (true, false) => out.push_str(", style=rounded"),
        (false, true) => out.push_str(", style=filled"),
        (false, false) => {}
    }
    if let Some(color) = color {
        write!(out, ", fillcolor=\"{color}\", fontcolor=\"{}\"", color.text_on())?;
    }
    if let Some(tooltip) = &node.tooltip {
        write!(out, ", tooltip={}", Quoted(tooltip))?;
    }
    out.push_str("];\n");
    Ok(())
}

/// A string as DOT quotes it. A backslash is doubled because DOT reads `\N`, `\l` and the like
/// in labels; `&` is written as an entity because it reads `&lt;` there, too.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '&' => f.write_str("&amp;")?,
                '\n' => f.write_str("\\n")?,
                '\r' => {}
                '\t' => f.write_char(' ')?,
                c if c.is_control() => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Color, samples};
    use super::*;

    #[test]
    fn the_five_node_graph() {
        assert_eq!(
            samples::five_nodes().to_dot(),
            r#"digraph {
  graph [rankdir=BT, labelloc=t, label="z = inc(1) + inc(10)"];
  node [shape=circle, fontname="Helvetica"];
  n0 [label="a = 1", shape=box];
  n1 [label="inc", tooltip="b"];
  n2 [label="x = 10", shape=box];
  n3 [label="inc", tooltip="y"];
  n4 [label="add", tooltip="z"];
  n0 -> n1;
  n2 -> n3;
  n1 -> n4;
  n3 -> n4;
}
"#
        );
    }

    #[test]
    fn strings_cannot_break_out_and_come_out_as_they_went_in() {
        assert_eq!(
            Quoted("a\"b\\n\nc\u{7}\r\n&lt; é 数").to_string(),
            "\"a\\\"b\\\\n\\nc\u{fffd}\\n&amp;lt; é 数\""
        );
        assert_eq!(Quoted("\"];}\\").to_string(), "\"\\\"];}\\\\\"");
    }

    #[test]
    fn colours_sublabels_and_edge_labels() {
        let mut picture = Picture::new().with_direction(Direction::LeftRight);
        let layer = Node::new("mean").with_sublabel("100 tasks").with_shape(Shape::Rounded);
        let a = picture.add_node(layer.with_fill(Fill::Color(Color::new(0, 0, 0))));
        let b = picture.add_node(Node::new("b").with_fill(Fill::Scale(1.0)));
        picture.add_labelled_edge(a, b, "axis 0");
        assert_eq!(
            picture.to_dot(),
            r##"digraph {
  graph [rankdir=LR];
  node [shape=circle, fontname="Helvetica"];
  n0 [label="mean\n100 tasks", shape=box, style="rounded,filled", fillcolor="#000000", fontcolor="#ffffff"];
  n1 [label="b", style=filled, fillcolor="#f0e98c", fontcolor="#1c2026"];
  n0 -> n1 [label="axis 0"];
}
"##
        );
    }
}

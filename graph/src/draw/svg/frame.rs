//! What is around the graph: the sheet, the title, the legend.

use super::xml::{Escaped, Num};
use super::{Picture, Point, Size};
use crate::draw::color::{Color, INK};
use crate::draw::{Legend, text};
use std::fmt::{self, Write};

const MARGIN: f64 = 16.0;
const TITLE_FONT: f64 = 15.0;
/// Height of the title, with the room below it.
const TITLE_HEIGHT: f64 = 34.0;
/// A title makes a small picture at most this wide, and is shortened beyond.
const MAX_TITLE_WIDTH: f64 = 520.0;
const LEGEND_FONT: f64 = 12.0;
/// Height of the legend, with the room above it.
const LEGEND_HEIGHT: f64 = 38.0;
const BAR: Size = Size::new(160.0, 12.0);
/// Steps of the bar, of whole pixels; it has no gradient because that would need an id.
const BAR_STEPS: usize = 80;
const MAX_LEGEND_TEXT: f64 = 160.0;
/// What an empty picture says.
const NOTHING: &str = "no nodes";

/// Sizes of the whole picture.
pub(super) struct Frame {
    size: Size,
    /// Where the graph's own origin is.
    pub(super) graph: Point,
    /// Title as shown.
    title: Option<String>,
    legend: Option<Legend>,
}

impl Frame {
    pub(super) fn around(picture: &Picture, graph: Size) -> Frame {
        let graph = if picture.nodes.is_empty() { Size::new(120.0, 24.0) } else { graph };
        let legend = picture.shown_legend().map(fitted);
        let legend_size = legend
            .as_ref()
            .map_or(Size::default(), |legend| Size::new(legend_width(legend), LEGEND_HEIGHT));
        let limit = MAX_TITLE_WIDTH.max(graph.width).max(legend_size.width);
        let title = picture.title.as_ref().map(|title| text::fitted(title, TITLE_FONT, limit));
        let title_width = title.as_ref().map_or(0.0, |title| text::width(title, TITLE_FONT));
        let title_height = if title.is_some() { TITLE_HEIGHT } else { 0.0 };
        let inner = graph.width.max(legend_size.width).max(title_width);
        Frame {
            size: Size::new(
                (inner + 2.0 * MARGIN).ceil(),
                (graph.height + title_height + legend_size.height + 2.0 * MARGIN).ceil(),
            ),
            graph: Point::new(MARGIN + (inner - graph.width) / 2.0, MARGIN + title_height),
            title,
            legend,
        }
    }

    /// Everything before the graph.
    pub(super) fn open(&self, out: &mut String, picture: &Picture) -> fmt::Result {
        let (width, height) = (Num(self.size.width), Num(self.size.height));
        let counted;
        let name = match &picture.title {
            Some(title) => title.as_str(),
            None => {
                counted = name_by_size(picture);
                &counted
            }
        };
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{name}\" \
             font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\">\n\
             <title>{name}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>",
            name = Escaped(name),
        )?;
        let middle = Num(self.size.width / 2.0);
        if let Some(title) = &self.title {
            let y = Num(MARGIN + TITLE_FONT * 0.8);
            writeln!(
                out,
                "<text x=\"{middle}\" y=\"{y}\" font-size=\"{TITLE_FONT}\" font-weight=\"bold\" \
                 text-anchor=\"middle\" fill=\"{INK}\">{}</text>",
                Escaped(title),
            )?;
        }
        if picture.nodes.is_empty() {
            let y = Num(self.graph.y + 16.0);
            writeln!(
                out,
                "<text x=\"{middle}\" y=\"{y}\" font-size=\"13\" text-anchor=\"middle\" \
                 fill=\"#6b7280\">{NOTHING}</text>"
            )?;
        }
        Ok(())
    }

    /// Everything after the graph.
    pub(super) fn close(&self, out: &mut String) -> fmt::Result {
        if let Some(legend) = &self.legend {
            self.legend(out, legend)?;
        }
        out.push_str("</svg>\n");
        Ok(())
    }

    /// One row: the name, the low value, the bar, the high value.
    fn legend(&self, out: &mut String, legend: &Legend) -> fmt::Result {
        let y = self.size.height - MARGIN - BAR.height / 2.0 - 2.0;
        let mut x = (self.size.width - legend_width(legend)) / 2.0;
        writeln!(out, "<g font-size=\"{LEGEND_FONT}\" fill=\"{INK}\">")?;
        let write_text = |out: &mut String, x: &mut f64, text: &str, weight: &str| {
            let (at, base) = (Num(*x), Num(y + LEGEND_FONT * 0.35));
            *x += text_room(text);
            if text.is_empty() {
                return Ok(());
            }
            writeln!(out, "<text x=\"{at}\" y=\"{base}\"{weight}>{}</text>", Escaped(text))
        };
        write_text(out, &mut x, &legend.title, " font-weight=\"bold\"")?;
        write_text(out, &mut x, &legend.low, "")?;
        x = x.round();
        out.push_str("<g shape-rendering=\"crispEdges\">\n");
        let step = BAR.width / BAR_STEPS as f64;
        for i in 0..BAR_STEPS {
            let color = Color::on_scale(i as f64 / (BAR_STEPS - 1) as f64);
            let (left, top) = (Num(x + i as f64 * step), Num((y - BAR.height / 2.0).round()));
            let (width, height) = (Num(step), Num(BAR.height));
            writeln!(
                out,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
                 fill=\"{color}\"/>"
            )?;
        }
        out.push_str("</g>\n");
        x += BAR.width + 8.0;
        write_text(out, &mut x, &legend.high, "")?;
        out.push_str("</g>\n");
        Ok(())
    }
}

/// What a picture without a title is called by a screen reader.
fn name_by_size(picture: &Picture) -> String {
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let (nodes, edges) = (picture.nodes.len(), picture.edges.len());
    format!("graph of {} and {}", plural(nodes, "node"), plural(edges, "arrow"))
}

/// The legend with its texts shortened.
fn fitted(legend: Legend) -> Legend {
    let fit = |text: String| text::fitted(&text, LEGEND_FONT, MAX_LEGEND_TEXT);
    Legend { title: fit(legend.title), low: fit(legend.low), high: fit(legend.high) }
}

/// Room for a text of the legend, with the gap after it.
fn text_room(text: &str) -> f64 {
    if text.is_empty() { 0.0 } else { text::width(text, LEGEND_FONT) + 8.0 }
}

fn legend_width(legend: &Legend) -> f64 {
    let texts = text_room(&legend.title) + text_room(&legend.low) + text_room(&legend.high);
    texts + BAR.width + 8.0
}

//! Text and numbers as SVG wants them.

use std::fmt::{self, Display, Formatter, Write};

/// Text between tags or within double quotes: markup escaped, characters that XML forbids
/// replaced by U+FFFD.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\n' | '\t' => f.write_char(c)?,
                '\r' => {}
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                    f.write_char('\u{fffd}')?;
                }
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A length with at most one decimal: a tenth of a pixel is less than anybody sees.
pub(super) struct Num(pub(super) f64);

impl Display for Num {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        if tenths % 10 == 0 {
            write!(f, "{}", tenths / 10)
        } else {
            let sign = if tenths < 0 { "-" } else { "" };
            write!(f, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
        }
    }
}

/// A point as `x,y`.
pub(super) struct At(pub(super) super::Point);

impl Display for At {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", Num(self.0.x), Num(self.0.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_forbidden_characters_replaced() {
        assert_eq!(
            Escaped("<a b=\"c\">&\u{0}\u{ffff}é").to_string(),
            "&lt;a b=&quot;c&quot;&gt;&amp;\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn numbers_are_short() {
        let texts = [0.0, -0.04, 12.0, 1.25, -0.5, -3.26].map(|x| Num(x).to_string());
        assert_eq!(texts, ["0", "0", "12", "1.3", "-0.5", "-3.3"]);
    }
}

//! Text before a renderer has seen it: estimated widths, and labels shortened to fit.

/// Width of a character in units of the font size.
///
/// Classes of similar glyphs of common sans-serif fonts, chosen a little wide (DejaVu Sans is the
/// widest of them), so that a label stays inside its node whatever font the viewer has.
fn char_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '{' | '}' | '/' | '\\' | '"' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.98,
        '+' | '=' | '<' | '>' | '~' | '#' => 0.84,
        'A'..='Z' | '&' => 0.75,
        '\u{20}'..='\u{7e}' => 0.64,
        _ if is_joined(c) => 0.0,
        _ if is_wide(c) => 1.1,
        _ => 0.72,
    }
}

/// Whether a character is drawn onto the one before it: combining marks, joiners, variation
/// selectors, skin tones.
fn is_joined(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{941}'..='\u{948}'
        | '\u{94d}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character takes a full square: East Asian scripts and pictographs.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f000}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}

/// Estimated width in pixels of `text` at `font_size` pixels.
pub(super) fn width(text: &str, font_size: f64) -> f64 {
    text.chars().map(char_width).sum::<f64>() * font_size
}

/// `text` as one line of at most `limit` pixels: line breaks and tabs become spaces, other
/// control characters a replacement mark, and what is too much is left out of the middle, where
/// names of tasks differ least.
pub(super) fn fitted(text: &str, font_size: f64, limit: f64) -> String {
    let line: String = text.chars().map(printable).collect();
    if width(&line, font_size) <= limit {
        return line;
    }
    let pieces = clusters(&line);
    let room = (limit - width("…", font_size)).max(0.0);
    let (mut head, mut tail) = (0, pieces.len());
    let (mut head_width, mut tail_width) = (0.0, 0.0);
    // The head gets three fifths: prefixes say more than the digits at the end.
    while head < tail {
        let from_head = head_width * 2.0 <= tail_width * 3.0;
        let piece = if from_head { pieces[head] } else { pieces[tail - 1] };
        let piece_width = width(piece, font_size);
        if head_width + tail_width + piece_width > room {
            break;
        }
        if from_head {
            head += 1;
            head_width += piece_width;
        } else {
            tail -= 1;
            tail_width += piece_width;
        }
    }
    format!("{}…{}", pieces[..head].concat().trim_end(), pieces[tail..].concat().trim_start())
}

/// What stands for a character on a single line of XML.
fn printable(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
        c => c,
    }
}

/// Characters with what is drawn onto them; pictographs joined by U+200D stay together.
fn clusters(line: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    let mut previous = None;
    for (at, c) in line.char_indices() {
        if previous.is_none() || (!is_joined(c) && previous != Some('\u{200d}')) {
            starts.push(at);
        }
        previous = Some(c);
    }
    starts.push(line.len());
    starts.windows(2).map(|ends| &line[ends[0]..ends[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_scripts_are_wider_and_marks_take_nothing() {
        assert!(width("数据", 10.0) > width("ab", 10.0) * 1.5);
        assert_eq!(width("e\u{301}", 10.0), width("e", 10.0));
        assert_eq!(width("", 10.0), 0.0);
    }

    #[test]
    fn long_names_keep_both_ends() {
        let short = fitted("mean_combine-partial-0123456789abcdef", 10.0, 100.0);
        assert!(short.starts_with("mean_") && short.ends_with("def"), "{short}");
        assert_eq!(fitted("inc", 10.0, 100.0), "inc");
        assert_eq!(fitted("a\nb\u{0}", 10.0, 100.0), "a b\u{fffd}");
        assert_eq!(fitted("anything", 10.0, 0.0), "…");
    }

    #[test]
    fn a_cut_never_falls_inside_a_cluster() {
        let family = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(clusters(&format!("{family}e\u{301}x")), [family, "e\u{301}", "x"]);
    }

    proptest! {
        #[test]
        fn a_fitted_line_fits(text in any::<String>(), limit in 12.0..300.0) {
            let line = fitted(&text, 12.0, limit);
            prop_assert!(width(&line, 12.0) <= limit + 1e-9);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}

//! [`Color`] and the colour scale for orders, ages and bytes.

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

/// Equal steps in OKLCH (Ottosson, "A perceptual color space for image processing", 2020):
/// lightness 0.34 to 0.92, hue 300° down to 105°, chroma 0.115 or what sRGB can show of it.
/// Lightness rises all the way, so that the scale survives grey printing and colour blindness.
const SCALE: [Color; 9] = [
    Color::new(66, 37, 105),
    Color::new(59, 66, 136),
    Color::new(36, 97, 157),
    Color::new(2, 127, 164),
    Color::new(2, 156, 165),
    Color::new(53, 182, 159),
    Color::new(120, 203, 148),
    Color::new(181, 220, 138),
    Color::new(240, 233, 140),
];

/// Stands for a value that is not a number.
const NO_VALUE: Color = Color::new(200, 200, 200);

/// Dark text, as used everywhere in the picture.
pub(super) const INK: Color = Color::new(28, 32, 38);

/// Light text, on dark colours.
pub(super) const PAPER: Color = Color::new(255, 255, 255);

impl Color {
    /// A colour from its parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Color {
        Color { red, green, blue }
    }

    /// The colour at `value` on the scale: dark violet at 0, through blue and green, to light
    /// yellow at 1.
    ///
    /// Values outside are taken to the nearer end; NaN gives a grey that is not on the scale.
    pub fn on_scale(value: f64) -> Color {
        if value.is_nan() {
            return NO_VALUE;
        }
        let at = value.clamp(0.0, 1.0) * (SCALE.len() - 1) as f64;
        let below = (at as usize).min(SCALE.len() - 2);
        let share = at - below as f64;
        let (a, b) = (SCALE[below], SCALE[below + 1]);
        let mix =
            |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Color::new(mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue))
    }

    /// The text colour with the higher contrast on this one (relative luminance as in WCAG 2).
    pub(super) fn text_on(self) -> Color {
        let (own, ink) = (self.luminance(), INK.luminance());
        let on_paper = 1.05 / (own + 0.05);
        let on_ink = (own + 0.05) / (ink + 0.05);
        if on_paper > on_ink { PAPER } else { INK }
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// `#rrggbb`, as SVG and DOT write it.
impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_gets_lighter_all_the_way_and_takes_any_number() {
        let lights: Vec<f64> =
            (0..=256).map(|i| Color::on_scale(f64::from(i) / 256.0).luminance()).collect();
        assert!(lights.windows(9).all(|w| w[0] < w[8]));
        assert_eq!(Color::on_scale(f64::NEG_INFINITY), SCALE[0]);
        assert_eq!(Color::on_scale(0.25), SCALE[2]);
        assert_eq!(Color::on_scale(7.0), SCALE[8]);
        assert_eq!(Color::on_scale(f64::NAN), NO_VALUE);
    }

    #[test]
    fn text_stays_readable_along_the_scale() {
        for i in 0..=256 {
            let color = Color::on_scale(f64::from(i) / 256.0);
            let (a, b) = (color.luminance() + 0.05, color.text_on().luminance() + 0.05);
            assert!(a.max(b) / a.min(b) >= 4.0, "contrast on {color}");
        }
        assert_eq!(Color::new(1, 10, 255).to_string(), "#010aff");
    }
}
